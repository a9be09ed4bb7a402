// Prepare, Run, Cleanup, Simulate, ResetKernel.
#include <gtest/gtest.h>

#include <cmath>

#include "runtime/base/error.hpp"
#include "tests/runtime/solo_kernel.hpp"

namespace volley::runtime {
namespace {

struct runs : testing::Test {
  solo_kernel k{2};

  double now() { return *k.status("biological_time").get_if<double>(); }
  void run(double ms) { k.call(api::run{ms}); }
  void prepare() { k.call(api::prepare{}); }
  void cleanup() { k.call(api::cleanup{}); }
  template <class Call> std::string refused(error_kind kind, Call&& call) {
    try {
      call();
    } catch (const api_error& e) {
      EXPECT_STREQ(to_string(e.kind()), to_string(kind)) << e.what();
      return e.what();
    }
    ADD_FAILURE() << "accepted";
    return "";
  }
};

TEST_F(runs, simulate_is_prepare_run_and_cleanup) {
  solo_kernel apart(2);
  const auto potential = [](solo_kernel& any, auto&& simulate) {
    const auto neuron = any.create("iaf_psc_alpha", 1, {{"I_e", 300.0}});
    simulate();
    return any.get(neuron, "V_m");
  };
  const auto whole = potential(k, [&] { k.simulate(5); });
  const auto parts = potential(apart, [&] {
    apart.call(api::prepare{});
    apart.call(api::run{2});
    apart.call(api::run{3});
    apart.call(api::cleanup{});
  });
  EXPECT_EQ(whole, parts);
  EXPECT_EQ(now(), 5);
}

TEST_F(runs, are_timed_and_fail_beyond_the_limit) {
  const auto seconds = [&](const char* key) { return *k.status(key).get_if<double>(); };
  k.simulate(5);
  EXPECT_LT(0, seconds("min_update_time"));
  EXPECT_LE(seconds("min_update_time"), seconds("max_update_time"));
  k.set_status({{"update_time_limit", 1e-12}});
  EXPECT_THROW(k.simulate(5), std::exception);
  refused(error_kind::KernelException, [&] { k.simulate(5); });
  k.call(api::reset_kernel{});
  EXPECT_EQ(seconds("min_update_time"), update_times::infinity);
  k.simulate(5);
}

TEST_F(runs, come_in_their_order) {
  EXPECT_EQ(refused(error_kind::KernelException, [&] { run(1); }), "Run: call Prepare first");
  EXPECT_EQ(refused(error_kind::KernelException, [&] { cleanup(); }), "Cleanup: called without Prepare");
  prepare();
  EXPECT_EQ(refused(error_kind::KernelException, [&] { prepare(); }), "Prepare: called twice without Cleanup");
  refused(error_kind::KernelException, [&] { k.simulate(1); });
  run(1);
  cleanup();
  k.simulate(1);
  EXPECT_EQ(now(), 2);
}

TEST_F(runs, go_on_after_a_change_that_some_shards_refused) {
  const auto neurons = k.create("iaf_psc_exp", 4, {{"I_e", 300.0}});
  prepare();
  run(1);
  refused(error_kind::BadProperty, [&] { k.set(neurons, {{"tau_m", std::vector<double>{10, 10, -1, 10}}}); });
  run(1);
  cleanup();
  EXPECT_EQ(now(), 2);
}

TEST_F(runs, end_with_cells_that_cannot_go_on) {
  const auto neurons = k.create("aeif_cond_alpha", 3);
  k.set({neurons.generation, {{2, 2, 1}}}, {{"I_e", 1e7}, {"g_L", 0.01}});
  const auto why = refused(error_kind::NumericalInstability, [&] { k.simulate(100); });
  EXPECT_TRUE(why.starts_with("aeif_cond_alpha (node 2): ")) << why;
  refused(error_kind::KernelException, [&] { k.simulate(1); });
  k.call(api::reset_kernel{});
  k.create("aeif_cond_alpha");
  k.simulate(10);
}

TEST_F(runs, have_times_of_the_grid) {
  EXPECT_EQ(refused(error_kind::BadParameter, [&] { k.simulate(-1); }), "Simulate: t = -1.0 ms must be >= 0");
  EXPECT_EQ(refused(error_kind::BadParameter, [&] { k.simulate(0.25); }),
            "Simulate: t = 0.25 ms must be a multiple of the resolution, 0.1 ms");
  refused(error_kind::BadParameter, [&] { k.simulate(HUGE_VAL); });
  refused(error_kind::BadParameter, [&] { k.simulate(std::nan("")); });
  refused(error_kind::KernelException, [&] { k.simulate(1e300); });
  EXPECT_EQ(now(), 0);
  k.simulate(0);
  EXPECT_EQ(now(), 0);
}

TEST_F(runs, a_reset_ends_whatever_was_prepared) {
  k.create("iaf_psc_alpha");
  prepare();
  run(1);
  k.call(api::reset_kernel{});
  EXPECT_EQ(now(), 0);
  EXPECT_EQ(k.status("network_size"), value(0));
  refused(error_kind::KernelException, [&] { cleanup(); });
  k.simulate(1);
  EXPECT_EQ(now(), 1);
}

}  // namespace
}  // namespace volley::runtime
