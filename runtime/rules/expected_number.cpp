#include "runtime/rules/expected_number.hpp"

#include <algorithm>
#include <cmath>

#include "runtime/rules/spatial_pool.hpp"
#include "runtime/values/parameter.hpp"

namespace volley::runtime {
namespace {

constexpr std::uint32_t samples = 1000, sampled_targets = 48;
/// So many of the sources stand for all where a mask lies over them, and where none does.
constexpr std::uint64_t sources_below_masks = 1 << 17, sources_of_all = 1 << 14;

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

/// The mean over some draws, where negative ones and what is no number count as 0.
double sampled_mean(const parameter& p, double most) {
  double sum = 0;
  const std::uint32_t n = p.is_constant() ? 1 : samples;
  for (std::uint32_t i = 0; i < n; ++i) sum += std::max(0.0, std::min(p.evaluate(value_site({1, i})), most));
  return sum / n;
}

double mean_of(const rule_number& number, double most) {
  if (const auto* n = std::get_if<std::int64_t>(&number)) return static_cast<double>(*n);
  if (const auto* x = std::get_if<double>(&number)) return *x;
  if (const auto* p = std::get_if<parameter_ref>(&number)) return sampled_mean(**p, most);
  return 1;
}

/// About `most` of the nodes, evenly spread.
node_set thinned(node_set nodes, std::uint64_t most) {
  const auto every = std::max<std::uint64_t>(1, (nodes.size() + most - 1) / most);
  for (auto& r : nodes.ranges) {
    r.step *= every;
    r.last -= (r.last - r.first) % r.step;
  }
  return nodes;
}

/// Calls visit(pool) for the pools of some targets, with some of the sources, both evenly spread: the share of all
/// pairs that were looked at.
template <class Visit> double for_some_pairs(const rule_spec& rule, const parameter* p, Visit&& visit) {
  auto sample = rule;
  sample.sources = thinned(rule.sources, rule.space->mask.region == nullptr ? sources_of_all : sources_below_masks);
  const auto n = rule.targets.size(), some = std::min<std::uint64_t>(n, sampled_targets);
  spatial_pool pool(sample, endpoint::target, p);
  for (std::uint64_t i = 0; i < some; ++i) {
    pool.find(rule.targets[i * n / some]);
    visit(pool);
  }
  return static_cast<double>(some) / static_cast<double>(n) * static_cast<double>(sample.sources.size()) /
         static_cast<double>(rule.sources.size());
}

/// The sum of the probabilities or means of all pairs, from those of some.
double expected_in_space(const rule_spec& rule) {
  const auto* const drawn = std::get_if<parameter_ref>(&rule.number);
  const double most = rule.kind == rule_kind::pairwise_bernoulli ? 1 : HUGE_VAL;
  double sum = 0;
  const double share = for_some_pairs(rule, drawn == nullptr ? nullptr : drawn->get(), [&](spatial_pool& pool) {
    if (drawn == nullptr)
      sum += std::get<double>(rule.number) * static_cast<double>(pool.size());
    else
      for (const double p : pool.values()) sum += std::clamp(p, 0.0, most);
  });
  return sum / share;
}

}  // namespace

std::vector<double> sampled_in_space(const rule_spec& rule, const parameter& p) {
  std::vector<double> values;
  for_some_pairs(rule, &p, [&](spatial_pool& pool) {
    const auto all = pool.values();
    const auto step = std::max<std::size_t>(1, all.size() / (samples / sampled_targets));
    for (std::size_t i = 0; i < all.size(); i += step) values.push_back(all[i]);
  });
  return values;
}

double expected_connections(const rule_spec& rule) {
  const auto sources = static_cast<double>(rule.sources.size()), targets = static_cast<double>(rule.targets.size());
  const auto pairs = [&](bool autapses) {
    return sources * targets - (autapses ? 0 : overlap(rule.sources, rule.targets));
  };
  const double directions = rule.make_symmetric && rule.kind != rule_kind::symmetric_pairwise_bernoulli ? 2 : 1;
  if (draws_in_space(rule) && !rule.has_fixed_degree()) return expected_in_space(rule);
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
    case rule_kind::third_factor_bernoulli_with_pool: return rule.third->p * expected_connections(*rule.third->primary);
  }
  return 0;
}

}  // namespace volley::runtime
