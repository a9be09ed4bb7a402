// pairwise_poisson: a Poisson number of connections for each pair. With one mean for all pairs, a target's total is
// Poisson, and each of its connections has any source with equal chance: the counts of the pairs are then independent
// again. A Parameter is evaluated, and a count drawn, for each pair.
#include <algorithm>
#include <array>
#include <optional>
#include <vector>

#include "models/core/bulk_draws.hpp"
#include "models/core/distributions.hpp"
#include "runtime/base/halves.hpp"
#include "runtime/rules/batch_sources.hpp"
#include "runtime/rules/drawn_number.hpp"
#include "runtime/rules/index_sampler.hpp"
#include "runtime/rules/target_cursor.hpp"

namespace volley::runtime {
namespace {

class by_totals : public batch_source {
 public:
  by_totals(const rule_spec& spec, const layout& place)
      : key_{spec.seed, models::purpose::rule_target, spec.call},
        target_(spec, place),
        mean_(std::get<double>(spec.number)),
        sampler_(key_, target_.sources().size(), true) {}

  std::span<const connection_batch> next() override {
    while (target_.next()) {
      const std::uint64_t total = draw_total();
      if (total == 0) continue;
      batch_ = {.one = target_.position(), .many = sampler_.draw(target_.id(), total, target_.banned())};
      return {&batch_, 1};
    }
    return {};
  }

 private:
  std::uint64_t draw_total() {
    std::optional<models::poisson_table>& table = target_.banned() ? of_some_ : of_all_;
    if (!table) table.emplace(mean_ * target_.free_sources());
    const std::uint64_t id = target_.id();
    // The attempts of the sampler's draws end before this counter.
    const auto words = models::draw(key_, {low_half(id), high_half(id), 0, models::first_free_attempt});
    return (*table)(std::uint64_t{words[0]} << 32 | words[1]);
  }

  models::random_key key_;
  target_cursor target_;
  double mean_;
  index_sampler sampler_;
  std::optional<models::poisson_table> of_all_,
      of_some_;  // totals of targets that may have every source, or all but one
  connection_batch batch_;
};

class poisson_by_pairs : public batch_source {
 public:
  poisson_by_pairs(const rule_spec& spec, const layout& place)
      : key_{spec.seed, models::purpose::rule_target, spec.call}, target_(spec, place), values_(spec) {}

  std::span<const connection_batch> next() override {
    while (target_.next()) {
      draw_sources();
      if (drawn_.empty()) continue;
      batch_ = {.one = target_.position(), .many = drawn_};
      return {&batch_, 1};
    }
    return {};
  }

 private:
  void draw_sources() {
    drawn_.clear();
    const std::uint32_t n = target_.sources().size();
    std::array<double, 512> means;
    for (std::uint32_t first = 0; first < n; first += means.size()) {
      const std::span some(means.data(), std::min<std::size_t>(means.size(), n - first));
      values_.evaluate(target_.id(), target_.sources(), first, some);
      for (std::uint32_t i = 0; i < some.size(); ++i)
        if (first + i != target_.banned()) drawn_.insert(drawn_.end(), draw_count(first + i, some[i]), first + i);
    }
  }

  std::uint64_t draw_count(std::uint32_t source, double mean) const {
    const std::uint64_t id = target_.id();
    if (!(mean <= static_cast<double>(max_degree))) refuse_mean(mean, id);
    const auto words = models::draw(key_, {low_half(id), high_half(id), source, 0});
    return models::poisson(mean, models::uniform01(words[0], words[1]));
  }

  models::random_key key_;
  target_cursor target_;
  pair_values values_;
  std::vector<std::uint32_t> drawn_;
  connection_batch batch_;
};

}  // namespace

std::unique_ptr<batch_source> walk_pairwise_poisson(const rule_spec& spec, const layout& place) {
  if (std::holds_alternative<double>(spec.number)) return std::make_unique<by_totals>(spec, place);
  return std::make_unique<poisson_by_pairs>(spec, place);
}

}  // namespace volley::runtime
