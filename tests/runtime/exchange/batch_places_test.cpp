#include "runtime/exchange/batch_places.hpp"

#include <gtest/gtest.h>

#include <memory>

namespace volley::runtime {
namespace {

TEST(slots, hold_two_intervals_of_every_vp) {
  batch_places<int> all(3);
  EXPECT_EQ(all.vps(), 3u);
  for (const std::uint64_t interval : {0, 1})
    for (std::size_t vp = 0; vp < 3; ++vp) all.put(interval, vp, static_cast<int>(10 * interval + vp));
  for (const std::uint64_t interval : {0, 1})
    for (std::size_t vp = 0; vp < 3; ++vp) EXPECT_EQ(all.get(interval, vp), static_cast<int>(10 * interval + vp));
}

TEST(slots, are_written_again_two_intervals_later) {
  batch_places<std::shared_ptr<const int>> all(2);
  const auto first = std::make_shared<const int>(1);
  all.put(4, 1, first);
  EXPECT_EQ(all.get(4, 1), first);
  EXPECT_EQ(all.get(4, 0), nullptr);
  EXPECT_EQ(all.get(5, 1), nullptr);
  all.put(6, 1, nullptr);
  EXPECT_EQ(first.use_count(), 1) << "the batch is let go";
}

}  // namespace
}  // namespace volley::runtime
