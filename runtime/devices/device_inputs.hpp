// Input that is not sent as events: Poisson spikes, spikes of trains with states, and currents are inputs (generator,
// connections, delay) that are evaluated when they are due, with the generator's parameters at the emission (due step
// minus delay), once for each emission and in their order. Before a generator or a connection changes, what it emitted
// so far is evaluated into rows of spilled sums.
#pragma once
#include <cstdint>
#include <functional>
#include <span>
#include <utility>
#include <vector>

#include "runtime/base/ordinals.hpp"
#include "runtime/connections/connection_store.hpp"
#include "runtime/delivery/input_rows.hpp"
#include "runtime/delivery/spike_batch.hpp"
#include "runtime/delivery/timed_input.hpp"
#include "runtime/devices/generator_trains.hpp"
#include "runtime/devices/poisson_tables.hpp"
#include "runtime/devices/stimulator.hpp"

namespace volley::runtime {

/// One segment of a generator's row. All its connections have the same multapse number.
struct device_input {
  stimulator_ordinal device;
  store_ordinal store;
  segment connections;
  std::uint32_t multapse;  ///< counts the connections of one (generator, target) over all stores
  bool consecutive;        ///< so are its slots
  step_t first_due;        ///< earlier sums were spilled, or emitted before the connection was made
  template <class Snapshot> void snapshot(Snapshot& s) {
    s(device, store, connections, multapse, consecutive, first_due);
  }
};

/// What they need from the shard.
struct device_input_context {
  table_view<stimulator_ordinal, const stimulator> devices;
  table_view<store_ordinal, const connection_store* const> stores;
  std::function<std::uint64_t(input_slot slot, bool currents)> id_of_slot;
  std::uint32_t seed;
  timed_input* timed = nullptr;  ///< REQUIRED where slots keep times
};

class device_inputs {
 public:
  /// Reads the rows of all generators whose spikes are not known everywhere, or which emit currents. Inputs that were
  /// there keep their first due step; new ones start with what is emitted from update `now` on.
  void rebuild(const device_input_context&, step_t now);

  template <class Snapshot> void snapshot(Snapshot& s) {
    s(inputs_, trains_);
    if constexpr (Snapshot::loads) {
      draws_.assign(inputs_.size(), {});
      if (!has_trains_of_inputs()) s.refuse();
    }
  }

  // ---- saved networks
  /// Those that rebuild() has found, and the states of their trains.
  const std::vector<device_input>& all() const { return inputs_; }
  const generator_trains& trains() const { return trains_; }
  /// Others in their place, of which rebuild(), which REQUIRED follows, keeps first due steps and trains.
  void put(std::vector<device_input> inputs, generator_trains trains) {
    inputs_ = std::move(inputs);
    trains_ = std::move(trains);
  }

  bool empty() const { return inputs_.empty(); }
  /// Adds what is due at update `due` to `row`, in the order (generator, store, rank).
  void add(const device_input_context&, step_t due, const input_row& row);
  /// How many Poisson spikes a generator sends over one connection at update `emission`. `multapse` counts its
  /// connections to `target`.
  std::uint32_t count(const stimulator& device, std::uint32_t seed, std::uint64_t target, std::uint32_t multapse,
                      step_t emission);
  /// The same of any spikes that are not known everywhere, to a recorder. Called for all emissions, in their order.
  std::uint32_t heard(stimulator_ordinal position, const stimulator& device, std::uint32_t seed, std::uint64_t recorder,
                      std::uint32_t multapse, step_t emission);
  /// What was heard last, one by one, of a generator whose spikes have times; nothing of others. Valid until the next
  /// call.
  std::span<const train_spike> heard_times(const stimulator& device) const {
    return device.has_times() ? trains_.times() : std::span<const train_spike>();
  }
  /// How many spikes that a device repeats reach a connection: they carry the probability that one does. `multapse`
  /// counts its connections to `target`.
  static std::uint32_t copies(const travelling_spike& spikes, std::uint32_t seed, std::uint64_t target,
                              std::uint32_t multapse, step_t stamp);
  /// Evaluates what was emitted before update `now` and is due later into the rows that `row_of` names.
  void spill(const device_input_context&, step_t now, const std::function<input_row(step_t due)>& row_of);

  /// Bytes of the states of trains.
  std::size_t bytes_of_trains() const { return trains_.bytes(); }

 private:
  struct key {
    stimulator_ordinal device;
    store_ordinal store;
    std::uint32_t delay, multapse, form;
    auto operator<=>(const key&) const = default;
  };
  /// What a generator sends in the four steps at hand: [step % 4][connection], padded.
  struct drawn_counts {
    std::uint64_t block = 0;
    double mean = -1;
    std::vector<std::uint32_t> targets;  ///< padded with the first
    std::vector<std::int32_t> counts;
  };
  bool has_trains_of_inputs() const;
  void read_rows(const device_input_context&, stimulator_ordinal);
  /// Of each input, without targets for those of other devices; none at all where there is no such device.
  std::vector<generator_trains::connections> connections_with_trains(const device_input_context&) const;
  static std::vector<std::uint32_t> targets_of(const device_input_context&, const device_input&);
  std::uint32_t number(const stimulator&, std::uint32_t seed, std::uint64_t target, std::uint32_t multapse, double mean,
                       step_t emission);
  void add_input(const device_input_context&, std::size_t input, step_t due, const input_row& row);
  void add_times(const device_input_context&, const device_input&, step_t due, const input_row& row);
  void add_copies(const device_input_context&, std::size_t input, std::uint32_t n, step_t emission,
                  const input_row& row);
  void add_poisson(const device_input_context&, std::size_t input, double mean, step_t emission, const input_row& row);
  void add_noise(const device_input_context&, const device_input&, const models::normal_draw&, const input_row& row);

  std::vector<device_input> inputs_;
  std::vector<drawn_counts> draws_;  // by input
  generator_trains trains_;
  poisson_tables tables_;
};

/// Adds `counts`, one a connection, each times its weight. `consecutive`: so are the slots of the segment.
void add_counts(const segment& r, bool consecutive, const connection_store& store, std::span<const std::int32_t> counts,
                const input_row& row);

}  // namespace volley::runtime
