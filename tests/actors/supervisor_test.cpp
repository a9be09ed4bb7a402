#include "actors/supervisor.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <map>
#include <memory>
#include <random>
#include <stdexcept>
#include <utility>
#include <vector>

#include "caf/send.hpp"
#include "runtime/base/error.hpp"
#include "tests/actors/listening_session.hpp"
#include "tests/actors/staged_system.hpp"

namespace volley::actors {
namespace {

using namespace std::chrono_literals;
using runtime::dictionary;
using runtime::node_set;
using runtime::value;

// Files that refuse the n-th write.
class failing_files final : public runtime::record_files {
 public:
  int writes_left = 3;
  std::unique_ptr<runtime::record_file> open(const std::string&, bool) override {
    struct failing_file final : runtime::record_file {
      explicit failing_file(int& left) : writes_left(left) {}
      void append(std::string_view) override { write(0, ""); }
      void write(std::uint64_t, std::string_view) override {
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
  explicit kernel_on_stage(std::int64_t vps, std::uint64_t seed = 0,
                           std::chrono::duration<double> longest_run = runs_any_time,
                           std::uint64_t memory_limit = runtime::no_memory_limit)
      : stage(seed) {
    runtime::kernel_options options;
    options.default_vps = vps;
    options.files = &files;
    options.memory_limit = memory_limit;
    kernel_place place;
    place.longest_run = longest_run;
    kernel = stage.system.spawn<supervisor>(options, cluster_setup(), state_setup(), place);
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
  listening_session::heard got;
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
  listening_session::heard others;
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
  listening_session::heard others;
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

// ---- looks at a run

// A run of 300 intervals, and somebody else.
struct watched_run {
  explicit watched_run(std::int64_t vps, std::uint64_t seed = 0) : k(vps, seed) {
    other = k.stage.system.spawn<listening_session>(std::ref(others));
    const auto cells = k.create("iaf_psc_delta", 6, {{"I_e", 400.0}, {"tau_Ca", 100.0}, {"beta_Ca", 0.1}});
    recorder = k.create("spike_recorder", 1);
    meter = k.create("multimeter", 1, {{"record_from", std::vector<std::string>{"V_m"}}, {"interval", 0.5}});
    const auto noise = k.create("poisson_generator", 1, {{"rate", 2000.0}});
    const auto current =
        k.create("noise_generator", 1, {{"std", 40.0}, {"std_mod", 30.0}, {"frequency", 30.0}, {"dt", 0.5}});
    const auto wave = k.create("ac_generator", 1, {{"amplitude", 50.0}, {"frequency", 40.0}});
    connect(cells, cells, {{"synapse_model", "stdp_synapse"}, {"weight", 0.5}, {"delay", 1.0}});
    for (const auto& stimulus : {noise, current, wave}) connect(stimulus, cells, {{"weight", 0.4}, {"delay", 1.5}});
    connect(cells, recorder, {});
    connect(meter, cells, {});
    everything = {cells.generation, {{1, 11, 1}}};
    connections = std::get<runtime::connection_columns>(k.ask(api::get_connections{}));
  }
  ~watched_run() { caf::anon_send_exit(other, caf::exit_reason::user_shutdown); }
  void connect(const node_set& from, const node_set& to, dictionary synapse) {
    k.ask(api::connect{from, to, {{"rule", "all_to_all"}}, {std::move(synapse)}});
  }
  void begin(double ms = 300.0) { job = k.post(api::simulate{ms}); }
  void steps(int messages) {
    for (int message = 0; message < messages; ++message) k.stage.step();
  }
  // What the other gets for a call, once it has come.
  api::result look(api::request r) {
    const auto number = k.post(std::move(r), other);
    while (others.answers.empty() || others.answers.back().first != number) {
      k.stage.scheduler().advance_time(50ms);  // a run does not rest again at once
      if (!k.stage.step()) throw std::logic_error("the look is not answered");
    }
    return others.answers.back().second->outcome;
  }
  dictionary status(std::vector<std::string> keys) {
    return *std::get<value>(look(api::get_kernel_status{std::move(keys)})).get_if<dictionary>();
  }
  // What was computed and recorded.
  api::request question() const {
    return api::get_node_values{everything, {"V_m", "Ca", "y_0", "y_1", "n_events", "events"}};
  }
  value state() {
    return std::vector<value>{
        std::get<value>(k.ask(question())),
        std::get<value>(k.ask(api::get_connection_values{connections, {"source", "target", "weight", "delay"}})),
        std::get<value>(k.ask(api::get_kernel_status{{"biological_time", "local_spike_counter"}}))};
  }
  double now_ms() { return *status({"biological_time"}).find("biological_time")->get_if<double>(); }
  bool is_on() const { return k.got.answers.back().first != job; }

  kernel_on_stage k;
  listening_session::heard others;
  session_actor other;
  node_set recorder, meter, everything;
  runtime::connection_columns connections;
  std::uint64_t job = 0;
};

TEST(supervisor, others_look_at_a_run_while_it_goes_on) {
  watched_run w(3, 1);
  w.begin();
  w.steps(200);
  const auto status = w.status({"biological_time", "to_do", "local_spike_counter", "network_size"});
  EXPECT_TRUE(w.is_on());
  const double now_ms = *status.find("biological_time")->get_if<double>();
  EXPECT_GT(now_ms, 0.0);
  EXPECT_EQ(*status.find("to_do"), value(static_cast<std::int64_t>(3000.5 - 10 * now_ms)));
  EXPECT_EQ(*status.find("network_size"), value(11));
  w.k.stage.settle();
  EXPECT_EQ(w.status({"biological_time", "to_do"}), dictionary({{"biological_time", 300.0}, {"to_do", 0}}));
}

TEST(supervisor, what_is_seen_of_a_run_is_what_a_run_up_to_there_leaves) {
  for (const std::int64_t vps : {1, 3}) {
    watched_run w(vps, 4);
    w.begin();
    w.steps(static_cast<int>(100 * vps));
    const double before_ms = w.now_ms();
    const auto seen = std::get<value>(w.look(w.question()));
    const double after_ms = w.now_ms();
    ASSERT_TRUE(w.is_on() && before_ms > 10.0);
    bool is_that_of_a_moment = false;
    for (double ms = before_ms; ms <= after_ms && !is_that_of_a_moment; ms += 1.0) {
      watched_run up_to_there(vps);
      up_to_there.begin(ms);
      up_to_there.k.stage.settle();
      is_that_of_a_moment = seen == std::get<value>(up_to_there.k.ask(w.question()));
    }
    EXPECT_TRUE(is_that_of_a_moment) << vps;
  }
}

// Whatever is asked for and whenever: spikes, samples, weights and all values are the same bits.
TEST(supervisor, looks_see_more_and_more_and_change_nothing) {
  watched_run undisturbed(2);
  undisturbed.begin();
  undisturbed.k.stage.settle();
  const auto expected = undisturbed.state();
  for (std::uint64_t seed = 1; seed < 9; ++seed) {
    watched_run w(static_cast<std::int64_t>(seed % 3) + 1, seed);
    const api::request questions[] = {api::get_node_values{w.everything, {}},
                                      api::get_connections{},
                                      api::get_connection_values{w.connections, {}},
                                      api::match_nodes{{{"model", "iaf_psc_delta"}}},
                                      api::describe_nodes{w.everything},
                                      api::get_defaults{"stdp_synapse"},
                                      api::get_kernel_status{},
                                      api::get_node_values{w.recorder, {"events"}}};
    w.begin();
    double before = -1;
    std::int64_t spikes = 0;
    std::size_t looks = 0;
    for (; w.is_on() && looks < 40; ++looks) {
      w.steps(static_cast<int>(10 * seed));
      const auto answer = w.look(questions[looks % std::size(questions)]);
      EXPECT_FALSE(std::holds_alternative<api::failed_call>(answer)) << looks;
      const auto status = w.status({"biological_time", "local_spike_counter"});
      EXPECT_GE(*status.find("biological_time")->get_if<double>(), before);
      EXPECT_GE(*status.find("local_spike_counter")->get_if<std::int64_t>(), spikes);
      before = *status.find("biological_time")->get_if<double>();
      spikes = *status.find("local_spike_counter")->get_if<std::int64_t>();
    }
    EXPECT_GT(looks, 3u);
    w.k.stage.settle();
    EXPECT_EQ(w.state(), expected) << "seed " << seed;
  }
}

TEST(supervisor, what_changes_the_network_waits_for_the_end_of_a_run_and_what_follows_it_waits_too) {
  watched_run w(2);
  w.begin();
  w.steps(100);
  w.k.post(api::create_nodes{"iaf_psc_alpha", 5, {}}, w.other);
  const auto after = w.k.post(api::get_kernel_status{{"network_size"}}, w.other);
  const auto own = w.k.post(api::get_kernel_status{{"biological_time"}});
  w.steps(50);
  EXPECT_TRUE(w.is_on() && w.others.answers.empty());
  w.k.stage.settle();
  ASSERT_EQ(w.others.answers.back().first, after);
  EXPECT_EQ(*std::get<value>(w.others.answers.back().second->outcome).get_if<dictionary>()->find("network_size"),
            value(16));
  ASSERT_EQ(w.k.got.answers.back().first, own);
  EXPECT_EQ(*std::get<value>(w.k.got.answers.back().second->outcome).get_if<dictionary>()->find("biological_time"),
            value(300.0));
}

// Looks, changes that wait, sessions that leave, cancels and news come at any moment, most of all while a run rests.
TEST(supervisor, a_run_goes_on_or_ends_whatever_others_do) {
  for (std::uint64_t seed = 0; seed < 60; ++seed) {
    watched_run w(static_cast<std::int64_t>(seed % 3) + 1, seed);
    w.begin();
    std::mt19937_64 random(seed);
    bool ends_early = false;
    for (int event = 0; event < 50; ++event) {
      w.steps(static_cast<int>(random() % 8));
      switch (random() % 8) {
        case 0:
        case 1: w.k.post(api::get_kernel_status{}, w.other); break;
        case 2: w.k.post(api::get_node_values{w.everything, {}}, w.other); break;
        case 3: w.k.post(api::set_node_values{w.recorder, value(dictionary{{"label", "x"}})}, w.other); break;
        case 4: caf::anon_send(w.k.kernel, session_left{w.other, true}); break;
        case 5: caf::anon_send(w.k.kernel, cancel_job{w.other}); break;
        case 6: w.k.stage.scheduler().advance_time(100ms); break;
        case 7:
          if (event < 40 || seed % 4 == 0) break;
          ends_early = true;
          seed % 8 ? caf::anon_send(w.k.kernel, cancel_job{w.k.session})
                   : caf::anon_send(w.k.kernel, session_left{w.k.session, true});
      }
    }
    w.k.stage.settle();
    EXPECT_FALSE(w.is_on()) << seed;
    const auto after = w.k.post(api::get_kernel_status{{"biological_time"}}, w.other);
    w.k.stage.settle();
    ASSERT_EQ(w.others.answers.back().first, after) << seed;
    EXPECT_TRUE(ends_early || w.now_ms() == 300.0) << seed;
  }
}

// Before, during and after the rest that a look is served in.
TEST(supervisor, a_run_is_cancelled_at_whatever_message_of_a_look) {
  for (const bool leaves : {false, true})
    for (std::uint64_t messages = 0; messages < 40; ++messages) {
      watched_run w(3, messages);
      w.begin();
      w.steps(60);
      w.k.post(w.question(), w.other);
      w.steps(static_cast<int>(messages));
      leaves ? caf::anon_send(w.k.kernel, session_left{w.k.session, true})
             : caf::anon_send(w.k.kernel, cancel_job{w.k.session});
      w.k.stage.settle();
      EXPECT_LT(w.now_ms(), 300.0) << messages;
      EXPECT_EQ(w.others.answers.size(), 2u) << messages;
    }
}

TEST(supervisor, a_run_is_cancelled_and_told_of_among_looks) {
  for (std::uint64_t seed = 0; seed < 10; ++seed) {
    watched_run w(2, seed);
    w.begin();
    w.steps(60);
    w.k.post(api::get_node_values{w.recorder, {"events"}}, w.other);
    w.steps(static_cast<int>(seed));
    for (int tenth = 0; tenth < 3; ++tenth) {
      w.k.stage.scheduler().advance_time(100ms);
      w.steps(40);
    }
    EXPECT_FALSE(w.k.got.news.empty());
    caf::anon_send(w.k.kernel, cancel_job{w.k.session});
    w.k.stage.settle();
    EXPECT_LT(w.k.status("biological_time"), 300.0);
    EXPECT_EQ(w.others.answers.size(), 1u);
  }
}

// A structural update comes after each interval: no stretch of the run goes beyond one.
struct plastic_run : watched_run {
  explicit plastic_run(std::int64_t vps, std::uint64_t seed = 0) : watched_run(vps, seed) {
    k.ask(api::set_kernel_status{{{"structural_plasticity_threads", true},
                                  {"structural_plasticity", true},
                                  {"structural_plasticity_update_interval", 1.0}}});
  }
};

TEST(supervisor, others_look_at_a_run_of_many_short_stretches) {
  plastic_run undisturbed(2);
  undisturbed.begin();
  undisturbed.k.stage.settle();
  const auto expected = undisturbed.state();
  for (std::uint64_t seed = 1; seed < 5; ++seed) {
    plastic_run w(static_cast<std::int64_t>(seed % 3) + 1, seed);
    w.begin();
    w.steps(300);
    const auto status = w.status({"biological_time", "to_do"});
    ASSERT_TRUE(w.is_on()) << seed;
    const double now_ms = *status.find("biological_time")->get_if<double>();
    EXPECT_GT(now_ms, 0.0);
    EXPECT_EQ(*status.find("to_do"), value(static_cast<std::int64_t>(3000.5 - 10 * now_ms))) << "of the whole run";
    w.k.stage.settle();
    EXPECT_EQ(w.state(), expected) << "seed " << seed;
  }
}

TEST(supervisor, a_run_of_many_short_stretches_is_told_of_as_one_and_can_be_cancelled) {
  plastic_run w(2, 3);
  w.begin();
  for (int tenth = 0; tenth < 3; ++tenth) {
    w.k.stage.scheduler().advance_time(100ms);
    w.steps(100);
  }
  ASSERT_FALSE(w.k.got.news.empty());
  EXPECT_EQ(w.k.got.news.back().content.began_ms, 0.0);
  EXPECT_EQ(w.k.got.news.back().content.end_ms, 300.0);
  caf::anon_send(w.k.kernel, cancel_job{w.k.session});
  w.k.stage.settle();
  EXPECT_LT(w.k.status("biological_time"), 300.0);
}

// Each of ten steps a millisecond gives each of a thousand cells an event of 20 bytes.
TEST(supervisor, a_run_ends_for_all_when_recorders_of_one_are_full) {
  kernel_on_stage k(3, 1, runs_any_time, 10000000);
  const auto cells = k.create("iaf_psc_alpha", 1000);
  const auto meter = k.create("multimeter", 1, {{"record_from", std::vector<std::string>{"V_m"}}, {"interval", 0.1}});
  k.ask(api::connect{meter, cells, {{"rule", "all_to_all"}}, {dictionary{}}});
  EXPECT_NE(failure(k.ask(api::simulate{1000.0})).find("the run was ended at"), std::string::npos);
  const auto now_ms = k.status("biological_time");
  EXPECT_GT(now_ms, 40.0);
  EXPECT_LT(now_ms, 60.0);
}

TEST(supervisor, ends_a_run_that_takes_longer_than_it_may) {
  kernel_on_stage k(2, 1, 250ms);
  k.create("iaf_psc_alpha", 1);
  const auto job = k.post(api::simulate{1000.0});
  for (int tenth = 0; tenth <= 3; ++tenth) {
    for (int message = 0; message < 200; ++message) k.stage.step();
    k.stage.scheduler().advance_time(100ms);
  }
  k.stage.settle();
  ASSERT_EQ(k.got.answers.back().first, job);
  EXPECT_NE(failure(k.got.answers.back().second->outcome).find("0.25 s (--run-hours)"), std::string::npos);
  const auto now_ms = k.status("biological_time");
  EXPECT_GT(now_ms, 0.0);
  EXPECT_LT(now_ms, 1000.0);
  k.ask(api::simulate{1.0});
  EXPECT_EQ(k.status("biological_time"), now_ms + 1.0);
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
