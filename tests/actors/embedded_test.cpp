#include "actors/embedded.hpp"

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <memory>
#include <stdexcept>
#include <thread>
#include <variant>

#include "client/cpp/wire.hpp"

namespace volley::actors {
namespace {

using namespace std::chrono_literals;
namespace wire = volley::client::wire;
using protocol::frame_kind;

embedded_options on_vps(std::int64_t vps) {
  embedded_options options;
  options.vps = vps;
  return options;
}

protocol::frame request(std::uint64_t sequence, protocol::body body) {
  return protocol::frame({.kind = frame_kind::request, .sequence = sequence}, std::move(body));
}

// The reply to `sequence`; events before it are passed over.
wire::reply reply_to(embedded& kernel, std::uint64_t sequence) {
  for (;;) {
    const auto f = kernel.receive(60s);
    if (!f) throw std::runtime_error("no reply came");
    if (f->head().kind == frame_kind::reply && f->head().sequence == sequence)
      return wire::read_reply(f->body(), nullptr);
  }
}

bool succeeded(const wire::reply& r) { return !std::holds_alternative<client::error>(r.outcome); }

TEST(embedded, serves_calls_inside_the_process) {
  embedded kernel(on_vps(3));
  kernel.send(protocol::frame({.kind = frame_kind::hello, .sequence = 1}, wire::hello("")));
  EXPECT_EQ(kernel.receive(60s)->head().kind, frame_kind::welcome);
  kernel.send(request(2, wire::create_nodes("iaf_psc_alpha", 10, {})));
  EXPECT_EQ(std::get<client::NodeCollection>(reply_to(kernel, 2).outcome).size(), 10u);
  kernel.send(request(3, wire::simulate(20.0)));
  EXPECT_TRUE(succeeded(reply_to(kernel, 3)));
  kernel.send(request(4, wire::get_kernel_status({"biological_time", "total_num_virtual_procs"})));
  const auto status = std::get<client::Value>(reply_to(kernel, 4).outcome).as<client::Dictionary>();
  EXPECT_EQ(status.at("biological_time"), client::Value(20.0));
  EXPECT_EQ(status.at("total_num_virtual_procs"), client::Value(3));
}

TEST(embedded, a_client_that_sent_nonsense_learns_of_the_end) {
  embedded kernel;
  kernel.send(request(1, nullptr));
  EXPECT_FALSE(succeeded(reply_to(kernel, 1)));
  kernel.send(request(2, wire::prepare()));
  EXPECT_THROW(reply_to(kernel, 2), std::runtime_error);
}

TEST(embedded, nothing_comes_when_nothing_was_asked) {
  embedded kernel;
  EXPECT_FALSE(kernel.receive(1ms));
}

TEST(embedded, several_kernels_live_side_by_side) {
  embedded one, two;
  one.send(request(1, wire::create_nodes("iaf_psc_alpha", 5, {})));
  reply_to(one, 1);
  two.send(request(1, wire::get_kernel_status({"network_size"})));
  EXPECT_EQ(std::get<client::Value>(reply_to(two, 1).outcome).as<client::Dictionary>().at("network_size"),
            client::Value(0));
}

// An hour of biological time would outlast any patience: the end of the kernel ends the job.
TEST(embedded, ends_while_a_job_runs) {
  embedded kernel(on_vps(2));
  kernel.send(request(1, wire::create_nodes("iaf_psc_alpha", 100, {})));
  reply_to(kernel, 1);
  kernel.send(request(2, wire::simulate(3.6e6)));
  while (kernel.receive(60s)->head().kind != frame_kind::event) {
  }
}

TEST(embedded, may_end_on_another_thread) {
  auto kernel = std::make_unique<embedded>();
  std::thread([&] { kernel.reset(); }).join();
  EXPECT_FALSE(kernel);
}

TEST(embedded, a_running_job_can_be_cancelled) {
  embedded kernel;
  kernel.send(request(1, wire::simulate(3.6e6)));
  while (kernel.receive(60s)->head().kind != frame_kind::event) {
  }
  kernel.send(request(2, wire::cancel()));
  reply_to(kernel, 1);
  kernel.send(request(3, wire::simulate(1.0)));
  EXPECT_TRUE(succeeded(reply_to(kernel, 3)));
}

TEST(embedded, a_forked_child_is_told_and_does_not_hang) {
  embedded kernel;
  const pid_t child = ::fork();
  ASSERT_GE(child, 0);
  if (child == 0) {
    int raised = 0;
    try {
      kernel.send(request(1, wire::prepare()));
    } catch (const std::runtime_error&) {
      ++raised;
    }
    try {
      kernel.receive(1s);
    } catch (const std::runtime_error&) {
      ++raised;
    }
    kernel.~embedded();  // as at the end of an interpreter
    ::_exit(raised == 2 ? 0 : 1);
  }
  int status = 1;
  ASSERT_EQ(::waitpid(child, &status, 0), child);
  EXPECT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) == 0);
  kernel.send(request(1, wire::get_kernel_status({"resolution"})));
  EXPECT_TRUE(succeeded(reply_to(kernel, 1))) << "the parent goes on";
}

// Another thread may hold AddressSanitizer's allocator when this one forks: in the child nobody gives it back.
#ifndef __SANITIZE_ADDRESS__
TEST(embedded, a_forked_child_may_have_a_kernel_of_its_own) {
  embedded kernel;
  kernel.send(request(1, wire::get_kernel_status({"resolution"})));
  ASSERT_TRUE(succeeded(reply_to(kernel, 1)));
  const pid_t child = ::fork();
  ASSERT_GE(child, 0);
  if (child == 0) {
    auto options = on_vps(2);
    options.first_generation = 7;
    bool answered = false;
    {
      embedded own(options);
      own.send(request(1, wire::reset_kernel()));
      answered = reply_to(own, 1).generation == 8;
    }
    ::_exit(answered ? 0 : 1);
  }
  int status = 1;
  ASSERT_EQ(::waitpid(child, &status, 0), child);
  EXPECT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) == 0);
}
#endif

}  // namespace
}  // namespace volley::actors
