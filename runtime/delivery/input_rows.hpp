// The sums of synaptic input of one shard, as dense rows over its slots.
//
// `rows` hold the current interval, one row a step; `spilled` hold sums that were delivered before a connection changed
// and are due later: they are the first addends of their rows, so that spilling never changes a bit; `arrived` is a
// ring of rows for amounts computed on arrival (plastic synapses), which are added to the calendar's sums at the
// update.
#pragma once
#include <cstdint>
#include <map>
#include <vector>

#include "runtime/base/pool.hpp"
#include "runtime/base/time.hpp"

namespace volley::runtime {

/// The planes of one step. Spikes with a positive amount (and all amounts of slots that do not split by sign) go to
/// `positive`, the others to `negative`; currents have slots of their own.
struct input_row {
  double* positive = nullptr;
  double* negative = nullptr;  ///< null when no slot of the shard splits by sign
  double* current = nullptr;   ///< null when the shard has no slot for currents
};

/// Widths of a row in doubles.
struct row_shape {
  std::uint32_t slots = 0;
  std::uint32_t current_slots = 0;
  bool splits_by_sign = false;
  bool operator==(const row_shape&) const = default;
  std::size_t negative_at() const { return slots; }
  std::size_t current_at() const { return std::size_t{slots} * (splits_by_sign ? 2 : 1); }
  std::size_t size() const { return current_at() + current_slots; }
};

class input_rows {
 public:
  /// Fits all rows to `shape` and `interval_steps` rows a interval; what they hold is kept (slots only ever grow).
  void prepare(const row_shape& shape, std::uint32_t interval_steps);
  /// Makes room for amounts on arrival that are due at most `max_delay_steps` after the interval's begin.
  void open_arrivals(std::uint32_t max_delay_steps);

  /// Moves spilled sums that are due in [from, from + interval) into the interval's rows.
  void begin_interval(step_t from);

  /// Row `lag` of the current interval.
  input_row current(std::uint32_t lag) { return at(rows_.data() + lag * stride_); }
  /// Row of sums on arrival for `due`; all null when no plastic synapse was ever prepared for.
  input_row arrived(step_t due) {
    if (arrivals_ == 0) return {};
    return at(arrived_.data() + static_cast<std::size_t>(due % arrivals_) * stride_);
  }
  bool has_arrivals() const { return arrivals_ != 0; }
  /// Row of spilled sums for a future step, created when needed.
  input_row spilled(step_t due);

  /// The same rows as copies, in `to`; zeros where there is none.
  input_row copy_of_current(std::uint32_t lag, pool<double>& to) const {
    return copy(rows_.data() + lag * stride_, to);
  }
  input_row copy_of_arrived(step_t due, pool<double>& to) const {
    return copy(arrived_.data() + static_cast<std::size_t>(due % arrivals_) * stride_, to);
  }
  input_row copy_of_spilled(step_t due, pool<double>& to) const;
  /// Steps that amounts on arrival are kept for.
  std::uint32_t arrivals() const { return arrivals_; }

  template <class Snapshot> void snapshot(Snapshot& s) {
    s.fixed(rows_);
    s.fixed(arrived_);
    s(spilled_);
    if constexpr (Snapshot::loads)
      for (const auto& [due, row] : spilled_)
        if (row.size() != stride_) s.refuse();
  }

  const row_shape& shape() const { return shape_; }
  std::uint64_t bytes() const;
  /// Of a shard with these slots (expected ones, so they need not be whole); max_delay 0: without arrivals.
  static double bytes_of(double slots, double current_slots, bool splits_by_sign, step_t interval_steps,
                         step_t max_delay);

 private:
  input_row at(double* row) const {
    return {row, shape_.splits_by_sign ? row + shape_.negative_at() : nullptr,
            shape_.current_slots != 0 ? row + shape_.current_at() : nullptr};
  }
  input_row copy(const double* row, pool<double>& to) const;
  void reshape(pool<double>& rows, std::size_t n, const row_shape& to, std::size_t stride) const;

  row_shape shape_;
  std::uint32_t interval_steps_ = 0;
  std::uint32_t arrivals_ = 0;
  std::size_t stride_ = 0;
  pool<double> rows_, arrived_;
  std::map<step_t, pool<double>> spilled_;
};

}  // namespace volley::runtime
