// fixed_total_number: N pairs, each drawn from all possible ones. The N are split between the halves of the targets by
// a binomial draw, the shares again, and so on down a fixed tree; a target then draws as many sources as its share.
// Each split is owned by its place in the tree, so a VP finds its targets' shares without the others' draws.
#include <vector>

#include "models/core/distributions.hpp"
#include "runtime/base/halves.hpp"
#include "runtime/rules/batch_sources.hpp"
#include "runtime/rules/index_sampler.hpp"
#include "runtime/rules/target_cursor.hpp"

namespace volley::runtime {
namespace {

/// How many pairs end on targets begin ... end - 1.
class pair_counts {
 public:
  explicit pair_counts(const rule_spec& spec) : n_sources_(spec.sources.size()) {
    if (spec.allow_autapses || !share_nodes(spec.sources, spec.targets)) return;
    const node_index sources(spec.sources), targets(spec.targets);
    banned_before_.push_back(0);
    for (std::uint32_t i = 0; i < targets.size(); ++i)
      banned_before_.push_back(banned_before_[i] + (sources.position(targets.id(i)) ? 1 : 0));
  }

  double operator()(std::uint32_t begin, std::uint32_t end) const {
    const std::uint64_t banned = banned_before_.empty() ? 0 : banned_before_[end] - banned_before_[begin];
    return static_cast<double>(std::uint64_t{end - begin} * n_sources_ - banned);
  }

 private:
  std::uint64_t n_sources_;
  std::vector<std::uint32_t> banned_before_;  // autapses among the first i targets; empty when none is forbidden
};

class fixed_total_number : public batch_source {
 public:
  fixed_total_number(const rule_spec& spec, const layout& place)
      : spec_(spec),
        target_(spec, place),
        pairs_(spec),
        sampler_({spec.seed, models::purpose::rule_target, spec.call}, target_.sources().size(), true),
        at_end_(!target_.next()) {
    const auto n_targets = static_cast<std::uint32_t>(spec.targets.size());
    open_.push_back({0, n_targets, 1, static_cast<std::uint64_t>(std::get<std::int64_t>(spec.number)), 0});
  }

  std::span<const connection_batch> next() override {
    while (!open_.empty()) {
      const block b = open_.back();
      open_.pop_back();
      skip_targets_before(b.begin);
      if (at_end_) return {};
      if (b.share == 0 || target_.position() >= b.end) continue;
      if (b.end - b.begin > 1) {
        split(b);
        continue;
      }
      batch_ = {
          .one = b.begin, .many = sampler_.draw(target_.id(), b.share, target_.banned()), .first_entry = b.first_entry};
      return {&batch_, 1};
    }
    return {};
  }

 private:
  /// A node of the tree: its targets, its number (1 is the root; node n has 2n and 2n + 1 below), and its share of N.
  struct block {
    std::uint32_t begin, end;
    std::uint64_t number, share, first_entry;
  };

  void skip_targets_before(std::uint32_t begin) {
    while (!at_end_ && target_.position() < begin) at_end_ = !target_.next();
  }

  void split(const block& b) {
    const std::uint32_t middle = b.begin + (b.end - b.begin) / 2;
    const double left_part = pairs_(b.begin, middle) / pairs_(b.begin, b.end);
    const auto words = models::draw({spec_.seed, models::purpose::rule_block, spec_.call},
                                    {low_half(b.number), high_half(b.number), 0, 0});
    const std::uint64_t left = models::binomial(b.share, left_part, models::uniform01(words[0], words[1]));
    open_.push_back({middle, b.end, 2 * b.number + 1, b.share - left, b.first_entry + left});
    open_.push_back({b.begin, middle, 2 * b.number, left, b.first_entry});
  }

  const rule_spec& spec_;
  target_cursor target_;
  pair_counts pairs_;
  index_sampler sampler_;
  bool at_end_;
  std::vector<block> open_;  // the leftmost last
  connection_batch batch_;
};

}  // namespace

std::unique_ptr<batch_source> walk_fixed_total_number(const rule_spec& spec, const layout& place) {
  return std::make_unique<fixed_total_number>(spec, place);
}

}  // namespace volley::runtime
