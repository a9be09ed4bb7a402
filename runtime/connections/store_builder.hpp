// Turns committed Connect calls into rows of a connection store, in two passes over the same draws: one counts the
// connections of each source, one puts their targets in place. Weights and delays follow row by row, so that nothing
// but the final rows is ever held. Neighbouring calls with individual values are joined, so that a row's segments of
// equal delay stay long.
#pragma once
#include <cstdint>
#include <span>
#include <vector>

#include "runtime/connections/connection_store.hpp"
#include "runtime/connections/made_entries.hpp"
#include "runtime/connections/row_counts.hpp"
#include "runtime/connections/row_values.hpp"
#include "runtime/connections/target_lookup.hpp"
#include "runtime/rules/projection.hpp"

namespace volley::runtime {

class store_builder {
 public:
  /// `entries`: of nodes that have some for connections; null where no node has.
  store_builder(connection_store& store, const target_lookup& targets, const layout& place, const time_grid& time,
                made_entries* entries = nullptr)
      : store_(store),
        targets_(targets),
        place_(place),
        time_(time),
        entries_(targets.make_entries() ? entries : nullptr) {}

  /// Adds the connections of all projections, in their order. Values were validated when the calls were made. Errors:
  /// bad_alloc; built() projections are there then, and nothing of the others.
  void build(std::span<const projection> projections);
  std::size_t built() const { return built_; }

 private:
  /// One projection at work.
  struct part {
    const projection* p;
    row_counts rows;
    projection_values values;
    bool uniform;                             ///< one weight, delay and parameter set for all
    std::uint32_t forms = 0;                  ///< a bit for each input form among its targets
    std::uint32_t delay = 0, parameters = 0;  ///< of uniform ones
  };
  /// The connections of one part in the row at hand.
  struct piece {
    part* from;
    std::uint64_t begin, count;
  };

  void build_batch(std::span<const projection> projections);
  void place_batch(std::span<const projection> projections);
  void fill(part&, std::uint64_t origin, std::vector<std::uint64_t>& cursors, pool<std::uint64_t>& entries);
  input_slot slot_of(part&, std::uint64_t target, double receptor) const;
  template <class Slot, class Note>
  void fill_slots(part&, Slot* slots, std::uint64_t origin, std::vector<std::uint64_t>& cursors, Note&& note);
  /// The same where each connection has a receptor, or an entry, of its own.
  template <class Slot, class Note> void fill_slots_by_receptors(part&, Slot* slots, std::uint64_t origin,
                                                                 std::vector<std::uint64_t>& cursors, Note&& note);
  void place_rows(std::vector<part>&, std::uint64_t origin, std::span<const std::uint64_t> ends,
                  const pool<std::uint64_t>& entries);
  void place_uniform(const piece&);
  void place_joint(std::uint64_t source, std::span<const piece>, const pool<std::uint64_t>& entries);
  void fill_variables(const piece&);
  void place_by_weight(segment shape, std::span<const double> weights, std::size_t worth_a_segment,
                       std::uint32_t parameters, step_t born);
  void place_segment(segment r, std::uint64_t n, std::uint32_t parameters, step_t born);
  void reserve_weights(std::span<const part>);
  void reserve_cohorts(std::span<const part>);
  void find_origins(std::uint64_t begin, std::span<const piece>);
  void follow_sort(std::span<connection_store::row_writer::origin>) const;

  connection_store& store_;
  const target_lookup& targets_;
  layout place_;
  time_grid time_;
  made_entries* entries_;
  std::size_t built_ = 0;
  std::uint64_t first_slot_ = 0;        ///< of the batch at hand
  std::vector<placed_segment> placed_;  ///< of the row at hand
  joint_row row_;
  std::vector<connection_store::row_writer::origin>
      origins_;  ///< by place in the row; empty where its order tells enough
};

}  // namespace volley::runtime
