// How loops of plastic rows read what the targets did: plain data, because loops are compiled once for each instruction
// set.
#pragma once
#include "runtime/base/time.hpp"

namespace volley::runtime {

class post_history;

/// A spike of a target of plastic synapses.
struct post_spike {
  step_t stamp;
  double K_minus;  ///< right after the spike
  template <class Snapshot> void snapshot(Snapshot& s) { s(stamp, K_minus); }
};

/// Neighbouring spikes of one line.
struct spike_range {
  const post_spike* first;
  const post_spike* last;  ///< one past the end
};

/// The latest spikes of every open line at fixed places, and how to read further back. Most synapses need the newest
/// spike alone, so it stands once more where neighbouring lines share a cache line; the window of the others is found
/// by comparing all stamps of the line at once.
struct spike_lines {
  static constexpr std::uint32_t depth = 16;   ///< stamps: one cache line
  static constexpr std::uint32_t K_depth = 8;  ///< values of K_minus: one more

  // Stamps lie between these two. A line with a spike that does not (it is 2^31 steps old) shows `beyond` everywhere,
  // so that every window seems to begin before it.
  static constexpr std::int32_t unused = INT32_MIN, beyond = INT32_MAX;

  const std::int32_t* newest;    ///< by line, minus `base`
  const double* newest_K_minus;  ///< by line; 0 if there is no spike
  const std::int32_t* stamps;    ///< [line * depth + i], ascending, minus `base`; places in front may be unused
  const double* K_minus;         ///< [line * K_depth + i], of the last K_depth stamps; 0 where unused
  step_t base;

  const post_history* history;
  spike_range (*window)(const post_history&, std::uint32_t line, step_t after, step_t upto);
  post_spike (*last_before)(const post_history&, std::uint32_t line, step_t at);
};

}  // namespace volley::runtime
