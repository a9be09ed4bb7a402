#include "actors/session.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <memory>
#include <new>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "actors/convert.hpp"
#include "caf/send.hpp"
#include "client/cpp/wire.hpp"
#include "runtime/base/error.hpp"
#include "tests/actors/listening_supervisor.hpp"
#include "tests/actors/staged_system.hpp"

namespace volley::actors {
namespace {

namespace wire = volley::client::wire;
using protocol::frame_kind;

// What the client would get.
class collecting_outlet final : public outlet {
 public:
  void send(protocol::frame f) override { frames.push_back(std::move(f)); }
  void close() override { closed = true; }
  std::size_t page_words() const override { return words; }
  std::vector<protocol::frame> frames;
  std::size_t words = 64;
  bool closed = false;
};

class session_on_stage : public testing::Test {
 protected:
  session_on_stage() {
    supervisor_ = stage_.system.spawn<listening_supervisor>(std::ref(told_));
    open(role::admin);
  }
  ~session_on_stage() override {
    told_.calls.clear();
    told_.left.clear();
    all_.end();
    supervisor_ = nullptr;
    stage_.settle();
  }

  // In place of an earlier one.
  void open(role may, const kernel_wish& kernel = {}) {
    session_ = stage_.system.spawn<session>(9u, all_.open(kernel), client_, may, when_client_leaves::job_goes_on);
    stage_.settle();
    client_->closed = false;
  }
  void arrive(frame_kind kind, std::uint64_t sequence, protocol::body body = nullptr, std::uint64_t position = 0) {
    caf::anon_send(session_, frame_arrived{protocol::frame({.kind = kind, .sequence = sequence, .position = position},
                                                           std::move(body))});
    stage_.settle();
  }
  void answer(const call& c, api::result outcome) {
    caf::anon_send(
        c.from, call_answered{c.sequence, std::make_shared<const api::answer>(api::answer{4, std::move(outcome), {}})});
    stage_.settle();
  }
  std::optional<client::error> last_error() {
    const auto reply = wire::read_reply(client_->frames.back().body(), nullptr);
    const auto* fault = std::get_if<client::error>(&reply.outcome);
    return fault ? std::optional(*fault) : std::nullopt;
  }
  // The error kind that the client sees when the call fails so.
  template <class Exception> std::string kind_of(Exception fault) {
    arrive(frame_kind::request, ++sequence_, wire::prepare());
    answer(told_.calls.back(), api::failed_call{std::make_exception_ptr(std::move(fault))});
    return last_error()->kind();
  }

  kernels all_{2, [this](const kernel_place&) { return kernels::made{supervisor_}; }};
  staged_system stage_;
  listening_supervisor::heard told_;
  std::shared_ptr<collecting_outlet> client_ = std::make_shared<collecting_outlet>();
  supervisor_actor supervisor_;
  session_actor session_;
  std::uint64_t sequence_ = 0;
};

TEST_F(session_on_stage, a_greeting_is_answered_with_kernel_and_session) {
  arrive(frame_kind::hello, 1, wire::hello(""));
  ASSERT_EQ(client_->frames.size(), 1u);
  const auto& head = client_->frames[0].head();
  EXPECT_EQ(head.kind, frame_kind::welcome);
  EXPECT_EQ(head.sequence, 1u);
  EXPECT_EQ(head.session, 9u);
  const auto welcome = wire::read_welcome(client_->frames[0].body());
  EXPECT_EQ(welcome.session, 9u);
  EXPECT_EQ(welcome.generation, 4u);
}

TEST_F(session_on_stage, tells_what_it_changed_and_what_it_may_not) {
  const std::string file = std::filesystem::path(testing::TempDir()) / ("audit_" + std::to_string(::getpid()));
  {
    audit_log audit(file);
    for (const auto may : {role::admin, role::observe}) {
      session_ = stage_.system.spawn<session>(9u, all_.open({}), client_, may, when_client_leaves::job_goes_on, false,
                                              "", &audit);
      stage_.settle();
      arrive(frame_kind::request, 1, wire::simulate(3.5));
      arrive(frame_kind::request, 2, wire::get_kernel_status({}));
    }
    answer(told_.calls.at(0), {});
    session_ = stage_.system.spawn<session>(10u, all_.open({}), client_, role::admin, when_client_leaves::job_goes_on,
                                            false, "", &audit);
    stage_.settle();
    arrive(frame_kind::request, 1, wire::simulate(4.5));
    arrive(frame_kind::goodbye, 2);
    open(role::admin);
  }
  std::ifstream in(file);
  std::string first, second, third, fourth;
  std::getline(in, first);
  std::getline(in, second);
  std::getline(in, third);
  EXPECT_FALSE(std::getline(in, fourth)) << "questions change nothing: " << fourth;
  EXPECT_NE(third.find(" session 10 (admin): Simulate(4.5): nobody waits"), std::string::npos) << third;
  EXPECT_NE(first.find(" session 9 (observe): Simulate(3.5): builtins.PermissionError: "), std::string::npos) << first;
  EXPECT_NE(second.find(" session 9 (admin): Simulate(3.5): done"), std::string::npos) << second;
  std::filesystem::remove(file);
}

TEST_F(session_on_stage, a_request_becomes_a_call_and_its_answer_a_reply) {
  arrive(frame_kind::request, 5, wire::simulate(3.5));
  ASSERT_EQ(told_.calls.size(), 1u);
  EXPECT_EQ(std::get<api::simulate>(*told_.calls[0].content).time_ms, 3.5);
  answer(told_.calls[0], runtime::value(2.5));
  const auto& reply = client_->frames.back();
  EXPECT_EQ(reply.head().kind, frame_kind::reply);
  EXPECT_EQ(reply.head().sequence, 5u);
  EXPECT_EQ(std::get<client::Value>(wire::read_reply(reply.body(), nullptr).outcome), client::Value(2.5));
}

TEST_F(session_on_stage, failures_are_named_for_the_user) {
  EXPECT_EQ(kind_of(runtime::api_error(runtime::error_kind::BadDelay, "too short")), "BadDelay");
  EXPECT_EQ(last_error()->what(), std::string("too short"));
  EXPECT_EQ(kind_of(runtime::api_error(runtime::error_kind::IndexError, "")), "builtins.IndexError");
  EXPECT_EQ(kind_of(std::bad_alloc()), "builtins.MemoryError");
  EXPECT_EQ(kind_of(std::runtime_error("oops")), "InternalError");
  EXPECT_EQ(kind_of(5), "InternalError");
  EXPECT_FALSE(client_->closed);
}

TEST_F(session_on_stage, a_message_that_quotes_a_whole_request_is_cut) {
  kind_of(runtime::api_error(runtime::error_kind::BadProperty, std::string(10'000'000, 'x')));
  EXPECT_LT(std::string(last_error()->what()).size(), 5000u);
  kind_of(runtime::api_error(runtime::error_kind::BadProperty, std::string(4095, 'x') + "\u00e9 and more"));
  EXPECT_EQ(last_error()->what(), std::string(4095, 'x') + " ...");
}

TEST_F(session_on_stage, a_cancel_overtakes_and_is_answered_at_once) {
  arrive(frame_kind::request, 1, wire::simulate(1000));
  arrive(frame_kind::request, 2, wire::cancel());
  EXPECT_EQ(told_.cancels, 1);
  EXPECT_EQ(told_.calls.size(), 1u);
  EXPECT_EQ(client_->frames.back().head().sequence, 2u);
}

TEST_F(session_on_stage, news_of_a_job_are_events_of_its_request) {
  caf::anon_send(session_, job_advanced{6, {0, 1, 2, 3, 4}});
  stage_.settle();
  EXPECT_EQ(client_->frames.back().head().kind, frame_kind::event);
  EXPECT_EQ(client_->frames.back().head().sequence, 6u);
}

TEST_F(session_on_stage, values_that_no_call_may_carry_are_refused_and_the_session_lives) {
  arrive(frame_kind::request, 1, wire::evaluate(client::random::normal(0, -1), nullptr));
  ASSERT_TRUE(last_error());
  EXPECT_FALSE(client_->closed);
  EXPECT_TRUE(told_.calls.empty());
  arrive(frame_kind::request, 2, wire::prepare());
  EXPECT_EQ(told_.calls.size(), 1u);
}

TEST_F(session_on_stage, malformed_requests_are_answered_and_end_the_session) {
  arrive(frame_kind::request, 1, nullptr);
  ASSERT_TRUE(last_error());
  EXPECT_TRUE(client_->closed);
  EXPECT_EQ(told_.left.size(), 1u);
  EXPECT_TRUE(told_.calls.empty());
}

TEST_F(session_on_stage, frames_that_clients_do_not_send_end_the_session) {
  arrive(frame_kind::reply, 1, wire::prepare());
  EXPECT_TRUE(client_->closed);
}

TEST_F(session_on_stage, request_numbers_must_grow) {
  arrive(frame_kind::request, 5, wire::prepare());
  arrive(frame_kind::request, 5, wire::prepare());
  EXPECT_EQ(told_.calls.size(), 1u);
  EXPECT_TRUE(client_->closed);
}

// An answer of 100 numbers, where a page has 64 words.
TEST_F(session_on_stage, a_long_reply_goes_in_pages) {
  arrive(frame_kind::request, 1, wire::prepare());
  std::vector<double> numbers(100);
  for (int i = 0; i < 100; ++i) numbers[i] = i;
  answer(told_.calls[0], runtime::value(numbers));
  const auto words = wire::read_reply(client_->frames.back().body(), nullptr).paged_words;
  ASSERT_GT(words, 100u);
  ASSERT_LE(words, 128u);
  auto whole = protocol::words::of_size(words);
  for (const std::uint64_t position : {64u, 0u}) {  // in any order
    arrive(frame_kind::page_request, position == 0 ? 3 : 2, nullptr, position);
    const auto& page = client_->frames.back();
    EXPECT_EQ(page.head().kind, frame_kind::page);
    EXPECT_EQ(page.head().position, position);
    ASSERT_EQ(page.body()->size(), position == 0 ? 64 : words - 64);
    std::ranges::copy(page.body()->view(), whole.view().begin() + position);
  }
  const auto reply = wire::read_reply(std::make_shared<const protocol::words>(std::move(whole)), nullptr);
  EXPECT_EQ(std::get<client::Value>(reply.outcome), client::Value(client::Column<double>(numbers)));
  EXPECT_FALSE(client_->closed);
}

TEST_F(session_on_stage, pages_are_there_until_the_next_request_and_within_their_reply) {
  for (const std::uint64_t position : {std::uint64_t{0}, std::uint64_t{1000}, ~std::uint64_t{0}}) {
    open(role::admin);
    const auto calls = told_.calls.size();
    arrive(frame_kind::request, 1, wire::prepare());
    answer(told_.calls[calls], runtime::value(std::vector<double>(100)));
    std::uint64_t sequence = 2;
    if (position == 0) arrive(frame_kind::request, sequence++, wire::prepare());
    arrive(frame_kind::page_request, sequence, nullptr, position);
    EXPECT_TRUE(last_error()) << position;
    EXPECT_TRUE(client_->closed) << position;
  }
}

TEST_F(session_on_stage, calls_beyond_its_role_are_refused_alike_and_reach_nobody) {
  open(role::observe);
  const client::NodeCollection nodes(nullptr, 4, {{1, 2, 1}});
  std::vector<std::string> replies;
  std::uint64_t sequence = 0;
  for (const auto& call :
       {wire::create_nodes("iaf_psc_alpha", 1, {}), wire::create_nodes("no such model", -1, {}), wire::simulate(1.0),
        wire::reset_kernel(), wire::set_node_values(nodes, client::Dictionary{{"V_m", 0.0}})}) {
    arrive(frame_kind::request, ++sequence, call);
    EXPECT_EQ(last_error()->kind(), "builtins.PermissionError");
    replies.push_back(last_error()->what());
  }
  EXPECT_EQ(std::ranges::count(replies, replies.front()), std::ssize(replies));
  EXPECT_TRUE(told_.calls.empty());
  arrive(frame_kind::request, ++sequence, wire::get_kernel_status({}));
  EXPECT_EQ(told_.calls.size(), 1u);
  EXPECT_FALSE(client_->closed);
}

TEST_F(session_on_stage, a_goodbye_ends_it_in_order) {
  arrive(frame_kind::goodbye, 1);
  EXPECT_TRUE(client_->closed);
  ASSERT_EQ(told_.left.size(), 1u);
  EXPECT_FALSE(told_.left[0].cancels_its_job);
}

TEST_F(session_on_stage, a_lost_connection_ends_it) {
  caf::anon_send(session_, connection_closed{});
  stage_.settle();
  EXPECT_EQ(told_.left.size(), 1u);
}

TEST_F(session_on_stage, clients_hear_when_the_kernel_ends) {
  caf::anon_send_exit(supervisor_, caf::exit_reason::user_shutdown);
  stage_.settle();
  ASSERT_FALSE(client_->frames.empty());
  EXPECT_EQ(client_->frames.back().head().kind, frame_kind::goodbye);
  EXPECT_TRUE(client_->frames.back().body_bytes().empty()) << "with its server";
  EXPECT_TRUE(client_->closed);
}

TEST_F(session_on_stage, tells_of_kernels_itself) {
  client_->words = 4096;
  arrive(frame_kind::request, 2, wire::list_kernels());
  const auto told = wire::read_reply(client_->frames.back().body(), nullptr);
  EXPECT_EQ(std::get<client::Value>(told.outcome).as<std::vector<client::Value>>().size(), 1u);
  arrive(frame_kind::request, 3, wire::drop_kernel("default"));
  EXPECT_EQ(last_error()->kind(), "KernelException");
  EXPECT_TRUE(told_.calls.empty());
}

TEST_F(session_on_stage, a_kernel_that_is_dropped_says_so) {
  open(role::simulate, {.name = "a"});
  arrive(frame_kind::request, 2, wire::drop_kernel("b"));
  EXPECT_EQ(last_error()->kind(), "builtins.PermissionError") << "another one's takes more";
  arrive(frame_kind::request, 3, wire::drop_kernel("a"));
  ASSERT_EQ(client_->frames.back().head().kind, frame_kind::goodbye);
  EXPECT_STREQ(wire::read_error(client_->frames.back().body()).what(), "the kernel a is gone: it was dropped");
  EXPECT_TRUE(client_->closed);
}

}  // namespace
}  // namespace volley::actors
