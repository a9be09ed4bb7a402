// What a frame between two workers costs the processor: sent over TCP to this machine, received, its batches read, by
// one thread that does not wait. Prints ns a frame, by the number of batches in it and of spikes in each.
#include <benchmark/benchmark.h>

#include <array>
#include <atomic>
#include <cstdlib>
#include <memory>
#include <span>
#include <string>
#include <thread>
#include <vector>

#include "actors/convert_spikes.hpp"
#include "actors/link_door.hpp"

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>

namespace volley::actors {
namespace {

using runtime::cluster::worker_number;

struct reader final : link_listener {
  void take_frame(worker_number, std::uint64_t, runtime::request_bits, const protocol::body& batches) override {
    arrived = read_batches(batches);
    ++frames;
  }
  void links_stand() override { stands = true; }
  void link_broke(worker_number, const std::string&) override { std::abort(); }

  std::atomic<bool> stands{false};
  std::uint64_t frames = 0;
  std::vector<shared_batch> arrived;
};

/// Two workers in one process, whose sockets have a thread of their own.
class two_workers {
 public:
  two_workers() {
    const runtime::cluster::told::place what{
        {worker_number(0), worker_number(1)},
        {{worker_number(0), "127.0.0.1", doors_[0].port()}, {worker_number(1), "127.0.0.1", doors_[1].port()}},
        "secret"};
    for (std::size_t i = 0; i < 2; ++i) links_.push_back(doors_[i].open({5, 1}, worker_number(i), what, readers_[i]));
    while (!readers_[0]->stands || !readers_[1]->stands) std::this_thread::yield();
    ++doors_[1].lookers;
    links_[1]->resume();
  }
  ~two_workers() {
    for (const auto& one : links_) one->close();
    boost::asio::post(context_, [this] {
      for (auto& one : doors_) one.shut();
      work_.reset();
    });
    thread_.join();
  }
  void carry(std::span<const protocol::body> batches) {
    links_[0]->put_out(interval_++, 0, batches);
    while (readers_[1]->frames < interval_) doors_[1].look();
  }
  double bytes_of_frame() const {
    const auto all = doors_[0].counts();
    return static_cast<double>(all.sent_bytes) / static_cast<double>(all.sent);
  }

 private:
  boost::asio::io_context context_{1};
  boost::asio::executor_work_guard<boost::asio::io_context::executor_type> work_{context_.get_executor()};
  std::array<link_door, 2> doors_{link_door(context_, boost::asio::ip::address_v4::loopback()),
                                  link_door(context_, boost::asio::ip::address_v4::loopback())};
  std::array<std::shared_ptr<reader>, 2> readers_{std::make_shared<reader>(), std::make_shared<reader>()};
  std::vector<std::shared_ptr<links>> links_;
  std::uint64_t interval_ = 0;
  std::thread thread_{[this] { context_.run(); }};
};

void carry_frames(benchmark::State& state) {
  runtime::spike_batch of_each;
  of_each.counts.assign(15, 0);
  of_each.counts[0] = static_cast<std::uint32_t>(state.range(1));
  of_each.sources.assign(of_each.counts[0], 7);
  std::vector<protocol::body> batches;
  for (std::uint32_t vp = 0; vp < state.range(0); ++vp) batches.push_back(share_batch(vp, 0, of_each).words);
  two_workers both;
  for (auto _ : state) both.carry(batches);
  state.counters["bytes"] = both.bytes_of_frame();
}
BENCHMARK(carry_frames)->ArgNames({"batches", "spikes"})->ArgsProduct({{1, 16, 64, 256}, {0, 100}});

}  // namespace
}  // namespace volley::actors

BENCHMARK_MAIN();
