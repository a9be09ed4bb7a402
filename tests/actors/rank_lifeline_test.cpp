#include "actors/rank_lifeline.hpp"

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <chrono>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <optional>
#include <stdexcept>
#include <thread>
#include <utility>

namespace volley::actors {
namespace {

using namespace std::chrono_literals;

/// What a lifeline has told.
class news {
 public:
  rank_lifeline::on_end ear() {
    return [this](std::uint32_t rank, bool orderly) {
      const std::lock_guard guard(mutex_);
      ends_.emplace_back(rank, orderly);
      came_.notify_all();
    };
  }
  /// The next end; nothing when none comes for long.
  std::optional<std::pair<std::uint32_t, bool>> next() {
    std::unique_lock guard(mutex_);
    if (!came_.wait_for(guard, 10s, [this] { return !ends_.empty(); })) return {};
    const auto first = ends_.front();
    ends_.erase(ends_.begin());
    return first;
  }
  bool is_quiet() {
    std::unique_lock guard(mutex_);
    return !came_.wait_for(guard, 100ms, [this] { return !ends_.empty(); });
  }

 private:
  std::mutex mutex_;
  std::condition_variable came_;
  std::vector<std::pair<std::uint32_t, bool>> ends_;
};

using end = std::pair<std::uint32_t, bool>;

/// A connection of somebody who says this.
owned_descriptor dial(std::uint16_t port, const std::string& says) {
  owned_descriptor line(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  sockaddr_in where{};
  where.sin_family = AF_INET;
  where.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  where.sin_port = htons(port);
  EXPECT_EQ(::connect(line.get(), reinterpret_cast<const sockaddr*>(&where), sizeof where), 0);
  EXPECT_EQ(::send(line.get(), says.data(), says.size(), 0), static_cast<ssize_t>(says.size()));
  return line;
}

std::string greeting(const rank_door& door, std::uint32_t rank) {
  return door.token + std::string(reinterpret_cast<const char*>(&rank), sizeof rank);
}

TEST(rank_lifeline, tells_who_has_said_goodbye) {
  news of_first, of_second;
  auto first = std::make_unique<rank_lifeline>(3u, true, of_first.ear());
  auto second = std::make_unique<rank_lifeline>(1u, first->door(), of_second.ear());
  auto third = std::make_unique<rank_lifeline>(2u, first->door(), [](std::uint32_t, bool) {});
  EXPECT_TRUE(of_first.is_quiet());
  third.reset();
  EXPECT_EQ(of_first.next(), end(2, true));
  first.reset();
  EXPECT_EQ(of_second.next(), end(0, true));
}

TEST(rank_lifeline, tells_who_has_died) {
  news of_first;
  rank_lifeline first(3, true, of_first.ear());
  { const auto killed = dial(first.door().port, greeting(first.door(), 2)); }
  EXPECT_EQ(of_first.next(), end(2, false));
}

TEST(rank_lifeline, lets_nobody_else_in) {
  news of_first;
  rank_lifeline first(3, true, of_first.ear());
  { const auto stranger = dial(first.door().port, std::string(36, 'x')); }
  { const auto silent = dial(first.door().port, "x"); }
  { const auto no_rank = dial(first.door().port, greeting(first.door(), 3)); }
  EXPECT_TRUE(of_first.is_quiet());
  rank_lifeline second(1, first.door(), [](std::uint32_t, bool) {});
  const auto twice = dial(first.door().port, greeting(first.door(), 1));
  char byte = 0;
  EXPECT_EQ(::recv(twice.get(), &byte, 1, 0), 0) << "rank 1 is here already";
}

TEST(rank_lifeline, other_machines_have_addresses_to_try) {
  rank_lifeline first(2, false, [](std::uint32_t, bool) {});
  auto door = first.door();
  door.addresses = {"no address", "127.0.0.1"};
  EXPECT_NO_THROW(rank_lifeline(1, door, [](std::uint32_t, bool) {}));
  door.addresses = {};
  EXPECT_THROW(rank_lifeline(1, door, [](std::uint32_t, bool) {}), std::runtime_error);
}

TEST(rank_lifeline, a_first_rank_that_ends_at_once_says_goodbye_to_who_is_on_the_way) {
  auto first = std::make_unique<rank_lifeline>(2, true, [](std::uint32_t, bool) {});
  const auto door = first->door();
  std::thread other([&] {
    std::this_thread::sleep_for(30ms);
    news told;
    const rank_lifeline line(1, door, told.ear());
    EXPECT_EQ(told.next(), end(0, true));
  });
  first.reset();
  other.join();
}

}  // namespace
}  // namespace volley::actors
