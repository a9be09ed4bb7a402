// The spikes of plastic synapses' targets that synapses have still to see, and the trace K_minus they left.
//
// A line per cell holds its recent spikes in order. A synapse reads the spikes since its source's last one when the source
// spikes again; a silent source would pin them for ever, so from time to time all synapses apply what they have not seen
// (the same operations they would apply later), and the lines are cut. The times are fixed, so that they, and with them
// the weights that users read in between, are the same on any layout.
#pragma once
#include <cstdint>
#include <vector>

#include "runtime/time.hpp"

namespace volley::runtime {

class post_history {
 public:
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
  void clear(std::uint32_t line) { lines_[line] = {}; }

  /// Calls visit(stamp) for the spikes of `line` with after < stamp <= upto, in order.
  template <class Visit> void between(std::uint32_t line, step_t after, step_t upto, Visit&& visit) const {
    const auto& spikes = lines_[line];
    // The window lies at the end of the line.
    std::size_t end = spikes.size();
    while (end > 0 && spikes[end - 1].stamp > upto) --end;
    std::size_t begin = end;
    while (begin > 0 && spikes[begin - 1].stamp > after) --begin;
    for (; begin < end; ++begin) visit(spikes[begin].stamp);
  }

  /// K_minus of the spikes before step `at` (strictly), decayed to `at`.
  double K_minus(std::uint32_t line, step_t at, double tau_minus_ms, double resolution_ms) const;

  std::size_t length(std::uint32_t line) const { return lines_[line].size(); }
  /// Drops spikes that nobody asks for any more: all before `oldest` but the last of them (K_minus needs it).
  void prune(step_t oldest);

  static constexpr std::uint64_t bytes_per_line = sizeof(std::uint8_t) + sizeof(std::vector<int>);  ///< an empty one
  std::uint64_t line_bytes() const;   ///< of the lines themselves, by cell
  std::uint64_t spike_bytes() const;  ///< of the spikes they hold

 private:
  struct spike {
    step_t stamp;
    double K_minus;  ///< right after the spike
  };

  std::vector<std::uint8_t> open_;
  std::vector<std::vector<spike>> lines_;
};

}  // namespace volley::runtime
