#include "runtime/rules/expected_number.hpp"

#include <algorithm>
#include <cmath>

#include "runtime/values/parameter.hpp"

namespace volley::runtime {
namespace {

constexpr std::uint32_t samples = 1000;

/// Ids that are in both sets.
double overlap(const node_set& a, const node_set& b) {
  std::uint64_t common = 0;
  for (const auto& x : a.ranges)
    for (const auto& y : b.ranges) {
      const auto low = std::max(x.first, y.first), high = std::min(x.last, y.last);
      if (low > high) continue;
      if (x.step == 1 && y.step == 1) {
        common += high - low + 1;
        continue;
      }
      const auto& coarse = x.step >= y.step ? x : y;
      const auto& other = x.step >= y.step ? y : x;
      for (auto id = low + (coarse.step - (low - coarse.first) % coarse.step) % coarse.step; id <= high;
           id += coarse.step)
        common += (id - other.first) % other.step == 0;
    }
  return static_cast<double>(common);
}

double mean_of(const rule_number& number, double most) {
  if (const auto* n = std::get_if<std::int64_t>(&number)) return static_cast<double>(*n);
  if (const auto* x = std::get_if<double>(&number)) return *x;
  if (const auto* p = std::get_if<parameter_ref>(&number)) return std::clamp(sampled_mean(**p), 0.0, most);
  return 1;
}

}  // namespace

double sampled_mean(const parameter& p) {
  double sum = 0;
  const std::uint32_t n = p.is_constant() ? 1 : samples;
  for (std::uint32_t i = 0; i < n; ++i) sum += p.evaluate(value_site({1, i}));
  return sum / n;
}

double expected_connections(const rule_spec& rule) {
  const auto sources = static_cast<double>(rule.sources.size()), targets = static_cast<double>(rule.targets.size());
  const auto pairs = [&](bool autapses) {
    return sources * targets - (autapses ? 0 : overlap(rule.sources, rule.targets));
  };
  const double directions = rule.make_symmetric && rule.kind != rule_kind::symmetric_pairwise_bernoulli ? 2 : 1;
  switch (rule.kind) {
    case rule_kind::all_to_all: return directions * pairs(rule.allow_autapses);
    case rule_kind::one_to_one: {
      double n = sources;
      if (!rule.allow_autapses)
        for (std::uint64_t i = 0; i < rule.sources.size(); ++i) n -= rule.sources[i] == rule.targets[i];
      return directions * n;
    }
    case rule_kind::fixed_indegree: return mean_of(rule.number, HUGE_VAL) * targets;
    case rule_kind::fixed_outdegree: return mean_of(rule.number, HUGE_VAL) * sources;
    case rule_kind::fixed_total_number: return mean_of(rule.number, HUGE_VAL);
    case rule_kind::pairwise_bernoulli: return directions * mean_of(rule.number, 1) * pairs(rule.allow_autapses);
    case rule_kind::pairwise_poisson: return mean_of(rule.number, HUGE_VAL) * pairs(rule.allow_autapses);
    case rule_kind::symmetric_pairwise_bernoulli: return 2 * mean_of(rule.number, 1) * pairs(false);
  }
  return 0;
}

}  // namespace volley::runtime
