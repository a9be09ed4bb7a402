// A network that nobody runs: nodes and devices entered by hand, for tests of what reads them.
#pragma once
#include <cstdint>
#include <string>
#include <utility>

#include "runtime/kernel/network.hpp"

namespace volley::runtime::tests {

/// Neurons 1 ... 4; the generators 5 (spikes) and 6 (a current); the recorders 7 (spikes) and 8 (a meter).
struct small_network {
  network net{options(), built_in_models()};

  small_network() {
    add("iaf_psc_alpha", 4);
    add("poisson_generator", 1);
    add("dc_generator", 1);
    add("spike_recorder", 1);
    add("multimeter", 1);
  }
  std::uint32_t model(const char* name) const { return net.models.find_node(name).value(); }
  store_ordinal synapse(const char* name) const { return net.models.find_synapse(name).value(); }
  static node_set ids(std::uint64_t first, std::uint64_t last) { return {1, {{first, last, 1}}}; }

 private:
  static kernel_options options() {
    kernel_options o;
    o.default_vps = 2;
    o.data_path = "folder";
    o.data_prefix = "mine_";
    return o;
  }
  void add(const char* name, std::uint64_t n) {
    const auto id = model(name);
    const auto first = net.nodes.size() + 1;
    node_block block{first, first + n - 1, id};
    if (const auto* device = net.models.node(id).device()) {
      block.device = static_cast<std::int64_t>(net.devices.entries.size());
      auto& count = is_recorder(*device) ? net.devices.recorders : net.devices.stimulators;
      for (std::uint64_t i = 0; i < n; ++i) net.devices.entries.push_back({first + i, id, *device, count++});
    }
    net.nodes.add(std::move(block));
  }
};

}  // namespace volley::runtime::tests
