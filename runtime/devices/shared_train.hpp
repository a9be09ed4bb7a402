// The spikes of a generator that are drawn as time goes on and are the same over all its connections: a train with a
// state, or pulses. Every VP draws them, from the generator's first step on, whatever it is connected to.
#pragma once
#include <cstdint>
#include <map>
#include <optional>
#include <vector>

#include "runtime/base/time.hpp"
#include "runtime/devices/stimulator.hpp"

namespace volley::runtime {

class shared_train {
 public:
  /// Draws the spikes with stamps in (after, upto]. Calls follow each other, with a device of the same kind.
  void advance(const stimulator& device, std::uint32_t seed, step_t after, step_t upto);
  /// Those with stamps in (after, upto]. REQUIRES: they were drawn, and are not forgotten.
  std::vector<timed_spike> emitted(step_t after, step_t upto) const;
  /// Nobody asks for those with stamps up to this one any more.
  void forget(step_t upto);
  /// The device may be another from now on: what was drawn of its future is void.
  void forget_future() { ahead_.reset(); }

  template <class Snapshot> void snapshot(Snapshot& s) {
    s(state_, since_, spikes_);
    if constexpr (Snapshot::loads) forget_future();
  }

 private:
  struct spikes_of_step {
    step_t stamp;
    std::uint32_t number;
    template <class Snapshot> void snapshot(Snapshot& s) { s(stamp, number); }
  };
  /// What is drawn of pulses. It follows from the device, the seed and the time.
  struct future {
    std::uint32_t seed;
    std::size_t next_pulse = 0;
    std::map<step_t, std::uint32_t> due{};  ///< number of spikes by stamp
  };
  void advance_state(const stimulator& device, std::uint32_t seed, step_t after, step_t upto);
  void advance_pulses(const stimulator& device, std::uint32_t seed, step_t after, step_t upto);

  std::vector<double> state_;
  step_t since_ = 0;
  std::vector<spikes_of_step> spikes_;  // by stamp, but for those that are forgotten
  std::optional<future> ahead_;
};

}  // namespace volley::runtime
