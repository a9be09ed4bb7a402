#include "runtime/shard/tap.hpp"

#include <map>
#include <numeric>

#include "runtime/connections/connection_numbers.hpp"
#include "runtime/rules/local_nodes.hpp"
#include "runtime/rules/projection_walk.hpp"

namespace volley::runtime {
namespace {

template <class T> tap_column<T> part_of(const tap_column<T>& from, const std::vector<std::uint32_t>& positions) {
  if (from.is_shared() || positions.empty()) return tap_column<T>(from[0]);
  std::vector<T> part;
  part.reserve(positions.size());
  for (const auto i : positions) part.push_back(from[i]);
  return tap_column<T>(std::move(part));
}

/// The nodes of one recorder in the order of the call. Numbers that all connections share are in neither column.
struct listing {
  std::vector<std::uint64_t> nodes;
  std::vector<double> weights, labels;
  std::vector<std::uint32_t> delays;
  std::vector<std::int64_t> receptors;
};

/// Weights, delays, labels and receptors of the connections of a call, a batch at a time, where they are not shared.
class tapped_numbers {
 public:
  tapped_numbers(const projection& p, const time_grid& time, const delay_limits& limits)
      : weight_(p, p.weight, weight_leaf),
        delay_(p, p.delay_ms, delay_leaf),
        of_label_(label_of(p)),
        label_(p, of_label_, first_parameter_leaf),
        receptor_(p, p.receptor, receptor_leaf),
        time_(time),
        limits_(limits),
        each_weight_(!is_shared(p.weight)),
        each_delay_(!is_shared(p.delay_ms)),
        each_label_(!is_shared(of_label_)),
        each_receptor_(!is_shared(p.receptor)),
        batch_(p) {}

  void read(const id_batch& b) {
    if (each_weight_ || each_delay_ || each_label_ || each_receptor_) batch_.visit(b);
    if (each_weight_) batch_.read(weight_, weights);
    if (each_label_) batch_.read(label_, labels);
    if (each_receptor_) {
      batch_.read(receptor_, numbers_);
      receptors.clear();
      for (const double receptor : numbers_) receptors.push_back(whole_receptor(receptor));
    }
    if (!each_delay_) return;
    batch_.read(delay_, numbers_);
    delays.clear();
    for (const double ms : numbers_) delays.push_back(legal_delay(ms, time_, limits_, "Connect"));
  }

  void add_to(listing& to, std::size_t i) const {
    if (each_weight_) to.weights.push_back(weights[i]);
    if (each_delay_) to.delays.push_back(delays[i]);
    if (each_label_) to.labels.push_back(labels[i]);
    if (each_receptor_) to.receptors.push_back(receptors[i]);
  }

 private:
  std::vector<double> weights, labels;
  std::vector<std::uint32_t> delays;
  std::vector<std::int64_t> receptors;
  const number_column weight_, delay_;
  const connection_number of_label_;
  const number_column label_, receptor_;
  const time_grid& time_;
  const delay_limits& limits_;
  const bool each_weight_, each_delay_, each_label_, each_receptor_;
  batch_numbers batch_;
  std::vector<double> numbers_;
};

std::map<std::uint64_t, listing> listings_of(const projection& p, bool samples, const time_grid& time,
                                             const delay_limits& limits) {
  std::map<std::uint64_t, listing> by_recorder;
  tapped_numbers numbers(p, time, limits);
  walk(p, layout{0, 1}, [&](const id_batch& b) {
    numbers.read(b);
    for (std::size_t i = 0; i < b.size(); ++i) {
      auto& to = by_recorder[samples ? b.source(i) : b.target(i)];
      to.nodes.push_back(samples ? b.target(i) : b.source(i));
      numbers.add_to(to, i);
    }
  });
  return by_recorder;
}

template <class T> std::vector<T> picked(const std::vector<T>& from, const std::vector<std::size_t>& which) {
  std::vector<T> some;
  some.reserve(which.size());
  for (const auto i : which) some.push_back(from[i]);
  return some;
}

/// Appends the connections of one listing as taps like `shape`: the first of every node, then the second of those that
/// repeat, and so on.
void add_taps(const listing& from, const tap& shape, std::vector<tap>& taps) {
  std::vector<std::size_t> left(from.nodes.size()), repeated;
  std::iota(left.begin(), left.end(), std::size_t{0});
  std::stable_sort(left.begin(), left.end(), [&](auto a, auto b) { return from.nodes[a] < from.nodes[b]; });
  for (; !left.empty(); left = std::exchange(repeated, {})) {
    std::vector<std::size_t> once;
    for (const auto i : left) (once.empty() || from.nodes[once.back()] != from.nodes[i] ? once : repeated).push_back(i);
    tap t = shape;
    t.nodes.ranges = ranges_of(picked(from.nodes, once));
    if (!from.weights.empty()) t.weights = tap_column<double>(picked(from.weights, once));
    if (!from.delays.empty()) t.delays = tap_column<std::uint32_t>(picked(from.delays, once));
    if (!from.labels.empty()) t.labels = tap_column<double>(picked(from.labels, once));
    if (!from.receptors.empty()) t.receptors = tap_column<std::int64_t>(picked(from.receptors, once));
    taps.push_back(std::move(t));
  }
}

}  // namespace

tap local_part(const tap& t, const layout& place) {
  if (t.is_with_recorder() && place.holds(t.recorder_id)) return t;
  std::vector<std::uint32_t> positions;
  std::vector<std::uint64_t> ids;
  local_nodes here(t.nodes, place);
  for (local_nodes::entry at; !t.is_with_recorder() && here.next(at);) {
    positions.push_back(at.position);
    ids.push_back(at.id);
  }
  tap part = t;
  part.nodes.ranges = ranges_of(ids);
  part.weights = part_of(t.weights, positions);
  part.delays = part_of(t.delays, positions);
  part.labels = part_of(t.labels, positions);
  part.receptors = part_of(t.receptors, positions);
  return part;
}

std::vector<tap> taps_of(const projection& p, const recording_ends& ends, const time_grid& time,
                         const delay_limits& limits) {
  tap shape;
  shape.store = p.store;
  shape.samples = ends.samples;
  shape.of_generators = ends.of_generators;
  if (const auto* w = std::get_if<double>(&p.weight)) shape.weights = tap_column<double>(*w);
  if (const auto* ms = std::get_if<double>(&p.delay_ms))
    shape.delays = tap_column<std::uint32_t>(legal_delay(*ms, time, limits, "Connect"));
  if (const auto label = label_of(p); is_shared(label)) shape.labels = tap_column<double>(std::get<double>(label));
  if (const auto* r = std::get_if<double>(&p.receptor)) shape.receptors = tap_column<std::int64_t>(whole_receptor(*r));
  const auto at = [&](std::uint64_t recorder) -> const tap& {
    shape.recorder = ends.position(recorder);
    shape.recorder_id = recorder;
    shape.detects = ends.is_detector(recorder);
    return shape;
  };
  std::vector<tap> taps;
  if (hears_sets(p)) {
    const auto& sources = p.only != nullptr ? p.only->sources : p.rule->sources;
    const auto& targets = p.only != nullptr ? p.only->targets : p.rule->targets;
    for (const auto& range : (ends.samples ? sources : targets).ranges)
      for (auto id = range.first; id <= range.last; id += range.step) {
        taps.push_back(at(id));
        taps.back().nodes = ends.samples ? targets : sources;
      }
    return taps;
  }
  for (const auto& [recorder, listed] : listings_of(p, ends.samples, time, limits))
    add_taps(listed, at(recorder), taps);
  return taps;
}

}  // namespace volley::runtime
