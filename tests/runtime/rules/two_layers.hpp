// Two layers of nodes at random places, rules between them, and what is true of all of these rules.
#pragma once
#include <gtest/gtest.h>

#include <array>
#include <random>
#include <set>
#include <utility>
#include <vector>

#include "runtime/rules/rule.hpp"
#include "runtime/values/parameter.hpp"
#include "tests/runtime/rules/walked.hpp"

namespace volley::runtime {

inline constexpr std::uint64_t first_source = 3, first_target = 1003;

inline layer_ref scattered(std::uint64_t first, std::size_t n, bool wraps, unsigned seed) {
  std::mt19937 draws(seed);
  std::uniform_real_distribution<double> side(-0.5, 0.5);
  std::array<std::vector<double>, 3> columns;
  for (int axis = 0; axis < 2; ++axis)
    for (std::size_t i = 0; i < n; ++i) columns[static_cast<std::size_t>(axis)].push_back(side(draws));
  return layer::at_points(first, std::move(columns), {2, {-0.5, -0.5, 0}, {1, 1, 0}, wraps});
}

inline dictionary circle(double radius, std::vector<double> anchor = {0.1, 0.05}) {
  return {{"circular", dictionary{{"radius", radius}}}, {"anchor", std::move(anchor)}};
}

inline parameter_ref bell(double std) {
  return parameter::make({{operation::distance, {}, {0}}, {operation::gaussian, {0}, {0, std}}});
}

struct two_layers {
  explicit two_layers(bool wraps = true, std::size_t n = 300)
      : sources(scattered(first_source, n, wraps, 1)), targets(scattered(first_target, n, wraps, 2)) {}

  rule_spec rule(const dictionary& spec, std::uint32_t call = 1) const {
    unknown_keys unknown;
    return parse_rule_in_space(spec, nodes(sources->first(), sources->first() + sources->size() - 1),
                               nodes(targets->first(), targets->first() + targets->size() - 1), sources, targets, 5,
                               call, unknown);
  }
  point at(std::uint64_t id) const {
    return id < targets->first() ? (*sources)[id - sources->first()] : (*targets)[id - targets->first()];
  }
  layer_ref sources, targets;
};

/// All pairs that the mask lets through, by the definition of where it lies.
inline std::set<std::pair<std::uint64_t, std::uint64_t>> allowed(const two_layers& in, const rule_spec& rule) {
  std::set<std::pair<std::uint64_t, std::uint64_t>> pairs;
  const auto& space = *rule.space;
  for (std::uint64_t s = 0; s < rule.sources.size(); ++s)
    for (std::uint64_t t = 0; t < rule.targets.size(); ++t) {
      const auto source = rule.sources[s], target = rule.targets[t];
      const point from = in.at(space.origin_at_target ? target : source),
                  to = in.at(space.origin_at_target ? source : target);
      for (int i = -1; i <= 1; ++i)
        for (int j = -1; j <= 1; ++j) {
          if ((i != 0 || j != 0) && !in.sources->within().wraps) continue;
          if (space.mask.region->contains({to[0] - from[0] + i, to[1] - from[1] + j, 0}))
            pairs.insert({source, target});
        }
    }
  return pairs;
}

inline std::set<std::pair<std::uint64_t, std::uint64_t>> pairs_of(const std::vector<connection>& all) {
  std::set<std::pair<std::uint64_t, std::uint64_t>> pairs;
  for (const auto& c : all) pairs.insert({c.source, c.target});
  return pairs;
}

/// Over the layers' 300 nodes, 0.2 wide and a little to the side.
inline value mask_of_test() { return value(circle(0.2)); }

/// A rule connects nobody beyond its mask, the same on any layout, and nobody with itself where that is forbidden; it
/// comes back from its image.
inline void expect_rule_of_space(const dictionary& spec) {
  SCOPED_TRACE(to_text(value(spec)));
  const two_layers in;
  const auto rule = in.rule(spec);
  const auto one = walked(rule);
  EXPECT_FALSE(one.empty());
  if (rule.space->mask.region != nullptr) {
    const auto may = allowed(in, rule);
    for (const auto& pair : pairs_of(one)) ASSERT_TRUE(may.contains(pair));
  }
  EXPECT_EQ(walked(*object_of<std::shared_ptr<const rule_spec>>(bytes_of(std::make_shared<const rule_spec>(rule)))),
            one);
  for (const std::uint32_t vps : {2u, 3u, 7u}) {
    std::vector<connection> several;
    for (std::uint32_t vp = 0; vp < vps; ++vp)
      for (const auto& c : walked(rule, {vp, vps})) {
        ASSERT_EQ(c.target % vps, vp);
        several.push_back(c);
      }
    EXPECT_EQ(several.size(), one.size());
    EXPECT_EQ(pairs_of(several), pairs_of(one)) << vps << " VPs";
  }
  two_layers same;
  same.targets = same.sources;
  auto without = spec;
  without["allow_autapses"] = value(false);
  EXPECT_EQ(autapses(walked(same.rule(without))), 0);
}

}  // namespace volley::runtime
