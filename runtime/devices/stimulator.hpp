// A stimulating device as every VP holds it: what it emits at each step, as a pure function of its parameters; of
// trains that have states, of these too.
#pragma once
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <vector>

#include "runtime/base/time.hpp"
#include "runtime/devices/device_params.hpp"

namespace volley::runtime {

using models::timed_spike;

/// Trains of one generator that go on together, by their connections.
struct train_states {
  std::span<const std::uint32_t> targets;
  std::uint32_t multapse;     ///< counts the connections to each target
  std::span<double> numbers;  ///< train_size() for each of them
};

/// A spike of one of them, of a generator whose spikes have times.
struct train_spike {
  std::uint32_t train;
  double offset_ms;  ///< before the end of its step
};

class stimulator {
 public:
  stimulator();
  /// REQUIRES: no recorder.
  stimulator(std::uint64_t id, const device_params&, const time_grid&, bool frozen = false);
  stimulator(const stimulator&);
  stimulator(stimulator&&) noexcept;
  stimulator& operator=(const stimulator&);
  stimulator& operator=(stimulator&&) noexcept;
  ~stimulator();

  std::uint64_t id() const { return id_; }
  /// True when spikes with this stamp are sent.
  bool is_active(step_t stamp) const { return !frozen_ && window_.contains(stamp); }
  /// True when all connections get the same spikes, or copies of the same.
  bool is_shared() const { return is_shared_; }
  /// True when each VP knows all of its spikes, so that they act by events as those of nodes do.
  bool is_known_everywhere() const {
    return kind_ == kind::train || kind_ == kind::pulses || (kind_ == kind::trains && is_shared_);
  }

  // ---- spikes at given times
  /// Those of a device that emits them at given times; null for others.
  const std::vector<timed_spike>* train() const;
  /// Those with stamps in (after, upto] that fall into its window. REQUIRES: train() is not null.
  std::vector<timed_spike> emitted(step_t after, step_t upto) const;

  // ---- Poisson numbers
  /// The mean number of spikes that it draws at update `emission`: 0 when it is inactive.
  double mean_count(step_t emission) const;
  /// The probability that one of them reaches a connection.
  double copy_probability() const;

  // ---- trains with states
  bool has_trains() const { return kind_ == kind::trains; }
  /// Whether their spikes have times within a step.
  bool has_times() const { return has_times_; }
  /// How many numbers the state of each has. 0 for devices without.
  std::size_t train_size() const;
  /// Trains begin anew when this is another.
  step_t trains_since() const;
  /// Goes on with trains by update `emission`: counts[i] are the spikes of the i-th, and `times` (may be null) all of
  /// them by train, where they have times. False when there are none at all.
  bool step_trains(step_t emission, std::uint32_t seed, const train_states& trains, std::span<std::int32_t> counts,
                   std::vector<train_spike>* times = nullptr) const;

  // ---- pulses, by their place in time
  bool has_pulses() const { return kind_ == kind::pulses; }
  std::size_t n_pulses() const;
  /// No spike of a pulse has a stamp below opens() or above closes(); both ascend.
  step_t opens(std::size_t pulse) const;
  step_t closes(std::size_t pulse) const;
  /// Calls add(stamp, number) for all spikes of a pulse, in any order.
  void draw_pulse(std::size_t pulse, std::uint32_t seed, const std::function<void(step_t, std::uint32_t)>& add) const;

  // ---- currents
  /// True when it emits a current at update `emission`.
  bool current_is_active(step_t emission) const { return !frozen_ && window_.contains(emission + 2); }
  /// The current that all connections see then, 0 when inactive; of one that is drawn, its mean.
  double current(step_t emission) const;
  /// What each connection's current is drawn from. REQUIRES: active then. Deviation 0 where nothing is drawn.
  models::normal_draw drawn_current(step_t emission) const;

  /// What a meter shows at a time stamp. REQUIRES: it has a recordable.
  double recorded(step_t stamp) const;
  /// The active updates among [from, to), as of a current.
  step_t active_updates(step_t from, step_t to) const;

  void snapshot(snapshot_writer&) const;
  void snapshot(snapshot_reader&);

 private:
  struct emitter;
  enum class kind : std::uint8_t { train, counts, trains, pulses, current };
  void calibrate();

  std::uint64_t id_ = 0;
  time_grid time_;
  bool frozen_ = false;
  std::unique_ptr<emitter> emitter_;
  // These follow from the others.
  models::active_window window_;
  kind kind_ = kind::counts;
  bool is_shared_ = false, has_times_ = false;
};

}  // namespace volley::runtime
