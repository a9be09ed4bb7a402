#include "actors/wire.hpp"

#include <gtest/gtest.h>

#include <optional>
#include <vector>

#include <boost/asio/io_context.hpp>
#include <boost/asio/local/connect_pair.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/read.hpp>

#include "tests/actors/cluster_certificates.hpp"

namespace volley::actors {
namespace {

using boost::asio::local::stream_protocol;

/// Plain, and under TLS.
class a_wire : public testing::TestWithParam<bool> {
 protected:
  a_wire() {
    stream_protocol::socket a(context), b(context);
    boost::asio::local::connect_pair(a, b);
    if (GetParam()) {
      const cluster_certificates made;
      protocol::tls_identity server(made.files("ours/server")), client(made.trusting("ours/ca"));
      near.emplace(std::move(a), server.accepting(false));
      far.emplace(std::move(b), client.dialling("localhost"));
    } else {
      near.emplace(std::move(a));
      far.emplace(std::move(b));
    }
    int done = 0;
    for (auto* end : {&*near, &*far})
      end->async_shake_hands([&](const std::string& why) {
        EXPECT_EQ(why, "");
        ++done;
      });
    run();
    EXPECT_EQ(done, 2);
  }
  void run() {
    context.restart();
    context.run();
  }
  boost::asio::io_context context;
  std::optional<wire> near, far;
};

INSTANTIATE_TEST_SUITE_P(with, a_wire, testing::Bool(), [](const auto& info) { return info.param ? "tls" : "no_tls"; });

// Asio asks for parts of what one record has.
TEST_P(a_wire, is_read_by_asio_in_parts_of_any_size) {
  std::vector<std::byte> sent(10'000), came(10'000);
  for (std::size_t i = 0; i < sent.size(); ++i) sent[i] = static_cast<std::byte>(i % 251);
  EXPECT_EQ(far->bytes().write(sent).bytes, sent.size());
  for (std::size_t at = 0; at < came.size(); at += 1000) {
    boost::asio::async_read(*near, boost::asio::buffer(came.data() + at, 1000),
                            [](auto failure, std::size_t) { EXPECT_FALSE(failure); });
    run();
  }
  EXPECT_EQ(came, sent);
}

TEST_P(a_wire, carries_frames_without_a_body_and_tells_of_the_end) {
  EXPECT_TRUE(put_at_once(far->bytes(), protocol::frame({.kind = protocol::frame_kind::goodbye})));
  protocol::encoded_header head;
  std::byte nothing[1];
  std::string said;
  boost::asio::async_read(*near, boost::asio::buffer(head), [&](auto failure, std::size_t) {
    EXPECT_FALSE(failure);
    boost::asio::async_read(*near, boost::asio::buffer(nothing, 0), [&](auto failed, std::size_t count) {
      EXPECT_FALSE(failed);
      EXPECT_EQ(count, 0u);
      far->close();
      boost::asio::async_read(*near, boost::asio::buffer(nothing),
                              [&](auto end, std::size_t) { said = end ? near->why(end) : "more"; });
    });
  });
  run();
  EXPECT_EQ(said, GetParam() ? "it hung up" : "its connection ended");
}

}  // namespace
}  // namespace volley::actors
