#include "runtime/cluster/peer_frames.hpp"

#include <gtest/gtest.h>

#include <string>

namespace volley::runtime::cluster {
namespace {

const fence here{4, 2};
using frames = peer_frames<std::string>;
using sent = std::optional<std::vector<std::string>>;

TEST(peer_frames, waits_for_a_connection) {
  frames f(here);
  EXPECT_FALSE(f.put_out(0, "a"));
  EXPECT_EQ(f.connect(0), sent({"a"}));
  EXPECT_TRUE(f.put_out(1, "b"));
  EXPECT_THROW(f.put_out(1, "b"), broken_contract);
}

TEST(peer_frames, sends_again_what_the_peer_lacks) {
  for (const auto& [next, expected] :
       {std::pair{3u, sent({"d"})}, std::pair{2u, sent({"c", "d"})}, std::pair{4u, sent(std::vector<std::string>())},
        std::pair{1u, sent()}, std::pair{5u, sent()}}) {
    frames f(here);
    f.connect(0);
    for (const auto* text : {"a", "b", "c", "d"}) f.put_out(f.is_up() ? text[0] - 'a' : 0, text);
    f.disconnect();
    EXPECT_EQ(f.has_from(next), expected.has_value()) << next;
    EXPECT_EQ(f.connect(next), expected) << next;
    EXPECT_EQ(f.is_up(), expected.has_value());
  }
}

TEST(peer_frames, takes_each_frame_once_and_in_its_order) {
  frames f(here, 5);
  EXPECT_EQ(f.arrive(here, 6), frame_fate::ahead);
  EXPECT_EQ(f.arrive(here, 5), frame_fate::taken);
  EXPECT_EQ(f.arrive(here, 5), frame_fate::repeated);
  EXPECT_EQ(f.arrive(here, 6), frame_fate::taken);
  EXPECT_EQ(f.arrive(here, 4), frame_fate::repeated);
  EXPECT_EQ(f.next(), 7u);
  EXPECT_EQ(f.repeated(), 2u);
}

TEST(peer_frames, drops_what_is_of_another_life) {
  frames f(here);
  for (const fence other : {fence{3, 2}, fence{4, 1}, fence{5, 2}, fence{4, 3}})
    EXPECT_EQ(f.arrive(other, 0), frame_fate::stale);
  EXPECT_EQ(f.stale(), 4u);
  EXPECT_EQ(f.next(), 0u);
}

}  // namespace
}  // namespace volley::runtime::cluster
