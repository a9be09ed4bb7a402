// A stimulating device as every VP holds it: what it emits at each step, as a pure function of its parameters.
#pragma once
#include <cstdint>
#include <memory>
#include <vector>

#include "runtime/base/time.hpp"
#include "runtime/devices/device_params.hpp"

namespace volley::runtime {

using models::timed_spike;

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

  /// The spikes of a device that emits them at given times; null for others.
  const std::vector<timed_spike>* train() const;
  /// Those with stamps in (after, upto] that fall into its window. REQUIRES: train() is not null.
  std::vector<timed_spike> emitted(step_t after, step_t upto) const;

  /// The mean number of spikes that it draws for a connection at update `emission`: 0 when it is inactive.
  double mean_count(step_t emission) const;
  /// True when all connections get the same of these spikes.
  bool is_shared() const;

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
  void calibrate();

  std::uint64_t id_ = 0;
  time_grid time_;
  bool frozen_ = false;
  std::unique_ptr<emitter> emitter_;
  // These follow from the others.
  models::active_window window_;
  bool has_train_ = false;
};

}  // namespace volley::runtime
