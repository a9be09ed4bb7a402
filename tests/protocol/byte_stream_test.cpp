#include "protocol/byte_stream.hpp"

#include <gtest/gtest.h>

#include <cstring>
#include <thread>
#include <vector>

#include "tests/actors/cluster_certificates.hpp"
#include "tests/protocol/two_ends.hpp"

namespace volley::protocol {
namespace {

using wait = transfer::wait;

/// Plain, and under TLS.
class a_byte_stream : public testing::TestWithParam<bool> {
 protected:
  a_byte_stream() {
    if (!GetParam()) {
      ends.emplace(nullptr, nullptr);
    } else {
      tls_identity server(certificates.files("ours/server")), client(certificates.trusting("ours/ca"));
      ends.emplace(server.accepting(false), client.dialling("localhost"));
    }
    EXPECT_EQ(ends->shake_hands(), std::pair(std::string(), std::string()));
  }
  std::vector<std::byte> numbers(std::size_t count) {
    std::vector<std::byte> all(count);
    for (std::size_t i = 0; i < count; ++i) all[i] = static_cast<std::byte>(i * 7 + i / 251);
    return all;
  }
  actors::cluster_certificates certificates;
  std::optional<two_ends> ends;
};

INSTANTIATE_TEST_SUITE_P(with, a_byte_stream, testing::Bool(),
                         [](const auto& info) { return info.param ? "tls" : "no_tls"; });

TEST_P(a_byte_stream, carries_two_pieces_as_one) {
  const auto first = numbers(80), second = numbers(300);
  EXPECT_EQ(ends->dialled->write(first, second).bytes, 380u);
  std::vector<std::byte> got(500);
  const auto done = ends->accepted->read(got);
  EXPECT_EQ(done.bytes, 380u);
  EXPECT_EQ(std::memcmp(got.data() + 80, second.data(), 300), 0);
  EXPECT_EQ(ends->accepted->read(got).next, wait::input);
  EXPECT_EQ(ends->accepted->read({}).next, wait::nothing);
}

// Reads of odd sizes, while the socket is full at times.
TEST_P(a_byte_stream, carries_much_both_ways_and_waits_for_nobody) {
  const auto all = numbers(3'000'000);
  std::vector<std::byte> came[2];
  std::size_t gone[2] = {0, 0}, blocked = 0;
  byte_stream* const end[2] = {&*ends->accepted, &*ends->dialled};
  while (came[0].size() < all.size() || came[1].size() < all.size())
    for (const int i : {0, 1}) {
      for (int turn = 0; turn < 9 && gone[i] < all.size(); ++turn) {
        const auto rest = std::span(all).subspan(gone[i]);
        const auto sent = end[i]->write(rest.first(std::min<std::size_t>(rest.size(), 80)),
                                        rest.subspan(std::min<std::size_t>(rest.size(), 80)));
        ASSERT_NE(sent.next, wait::forever) << sent.why;
        blocked += sent.next == wait::room;
        gone[i] += sent.bytes;
      }
      std::array<std::byte, 4097> some;
      const auto got = end[i]->read(some);
      ASSERT_NE(got.next, wait::forever) << got.why;
      came[i].insert(came[i].end(), some.begin(), some.begin() + static_cast<std::ptrdiff_t>(got.bytes));
    }
  EXPECT_EQ(came[0], all);
  EXPECT_EQ(came[1], all);
  EXPECT_GT(blocked, 0u);
}

TEST_P(a_byte_stream, is_read_by_one_thread_and_written_by_another) {
  const auto all = numbers(1'000'000);
  const auto send = [&](byte_stream& to) {
    for (std::size_t gone = 0; gone < all.size();) gone += to.write(std::span(all).subspan(gone)).bytes;
  };
  const auto receive = [&](byte_stream& from) {
    std::vector<std::byte> came(all.size());
    for (std::size_t count = 0; count < came.size();) count += from.read(std::span(came).subspan(count)).bytes;
    EXPECT_EQ(came, all);
  };
  std::thread one([&] { send(*ends->accepted); }), two([&] { receive(*ends->accepted); }),
      three([&] { send(*ends->dialled); });
  receive(*ends->dialled);
  for (auto* t : {&one, &two, &three}) t->join();
}

TEST_P(a_byte_stream, says_that_its_peer_is_gone) {
  ends->hang_up();
  std::array<std::byte, 10> some;
  const auto got = ends->dialled->read(some);
  EXPECT_EQ(got.next, wait::forever);
  EXPECT_EQ(got.why, "it hung up");
  EXPECT_EQ(ends->dialled->write(numbers(10)).next, wait::forever) << "and no signal ends the process";
}

TEST(byte_stream, sends_nothing_before_tls_has_begun) {
  const actors::cluster_certificates certificates;
  tls_identity client(certificates.trusting("ours/ca"));
  two_ends ends(nullptr, client.dialling("localhost"));
  EXPECT_EQ(ends.dialled->write(std::vector<std::byte>(10)).next, wait::forever);
  std::array<std::byte, 10> some;
  EXPECT_EQ(ends.accepted->read(some).next, wait::input);
}

TEST(byte_stream, says_when_the_other_end_does_not_speak_tls) {
  const actors::cluster_certificates certificates;
  tls_identity server(certificates.files("ours/server")), client(certificates.trusting("ours/ca"));
  const std::vector<std::byte> greeting(100, std::byte{'V'});
  two_ends plain_client(server.accepting(false), nullptr);
  plain_client.dialled->write(greeting);
  EXPECT_EQ(plain_client.shake_hands().first, "it does not speak TLS");
  two_ends plain_server(nullptr, client.dialling("localhost"));
  plain_server.accepted->write(greeting);
  EXPECT_EQ(plain_server.shake_hands().second, "it does not speak TLS");
}

}  // namespace
}  // namespace volley::protocol
