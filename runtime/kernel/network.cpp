#include "runtime/kernel/network.hpp"

#include <utility>

namespace volley::runtime {

network::network(kernel_options started_with, const model_catalog& of_build)
    : options(std::move(started_with)),
      build_catalog(&of_build),
      catalog(std::shared_ptr<const void>(), &of_build),
      models(of_build, settings.time) {
  settings.total_num_virtual_procs = options.default_vps;
  settings.num_processes = options.rank.count;
  settings.data_path = options.data_path;
  settings.data_prefix = options.data_prefix;
  generation = options.first_generation;
}

}  // namespace volley::runtime
