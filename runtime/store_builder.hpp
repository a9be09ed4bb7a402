// Turns committed Connect calls into rows of a connection store: a count pass and a fill pass over the same draws, so that
// nothing but the final rows is ever held for calls with one weight and delay; calls with individual values are joined,
// so that a row's runs of equal delay stay long.
#pragma once
#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "runtime/connection_store.hpp"
#include "runtime/projection.hpp"
#include "runtime/row_sorter.hpp"

namespace volley::runtime {

/// What the builder must know about the shard's nodes.
struct target_lookup {
  std::function<std::uint32_t(std::uint64_t id, std::uint32_t receptor, bool currents)> slot;
  std::function<input_form(std::uint32_t slot, bool currents)> form;
  std::function<std::uint64_t(std::uint32_t slot, bool currents)> id;
  std::uint64_t slot_limit = 0;  ///< one more than the largest slot
};

class store_builder {
 public:
  store_builder(connection_store& store, const target_lookup& targets, const layout& place, const time_grid& time)
      : store_(store), targets_(targets), place_(place), time_(time) {}

  /// Adds the connections of all projections, in their order. Values were validated when the calls were made.
  void build(std::span<const projection> projections);

 private:
  /// Values of connections that were not placed yet, by their distance from slot `first`.
  struct joint_values {
    std::uint64_t first, first_weight;
    bool currents = false;
    pool<std::uint32_t> delays, parameters;
  };

  void build_uniform(const projection& p);
  void build_joint(std::span<const projection> projections);
  void fill(const projection& p, std::vector<std::uint64_t>& cursors, joint_values& values);
  void place_rows(const std::vector<std::uint64_t>& begins, joint_values& values, step_t born);
  void place_by_weight(std::uint64_t source, run shape, std::uint64_t begin, std::span<const double> run_weights,
                       double* column, std::uint64_t& kept, std::uint64_t first_weight, std::uint32_t parameters, step_t born);
  void place_run(std::uint64_t source, run r, std::uint64_t n, std::uint32_t parameters, step_t born);
  void place_weights(run& r, std::uint64_t n, double weight);
  std::uint32_t parameter_set_of(const projection& p);

  connection_store& store_;
  const target_lookup& targets_;
  layout place_;
  time_grid time_;
  std::vector<placed_run> placed_;
};

}  // namespace volley::runtime
