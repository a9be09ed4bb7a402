// Edits rows of one connection store: first staged, which may be refused or fail and changes nothing, then committed,
// which cannot fail. An edit costs what it edits: values change where they lie; a segment of shared weight gets a
// weight for each of its connections when they begin to differ; a row is laid out anew when a delay changes, a
// connection goes, or some of those that shared their traces get other parameters.
#pragma once
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <tuple>
#include <utility>
#include <vector>

#include "models/core/synapse_model.hpp"
#include "runtime/base/ordinals.hpp"
#include "runtime/connections/connection_store.hpp"
#include "runtime/connections/row_reader.hpp"

namespace volley::runtime {

/// A number for each connection of a list, or one for all.
struct number_list {
  std::vector<double> values;
  std::vector<std::uint8_t> given = {};  ///< by connection; empty: all have one
  bool has(std::size_t i) const { return given.empty() || given[i] != 0; }
  double operator[](std::size_t i) const { return values[values.size() == 1 ? 0 : i]; }
  template <class Snapshot> void snapshot(Snapshot& s) { s(values, given); }
};

/// What is to become of the connections of a list. What is absent stays.
struct connection_edit {
  struct parameter {
    std::vector<std::int32_t> member_of;  ///< by store: parameters, then traces, then variables; negative: it has none
    number_list values;
    bool leads = false;  ///< they are what delays are shorter by than their steps
    template <class Snapshot> void snapshot(Snapshot& s) { s(member_of, values, leads); }
  };
  bool remove = false;
  std::optional<number_list> weight = {}, delay_steps = {};
  std::vector<parameter> parameters = {};
  template <class Snapshot> void snapshot(Snapshot& s) { s(remove, weight, delay_steps, parameters); }
};

/// A connection that an edit would make illegal, as it would be.
struct illegal_connection {
  std::uint64_t position;  ///< in the list
  std::vector<double> parameters;
  double weight;
};

class row_editor {
 public:
  /// All are kept by reference. `store`: the ordinal of `rows`.
  row_editor(connection_store& rows, const models::synapse_model& model, store_ordinal store,
             const connection_edit& edit)
      : rows_(rows), model_(model), store_(store), edit_(edit), next_weight_(rows.n_weights()) {}

  /// One connection of the row at hand, and what is asked for it.
  struct asked {
    std::uint32_t entry;     ///< position in what was read
    std::uint64_t position;  ///< in the list
  };
  /// Stages the edit of a row. `entries`: all its connections with the targets of those that are asked for, in the
  /// order of the row; `changes` ascend by entry. A source is staged once.
  void stage(std::uint64_t source, std::span<const row_entry> entries, std::span<const asked> changes);
  /// The first connection of the list that would become illegal.
  const std::optional<illegal_connection>& illegal() const { return illegal_; }

  /// After the last stage(): what commit() needs.
  void make_room();
  void commit() noexcept;

 private:
  /// A connection of a row that is laid out anew.
  struct loose_connection {
    input_slot slot;
    std::uint32_t delay_steps, form, cohort;
    std::uint32_t entry;  ///< position in what was read, or row_reader::none
    double weight;
    std::size_t variables;  ///< where they begin among loose_variables_
  };
  struct new_cohort {
    std::uint32_t from, parameters;
    std::vector<double> traces;
  };
  /// A row laid out anew: its parts of the columns of all such rows.
  struct new_row {
    std::uint64_t source;
    std::size_t segments, slots, weights, variables;  ///< where they begin
  };

  double weight_after(const segment& r, const row_entry& e, std::uint64_t position) const;
  bool moves(const segment& r, std::uint64_t position) const;
  void check(std::uint64_t position, std::span<const double> parameters, double weight);
  void add_variables(const double* now, std::uint64_t position, std::vector<double>& to) const;
  void stage_variables(std::span<const segment> row, std::span<const row_entry> entries,
                       std::span<const asked> changes);
  void stage_weights(std::uint64_t first_segment, std::span<const segment> row, std::span<const row_entry> entries,
                     std::span<const asked> changes);
  void stage_segment_weights(std::uint64_t index, const segment& r, std::span<const row_entry> entries,
                             std::span<const asked> changes);
  bool stage_parameters(std::uint64_t first_segment, std::span<const segment> row, std::span<const row_entry> entries,
                        std::span<const asked> changes);
  void read_parameters(std::uint32_t cohort, std::uint64_t position, std::vector<double>& set,
                       std::vector<double>& traces) const;
  void loosen(std::uint64_t source, std::span<const row_entry> entries, std::span<const asked> changes);
  void lay_out(std::uint64_t source);
  void place(std::span<const loose_connection> group, std::size_t worth_a_segment);
  void rename_row(std::uint64_t source, std::span<const row_entry> entries);
  connection_store::row_content content(std::size_t row) const;

  connection_store& rows_;
  const models::synapse_model& model_;
  store_ordinal store_;
  const connection_edit& edit_;
  std::optional<illegal_connection> illegal_;

  // Staged, in the order in which commit() does them.
  std::vector<std::uint64_t> promoted_;                          // segments
  std::uint64_t next_weight_;                                    // behind those of promoted segments
  std::vector<std::pair<std::uint64_t, double>> weights_;        // by place
  std::vector<std::pair<std::uint64_t, double>> variables_;      // by place in the column
  std::vector<std::pair<std::uint64_t, std::uint64_t>> shared_;  // segments and their shared weights
  std::vector<new_cohort> changed_cohorts_, cohorts_;            // where they are; at the end
  std::vector<new_row> new_rows_;
  std::vector<segment> segments_;
  std::vector<std::uint32_t> segment_cohorts_, slots_;
  std::vector<double> row_weights_, row_variables_;
  connection_names::rows names_;

  // Of the row at hand.
  std::vector<std::uint32_t> cohort_of_;  // by change
  std::vector<loose_connection> loose_;
  std::vector<double> group_weights_, loose_variables_;
};

}  // namespace volley::runtime
