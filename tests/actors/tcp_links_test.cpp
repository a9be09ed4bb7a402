#include "actors/tcp_links.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <future>
#include <map>
#include <thread>

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>

#include "actors/link_door.hpp"

namespace volley::actors {
namespace {

namespace cluster = runtime::cluster;
using namespace std::chrono_literals;

// What a listener heard; the tests wait for it.
struct kept final : link_listener {
  void take_frame(cluster::worker_number from, std::uint64_t interval, runtime::request_bits asked,
                  const protocol::body& batches) override {
    const std::lock_guard guard(mutex);
    frames[from].emplace_back(interval, asked, batches ? batches->size() : 0);
  }
  void links_stand() override { stands = true; }
  void link_broke(cluster::worker_number peer, const std::string&) override {
    const std::lock_guard guard(mutex);
    broken.push_back(peer);
  }
  std::size_t count(cluster::worker_number from) {
    const std::lock_guard guard(mutex);
    return frames[from].size();
  }
  std::mutex mutex;
  std::map<cluster::worker_number, std::vector<std::tuple<std::uint64_t, int, std::size_t>>> frames;
  std::vector<cluster::worker_number> broken;
  std::atomic<bool> stands{false};
};

template <class Done> bool within(Done&& done) {
  const auto end = std::chrono::steady_clock::now() + 10s;
  while (!done()) {
    if (std::chrono::steady_clock::now() > end) return false;
    std::this_thread::sleep_for(1ms);
  }
  return true;
}

protocol::body words(std::size_t count) {
  return std::make_shared<const protocol::words>(protocol::words::zeroed(count));
}

/// Three workers in one process, with doors of their own.
class three_workers : public testing::Test {
 protected:
  three_workers() {
    cluster::told::place what{{worker(0), worker(1), worker(2)}, {}, "secret"};
    for (auto& d : doors) what.peers.push_back({worker(what.peers.size()), "127.0.0.1", d.port()});
    for (std::size_t i = 0; i < 3; ++i) all.push_back(doors[i].open({5, 1}, worker(i), what, heard[i]));
  }
  ~three_workers() override {
    for (auto& one : all) one->close();
    boost::asio::post(context, [this] {
      for (auto& d : doors) d.shut();
    });
    work.reset();
    thread.join();
  }
  static cluster::worker_number worker(std::size_t i) { return cluster::worker_number(i); }
  bool stand() {
    return within([&] { return std::ranges::all_of(heard, [](const auto& h) { return h->stands.load(); }); });
  }
  void put_out(std::size_t who, std::uint64_t interval, std::size_t size) {
    const std::array batches{words(size), words(1)};
    all[who]->put_out(interval, 2, batches);
  }

  boost::asio::io_context context{1};
  boost::asio::executor_work_guard<boost::asio::io_context::executor_type> work{context.get_executor()};
  std::array<link_door, 3> doors{link_door(context, "127.0.0.1"), link_door(context, "127.0.0.1"),
                                 link_door(context, "127.0.0.1")};
  std::array<std::shared_ptr<kept>, 3> heard{std::make_shared<kept>(), std::make_shared<kept>(),
                                             std::make_shared<kept>()};
  std::vector<std::shared_ptr<links>> all;
  std::thread thread{[this] { context.run(); }};
};

TEST_F(three_workers, meet_and_exchange_frames_of_any_size) {
  ASSERT_TRUE(stand());
  for (auto& one : all) one->resume();
  for (std::uint64_t interval = 0; interval < 20; ++interval) {
    for (std::size_t who = 0; who < 3; ++who) put_out(who, interval, interval % 5 == 4 ? 300'000 : interval * 40);
    for (std::size_t who = 0; who < 3; ++who)
      for (std::size_t from = 0; from < 3; ++from)
        ASSERT_TRUE(who == from || within([&] { return heard[who]->count(worker(from)) == interval + 1; }));
  }
  EXPECT_EQ(heard[0]->frames[worker(2)][4], (std::tuple{std::uint64_t{4}, 2, std::size_t{300'001}}));
}

TEST_F(three_workers, take_two_frames_that_came_at_once) {
  ASSERT_TRUE(stand());
  for (std::uint64_t interval = 0; interval < 2; ++interval) put_out(1, interval, 1);
  std::this_thread::sleep_for(20ms);
  all[0]->resume();
  EXPECT_TRUE(within([&] { return heard[0]->count(worker(1)) == 2; }));
}

TEST_F(three_workers, take_frames_while_a_run_is_on) {
  ASSERT_TRUE(stand());
  all[0]->resume();
  put_out(1, 0, 3);
  ASSERT_TRUE(within([&] { return heard[0]->count(worker(1)) == 1; }));
  std::this_thread::sleep_for(50ms);
  EXPECT_EQ(heard[2]->count(worker(1)), 0u);
  all[2]->resume();
  EXPECT_TRUE(within([&] { return heard[2]->count(worker(1)) == 1; }));
}

TEST_F(three_workers, an_idle_lane_takes_frames_too) {
  ASSERT_TRUE(stand());
  ++doors[0].lookers;
  all[0]->resume();
  put_out(1, 0, 3);
  EXPECT_TRUE(within([&] { return doors[0].look() || heard[0]->count(worker(1)) == 1; }));
  --doors[0].lookers;
  EXPECT_EQ(heard[0]->count(worker(1)), 1u);
}

TEST_F(three_workers, tell_when_one_is_gone) {
  ASSERT_TRUE(stand());
  for (auto& one : all) one->resume();
  all[1]->close();
  for (const std::size_t who : {0, 2})
    EXPECT_TRUE(within([&] {
      const std::lock_guard guard(heard[who]->mutex);
      return heard[who]->broken == std::vector{worker(1)};
    }));
}

TEST_F(three_workers, do_not_let_a_stranger_in) {
  ASSERT_TRUE(stand());
  cluster::told::place what{{worker(0), worker(3)}, {{worker(0), "127.0.0.1", doors[0].port()}}, "guess"};
  const auto stranger = std::make_shared<kept>();
  link_door door(context, "127.0.0.1");
  const auto mine = door.open({5, 1}, worker(3), what, stranger);
  EXPECT_TRUE(within([&] {
    const std::lock_guard guard(stranger->mutex);
    return !stranger->broken.empty();
  }));
  EXPECT_FALSE(stranger->stands.load());
  mine->close();
  std::promise<void> shut;
  boost::asio::post(context, [&] {
    door.shut();
    shut.set_value();
  });
  shut.get_future().wait();
}

}  // namespace
}  // namespace volley::actors
