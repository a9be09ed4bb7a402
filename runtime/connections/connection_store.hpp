// The connections of one synapse model on one VP: rows by source (compressed sparse rows), cut into runs that share delay,
// input form, weight codec and trace. A row's canonical order is (delay, form, creation); it is the same on every layout,
// because targets of a row never influence each other's place. Codecs may differ per VP: they do not change the order.
#pragma once
#include <algorithm>
#include <cstdint>
#include <memory>
#include <span>
#include <unordered_map>
#include <variant>
#include <vector>

#include "runtime/base/pool.hpp"
#include "runtime/base/slot_map.hpp"
#include "runtime/base/time.hpp"
#include "runtime/connections/delay_limits.hpp"
#include "runtime/connections/row_index.hpp"

namespace volley::runtime {

/// Neighbouring connections of one source. `begin` indexes the slots, `weight` the weight column when `varied`, else the
/// table of shared weights.
struct run {
  std::uint64_t begin : 40, count : 24;
  std::uint64_t weight : 40, delay_steps : 21, form : 2, varied : 1;

  static constexpr std::uint64_t max_count = (1u << 24) - 1;
  input_form input() const { return static_cast<input_form>(form); }
};
static_assert(sizeof(run) == 16);

static_assert(max_delay_steps == (1 << 21) - 1, "what a run can hold");

/// Connections of equal weight in a run share it from this length on, where others of the run have their own.
inline constexpr std::size_t shared_stretch = 16;

/// Slot indices, 16 bit each while they fit.
class slot_column {
 public:
  std::uint64_t size() const { return wide_ ? wide_slots_.size() : narrow_slots_.size(); }
  bool wide() const { return wide_; }
  const std::uint16_t* narrow_data() const { return narrow_slots_.data(); }
  const std::uint32_t* wide_data() const { return wide_slots_.data(); }
  std::uint16_t* narrow_data() { return narrow_slots_.data(); }
  std::uint32_t* wide_data() { return wide_slots_.data(); }
  std::uint32_t operator[](std::uint64_t i) const { return wide_ ? wide_slots_[i] : narrow_slots_[i]; }
  void set(std::uint64_t i, std::uint32_t slot) {
    if (wide_) wide_slots_[i] = slot;
    else narrow_slots_[i] = static_cast<std::uint16_t>(slot);
  }
  /// Copies slots from `begin` on.
  void read(std::uint64_t begin, std::span<std::uint32_t> out) const;
  void write(std::uint64_t begin, std::span<const std::uint32_t> slots);
  /// Grows to `size` entries that can hold slots below `slot_limit`; new entries have no value yet.
  void grow(std::uint64_t size, std::uint64_t slot_limit);
  std::uint64_t bytes() const;
  void settle();
  template <class Snapshot> void snapshot(Snapshot& s) { s(wide_, narrow_slots_, wide_slots_); }

 private:
  bool wide_ = false;
  pool<std::uint16_t> narrow_slots_;
  pool<std::uint32_t> wide_slots_;
};

/// Traces of a plastic model that depend on the source's spikes alone, shared by all connections that were born together
/// with equal parameters.
struct cohort {
  step_t born;
  step_t last_spike = 0;
  std::uint32_t parameters;  ///< index of the parameter set
  template <class Snapshot> void snapshot(Snapshot& s) { s(born, last_spike, parameters); }
};

/// A run before it has its place in the row of its source.
struct placed_run {
  run r;
  std::uint32_t parameters;  ///< plastic stores: index of the parameter set
  step_t born;
};

class connection_store {
 public:
  /// `plastic` rows keep a weight per connection and a cohort per run; `n_traces`: doubles per cohort. A parameter set is
  /// the model's parameters followed by the first values of its traces.
  connection_store(bool plastic, std::uint32_t n_traces) : plastic_(plastic), n_traces_(n_traces) {}

  bool plastic() const { return plastic_; }
  std::uint32_t n_traces() const { return n_traces_; }
  std::uint64_t size() const { return connections_; }
  std::span<const run> row(std::uint64_t source) const {
    const auto [begin, end] = rows_[source];
    return {runs_.data() + begin, end - begin};
  }
  /// Row look-ups miss the cache twice, one after the other: these bring the place of a row, then its first runs.
  void prefetch_place(std::uint64_t source) const { rows_.prefetch(source); }
  void prefetch_row(std::uint64_t source) const {
    constexpr std::uint64_t runs_of_line = 64 / sizeof(run), most = 8 * runs_of_line;
    const auto [begin, end] = rows_[source];
    for (std::uint64_t i = begin; i < std::min(end, begin + most); i += runs_of_line) prefetch(runs_.data() + i);
  }
  std::uint64_t first_run(std::uint64_t source) const { return rows_[source].begin; }
  /// One past the largest source id with a row.
  std::uint64_t source_limit() const { return rows_.limit(); }
  /// Calls visit(source) for all sources with a row, ascending.
  template <class Visit> void for_each_source(Visit&& visit) const { rows_.for_each(visit); }

  const slot_column& slots() const { return slots_; }
  std::uint32_t slot(const run& r, std::uint64_t i) const { return slots_[r.begin + i]; }
  double weight(const run& r, std::uint64_t i) const {
    return r.varied ? weights_[r.weight + i] : shared_weights_[r.weight];
  }
  double* weights() { return weights_.data(); }
  const double* weights() const { return weights_.data(); }
  double shared_weight(std::uint64_t index) const { return shared_weights_[index]; }
  void set_shared_weights(double weight) {
    shared_weights_.assign(shared_weights_.size(), weight);
    edited_ |= !shared_weights_.empty();
  }

  // Plastic stores: the cohort of run number `index` (counted over the whole store), its traces and parameters.
  cohort& cohort_of(std::uint64_t index) { return cohorts_[run_cohorts_[index]]; }
  const cohort& cohort_of(std::uint64_t index) const { return cohorts_[run_cohorts_[index]]; }
  double* traces_of(std::uint64_t index) { return traces_.data() + std::uint64_t{run_cohorts_[index]} * n_traces_; }
  const double* traces_of(std::uint64_t index) const {
    return traces_.data() + std::uint64_t{run_cohorts_[index]} * n_traces_;
  }
  /// Up to this step all rows have seen the spikes of their targets (a delay earlier).
  step_t caught_up() const { return caught_up_; }
  void set_caught_up(step_t now) { caught_up_ = now; }
  std::span<const double> parameter_set(std::uint32_t index) const { return parameter_sets_[index]; }
  std::uint32_t add_parameter_set(std::vector<double> values);
  void set_parameter_sets(std::uint32_t member, double value);

  std::uint64_t bytes() const;
  /// What spikes change; and the rows themselves, once somebody has edited what the rules made.
  template <class Snapshot> void snapshot(Snapshot& s) {
    s(edited_, caught_up_);
    if (edited_) s(rows_, runs_, slots_, shared_weights_, run_cohorts_, parameter_sets_);
    if (edited_ || plastic_) s(weights_);
    s(cohorts_, traces_);
    if constexpr (Snapshot::loads) index_values(), recount();
  }
  /// Nothing more is added for now: large columns may move to huge pages.
  void settle();

  // ---- for the builder and the editor
  slot_column& slots() { return slots_; }
  pool<double>& weight_column() { return weights_; }
  std::uint64_t shared_weight_index(double weight);
  /// Rebuilds all rows with what is added to them, in (delay, form, creation) order; finds or makes cohorts.
  class row_writer {
   public:
    explicit row_writer(connection_store& store) : store_(store) {}
    /// Sources ascend from call to call.
    void add(std::uint64_t source, std::span<const placed_run> runs);
    /// REQUIRED, at the end.
    void finish();

   private:
    struct member {
      run r;
      std::uint32_t cohort;
    };
    /// The rows are as large as all else that is made with them: they are never held twice while they grow.
    static constexpr std::size_t runs_in_a_part = std::size_t{1} << 16;
    void copy_rows(std::uint64_t until);
    void take_old_row(std::uint64_t source);
    void append(const run& r, std::uint32_t cohort);
    std::uint32_t cohort_for(const placed_run& added);

    connection_store& store_;
    std::uint64_t next_ = 0;  // the first source whose row is not written
    std::uint64_t size_ = 0;
    std::vector<pool<run>> parts_;    // all but the last are full
    std::vector<std::uint32_t> run_cohorts_;
    row_index rows_;
    std::vector<member> members_;  // of the row at hand
  };
  /// Replaces the rows of the given sources (ascending); cohorts of surviving runs are named by their old index.
  struct edited_row {
    std::uint64_t source;
    std::vector<run> runs;
    std::vector<std::uint32_t> cohorts;
  };
  void replace(const std::vector<edited_row>& rows);
  std::uint32_t cohort_index(std::uint64_t run_index) const { return run_cohorts_[run_index]; }
  std::uint32_t clone_cohort(std::uint32_t index);
  cohort& cohort_at(std::uint32_t index) { return cohorts_[index]; }
  double* traces_at(std::uint32_t index) { return traces_.data() + std::uint64_t{index} * n_traces_; }

 private:
  std::uint32_t new_cohort(step_t born, std::uint32_t parameters);
  void recount();
  void index_values();

  bool plastic_;
  std::uint32_t n_traces_;
  std::uint64_t connections_ = 0;
  row_index rows_;
  pool<run> runs_;
  slot_column slots_;
  pool<double> weights_;
  std::vector<double> shared_weights_;
  std::unordered_map<std::uint64_t, std::uint64_t> shared_index_;  // bits of the weight -> index
  std::vector<std::uint32_t> run_cohorts_;                         // by run, plastic stores only
  std::vector<cohort> cohorts_;
  std::vector<double> traces_;
  std::vector<std::vector<double>> parameter_sets_;
  std::unordered_multimap<std::uint64_t, std::uint32_t> known_sets_;  // hash of the values -> index; rebuilt when values change
  step_t caught_up_ = 0;
  bool edited_ = false;  // rows, weights or parameters are not as they were built
};

}  // namespace volley::runtime
