// Rules that need less than pair rules do, and send what they do not keep: no model of the catalog needs to be such a
// one.
#include "runtime/loops/plastic_loop.hpp"

#include <gtest/gtest.h>

#include <utility>

#include "models/core/describe_synapse.hpp"
#include "tests/runtime/delivery/plastic_network.hpp"

namespace volley::runtime::tests {
namespace {

using namespace models::declare;

/// Wears out by each spike, and sends what it lost. Knows nothing of targets.
struct wearing {
  template <class V> struct params { V share = 0.25; };
  template <class V> struct traces { V spikes = 0; };
  using P = params<double>;
  using T = traces<double>;
  static constexpr std::string_view name = "wearing";
  static constexpr std::string_view meaning = "sends a share of the weight, which is lost";
  static constexpr bool common_parameters = false, common_weight = false;
  static constexpr auto fields = table(param("share", &P::share, none, "share that a spike takes"),
                                       variable("spikes", &T::spikes, none, "spikes so far"));
  static const char* check(const P&, const T&, double) { return nullptr; }

  template <class V> static traces<V> decayed(const params<V>&, const traces<V>& k, V) { return k; }
  template <class V> static models::transmission<V> on_pre(const params<V>& p, const traces<V>&, V weight) {
    const V sent = weight * p.share;
    return {weight - sent, sent};
  }
  template <class V> static traces<V> after_pre(const params<V>&, const traces<V>& k) { return {k.spikes + 1}; }
};

/// Keeps its weight and sends it less the trace of the target's spikes, which it does not see one by one.
struct damped {
  template <class V> struct params { V strength = 2; };
  template <class V> struct traces {};
  using P = params<double>;
  using T = traces<double>;
  static constexpr std::string_view name = "damped";
  static constexpr std::string_view meaning = "sends less when the target has spiked";
  static constexpr bool common_parameters = false, common_weight = false;
  static constexpr double default_weight = 3;
  static constexpr auto fields = table(param("strength", &P::strength, none, "effect of the trace"));
  static const char* check(const P&, const T&, double) { return nullptr; }

  template <class V> static traces<V> decayed(const params<V>&, const traces<V>& k, V) { return k; }
  template <class V> static models::transmission<V> on_pre(const params<V>& p, const traces<V>&, V weight, V K_minus) {
    return {weight, weight - p.strength * K_minus};
  }
  template <class V> static traces<V> after_pre(const params<V>&, const traces<V>& k) { return k; }
};

static_assert(models::plastic<wearing> && !models::reads_targets<wearing> && models::sends_apart<wearing>);
static_assert(!models::reads_posts<damped> && models::reads_targets<damped> && models::sends_apart<damped>);

void no_decay(const plastic_targets&, step_t, double*) { FAIL() << "nobody needs K_minus of all lines"; }

template <class M, class Isa> void compare_with_functions(decay_lines decay) {
  static const auto model = models::describe_synapse<M>(0);
  for (std::uint64_t seed = 1; seed <= 4; ++seed) {
    SCOPED_TRACE(seed);
    compare<M>(model, plastic_rows(model, plastic_loop_of<M, Isa>(), decay), seed, 0, seed == 1);
    if (testing::Test::HasFatalFailure()) return;
  }
}

TEST(plastic_loop, rows_of_rules_without_targets_have_the_bits_of_the_functions) {
  compare_with_functions<wearing, models::isa::scalar>(no_decay);
  compare_with_functions<wearing, models::isa::sse2>(no_decay);
}

TEST(plastic_loop, rows_of_rules_with_traces_alone_have_the_bits_of_the_functions) {
  for (const auto& loops : runnable_loops()) compare_with_functions<damped, models::isa::sse2>(loops.decay);
}

TEST(plastic_loop, a_recorder_hears_what_is_sent) {
  struct listener final : weight_tap {
    std::vector<double> heard;
    void transmitted(std::size_t n, double weight) override {
      EXPECT_EQ(n, heard.size());
      heard.push_back(weight);
    }
  } tap;
  const auto model = models::describe_synapse<wearing>(0);
  network n = make(model, 3, false);
  std::vector<double> before;
  for (const segment& r : n.store.row(2))
    for (std::uint64_t c = 0; c < r.count; ++c) before.push_back(n.store.weights()[r.weight + c]);
  plastic_rows(model, plastic_loop_of<wearing, models::isa::sse2>(), no_decay)
      .spike(n.store, 2, 100, n.targets(), {n.rows, n.timed}, &tap);
  ASSERT_EQ(tap.heard.size(), before.size());
  std::size_t i = 0;
  for (const segment& r : n.store.row(2))
    for (std::uint64_t c = 0; c < r.count; ++c, ++i)
      EXPECT_DOUBLE_EQ(before[i], n.store.weights()[r.weight + c] + tap.heard[i]);
}

TEST(plastic_loop, models_say_their_default_weight) {
  EXPECT_EQ(models::describe_synapse<damped>(0).default_weight, 3);
  EXPECT_EQ(models::describe_synapse<wearing>(0).default_weight, 1);
}

}  // namespace
}  // namespace volley::runtime::tests
