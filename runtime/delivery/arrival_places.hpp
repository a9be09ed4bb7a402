// Where spikes arrive that act on arrival, with plastic connections and those that are walked through.
#pragma once
#include "runtime/delivery/input_forms.hpp"
#include "runtime/delivery/input_rows.hpp"
#include "runtime/delivery/timed_input.hpp"

namespace volley::runtime {

struct arrival_places {
  input_rows& rows;
  timed_input& timed;
};

/// Whether the offset of a spike matters to what it brings by a form: then amounts go one by one, to a place_apart.
inline bool goes_apart(input_form form, double offset_ms) {
  return offset_ms != 0 && models::facts_of(form).reads_offset;
}

/// Where amounts of such a form go that are due at one time.
class place_apart {
 public:
  place_apart(input_form form, const arrival_places& to, step_t due, std::uint32_t before, double offset_ms)
      : form_(form),
        due_(due),
        before_(before),
        offset_ms_(offset_ms),
        timed_(models::facts_of(form).keeps_times ? &to.timed : nullptr),
        planes_(planes_of(form, to.rows.arrived(due))) {}

  /// What one connection sends for one spike.
  void add(input_slot slot, double sent) const {
    const double amount = factor_of(form_, 1, sent, before_, offset_ms_);
    if (timed_ != nullptr)
      timed_->add(due_, slot, offset_ms_, amount);
    else
      planes_.positive[slot.index()] += amount;  // no such form splits its sums
  }

 private:
  input_form form_;
  step_t due_;
  std::uint32_t before_;
  double offset_ms_;
  timed_input* timed_;
  row_planes planes_;
};

}  // namespace volley::runtime
