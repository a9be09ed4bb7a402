#include "runtime/base/layout.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace volley::runtime {
namespace {

TEST(layout, every_id_has_one_vp) {
  for (const std::uint32_t n_vps : {1u, 2u, 3u, 7u})
    for (std::uint64_t id = 1; id < 30; ++id) {
      std::uint32_t holders = 0;
      for (std::uint32_t vp = 0; vp < n_vps; ++vp) holders += layout{vp, n_vps}.holds(id);
      EXPECT_EQ(holders, 1u);
      EXPECT_TRUE((layout{static_cast<std::uint32_t>(id % n_vps), n_vps}.holds(id)));
    }
}

TEST(local_part, has_the_held_ids_of_a_range_in_order) {
  for (const std::uint32_t n_vps : {1u, 2u, 3u, 7u, 40u})
    for (std::uint32_t vp = 0; vp < n_vps; ++vp)
      for (const auto& [first, last] : {std::pair(1, 1), {5, 5}, {3, 20}, {7, 34}}) {
        const layout place{vp, n_vps};
        const local_ids ids = local_part(static_cast<std::uint64_t>(first), static_cast<std::uint64_t>(last), place);
        std::vector<std::uint64_t> expected, found;
        for (auto id = static_cast<std::uint64_t>(first); id <= static_cast<std::uint64_t>(last); ++id)
          if (place.holds(id)) expected.push_back(id);
        for (std::uint32_t cell = 0; cell < ids.count; ++cell) found.push_back(ids[cell]);
        EXPECT_EQ(found, expected) << first << " to " << last << " on VP " << vp << " of " << n_vps;
      }
}

TEST(local_ids, know_their_own_and_their_cells) {
  const local_ids ids{5, 3, 4};  // 5, 8, 11, 14
  EXPECT_EQ(ids.last(), 14u);
  for (std::uint64_t id = 0; id < 20; ++id) EXPECT_EQ(ids.contains(id), id >= 5 && id <= 14 && id % 3 == 2) << id;
  for (std::uint32_t cell = 0; cell < 4; ++cell) EXPECT_EQ(ids.cell(ids[cell]), cell);
  EXPECT_FALSE((local_ids{5, 3, 0}.contains(5))) << "none are there";
}

}  // namespace
}  // namespace volley::runtime
