// The nodes of one Create call that live on one VP: columns of values, and their update over a stretch of steps.
#pragma once
#include <cstdint>
#include <optional>
#include <set>
#include <span>
#include <string_view>
#include <vector>

#include "models/core/neuron_model.hpp"
#include "runtime/base/layout.hpp"
#include "runtime/base/time.hpp"
#include "runtime/loops/loops.hpp"
#include "runtime/nodes/attributes.hpp"
#include "runtime/nodes/told_spikes.hpp"
#include "runtime/space/layer.hpp"

namespace volley::runtime {

/// What arrives during one call of advance(), by member of the model's input and step of the call. Rows have padded()
/// entries.
struct input_view {
  double* const* rows;  ///< [member * steps + lag] -> entry of cell 0, or null: nothing. Read, then set to zero
  double* const* arrived = nullptr;  ///< the same shape, added before `rows`, also set to zero; may be null as a whole
  const timed_row* timed = nullptr;  ///< [lag], for models that keep times within a step; null: nothing arrives there
  std::uint32_t first_slot = 0;      ///< of cell 0 in `timed`
};

/// Where advance() leaves its spikes. Owned by the caller and overwritten.
struct spike_marks {
  std::uint64_t* bits;  ///< [lag * padded() / 64 + cell / 64], bit cell % 64
  double* counts =
      nullptr;  ///< [lag * padded() + cell]: multiplicities where a bit is set; for models that emit counts
  double* offsets = nullptr;                        ///< the same shape; for models that emit times or amounts
  std::vector<models::sent_spike>* sent = nullptr;  ///< by step, cell and time; for models that emit events
};

class population;

/// One recordable of all cells: the value of cell c is values[c] + offset[c & every], or computed.
struct recorded_column {
  const double* values;
  column_view offset;
  const population* of;  ///< null: not computed
  const models::field* what;
  mutable std::vector<double> members;  ///< of the cell that was read last
  double operator[](std::uint32_t cell) const;
};

class population {
 public:
  /// Nodes with the values of a prototype. The loops are a parameter for tests; results do not depend on them.
  population(const attributes& prototype, const local_ids& nodes, const loop_set& loops = best_loops());

  const models::neuron_model& model() const { return attributes_.model(); }
  const local_ids& ids() const { return nodes_; }
  /// Where all nodes of its Create call are; null: nowhere.
  const layer_ref& where() const { return where_; }
  /// REQUIRES: the nodes are some of the layer's.
  void lie_in(layer_ref where);
  std::uint32_t size() const { return nodes_.count; }
  std::uint32_t padded() const { return runtime::padded(nodes_.count); }

  const attributes& values() const { return attributes_; }
  /// As attributes::set. prepare() must follow before the next advance().
  change_effect set(const dictionary& values, std::span<const std::uint32_t> cells,
                    std::span<const std::uint64_t> positions = {}, const value_reading& how = {});
  /// See attributes. Where something changed, prepare() must follow before the next advance().
  bool note_connections(std::uint32_t cell, bool there_are);
  void add_entries(std::span<const std::uint32_t> more);
  bool is_frozen(std::uint32_t cell) const { return attributes_.node(&node_record::frozen)[cell] != 0; }

  /// Computes the derived constants of cells that changed, of all when the grid did.
  void prepare(const time_grid& grid);

  /// How many updates the next advance() may have at most: users tell some neurons when they spike.
  std::uint32_t updates_alike() const { return told_.updates_alike(); }
  /// Updates `first`, ..., `first + steps - 1`. Frozen cells keep their state and are silent; their input is discarded.
  /// Random numbers follow from the seed, the node and the step alone.
  void advance(step_t first, std::uint32_t steps, std::uint32_t seed, const input_view& input,
               const spike_marks& marks);

  /// Enters the spikes of an advance() into the archive: time of the last spike and calcium. Errors:
  /// NumericalInstability and BadProperty, where a cell could not go on (models::stops).
  void archive_spikes(step_t first, std::uint32_t steps, const spike_marks& marks);
  /// Calcium decays between spikes: what is left of it at a time.
  double calcium(std::uint32_t cell, double now_ms) const;
  /// From now on it decays from that time on, and synaptic elements have grown until then: before somebody sets it, its
  /// time constant, or the elements.
  void keep_calcium(std::span<const std::uint32_t> cells, double now_ms);
  /// The cells begin at that time, with the calcium that they have.
  void begin_at(double now_ms);
  /// Synaptic elements of all cells grow until that time.
  void grow(double now_ms);
  synaptic_elements& elements() { return attributes_.elements(); }

  /// The names a multimeter can record, sorted; the position is the index for recorded().
  std::span<const std::string_view> recordables() const { return recordable_names_; }
  std::optional<std::size_t> recordable(std::string_view name) const;
  /// Valid until the next set() or restore().
  recorded_column recorded(std::size_t recordable);
  /// The value of a computed row, from the derived constants of the last prepare(). `members`: a place for what it
  /// reads.
  double computed(const models::field& f, std::uint32_t cell, std::vector<double>& members) const;

  /// With its part of the positions, which the VPs of a process share.
  std::uint64_t bytes() const;
  /// Of a population of `cells` (padded) that has run: a value a cell for the state, what spikes leave behind, the
  /// parameters in `varied` (by column) and the constants derived from these; one value for the others.
  static double bytes_of(const models::neuron_model& model, std::uint64_t cells, const std::set<std::size_t>& varied);

  /// Puts back what values() were.
  void restore(attributes values);
  /// See attributes::take. prepare() must follow.
  void take(const attributes& others, std::span<const attributes::cell_pair> cells, bool first) {
    attributes_.take(others, cells, first);
    changed();
  }
  /// prepare() must follow a load.
  template <class Snapshot> void snapshot(Snapshot& s) {
    s(attributes_);
    if constexpr (Snapshot::loads) changed();
  }

 private:
  template <class Visit>
  void for_each_spike(step_t first, std::uint32_t steps, const spike_marks& marks, Visit&& visit);
  template <class Visit> void for_each_event(const spike_marks& marks, Visit&& visit);
  void grow_cell(std::uint32_t cell, double now_ms);
  [[noreturn]] void fail(std::uint32_t cell, double t_ms, double stop) const;
  void changed();
  void fit_model();
  void calibrate(std::uint32_t cell, std::vector<double>& derived) const;
  void calibrate_changed();
  void calibrate_all();
  void collect_views();
  void find_frozen();
  void keep_frozen();
  void put_back_frozen(std::uint32_t steps, const spike_marks& marks);
  void silence_padding(std::uint32_t steps, const spike_marks& marks) const;

  local_ids nodes_;
  layer_ref where_;
  attributes attributes_;
  std::vector<column> derived_;
  step_loop loop_;

  time_grid grid_;                      // of the derived constants
  bool is_prepared_ = false;            // since the last change
  bool all_changed_ = true;             // since prepare()
  std::vector<std::uint32_t> changed_;  // the cells that changed, unless all did

  told_spikes told_;

  std::vector<std::uint32_t> frozen_;  // cells
  std::vector<double> frozen_state_;   // theirs, while a loop runs over them

  std::vector<std::string_view> recordable_names_;
  std::vector<const models::field*> recordables_;

  // What the loop reads, collected by prepare().
  std::vector<column_view> param_views_, derived_views_;
  std::vector<double*> state_;
  bool params_vary_ = false, derived_vary_ = false;
};

inline double recorded_column::operator[](std::uint32_t cell) const {
  return of == nullptr ? values[cell] + offset.data[cell & offset.every] : of->computed(*what, cell, members);
}

}  // namespace volley::runtime
