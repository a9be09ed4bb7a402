// The nodes and connections of one VP: pure data and pure functions, driven from outside, the same on any layout.
//
// Life of an interval: deliver() the batches of the interval before, update() its steps in one or several slices,
// close_interval() to get the shard's own batch. Structure changes between slices, as orders
// (runtime/shard/obey.hpp); before a connection or a generator changes, what is in flight is fixed by
// before_change().
#pragma once
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <utility>
#include <vector>

#include "runtime/exchange/slice_mark.hpp"
#include "runtime/shard/interval_clock.hpp"
#include "runtime/shard/model_catalog.hpp"
#include "runtime/shard/shard_image.hpp"
#include "runtime/shard/shard_measures.hpp"
#include "runtime/shard/shard_parts.hpp"

namespace volley::runtime {

class network_loader;

class shard {
 public:
  /// A shard without nodes, with a store for each synapse model of the catalog. Catalog and files are kept by
  /// reference.
  shard(const layout& place, const model_catalog& catalog, record_files& files);
  ~shard();
  /// Keeps what the catalog is part of until the shard is gone.
  void hold(std::shared_ptr<const void> owner) { held_ = std::move(owner); }

  const layout& place() const { return parts_->cells.place(); }
  const model_catalog& catalog() const { return catalog_; }
  const shard_parts& parts() const { return *parts_; }
  /// For what changes one part only, and for the edits of connections.
  shard_parts& parts() { return *parts_; }

  // ---- changes: what can be refused is tried first, then kept or taken back
  /// What follows is one change, which can be taken back until it ends. REQUIRES, else broken_contract: the one before
  /// has ended.
  void begin_change();
  /// As if nothing had been asked since begin_change(). REQUIRES: none of it was kept.
  void take_back();
  /// The change stays.
  void end_change();
  /// Between begin_change() and what ends it.
  bool is_changing() const { return changing_; }
  /// Values are as they are; histories that users cleared are, and devices are as they were staged.
  void keep_values();
  /// One Create call of a neuron model; ids first..last over all VPs. `now_ms`: the biological time.
  void add_cells(std::uint64_t first, std::uint64_t last, const attributes& prototype, double now_ms = 0,
                 layer_ref where = nullptr);
  /// Fixes what is in flight: nothing that changes from now on touches it. `now` is the biological time in steps.
  void before_change(step_t now);

  // ---- simulation
  /// Places all pending connections into their rows. When it throws, what is not placed is still pending.
  void build(const time_grid& time);
  /// REQUIRES: build() was called. Calibrates the nodes, sizes the rows and opens files. `room_for_records`: bytes that
  /// recorders may keep.
  void prepare(const run_plan& plan, bool overwrite_files, std::uint64_t room_for_records = any_room);
  /// Delivers the batches, one a VP, of the interval that ended at step `boundary`, where the one at hand begins;
  /// batches of a boundary that were delivered are ignored. A broken_contract delivers nothing.
  void deliver(step_t boundary, std::span<const batch_view> batches);
  /// Advances all nodes over the updates [from, to). REQUIRES, else broken_contract and nothing has changed: the
  /// batches before the interval at hand were delivered, the updates are inside of it, and go on where the last ones
  /// ended.
  void update(step_t from, step_t to, slice_mark* mark = nullptr);
  /// The shard's spikes of the interval at hand, which is over. REQUIRES, else broken_contract: all of it was updated.
  const spike_batch& close_interval();
  /// The same again, until the next update.
  const spike_batch& last_batch() const { return parts_->emission.batch(); }
  std::uint64_t spikes_emitted() const { return parts_->emission.spikes(); }
  /// What is recorded takes more than there is room for.
  bool is_full() const { return room_for_records_ != any_room && parts_->recording.bytes_used() > room_for_records_; }

  // ---- snapshots
  /// All that has changed since the network was built, between two updates: values, weights, what devices are, what
  /// is in flight. Images of one run are alike on every worker. One shares with those before what has only grown.
  shard_image save();
  /// Goes on from an image of this VP. REQUIRES: the same orders have built this network. Throws
  /// std::invalid_argument for an image of another network or VP, or of rows that were built in other steps,
  /// unchanged; for a damaged one the shard is lost.
  void load(const shard_image& image);

  // ---- saved networks
  /// A run was prepared: there may be something in flight.
  bool is_prepared() const { return prepared_; }
  const interval_clock& clock() const { return clock_; }
  /// What makes a saved network beside this one; null: nobody does.
  std::unique_ptr<network_loader>& loader() { return loader_; }
  /// A shard without nodes, of the same place, catalog and files.
  std::unique_ptr<shard> empty_one() const;
  /// Of an empty shard: what is put into it is of a network that stands here.
  void stand_at(const run_plan& plan, const interval_clock& clock, bool prepared);
  /// All is put into it: at step `now` it can go on. `undelivered`: of the interval that is over, from all VPs; none
  /// where they were delivered.
  void resume(step_t now, std::vector<spike_batch> undelivered);
  /// The network of another shard, of the same place, takes the place of this one. Drivers may go on to hand in the
  /// batches that they have: those that the other one waits for are its own.
  void become(std::unique_ptr<shard> other) noexcept;

  // ---- measures
  shard_times times() const;
  /// Adds to a phase that the shard cannot measure itself.
  void add_time(double shard_times::*phase, double seconds) { times_.*phase += seconds; }
  shard_bytes bytes() const;

 private:
  void mark();
  void fit();
  step_t next_update() const;
  void advance_block(block_ordinal block, step_t from, step_t to);
  void advance_slice(block_ordinal block, step_t from, step_t to);
  std::vector<std::uint64_t> structure() const;
  template <class Snapshot> void snapshot_settings(Snapshot& s);
  template <class Snapshot> void snapshot_state(Snapshot& s);

  std::shared_ptr<const void> held_;  // the last to go
  const model_catalog& catalog_;
  record_files& files_;
  std::unique_ptr<shard_parts> parts_;
  interval_clock clock_;
  bool changing_ = false;
  bool prepared_ = false;
  std::uint64_t room_for_records_ = any_room;
  std::size_t state_bytes_ = 0;           // of the last image
  std::vector<spike_batch> undelivered_;  // of a network that was loaded, from all VPs, until they are delivered
  shard_times times_;                     // but for the spikes, which are counted where they are emitted
  std::unique_ptr<network_loader> loader_;
};

}  // namespace volley::runtime
