// The connections of one VP: a store for each synapse model, calls that wait to be placed, and edits that are staged.
// Ordinals are the same on every VP.
#pragma once
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "models/core/synapse_model.hpp"
#include "runtime/base/ordinals.hpp"
#include "runtime/connections/connection_store.hpp"
#include "runtime/connections/delay_extrema.hpp"
#include "runtime/connections/row_editor.hpp"
#include "runtime/connections/target_index.hpp"
#include "runtime/delivery/plastic_rows.hpp"
#include "runtime/delivery/released_rows.hpp"
#include "runtime/delivery/walked_rows.hpp"
#include "runtime/rules/projection.hpp"
#include "runtime/shard/cells.hpp"
#include "runtime/shard/shard_measures.hpp"

namespace volley::runtime {

class stores {
 public:
  /// The connections of one synapse model.
  struct entry {
    const models::synapse_model* model;
    std::unique_ptr<connection_store> rows;
    // How spikes go through them: at most one; static models have none.
    std::optional<plastic_rows> plastic = {};
    std::optional<released_rows> released = {};
    std::optional<walked_rows> walked = {};
    recorder_ordinal recorder = recorder_ordinal::none();  ///< its weight_recorder
    std::uint64_t targets_opened = 0;  ///< of plastic rows: the first slots whose histories were opened
    target_index by_target = {};
  };

  std::size_t size() const { return entries_.size(); }
  entry& operator[](store_ordinal ordinal) { return entries_[ordinal.index()]; }
  const entry& operator[](store_ordinal ordinal) const { return entries_[ordinal.index()]; }
  connection_store& rows(store_ordinal ordinal) { return *entries_[ordinal.index()].rows; }
  const connection_store& rows(store_ordinal ordinal) const { return *entries_[ordinal.index()].rows; }
  const models::synapse_model& synapse(store_ordinal ordinal) const { return *entries_[ordinal.index()].model; }
  /// The rows of all.
  table_view<store_ordinal, const connection_store* const> all_rows() const { return {all_rows_}; }
  /// Those with rows, ascending.
  std::span<const store_ordinal> used() const { return used_; }
  std::uint64_t n_connections() const;
  /// The delays after which spikes act, in steps.
  delay_extrema delays() const;
  /// By how much the delay of a segment of a row is shorter than its steps.
  double lead_ms(store_ordinal ordinal, std::uint64_t source, std::size_t segment) const;
  /// Whether amounts are computed when spikes arrive.
  bool compute_arrivals() const;

  // ---- changes: tried, then kept or taken back
  void begin_change() { before_ = {entries_.size(), pending_.size()}; }
  void take_back();
  /// For one more synapse model, which must outlive this.
  void add(const models::synapse_model& model);
  /// Asks for connections, which wait for build().
  void connect(projection p) { pending_.push_back(std::move(p)); }
  /// Edits of rows, one for each store: staged until commit_edits(), which cannot fail.
  std::vector<row_editor>& staged_edits() { return staged_edits_; }
  void commit_edits();
  void drop_edits() { staged_edits_.clear(); }
  /// Sets the common parameters of a model that has them, for all its connections. REQUIRES: one for each parameter.
  void set_common_parameters(store_ordinal ordinal, const std::vector<double>& values);

  bool has_pending() const { return !pending_.empty(); }
  /// Places all pending connections into their rows, and opens the histories that they read. Errors: bad_alloc; what
  /// is not placed is still pending then.
  void build(cells& targets, const time_grid& time);

  // ---- saved networks
  /// Connections came into the rows of some stores by themselves, with the histories that they read.
  void note_loaded();

  // ---- snapshots
  /// What the rules made of the calls, by store. Stores whose rows somebody edited have no digest.
  std::vector<std::uint64_t> digests() const;
  /// Whether an image with these digests can be loaded: rows that were edited are in the image, the others must be
  /// here.
  bool agree_with(const std::vector<std::uint64_t>& digests_of_image) const;
  template <class Snapshot> void snapshot_recorders(Snapshot& s) {
    for (auto& one : entries_) s(one.recorder);
  }
  template <class Snapshot> void snapshot(Snapshot& s) {
    for (auto& one : entries_) {
      s(*one.rows, one.targets_opened);
      if constexpr (Snapshot::loads) one.by_target.drop();
    }
    if constexpr (Snapshot::loads) find_used();
  }
  void count(shard_bytes& bytes) const;

 private:
  struct mark {
    std::size_t stores = 0, pending = 0;
  };
  void place(std::size_t first, std::size_t end, cells& targets, const time_grid& time);
  void open_histories(target_histories& histories);
  void find_used();

  std::vector<entry> entries_;
  std::vector<const connection_store*> all_rows_;
  std::vector<store_ordinal> used_;
  std::vector<projection> pending_;
  std::vector<row_editor> staged_edits_;
  mark before_;  // the change at hand
};

}  // namespace volley::runtime
