// The connections of one synapse model on one VP: rows by source (compressed sparse rows), cut into segments that share
// delay, input form, weight codec and trace. A row's canonical order is (delay, form, creation); it is the same on
// every layout, because targets of a row never influence each other's place. Codecs may differ per VP: they do not
// change the order.
//
// Rows are edited where they lie (runtime/connections/row_editor.hpp). One that does not fit any more goes to the end
// of the columns; when what was left behind is half as much as what is in use, the columns are swept.
#pragma once
#include <algorithm>
#include <cstdint>
#include <initializer_list>
#include <memory>
#include <span>
#include <unordered_map>
#include <variant>
#include <vector>

#include "runtime/base/pool.hpp"
#include "runtime/base/slot_map.hpp"
#include "runtime/base/time.hpp"
#include "runtime/connections/connection_names.hpp"
#include "runtime/connections/delay_limits.hpp"
#include "runtime/connections/row_index.hpp"
#include "runtime/connections/set_index.hpp"
#include "runtime/connections/target_lookup.hpp"

namespace volley::runtime {

/// Neighbouring connections of one source. `begin` indexes the slots, `weight` the weight column when `varied`, else
/// the table of shared weights.
struct segment {
  std::uint64_t begin : 40, count : 24;
  std::uint64_t weight : 38, delay_steps : 21, form : models::form_bits, varied : 1;

  static constexpr std::uint64_t max_count = (1u << 24) - 1;
  step_t delay() const { return static_cast<step_t>(delay_steps); }
  input_form input() const { return static_cast<input_form>(form); }
  bool is_current() const { return models::facts_of(input()).is_current; }
  bool keeps_times() const { return models::facts_of(input()).keeps_times; }
  /// When its targets take a spike to be sent: those of the grid know no offsets.
  spike_time time_of(step_t stamp, double offset_ms) const { return {stamp, keeps_times() ? offset_ms : 0}; }
};
static_assert(sizeof(segment) == 16);

static_assert(max_delay_steps == (1 << 21) - 1, "what a segment can hold");

/// Slots, 16 bit each while they fit.
class slot_column {
 public:
  std::uint64_t size() const { return wide_ ? wide_slots_.size() : narrow_slots_.size(); }
  bool wide() const { return wide_; }
  const std::uint16_t* narrow_data() const { return narrow_slots_.data(); }
  const std::uint32_t* wide_data() const { return wide_slots_.data(); }
  std::uint16_t* narrow_data() { return narrow_slots_.data(); }
  std::uint32_t* wide_data() { return wide_slots_.data(); }
  input_slot operator[](std::uint64_t i) const { return input_slot(wide_ ? wide_slots_[i] : narrow_slots_[i]); }
  void set(std::uint64_t i, input_slot slot) {
    if (wide_)
      wide_slots_[i] = slot.index();
    else
      narrow_slots_[i] = static_cast<std::uint16_t>(slot.index());
  }
  /// Copies slots from `begin` on.
  void read(std::uint64_t begin, std::span<std::uint32_t> out) const;
  void write(std::uint64_t begin, std::span<const std::uint32_t> slots);
  /// Grows to `size` entries that can hold slots below `slot_limit`; new entries have no value yet.
  void grow(std::uint64_t size, std::uint64_t slot_limit);
  /// Room for `more` entries, so that extend() does not fail.
  void make_room(std::uint64_t more);
  /// `more` entries without values; returns the first.
  std::uint64_t extend(std::uint64_t more);
  std::uint64_t bytes() const;
  void settle();
  template <class Snapshot> void snapshot(Snapshot& s) { s(wide_, narrow_slots_, wide_slots_); }

 private:
  bool wide_ = false;
  pool<std::uint16_t> narrow_slots_;
  pool<std::uint32_t> wide_slots_;
};

/// Connections of one source that were born together with equal parameters, to targets that all keep times or all do
/// not. They share the traces of their model, which depend on the source's spikes alone.
struct cohort {
  step_t born;
  step_t last_spike = 0;      ///< 0: none yet
  std::uint32_t parameters;   ///< index of the parameter set
  std::uint32_t visited = 0;  ///< only while a spike of the source goes through the row (row_cohorts)
  double last_offset_ms = 0;  ///< of the last spike; 0 where targets do not keep times
  spike_time last() const { return {last_spike, last_offset_ms}; }
  void spiked(const spike_time& at) {
    last_spike = at.stamp;
    last_offset_ms = at.offset_ms;
  }
  template <class Snapshot> void snapshot(Snapshot& s) { s(born, last_spike, parameters, last_offset_ms); }
};

/// A segment before it has its place in the row of its source.
struct placed_segment {
  segment r;
  std::uint32_t parameters;  ///< stores with cohorts: index of the parameter set
  step_t born;
};

class connection_store {
 public:
  /// `plastic` rows keep a weight per connection and a cohort per segment; those with parameter sets a cohort per
  /// segment, too. `n_traces`: doubles per cohort. A parameter set is the model's parameters followed by the first
  /// values of its traces. `n_variables`: doubles per connection, beside the weight.
  connection_store(bool plastic, std::uint32_t n_traces, bool has_sets = false, std::uint32_t n_variables = 0)
      : plastic_(plastic), has_cohorts_(plastic || has_sets), n_traces_(n_traces), n_variables_(n_variables) {}

  bool plastic() const { return plastic_; }
  bool has_cohorts() const { return has_cohorts_; }
  std::uint32_t n_traces() const { return n_traces_; }
  std::uint32_t n_variables() const { return n_variables_; }
  std::uint64_t size() const { return connections_; }
  std::span<const segment> row(std::uint64_t source) const {
    const auto [begin, end] = rows_[source];
    return {segments_.data() + begin, end - begin};
  }
  /// Row look-ups miss the cache twice, one after the other: these bring the place of a row, then its first segments.
  void prefetch_place(std::uint64_t source) const { rows_.prefetch(source); }
  void prefetch_row(std::uint64_t source) const {
    constexpr std::uint64_t segments_of_line = 64 / sizeof(segment), most = 8 * segments_of_line;
    const auto [begin, end] = rows_[source];
    for (std::uint64_t i = begin; i < std::min(end, begin + most); i += segments_of_line)
      prefetch(segments_.data() + i);
    if (has_cohorts_ && begin != end) prefetch(segment_cohorts_.data() + begin);
  }
  /// A third one brings the first cohort of a row, and its traces.
  void prefetch_cohort(std::uint64_t source) const {
    const auto [begin, end] = rows_[source];
    if (!has_cohorts_ || begin == end) return;
    const std::uint64_t cohort = segment_cohorts_[begin];
    prefetch(cohorts_.data() + cohort);
    prefetch(traces_.data() + cohort * n_traces_);
  }
  std::uint64_t first_segment(std::uint64_t source) const { return rows_[source].begin; }
  /// One past the largest source id with a row.
  std::uint64_t source_limit() const { return rows_.limit(); }
  /// Calls visit(source) for all sources with a row, ascending.
  template <class Visit> void for_each_source(Visit&& visit) const { rows_.for_each(visit); }

  const slot_column& slots() const { return slots_; }
  input_slot slot(const segment& r, std::uint64_t i) const { return slots_[r.begin + i]; }
  double weight(const segment& r, std::uint64_t i) const {
    return r.varied ? weights_[r.weight + i] : shared_weights_[r.weight];
  }
  double* weights() { return weights_.data(); }
  const double* weights() const { return weights_.data(); }
  double shared_weight(std::uint64_t index) const { return shared_weights_[index]; }
  void set_shared_weights(double weight) {
    shared_weights_.assign(shared_weights_.size(), weight);
    edited_ |= !shared_weights_.empty();
  }

  /// Of the connection at this place in the slots, as many as a connection has.
  double* variables_at(std::uint64_t place) { return variables_.data() + place * n_variables_; }
  const double* variables_at(std::uint64_t place) const { return variables_.data() + place * n_variables_; }

  // Stores with cohorts: the cohort of segment number `index` (counted over the whole store), its traces and
  // parameters.
  cohort& cohort_of(std::uint64_t index) { return cohorts_[segment_cohorts_[index]]; }
  const cohort& cohort_of(std::uint64_t index) const { return cohorts_[segment_cohorts_[index]]; }
  double* traces_of(std::uint64_t index) { return traces_.data() + std::uint64_t{segment_cohorts_[index]} * n_traces_; }
  const double* traces_of(std::uint64_t index) const {
    return traces_.data() + std::uint64_t{segment_cohorts_[index]} * n_traces_;
  }
  /// Up to this step all rows have seen the spikes of their targets (a delay earlier).
  step_t caught_up() const { return caught_up_; }
  void set_caught_up(step_t now) { caught_up_ = now; }
  std::span<const double> parameter_set(std::uint32_t index) const {
    return {parameter_sets_.data() + std::uint64_t{index} * set_size_, set_size_};
  }
  /// All sets of a store have one size.
  std::uint32_t add_parameter_set(std::span<const double> values);
  std::uint32_t add_parameter_set(std::initializer_list<double> values) {
    return add_parameter_set(std::span(values.begin(), values.size()));
  }
  void set_parameter_sets(std::uint32_t member, double value);

  std::uint64_t bytes() const;
  /// True when rows, weights or parameters are not as building made them.
  bool is_edited() const { return edited_; }
  /// Building ended half way: how far it came is nobody else's.
  void mark_edited() { edited_ = true; }
  /// Of the rows, as far as spikes do not change them: building the same connections in the same steps makes the same.
  std::uint64_t rows_digest() const;
  /// What spikes change; and the rows themselves, once somebody has edited what the rules made.
  template <class Snapshot> void snapshot(Snapshot& s) {
    s(edited_, caught_up_);
    if (edited_) s(rows_, segments_, slots_, shared_weights_, segment_cohorts_, names_);
    if (edited_) s(set_size_, n_sets_, parameter_sets_);
    if (edited_ || plastic_) s(weights_);
    s(variables_, cohorts_, traces_);
    if constexpr (Snapshot::loads) {
      check_sizes(s);
      index_values();
      recount();
    }
  }
  /// Nothing more is added for now: large columns may move to huge pages.
  void settle();
  const connection_names& names() const { return names_; }

  // ---- for the builder
  slot_column& slots() { return slots_; }
  pool<double>& weight_column() { return weights_; }
  pool<double>& variable_column() { return variables_; }
  /// Room for so many more cohorts and parameter sets of this size, which is touched as they come.
  void reserve_cohorts(std::uint64_t cohorts, std::uint64_t sets, std::uint64_t set_size);
  std::uint64_t shared_weight_index(double weight);
  std::uint32_t cohort_index(std::uint64_t segment_index) const { return segment_cohorts_[segment_index]; }
  class row_writer;
  class row_loader;  ///< runtime/connections/saved_rows.hpp

  // ---- for the editor, which makes room for all that it is about to do, and then does it without failing
  /// A row as it is to be. Segments begin in `slots` and, where varied, in `weights`.
  struct row_content {
    std::span<const segment> segments;
    std::span<const std::uint32_t> cohorts;  ///< by segment; empty in stores without
    std::span<const std::uint32_t> slots;
    std::span<const double> weights;
    std::span<const double> variables = {};  ///< [connection][variable]
  };
  /// Entries at the ends of columns.
  struct column_room {
    std::uint64_t slots = 0, weights = 0, segments = 0, cohorts = 0;
  };
  /// What put_row() adds to columns, because it has no place where the row is.
  column_room room_for(std::uint64_t source, const row_content& content) const;
  void make_room(const column_room& room);
  /// Replaces the row of `source`. REQUIRES: it has one.
  void put_row(std::uint64_t source, const row_content& content);
  void put_names(connection_names::rows& changed) { names_.put(changed); }
  /// Gives each connection of segment number `index` a weight of its own, all equal to the one they shared.
  void promote(std::uint64_t index);
  /// All connections of segment number `index` have the shared weight of that number. REQUIRES: they share one now.
  void share(std::uint64_t index, std::uint64_t shared_weight) { segments_[index].weight = shared_weight; }
  void set_weight(std::uint64_t place, double weight) { weights_[place] = weight; }
  std::uint64_t n_weights() const { return weights_.size(); }
  std::uint32_t n_cohorts() const { return static_cast<std::uint32_t>(cohorts_.size()); }
  const cohort& cohort_at(std::uint32_t index) const { return cohorts_[index]; }
  const double* traces_at(std::uint32_t index) const { return traces_.data() + std::uint64_t{index} * n_traces_; }
  void set_cohort(std::uint32_t index, std::uint32_t parameters, std::span<const double> traces);
  /// Like another one, as it is now, at the end.
  void clone_cohort(std::uint32_t index);
  /// At the end of an edit: what is in the columns is not what the rules made, and places that were left may be swept.
  void end_edit();

 private:
  /// Places of a row in one column.
  struct stretch {
    std::uint64_t begin = 0, size = 0;
    bool whole = true;  ///< they lie side by side, in the order of the row
    void add(std::uint64_t from, std::uint64_t count);
    bool fits(std::uint64_t count) const { return whole && count <= size; }
  };
  struct row_places {
    stretch slots, weights;
  };
  row_places places_of(std::uint64_t source) const;
  std::uint32_t new_cohort(step_t born, std::uint32_t parameters);
  template <class Snapshot> void check_sizes(Snapshot& s) {
    if (variables_.size() != slots_.size() * n_variables_ || traces_.size() < cohorts_.size() * n_traces_ ||
        parameter_sets_.size() != n_sets_ * set_size_)
      s.refuse();
  }
  void recount();
  void index_values();
  /// In the order of the rows: others lie in the column that are in no row.
  template <class Visit> void for_each_segment(Visit&& visit) {
    rows_.for_each([&](std::uint64_t source) {
      const auto [begin, end] = rows_[source];
      for (auto i = begin; i < end; ++i) visit(segments_[i]);
    });
  }
  void sweep_slots();
  void sweep_weights();
  void sweep_segments();
  void sweep_cohorts();
  void sweep_parameter_sets();
  void sweep_shared_weights();

  bool plastic_, has_cohorts_;
  std::uint32_t n_traces_, n_variables_;
  row_index rows_;
  pool<segment> segments_;
  slot_column slots_;
  pool<double> weights_;
  pool<double> variables_;  // [place in the slots][variable]
  std::vector<double> shared_weights_;
  std::unordered_map<std::uint64_t, std::uint64_t> shared_index_;  // bits of the weight -> index
  pool<std::uint32_t> segment_cohorts_;                            // by segment, in stores with cohorts
  pool<cohort> cohorts_;
  pool<double> traces_;          // [cohort][trace]
  std::uint64_t set_size_ = 0;   // of the first set
  pool<double> parameter_sets_;  // [set][member]
  std::uint32_t n_sets_ = 0;
  set_index known_sets_;  // of all, or of none: then it is made where somebody asks
  connection_names names_;
  step_t caught_up_ = 0;
  bool edited_ = false;  // rows, weights or parameters are not as they were built

  // What is in use: segments of rows, their connections, and weights of their own. Of tables: how long they were when
  // last swept.
  std::uint64_t connections_ = 0, row_segments_ = 0, row_weights_ = 0;
  std::size_t swept_cohorts_ = 0, swept_sets_ = 0, swept_shared_weights_ = 0;
};

/// Rebuilds all rows with what is added to them, in (delay, form, creation) order; finds or makes cohorts.
class connection_store::row_writer {
 public:
  explicit row_writer(connection_store& store) : store_(store) {}

  /// The call that made a new connection, and when among those of its row.
  struct origin {
    std::uint32_t order, call;
  };
  /// Of new connections that need names: by place in the slots, from `first_place` on.
  struct origins {
    const target_lookup& targets;
    std::uint64_t first_place;
    std::span<const origin> by_place;
  };
  /// Sources ascend from call to call. `named`: null where the order of the row tells the new connections apart.
  void add(std::uint64_t source, std::span<const placed_segment> segments, const origins* named = nullptr);
  /// REQUIRED, at the end.
  void finish();

 private:
  struct member {
    segment r;
    std::uint32_t cohort;
  };
  /// The rows are as large as all else that is made with them: they are never held twice while they grow.
  static constexpr std::size_t segments_in_a_part = std::size_t{1} << 16;
  struct part {
    pool<segment> segments;
    pool<std::uint32_t> cohorts;  ///< by segment, in stores with cohorts
  };
  void copy_rows(std::uint64_t until);
  void take_old_row(std::uint64_t source);
  void append(const segment& r, std::uint32_t cohort);
  std::uint32_t cohort_for(const placed_segment& added);
  struct made_connection {
    std::uint32_t target;
    bool is_new;
    origin from;
    bool is_marked() const { return is_new && from.call != 0; }
  };
  void name(std::uint64_t source, const origins& made);
  std::vector<made_connection> by_target(const origins& made) const;

  connection_store& store_;
  std::uint64_t next_ = 0;  // the first source whose row is not written
  std::uint64_t size_ = 0;
  std::vector<part> parts_;  // all but the last are full
  row_index rows_;
  connection_names::rows names_;

  // Of the row at hand.
  std::vector<member> members_;
  std::size_t looked_at_ = 0;   // of the members, for cohorts that are known
  set_index known_cohorts_[2];  // without spikes so far; the second: of targets that keep times
};

}  // namespace volley::runtime
