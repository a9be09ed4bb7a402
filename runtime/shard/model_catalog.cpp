#include "runtime/shard/model_catalog.hpp"

#include "models/catalog.hpp"

namespace volley::runtime {

const model_catalog& built_in_models() {
  static const model_catalog catalog{models::built_in_neurons(), models::built_in_synapses()};
  return catalog;
}

}  // namespace volley::runtime
