#include "models/core/shaped_model.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "models/core/describe_neuron.hpp"

namespace volley::models {
namespace {

using namespace declare;

/// With noise that a node has none of at first, and two receptors.
struct listed {
  template <class V> struct params { V gain = 2; };
  template <class V> struct state { V V_m = 7; };
  template <class V> struct derived { V gain; };
  template <class V> struct input { V current; };
  using P = params<double>;
  using S = state<double>;
  using I = input<double>;

  struct noise {
    template <class V> struct params { V noise = -1; };
    template <class V> struct state {};
    template <class V> struct derived {};
    template <class V> struct input {};
    static constexpr auto fields = table(param("noise", &params<double>::noise, none, "numbers"));
    static derived<double> calibrate(const P&, const params<double>&, resolution) { return {}; }
  };
  struct receptor {
    template <class V> struct params { V tau = 2, E = 0; };
    template <class V> struct state { V g = 0.5; };
    template <class V> struct derived { V rate, gain; };
    template <class V> struct input { V spikes; };
    using R = params<double>;
    static constexpr std::string_view length_key = "n", lock_key = "has_connections";
    static constexpr auto fields =
        table(param("tau", &R::tau, ms, "times", positive), param("E", &R::E, mV, "potentials"),
              variable("g", &state<double>::g, nS, "conductances", recordable_as("g_")));
    static constexpr auto defaults() { return std::array{R{3, 4}, R{5, 6}}; }
    static constexpr auto channels = inputs(sum(&input<double>::spikes, 1));
    static derived<double> calibrate(const P& p, const R& r, resolution h) { return {h.ms / r.tau, p.gain}; }
  };
  using lists = models::lists_of<noise, receptor>;

  static constexpr std::string_view name = "listed", meaning = "has lists";
  static constexpr auto fields =
      table(param("gain", &P::gain, none, "a gain"), variable("V_m", &S::V_m, mV, "a potential", recordable));
  static constexpr auto channels = inputs(current(&I::current));
  static derived<double> calibrate(const P& p, resolution) { return {p.gain}; }
  template <class V, class Noise, class Receptors>
  static mask_of<V> step(const params<V>&, const derived<V>&, state<V>& s, const input<V>&, Noise&, Receptors&) {
    return s.V_m > 0;
  }
};

std::vector<double> numbers(std::span<const double> of) { return {of.begin(), of.end()}; }

TEST(shaped_model, a_new_node_has_the_default_entries) {
  const auto m = describe_neuron<listed>(3);
  EXPECT_EQ(m.loop, 3u);
  EXPECT_EQ(describe_neuron<listed>(4).loop, 4u);
  EXPECT_EQ(std::vector(m.shape.begin(), m.shape.end()), (std::vector<std::uint32_t>{0, 2}));
  // gain; lengths of the lists and the lock of the second; its entries.
  EXPECT_EQ(numbers(m.default_params), (std::vector<double>{2, 0, 2, 0, 3, 4, 5, 6}));
  EXPECT_EQ(numbers(m.default_state), (std::vector<double>{7, 0.5, 0.5}));
  EXPECT_EQ(m.derived, 1u + 2 * 2);
  EXPECT_EQ(m.inputs, 1u + 2);
}

TEST(shaped_model, further_entries_are_those_of_a_node_that_lacks_them) {
  const auto m = describe_neuron<listed>(3);
  const shaped_model more(m, {1, 3});
  EXPECT_EQ(numbers(more.model().default_params), (std::vector<double>{2, 0, 2, 0, -1, 3, 4, 5, 6, 2, 0}));
  EXPECT_EQ(more.model().loop, 3u);
  const auto receptors = more.places()[1];
  EXPECT_EQ(receptors.params, 5u);
  EXPECT_EQ(receptors.state, 1u);
  EXPECT_EQ(receptors.derived, 1u);
  EXPECT_EQ(receptors.inputs, 1u);
  EXPECT_EQ(receptors.length, 2u);
  EXPECT_EQ(receptors.lock, 3u);
}

TEST(shaped_model, keeps_the_loops_of_the_catalog) {
  auto m = describe_neuron<listed>(3);
  const int loops = 0;
  m.own_loops = &loops;
  m.loop = 17;
  const shaped_model more(m, {1, 3});
  EXPECT_EQ(more.model().own_loops, &loops);
  EXPECT_EQ(more.model().loop, 17u);
  EXPECT_EQ(shaped_model(more.model(), {0, 0}).model().loop, 17u);
  EXPECT_EQ(shaped_model(more.model(), {0, 0}).model().params(), 4u);
}

TEST(shaped_model, rows_name_keys_entries_and_what_is_recorded) {
  const auto m = describe_neuron<listed>(0);
  const auto row = [&](std::string_view name) {
    const auto found = std::ranges::find(m.fields, name, &field::name);
    return found == m.fields.end() ? field{} : *found;
  };
  EXPECT_EQ(row("tau").where, part::list);
  EXPECT_EQ(row("tau").entries, part::params);
  EXPECT_TRUE(row("n").is_key && row("n").is_read_only && row("n").kind == field_kind::integer);
  EXPECT_TRUE(row("has_connections").is_key && row("has_connections").kind == field_kind::flag);
  EXPECT_EQ(row("tau[1]").column, 6);
  EXPECT_EQ(row("tau[1]").range, bound::positive);
  EXPECT_EQ(row("tau[1]").entry, 1u);
  EXPECT_FALSE(row("tau[1]").is_key);
  EXPECT_TRUE(row("g_2").is_recordable && row("g_2").where == part::state && row("g_2").column == 2);
  EXPECT_TRUE(row("g_3").name.empty());
}

TEST(shaped_model, receptors_follow_each_other) {
  const auto m = describe_neuron<listed>(0);
  ASSERT_EQ(m.channels.size(), 3u);
  EXPECT_TRUE(m.channels[0].is_current());
  for (int k = 1; k < 3; ++k) {
    EXPECT_EQ(m.channels[k].receptor, k);
    EXPECT_EQ(m.channels[k].member, k);
  }
  EXPECT_EQ(m.numbers_receptors(), receptor_numbers::listed);
}

TEST(shaped_model, calibrates_the_entries_that_a_node_has) {
  const auto m = describe_neuron<listed>(0);
  const double params[] = {9, 0, 1, 0, 2, 0, 4, 0};  // one receptor of two columns
  std::vector<double> derived(m.derived, -1);
  m.calibrate(params, {0.1, 1000}, derived.data());
  EXPECT_EQ(derived, (std::vector<double>{9, 0.1 / 2, 9, 0, 0}));
}

}  // namespace
}  // namespace volley::models
