// How spikes get from batches to the inputs of one VP's cells: rows of sums, the calendar of what is due, inputs of
// devices, and plastic rows. docs/ARCHITECTURE.md has the order of sums.
#pragma once
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include "runtime/delivery/calendar.hpp"
#include "runtime/delivery/input_rows.hpp"
#include "runtime/delivery/spike_batch.hpp"
#include "runtime/delivery/timed_input.hpp"
#include "runtime/devices/device_inputs.hpp"
#include "runtime/shard/cells.hpp"
#include "runtime/shard/generators.hpp"
#include "runtime/shard/interval_clock.hpp"
#include "runtime/shard/recording.hpp"
#include "runtime/shard/run_plan.hpp"
#include "runtime/shard/saved_sums.hpp"
#include "runtime/shard/shard_measures.hpp"
#include "runtime/shard/stores.hpp"

namespace volley::runtime {

class weight_listener;

class delivery {
 public:
  /// All are kept by reference.
  delivery(const run_plan& plan, class cells& cells, class stores& stores, const class generators& generators,
           class recording& recording)
      : plan_(plan), cells_(cells), stores_(stores), generators_(generators), recording_(recording) {}

  /// Nothing is in flight at step `now`.
  void begin(step_t now) { delivered_ = injected_ = now; }
  /// Sizes rows and calendar for the plan, the cells and the connections; what is in flight is kept.
  void fit();
  /// Finds what devices are connected to. New connections get what is emitted from update `now` on.
  void find_device_inputs(step_t now) { from_devices_.rebuild(inputs_context(), now); }
  /// The boundary up to which batches were delivered.
  step_t delivered() const { return delivered_; }

  /// Fixes what is in flight: nothing that changes from now on touches it. `now` is the biological time in steps.
  void before_change(step_t now, const interval_clock& clock);
  /// Delivers the batches, one a VP, of the interval that ended at step `boundary`, which was not delivered yet.
  /// REQUIRES, else broken_contract and nothing is delivered: batches have a count for each step, and what they
  /// count.
  void deliver(step_t boundary, std::span<const batch_view> batches);
  /// Opens the interval's rows.
  void open(step_t from) { rows_.begin_interval(from); }
  /// Adds what is due at the updates [from, to) to the rows of the open interval.
  void walk(step_t from, step_t to, const interval_clock& clock);
  /// What devices send step by step.
  device_inputs& from_devices() { return from_devices_; }
  /// What arrives in a block at `steps` updates from `from` on. Valid until the next call.
  input_view input(block_ordinal block, step_t from, std::uint32_t steps, const interval_clock& clock);

  // ---- saved networks (delivery_sums.cpp)
  /// What is on its way to cells at step `now`; what devices send step by step is not among it.
  std::vector<saved_sums> sums(step_t now, const interval_clock& clock) const;
  /// This was on its way to cells: those that live here get it. Errors: std::invalid_argument for steps and receptors
  /// that there are not. REQUIRES: fit() was called for these cells.
  void put(const saved_sums& sums, const interval_clock& clock);
  /// The same of amounts that arrive between steps.
  std::vector<saved_amounts> amounts(step_t now) const;
  void put(const saved_amounts& amounts, const interval_clock& clock);
  /// How far it has come: the same on every VP, but that inputs and trains are those of its connections.
  struct progress {
    step_t delivered = 0, injected = 0;
    std::vector<device_input> inputs;
    generator_trains trains;
    template <class Snapshot> void snapshot(Snapshot& s) { s(delivered, injected, inputs, trains); }
  };
  progress saved_progress() const { return {delivered_, injected_, from_devices_.all(), from_devices_.trains()}; }
  /// REQUIRES: find_device_inputs() follows.
  void put(progress from) {
    delivered_ = from.delivered;
    injected_ = from.injected;
    from_devices_.put(std::move(from.inputs), std::move(from.trains));
  }

  void count(shard_bytes& bytes) const;
  template <class Snapshot> void snapshot(Snapshot& s) {
    s(rows_, timed_, calendar_, from_devices_, delivered_, injected_);
  }

 private:
  device_input_context inputs_context();
  void check(std::span<const batch_view> batches) const;
  void collect(step_t stamp, std::size_t lag, std::span<const batch_view> batches);
  void inject_trains(step_t after, step_t upto);
  void prefetch_row(std::uint64_t source) const;
  void prefetch_cohort(std::uint64_t source) const;
  void send(const travelling_spike& spike, step_t stamp);
  void send_copies(const travelling_spike& spike, step_t stamp);
  void send_plastic(stores::entry& to, const travelling_spike& spike, step_t stamp, weight_listener* listener);
  void send_released(store_ordinal store, const travelling_spike& spike, step_t stamp, weight_listener* listener);
  void send_walked(store_ordinal store, const travelling_spike& spike, step_t stamp, weight_listener* listener);
  void put(store_ordinal store, const segment& r, step_t stamp, double factor, double offset_ms);
  void queue(store_ordinal store, std::span<const segment> row, const travelling_spike& spike, step_t stamp,
             weight_listener* listener);
  void catch_up(step_t now);

  const run_plan& plan_;
  class cells& cells_;
  class stores& stores_;
  const class generators& generators_;
  class recording& recording_;

  input_rows rows_;
  timed_input timed_;
  calendar calendar_;
  device_inputs from_devices_;
  step_t delivered_ = 0;  // boundary up to which batches were delivered
  step_t injected_ = 0;   // stamp up to which trains were put on the calendar

  std::vector<travelling_spike> arriving_;
  std::vector<std::size_t> collected_;  // of the spikes of each batch
  std::vector<double> released_;        // of the spike at hand, by segment of its row
  std::vector<double*> row_pointers_, arrived_pointers_;
  std::vector<timed_row> timed_rows_;
};

}  // namespace volley::runtime
