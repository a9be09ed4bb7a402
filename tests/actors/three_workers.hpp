// Doors of three workers in one process, and what their listeners hear; for tests of links over real sockets.
#pragma once
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <tuple>
#include <utility>  // before Asio, which uses std::exchange without it
#include <vector>

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>

#include "actors/link_door.hpp"
#include "tests/actors/soon.hpp"

namespace volley::actors {

/// What a listener heard; tests wait for it.
struct kept final : link_listener {
  using worker_number = runtime::cluster::worker_number;

  void take_frame(worker_number from, std::uint64_t interval, runtime::request_bits asked,
                  const protocol::body& batches) override {
    const std::lock_guard guard(mutex);
    frames[from].emplace_back(interval, asked, batches ? batches->size() : 0);
  }
  void links_stand() override { stands = true; }
  void link_broke(worker_number peer, const std::string& why) override {
    const std::lock_guard guard(mutex);
    broken.emplace_back(peer, why);
  }
  std::size_t count(worker_number from) {
    const std::lock_guard guard(mutex);
    return frames[from].size();
  }
  std::vector<worker_number> missed() {
    const std::lock_guard guard(mutex);
    std::vector<worker_number> all;
    for (const auto& [peer, why] : broken) all.push_back(peer);
    return all;
  }

  std::mutex mutex;
  std::map<worker_number, std::vector<std::tuple<std::uint64_t, int, std::size_t>>> frames;
  std::vector<std::pair<worker_number, std::string>> broken;
  std::atomic<bool> stands{false};
};

/// A thread that runs a context until the end.
class running_context {
 public:
  ~running_context() {
    work_.reset();
    thread_.join();
  }
  /// Done when it returns.
  template <class Deed> void run(Deed&& deed) {
    std::atomic<bool> done{false};
    boost::asio::post(context, [&] {
      deed();
      done = true;
      done.notify_all();
    });
    done.wait(false);
  }

  boost::asio::io_context context{1};

 private:
  boost::asio::executor_work_guard<boost::asio::io_context::executor_type> work_{context.get_executor()};
  std::thread thread_{[this] { context.run(); }};
};

class three_workers : public testing::Test {
 protected:
  using worker_number = runtime::cluster::worker_number;
  using place = runtime::cluster::told::place;
  static constexpr runtime::cluster::fence here{5, 1};

  explicit three_workers(std::shared_ptr<protocol::tls_identity> tls = nullptr) : tls_(std::move(tls)) {}
  ~three_workers() override {
    for (auto& one : all) one->close();
    sockets.run([this] {
      for (auto& d : doors) d.shut();
    });
  }
  link_door fresh_door() { return link_door(sockets.context, boost::asio::ip::address_v4::loopback(), tls_); }
  static worker_number worker(std::size_t i) { return worker_number(i); }
  place placed() {
    place what{{worker(0), worker(1), worker(2)}, {}, "secret"};
    for (auto& d : doors) what.peers.push_back({worker(what.peers.size()), "127.0.0.1", d.port()});
    return what;
  }
  /// `what` as each of them is told it.
  void open(const place& what, runtime::cluster::fence at = here) {
    for (std::size_t i = 0; i < doors.size(); ++i) all.push_back(doors[i].open(at, worker(i), what, heard[i]));
  }
  bool stand() {
    return soon([&] { return std::ranges::all_of(heard, [](const auto& h) { return h->stands.load(); }); });
  }
  void put_out(std::size_t who, std::uint64_t interval, std::size_t size) {
    const std::array batches{std::make_shared<const protocol::words>(protocol::words::zeroed(size)),
                             std::make_shared<const protocol::words>(protocol::words::zeroed(1))};
    all[who]->put_out(interval, 2, batches);
  }
  /// Each of these has this interval's frame of each other.
  bool have(std::initializer_list<std::size_t> who, std::uint64_t interval) {
    return soon([&] {
      for (const auto me : who)
        for (const auto from : who)
          if (me != from && heard[me]->count(worker(from)) < interval + 1) return false;
      return true;
    });
  }

  const std::shared_ptr<protocol::tls_identity> tls_;  // of all of them
  running_context sockets;
  std::array<link_door, 3> doors{fresh_door(), fresh_door(), fresh_door()};
  std::array<std::shared_ptr<kept>, 3> heard{std::make_shared<kept>(), std::make_shared<kept>(),
                                             std::make_shared<kept>()};
  std::vector<std::shared_ptr<links>> all;
};

}  // namespace volley::actors
