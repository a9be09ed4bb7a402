#include "actors/worker_link.hpp"

#include "actors/byte_body.hpp"
#include "runtime/cluster/message.hpp"
#include "tests/actors/raw_client.hpp"
#include "tests/actors/three_workers.hpp"

namespace volley::actors {
namespace {

using namespace std::chrono_literals;
using protocol::frame_kind;

std::vector<std::byte> bytes(std::size_t count, int first = 0) {
  std::vector<std::byte> all(count);
  for (std::size_t i = 0; i < count; ++i) all[i] = static_cast<std::byte>(i + static_cast<std::size_t>(first));
  return all;
}

/// A supervisor's link, and whatever the test puts at its other end.
class a_worker_link : public testing::Test {
 protected:
  using tcp = boost::asio::ip::tcp;

  a_worker_link() : door(sockets.context, {boost::asio::ip::address_v4::loopback(), 0}) {}
  ~a_worker_link() override {
    sockets.run([this] {
      for (const auto& l : {link, other})
        if (l) l->close();
    });
  }

  std::shared_ptr<worker_link> make(tcp::socket connection, frame_kind sends, frame_kind takes,
                                    std::vector<std::vector<std::byte>>& to, std::vector<std::string>& ends,
                                    std::chrono::milliseconds silence = 24h) {
    const auto arrived = [this, &to](std::span<const std::byte> message) {
      const std::lock_guard guard(mutex);
      if (message.size() == 13) throw std::invalid_argument("an unlucky message");
      to.emplace_back(message.begin(), message.end());
    };
    const auto closed = [this, &ends](const std::string& why) {
      const std::lock_guard guard(mutex);
      ends.push_back(why);
    };
    return std::make_shared<worker_link>(wire(std::move(connection)),
                                         worker_link::manner{sends, takes, arrived, closed, silence});
  }
  void open(std::chrono::milliseconds silence = 24h) {
    link = make(door.accept(), frame_kind::order, frame_kind::report, reports, supervisor_ends, silence);
    sockets.run([this] { link->start(); });
  }
  void open_both() {
    tcp::socket near(sockets.context);
    near.connect(door.local_endpoint());
    other = make(std::move(near), frame_kind::report, frame_kind::order, orders, worker_ends);
    sockets.run([this] { other->start(); });
    open();
  }
  template <class List> auto copy_of(const List& all) {
    const std::lock_guard guard(mutex);
    return all;
  }
  bool ends_with(const std::vector<std::string>& ends, const std::string& why) {
    return soon([&] { return !copy_of(ends).empty(); }) && copy_of(ends).size() == 1 &&
           copy_of(ends)[0].find(why) != std::string::npos;
  }

  running_context sockets;
  tcp::acceptor door;
  std::mutex mutex;
  std::vector<std::vector<std::byte>> reports, orders;
  std::vector<std::string> supervisor_ends, worker_ends;
  std::shared_ptr<worker_link> link, other;
};

TEST_F(a_worker_link, carries_messages_of_any_size_in_order) {
  open_both();
  const std::size_t sizes[] = {0, 1, 8, 100, 5'000'000, 3};
  for (const auto size : sizes) {
    link->send({4, 2}, byte_body(bytes(size, 1)));
    other->send({4, 2}, byte_body(bytes(size, 2)));
  }
  ASSERT_TRUE(soon([&] { return copy_of(orders).size() == 6 && copy_of(reports).size() == 6; }));
  for (std::size_t i = 0; i < 6; ++i) {
    EXPECT_EQ(orders[i], bytes(sizes[i], 1));
    EXPECT_EQ(reports[i], bytes(sizes[i], 2));
  }
}

TEST_F(a_worker_link, says_that_its_end_is_there) {
  open_both();
  const auto before = link->last_heard();
  EXPECT_TRUE(soon([&] { return link->last_heard() > before + 300ms; }));
  EXPECT_TRUE(copy_of(supervisor_ends).empty());
}

TEST_F(a_worker_link, to_somebody_silent_ends) {
  raw_client mute(door.local_endpoint().port());
  open(500ms);
  EXPECT_TRUE(ends_with(supervisor_ends, "silent"));
}

TEST_F(a_worker_link, ends_when_its_peer_does) {
  {
    raw_client brief(door.local_endpoint().port());
    open();
  }
  EXPECT_TRUE(ends_with(supervisor_ends, ""));
}

TEST_F(a_worker_link, ends_with_a_message_that_makes_no_sense) {
  open_both();
  other->send({}, byte_body(bytes(13)));
  EXPECT_TRUE(ends_with(supervisor_ends, "an unlucky message"));
  EXPECT_TRUE(ends_with(worker_ends, ""));
  link->send({}, byte_body(bytes(3)));  // nobody minds
}

TEST_F(a_worker_link, ends_with_frames_that_belong_elsewhere_and_with_no_frames) {
  for (const auto kind : {frame_kind::order, frame_kind::hello, frame_kind::batch}) {
    raw_client one(door.local_endpoint().port());
    open();
    one.send(protocol::frame({.kind = kind}, byte_body(bytes(3))));
    EXPECT_TRUE(ends_with(supervisor_ends, "belongs elsewhere"));
    supervisor_ends.clear();
  }
  raw_client one(door.local_endpoint().port());
  open();
  one.send(bytes(200));
  EXPECT_TRUE(ends_with(supervisor_ends, "no frame"));
  supervisor_ends.clear();
  raw_client other_one(door.local_endpoint().port());
  open();
  other_one.send(protocol::frame({.kind = frame_kind::report}));
  EXPECT_TRUE(ends_with(supervisor_ends, "without its bytes"));
}

TEST_F(a_worker_link, says_goodbye_with_the_reason) {
  open_both();
  link->put_out("enough");
  ASSERT_TRUE(soon([&] { return copy_of(orders).size() == 1; }));
  const auto m = runtime::cluster::decoded_order_message(orders[0]);
  EXPECT_EQ(std::get<runtime::cluster::told::leave>(m.what).why, "enough");
  EXPECT_TRUE(ends_with(supervisor_ends, "put out"));
  EXPECT_TRUE(ends_with(worker_ends, "ended"));
}

// Sending does not wait, and neither does the end for more than a moment.
TEST_F(a_worker_link, does_not_wait_for_a_peer_that_reads_nothing) {
  raw_client stuck(door.local_endpoint().port());
  open();
  const auto message = byte_body(bytes(50'000'000));
  for (int i = 0; i < 4; ++i) link->send({}, message);
  link->put_out("enough");
  EXPECT_TRUE(ends_with(supervisor_ends, "put out"));
}

}  // namespace
}  // namespace volley::actors
