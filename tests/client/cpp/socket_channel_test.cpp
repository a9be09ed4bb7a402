#include "client/cpp/socket_channel.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <utility>  // before Asio, which uses std::exchange without it

#include <boost/asio.hpp>

#include <array>
#include <cstdlib>
#include <filesystem>
#include <thread>

#include "client/cpp/conversation.hpp"
#include "protocol/limits.hpp"
#include "tests/client/cpp/fake_kernel.hpp"
#include "tests/protocol/bytes.hpp"

namespace volley::client {
namespace asio = boost::asio;
namespace {

using namespace std::chrono_literals;

class scratch_folder {
 public:
  scratch_folder() {
    std::string name = (std::filesystem::temp_directory_path() / "volley_XXXXXX").string();
    path_ = ::mkdtemp(name.data());
  }
  ~scratch_folder() { std::filesystem::remove_all(path_); }
  std::string file(const char* name) const { return path_ / name; }

 private:
  std::filesystem::path path_;
};

protocol::frame frame_of(std::size_t body_words, std::uint64_t sequence = 1) {
  auto content = protocol::words::zeroed(body_words);
  for (std::size_t i = 0; i < body_words; ++i) content.view()[i] = i * 0x9e3779b97f4a7c15;
  return protocol::frame({.sequence = sequence}, std::make_shared<const protocol::words>(std::move(content)));
}

template <class Socket> protocol::frame read_frame(Socket& socket) {
  protocol::encoded_header head;
  asio::read(socket, asio::buffer(head));
  const auto announced = protocol::decode_header(std::span(std::as_const(head)), protocol::request_limit_words);
  auto content = protocol::words::of_size(announced.body_words);
  asio::read(socket, asio::buffer(std::as_writable_bytes(content.view()).data(), announced.body_words * 8));
  return protocol::assemble(announced, std::move(content));
}

template <class Socket> void write_frame(Socket& socket, const protocol::frame& f) {
  asio::write(socket, asio::buffer(protocol::encode(f)));
}

/// A listening Unix socket and the two ends of one connection to it.
class unix_pair : public testing::Test {
 protected:
  scratch_folder folder;
  asio::io_context context;
  asio::local::stream_protocol::acceptor acceptor{context, asio::local::stream_protocol::endpoint(folder.file("s"))};
  std::unique_ptr<socket_channel> client = socket_channel::connect_unix(folder.file("s"));
  asio::local::stream_protocol::socket server = acceptor.accept();
};

TEST_F(unix_pair, carries_frames_both_ways) {
  client->send(frame_of(3, 7));
  EXPECT_EQ(protocol::encode(read_frame(server)), protocol::encode(frame_of(3, 7)));
  write_frame(server, frame_of(5, 8));
  const auto got = client->receive(5s);
  ASSERT_TRUE(got);
  EXPECT_EQ(protocol::encode(*got), protocol::encode(frame_of(5, 8)));
}

TEST_F(unix_pair, a_frame_may_come_in_pieces_and_a_timeout_loses_none_of_them) {
  const auto bytes = protocol::encode(frame_of(4));
  for (std::size_t i = 0; i + 1 < bytes.size(); ++i) {
    asio::write(server, asio::buffer(&bytes[i], 1));
    ASSERT_FALSE(client->receive(0s)) << i;
  }
  asio::write(server, asio::buffer(&bytes.back(), 1));
  EXPECT_TRUE(client->receive(5s));
}

TEST_F(unix_pair, several_frames_in_one_piece) {
  auto bytes = protocol::encode(frame_of(2, 1));
  const auto more = protocol::encode(frame_of(0, 2));
  bytes.insert(bytes.end(), more.begin(), more.end());
  asio::write(server, asio::buffer(bytes));
  EXPECT_EQ(client->receive(5s)->head().sequence, 1u);
  EXPECT_EQ(client->receive(5s)->head().sequence, 2u);
}

TEST_F(unix_pair, a_frame_larger_than_the_socket_buffer) {
  const auto large = frame_of(1 << 20);
  std::thread reading([&] { EXPECT_EQ(read_frame(server).body()->size(), large.body()->size()); });
  client->send(large);
  reading.join();
}

TEST_F(unix_pair, a_request_over_the_limit_is_refused_and_nothing_is_sent) {
  EXPECT_EQ(kind_of_error([&] { client->send(frame_of(protocol::request_limit_words + 1)); }), "builtins.MemoryError");
  client->send(frame_of(1, 9));
  EXPECT_EQ(read_frame(server).head().sequence, 9u);
}

TEST_F(unix_pair, a_closed_connection_is_lost) {
  server.close();
  EXPECT_THROW(client->receive(5s), connection_lost);
  EXPECT_THROW(
      {
        client->send(frame_of(1));
        client->send(frame_of(1));
      },
      connection_lost);
}

TEST_F(unix_pair, bytes_that_are_no_frame_are_malformed) {
  asio::write(server, asio::buffer(std::string(100, 'x')));
  EXPECT_THROW(client->receive(5s), protocol::malformed);
}

TEST(socket_channel, nobody_listens) {
  scratch_folder folder;
  EXPECT_THROW(socket_channel::connect_unix(folder.file("nobody")), connection_lost);
  EXPECT_THROW(socket_channel::connect_unix(std::string(300, 'x')), connection_lost);
  EXPECT_THROW(socket_channel::connect_tls("127.0.0.1", "1", ""), connection_lost);
  EXPECT_THROW(socket_channel::connect_tls("127.0.0.1", "1", folder.file("missing")), connection_lost);
}

TEST(socket_channel, a_conversation_over_tcp) {
  asio::io_context context;
  asio::ip::tcp::acceptor acceptor(context, {asio::ip::address_v4::loopback(), 0});
  fake_kernel kernel;
  std::thread server([&] {
    auto socket = acceptor.accept();
    for (int i = 0; i < 2; ++i) {  // hello, prepare
      kernel.take(read_frame(socket));
      write_frame(socket, *kernel.give(0s));
    }
  });
  {
    const auto port = std::to_string(acceptor.local_endpoint().port());
    const auto link = conversation::open(socket_channel::connect_tcp("127.0.0.1", port), "token");
    EXPECT_EQ(link->server_version(), "fake");
    link->order(wire::prepare());
  }
  server.join();
  EXPECT_EQ(kernel.count_of(protocol::Request::PREPARE), 1u);
}

}  // namespace
}  // namespace volley::client
