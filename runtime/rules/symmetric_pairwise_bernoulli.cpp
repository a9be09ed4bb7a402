// symmetric_pairwise_bernoulli: each ordered pair throws a coin, and success makes connections in both directions; so two
// nodes can be connected twice, which is why the rule insists on multapses. The two coins of a pair belong to the pair, and
// both of its nodes see them.
#include <algorithm>
#include <vector>

#include "models/core/random.hpp"
#include "runtime/rules/batch_sources.hpp"
#include "runtime/rules/target_cursor.hpp"

namespace volley::runtime {
namespace {

class symmetric_pairwise_bernoulli : public batch_source {
 public:
  symmetric_pairwise_bernoulli(const rule_spec& spec, const layout& place)
      : key_{spec.seed, models::purpose::rule_block, spec.call}, p_(std::get<double>(spec.number)), target_(spec, place) {}

  std::span<const connection_batch> next() override {
    if (p_ == 0) return {};
    while (target_.next()) {
      throw_coins();
      if (sources_.empty()) continue;
      batch_ = {.one = target_.position(), .many = sources_};
      return {&batch_, 1};
    }
    return {};
  }

 private:
  void throw_coins() {
    sources_.clear();
    // Sources and targets are the same nodes, so positions name them on both sides.
    const std::uint32_t target = target_.position();
    for (std::uint32_t source = 0; source < target_.sources().size(); ++source) {
      if (source == target) continue;
      const auto coins = models::draw(key_, {std::min(source, target), std::max(source, target), 0, 0});
      if (models::uniform01(coins[0], coins[1]) < p_) sources_.push_back(source);
      if (models::uniform01(coins[2], coins[3]) < p_) sources_.push_back(source);
    }
  }

  models::random_key key_;
  double p_;
  target_cursor target_;
  std::vector<std::uint32_t> sources_;
  connection_batch batch_;
};

}  // namespace

std::unique_ptr<batch_source> walk_symmetric_pairwise_bernoulli(const rule_spec& spec, const layout& place) {
  return std::make_unique<symmetric_pairwise_bernoulli>(spec, place);
}

}  // namespace volley::runtime
