#include "actors/link_door.hpp"

#include "tests/actors/raw_client.hpp"
#include "tests/actors/three_workers.hpp"

namespace volley::actors {
namespace {

using namespace std::chrono_literals;

class a_link_door : public three_workers {
 protected:
  std::uint16_t port() const { return doors[0].port(); }
};

TEST_F(a_link_door, brings_workers_together_whoever_is_told_first) {
  const auto what = placed();
  for (const std::size_t i : {2, 0, 1}) {
    all.push_back(doors[i].open(here, worker(i), what, heard[i]));
    std::this_thread::sleep_for(20ms);
  }
  EXPECT_TRUE(stand());
}

TEST_F(a_link_door, has_links_of_several_kernels_each_for_itself) {
  open(placed());
  const auto ours = std::exchange(all, {});
  const auto our_ears =
      std::exchange(heard, {std::make_shared<kept>(), std::make_shared<kept>(), std::make_shared<kept>()});
  open(placed(), {6, 1});
  ASSERT_TRUE(stand());
  for (const auto& each : {ours, all})
    for (const auto& one : each) one->resume();
  put_out(1, 0, 3);
  EXPECT_TRUE(soon([&] { return heard[0]->count(worker(1)) == 1; }));
  EXPECT_EQ(our_ears[0]->count(worker(1)), 0u);
  EXPECT_EQ(doors[1].counts().sent, 2u);
  for (const auto& one : ours) one->close();
  EXPECT_TRUE(soon([&] { return ours[0].use_count() == 1; })) << "a door forgets what is closed";
  EXPECT_EQ(doors[1].counts().sent, 2u);
  put_out(1, 1, 3);
  ++doors[2].lookers;
  EXPECT_TRUE(soon([&] { return doors[2].look(), heard[2]->count(worker(1)) == 2; })) << "others go on";
  --doors[2].lookers;
}

TEST_F(a_link_door, lets_nobody_in_who_does_not_know_the_secret) {
  open(placed());
  ASSERT_TRUE(stand());
  place what{{worker(0), worker(3)}, {{worker(0), "127.0.0.1", port()}, {worker(3), "127.0.0.1", 0}}, "guess"};
  const auto stranger = std::make_shared<kept>();
  link_door door(sockets.context, boost::asio::ip::address_v4::loopback());
  const auto mine = door.open(here, worker(3), what, stranger);
  EXPECT_TRUE(soon([&] { return stranger->missed() == std::vector{worker(0)}; }));
  EXPECT_FALSE(stranger->stands.load());
  mine->close();
  sockets.run([&] { door.shut(); });
}

TEST_F(a_link_door, hangs_up_on_those_who_greet_with_something_else) {
  open(placed());
  ASSERT_TRUE(stand());
  const auto body = [](std::uint64_t says) {
    auto five = protocol::words::zeroed(5);
    five.view()[0] = says;
    return std::make_shared<const protocol::words>(std::move(five));
  };
  protocol::header right{.kind = protocol::frame_kind::link, .epoch = here.epoch, .source = 1, .incarnation = 1};
  auto other_kind = right, other_worker = right;
  other_kind.kind = protocol::frame_kind::hello;
  other_worker.source = 77;
  for (const auto& f : {protocol::frame(other_kind, body(32)), protocol::frame(right, body(32)),
                        protocol::frame(right, body(31)), protocol::frame(right, body(~std::uint64_t{0})),
                        protocol::frame(other_worker, body(32)), protocol::frame(right)}) {
    raw_client one(port());
    EXPECT_TRUE(one.send(f));
    one.send(std::vector<std::byte>(100));  // whoever has left too little
    EXPECT_TRUE(one.is_closed());
  }
  all[0]->resume();
  put_out(1, 0, 3);
  EXPECT_TRUE(soon([&] { return heard[0]->count(worker(1)) == 1; })) << "others do not notice";
}

TEST_F(a_link_door, has_room_for_a_worker_however_many_strangers_wait) {
  std::vector<raw_client> crowd;
  for (int i = 0; i < 300; ++i) crowd.emplace_back(port());
  EXPECT_TRUE(crowd.front().is_closed()) << "the oldest makes room";
  open(placed());
  EXPECT_TRUE(stand());
}

TEST_F(a_link_door, that_is_shut_leaves_nothing_on_its_way) {
  raw_client waiting(port());
  place what{{worker(0), worker(1)}, {{worker(0), "127.0.0.1", 1}, {worker(1), "127.0.0.1", doors[1].port()}}, "s"};
  all.push_back(doors[1].open(here, worker(1), what, heard[1]));  // dials where nobody is
  std::this_thread::sleep_for(50ms);
  sockets.run([this] {
    for (auto& d : doors) d.shut();
  });
  EXPECT_TRUE(waiting.is_closed());
  const auto began = std::chrono::steady_clock::now();
  all.back()->close();
  {
    boost::asio::io_context other(1);  // as a process ends: nothing holds the context any more
    link_door door(other, boost::asio::ip::address_v4::loopback());
    raw_client one(door.port());
    const auto mine = door.open(here, worker(1), what, heard[1]);
    other.run_for(50ms);
    mine->close();
    door.shut();
    other.run();
  }
  EXPECT_LT(std::chrono::steady_clock::now() - began, 2s);
}

}  // namespace
}  // namespace volley::actors
