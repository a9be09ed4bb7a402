#include "actors/host.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <optional>
#include <vector>

#include "actors/convert.hpp"
#include "caf/send.hpp"
#include "client/cpp/wire.hpp"
#include "runtime/devices/record_file.hpp"

namespace volley::actors {
namespace {

using namespace std::chrono_literals;
namespace wire = volley::client::wire;
using protocol::frame_kind;

/// A client that waits for what it gets.
class waiting_client final : public outlet {
 public:
  void send(protocol::frame f) override {
    const std::lock_guard guard(mutex_);
    frames_.push_back(std::move(f));
    news_.notify_all();
  }
  void close() override {
    const std::lock_guard guard(mutex_);
    closed_ = true;
    news_.notify_all();
  }
  std::size_t page_words() const override { return 1 << 20; }

  std::optional<protocol::frame> frame(frame_kind kind, std::uint64_t sequence) {
    std::unique_lock guard(mutex_);
    std::optional<protocol::frame> found;
    news_.wait_for(guard, 60s, [&] {
      for (const auto& f : frames_)
        if (f.head().kind == kind && f.head().sequence == sequence) found = f;
      return found.has_value();
    });
    return found;
  }
  bool is_closed() {
    std::unique_lock guard(mutex_);
    return news_.wait_for(guard, 60s, [&] { return closed_; });
  }

 private:
  std::mutex mutex_;
  std::condition_variable news_;
  std::vector<protocol::frame> frames_;
  bool closed_ = false;
};

struct a_host : testing::Test {
  runtime::system_record_files files;
  host_options options() {
    host_options o;
    o.vps = 2;
    o.lanes = 2;
    o.files = &files;
    o.first_generation = 7;
    return o;
  }
  static void ask(const session_actor& s, std::uint64_t sequence, protocol::body body,
                  frame_kind kind = frame_kind::request) {
    caf::anon_send(s, frame_arrived{protocol::frame({.kind = kind, .sequence = sequence}, std::move(body))});
  }
};

TEST_F(a_host, serves_several_sessions_of_one_kernel) {
  host kernel(options());
  const auto one = std::make_shared<waiting_client>(), other = std::make_shared<waiting_client>();
  const auto first = kernel.open(one, role::admin, when_client_leaves::job_goes_on),
             second = kernel.open(other, role::admin, when_client_leaves::job_goes_on);
  ask(first, 1, wire::hello(""), frame_kind::hello);
  ask(second, 1, wire::hello(""), frame_kind::hello);
  const auto welcome = wire::read_welcome(one->frame(frame_kind::welcome, 1).value().body()),
             another = wire::read_welcome(other->frame(frame_kind::welcome, 1).value().body());
  EXPECT_EQ(welcome.generation, 7u);
  EXPECT_NE(welcome.session, another.session);
  ask(first, 2, wire::create_nodes("iaf_psc_alpha", 5, {}));
  ASSERT_TRUE(one->frame(frame_kind::reply, 2).has_value());
  ask(second, 2, wire::get_kernel_status({"network_size"}));
  const auto status = wire::read_reply(other->frame(frame_kind::reply, 2).value().body(), nullptr);
  EXPECT_EQ(std::get<client::Value>(status.outcome).as<client::Dictionary>().at("network_size"), client::Value(5));
}

TEST_F(a_host, closes_its_clients_when_it_ends) {
  const auto client = std::make_shared<waiting_client>();
  {
    host kernel(options());
    const auto session = kernel.open(client, role::admin, when_client_leaves::job_goes_on);
    ask(session, 1, wire::hello(""), frame_kind::hello);
    ASSERT_TRUE(client->frame(frame_kind::welcome, 1).has_value());
  }
  EXPECT_TRUE(client->is_closed());
}

}  // namespace
}  // namespace volley::actors
