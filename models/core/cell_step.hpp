// One step of one cell, for neuron models that keep the times of spikes between the points of the grid: their steps are
// taken cell by cell. Such a model has `static constexpr bool per_cell = true`, one channel of an input form that keeps
// times, and
//   template <class V> static void step(const params<V>&, const derived<V>&, state<V>&, const input<V>&,
//                                       cell_step<V>&)
// V is a single number here: its comparisons are conditions of `if` and `while`. `input` is what arrives at the end of
// the step; what arrives within it comes one by one.
#pragma once
#include <cstdint>

#include "models/core/lanes.hpp"

namespace volley::models {

/// What a spike brings to an input slot within a step. Times are told by how long before the step's end they are:
/// offsets, above 0 and below a step.
struct timed_amount {
  std::uint32_t slot;
  double offset_ms;
  double amount;
  template <class Snapshot> void snapshot(Snapshot& s) { s(slot, offset_ms, amount); }
};

/// A spike of a cell within a step, or at its end: offset 0.
struct sent_spike {
  std::int64_t stamp;  ///< the step's end, in steps
  std::uint32_t cell;
  std::uint32_t multiplicity;
  double offset_ms;
};

/// Takes spikes, in code that is compiled for no instruction set.
struct spike_outlet {
  void (*send)(void* to, const sent_spike&) = nullptr;
  void* to = nullptr;
};

template <class V> class cell_step {
 public:
  cell_step(const timed_amount* first, const timed_amount* last, std::int64_t stamp, std::uint32_t cell,
            const spike_outlet& out)
      : next_(first), last_(last), stamp_(stamp), cell_(cell), out_(out) {}

  /// Whether more arrives within the step.
  bool expects_more() const { return next_ != last_; }
  /// When what comes next arrives. REQUIRES: something does.
  V offset_ms() const { return next_->offset_ms; }
  /// Takes what comes next. Amounts are in the order of their times; those of one time in an order that is the same on
  /// every layout.
  V take() { return (next_++)->amount; }

  /// Spikes, no earlier than before.
  void spike(V offset_ms, V multiplicity = 1.0) {
    double offset = 0, number = 0;
    ops<V>::store(&offset, offset_ms);
    ops<V>::store(&number, multiplicity);
    out_.send(out_.to, {stamp_, cell_, static_cast<std::uint32_t>(number), offset});
    spiked_ = true;
  }
  bool spiked() const { return spiked_; }

 private:
  const timed_amount *next_, *last_;
  std::int64_t stamp_;
  std::uint32_t cell_;
  bool spiked_ = false;
  const spike_outlet& out_;
};

/// Whether M is such a model.
template <class M> constexpr bool is_per_cell() {
  return requires { M::per_cell; };
}

namespace declare {

using models::cell_step;

}  // namespace declare

}  // namespace volley::models
