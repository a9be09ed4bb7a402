#include "actors/frame_writer.hpp"

#include <gtest/gtest.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "protocol/limits.hpp"

namespace volley::actors {
namespace {

class socket_pair {
 public:
  socket_pair() {
    EXPECT_EQ(::socketpair(AF_UNIX, SOCK_STREAM, 0, ends_), 0);
    writer_.emplace(ends_[0]);
  }
  ~socket_pair() {
    close_reader();
    ::close(ends_[0]);
  }
  protocol::byte_stream& writer() { return *writer_; }
  void close_reader() {
    if (ends_[1] >= 0) ::close(ends_[1]);
    ends_[1] = -1;
  }
  // What is there now, at most `count` bytes.
  std::vector<std::byte> read(std::size_t count) {
    std::vector<std::byte> bytes(count);
    const auto got = ::recv(ends_[1], bytes.data(), count, MSG_DONTWAIT);
    bytes.resize(got > 0 ? static_cast<std::size_t>(got) : 0);
    return bytes;
  }

 private:
  int ends_[2];
  std::optional<protocol::byte_stream> writer_;
};

protocol::frame frame_of(std::uint64_t sequence, std::size_t words) {
  auto body = protocol::words::of_size(words);
  for (std::size_t i = 0; i < words; ++i) body.view()[i] = sequence * 1'000'003 + i;
  return protocol::frame({.kind = protocol::frame_kind::reply, .sequence = sequence},
                         std::make_shared<const protocol::words>(std::move(body)));
}

TEST(frame_writer, a_small_frame_goes_out_at_once) {
  socket_pair s;
  frame_writer w(s.writer());
  w.send(frame_of(7, 3));
  EXPECT_FALSE(w.blocked());
  const auto arrived = protocol::decode_frame(s.read(1000), protocol::reply_limit_words);
  EXPECT_EQ(arrived.head().sequence, 7u);
  EXPECT_EQ(arrived.body()->view()[2], 7u * 1'000'003 + 2);
}

TEST(frame_writer, a_frame_without_a_body_is_a_header) {
  socket_pair s;
  frame_writer w(s.writer());
  w.send(protocol::frame({.kind = protocol::frame_kind::goodbye}));
  EXPECT_EQ(s.read(1000).size(), protocol::header_bytes);
}

// The reader takes odd bits; every frame arrives whole and in order.
TEST(frame_writer, what_the_socket_does_not_take_waits) {
  socket_pair s;
  frame_writer w(s.writer());
  constexpr std::size_t big = 200'000;
  for (std::uint64_t sequence = 1; sequence <= 3; ++sequence) w.send(frame_of(sequence, big));
  EXPECT_TRUE(w.blocked());
  EXPECT_EQ(w.bytes_behind(), 2 * (protocol::header_bytes + 8 * big));

  std::vector<std::byte> stream;
  for (;;) {
    const auto bytes = s.read(70'001);
    stream.insert(stream.end(), bytes.begin(), bytes.end());
    if (bytes.empty() && !w.blocked()) break;
    w.resume();
  }
  EXPECT_EQ(w.bytes_behind(), 0u);
  const std::size_t one = protocol::header_bytes + 8 * big;
  ASSERT_EQ(stream.size(), 3 * one);
  for (std::uint64_t sequence = 1; sequence <= 3; ++sequence) {
    const auto arrived =
        protocol::decode_frame(std::span(stream).subspan((sequence - 1) * one, one), protocol::reply_limit_words);
    EXPECT_EQ(arrived.head().sequence, sequence);
    EXPECT_EQ(arrived.body()->view()[big - 1], sequence * 1'000'003 + big - 1);
  }
}

TEST(frame_writer, a_reader_that_is_gone_takes_nothing) {
  socket_pair s;
  frame_writer w(s.writer());
  s.close_reader();
  w.send(frame_of(1, 10));
  EXPECT_TRUE(w.broken());
  EXPECT_FALSE(w.blocked());
  w.send(frame_of(2, 10));
}

}  // namespace
}  // namespace volley::actors
