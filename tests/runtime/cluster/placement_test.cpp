#include "runtime/cluster/placement.hpp"

#include <gtest/gtest.h>

#include <limits>

#include "runtime/base/contract.hpp"

namespace volley::runtime::cluster {
namespace {

constexpr auto unlimited = std::numeric_limits<std::uint64_t>::max();
const worker_number one{1}, two{2}, five{5};

TEST(placement, deals_vps_by_turns) {
  EXPECT_EQ(spread(5, {{one, 1, 0}, {two, 1, 0}}), (placement{one, two, one, two, one}));
  EXPECT_EQ(spread(1, {{one, 4, 0}, {two, 4, 0}}), (placement{one}));
  EXPECT_EQ(spread(0, {{one, 1, 0}}), placement{});
}

TEST(placement, deals_in_proportion_to_lanes) {
  EXPECT_EQ(spread(6, {{one, 1, 0}, {two, 2, 0}}), (placement{two, one, two, two, one, two}));
  const auto many = spread(1000, {{one, 1, 0}, {two, 3, 0}});
  EXPECT_EQ(vps_of(many, one).size(), 250u);
}

TEST(placement, needs_somebody_with_a_lane) {
  EXPECT_THROW(spread(1, {}), broken_contract);
  EXPECT_THROW(spread(1, {{one, 0, 0}}), broken_contract);
}

TEST(evened, moves_no_more_than_it_must) {
  const candidate a{one, 1, 0}, b{two, 1, 0}, c{five, 1, 0};
  EXPECT_EQ(evened({one, two, one, two}, {a, b}), (placement{one, two, one, two}));
  EXPECT_EQ(evened({one, one, two}, {a, b}), (placement{one, one, two})) << "nobody gains by it";
  EXPECT_EQ(evened({one, two, one, two, one, two}, {a, b, c}), (placement{one, two, one, two, five, five}));
  EXPECT_EQ(evened({one, two}, {a, b, c}), (placement{one, two})) << "nobody has two";
  EXPECT_EQ(evened({one, two, five, two}, {a, c}), (placement{one, one, five, five})) << "two is drained";
  EXPECT_EQ(evened({one, one, one, one}, {a, {two, 3, 0}}), (placement{one, two, two, two})) << "lanes count";
  EXPECT_THROW(evened({one}, {}), broken_contract);
}

TEST(placement, names_who_takes_part) {
  const placement p{five, one, five};
  EXPECT_EQ(workers_of(p), (std::vector{one, five}));
  EXPECT_EQ(vps_of(p, five), (std::vector<std::uint32_t>{0, 2}));
  EXPECT_TRUE(vps_of(p, two).empty());
}

TEST(placement, has_room_for_what_the_fullest_can_hold) {
  const placement p{one, two, one, two};
  EXPECT_EQ(room(p, {{one, 1, 100}, {two, 1, 300}}), 200u);
  EXPECT_EQ(room(p, {{one, 1, 100}, {two, 1, 300}, {five, 1, 1}}), 200u) << "who holds nothing limits nothing";
  EXPECT_EQ(room(p, {{one, 1, unlimited}, {two, 1, 300}}), 600u);
  EXPECT_EQ(room(p, {{one, 1, unlimited}, {two, 1, unlimited}}), unlimited);
}

TEST(a_buddy, is_another_and_what_one_held_is_spread) {
  const std::vector<candidate> all{{worker_number(1)}, {worker_number(2)}, {worker_number(3)}};
  const auto where = spread(9, all);
  std::vector<std::uint32_t> kept(4);
  for (std::uint32_t vp = 0; vp < 9; ++vp) {
    const auto other = buddy(vp, where[vp], all);
    EXPECT_NE(other, where[vp]);
    if (where[vp] == worker_number(1)) ++kept[other.index()];
  }
  EXPECT_EQ(kept, (std::vector<std::uint32_t>{0, 0, 2, 1}));
}

TEST(after_a_loss, vps_stay_or_go_where_their_images_are) {
  const worker_number one(1), two(2), three(3);
  EXPECT_EQ(after_loss({one, two, one}, {{one, two}, {three}, {one}}), (placement{one, three, one}));
  EXPECT_EQ(after_loss({one, two}, {{one}, {}}), std::nullopt);
}

}  // namespace
}  // namespace volley::runtime::cluster
