// One Connect call as the stores of all VPs see it: which pairs, and with which values. Immutable and shared.
#pragma once
#include <cstdint>
#include <memory>
#include <variant>
#include <vector>

#include "runtime/base/layout.hpp"
#include "runtime/base/ordinals.hpp"
#include "runtime/base/time.hpp"
#include "runtime/rules/listed_pairs.hpp"
#include "runtime/rules/rule.hpp"
#include "runtime/values/value.hpp"

namespace volley::runtime {

/// A number of every connection of a call: shared, drawn per connection, or given one by one.
using connection_number = std::variant<double, parameter_ref, std::shared_ptr<const std::vector<double>>>;

inline bool is_shared(const connection_number& number) { return std::holds_alternative<double>(number); }

/// Pairs given one by one; ids may repeat and need no order. Of several ranks each may have only those that end on it.
struct id_pairs {
  std::vector<std::uint64_t> sources, targets;
  // Of all ranks, without repetitions:
  node_set distinct_sources, distinct_targets;
  // What the kernel alone asks for is in no image:
  std::uint64_t number = 0;           ///< of all ranks
  std::vector<source_reach> reaches;  ///< ascending
  bool repeat = false;                ///< some pair is there twice
  template <class Snapshot> void snapshot(Snapshot& s) { s(sources, targets, distinct_sources, distinct_targets); }
};

/// Some of the pairs of a call: those between two sets. A call with nodes of several kinds is several projections.
struct pair_filter {
  node_set sources, targets;
  template <class Snapshot> void snapshot(Snapshot& s) { s(sources, targets); }
};

struct projection {
  std::shared_ptr<const rule_spec> rule;    ///< null when `pairs` are given
  std::shared_ptr<const id_pairs> pairs;    ///< null when a rule draws them
  std::shared_ptr<const pair_filter> only;  ///< null: all pairs
  store_ordinal store;
  std::uint32_t seed = 0, call = 0;  ///< owner of the draws of values
  std::uint32_t collocated = 0;      ///< position among the specs of one call: tells their draws apart
  bool currents = false;             ///< the sources emit currents, not spikes
  step_t born = 0;
  std::uint32_t told_call = 0;  ///< ordinal of the call, where rows must tell its connections from others; else 0
  connection_number weight = 1.0;
  connection_number delay_ms = 1.0;
  connection_number receptor = 0.0;  ///< whole numbers
  std::vector<double> defaults;      ///< parameters, first traces and variables of the model when the call was made
  /// Members of these that the call sets, (member, number).
  std::vector<std::pair<std::uint32_t, connection_number>> parameters;
  template <class Snapshot> void snapshot(Snapshot& s) {
    s(rule, pairs, only, store, seed, call, collocated, currents, born, told_call);
    s(weight, delay_ms, receptor, defaults, parameters);
    if constexpr (Snapshot::loads)
      if ((rule == nullptr) == (pairs == nullptr)) s.refuse();
  }
};

}  // namespace volley::runtime
