#include "runtime/rules/listed_pairs.hpp"

#include <gtest/gtest.h>

#include <random>

namespace volley::runtime {
namespace {

using ids = std::vector<std::uint64_t>;

TEST(listed_pairs, are_told_by_source_in_whatever_order_they_come) {
  const listed_pairs once{4, false, {{2, 2, 1, 2}, {4, 4, 2, 3}}, {1, 2, 3}};
  EXPECT_EQ(listed({2, 2, 4, 4}, {1, 2, 2, 3}), once) << "by source";
  EXPECT_EQ(listed({2, 4, 2, 4}, {1, 2, 2, 3}), once) << "by target";
  EXPECT_EQ(listed({4, 2, 4, 2}, {3, 2, 2, 1}), once);
  EXPECT_EQ(listed({4, 2, 4, 2, 4}, {3, 2, 2, 1, 3}), (listed_pairs{5, true, once.reaches, once.targets}));
  EXPECT_EQ(listed({900, 1}, {1, 1}), (listed_pairs{2, false, {{1, 1, 1, 1}, {900, 900, 1, 1}}, {1}})) << "far apart";
  EXPECT_EQ(listed({}, {}), listed_pairs());
}

TEST(listed_pairs, of_ranks_are_those_of_all) {
  std::mt19937_64 random(5);
  for (const std::uint64_t nodes : {3, 40, 400})
    for (const std::uint64_t ranks : {1, 2, 3, 7}) {
      ids sources, targets;
      std::vector<ids> its_sources(ranks), its_targets(ranks);
      for (int i = 0; i < 60; ++i) {
        sources.push_back(1 + random() % nodes);
        targets.push_back(1 + random() % nodes);
        its_sources[targets.back() % ranks].push_back(sources.back());
        its_targets[targets.back() % ranks].push_back(targets.back());
      }
      listed_pairs all;
      for (std::size_t rank = 0; rank < ranks; ++rank) all.include(listed(its_sources[rank], its_targets[rank]));
      EXPECT_EQ(all, listed(sources, targets)) << nodes << " nodes, " << ranks << " ranks";
    }
}

}  // namespace
}  // namespace volley::runtime
