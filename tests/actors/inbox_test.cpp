#include "actors/inbox.hpp"

#include <gtest/gtest.h>

#include <stdexcept>
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

TEST(inbox, nothing_comes_after_the_end) {
  inbox in(0us);
  in.send(numbered(1));
  in.close();
  EXPECT_EQ(in.receive(0ns)->head().sequence, 1u);
  EXPECT_THROW(in.receive(1h), std::runtime_error);
}

TEST(inbox, the_end_wakes_a_sleeping_client) {
  inbox in(0us);
  std::thread session([&] { in.close(); });
  EXPECT_THROW(in.receive(1h), std::runtime_error);
  session.join();
}

TEST(inbox, a_body_is_not_copied) {
  inbox in(0us);
  const auto body = std::make_shared<const protocol::words>(protocol::words::zeroed(10));
  in.send(protocol::frame({}, body));
  EXPECT_EQ(in.receive(0ns)->body(), body);
}

}  // namespace
}  // namespace volley::actors
