// The neurons of one VP: a block for each Create call, the slots of their inputs, and their values.
#pragma once
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "runtime/base/layout.hpp"
#include "runtime/base/ordinals.hpp"
#include "runtime/base/slot_map.hpp"
#include "runtime/connections/made_entries.hpp"
#include "runtime/connections/receptor_rules.hpp"
#include "runtime/connections/target_lookup.hpp"
#include "runtime/delivery/input_rows.hpp"
#include "runtime/growth/element_counts.hpp"
#include "runtime/nodes/population.hpp"
#include "runtime/rules/projection.hpp"
#include "runtime/shard/shard_measures.hpp"
#include "runtime/shard/target_histories.hpp"
#include "runtime/values/node_columns.hpp"

namespace volley::runtime {

class cells {
 public:
  explicit cells(const layout& place) : place_(place) {}
  cells(const cells&) = delete;  // look-ups point to slots
  cells& operator=(const cells&) = delete;

  const layout& place() const { return place_; }
  bool holds(std::uint64_t id) const { return place_.holds(id); }
  std::size_t n_blocks() const { return populations_.size(); }
  population& block(block_ordinal b) { return *populations_[b.index()]; }
  const population& block(block_ordinal b) const { return *populations_[b.index()]; }
  /// The block that holds a node of this VP, or null.
  const population* find(std::uint64_t id) const;
  /// A node as connections meet it; none where it is no neuron of this VP.
  std::optional<receiver> receiver_of(std::uint64_t id) const;
  const target_lookup& targets() const { return targets_; }
  made_entries& entries() { return entries_; }
  target_histories& histories() { return histories_; }
  const target_histories& histories() const { return histories_; }
  /// Of rows with an input for each slot.
  row_shape shape() const { return {spike_slots_.size(), current_slots_.size(), spike_slots_.splits_by_sign()}; }

  // ---- changes: tried, then kept or taken back
  /// What follows can be taken back, until the next.
  void begin_change();
  /// As if nothing had been asked since begin_change(). REQUIRES: keep() was not called.
  void take_back();
  /// Values are as they are; histories that users cleared are.
  void keep();
  /// One Create call of a neuron model; ids first..last over all VPs, above those of all blocks. `now_ms`: the
  /// biological time. `where`: may be null.
  void add(std::uint64_t first, std::uint64_t last, const attributes& prototype, double now_ms,
           layer_ref where = nullptr);
  /// Sets values of those of `nodes` that live here; lists in `values` have one entry a node of `nodes`. `now_ms`: the
  /// biological time. Errors: those of attributes::set; then some values may be set, and are taken back by take_back().
  void set_values(const node_set& nodes, const dictionary& values, const value_reading& how, double now_ms);

  /// Connections are to end at receptors of those of `nodes` that live here.
  void note_targets(const node_set& nodes);
  /// Makes the entries that connections of `p` are to get where they end here. Errors: IllegalConnection where a node
  /// has no room for them; then some may be made, and are taken back by take_back().
  void make_entries(const projection& p);

  /// Values of those of `nodes` that live here at step `now`, by key (all keys when none are named); unknown keys
  /// have no part.
  std::vector<column_part> get_values(const node_set& nodes, const std::vector<std::string>& keys, step_t now,
                                      const time_grid& time) const;

  // ---- saved networks
  /// Those of `others` that live here have their values from there; they are nodes of one Create call. `first`: none
  /// of its nodes did so before. False where none lives here. Errors: std::invalid_argument for nodes that are not
  /// there.
  bool take(const attributes& others, const local_ids& ids, bool first);

  // ---- structural plasticity
  /// Synaptic elements grow until this time.
  void grow(double now_ms);
  /// What cells have of an element.
  element_counts count_elements(const std::string& name) const;
  /// Connections came to elements, or left them; those of nodes that have none do not count. Allocates nothing.
  void occupy(std::span<const element_use> uses);
  /// Vacant elements go by their share. Allocates nothing.
  void decay_vacant();

  /// Calibrates all cells for a run.
  void prepare(const time_grid& time);
  void count(shard_bytes& bytes) const;
  /// Values. Histories are in the image of their own class; prepare() must follow a load.
  template <class Snapshot> void snapshot(Snapshot& s) {
    for (auto& p : populations_) s(*p);
    s(entries_);
  }

 private:
  /// Where the next block begins.
  struct mark {
    std::size_t blocks = 0;
    input_slot spike_slots, current_slots;
    history_line lines;
  };
  struct saved_values {
    block_ordinal block;
    attributes values;
  };
  /// Slots for the channels of the block's model that have none yet.
  void add_slots(block_ordinal block);
  void cut(const mark& to);
  void keep_values_of(block_ordinal block);
  value column_of(block_ordinal block, const std::string& key, std::span<const std::uint32_t> which, step_t now,
                  const time_grid& time) const;

  layout place_;
  std::vector<std::unique_ptr<population>> populations_;  // by first id
  slot_map spike_slots_, current_slots_;
  target_lookup targets_{spike_slots_, current_slots_};
  target_histories histories_;
  made_entries entries_;

  // Of the change at hand.
  mark before_;
  std::vector<saved_values> undo_;
  std::vector<std::pair<block_ordinal, std::uint32_t>> noted_;  // cells at whose receptors no connection ended before
  std::vector<history_line> cleared_;
};

}  // namespace volley::runtime
