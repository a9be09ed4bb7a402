// The spikes of plastic synapses' targets that synapses have still to see, and the trace K_minus they left.
//
// A line per cell holds its recent spikes in order. A synapse reads the spikes since its source's last one when the source
// spikes again; a silent source would pin them for ever, so crowded lines are caught up: the synapses apply what they have
// not seen (the same operations they would apply later), and the lines are cut.
#pragma once
#include <cstdint>
#include <span>
#include <vector>

#include "runtime/time.hpp"

namespace volley::runtime {

class post_history {
 public:
  static constexpr std::uint32_t first_capacity = 16;

  /// Lines for `cells` more cells; returns the number of the first.
  std::uint32_t add_lines(std::uint32_t cells);
  /// Takes back the lines from `first` on.
  void cut(std::uint32_t first);
  /// From now on the spikes of `line` are kept: its cell has a plastic input.
  void open(std::uint32_t line) { open_[line] = 1; }
  bool is_open(std::uint32_t line) const { return open_[line] != 0; }

  /// Appends a spike of an open line; `K_minus` decays with `tau_minus_ms` and grows by 1.
  void append(std::uint32_t line, step_t stamp, double tau_minus_ms, double resolution_ms);

  /// Forgets the spikes of a line.
  void clear(std::uint32_t line) { counts_[line] = 0; }

  /// Spikes of `line` with after < stamp <= upto, in order.
  std::span<const step_t> between(std::uint32_t line, step_t after, step_t upto) const;

  /// K_minus of the spikes before step `at` (strictly), decayed to `at`.
  double K_minus(std::uint32_t line, step_t at, double tau_minus_ms, double resolution_ms) const;

  std::uint32_t length(std::uint32_t line) const { return counts_[line]; }
  /// True when some line is so full that readers should catch up before the next interval.
  bool crowded() const { return crowded_; }
  /// Drops spikes that nobody asks for any more: all before `oldest` but the last of them (K_minus needs it).
  void prune(step_t oldest);

  std::uint64_t bytes() const;

 private:
  void widen();

  std::uint32_t capacity_ = first_capacity;
  bool crowded_ = false;
  std::vector<std::uint8_t> open_;
  std::vector<std::uint32_t> counts_;
  std::vector<step_t> stamps_;  // [line * capacity + i]
  std::vector<double> K_;       // K_minus right after each spike
};

}  // namespace volley::runtime
