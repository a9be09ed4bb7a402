// A supervisor that keeps its state in a folder: what it answers is kept, and each request is done once, by whichever
// process gets it.
#include <gtest/gtest.h>

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "actors/convert.hpp"
#include "actors/supervisor.hpp"
#include "caf/send.hpp"
#include "client/cpp/wire.hpp"
#include "protocol/api.capnp.h"
#include "protocol/message.hpp"
#include "tests/actors/full_disk.hpp"
#include "tests/actors/listening_session.hpp"
#include "tests/actors/scratch_folder.hpp"
#include "tests/actors/staged_system.hpp"

namespace volley::actors {
namespace {

using namespace std::chrono_literals;

class a_kept_kernel : public testing::Test {
 protected:
  a_kept_kernel() { start(); }
  ~a_kept_kernel() override { end(); }

  void start() {
    stage.emplace();
    runtime::kernel_options options;
    options.default_vps = 2;
    options.files = &files;
    options.memory_limit = 10'000'000;
    state_setup state;
    state.folder = std::make_shared<state_folder>(scratch.path / "state");
    state.checkpoint_period = 0ms;
    state.give_up = [this](const std::string& why) { given_up = why; };
    kernel = stage->system.spawn<supervisor>(options, cluster_setup(), state);
    session = stage->system.spawn<listening_session>(std::ref(heard));
    stage->settle();
    met_.clear();
  }
  void end() {
    for (const auto& one : {caf::actor_cast<caf::actor>(kernel), caf::actor_cast<caf::actor>(session)})
      caf::anon_send_exit(one, caf::exit_reason::user_shutdown);
    stage->settle();
    kernel = supervisor_actor();
    session = session_actor();
    stage.reset();
  }
  void start_again() {
    end();
    start();
  }

  static protocol::body creation(std::int64_t n) {
    return protocol::write_message<protocol::Request>([n](auto to) {
      auto what = to.initCreateNodes();
      what.setModel("iaf_psc_alpha");
      what.setCount(n);
    });
  }
  /// As the client `of` asks it.
  void ask(const protocol::body& bytes, std::uint64_t number, const std::string& of = "somebody") {
    if (met_.insert(of).second) caf::anon_send(kernel, introduce{session, of});
    call c{session, number, std::make_shared<const api::request>(decode_request(bytes)), digest_of_request(bytes),
           of,      bytes};
    caf::anon_send(kernel, c);
    stage->settle();
  }
  bool has_failed(std::size_t answer) const {
    return std::holds_alternative<api::failed_call>(told.at(answer).second->outcome);
  }
  std::int64_t network_size() {
    ask(protocol::write_message<protocol::Request>([](auto to) { to.initGetKernelStatus(1).set(0, "network_size"); }),
        ++looks_, "a look");
    const auto& all = std::get<runtime::value>(told.back().second->outcome);
    return *all.get_if<runtime::dictionary>()->find("network_size")->get_if<std::int64_t>();
  }

  scratch_folder scratch;
  runtime::system_record_files files;
  std::optional<staged_system> stage;
  listening_session::heard heard;
  const decltype(heard.answers)& told = heard.answers;
  std::string given_up;
  supervisor_actor kernel;
  session_actor session;

 private:
  std::uint64_t looks_ = 0;
  std::set<std::string> met_;  // by the process of now
};

TEST_F(a_kept_kernel, answers_when_what_is_done_is_kept) {
  ask(creation(3), 1);
  ASSERT_EQ(told.size(), 1u);
  EXPECT_FALSE(has_failed(0));
  {
    const full_disk full(std::filesystem::file_size(scratch.path / "state" / "log-0") + 5);
    ask(creation(4), 2);
    stage->scheduler().advance_time(5s);
    stage->settle();
    EXPECT_EQ(told.size(), 1u) << "the disk refuses";
  }
  stage->scheduler().advance_time(5s);
  stage->settle();
  ASSERT_EQ(told.size(), 2u);
  start_again();
  EXPECT_EQ(network_size(), 7);
  EXPECT_EQ(given_up, "");
}

TEST_F(a_kept_kernel, does_each_request_once_in_whichever_process) {
  ask(creation(3), 1);
  ask(creation(3), 1);
  ASSERT_EQ(told.size(), 2u);
  EXPECT_EQ(told[1].second, told[0].second) << "the same answer again";
  start_again();
  ask(creation(3), 1);
  ASSERT_EQ(told.size(), 3u);
  EXPECT_FALSE(has_failed(2));
  EXPECT_EQ(network_size(), 3);
  ask(creation(4), 1);
  EXPECT_TRUE(has_failed(4)) << "another request of the same number";
  ask(creation(3), 2);
  ask(creation(3), 1, "somebody else");
  EXPECT_EQ(network_size(), 9);
}

TEST_F(a_kept_kernel, goes_on_with_what_was_answered) {
  ask(creation(3), 1);
  const auto simulation = protocol::write_message<protocol::Request>([](auto to) { to.setSimulate(5.0); });
  ask(simulation, 2);
  ASSERT_FALSE(has_failed(1));
  const auto time =
      protocol::write_message<protocol::Request>([](auto to) { to.initGetKernelStatus(1).set(0, "biological_time"); });
  for (const double expected : {5.0, 5.0, 10.0}) {
    if (expected == 10.0) ask(simulation, 3);
    ask(time, 1, "a clock");
    const auto& all = std::get<runtime::value>(told.back().second->outcome);
    EXPECT_EQ(*all.get_if<runtime::dictionary>()->find("biological_time"), runtime::value(expected));
    start_again();
  }
}

// Each of ten steps a millisecond gives each of a thousand cells an event of 20 bytes.
TEST_F(a_kept_kernel, tells_again_why_a_run_ended) {
  namespace wire = client::wire;
  using client::Dictionary;
  ask(creation(1000), 1);
  const Dictionary each_step{{"record_from", std::vector<std::string>{"V_m"}}, {"interval", 0.1}};
  ask(wire::create_nodes("multimeter", 1, each_step), 2);
  const auto generation = told.back().second->generation;
  const client::NodeCollection cells(nullptr, generation, {{1, 1000, 1}}),
      meter(nullptr, generation, {{1001, 1001, 1}});
  ask(wire::connect(meter, cells, {{"rule", "all_to_all"}}, std::vector{Dictionary{}}), 3);
  ask(wire::simulate(1000.0), 4);
  const auto why = failure(told.back().second->outcome);
  EXPECT_NE(why.find("the run was ended at"), std::string::npos);
  start_again();
  ask(wire::simulate(1000.0), 4);
  EXPECT_EQ(failure(told.back().second->outcome), why);
  EXPECT_EQ(given_up, "");
}

}  // namespace
}  // namespace volley::actors
