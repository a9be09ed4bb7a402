// The connections that one call makes on one VP, as ids: what the builder counts and fills, and what checks draw.
#pragma once
#include <algorithm>
#include <cstdint>
#include <numeric>
#include <span>
#include <vector>

#include "runtime/base/halves.hpp"
#include "runtime/rules/projection.hpp"
#include "runtime/rules/walk.hpp"

namespace volley::runtime {

/// Ids by position in a node set; a single range costs one multiplication.
class position_ids {
 public:
  explicit position_ids(const node_set& nodes) {
    if (nodes.ranges.size() == 1) {
      first_ = nodes.ranges[0].first;
      step_ = nodes.ranges[0].step;
      return;
    }
    for (const auto& range : nodes.ranges)
      for (std::uint64_t id = range.first; id <= range.last; id += range.step) ids_.push_back(id);
  }
  std::uint64_t operator[](std::uint32_t position) const {
    return ids_.empty() ? first_ + step_ * position : ids_[position];
  }
  /// Calls visit(i, id) for the ids of positions[i]: the innermost loop of construction.
  template <class Visit> void for_each(std::span<const std::uint32_t> positions, Visit&& visit) const {
    if (!ids_.empty())
      for (std::size_t i = 0; i < positions.size(); ++i) visit(i, ids_[positions[i]]);
    else if (step_ == 1)
      for (std::size_t i = 0; i < positions.size(); ++i) visit(i, first_ + positions[i]);
    else
      for (std::size_t i = 0; i < positions.size(); ++i) visit(i, first_ + step_ * positions[i]);
  }

 private:
  std::uint64_t first_ = 0, step_ = 1;
  std::vector<std::uint64_t> ids_;
};

/// Connections of a projection on one VP, as ids: one target and its sources, or one source and its targets
/// (ascending).
struct id_batch {
  endpoint shared;
  std::uint64_t one;
  std::span<const std::uint32_t> many;   ///< positions
  const position_ids* ids;               ///< of `many`
  const connection_batch* batch;         ///< null for explicit pairs
  std::span<const std::uint32_t> order;  ///< of `many` in the batch; empty: as it is
  std::uint64_t first_entry;

  std::size_t size() const { return many.size(); }
  bool shares_target() const { return shared == endpoint::target; }
  std::uint64_t source(std::size_t i) const { return shared == endpoint::source ? one : (*ids)[many[i]]; }
  std::uint64_t target(std::size_t i) const { return shared == endpoint::target ? one : (*ids)[many[i]]; }
  /// Calls visit(i, id) for the endpoints that are not shared.
  template <class Visit> void for_each_other(Visit&& visit) const { ids->for_each(many, visit); }
  std::uint64_t entry(std::size_t i) const {
    if (batch == nullptr) return first_entry;
    return batch->entry(order.empty() ? i : order[i]);
  }
};

/// Targets of a source come as drawn; ascending order puts multapses side by side on every layout.
class ascending_targets {
 public:
  void sort(std::span<const std::uint32_t> drawn) {
    order_.resize(drawn.size());
    std::iota(order_.begin(), order_.end(), 0u);
    std::stable_sort(order_.begin(), order_.end(), [&](auto a, auto b) { return drawn[a] < drawn[b]; });
    positions_.resize(drawn.size());
    for (std::size_t i = 0; i < drawn.size(); ++i) positions_[i] = drawn[order_[i]];
  }
  std::span<const std::uint32_t> positions() const { return positions_; }
  std::span<const std::uint32_t> order() const { return order_; }

 private:
  std::vector<std::uint32_t> positions_, order_;
};

/// Leaves out of a batch what a filter does not let through.
class filtered_batch {
 public:
  explicit filtered_batch(const pair_filter& only) : only_(only) {}
  /// False when nothing is left. `b` points into this until the next call.
  bool filter(id_batch& b) {
    if (!(b.shares_target() ? only_.targets : only_.sources).contains(b.one)) return false;
    const node_set& others = b.shares_target() ? only_.sources : only_.targets;
    positions_.clear();
    order_.clear();
    b.for_each_other([&](std::size_t i, std::uint64_t id) {
      if (!others.contains(id)) return;
      positions_.push_back(b.many[i]);
      order_.push_back(b.order.empty() ? static_cast<std::uint32_t>(i) : b.order[i]);
    });
    b.many = positions_;
    b.order = order_;
    return !positions_.empty();
  }

 private:
  const pair_filter& only_;
  std::vector<std::uint32_t> positions_, order_;
};

/// Calls visit(id_batch) for all pairs of the call that live on `place`, whatever of them is the projection's.
template <class Visit> void walk_call(const projection& p, const layout& place, Visit&& visit) {
  if (p.pairs != nullptr) {
    const node_set any_id{0, {{0, 0, 1}}};
    const position_ids same(any_id);
    for (std::uint64_t i = 0; i < p.pairs->sources.size(); ++i) {
      if (!place.holds(p.pairs->targets[i])) continue;
      const auto source = low_half(p.pairs->sources[i]);
      visit(id_batch{endpoint::target, p.pairs->targets[i], {&source, 1}, &same, nullptr, {}, i});
    }
    return;
  }
  const position_ids sources(p.rule->sources), targets(p.rule->targets);
  ascending_targets ascending;
  rule_walk(*p.rule, place).for_each([&](const connection_batch& batch) {
    // The second direction of a symmetric rule swaps the roles of the two sets.
    const auto& source_ids = batch.reversed ? targets : sources;
    const auto& target_ids = batch.reversed ? sources : targets;
    if (batch.shared == endpoint::target) {
      visit(id_batch{endpoint::target, target_ids[batch.one], batch.many, &source_ids, &batch, {}, 0});
    } else {
      ascending.sort(batch.many);
      visit(id_batch{endpoint::source, source_ids[batch.one], ascending.positions(), &target_ids, &batch,
                     ascending.order(), 0});
    }
  });
}

/// Calls visit(id_batch) for all connections of `p` that live on `place`, in canonical order.
template <class Visit> void walk(const projection& p, const layout& place, Visit&& visit) {
  if (p.only == nullptr) return walk_call(p, place, visit);
  filtered_batch filtered(*p.only);
  walk_call(p, place, [&](id_batch b) {
    if (filtered.filter(b)) visit(b);
  });
}

}  // namespace volley::runtime
