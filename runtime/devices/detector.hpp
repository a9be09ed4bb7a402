// A detecting device's share on the VP that it lives on: what it made of the spikes that it heard. On other VPs, and in
// orders, it has its parameters and no room for results.
#pragma once
#include <cstdint>
#include <memory>
#include <optional>

#include "models/core/detector.hpp"
#include "runtime/base/time.hpp"
#include "runtime/devices/device_params.hpp"
#include "runtime/values/value.hpp"

namespace volley::runtime {

class detector {
 public:
  detector();
  /// Without room. REQUIRES: a detector, by is_detector().
  detector(const device_params&, const time_grid&);
  detector(const detector&);
  detector(detector&&) noexcept;
  detector& operator=(const detector&);
  detector& operator=(detector&&) noexcept;
  ~detector();

  /// Makes room for results, of no spike. Errors: bad_alloc.
  void make_room();
  bool has_room() const { return has_room_; }
  /// The same without room.
  detector without_results() const;
  /// Before it takes the place of another one of the same model: makes room unless it can go on with what that has
  /// made, or `anew`. Errors: bad_alloc.
  void follow(const detector& before, bool anew);
  /// It does, and takes what that has made if it has no room. REQUIRES: follow() was called.
  void take(detector&& before) noexcept;

  /// Before a run: from now on there are results, of no spike at first.
  void open() { is_open_ = true; }
  /// REQUIRES: room, and that there is the receptor.
  void hear(const models::heard_spikes&);
  /// No spike will come that has a stamp up to this step.
  void forget(step_t upto);
  /// The spikes with this stamp that it repeats; 0 for one that sends none.
  std::uint32_t repeated(step_t stamp) const;
  /// The probability that one of them reaches a connection; none where it sends none.
  std::optional<double> copy_probability() const;
  /// Its keys, in order: arrays, and lists of matrices by channel. They are empty before a first run.
  dictionary results() const;

  std::uint64_t bytes() const;
  void snapshot(snapshot_writer&) const;
  void snapshot(snapshot_reader&);

 private:
  struct variant;
  void calibrate();

  time_grid time_;
  bool has_room_ = false, is_open_ = false;
  std::unique_ptr<variant> any_;
};

}  // namespace volley::runtime
