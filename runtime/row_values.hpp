// The connections of one source whose weights, delays or parameters differ: their values, drawn or given, and their order.
#pragma once
#include <cstdint>
#include <span>
#include <vector>

#include "runtime/connection_numbers.hpp"
#include "runtime/connection_store.hpp"
#include "runtime/projection.hpp"
#include "runtime/target_lookup.hpp"

namespace volley::runtime {

/// One projection with the buffers of its draws.
class projection_values {
 public:
  projection_values(const projection& p, const target_lookup& targets, const time_grid& time);

  /// Connections of `source` to `slots`, in creation order. `entries`: their places in arrays of values, empty without such.
  struct site {
    std::uint64_t source;
    std::span<const std::uint32_t> slots;
    std::span<const std::uint64_t> entries;
  };
  void weights(const site&, std::span<double> out);
  void delays(const site&, std::span<std::uint32_t> out);
  /// Indices of parameter sets, which are added to `store` where they are new.
  void parameter_sets(const site&, connection_store& store, std::span<std::uint32_t> out);
  /// The one parameter set of a projection whose parameters do not differ.
  std::uint32_t parameter_set(connection_store& store) const;

  /// True when some value is given by an array.
  bool has_arrays() const { return has_arrays_; }

 private:
  void fill(number_column& column, const site&, std::span<double> out);

  const projection& p_;
  const target_lookup& targets_;
  time_grid time_;
  number_column weight_, delay_;
  std::vector<number_column> parameters_;
  bool has_arrays_, parameters_vary_;
  std::vector<std::uint32_t> ids_;
  std::vector<double> numbers_;
  std::vector<std::vector<double>> columns_;
};

/// The connections that one source gets from neighbouring projections, in canonical order: (delay, form), then creation.
class joint_row {
 public:
  void clear();
  /// Room for n more connections; returns where they begin.
  std::size_t grow(std::size_t n, bool has_sets);
  void sort(const target_lookup& targets, bool currents);

  std::vector<std::uint32_t> slots, delays, sets;  ///< sets: empty for static stores
  std::vector<double> weights;

 private:
  bool find_order(const target_lookup& targets, bool currents);
  template <class T> void permute(std::vector<T>& column, std::vector<T>& buffer) const;

  std::vector<std::uint32_t> keys_, order_, counts_, words_;
  std::vector<double> doubles_;
};

}  // namespace volley::runtime
