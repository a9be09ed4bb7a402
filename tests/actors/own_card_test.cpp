#include "actors/own_card.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>

#include "protocol/frame.hpp"
#include "protocol/release.hpp"

namespace volley::actors {
namespace {

TEST(own_card, names_the_build_by_the_bytes_of_the_program) {
  const auto build = build_of_program();
  EXPECT_EQ(build.size(), 64u);
  EXPECT_EQ(build.find_first_not_of("0123456789abcdef"), std::string::npos);
  EXPECT_EQ(build_of_program(), build);
}

TEST(own_card, says_what_this_process_is) {
  const auto card = own_card(3, 1000);
  EXPECT_EQ(card.protocol, protocol::version);
  EXPECT_EQ(card.release, protocol::release);
  EXPECT_EQ(card.build, build_of_program());
  EXPECT_EQ(card.digest, runtime::cluster::arithmetic_digest());
  EXPECT_EQ(card.lanes, 3u);
  EXPECT_EQ(card.memory, 1000u);
  EXPECT_EQ(card.process, static_cast<std::uint32_t>(::getpid()));
  EXPECT_EQ(incompatibility(card, card), std::nullopt);
}

}  // namespace
}  // namespace volley::actors
