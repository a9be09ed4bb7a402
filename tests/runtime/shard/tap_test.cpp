#include "runtime/shard/tap.hpp"

#include <gtest/gtest.h>

#include <map>

#include "runtime/base/error.hpp"
#include "runtime/base/snapshot.hpp"
#include "runtime/values/parameter.hpp"

namespace volley::runtime {
namespace {

tap tap_of(std::uint32_t recorder, std::vector<node_range> ranges, std::vector<double> weights = {1.0}) {
  tap t;
  t.recorder = recorder_ordinal(recorder);
  t.recorder_id = 300 + recorder;
  t.nodes = {0, std::move(ranges)};
  t.weights = tap_column<double>(std::move(weights));
  return t;
}

const recording_ends heard{false, false, [](std::uint64_t id) { return recorder_ordinal(id - 300); }},
    metered{true, false, heard.position};

projection call_of(const dictionary& rule, node_set sources, node_set targets) {
  projection p;
  p.rule = std::make_shared<rule_spec>(parse_rule(rule, std::move(sources), std::move(targets), 5, 2));
  return p;
}
const node_set some{0, {{3, 9, 2}}}, recorders{0, {{301, 302, 1}}};

TEST(a_tap_column, holds_one_value_while_all_are_equal) {
  tap_column<double> c(std::vector<double>{2, 2, 2});
  EXPECT_TRUE(c.is_shared());
  c.set(1, 3, 2);
  EXPECT_TRUE(c.is_shared());
  c.set(1, 3, 5);
  EXPECT_EQ(c.values(), (std::vector<double>{2, 5, 2}));
  tap_column<double> one(1.0);
  one.set(0, 1, 4);
  EXPECT_EQ(one[0], 4);
}

TEST(local_parts, of_a_tap_are_all_of_it) {
  const auto whole = tap_of(1, {{3, 9, 2}, {12, 15, 1}}, {1, 2, 3, 4, 5, 6, 7, 8});
  std::map<std::uint64_t, double> seen;
  for (std::uint32_t vp = 0; vp < 3; ++vp) {
    const auto part = local_part(whole, {vp, 3});
    for (std::uint64_t i = 0; i < part.nodes.size(); ++i) {
      EXPECT_EQ(part.nodes[i] % 3, vp);
      seen[part.nodes[i]] = part.weights[i];
    }
  }
  EXPECT_EQ(seen,
            (std::map<std::uint64_t, double>{{3, 1}, {5, 2}, {7, 3}, {9, 4}, {12, 5}, {13, 6}, {14, 7}, {15, 8}}));
  auto generators = whole;
  generators.of_generators = true;
  for (std::uint32_t vp = 0; vp < 3; ++vp)
    EXPECT_EQ(local_part(generators, {vp, 3}).nodes.size(), vp == 301 % 3 ? 8u : 0u);
}

TEST(local_parts, of_a_detector_are_where_it_is) {
  auto whole = tap_of(1, {{3, 9, 2}});
  whole.detects = true;
  whole.receptors = tap_column<std::int64_t>(std::vector<std::int64_t>{0, 1, 2, 3});
  for (std::uint32_t vp = 0; vp < 3; ++vp) {
    const auto part = local_part(whole, {vp, 3});
    EXPECT_EQ(part.nodes.size(), vp == 301 % 3 ? 4u : 0u);
    EXPECT_TRUE(part.detects) << "every VP knows what the recorder is";
  }
  const auto bytes = bytes_of(whole);
  EXPECT_EQ(bytes_of(object_of<tap>(bytes)), bytes);
  EXPECT_EQ(object_of<tap>(bytes).receptors[2], 2);
  whole.receptors = tap_column<std::int64_t>(std::vector<std::int64_t>{0, 1, 2});
  EXPECT_THROW(object_of<tap>(bytes_of(whole)), std::invalid_argument);
}

TEST(taps_of_pairs, that_repeat_are_several) {
  projection p;
  p.pairs = std::make_shared<id_pairs>(id_pairs{{5, 3, 5, 4, 5}, {9, 9, 9, 8, 9}, {}, {}, 5, {}, false});
  p.weight = std::make_shared<const std::vector<double>>(std::vector<double>{1, 2, 3, 4, 5});
  const auto all = taps_of(p, {false, false, [](std::uint64_t id) { return recorder_ordinal(id); }}, {}, {});
  ASSERT_EQ(all.size(), 4u);
  EXPECT_EQ(all[0].recorder, recorder_ordinal(8));
  EXPECT_EQ(all[1].nodes.size(), 2u);
  EXPECT_EQ(all[1].weights.values(), (std::vector<double>{2, 1}));
  EXPECT_EQ(all[2].weights.values(), (std::vector<double>{3}));
  EXPECT_EQ(all[3].weights.values(), (std::vector<double>{5}));
}

TEST(taps_of_calls, are_one_for_each_recorder) {
  auto p = call_of({{"rule", "all_to_all"}}, some, recorders);
  p.delay_ms = 1.5;
  p.weight = 7.0;
  EXPECT_TRUE(hears_sets(p));
  const auto all = taps_of(p, heard, {}, {});
  ASSERT_EQ(all.size(), 2u);
  for (const tap& t : all) {
    EXPECT_EQ(t.nodes.ranges, some.ranges);
    EXPECT_EQ(t.recorder_id, 300u + t.recorder.index());
    EXPECT_EQ(t.delays.values(), (std::vector<std::uint32_t>{15}));
    EXPECT_EQ(t.weights.values(), (std::vector<double>{7}));
    EXPECT_EQ(t.source(5), 5u);
    EXPECT_EQ(t.target(5), t.recorder_id);
  }
  p.weight = parameter::make({{operation::uniform, {}, {0, 1}}});
  EXPECT_FALSE(hears_sets(p));
  EXPECT_EQ(taps_of(p, heard, {}, {}).size(), 2u);
  EXPECT_EQ(taps_of(p, heard, {}, {})[0].weights.values().size(), 4u);
}

TEST(taps_of_calls, of_detectors_have_receptors) {
  auto p = call_of({{"rule", "all_to_all"}}, some, recorders);
  p.receptor = 3.0;
  auto ends = heard;
  ends.is_detector = [](std::uint64_t id) { return id == 302; };
  auto all = taps_of(p, ends, {}, {});
  ASSERT_EQ(all.size(), 2u);
  EXPECT_EQ(all[0].detects, false);
  EXPECT_EQ(all[1].detects, true);
  EXPECT_EQ(all[1].receptors.values(), std::vector<std::int64_t>{3});
  p.receptor = std::make_shared<const std::vector<double>>(std::vector<double>{0, 1, 2, 3, 4, 5, 6, 7});
  EXPECT_FALSE(hears_sets(p));
  all = taps_of(p, ends, {}, {});
  EXPECT_EQ(all[1].receptors.values(), (std::vector<std::int64_t>{4, 5, 6, 7})) << "by target, then source";
  p.receptor = parameter::make({{operation::uniform, {}, {0, 1}}});
  EXPECT_THROW(taps_of(p, ends, {}, {}), api_error) << "no whole numbers";
}

TEST(taps_of_calls, of_meters_begin_at_the_meter) {
  const auto all = taps_of(call_of({{"rule", "all_to_all"}}, recorders, some), metered, {}, {});
  ASSERT_EQ(all.size(), 2u);
  EXPECT_EQ(all[1].source(5), 302u);
  EXPECT_EQ(all[1].target(5), 5u);
}

TEST(taps_of_calls, with_a_delay_outside_the_limits_are_refused) {
  auto p = call_of({{"rule", "all_to_all"}}, some, recorders);
  p.delay_ms = std::make_shared<const std::vector<double>>(std::vector<double>{1, 1, 1, 1, 1, 1, 1, 0.5});
  try {
    taps_of(p, heard, {}, delay_limits{10, 20});
    FAIL();
  } catch (const api_error& e) {
    EXPECT_EQ(e.kind(), error_kind::BadDelay);
  }
}

TEST(a_tap, knows_its_extreme_delays) {
  tap t;
  t.delays = tap_column<std::uint32_t>(std::vector<std::uint32_t>{5, 3, 9});
  EXPECT_EQ(t.extrema().min, 3);
  EXPECT_EQ(t.extrema().max, 9);
}

}  // namespace
}  // namespace volley::runtime
