// The spikes of plastic synapses' targets that synapses have still to see, and the trace K_minus they left.
//
// A line per cell holds its recent spikes in order. A synapse reads the spikes since its source's last one when the
// source spikes again; a silent source would pin them for ever, so from time to time all synapses apply what they have
// not seen (the same operations they would apply later), and the lines are cut. The times are fixed, so that they, and
// with them the weights that users read in between, are the same on any layout.
//
// Spikes between two steps have their offsets beside them: what reads times by line number reads these (precise_rows).
//
// The last spikes of an open line are kept a second time, at fixed places (spike_lines): 140 bytes a line.
#pragma once
#include <cstdint>
#include <map>
#include <vector>

#include "runtime/base/ordinals.hpp"
#include "runtime/base/pool.hpp"
#include "runtime/base/time.hpp"
#include "runtime/loops/spike_lines.hpp"

namespace volley::runtime {

class post_history {
 public:
  /// Lines for `cells` more cells; returns the first.
  history_line add_lines(std::uint32_t cells);
  /// Takes back the lines from `first` on.
  void cut(history_line first);
  /// From now on the spikes of `line` are kept: its cell has a plastic input.
  void open(history_line line);
  bool is_open(history_line line) const { return open_[line.index()] != 0; }

  /// Appends a spike that is no earlier than all before. REQUIRES: the line is open. `K_minus` decays with
  /// `tau_minus_ms` and grows by 1.
  void append(history_line line, spike_time at, double tau_minus_ms, double resolution_ms);

  /// Forgets the spikes of a line.
  void clear(history_line line);

  /// The spikes of `line` with after < stamp <= upto.
  spike_range window(history_line line, step_t after, step_t upto) const;
  /// The last spike before step `at` (strictly); with K_minus 0 if there is none.
  post_spike last_before(history_line line, step_t at) const;
  /// How many spikes come before a time, and how many not after it.
  std::size_t n_before(history_line line, spike_time at) const { return n_with(line, at, false); }
  std::size_t n_upto(history_line line, spike_time at) const { return n_with(line, at, true); }
  /// Of the i-th.
  spike_time time_of(history_line line, std::size_t i) const;
  /// K_minus of the spikes before `at` (strictly), decayed to `at`.
  double K_minus(history_line line, spike_time at, double tau_minus_ms, double resolution_ms) const;
  /// The same with the spikes of step `at`; 0 of a line that is not open.
  double trace(history_line line, step_t at, double tau_minus_ms, double resolution_ms) const;
  /// The open lines, for loops. Valid until the next change.
  spike_lines lines() const;

  std::size_t length(history_line line) const { return lines_[line.index()].size(); }
  /// Drops spikes that nobody asks for any more: all before `oldest` but the last of them (K_minus needs it).
  void prune(step_t oldest);

  /// A line, wherever it is.
  struct saved_line {
    bool open = false;
    std::vector<post_spike> spikes;
    std::vector<double> offsets_ms = {};  ///< none: all 0
    template <class Snapshot> void snapshot(Snapshot& s) { s(open, spikes, offsets_ms); }
  };
  saved_line saved(history_line line) const;
  /// Errors: std::invalid_argument for spikes that are in no order.
  void put(history_line line, saved_line from);
  /// The step that stamps are counted from, since the last prune().
  step_t base() const { return base_; }
  void set_base(step_t base) { base_ = base; }

  static constexpr std::uint64_t bytes_per_line = sizeof(std::uint8_t) + sizeof(std::vector<int>);  ///< an empty one
  static constexpr std::uint64_t bytes_per_open_line =                                              ///< beside that
      (1 + spike_lines::depth) * sizeof(std::int32_t) + (1 + spike_lines::K_depth) * sizeof(double);
  template <class Snapshot> void snapshot(Snapshot& s) {
    s.fixed(open_);
    s.fixed(lines_);
    s(offsets_ms_, base_);
    if constexpr (Snapshot::loads) {
      for (const auto& [line, offsets] : offsets_ms_)
        if (line >= lines_.size() || offsets.size() != lines_[line].size()) s.refuse();
      show_all();
    }
  }

  std::uint64_t line_bytes() const;   ///< of the lines themselves, by cell
  std::uint64_t spike_bytes() const;  ///< of the spikes they hold

 private:
  void make_places();
  void show_all();
  void show_latest(history_line line);
  std::size_t n_with(history_line line, spike_time at, bool those_at_it) const;
  double decayed(history_line line, std::size_t n, spike_time at, double tau_minus_ms, double resolution_ms) const;

  std::vector<std::uint8_t> open_;
  std::vector<std::vector<post_spike>> lines_;
  std::map<std::uint32_t, std::vector<double>> offsets_ms_;  // by line, of those with a spike between two steps

  // What spike_lines shows. Untouched, and therefore no memory, where no line is open.
  pool<std::int32_t> newest_, stamps_;
  pool<double> newest_K_minus_, K_minus_;
  step_t base_ = 0;
};

}  // namespace volley::runtime
