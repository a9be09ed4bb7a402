// What a detector declares: a device that hears spikes on receptors and keeps no events, but what it makes of them. It
// is a recorder (models/core/device.hpp) that records `results`; its params are an activity. It has besides
//   in_steps, calibrate(params, grid) -> in_steps      what its functions read of the parameters;
//                                                      a.has_shape_of(b) where results with the one go on with the
//                                                      other
//   receptors(params) -> number                        it has receptors 0, 1, ...
//   numbers(params) -> number                          of its results, before anything is allocated
//   state                                              what it made of spikes; made by default: before a first run
//   begin(in_steps) -> state                           before a first spike
//   fits(in_steps, state) -> bool                      whether it can be one of these
//   hear(in_steps, state&, heard_spikes)
//   forget(in_steps, state&, upto)                     no spike will come that has a stamp up to that step
//   bytes_of_recent(state)                             memory beside the numbers of the results
//   results                                            a row for every key that shows some
//   show(params, state, show)                          calls show(name, numbers), or show(name, numbers, channels) for
//                                                      numbers by channel, channel and bin, in the order of `results`
// and, where users can have it forget what it heard, `cleared_by`. One whose output is node_spikes repeats some:
//   repeated(state, stamp) -> number                   spikes that it sends, of those heard in earlier intervals
//   copy_probability(params) -> double                 that one of them reaches a connection
#pragma once
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "models/core/device.hpp"

namespace volley::models {

/// Spikes of one source and time, as a detector hears them over one connection.
struct heard_spikes {
  step_t stamp;
  std::uint32_t receptor;
  std::uint32_t multiplicity;
  double amount;     ///< the sum of their weights
  step_t delay = 0;  ///< of the connection
};

/// A key that shows results.
struct result_row {
  std::string_view name, unit, meaning;
};

/// What users set n_events to for a detector to forget all.
enum class cleared_by : std::uint8_t { zeros /* one a receptor, or 0 */, zero };

/// Spikes that may matter to later ones.
struct recent_spikes {
  std::vector<step_t> stamps;
  std::vector<std::uint32_t> receptors;
  std::vector<double> amounts;

  std::size_t size() const { return stamps.size(); }
  void add(const heard_spikes& h) {
    stamps.push_back(h.stamp);
    receptors.push_back(h.receptor);
    amounts.push_back(h.amount);
  }
  /// Those up to a step.
  void forget(step_t upto) {
    std::size_t kept = 0;
    for (std::size_t i = 0; i < size(); ++i) {
      if (stamps[i] <= upto) continue;
      stamps[kept] = stamps[i];
      receptors[kept] = receptors[i];
      amounts[kept++] = amounts[i];
    }
    stamps.resize(kept);
    receptors.resize(kept);
    amounts.resize(kept);
  }
  bool fits(std::uint32_t n_receptors) const {
    const auto exists = [=](std::uint32_t r) { return r < n_receptors; };
    return receptors.size() == size() && amounts.size() == size() && std::ranges::all_of(receptors, exists);
  }
  std::uint64_t bytes() const {
    return stamps.capacity() * sizeof(step_t) + receptors.capacity() * sizeof(std::uint32_t) +
           amounts.capacity() * sizeof(double);
  }
  template <class Snapshot> void snapshot(Snapshot& s) { s(stamps, receptors, amounts); }
};

}  // namespace volley::models
