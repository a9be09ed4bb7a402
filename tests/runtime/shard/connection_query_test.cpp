#include "runtime/shard/connection_query.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <map>

#include "tests/runtime/shard/shards_of_a_kernel.hpp"

namespace volley::runtime::tests {
namespace {

using triple = std::array<std::uint32_t, 3>;  // source, target, number

std::vector<triple> found(shard_parts& parts, const connection_filter& filter = {}) {
  std::vector<triple> all;
  for (const auto& c : find_connections(parts, filter)) all.push_back({c.source, c.target, c.number});
  std::ranges::sort(all);
  return all;
}
node_set one(std::uint64_t id) { return {0, {{id, id, 1}}}; }

TEST(connection_query, lists_what_the_vp_stores) {
  shards_of_a_kernel n(2);
  EXPECT_EQ(found(n.parts(0)),
            (std::vector<triple>{{1, 4, 0}, {1, 4, 1}, {1, 6, 0}, {2, 4, 0}, {2, 6, 0}, {4, 10, 0}}));
  EXPECT_EQ(found(n.parts(1)), (std::vector<triple>{{1, 5, 0}, {2, 5, 0}, {5, 10, 0}}));
}

TEST(connection_query, lists_what_passes_the_filter) {
  shards_of_a_kernel n(1);
  auto& parts = n.parts(0);
  EXPECT_EQ(found(parts, {one(2), {}, {}}), (std::vector<triple>{{2, 4, 0}, {2, 5, 0}, {2, 6, 0}}));
  EXPECT_EQ(found(parts, {{}, one(6), {}}), (std::vector<triple>{{1, 6, 0}, {2, 6, 0}}));
  EXPECT_EQ(found(parts, {one(1), one(4), {}}), (std::vector<triple>{{1, 4, 0}, {1, 4, 1}}));
  EXPECT_EQ(found(parts, {{}, one(10), {}}), (std::vector<triple>{{4, 10, 0}, {5, 10, 0}}));
  EXPECT_TRUE(found(parts, {one(7), {}, {}}).empty());
  EXPECT_EQ(found(parts, {{}, {}, store_ordinal(n.model)}).size(), 9u);
  EXPECT_TRUE(found(parts, {{}, {}, store_ordinal(n.model == 0 ? 1 : 0)}).empty());
}

TEST(connection_query, finds_the_same_once_it_is_asked_often) {
  shards_of_a_kernel n(1);
  for (int round = 0; round < 20; ++round)
    ASSERT_EQ(found(n.parts(0), {{}, one(4), {}}), (std::vector<triple>{{1, 4, 0}, {1, 4, 1}, {2, 4, 0}})) << round;
}

TEST(connection_query, tells_connections_of_recorders_from_others) {
  shards_of_a_kernel n(1);
  for (const auto& c : find_connections(n.parts(0), {}))
    EXPECT_EQ(c.call == found_connection::of_recorder, c.target == 10) << c.source;
}

TEST(connection_query, reads_those_of_a_list_that_are_here) {
  shards_of_a_kernel n(2);
  const auto list = n.list({{2, 5, 0}, {1, 4, 1}, {1, 4, 0}, {1, 4, 2}, {4, 10, 0}, {3, 4, 0}});
  std::map<std::uint32_t, double> weights;
  for (std::size_t vp = 0; vp < 2; ++vp) {
    const auto values = read_connections(n.parts(vp), list, false);
    EXPECT_EQ(values.n_parameters, 0u);
    for (std::size_t i = 0; i < values.positions.size(); ++i) {
      EXPECT_TRUE(weights.emplace(values.positions[i], values.weights[i]).second) << "two VPs read it";
      EXPECT_EQ(values.delay_steps[i], values.positions[i] == 0 || values.positions[i] == 2 ? 20u : 10u);
      EXPECT_EQ(values.receptors[i], 0);
    }
  }
  EXPECT_EQ(weights, (std::map<std::uint32_t, double>{{0, 40}, {1, 70}, {2, 10}, {4, 1}}));
}

}  // namespace
}  // namespace volley::runtime::tests
