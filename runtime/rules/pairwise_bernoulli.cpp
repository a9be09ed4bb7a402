// pairwise_bernoulli: each pair is connected with probability p. A fixed p costs one draw per connection, since the
// gaps between connected sources are geometric; a Parameter is evaluated, and a coin thrown, for each pair.
#include <algorithm>
#include <array>
#include <cmath>
#include <string>
#include <vector>

#include "models/core/bulk_draws.hpp"
#include "models/core/distributions.hpp"
#include "runtime/base/error.hpp"
#include "runtime/base/halves.hpp"
#include "runtime/rules/batch_sources.hpp"
#include "runtime/rules/drawn_number.hpp"
#include "runtime/rules/target_cursor.hpp"

namespace volley::runtime {
namespace {

/// Shared by both forms: targets one after another, each with the sources that the form selects.
template <class Select> class bernoulli : public batch_source {
 public:
  bernoulli(const rule_spec& spec, const layout& place) : target_(spec, place), select_(spec) {}

  std::span<const connection_batch> next() override {
    while (target_.next()) {
      selected_.clear();
      select_(target_, selected_);
      if (selected_.empty()) continue;
      batch_ = {.one = target_.position(), .many = selected_};
      return {&batch_, 1};
    }
    return {};
  }

 private:
  target_cursor target_;
  Select select_;
  std::vector<std::uint32_t> selected_;
  connection_batch batch_;
};

/// One probability for all pairs: from gap to gap.
class by_gaps {
 public:
  explicit by_gaps(const rule_spec& spec)
      : key_{spec.seed, models::purpose::rule_target, spec.call}, p_(std::get<double>(spec.number)), gaps_(p_) {}

  void operator()(const target_cursor& target, std::vector<std::uint32_t>& selected) const {
    if (p_ == 0) return;
    const std::uint64_t free = target.free_sources();
    std::uint64_t at = 0;
    std::array<double, models::logs_per_tile> logs;
    for (std::uint32_t tile = 0;; ++tile) {
      models::uniform_logs(key_, target.id(), tile, logs);
      for (const double log : logs) {
        at += gaps_.gap(log, free - at);
        if (at == free) return;
        const auto position = static_cast<std::uint32_t>(at++);
        selected.push_back(position + (target.banned() && position >= *target.banned() ? 1 : 0));
      }
    }
  }

 private:
  models::random_key key_;
  double p_;
  models::geometric_gaps gaps_;
};

/// A probability of its own for each pair. Drawn values above 1 are certain, below 0 never.
class bernoulli_by_pairs {
 public:
  explicit bernoulli_by_pairs(const rule_spec& spec)
      : key_{spec.seed, models::purpose::rule_target, spec.call}, values_(spec) {}

  void operator()(const target_cursor& target, std::vector<std::uint32_t>& selected) {
    const std::uint32_t n = target.sources().size();
    const auto low = low_half(target.id()), high = high_half(target.id());
    std::array<double, 512> p;
    for (std::uint32_t first = 0; first < n; first += p.size()) {
      const std::span some(p.data(), std::min<std::size_t>(p.size(), n - first));
      values_.evaluate(target.id(), target.sources(), first, some);
      for (std::uint32_t i = 0; i < some.size(); ++i) {
        const std::uint32_t source = first + i;
        if (std::isnan(some[i]))
          throw api_error(error_kind::BadProperty, "Connect: pairwise_bernoulli: a drawn p is not a number",
                          target.id());
        const auto words = models::draw(key_, {low, high, source, 0});
        if (models::uniform01(words[0], words[1]) < some[i] && source != target.banned()) selected.push_back(source);
      }
    }
  }

 private:
  models::random_key key_;
  pair_values values_;
};

}  // namespace

std::unique_ptr<batch_source> walk_pairwise_bernoulli(const rule_spec& spec, const layout& place) {
  if (std::holds_alternative<double>(spec.number)) return std::make_unique<bernoulli<by_gaps>>(spec, place);
  return std::make_unique<bernoulli<bernoulli_by_pairs>>(spec, place);
}

}  // namespace volley::runtime
