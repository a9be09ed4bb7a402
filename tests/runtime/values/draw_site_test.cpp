#include "runtime/values/draw_site.hpp"

#include <gtest/gtest.h>

#include <set>
#include <vector>

namespace volley::runtime {
namespace {

constexpr std::uint32_t last_draw = draw_site::draws_per_evaluation - 1, last_place = draw_site::places - 1;

TEST(draw_site, every_draw_of_every_place_has_a_counter_of_its_own) {
  std::set<models::random_words> counters;
  std::size_t asked = 0;
  for (const std::uint32_t place : {0u, 1u, 2u, 3u, last_place - 1, last_place})
    for (const std::uint32_t draw : {0u, 1u, 4095u, 4096u, last_draw}) {
      const draw_site site = connection_site(7, 3, 1, 2, 0, place);
      counters.insert(site.counter(draw));
      ++asked;
      if (site.takes_second_normal()) continue;
      counters.insert(site.counter_of_normals(draw));
      ++asked;
    }
  EXPECT_EQ(counters.size(), asked);
}

TEST(draw_site, an_even_place_shares_its_normals_with_the_odd_one_after_it) {
  for (const std::uint32_t even : {0u, 2u, last_place - 1}) {
    const draw_site first = node_site({7, 3}, 5, even), second = node_site({7, 3}, 5, even + 1);
    EXPECT_EQ(first.counter_of_normals(9), second.counter_of_normals(9));
    EXPECT_FALSE(first.takes_second_normal());
    EXPECT_TRUE(second.takes_second_normal());
  }
}

TEST(draw_site, owners_and_purposes_differ) {
  const auto node = node_site({7, 3}, (1ull << 32) + 5, 2);
  EXPECT_EQ(node.owner, (std::array<std::uint32_t, 3>{5, 1, 0}));
  const auto connection = connection_site(7, 3, 11, 12, 13, 2);
  EXPECT_EQ(connection.owner, (std::array<std::uint32_t, 3>{11, 12, 13}));
  const std::set<std::array<std::uint32_t, 2>> words{key_words(node.key), key_words(connection.key),
                                                     key_words(value_site({7, 3}).key)};
  EXPECT_EQ(words.size(), 3u) << "one call draws for nodes, connections and single values";
}

TEST(draw_sites, columns_of_one_entry_stand_for_all) {
  const std::vector<std::uint32_t> sources{4, 5, 6}, target{9}, multapses{0, 1, 2};
  const auto key = connection_site(7, 3, 0, 0, 0, 0).key;
  const draw_sites sites{key, {sources, target, multapses}, 2};
  for (std::uint32_t i = 0; i < 3; ++i) {
    const draw_site alone = connection_site(7, 3, 4 + i, 9, i, 2);
    EXPECT_EQ(sites[i].counter(1), alone.counter(1));
    EXPECT_EQ(key_words(sites[i].key), key_words(alone.key));
  }
}

}  // namespace
}  // namespace volley::runtime
