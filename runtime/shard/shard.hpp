// The nodes and connections of one VP: pure data and pure functions, driven from outside, the same on any layout.
//
// Life of an interval: deliver() the batches of the interval before, update() its steps in one or several slices,
// close_interval() to get the shard's own batch. Structure changes between slices; before a connection or a generator
// changes, what is in flight is fixed by before_change().
#pragma once
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <vector>

#include "models/core/synapse_model.hpp"
#include "runtime/base/layout.hpp"
#include "runtime/base/slot_map.hpp"
#include "runtime/connections/connection_store.hpp"
#include "runtime/connections/connection_trial.hpp"
#include "runtime/connections/delay_extrema.hpp"
#include "runtime/connections/row_editor.hpp"
#include "runtime/connections/row_reader.hpp"
#include "runtime/connections/store_builder.hpp"
#include "runtime/connections/target_index.hpp"
#include "runtime/connections/target_lookup.hpp"
#include "runtime/delivery/calendar.hpp"
#include "runtime/delivery/input_rows.hpp"
#include "runtime/delivery/plastic_rows.hpp"
#include "runtime/delivery/post_history.hpp"
#include "runtime/delivery/spike_batch.hpp"
#include "runtime/devices/device_terms.hpp"
#include "runtime/devices/recorder.hpp"
#include "runtime/devices/stimulator.hpp"
#include "runtime/nodes/population.hpp"
#include "runtime/rules/projection.hpp"
#include "runtime/shard/model_catalog.hpp"
#include "runtime/shard/run_plan.hpp"
#include "runtime/shard/shard_measures.hpp"
#include "runtime/shard/taps.hpp"
#include "runtime/values/node_columns.hpp"

namespace volley::runtime {

class shard {
 public:
  /// A shard without nodes, with a store for each synapse model of the catalog. Both are kept by reference.
  shard(const layout& place, const model_catalog& catalog, record_files& files);
  ~shard();

  const layout& place() const { return place_; }
  const model_catalog& catalog() const { return catalog_; }

  // ---- changes: what can be refused is tried first, then kept or taken back (runtime/shard/obey.hpp)
  /// What follows can be taken back, until the next.
  void begin_change();
  /// As if nothing had been asked since begin_change(). REQUIRES: none of it was kept.
  void take_back();
  /// Values are as they are; histories that users cleared are, and devices are as they were staged.
  void keep_values();

  // ---- nodes
  /// One Create call of a neuron model; ids first..last over all VPs.
  void add_population(std::uint64_t first, std::uint64_t last, const attributes& prototype);
  /// Stimulators are known to every VP; the position is the same everywhere.
  void add_stimulator(stimulator s, bool injector);
  void add_recorder(recorder_spec spec) { recorders_.emplace_back(std::move(spec)); }
  /// Stages what a device is to be: keep_values() follows.
  void stage_stimulator(std::uint32_t position, stimulator s);
  void stage_recorder(std::uint32_t position, recorder_spec spec, bool clears);
  recorder& recorder_at(std::uint32_t position) { return recorders_.at(position); }
  const recorder& recorder_at(std::uint32_t position) const { return recorders_.at(position); }
  std::span<const recorder> recorders() const { return recorders_; }
  /// The block that holds a node of this VP, or null.
  const population* find(std::uint64_t id) const;
  /// Sets values of those of `nodes` that live here; lists in `values` have one entry a node of `nodes`. `now_ms`: the
  /// biological time. Errors: those of attributes::set; then some values may be set, and are taken back by take_back().
  void set_values(const node_set& nodes, const dictionary& values, const value_reading& how, double now_ms);
  /// Values of those of `nodes` that live here at step `now`, by key (all keys when none are named); unknown keys have
  /// no part.
  std::vector<column_part> get_values(const node_set& nodes, const std::vector<std::string>& keys, step_t now) const;
  std::span<const std::unique_ptr<population>> populations() const { return populations_; }

  // ---- connections
  /// A store for one more synapse model; ordinals are the same on every VP.
  void add_store(const models::synapse_model& model);
  /// Sets the common parameters of a model that has them, for all its connections.
  void set_common_parameters(std::uint32_t store, const std::vector<double>& values);
  connection_store& store(std::uint32_t ordinal) { return *stores_[ordinal].rows; }
  const connection_store& store(std::uint32_t ordinal) const { return *stores_[ordinal].rows; }
  target_index& index_of(std::uint32_t ordinal) { return stores_[ordinal].by_target; }
  std::size_t n_stores() const { return stores_.size(); }
  const models::synapse_model& synapse(std::uint32_t store) const { return *stores_[store].model; }
  /// The weight_recorder of a synapse model, by its position among the recorders; -1: none.
  void set_weight_recorder(std::uint32_t store, std::int32_t recorder) { stores_[store].recorder = recorder; }
  /// Throws what would be illegal among the connections of `p` on this VP; changes nothing.
  void check(const projection& p, const connection_trial& trial) const;
  void connect(projection p) { pending_.push_back(std::move(p)); }
  /// Keeps the part of `t` that lives here.
  void connect(const tap& t);
  /// Places all pending connections into their rows. When it throws, what is not placed is still pending.
  void build(const time_grid& time);
  delay_extrema delays() const;
  std::uint64_t n_connections() const;
  const target_lookup& targets() const { return targets_; }
  const taps& recorded() const { return taps_; }
  taps& recorded() { return taps_; }
  /// True for a stimulator whose spikes are known everywhere and do not travel.
  bool is_generator(std::uint64_t id) const;
  /// Edits of rows that are staged (runtime/shard/connection_query.hpp), one for each store.
  std::vector<row_editor>& staged_edits() { return staged_edits_; }
  /// After edits of rows.
  void rows_have_moved();
  bool holds(std::uint64_t id) const { return place_.holds(id); }

  // ---- simulation
  /// Fixes what is in flight: nothing that changes from now on touches it. `now` is the biological time in steps.
  void before_change(step_t now);
  /// REQUIRES: build() was called. Calibrates the nodes and sizes the rows.
  void prepare(const run_plan& plan, bool overwrite_files);
  /// Delivers the batches of the interval that ended at step `boundary`; batches of a boundary that were delivered are
  /// ignored.
  void deliver(step_t boundary, std::span<const batch_view> batches);
  /// Advances all nodes over the updates [from, to) of the interval at hand.
  void update(step_t from, step_t to);
  /// The shard's spikes of the interval at hand, which is over.
  const spike_batch& close_interval();
  /// The same again, until the next update.
  const spike_batch& last_batch() const { return batch_; }
  /// Hands recorded events to files; at the end of a run.
  void flush_recorders();
  void close_recorders();
  std::uint64_t spikes_emitted() const { return times_.spikes; }

  // ---- snapshots
  /// All that has changed since the network was built, between two updates: values, weights, what devices are, what is
  /// in flight. Images of one run are alike on every worker.
  std::vector<std::byte> save() const;
  /// Goes on from an image of this VP. REQUIRES: the same orders have built this network. Throws std::invalid_argument
  /// for an image of another network or VP, or of rows that were built in other steps, unchanged; for a damaged one the
  /// shard is lost.
  void load(std::span<const std::byte> image);

  const shard_times& times() const { return times_; }
  /// Adds to a phase that the shard cannot measure itself.
  void add_time(double shard_times::*phase, double seconds) { times_.*phase += seconds; }
  shard_bytes bytes() const;

 private:
  struct store_entry {
    const models::synapse_model* model;
    std::optional<plastic_kernel> plastic;
    std::unique_ptr<connection_store> rows;
    std::int32_t recorder = -1;
    std::uint64_t targets_opened = 0;  ///< of plastic rows: the first slots whose histories were opened
    target_index by_target = {};
  };
  /// Where the next block begins.
  struct block_sizes {
    std::size_t blocks;
    std::uint32_t spike_slots, current_slots, lines;
  };
  /// Sizes of everything that changes add to.
  struct mark {
    block_sizes blocks;
    std::size_t stimulators, recorders, stores, pending, taps;
  };
  mark here() const;
  /// What an image must agree with.
  std::vector<std::uint64_t> structure() const;
  value column_of(std::size_t block, const std::string& key, std::span<const std::uint32_t> cells, step_t now) const;
  static constexpr std::uint64_t edited_rows = 0;  ///< in place of a digest
  std::vector<std::uint64_t> built_rows() const;
  template <class Snapshot> void snapshot_devices(Snapshot& s);
  template <class Snapshot> void snapshot(Snapshot& s);
  /// Sizes what a run needs for its plan.
  void fit(const run_plan& plan);
  term_context terms_context() const;
  plastic_targets histories();
  void open_histories();
  void read_tau_minus();
  void collect(step_t stamp, std::size_t lag, std::span<const batch_view> batches);
  void add_trains(step_t stamp);
  target_lookup::block slots_for(std::uint32_t block, const models::neuron_model& model, const local_ids& ids);
  block_sizes sizes_of_blocks() const;
  void cut_blocks(const block_sizes& to);
  void inject_trains(step_t after, step_t upto);
  void prefetch_row(std::uint64_t source) const;
  void deliver_spike(const travelling_spike& spike, step_t stamp);
  void catch_up(step_t now);
  void advance_block(std::size_t block, step_t from, step_t to);
  void advance_slice(std::size_t block, step_t from, step_t to);
  spike_marks marks_of(std::size_t block, step_t from);
  void emit(step_t from, step_t to);
  void emit_block(std::size_t block, std::size_t lag, step_t stamp);
  void emit_injected(step_t stamp, std::size_t first);
  void sort_step(std::size_t first);
  void send(std::uint32_t id, std::uint32_t multiplicity);
  void record_generators(step_t from, step_t to);
  void record_quantities(const stimulator& device, recorder& to, step_t after, step_t upto);
  void record_spikes(const stimulator& device, std::uint32_t multapse, recorder& to, step_t after, step_t upto);
  tapped_node find_tapped(std::uint64_t id) const;
  bool samples_at(std::size_t block, step_t stamp) const;
  void sample(std::size_t block, step_t stamp);
  void sample_block(std::size_t block, const taps::mask& mask, recorder& to, step_t stamp);
  std::size_t history_lines() const { return targets_.lines(); }

  layout place_;
  const model_catalog& catalog_;
  record_files& files_;
  run_plan plan_;
  std::vector<std::unique_ptr<population>> populations_;  // by first id
  struct saved_values {
    std::size_t block;
    attributes values;
  };
  struct staged_recorder {
    std::uint32_t position;
    recorder_spec spec;
    bool clears;
  };
  // Of the change at hand.
  mark before_{};
  std::vector<saved_values> undo_;
  std::vector<std::uint32_t> cleared_;  // lines of histories
  std::vector<std::pair<std::uint32_t, stimulator>> staged_stimulators_;
  std::vector<staged_recorder> staged_recorders_;

  slot_map spike_slots_, current_slots_;
  target_lookup targets_{spike_slots_, current_slots_};
  std::vector<std::uint32_t> line_of_page_;  // by spike slot page
  std::vector<double> tau_minus_;            // by history line; closed lines repeat an open one's
  bool tau_minus_varies_ = false;
  post_history history_;
  decayed_lines decayed_;  // of the step at hand
  std::vector<stimulator> stimulators_;
  std::vector<bool> injectors_;  // by stimulator: its spikes travel with those of neurons
  std::vector<recorder> recorders_;
  std::vector<store_entry> stores_;
  std::vector<const connection_store*> store_rows_;
  std::vector<projection> pending_;
  taps taps_;
  std::vector<row_editor> staged_edits_;

  input_rows rows_;
  calendar calendar_;
  device_terms terms_;
  step_t delivered_ = 0;  // boundary up to which batches were delivered
  step_t injected_ = 0;   // stamp up to which trains were put on the calendar
  step_t interval_begin_ = 0;
  step_t opened_ = -1;     // begin of the interval whose rows hold its sums
  bool prepared_ = false;  // a run was prepared: there may be something in flight

  std::vector<std::vector<std::uint64_t>> spike_bits_;  // by block: [lag * words + cell / 64]
  std::vector<std::vector<double>> spike_counts_;       // by block, for models that emit counts
  std::vector<double*> row_pointers_, arrived_pointers_;
  std::vector<travelling_spike> arriving_;
  spike_batch batch_;
  shard_times times_;
};

}  // namespace volley::runtime
