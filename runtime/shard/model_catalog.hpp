// What models exist in a build: the same in all processes of a kernel, which name models by their positions here.
#pragma once
#include <cstdint>
#include <vector>

#include "models/core/neuron_model.hpp"
#include "models/core/synapse_model.hpp"

namespace volley::runtime {

/// Made once and handed down.
struct model_catalog {
  std::vector<models::neuron_model> neurons;
  std::vector<models::synapse_model> synapses;

  /// REQUIRES: the model is one of these.
  std::uint32_t number_of(const models::neuron_model& m) const {
    return static_cast<std::uint32_t>(&m - neurons.data());
  }
  std::uint32_t number_of(const models::synapse_model& m) const {
    return static_cast<std::uint32_t>(&m - synapses.data());
  }
};

const model_catalog& built_in_models();

}  // namespace volley::runtime
