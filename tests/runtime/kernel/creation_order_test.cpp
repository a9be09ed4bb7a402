#include "runtime/kernel/creation_order.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <random>
#include <vector>

namespace volley::runtime {
namespace {

node_set ids(std::uint64_t first, std::uint64_t last, std::uint64_t step = 1) { return {0, {{first, last, step}}}; }

TEST(id_spans, join_what_touches) {
  id_spans set(node_set{0, {{5, 7, 1}, {9, 9, 1}, {20, 24, 2}}});
  for (std::uint64_t id = 0; id < 30; ++id) {
    const bool in = (id >= 5 && id <= 7) || id == 9 || id == 20 || id == 22 || id == 24;
    EXPECT_EQ(set.contains(id), in) << id;
    const id_spans one(ids(id, id));
    EXPECT_EQ(set.overlaps(one), in) << id;
    EXPECT_EQ(one.overlaps(set), in) << id;
  }
  set.add(8, 8);
  id_spans joined;
  joined.add(set);
  EXPECT_EQ(joined, id_spans(node_set{0, {{5, 9, 1}, {20, 20, 1}, {22, 22, 1}, {24, 24, 1}}}));
}

TEST(creation_order, calls_that_connect_other_nodes_need_no_marks) {
  creation_order order;
  const auto call = [&](const node_set& sources, const node_set& targets, std::uint32_t ordinal) {
    const call_ends ends(sources, targets);
    const bool tells = order.tells(ends);
    order.add(ends, ordinal);
    return tells;
  };
  EXPECT_TRUE(call(ids(1, 9), ids(10, 19), 1));
  EXPECT_TRUE(order.is_by_target());
  EXPECT_TRUE(call(ids(1, 9), ids(20, 29), 2));  // behind the others in each row
  EXPECT_TRUE(call(ids(20, 29), ids(40, 49), 3));
  EXPECT_TRUE(order.is_by_target());
  EXPECT_TRUE(call(ids(1, 9), ids(1, 9), 4));  // before them
  EXPECT_FALSE(order.is_by_target());
  EXPECT_FALSE(call(ids(5, 5), ids(29, 29), 5));
  EXPECT_LT(order.call_of(5, 25), 4u);
  EXPECT_EQ(order.call_of(5, 5), 4u);
}

TEST(creation_order, loops_over_nodes_stay_one_chain) {
  creation_order order;
  std::uint32_t ordinal = 0;
  for (std::uint64_t source = 1; source <= 1000; ++source)
    for (const auto& targets : {ids(1, 400), ids(401, 1000)}) {
      const call_ends ends(ids(source, source), targets);
      ASSERT_TRUE(order.tells(ends));
      order.add(ends, ++ordinal);
    }
  for (std::uint64_t target = 1; target <= 1000; ++target) {
    const call_ends ends(ids(1001, 1500), ids(target, target));
    ASSERT_TRUE(order.tells(ends));
    order.add(ends, ++ordinal);
  }
  EXPECT_TRUE(order.is_by_target());
}

TEST(creation_order, parts_of_one_list_of_pairs_need_no_marks) {
  // As files of edges come: sorted by target, cut anywhere, exciting and inhibiting sources apart.
  creation_order order;
  for (std::uint32_t part = 0; part < 100; ++part) {
    std::vector<source_reach> exciting, inhibiting;
    const std::uint64_t low = 1 + 10 * part, high = low + 10;
    for (std::uint64_t source = 1; source <= 100; source += 1 + part % 3) {
      // Nobody but every third source reaches the target at which the parts are cut, and these do in one of them only.
      auto& list = source % 2 == 0 ? exciting : inhibiting;
      list.push_back({source, source, low + 1, source % 3 == 0 ? high : high - 1});
    }
    for (const auto& list : {exciting, inhibiting}) {
      const call_ends ends(ids(1, 100), ids(low, high), list);
      ASSERT_TRUE(order.tells(ends)) << part;
      order.add(ends, 2 * part);
    }
  }
  EXPECT_TRUE(order.is_by_target());
}

// Whatever calls come: within a source, (call, target) is the order of their making, and no pair that is connected
// twice by unmarked calls.
TEST(creation_order, is_right_for_any_calls) {
  for (std::uint32_t seed = 1; seed <= 200; ++seed) {
    std::mt19937 random(seed);
    creation_order order;
    struct made {
      std::uint32_t call;
      bool marked;
      std::uint64_t target;
    };
    std::map<std::uint64_t, std::vector<made>> by_source;
    for (std::uint32_t call = 1; call <= 12; ++call) {
      const auto some = [&] {
        const std::uint64_t first = 1 + random() % 10, last = first + random() % 4, step = 1 + random() % 2;
        return ids(first, last - (last - first) % step, step);
      };
      const auto sources = some(), targets = some();
      const call_ends ends(sources, targets);
      const bool marked = !order.tells(ends);
      order.add(ends, call);
      for (std::uint64_t s = 0; s < sources.size(); ++s)
        for (std::uint64_t t = 0; t < targets.size(); ++t) by_source[sources[s]].push_back({call, marked, targets[t]});
    }
    for (const auto& [source, list] : by_source) {
      std::map<std::uint64_t, int> unmarked;
      std::vector<std::pair<std::uint32_t, std::uint64_t>> keys;
      for (const auto& c : list) {
        if (!c.marked) {
          ASSERT_EQ(++unmarked[c.target], 1) << "seed " << seed;
        }
        keys.emplace_back(c.marked ? c.call : order.call_of(source, c.target), c.target);
      }
      ASSERT_TRUE(std::ranges::is_sorted(keys)) << "seed " << seed << " source " << source;
    }
  }
}

}  // namespace
}  // namespace volley::runtime
