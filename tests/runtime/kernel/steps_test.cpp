#include "runtime/kernel/steps.hpp"

#include <gtest/gtest.h>

#include "runtime/base/error.hpp"

namespace volley::runtime {
namespace {

struct steps_of_a_network : testing::Test {
  network net{{}, built_in_models()};

  /// What the call fails with; a failure when it does not.
  static std::pair<error_kind, std::string> failed(const outcome& o) {
    try {
      std::rethrow_exception(std::get<api::failed_call>(std::get<api::answer>(o).outcome).reason);
    } catch (const api_error& e) {
      return {e.kind(), e.what()};
    }
  }
  static order_step& step(outcome& o) { return *std::get<std::unique_ptr<order_step>>(o); }
};

using failure_of = std::pair<error_kind, std::string>;

TEST_F(steps_of_a_network, answers_name_the_generation) {
  net.generation = 7;
  EXPECT_EQ(done(net, value(2.5)).generation, 7u);
  EXPECT_EQ(std::get<value>(done(net, value(2.5)).outcome), value(2.5));
  EXPECT_EQ(failure(net, nullptr).generation, 7u);
}

TEST_F(steps_of_a_network, what_goes_on_may_throw) {
  auto o = tell_shards(net, orders::measure{},
                       [](std::vector<reply>) -> outcome { throw api_error(error_kind::BadDelay, "too short"); });
  EXPECT_TRUE(std::holds_alternative<orders::measure>(*step(o).what));
  EXPECT_EQ(failed(step(o).then(std::vector<reply>(net.n_vps(), replies::measures()))),
            failure_of(error_kind::BadDelay, "too short"));
}

TEST_F(steps_of_a_network, a_refusal_fails_the_call_or_goes_on_as_it_wants) {
  const refusal why{error_kind::BadProperty, "no"};
  const auto then = [this](std::vector<reply>) -> outcome { return done(net); };
  auto plain = tell_shards(net, orders::measure{}, then);
  EXPECT_EQ(failed(step(plain).refused(why)), failure_of(error_kind::BadProperty, "no"));
  auto answered =
      tell_shards(net, orders::measure{}, then, [this](const refusal&) -> outcome { return done(net, value(1)); });
  EXPECT_EQ(std::get<value>(std::get<api::answer>(step(answered).refused(why)).outcome), value(1));
}

TEST_F(steps_of_a_network, a_machine_without_memory_is_told_for_the_call) {
  const auto fails = fails_without_memory(net, "no memory for 5 nodes");
  EXPECT_EQ(failed(fails({error_kind::MemoryError, "something", 0, true})),
            failure_of(error_kind::MemoryError, "no memory for 5 nodes"));
  EXPECT_EQ(failed(fails({error_kind::BadProperty, "something", 0, false})),
            failure_of(error_kind::BadProperty, "something"));
}

TEST_F(steps_of_a_network, tallies_of_all_vps_are_summed) {
  replies::tally one, other;
  one.connections = 3;
  one.spikes = 5;
  one.delays.include(7);
  other.connections = 10;
  other.delays.include(2);
  net.settings.total_num_virtual_procs = 3;
  const auto sum = summed(net, {one, other, replies::tally()});
  EXPECT_EQ(sum.connections, 13u);
  EXPECT_EQ(sum.spikes, 5u);
  EXPECT_EQ(sum.delays.min, 2);
  EXPECT_EQ(sum.delays.max, 7);
  note_connections(net, {one, other, replies::tally()});
  EXPECT_EQ(net.n_connections, 13u);
  EXPECT_EQ(net.n_connections_here, 13u);
}

/// The second of two ranks, which have four VPs.
struct steps_of_a_rank : steps_of_a_network {
  steps_of_a_rank() {
    net.options.rank = {1, 2};
    net.settings.num_processes = 2;
    net.settings.total_num_virtual_procs = 4;
  }
  static std::vector<reply> tallies(std::vector<std::uint64_t> connections) {
    std::vector<reply> all;
    for (const auto n : connections) {
      replies::tally one{n, n, {}};
      one.delays.include(static_cast<step_t>(n));
      all.emplace_back(one);
    }
    return all;
  }
};

TEST_F(steps_of_a_rank, counts_its_own_vps_and_hears_of_all_delays) {
  const auto sum = summed(net, tallies({1, 10, 100, 1000}));
  EXPECT_EQ(sum.connections, 1010u);
  EXPECT_EQ(sum.delays.min, 1);
  EXPECT_EQ(sum.delays.max, 1000);
  EXPECT_EQ(summed(net, tallies({10, 1000})).connections, 1010u) << "where it hears its own alone";
  note_connections(net, tallies({1, 10, 100, 1000}));
  EXPECT_EQ(net.n_connections, 1111u);
  EXPECT_EQ(net.n_connections_here, 1010u);
  net.alone = true;
  note_connections(net, tallies({20, 1000}));
  EXPECT_EQ(net.n_connections, 1111u) << "others know nothing of it";
  EXPECT_EQ(net.n_connections_here, 1020u);
}

TEST_F(steps_of_a_rank, says_who_hears_the_replies) {
  const auto then = [this](std::vector<reply>) -> outcome { return done(net); };
  const auto measures = [](std::size_t n) { return std::vector<reply>(n, replies::measures()); };
  const auto failed_with = [&](audience heard_by, std::size_t n) {
    auto o = tell_shards(net, orders::measure{}, then, nullptr, heard_by);
    return std::holds_alternative<api::failed_call>(std::get<api::answer>(step(o).then(measures(n))).outcome);
  };
  EXPECT_FALSE(failed_with(audience::all, 4));
  EXPECT_TRUE(failed_with(audience::all, 2)) << "each VP replies once";
  EXPECT_FALSE(failed_with(audience::first, 2)) << "rank 0 alone hears all";
  net.alone = true;
  EXPECT_FALSE(failed_with(audience::all, 2));
  auto o = tell_shards(net, orders::measure{}, then);
  EXPECT_EQ(step(o).heard_by, audience::own);
}

TEST_F(steps_of_a_network, unknown_keys_are_told_with_the_answer) {
  unknown_keys none(false), some(false);
  some.add("model", "key", "model has no key");
  EXPECT_TRUE(std::get<api::answer>(warned(none, done(net))).log.empty());
  const std::vector<api::log_line> expected{{api::log_warning, "model has no key"}};
  EXPECT_EQ(std::get<api::answer>(warned(some, done(net))).log, expected);
}

TEST_F(steps_of_a_network, a_lost_network_takes_no_calls) {
  EXPECT_NO_THROW(require_alive(net));
  net.state = run_state::failed;
  EXPECT_NO_THROW(require_alive(net));
  EXPECT_THROW(require_runnable(net), api_error);
  net.state = run_state::lost;
  EXPECT_THROW(require_alive(net), api_error);
  EXPECT_THROW(require_runnable(net), api_error);
}

TEST_F(steps_of_a_network, calls_that_draw_are_numbered) {
  const auto first = next_call(net);
  EXPECT_EQ(next_call(net), first + 1);
}

}  // namespace
}  // namespace volley::runtime
