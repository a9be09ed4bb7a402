// Rows of one store as a saved network holds them: connections by the ids and receptors of their targets, so that each
// VP of any layout can take its own. In a row, connections with one target stand in their order; those with different
// targets never influence each other's place.
#pragma once
#include <cstdint>
#include <span>
#include <vector>

#include "runtime/base/layout.hpp"
#include "runtime/connections/connection_names.hpp"
#include "runtime/connections/connection_store.hpp"
#include "runtime/connections/set_index.hpp"
#include "runtime/connections/target_lookup.hpp"

namespace volley::runtime {

/// A stretch of rows on one VP, by columns.
struct saved_rows {
  /// Of a segment.
  enum : std::uint8_t { varied = 1, currents = 2, many_receptors = 4, all_marks = 7 };

  std::vector<std::uint32_t> sources, row_segments;    ///< by row: its source, and how many segments it has
  std::vector<std::uint32_t> counts, delays, cohorts;  ///< by segment; cohorts in stores that have some
  std::vector<std::uint8_t> marks;                     ///< by segment
  std::vector<std::uint32_t> receptors;                ///< one a segment, or one a connection
  std::vector<double> weights;                         ///< one a segment, or one a connection
  std::vector<std::uint32_t> targets;                  ///< by connection: ids
  std::vector<double> variables;                       ///< by connection, as many each as the model has
  std::vector<step_t> born, last_spikes;               ///< by cohort
  std::vector<double> last_offsets_ms;                 ///< likewise
  std::vector<std::uint32_t> sets;                     ///< by cohort: its parameters, among these
  std::vector<std::vector<double>> parameter_sets;
  std::vector<double> traces;  ///< by cohort, as many each as the model has
  connection_names::rows names;

  bool empty() const { return sources.empty() && names.empty(); }
  template <class Snapshot> void snapshot(Snapshot& s) {
    s(sources, row_segments, counts, delays, cohorts, marks, receptors, weights, targets, variables, born, last_spikes,
      last_offsets_ms, sets, parameter_sets, traces, names);
    if constexpr (Snapshot::loads)
      if (!fits_together()) s.refuse();
  }

 private:
  bool fits_together() const;
};

/// The rows of the sources first..last (both included).
saved_rows rows_of(const connection_store& store, const target_lookup& targets, std::uint64_t first,
                   std::uint64_t last);

/// Fills an empty store with the connections whose targets live on one VP.
class connection_store::row_loader {
 public:
  /// Store and targets are kept by reference. `set_size`: parameters and traces of the model.
  row_loader(connection_store& store, std::size_t set_size, const target_lookup& targets, const layout& place);

  /// The same stretch of rows, as all VPs of another layout had it. Sources ascend from call to call. Errors:
  /// std::invalid_argument for what does not fit the nodes and the store.
  void add(std::span<const saved_rows> of_all);
  /// REQUIRED, at the end.
  void finish();

 private:
  /// Where a part is read.
  struct cursor {
    std::size_t row = 0, segment = 0, connection = 0, receptor = 0, weight = 0;
    std::vector<std::uint32_t> cohorts = {};  ///< of the store, by those of the part; none until somebody needs it
  };
  struct loose_connection {
    std::uint32_t slot, delay, form, cohort;
    double weight;
    bool varied;
    const double* variables;
  };
  void take_segment(const saved_rows& from, cursor& at);
  std::uint32_t cohort_for(const saved_rows& from, std::uint32_t number, bool keeps_times, cursor& at);
  input_slot slot_of(std::uint32_t target, std::uint32_t receptor, bool currents) const;
  void put_row(std::uint64_t source);
  connection_names::rows names_in(std::span<const saved_rows> of_all) const;

  connection_store& store_;
  const std::size_t set_size_;
  const target_lookup& targets_;
  const layout place_;
  std::uint64_t next_ = 0;  // sources before this one are done
  // Of the row at hand.
  std::vector<loose_connection> loose_;
  set_index cohorts_[2];  // the second: of targets that keep times
};

}  // namespace volley::runtime
