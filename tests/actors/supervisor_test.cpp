#include "actors/supervisor.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <map>
#include <memory>
#include <stdexcept>
#include <utility>
#include <vector>

#include "caf/send.hpp"
#include "runtime/base/error.hpp"
#include "tests/actors/staged_system.hpp"

namespace volley::actors {
namespace {

using namespace std::chrono_literals;
using runtime::dictionary;
using runtime::node_set;
using runtime::value;

// What a session got back, in order.
struct mailbox_of_test {
  std::vector<std::pair<std::uint64_t, std::shared_ptr<const api::answer>>> answers;
  std::vector<job_advanced> news;
};

class listening_session : public session_actor::base {
 public:
  listening_session(caf::actor_config& config, mailbox_of_test& to) : session_actor::base(config), to_(to) {}
  behavior_type make_behavior() override {
    return {[](const frame_arrived&) {}, [](const connection_closed&) {},
            [this](const call_answered& a) { to_.answers.emplace_back(a.sequence, a.content); },
            [this](const job_advanced& j) { to_.news.push_back(j); }, [](const kernel_introduced&) {}};
  }

 private:
  mailbox_of_test& to_;
};

// Files that refuse the n-th write.
class failing_files final : public runtime::record_files {
 public:
  int writes_left = 3;
  std::unique_ptr<runtime::record_file> open(const std::string&, bool) override {
    struct failing_file final : runtime::record_file {
      explicit failing_file(int& left) : writes_left(left) {}
      void append(std::string_view) override {
        if (writes_left-- <= 0) throw runtime::api_error(runtime::error_kind::IOError, "the disk is full");
      }
      int& writes_left;
    };
    return std::make_unique<failing_file>(writes_left);
  }
  std::unique_ptr<runtime::record_file> go_on(const std::string& path) override { return open(path, true); }
};

class kernel_on_stage {
 public:
  explicit kernel_on_stage(std::int64_t vps, std::uint64_t seed = 0) : stage(seed) {
    runtime::kernel_options options;
    options.default_vps = vps;
    options.files = &files;
    kernel = stage.system.spawn<supervisor>(options);
    session = stage.system.spawn<listening_session>(std::ref(got));
  }
  ~kernel_on_stage() {
    caf::anon_send_exit(kernel, caf::exit_reason::user_shutdown);
    caf::anon_send_exit(session, caf::exit_reason::user_shutdown);
    stage.settle();
  }

  std::uint64_t post(api::request r, const session_actor& from) {
    caf::anon_send(kernel, call{from, ++sequence, std::make_shared<const api::request>(std::move(r))});
    return sequence;
  }
  std::uint64_t post(api::request r) { return post(std::move(r), session); }
  api::result ask(api::request r) {
    const auto number = post(std::move(r));
    stage.settle();
    EXPECT_EQ(got.answers.back().first, number);
    return got.answers.back().second->outcome;
  }
  node_set create(const std::string& model, std::int64_t n, dictionary parameters = {}) {
    return std::get<node_set>(ask(api::create_nodes{model, n, value(std::move(parameters))}));
  }
  value get(const node_set& nodes, const std::string& key) {
    return *std::get<value>(ask(api::get_node_values{nodes, {key}})).get_if<dictionary>()->find(key);
  }
  double status(const std::string& key) {
    return *std::get<value>(ask(api::get_kernel_status{{key}})).get_if<dictionary>()->find(key)->get_if<double>();
  }

  staged_system stage;
  failing_files files;
  mailbox_of_test got;
  supervisor_actor kernel;
  session_actor session;
  std::uint64_t sequence = 0;
};

// A driven network with spikes that cross VPs; gives the recorded events.
value run_network(std::int64_t vps, std::uint64_t order_seed, const std::vector<double>& runs_ms) {
  kernel_on_stage k(vps, order_seed);
  const auto cells = k.create("iaf_psc_delta", 30, {{"I_e", 400.0}, {"t_ref", 1.0}});
  const auto noise = k.create("poisson_generator", 1, {{"rate", 8000.0}});
  const auto recorder = k.create("spike_recorder", 1);
  k.ask(api::connect{noise, cells, {{"rule", "all_to_all"}}, {{{"weight", 1.0}, {"delay", 1.0}}}});
  k.ask(api::connect{cells, cells, {{"rule", "fixed_indegree"}, {"indegree", 5}}, {{{"weight", 0.5}, {"delay", 1.5}}}});
  k.ask(api::connect{cells, recorder, {{"rule", "all_to_all"}}, {dictionary{}}});
  for (const double ms : runs_ms) EXPECT_TRUE(std::holds_alternative<std::monostate>(k.ask(api::simulate{ms})));
  return k.get(recorder, "events");
}

TEST(supervisor, spikes_do_not_depend_on_the_vps_nor_on_the_order_of_messages) {
  const value expected = run_network(1, 0, {40.0});
  const auto& events = *expected.get_if<std::vector<value>>()->front().get_if<dictionary>();
  EXPECT_GT(events.find("times")->get_if<std::vector<double>>()->size(), 50u);
  for (const std::int64_t vps : {2, 3, 7})
    for (std::uint64_t seed = 1; seed < 6; ++seed)
      EXPECT_EQ(run_network(vps, seed, {40.0}), expected) << vps << " " << seed;
}

TEST(supervisor, a_run_in_pieces_is_the_run_in_one_piece) {
  EXPECT_EQ(run_network(3, 1, {10.5, 0.1, 0.4, 9.0, 20.0}), run_network(3, 2, {40.0}));
}

TEST(supervisor, calls_are_answered_in_their_order) {
  kernel_on_stage k(2, 3);
  const auto first = k.post(api::create_nodes{"iaf_psc_alpha", 3, {}});
  const auto second = k.post(api::simulate{5.0});
  const auto third = k.post(api::get_kernel_status{{"biological_time"}});
  k.stage.settle();
  ASSERT_EQ(k.got.answers.size(), 3u);
  EXPECT_EQ(k.got.answers[0].first, first);
  EXPECT_EQ(k.got.answers[1].first, second);
  EXPECT_EQ(k.got.answers[2].first, third);
  const auto& status = std::get<value>(k.got.answers[2].second->outcome);
  EXPECT_EQ(*status.get_if<dictionary>()->find("biological_time"), value(5.0));
}

TEST(supervisor, a_refused_call_is_an_answer_and_the_next_is_served) {
  kernel_on_stage k(2);
  const auto refused = k.ask(api::create_nodes{"no_such_model", 1, {}});
  ASSERT_TRUE(std::holds_alternative<api::failed_call>(refused));
  EXPECT_THROW(std::rethrow_exception(std::get<api::failed_call>(refused).reason), runtime::api_error);
  EXPECT_EQ(k.create("iaf_psc_alpha", 2).size(), 2u);
}

TEST(supervisor, the_number_of_vps_can_change) {
  kernel_on_stage k(1);
  k.ask(api::set_kernel_status{{{"total_num_virtual_procs", 4}}});
  const auto nodes = k.create("iaf_psc_alpha", 9);
  k.ask(api::simulate{3.0});
  EXPECT_EQ(k.get(nodes, "vp"), value(std::vector<std::int64_t>{1, 2, 3, 0, 1, 2, 3, 0, 1}));
  k.ask(api::reset_kernel{});
  EXPECT_EQ(k.status("biological_time"), 0.0);
}

// A job of a hundred intervals is cancelled after a few messages: it ends at an interval's end, with its data.
TEST(supervisor, a_cancelled_job_ends_at_an_intervals_end) {
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    kernel_on_stage k(3, seed);
    const auto cells = k.create("parrot_neuron", 3);
    k.ask(api::connect{cells, cells, {{"rule", "all_to_all"}}, {{{"delay", 2.0}}}});
    const auto job = k.post(api::simulate{200.0});
    for (std::uint64_t message = 0; message < 20 + 7 * seed; ++message) k.stage.step();
    caf::anon_send(k.kernel, cancel_job{k.session});
    k.stage.settle();
    ASSERT_EQ(k.got.answers.back().first, job);
    const double now_ms = k.status("biological_time");
    EXPECT_LT(now_ms, 200.0);
    EXPECT_EQ(now_ms, 2.0 * static_cast<int>(now_ms / 2.0)) << "seed " << seed;
    k.ask(api::simulate{200.0});
    EXPECT_EQ(k.status("biological_time"), now_ms + 200.0);
  }
}

TEST(supervisor, a_cancel_that_comes_before_the_run_has_begun_is_not_lost) {
  kernel_on_stage k(2);
  const auto cells = k.create("parrot_neuron", 2);
  k.ask(api::connect{cells, cells, {{"rule", "all_to_all"}}, {{{"delay", 1.0}}}});
  k.post(api::simulate{500.0});
  while (k.stage.scheduler().jobs.size() < 2) k.stage.step();  // the VPs prepare themselves
  caf::anon_send(k.kernel, cancel_job{k.session});
  k.stage.settle();
  EXPECT_LT(k.status("biological_time"), 500.0);
}

TEST(supervisor, a_cancel_of_somebody_else_is_ignored) {
  kernel_on_stage k(1);
  mailbox_of_test others;
  const session_actor other = k.stage.system.spawn<listening_session>(std::ref(others));
  k.post(api::simulate{10.0});
  k.stage.step();
  caf::anon_send(k.kernel, cancel_job{other});
  k.stage.settle();
  EXPECT_EQ(k.status("biological_time"), 10.0);
  caf::anon_send_exit(other, caf::exit_reason::user_shutdown);
}

TEST(supervisor, a_session_that_leaves_takes_its_waiting_calls_along) {
  kernel_on_stage k(1);
  mailbox_of_test others;
  const session_actor other = k.stage.system.spawn<listening_session>(std::ref(others));
  k.post(api::simulate{20.0});
  k.post(api::create_nodes{"iaf_psc_alpha", 5, {}}, other);
  const auto mine = k.post(api::get_kernel_status{{"network_size"}});
  for (int message = 0; message < 6; ++message) k.stage.step();
  caf::anon_send(k.kernel, session_left{other, false});
  k.stage.settle();
  ASSERT_EQ(k.got.answers.back().first, mine);
  EXPECT_EQ(*std::get<value>(k.got.answers.back().second->outcome).get_if<dictionary>()->find("network_size"),
            value(0));
  EXPECT_TRUE(others.answers.empty());
  caf::anon_send_exit(other, caf::exit_reason::user_shutdown);
}

TEST(supervisor, the_job_of_a_session_that_leaves_goes_on_or_ends_as_it_wished) {
  for (const bool ends : {false, true}) {
    kernel_on_stage k(2);
    k.create("iaf_psc_alpha", 4);
    k.post(api::simulate{50.0});
    for (int message = 0; message < 30; ++message) k.stage.step();
    caf::anon_send(k.kernel, session_left{k.session, ends});
    k.stage.settle();
    EXPECT_EQ(k.status("biological_time") < 50.0, ends);
  }
}

TEST(supervisor, a_failing_vp_leaves_a_kernel_that_wants_a_reset) {
  kernel_on_stage k(3);
  const auto cells = k.create("parrot_neuron", 3);
  const auto clock =
      k.create("spike_generator", 1, {{"spike_times", std::vector<double>{1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0}}});
  const auto recorder = k.create("spike_recorder", 1, {{"record_to", "ascii"}});
  k.ask(api::connect{clock, cells, {{"rule", "all_to_all"}}, {{{"delay", 1.0}}}});
  k.ask(api::connect{cells, recorder, {{"rule", "all_to_all"}}, {dictionary{}}});
  k.files.writes_left = 4;
  EXPECT_TRUE(std::holds_alternative<api::failed_call>(k.ask(api::simulate{30.0})));
  EXPECT_TRUE(std::holds_alternative<api::failed_call>(k.ask(api::simulate{1.0})));
  EXPECT_TRUE(std::holds_alternative<std::monostate>(k.ask(api::reset_kernel{})));
  EXPECT_TRUE(std::holds_alternative<std::monostate>(k.ask(api::simulate{1.0})));
}

TEST(supervisor, tells_how_far_a_job_is_ten_times_a_second_at_most) {
  kernel_on_stage k(1);
  k.create("iaf_psc_alpha", 1);
  for (int run = 0; run < 5; ++run) k.ask(api::simulate{1.0});
  k.post(api::simulate{1000.0});
  for (int message = 0; message < 200; ++message) k.stage.step();
  EXPECT_TRUE(k.got.news.empty());
  for (int tenth = 1; tenth <= 3; ++tenth) {
    k.stage.scheduler().advance_time(100ms);
    for (int message = 0; message < 200; ++message) k.stage.step();
    ASSERT_EQ(k.got.news.size(), static_cast<std::size_t>(tenth));
  }
  const auto& now = k.got.news.back().content;
  EXPECT_EQ(now.began_ms, 5.0);
  EXPECT_EQ(now.end_ms, 1005.0);
  EXPECT_GT(now.now_ms, 5.0);
  k.stage.settle();
}

}  // namespace
}  // namespace volley::actors
