#include "runtime/rules/local_nodes.hpp"

#include <gtest/gtest.h>

namespace volley::runtime {
namespace {

const node_set pieces{0, {{2, 5, 1}, {9, 21, 3}, {30, 30, 1}, {40, 52, 4}}};

TEST(local_nodes, are_those_of_the_vp_in_order) {
  for (const std::uint32_t n_vps : {1u, 2u, 3u, 4u, 6u, 7u, 100u}) {
    for (std::uint32_t vp = 0; vp < n_vps; ++vp) {
      const layout place{vp, n_vps};
      local_nodes locals(pieces, place);
      local_nodes::entry at;
      for (std::uint32_t i = 0; i < pieces.size(); ++i) {
        if (!place.holds(pieces[i])) continue;
        ASSERT_TRUE(locals.next(at));
        EXPECT_EQ(at.position, i);
        EXPECT_EQ(at.id, pieces[i]);
      }
      EXPECT_FALSE(locals.next(at));
      EXPECT_FALSE(locals.next(at));
    }
  }
}

TEST(local_nodes, of_no_nodes_are_none) {
  const node_set nobody;
  local_nodes::entry at;
  EXPECT_FALSE(local_nodes(nobody, {0, 1}).next(at));
}

}  // namespace
}  // namespace volley::runtime
