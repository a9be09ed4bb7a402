// Shards with connections that a kernel made and built, read one by one.
#pragma once
#include <array>
#include <utility>
#include <vector>

#include "runtime/shard/connection_query.hpp"
#include "tests/runtime/solo_kernel.hpp"

namespace volley::runtime::tests {

/// Nodes 1 ... 9, of which 1 and 2 are connected to 4, 5 and 6 in this order, with weights 10, 20, ..., then 1 to 4
/// once more; a spike_recorder, 10, that hears 4 and 5.
struct shards_of_a_kernel {
  solo_kernel k;
  node_set neurons = k.create("iaf_psc_alpha", 9), recorder = k.create("spike_recorder");

  explicit shards_of_a_kernel(std::int64_t vps) : k(vps) {
    const auto nodes = [&](std::uint64_t first, std::uint64_t last) {
      return node_set{neurons.generation, {{first, last, 1}}};
    };
    const dictionary all{{"rule", "all_to_all"}};
    matrix weights{3, 2, {10, 20, 30, 40, 50, 60}};  // by target, then source
    k.connect(nodes(1, 2), nodes(4, 6), all, {{"weight", weights}, {"delay", 2.0}});
    k.connect(nodes(1, 1), nodes(4, 4), all, {{"weight", 70.0}});
    k.connect(nodes(4, 5), recorder, all);
    k.connections();  // builds them
  }
  shard_parts& parts(std::size_t vp) { return k.shard_at(vp).parts(); }
  /// Of static_synapse.
  connection_columns list(const std::vector<std::array<std::int64_t, 3>>& names) const {
    connection_columns c{neurons.generation, {}, {}, {}, {}};
    for (const auto& [source, target, number] : names) {
      c.sources.push_back(source);
      c.targets.push_back(target);
      c.models.push_back(model);
      c.ports.push_back(number);
    }
    return c;
  }
  std::int64_t model = [] {
    const auto& all = built_in_models().synapses;
    return std::ranges::find(all, "static_synapse", &models::synapse_model::name) - all.begin();
  }();
};

}  // namespace volley::runtime::tests
