#include "actors/inbox.hpp"

#include <gtest/gtest.h>

#include <thread>

namespace volley::actors {
namespace {

using namespace std::chrono_literals;

protocol::frame numbered(std::uint64_t sequence) { return protocol::frame({.sequence = sequence}); }

TEST(inbox, frames_come_out_in_their_order) {
  inbox in(0us);
  for (std::uint64_t i = 0; i < 5; ++i) in.send(numbered(i));
  for (std::uint64_t i = 0; i < 5; ++i) EXPECT_EQ(in.receive(0ns)->head().sequence, i);
  EXPECT_FALSE(in.receive(1ms));
}

TEST(inbox, a_sleeping_client_is_woken) {
  inbox in(0us);
  std::thread sender([&] {
    for (std::uint64_t i = 0; i < 1000; ++i) in.send(numbered(i));
  });
  for (std::uint64_t i = 0; i < 1000; ++i) EXPECT_EQ(in.receive(1h)->head().sequence, i);
  sender.join();
}

TEST(inbox, a_body_is_not_copied) {
  inbox in(0us);
  const auto body = std::make_shared<const protocol::words>(protocol::words::zeroed(10));
  in.send(protocol::frame({}, body));
  EXPECT_EQ(in.receive(0ns)->body(), body);
}

}  // namespace
}  // namespace volley::actors
