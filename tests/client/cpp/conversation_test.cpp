#include "client/cpp/conversation.hpp"

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <thread>

#include "tests/client/cpp/fake_kernel.hpp"

namespace volley::client {
namespace {

using protocol::frame_kind;
using protocol::Request;

protocol::body progress_body(double now_ms) {
  return protocol::write_message<protocol::Event>(
      [&](protocol::Event::Builder out) { out.initProgress().setNowMs(now_ms); });
}

class talk : public testing::Test {
 protected:
  /// Waits until the client has sent `count` frames and gives the last of them.
  protocol::header sent(std::size_t count) {
    for (;;) {
      const auto frames = kernel->sent();
      if (frames.size() >= count) return frames[count - 1].head();
      std::this_thread::yield();
    }
  }

  std::shared_ptr<fake_kernel> kernel = std::make_shared<fake_kernel>();
  std::shared_ptr<conversation> link = conversation::open(std::make_unique<fake_channel>(kernel), "secret");
};

TEST_F(talk, begins_with_the_token_and_carries_the_ids_of_the_welcome) {
  const auto hello = kernel->sent()[0];
  EXPECT_EQ(hello.head().kind, frame_kind::hello);
  protocol::read_message<protocol::Hello>(
      hello.body(), [](protocol::Hello::Reader in) { EXPECT_EQ(in.getToken().asChars(), kj::StringPtr("secret")); });
  link->order(wire::prepare());
  const auto request = kernel->sent()[1].head();
  EXPECT_EQ(request.session, fake_kernel::session);
  EXPECT_EQ(request.kernel, fake_kernel::kernel);
  EXPECT_GT(request.sequence, hello.head().sequence);
  EXPECT_EQ(link->generation(), fake_kernel::generation);
}

TEST_F(talk, ends_with_goodbye) {
  link.reset();
  EXPECT_EQ(kernel->sent().back().head().kind, frame_kind::goodbye);
}

TEST(conversation, a_refusal_is_thrown) {
  auto kernel = std::make_shared<fake_kernel>();
  kernel->refuses();
  EXPECT_THROW(conversation::open(std::make_unique<fake_channel>(kernel), ""), error);
}

TEST_F(talk, an_error_reply_is_thrown_and_the_next_call_works) {
  kernel->answers([](auto, auto reply) {
    reply.initError().setKind("BadProperty");
    reply.getError().setMessage("tau_m: 0 ms is not above 0");
  });
  try {
    link->order(wire::prepare());
    FAIL();
  } catch (const error& thrown) {
    EXPECT_EQ(thrown.kind(), "BadProperty");
    EXPECT_STREQ(thrown.what(), "tau_m: 0 ms is not above 0");
  }
  kernel->answers(nullptr);
  link->order(wire::prepare());
}

TEST_F(talk, log_entries_and_progress_reach_the_listeners) {
  std::vector<double> heard;
  std::vector<std::string> log;
  link->listen({.on_progress = [&](const progress& now) { heard.push_back(now.now_ms); },
                .on_log = [&](const log_entry& entry) { log.push_back(entry.text); },
                .interrupted = {}});
  kernel->holds();
  std::thread server([&] {
    const auto job = sent(2);
    kernel->push(frame_kind::event, job, progress_body(10));
    kernel->push(frame_kind::event, job, progress_body(20));
    kernel->push(frame_kind::reply, job, protocol::write_message<protocol::Reply>([](auto reply) {
                   reply.initLog(1)[0].setText("done");
                   reply.setDone();
                 }));
  });
  link->run_job(wire::simulate(20));
  server.join();
  EXPECT_EQ(heard, (std::vector<double>{10, 20}));
  EXPECT_EQ(log, std::vector<std::string>{"done"});
}

TEST_F(talk, answers_to_other_requests_are_passed_over) {
  kernel->holds();
  std::thread server([&] {
    auto call = sent(2);
    auto earlier = call;
    earlier.sequence -= 1;
    kernel->push(frame_kind::reply, earlier, nullptr);
    kernel->push_reply(call);
  });
  link->order(wire::prepare());
  server.join();
}

TEST_F(talk, cancel_reaches_a_running_job_from_another_thread) {
  kernel->holds();
  std::thread other([&] {
    const auto job = sent(2);
    while (kernel->count_of(Request::CANCEL) == 0) link->cancel();
    kernel->push_reply(job);
  });
  link->run_job(wire::simulate(1e6));
  other.join();
  EXPECT_GE(kernel->count_of(Request::CANCEL), 1u);
}

TEST_F(talk, cancel_without_a_job_sends_nothing) {
  link->cancel();
  link->order(wire::prepare());
  link->cancel();
  EXPECT_EQ(kernel->count_of(Request::CANCEL), 0u);
}

TEST_F(talk, an_interrupt_cancels_the_job_and_waits_for_its_end) {
  int asked = 0;
  link->listen({.on_progress = {}, .on_log = {}, .interrupted = [&] { return ++asked == 1; }});
  kernel->holds();
  std::thread server([&] {
    const auto job = sent(2);
    sent(3);  // the cancel
    kernel->push_reply(job);
  });
  link->run_job(wire::simulate(1e6));
  server.join();
  EXPECT_EQ(kernel->count_of(Request::CANCEL), 1u);
}

TEST_F(talk, a_second_interrupt_gives_the_call_up) {
  link->listen({.on_progress = {}, .on_log = {}, .interrupted = [] { return true; }});
  kernel->holds();
  EXPECT_EQ(kind_of_error([&] { link->run_job(wire::simulate(1e6)); }), "KernelException");
}

TEST_F(talk, an_exception_of_a_listener_leaves_the_call_after_the_job_has_ended) {
  link->listen(
      {.on_progress = [](const progress&) { throw std::runtime_error("mine"); }, .on_log = {}, .interrupted = {}});
  kernel->holds();
  std::thread server([&] {
    const auto job = sent(2);
    kernel->push(frame_kind::event, job, progress_body(10));
    sent(3);  // the cancel
    kernel->push_reply(job);
  });
  EXPECT_THROW(link->run_job(wire::simulate(1e6)), std::runtime_error);
  server.join();
}

TEST_F(talk, a_listener_cannot_call_the_kernel) {
  link->listen(
      {.on_progress = {}, .on_log = [&](const log_entry&) { link->order(wire::prepare()); }, .interrupted = {}});
  kernel->answers([](auto, auto reply) { reply.initLog(1); });
  EXPECT_EQ(kind_of_error([&] { link->order(wire::prepare()); }), "KernelException");
}

TEST_F(talk, a_lost_connection_ends_this_and_every_later_call) {
  link->come_back_within(std::chrono::milliseconds(0));
  kernel->dies();
  EXPECT_THROW(link->order(wire::prepare()), connection_lost);
  EXPECT_THROW(link->order(wire::prepare()), connection_lost);
}

std::string key_of(const protocol::frame& hello) {
  return protocol::read_message<protocol::Hello>(hello.body(), [](protocol::Hello::Reader in) {
    return std::string(in.getKey().asChars().begin(), in.getKey().size());
  });
}

TEST_F(talk, comes_back_and_asks_again_under_the_same_number) {
  kernel->holds();
  std::thread server([&] {
    const auto request = sent(2);
    kernel->breaks(1, 5);
    const auto again = sent(4);
    EXPECT_EQ(again, request);
    kernel->push_reply(again);
  });
  std::string told;
  link->listen({.on_progress = {}, .on_log = [&](const log_entry& entry) { told += entry.text; }, .interrupted = {}});
  link->order(wire::prepare());
  server.join();
  const auto frames = kernel->sent();
  ASSERT_EQ(frames.size(), 4u);
  EXPECT_EQ(frames[2].head().kind, frame_kind::hello);
  EXPECT_LT(frames[2].head().sequence, frames[3].head().sequence);
  EXPECT_EQ(key_of(frames[2]), key_of(frames[0]));
  EXPECT_EQ(key_of(frames[0]).size(), 32u);
  EXPECT_NE(told.find("to come back"), std::string::npos);
  kernel->breaks(1, 5);  // between two calls
  std::thread later([&] { kernel->push_reply(sent(6)); });
  link->order(wire::prepare());
  later.join();
}

TEST_F(talk, says_again_that_a_job_is_cancelled) {
  kernel->holds();
  std::thread server([&] {
    sent(2);
    link->cancel();
    sent(3);
    kernel->breaks(1, 5);
    const auto again = sent(5);
    EXPECT_GT(sent(6).sequence, again.sequence);
    kernel->push_reply(again);
  });
  link->run_job(wire::simulate(10));
  server.join();
  EXPECT_EQ(kernel->count_of(Request::CANCEL), 2u);
}

TEST_F(talk, is_lost_where_another_kernel_answers_or_one_that_has_lost_something) {
  link->order(wire::prepare());
  kernel->breaks(2, 5);
  EXPECT_THROW(link->order(wire::prepare()), connection_lost);
  link = conversation::open(std::make_unique<fake_channel>(kernel), "");
  kernel->breaks(2, 4);
  try {
    link->order(wire::prepare());
    FAIL();
  } catch (const connection_lost& loss) {
    EXPECT_NE(std::string(loss.what()).find("the last 1 changes"), std::string::npos) << loss.what();
  }
}

TEST_F(talk, does_not_come_back_where_the_user_does_not_wait) {
  link->come_back_within(std::chrono::milliseconds(0));
  kernel->breaks(1, 5);
  EXPECT_THROW(link->order(wire::prepare()), connection_lost);
}

TEST_F(talk, a_server_that_says_goodbye_is_a_lost_connection) {
  link->come_back_within(std::chrono::milliseconds(0));
  kernel->holds();
  kernel->push(frame_kind::goodbye, {}, nullptr);
  EXPECT_THROW(link->order(wire::prepare()), connection_lost);
}

TEST_F(talk, does_not_come_back_to_a_kernel_that_is_gone) {
  kernel->holds();
  kernel->push(frame_kind::goodbye, {}, protocol::write_message<protocol::Error>([](auto out) {
                 out.setKind("KernelException");
                 out.setMessage("the kernel a is gone: it was dropped");
               }));
  for (int calls = 0; calls < 2; ++calls) try {
      link->order(wire::prepare());
      FAIL();
    } catch (const connection_lost& loss) {
      EXPECT_STREQ(loss.what(), "the connection to the kernel is lost: the kernel a is gone: it was dropped");
    }
  EXPECT_EQ(sent(2).sequence, 2u);
  EXPECT_EQ(kernel->sent().size(), 2u) << "one hello";
}

TEST_F(talk, says_which_kernel_it_wants_and_which_it_knows) {
  link = conversation::open(std::make_unique<fake_channel>(kernel), "", "a");
  kernel->breaks(1, 5);
  link->order(wire::prepare());
  std::vector<std::pair<std::string, std::uint64_t>> said;
  for (const auto& f : kernel->sent())
    if (f.head().kind == frame_kind::hello)
      protocol::read_message<protocol::Hello>(
          f.body(), [&](auto in) { said.emplace_back(std::string(in.getKernel()), in.getKnows()); });
  ASSERT_EQ(said.size(), 3u);
  EXPECT_EQ(said[1], std::pair(std::string("a"), std::uint64_t{0}));
  EXPECT_EQ(said[2], std::pair(std::string("a"), std::uint64_t{1}));
}

TEST_F(talk, a_damaged_reply_is_a_lost_connection) {
  kernel->holds();
  std::thread server([&] {
    kernel->push(frame_kind::reply, sent(2), std::make_shared<const protocol::words>(protocol::words::zeroed(2)));
  });
  EXPECT_THROW(link->order(wire::prepare()), connection_lost);
  server.join();
}

TEST_F(talk, an_answer_of_another_type_is_an_error) {
  EXPECT_EQ(kind_of_error([&] { link->ask<Value>(wire::get_defaults("iaf_psc_alpha")); }), "InternalError");
}

TEST_F(talk, a_forked_child_raises_and_says_nothing) {
  const pid_t child = ::fork();
  if (child == 0) {
    const bool raised = kind_of_error([&] { link->order(wire::prepare()); }) == "KernelException";
    link.reset();
    ::_exit(raised && kernel->sent().size() == 1 ? 0 : 1);
  }
  int status = 1;
  ::waitpid(child, &status, 0);
  EXPECT_EQ(status, 0);
}

}  // namespace
}  // namespace volley::client
