#include "models/core/describe_neuron.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace volley::models {
namespace {

using namespace declare;

/// Counts what arrives; fires at random.
struct tally {
  template <class V> struct params { V gain = 2, limit = 5; };
  template <class V> struct state { V total = 1; };
  template <class V> struct derived { V scale, steps; };
  template <class V> struct input { V ex, in, other; };
  using P = params<double>;
  using S = state<double>;
  using I = input<double>;
  static constexpr std::string_view name = "tally", meaning = "counts";
  static constexpr auto fields = table(param("gain", &P::gain, none, ""), param("limit", &P::limit, none, ""),
                                       variable("total", &S::total, none, ""));
  static constexpr auto channels = inputs(by_sign(&I::ex, &I::in), count(3, &I::other), ignored(4));
  static derived<double> calibrate(const P& p, resolution h) { return {p.gain * h.ms, h.steps(p.limit)}; }
  static const char* check(const P& p) { return p.gain > p.limit ? "gain exceeds limit" : nullptr; }
  template <class V>
  static V step(const params<V>&, const derived<V>&, state<V>& s, const input<V>& in, draws<V>& random) {
    s.total += in.other;
    return random.uniform(s.total > 0);
  }
};

TEST(neuron_model, describes_the_struct) {
  const neuron_model m = describe_neuron<tally>(7);
  EXPECT_EQ(m.name, "tally");
  EXPECT_EQ(m.fields.size(), 3u);
  EXPECT_EQ(std::vector(m.default_params.begin(), m.default_params.end()), (std::vector<double>{2, 5}));
  EXPECT_EQ(std::vector(m.default_state.begin(), m.default_state.end()), std::vector<double>{1});
  EXPECT_EQ(m.derived, 2u);
  EXPECT_EQ(m.inputs, 3u);
  EXPECT_EQ(m.emits, emission::counts);
  EXPECT_EQ(m.loop, 7u);
}

struct flipping_tally : tally {
  static constexpr bool sends_flips = true;
};

TEST(neuron_model, numbers_of_spikes_may_tell_a_state) {
  EXPECT_EQ(describe_neuron<flipping_tally>(0).emits, emission::flips);
}

struct judged_tally : tally {
  static const char* check(const P& p, const S& s) { return s.total > p.limit ? "total exceeds limit" : nullptr; }
};

TEST(neuron_model, rules_may_read_the_state) {
  const auto m = describe_neuron<judged_tally>(0);
  const double params[] = {6, 5}, legal[] = {5}, illegal[] = {6};
  EXPECT_EQ(m.check(params, legal), nullptr);
  EXPECT_STREQ(m.check(params, illegal), "total exceeds limit");
}

struct growing_tally : tally {
  static constexpr auto channels = inputs(by_sign(&I::ex, &I::in), each_connection(3));
  struct entry {
    template <class V> struct params {};
    template <class V> struct state { V weight = 0; };
    template <class V> struct derived {};
    template <class V> struct input { V amount, spikes; };
    static constexpr auto fields = table(internal("weight", &state<double>::weight, none, ""));
    static constexpr auto channels = inputs(counted(&input<double>::amount, &input<double>::spikes, 3));
    static derived<double> calibrate(const P&, const params<double>&, resolution) { return {}; }
  };
  using lists = lists_of<entry>;
  template <class V, class Entries>
  static V step(const params<V>&, const derived<V>&, state<V>& s, const input<V>&, Entries&) {
    return s.total;
  }
};

TEST(neuron_model, entries_that_connections_make_are_no_receptors_of_users) {
  const auto m = describe_neuron<growing_tally>(0);
  EXPECT_TRUE(m.makes_entries());
  EXPECT_EQ(m.numbers_receptors(), receptor_numbers::fixed);
  const shaped_model with_two(m, {2});
  EXPECT_TRUE(with_two.model().makes_entries());
  ASSERT_EQ(with_two.model().channels.size(), 4u);
  EXPECT_EQ(with_two.model().channels[3].member, 5) << "behind the inputs of the model and of the first entry";
  EXPECT_FALSE(describe_neuron<tally>(0).makes_entries());
}

template <template <class> class Sent> struct telling_tally : tally {
  template <class V> static Sent<V> step(const params<V>&, const derived<V>&, state<V>& s, const input<V>&) {
    return {s.total > 0, s.total};
  }
};

TEST(neuron_model, spikes_may_carry_a_number) {
  EXPECT_EQ(describe_neuron<telling_tally<spikes_at>>(0).emits, emission::times);
  EXPECT_EQ(describe_neuron<telling_tally<spikes_with>>(0).emits, emission::amounts);
  EXPECT_TRUE(has_offsets(emission::events));
  EXPECT_FALSE(has_offsets(emission::flips));
}

TEST(neuron_model, names_the_channels) {
  const neuron_model m = describe_neuron<tally>(0);
  ASSERT_EQ(m.channels.size(), 3u);
  EXPECT_EQ(m.channels[0].form, input_form::by_sign);
  EXPECT_EQ(m.channels[0].member_below_zero, 1);
  EXPECT_EQ(m.channels[1].receptor, 3);
  EXPECT_EQ(m.channels[1].member, 2);
  EXPECT_EQ(m.channels[2].member, field::nowhere);
}

TEST(neuron_model, calls_the_functions_of_the_struct) {
  const neuron_model m = describe_neuron<tally>(0);
  const double good[] = {3, 4}, bad[] = {4, 3};
  double derived[2];
  m.calibrate(good, {0.5, 1000}, derived);
  EXPECT_EQ(derived[0], 1.5);
  EXPECT_EQ(derived[1], 8);
  EXPECT_EQ(m.check(good, nullptr), nullptr);
  EXPECT_STREQ(m.check(bad, nullptr), "gain exceeds limit");
}

struct strict_tally : tally {
  static constexpr refusal refuses_with = refusal::BadParameter;
};

TEST(neuron_model, names_the_exception_for_values_that_it_refuses) {
  EXPECT_EQ(describe_neuron<tally>(0).refuses_with, refusal::BadProperty);
  EXPECT_EQ(describe_neuron<strict_tally>(0).refuses_with, refusal::BadParameter);
}

TEST(neuron_model, a_time_between_two_steps_lasts_until_the_later) {
  const resolution h{0.1, 1000};
  EXPECT_EQ(h.steps(2.0), 20);
  EXPECT_EQ(h.steps(0.0), 0);
  EXPECT_EQ(h.steps(0.3), 3);
  EXPECT_EQ(h.steps(3.92), 40);
  EXPECT_EQ(h.steps(0.101), 2);
  EXPECT_EQ(h.steps(0.1004), 1);  // to the nearest tic
  EXPECT_EQ(h.steps(0.0004), 0);
  EXPECT_EQ((resolution{0.25, 1000}.steps(2.0)), 8);
  EXPECT_EQ((resolution{0.25, 1000}.steps(2.1)), 9);
  EXPECT_EQ((resolution{1.0, 1000}.steps(2.0)), 2);
  EXPECT_EQ((resolution{1.0, 1000}.steps(2.1)), 3);
  EXPECT_EQ((resolution{10.0, 1000}.steps(2.0)), 1);
  EXPECT_EQ(h.steps(HUGE_VAL), 0x1p53);
}

}  // namespace
}  // namespace volley::models
