// The connections of one source whose weights, delays or parameters differ: their values, drawn or given, and their
// order.
#pragma once
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "runtime/connections/connection_numbers.hpp"
#include "runtime/connections/connection_store.hpp"
#include "runtime/connections/target_lookup.hpp"
#include "runtime/rules/projection.hpp"

namespace volley::runtime {

/// One projection with the buffers of its draws.
class projection_values {
 public:
  projection_values(const projection& p, const target_lookup& targets, const time_grid& time);

  /// From here on, the connections of `source` to `slots` in creation order. `entries`: their places in arrays of
  /// values.
  void visit(std::uint64_t source, std::span<const std::uint32_t> slots, std::span<const std::uint64_t> entries);
  void weights_and_delays(std::span<double> weights, std::span<std::uint32_t> delays);
  /// Indices of parameter sets, which are added to `store` where they are new.
  void parameter_sets(connection_store& store, std::span<std::uint32_t> out);
  /// The one parameter set of a projection whose parameters do not differ.
  std::uint32_t parameter_set(connection_store& store) const;
  /// Whether connections have several.
  bool sets_vary(const connection_store& store) const;
  /// Variables, [connection][variable].
  void variables(const connection_store& store, std::span<double> out);

  /// True when some value is given by an array.
  bool has_arrays() const { return has_arrays_; }

 private:
  void fill(const number_column& column, std::span<double> out) const;
  /// Members of parameter sets; those behind are variables.
  std::size_t set_size(const connection_store& store) const { return p_.defaults.size() - store.n_variables(); }

  const projection& p_;
  const target_lookup& targets_;
  time_grid time_;
  number_column weight_, delay_;
  std::vector<number_column> parameters_;
  bool has_arrays_ = false, draws_ = false;
  std::span<const std::uint64_t> entries_;
  std::vector<std::uint32_t> ids_;
  draw_owners owners_;
  std::optional<connection_geometry> geometry_;
  std::vector<double> numbers_, set_;
  std::vector<std::vector<double>> columns_;
};

/// The connections that one source gets from neighbouring projections, in canonical order: (delay, form), then
/// creation.
class joint_row {
 public:
  void clear();
  /// Room for n more connections; returns where they begin.
  std::size_t grow(std::size_t n, bool has_sets, bool has_order, std::uint32_t n_variables = 0);
  /// `forms`: a bit for each input form among the targets.
  void sort(const target_lookup& targets, bool currents, std::uint32_t forms);

  /// After sort(): neighbours of one delay and form.
  struct stretch {
    std::uint32_t begin, end, delay;
    input_form form;
  };
  std::span<const stretch> stretches() const { return stretches_; }

  std::vector<std::uint32_t> slots, delays, sets;  ///< sets: empty for stores without; delays: only until sort()
  std::vector<std::uint32_t> order;                ///< where they stood before sort(); empty where nobody asks
  std::vector<double> weights;
  std::vector<double> variables;  ///< [connection][variable]

 private:
  struct key_range {
    std::uint32_t low, high;
    std::size_t size() const { return std::size_t{high} - low + 1; }
  };
  key_range find_keys(const target_lookup& targets, bool currents, std::uint32_t forms);
  void sort_by_counting(key_range);
  void sort_by_comparing();
  void end_stretch(std::uint32_t key, std::size_t end);
  template <class PlaceOf> void permute(PlaceOf&& place_of);

  std::vector<std::uint32_t> keys_, counts_, moved_slots_, moved_sets_, moved_order_;
  std::vector<double> moved_weights_, moved_variables_;
  std::vector<input_form> forms_;  // among the targets, ascending
  std::vector<stretch> stretches_;
};

}  // namespace volley::runtime
