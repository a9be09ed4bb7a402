// third_factor_bernoulli_with_pool: each connection of the primary rule throws a coin, and with success a node of its
// target's pool takes part. Coin and node belong to the primary connection (source, target, multapse), the pool to the
// target, so that the VP of the node and the VP of the target find the same.
//
// Connections into the nodes are not split by VP: every VP draws all primary connections and keeps those whose node
// lives there. Where neither these nor the primary ones come target by target, they are collected and sorted: 8 bytes
// each while a call is walked.
#include <algorithm>
#include <numeric>
#include <optional>
#include <utility>
#include <vector>

#include "models/core/random.hpp"
#include "runtime/base/halves.hpp"
#include "runtime/rules/batch_sources.hpp"
#include "runtime/rules/index_sampler.hpp"
#include "runtime/rules/node_index.hpp"

namespace volley::runtime {
namespace {

/// The pools of the targets, by position.
class pools {
 public:
  explicit pools(const third_factor& third)
      : third_(third),
        n_nodes_(static_cast<std::uint32_t>(third.nodes.size())),
        sampler_({third.primary->seed, models::purpose::third_factor_pool, third.primary->call}, n_nodes_, false) {
    const auto targets = static_cast<std::uint32_t>(third.primary->targets.size());
    if (third.blocks && third.pool_size == 1) targets_of_a_node_ = targets / n_nodes_;
  }

  /// Node number `member` of the pool of a target.
  std::uint32_t operator()(std::uint32_t target, std::uint64_t target_id, std::uint32_t member) {
    if (targets_of_a_node_ != 0) return target / targets_of_a_node_;
    if (third_.blocks) return target * third_.pool_size + member;
    if (third_.pool_size == n_nodes_) return member;
    if (drawn_for_ != target_id) drawn_ = sampler_.draw(target_id, third_.pool_size, std::nullopt);
    drawn_for_ = target_id;
    return drawn_[member];
  }

 private:
  const third_factor& third_;
  std::uint32_t n_nodes_;
  std::uint32_t targets_of_a_node_ = 0;  // where they share nodes of blocks
  index_sampler sampler_;
  std::uint64_t drawn_for_ = 0;  // no node has this id
  std::span<const std::uint32_t> drawn_;
};

/// Which node takes part in which connection of the primary rule.
class choices {
 public:
  explicit choices(const third_factor& third)
      : third_(third),
        key_{third.primary->seed, models::purpose::third_factor, third.primary->call},
        sources_(third.primary->sources),
        targets_(third.primary->targets),
        pools_(third) {}

  /// Calls visit(i, position of the node) for the connections of a primary batch that have one.
  template <class Visit> void for_each(const connection_batch& batch, Visit&& visit) {
    count_repeats(batch.many);
    for (std::size_t i = 0; i < batch.size(); ++i) {
      const auto target = batch.target(i);
      const auto target_id = targets_.id(target);
      const auto words = models::draw(
          key_, {low_half(sources_.id(batch.source(i))), low_half(target_id), repeats_.empty() ? 0 : repeats_[i], 0});
      if (!(models::uniform01(words[0], words[1]) < third_.p)) continue;
      const auto member = static_cast<std::uint32_t>(models::uniform01(words[2], words[3]) * third_.pool_size);
      visit(i, pools_(target, target_id, member));
    }
  }

 private:
  bool pairs_repeat() const {
    switch (third_.primary->kind) {
      case rule_kind::fixed_indegree:
      case rule_kind::fixed_outdegree:
      case rule_kind::fixed_total_number:
      case rule_kind::pairwise_poisson: return third_.primary->allow_multapses;
      default: return false;
    }
  }

  /// How many connections of the batch before each have the same two ends; nothing where no two have.
  void count_repeats(std::span<const std::uint32_t> others) {
    repeats_.clear();
    if (!pairs_repeat()) return;
    repeats_.resize(others.size());
    order_.resize(others.size());
    std::iota(order_.begin(), order_.end(), 0u);
    std::ranges::stable_sort(order_, {}, [&](auto i) { return others[i]; });
    for (std::size_t i = 1; i < order_.size(); ++i)
      if (others[order_[i]] == others[order_[i - 1]]) repeats_[order_[i]] = repeats_[order_[i - 1]] + 1;
  }

  const third_factor& third_;
  models::random_key key_;
  node_index sources_, targets_;
  pools pools_;
  std::vector<std::uint32_t> repeats_, order_;
};

/// Out of the nodes, along primary connections that come target by target.
class out_by_target : public batch_source {
 public:
  out_by_target(const rule_spec& spec, const layout& place)
      : primary_(*spec.third->primary, place), choices_(*spec.third) {}

  std::span<const connection_batch> next() override {
    for (;;) {
      for (; at_ < batches_.size(); ++at_) {
        nodes_.clear();
        choices_.for_each(batches_[at_], [&](std::size_t, std::uint32_t node) { nodes_.push_back(node); });
        if (nodes_.empty()) continue;
        batch_ = {.one = batches_[at_++].one, .many = nodes_};
        return {&batch_, 1};
      }
      batches_ = primary_.next();
      at_ = 0;
      if (batches_.empty()) return {};
    }
  }

 private:
  rule_walk primary_;
  choices choices_;
  std::span<const connection_batch> batches_;
  std::size_t at_ = 0;
  std::vector<std::uint32_t> nodes_;
  connection_batch batch_;
};

/// Any others: collected, then target by target.
class collected : public batch_source {
 public:
  collected(const rule_spec& spec, const layout& place) {
    if (spec.out_of_third)
      collect_out(spec, place);
    else
      collect_in(spec, place);
    ends_.resize(spec.targets.size());
    for (const auto& one : made_) ++ends_[one.target];
    std::uint64_t next = 0;
    for (auto& end : ends_) next += std::exchange(end, next);
    others_.resize(made_.size());
    for (const auto& one : made_) others_[ends_[one.target]++] = one.other;
    made_.clear();
    made_.shrink_to_fit();
  }

  std::span<const connection_batch> next() override {
    while (target_ < ends_.size()) {
      const auto one = target_++;
      const auto begin = one == 0 ? 0 : ends_[one - 1];
      if (begin == ends_[one]) continue;
      batch_ = {.one = one, .many = std::span(others_).subspan(begin, ends_[one] - begin)};
      return {&batch_, 1};
    }
    return {};
  }

 private:
  /// By position.
  struct made_connection {
    std::uint32_t target, other;
  };

  void collect_out(const rule_spec& spec, const layout& place) {
    choices chosen(*spec.third);
    rule_walk(*spec.third->primary, place).for_each([&](const connection_batch& b) {
      chosen.for_each(b, [&](std::size_t i, std::uint32_t node) { made_.push_back({b.target(i), node}); });
    });
  }
  void collect_in(const rule_spec& spec, const layout& place) {
    choices chosen(*spec.third);
    const node_index nodes(spec.third->nodes);
    rule_walk(*spec.third->primary, layout{}).for_each([&](const connection_batch& b) {
      chosen.for_each(b, [&](std::size_t i, std::uint32_t node) {
        if (place.holds(nodes.id(node))) made_.push_back({node, b.source(i)});
      });
    });
  }

  std::vector<made_connection> made_;
  std::vector<std::uint64_t> ends_;  // where the others of each target end
  std::vector<std::uint32_t> others_;
  std::uint32_t target_ = 0;
  connection_batch batch_;
};

}  // namespace

std::unique_ptr<batch_source> walk_third_factor_bernoulli_with_pool(const rule_spec& spec, const layout& place) {
  const bool by_target = spec.out_of_third && spec.third->primary->kind != rule_kind::fixed_outdegree;
  if (by_target) return std::make_unique<out_by_target>(spec, place);
  return std::make_unique<collected>(spec, place);
}

}  // namespace volley::runtime
