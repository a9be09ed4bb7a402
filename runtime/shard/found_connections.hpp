// Connections of a shard as users see them. One is named by its model, source, target and multapse number.
#pragma once
#include <cstdint>
#include <optional>
#include <vector>

#include "runtime/base/ordinals.hpp"
#include "runtime/values/value.hpp"

namespace volley::runtime {

struct connection_filter {
  std::optional<node_set> sources, targets;
  std::optional<store_ordinal> model;
  std::optional<double> label = {};  ///< connections of models without labels do not have it
  template <class Snapshot> void snapshot(Snapshot& s) { s(sources, targets, model, label); }
};

struct found_connection {
  /// For `call`: connections of recorders, which follow the others of their source.
  static constexpr std::uint32_t of_recorder = ~std::uint32_t{0};
  store_ordinal model;
  std::uint32_t source, target, number;
  std::uint32_t call;  ///< as in connection_name
};

/// Values of some connections of a list, as columns of equal length.
struct connection_values {
  std::vector<std::uint32_t> positions;  ///< in the list
  std::vector<double> weights;
  std::vector<std::uint32_t> delay_steps;
  std::vector<std::int32_t> receptors;
  std::size_t n_parameters = 0;    ///< of each, 0 where nobody wants them; models without leave them out
  std::vector<double> parameters;  ///< parameters, then traces and variables as they are
  template <class Snapshot> void snapshot(Snapshot& s) {
    s(positions, weights, delay_steps, receptors, n_parameters, parameters);
  }
};

/// One connection of each pair: the oldest, of those with the label.
struct pair_removal {
  store_ordinal store;
  bool one_to_one = false;  ///< else all to all; pairs are counted source by source
  node_set sources, targets;
  std::optional<double> label = {};  ///< REQUIRES: the model is labelled
  template <class Snapshot> void snapshot(Snapshot& s) {
    s(store, one_to_one, sources, targets, label);
    if constexpr (Snapshot::loads)
      if (one_to_one && sources.size() != targets.size()) s.refuse();
  }
};

}  // namespace volley::runtime
