// Connections of recorders, detectors and meters with nodes. They transmit nothing to be summed: weight, delay and
// label are kept to be read back, and the delay counts for min_delay and max_delay. A detector hears by weight and
// receptor.
#pragma once
#include <algorithm>
#include <cstdint>
#include <functional>
#include <vector>

#include "models/core/synapse_model.hpp"
#include "runtime/base/layout.hpp"
#include "runtime/base/ordinals.hpp"
#include "runtime/connections/delay_extrema.hpp"
#include "runtime/rules/projection.hpp"
#include "runtime/values/value.hpp"

namespace volley::runtime {

/// A number of every node of a tap: one for all while they are equal, else one each.
template <class T> class tap_column {
 public:
  explicit tap_column(T all) : values_{all} {}
  explicit tap_column(std::vector<T> each) : values_(std::move(each)) {
    if (std::adjacent_find(values_.begin(), values_.end(), std::not_equal_to<T>()) == values_.end()) values_.resize(1);
  }
  bool is_shared() const { return values_.size() == 1; }
  const std::vector<T>& values() const { return values_; }
  T operator[](std::size_t i) const { return values_[is_shared() ? 0 : i]; }
  /// Sets that of node `i` of `n`.
  void set(std::size_t i, std::size_t n, T x) {
    if (is_shared() && x == values_[0]) return;
    if (is_shared()) values_.assign(n, values_[0]);
    values_[i] = x;
  }
  template <class Snapshot> void snapshot(Snapshot& s) { s(values_); }

 private:
  std::vector<T> values_;
};

/// Connections of one recorder with nodes, each of them once.
struct tap {
  recorder_ordinal recorder;
  std::uint64_t recorder_id = 0;
  store_ordinal store;
  bool samples = false;        ///< the recorder is a meter, and so the source
  bool of_generators = false;  ///< a recorder's: the nodes are generators, which every VP knows
  bool detects = false;        ///< the recorder is a detector, which hears all nodes on its own VP
  node_set nodes;
  tap_column<double> weights{1.0};
  tap_column<std::uint32_t> delays{1};          ///< in steps
  tap_column<double> labels{models::no_label};  ///< what static models have of parameters
  tap_column<std::int64_t> receptors{0};        ///< of a detector

  std::uint64_t source(std::uint64_t node) const { return samples ? recorder_id : node; }
  std::uint64_t target(std::uint64_t node) const { return samples ? node : recorder_id; }
  delay_extrema extrema() const {
    const auto [min, max] = std::minmax_element(delays.values().begin(), delays.values().end());
    return {*min, *max};
  }
  template <class Snapshot> void snapshot(Snapshot& s) {
    s(recorder, recorder_id, store, samples, of_generators, detects, nodes, weights, delays, labels, receptors);
    if constexpr (Snapshot::loads)
      if (!fit()) s.refuse();
  }
  /// True for numbers of these nodes.
  bool fit() const { return fits(weights) && fits(delays) && fits(labels) && fits(receptors); }
  /// True where its connections are kept on the recorder's VP, whatever the nodes'.
  bool is_with_recorder() const { return of_generators || detects; }
  template <class T> bool fits(const tap_column<T>& numbers) const {
    return numbers.is_shared() || numbers.values().size() == nodes.size();
  }
};

/// The connections of `t` that live on one VP: where their node does, or their recorder.
tap local_part(const tap& t, const layout& place);

/// Which end of a call's connections are recorders.
struct recording_ends {
  bool samples = false, of_generators = false;
  std::function<recorder_ordinal(std::uint64_t id)> position;  ///< of a recorder
  std::function<bool(std::uint64_t id)> is_detector = [](std::uint64_t) { return false; };
};

/// The label of every connection of the call. REQUIRES: a model that recorders take, which has no other parameters.
inline connection_number label_of(const projection& p) {
  if (!p.parameters.empty()) return p.parameters.front().second;
  return p.defaults.empty() ? models::no_label : p.defaults.front();
}

/// True where every recorder hears one and the same set, however large, and no connection has numbers of its own.
inline bool hears_sets(const projection& p) {
  return p.rule != nullptr && p.rule->kind == rule_kind::all_to_all && is_shared(p.weight) && is_shared(p.delay_ms) &&
         is_shared(label_of(p)) && is_shared(p.receptor);
}

/// The connections of `p`, all of them with recorders at one end, by recorder. A pair that repeats is in several taps.
/// Errors: BadDelay where a drawn delay is outside `limits`, TypeMismatch where a drawn receptor is no whole number.
std::vector<tap> taps_of(const projection& p, const recording_ends& ends, const time_grid& time,
                         const delay_limits& limits);

}  // namespace volley::runtime
