#include "runtime/shard/taps.hpp"

#include <algorithm>
#include <map>

#include "runtime/base/contract.hpp"
#include "runtime/rules/node_index.hpp"

namespace volley::runtime {
namespace {

template <class Tag> std::uint64_t both(ordinal<Tag> high, recorder_ordinal low) {
  return std::uint64_t{high.index()} << 32 | low.index();
}

/// Adds 1 to the numbers of those nodes that the tap has.
void count_nodes(const tap& t, std::unordered_map<std::uint64_t, std::uint32_t>& numbers) {
  const node_index nodes(t.nodes);
  if (nodes.size() > numbers.size()) {
    for (auto& [id, n] : numbers) n += nodes.position(id) ? 1 : 0;
    return;
  }
  for (std::uint32_t i = 0; i < nodes.size(); ++i)
    if (const auto n = numbers.find(nodes.id(i)); n != numbers.end()) ++n->second;
}

}  // namespace

template <class Visit> void taps::for_each_node(const tap& t, Visit&& visit) {
  for (const auto& r : t.nodes.ranges)
    for (auto id = r.first; id <= r.last; id += r.step) visit(id);
}

void taps::add(tap t, const find_node& find) {
  taps_.push_back(std::move(t));
  const tap& added = taps_.back();
  std::size_t heard = 0;
  try {
    recorders_.emplace(added.recorder_id, added.detects);
    for_each_node(added, [&](std::uint64_t id) {
      hear(added, id, heard, find);
      ++heard;
    });
  } catch (...) {
    for_each_node(added, [&](std::uint64_t id) {
      if (heard > 0) forget(added, id, find), --heard;
    });
    taps_.pop_back();
    throw;
  }
  connections_ += heard;
}

void taps::cut(std::size_t kept, const find_node& find) {
  for (; taps_.size() > kept; taps_.pop_back()) {
    const tap& last = taps_.back();
    for_each_node(last, [&](std::uint64_t id) { forget(last, id, find); });
    connections_ -= last.nodes.size();
  }
}

// A detector hears nodes of other VPs, which cannot be found.
tapped_node taps::found(const tap& t, std::uint64_t id, const find_node& find) {
  return t.detects && !t.of_generators ? tapped_node() : find(id);
}

void taps::hear(const tap& t, std::uint64_t id, std::size_t number, const find_node& find) {
  const spot at{taps_.size() - 1, number};
  const auto node = found(t, id, find);
  if (node.is_heard_in_batches()) {
    auto& ears = ears_[id];
    ears.push_back({t.recorder, at});
    return;
  }
  if (node.block == block_ordinal::none()) {
    auto& times = times_heard_[both(node.stimulator, t.recorder)];
    generators_.push_back({t.recorder, node.stimulator, times, at});
    ++times;
    return;
  }
  expects(node.block.index() < masks_.size(), "a node that is recorded lives here");
  auto& masks = masks_[node.block.index()];
  const auto fresh = static_cast<std::uint32_t>(masks.size());
  const auto bit = std::uint64_t{1} << (node.cell % 64);
  auto i = first_masks_.try_emplace(both(node.block, t.recorder), fresh).first->second;
  while (i < fresh && (masks[i].recorder != t.recorder || masks[i].has(node.cell))) ++i;
  if (i == fresh) masks.push_back({t.recorder, t.samples, std::vector<std::uint64_t>(node.cells / 64)});
  masks[i].cells[node.cell / 64] |= bit;
}

// The mask, or the ear, that came last: earlier ones were there when it did.
void taps::forget(const tap& t, std::uint64_t id, const find_node& find) {
  const auto node = found(t, id, find);
  if (node.is_heard_in_batches()) {
    const auto heard = ears_.find(id);
    heard->second.pop_back();
    if (heard->second.empty()) ears_.erase(heard);
    return;
  }
  if (node.block == block_ordinal::none()) {
    const auto mine = [&](const heard_generator& g) {
      return g.recorder == t.recorder && g.stimulator == node.stimulator;
    };
    const auto last = std::find_if(generators_.rbegin(), generators_.rend(), mine);
    generators_.erase(std::next(last).base());
    --times_heard_.find(both(node.stimulator, t.recorder))->second;
    return;
  }
  auto& masks = masks_[node.block.index()];
  const auto heard = [&](const mask& m) { return m.recorder == t.recorder && m.has(node.cell); };
  const auto last = std::find_if(masks.rbegin(), masks.rend(), heard);
  last->cells[node.cell / 64] &= ~(std::uint64_t{1} << (node.cell % 64));
}

std::uint64_t taps::n_connections(store_ordinal store) const {
  std::uint64_t n = 0;
  for (const tap& t : taps_)
    if (t.store == store) n += t.nodes.size();
  return n;
}

delay_extrema taps::delays() const {
  delay_extrema all;
  for (const tap& t : taps_)
    if (!t.nodes.empty()) all.include(t.extrema());
  return all;
}

std::vector<taps::place> taps::find(std::span<const asked> connections) const {
  // What is asked of one recorder, by node; `passed` counts the taps with that node so far.
  struct wanted {
    const asked* what;
    std::uint32_t passed = 0;
  };
  std::map<std::pair<store_ordinal, std::uint64_t>, std::unordered_multimap<std::uint64_t, wanted>> by_recorder;
  for (const asked& a : connections) {
    const bool samples = is_meter(a.source);
    if (!samples && !is_recorder(a.target)) continue;
    by_recorder[{a.store, samples ? a.source : a.target}].emplace(samples ? a.target : a.source, wanted{&a});
  }
  std::vector<place> found;
  for (std::size_t k = 0; k < taps_.size() && !by_recorder.empty(); ++k) {
    const tap& t = taps_[k];
    const auto mine = by_recorder.find({t.store, t.recorder_id});
    if (mine == by_recorder.end()) continue;
    const auto pass = [&](wanted& w, std::size_t node) {
      if (w.passed++ == w.what->port) found.push_back({w.what->position, k, node});
    };
    if (t.nodes.size() <= mine->second.size()) {
      std::size_t i = 0;
      for_each_node(t, [&](std::uint64_t id) {
        const auto [first, last] = mine->second.equal_range(id);
        for (auto w = first; w != last; ++w) pass(w->second, i);
        ++i;
      });
      continue;
    }
    const node_index nodes(t.nodes);
    for (auto& [id, w] : mine->second)
      if (const auto i = nodes.position(id)) pass(w, *i);
  }
  return found;
}

std::vector<std::uint64_t> taps::node_ids(std::span<const place> of) const {
  std::vector<std::uint64_t> ids;
  std::optional<node_index> nodes;  // of the place before
  for (std::size_t i = 0; i < of.size(); ++i) {
    if (i == 0 || of[i].tap != of[i - 1].tap) nodes.emplace(taps_[of[i].tap].nodes);
    ids.push_back(nodes->id(static_cast<std::uint32_t>(of[i].node)));
  }
  return ids;
}

std::vector<std::uint32_t> taps::receptors(std::span<const place> of) const {
  const auto ids = node_ids(of);
  std::unordered_map<std::uint64_t, std::uint32_t> meters;  // of the nodes that are asked for, so far
  for (std::size_t i = 0; i < of.size(); ++i)
    if (taps_[of[i].tap].samples) meters.try_emplace(ids[i], 0);
  std::vector<std::uint32_t> result(of.size());
  std::size_t next = 0;
  for (std::size_t k = 0; k < taps_.size() && next < of.size(); ++k) {
    if (taps_[k].samples) count_nodes(taps_[k], meters);
    for (; next < of.size() && of[next].tap == k; ++next)
      result[next] = taps_[k].samples ? meters[ids[next]] : receptor({k, of[next].node});
  }
  return result;
}

void taps::stage(const place& at, const numbers& given) {
  const tap& t = taps_[at.tap];
  const auto n = t.nodes.size();
  auto& fresh = staged_.try_emplace(at.tap, new_numbers{t.weights, t.delays, t.labels}).first->second;
  if (given.weight) fresh.weights.set(at.node, n, *given.weight);
  if (given.delay_steps) fresh.delays.set(at.node, n, static_cast<std::uint32_t>(*given.delay_steps));
  if (given.label) fresh.labels.set(at.node, n, *given.label);
}

void taps::commit() noexcept {
  for (auto& [i, fresh] : staged_) {
    taps_[i].weights = std::move(fresh.weights);
    taps_[i].delays = std::move(fresh.delays);
    taps_[i].labels = std::move(fresh.labels);
  }
  staged_.clear();
}

}  // namespace volley::runtime
