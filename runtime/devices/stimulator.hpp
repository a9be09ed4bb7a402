// A stimulating device as every VP holds it: what it emits at each step, as a pure function of its parameters.
#pragma once
#include <cstdint>
#include <memory>
#include <variant>
#include <vector>

#include "models/devices/dc_generator.hpp"
#include "models/devices/noise_generator.hpp"
#include "models/devices/poisson_generator.hpp"
#include "models/devices/spike_train.hpp"
#include "models/devices/step_current_generator.hpp"
#include "runtime/base/time.hpp"
#include "runtime/devices/active_window.hpp"

namespace volley::runtime {

/// One entry of a spike train: `weight` scales the connection's, `multiplicity` counts.
struct timed_spike {
  step_t stamp;
  double weight;
  std::uint32_t multiplicity;
  bool operator==(const timed_spike&) const = default;
  template <class Snapshot> void snapshot(Snapshot& s) { s(stamp, weight, multiplicity); }
};

/// Spikes drawn per connection.
struct poisson_source {
  double spikes_per_step;
  bool operator==(const poisson_source&) const = default;
  template <class Snapshot> void snapshot(Snapshot& s) { s(spikes_per_step); }
};
/// A current that is the same for all connections, constant between changes.
struct step_source {
  double before_first;              ///< up to the first change
  std::vector<step_t> changes = {};  ///< stamps, ascending
  std::vector<double> values = {};   ///< from each change on

  double amplitude(step_t stamp) const;
  bool operator==(const step_source&) const = default;
  template <class Snapshot> void snapshot(Snapshot& s) { s(before_first, changes, values); }
};
/// A current drawn per connection, new every `period_steps`.
struct noise_source {
  devices::noise_generator::params params;
  step_t period_steps;  ///< at least 1
  time_grid time;
  template <class Snapshot> void snapshot(Snapshot& s) {
    s(params, period_steps, time);
    if constexpr (Snapshot::loads)
      if (period_steps < 1) s.refuse();
  }
};
/// Spikes at given times.
struct train_source {
  std::vector<timed_spike> spikes;  ///< stamps ascending
  bool operator==(const train_source&) const = default;
  template <class Snapshot> void snapshot(Snapshot& s) { s(spikes); }
};

struct stimulator {
  std::uint64_t id = 0;
  active_window window;
  bool frozen = false;
  std::variant<poisson_source, step_source, noise_source, train_source> source;

  template <class Snapshot> void snapshot(Snapshot& s) { s(id, window, frozen, source); }
  const train_source* train() const { return std::get_if<train_source>(&source); }
};

stimulator make_stimulator(std::uint64_t id, const devices::poisson_generator::params&, const time_grid&);
stimulator make_stimulator(std::uint64_t id, const devices::dc_generator::params&, const time_grid&);
stimulator make_stimulator(std::uint64_t id, const devices::step_current_generator::params&, const time_grid&);
stimulator make_stimulator(std::uint64_t id, const devices::noise_generator::params&, const time_grid&);
/// Times are on the grid already (runtime/device_rules rounds or refuses them when they are set).
stimulator make_stimulator(std::uint64_t id, const devices::spike_train_params&, const std::vector<double>& weights,
                           const time_grid&);

/// The current that all connections see at update `emission`, 0 when inactive; for noise, its mean.
double shared_current(const stimulator&, step_t emission);
/// True when the device emits a current at update `emission`: its state acts exactly inside its window.
inline bool current_is_active(const stimulator& s, step_t emission) { return !s.frozen && s.window.contains(emission + 2); }
/// The active updates among [from, to). REQUIRES: a device that emits currents.
step_t active_updates(const stimulator&, step_t from, step_t to);

/// The draw whose value is held at update `emission`. REQUIRES: a noise source, active then.
devices::noise_generator::draw draw_at(const stimulator&, step_t emission);
/// A noise generator's parameters with its draws before update `now` as their past: what is held, and when the next is
/// due.
devices::noise_generator::params with_past(const stimulator&, step_t now);

/// True when the spikes that a generator sends at update `emission` are inside its window.
inline bool spikes_are_active(const stimulator& s, step_t emission) {
  return !s.frozen && s.window.contains(emission + 1);
}

/// The spikes of a train with stamps in (after, upto] that fall into its window.
std::vector<timed_spike> emitted(const stimulator&, step_t after, step_t upto);

}  // namespace volley::runtime
