// What plastic synapses of one VP read of their targets: recent spikes and the trace K_minus that they left, a line a
// cell, and which line is behind a slot.
#pragma once
#include <cstdint>
#include <memory>
#include <span>
#include <utility>
#include <vector>

#include "runtime/base/ordinals.hpp"
#include "runtime/base/slot_map.hpp"
#include "runtime/connections/target_lookup.hpp"
#include "runtime/delivery/plastic_rows.hpp"
#include "runtime/delivery/post_history.hpp"
#include "runtime/nodes/population.hpp"
#include "runtime/shard/shard_measures.hpp"

namespace volley::runtime {

class target_histories {
 public:
  // ---- structure
  /// Lines for the (padded) cells of one more block; returns the first.
  history_line add_lines(std::uint32_t cells);
  /// Behind the slots from `first_slot` on, which are new and the last, are the lines from `first_line` on.
  void add_slots(input_slot first_slot, std::uint32_t cells, history_line first_line);
  /// Takes back both from these on.
  void cut(input_slot slots, history_line lines);
  std::uint32_t lines() const { return lines_; }
  std::uint32_t slots() const { return static_cast<std::uint32_t>(line_of_page_.size()) * slot_map::page; }

  /// From now on the spikes of the cell behind a slot are kept: a plastic synapse reads them.
  void open(input_slot slot) {
    history_.open(history_line(line_of_page_[slot.index() / slot_map::page] + slot.index() % slot_map::page));
  }
  /// Before a run: how fast the traces of open lines decay. REQUIRES: a block for each population.
  void read_tau_minus(std::span<const std::unique_ptr<population>> cells, const target_lookup& targets);

  // ---- spikes
  /// `multiplicity` spikes of the cell with this line, no earlier than all before. Lines that are not open forget them.
  void append(history_line line, spike_time at, std::uint32_t multiplicity, double resolution_ms) {
    if (!history_.is_open(line)) return;
    for (std::uint32_t m = 0; m < multiplicity; ++m) history_.append(line, at, tau_minus_[line.index()], resolution_ms);
  }
  /// Forgets the spikes of a line.
  void clear(history_line line) { history_.clear(line); }
  /// Drops what nobody asks for any more, as post_history::prune.
  void prune(step_t oldest) { history_.prune(oldest); }
  /// Spikes are added or lines change: what was computed for one step is out of date.
  void forget_decayed() { decayed_.step = decayed_lines::none; }
  /// For rows of plastic synapses. Valid until the next change.
  plastic_targets targets(double resolution_ms);

  // ---- as users read it
  double trace(history_line line, step_t at, double tau_minus_ms, double resolution_ms) const {
    return history_.trace(line, at, tau_minus_ms, resolution_ms);
  }
  std::size_t length(history_line line) const { return history_.length(line); }

  // ---- saved networks
  post_history::saved_line saved(history_line line) const { return history_.saved(line); }
  void put(history_line line, post_history::saved_line from) { history_.put(line, std::move(from)); }
  step_t base() const { return history_.base(); }
  void set_base(step_t base) { history_.set_base(base); }

  void count(shard_bytes& bytes) const;
  /// Time constants are read anew after a load.
  template <class Snapshot> void snapshot(Snapshot& s) { s(history_); }

 private:
  std::uint32_t lines_ = 0;
  std::vector<std::uint32_t> line_of_page_;  // by page of slots for spikes, as loops read it
  std::vector<double> tau_minus_;            // by line, of open ones
  bool tau_minus_varies_ = false;
  post_history history_;
  decayed_lines decayed_;  // of the step at hand
};

}  // namespace volley::runtime
