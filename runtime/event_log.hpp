// What a recorder holds on one VP: events as columns, in the order they were recorded.
#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "runtime/time.hpp"

namespace volley::runtime {

struct event_log {
  std::vector<step_t> stamps;
  std::vector<std::uint32_t> senders;
  std::vector<std::vector<double>> values;  ///< by quantity (multimeter), or the weights (weight_recorder)
  std::vector<std::uint32_t> targets, receptors, ports;  ///< weight_recorder only

  std::size_t size() const { return stamps.size(); }
  void clear();
  void append(const event_log& more);
  /// Brings events of several VPs into one order: by (stamp, sender, target, port); otherwise as recorded.
  static event_log merged(std::vector<event_log> parts);
};

}  // namespace volley::runtime
