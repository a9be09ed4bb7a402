// A network that was saved while a run rested goes on with the run in a fresh kernel, to the bits of one that never
// stopped, with all that was set.
#include "runtime/kernel/checkpoint.hpp"

#include <gtest/gtest.h>

#include <utility>

#include "tests/runtime/saved_in_memory.hpp"
#include "tests/runtime/varied_network.hpp"

namespace volley::runtime {
namespace {

using namespace tests;

constexpr double before_ms = 7.3, run_ms = 40.0, after_ms = 12.1;

/// Runs, and at the first rest from `step` on is saved.
void run_and_save(varied_network& n, saved_in_memory& files, step_t step, const api::request& run) {
  bool saved = false;
  n.k.at_rest = [&](step_t now) {
    if (now < step || std::exchange(saved, true)) return;
    n.k.carry(n.k.get().save(files.create("checkpoint", true)));
  };
  n.k.call(run);
  n.k.at_rest = nullptr;
  ASSERT_TRUE(saved);
}

class checkpoint : public testing::TestWithParam<step_t> {};

TEST_P(checkpoint, a_run_goes_on_in_another_kernel) {
  for (const bool prepared : {false, true}) {
    saved_in_memory files;
    varied_network first(3, "iaf_psc_alpha", 1.0, &files);
    first.k.set_status({{"data_prefix", "mine_"}});
    first.k.simulate(before_ms);
    if (prepared) first.k.call(api::prepare{});
    const auto begin = first.k.get().now();
    const api::request run = prepared ? api::request(api::run{run_ms}) : api::request(api::simulate{run_ms});
    run_and_save(first, files, GetParam(), run);
    const auto end = first.k.get().now();
    const auto kept = first.k.get().kept();

    varied_network second(1, "iaf_psc_alpha", 2.0, &files);
    second.k.carry(second.k.get().load(kept, files.open("checkpoint")));
    EXPECT_LT(second.k.get().now(), end);
    second.k.carry(second.k.get().resume(run, begin, end));
    EXPECT_EQ(second.k.get().generation(), kept.generation);
    EXPECT_EQ(second.k.get().n_vps(), 3u);
    second.cells = first.cells, second.spikes = first.spikes;
    second.weights = first.weights, second.meter = first.meter;
    EXPECT_EQ(second.unlike(first), nothing) << prepared;
    for (const auto* key : {"biological_time", "local_spike_counter", "prepared", "data_prefix"})
      EXPECT_EQ(second.k.status(key), first.k.status(key)) << key;
    for (auto* one : {&first, &second}) {
      if (prepared) one->k.call(api::cleanup{});
      one->k.simulate(after_ms);
    }
    EXPECT_EQ(second.unlike(first), nothing) << prepared;
  }
}

INSTANTIATE_TEST_SUITE_P(steps, checkpoint, testing::Values(0, 80, 200, 301, 450));

TEST(checkpoints, that_cannot_be_loaded_leave_an_empty_network) {
  saved_in_memory files;
  varied_network n(2, "iaf_psc_alpha", 1.0, &files);
  n.k.carry(n.k.get().save(files.create("checkpoint", true)));
  files.files["checkpoint"].pop_back();
  files.files["checkpoint"].back().resize(3);
  EXPECT_ANY_THROW(n.k.carry(n.k.get().load(n.k.get().kept(), files.open("checkpoint"))));
  EXPECT_EQ(n.k.status("network_size"), value(std::int64_t{0}));
  n.k.simulate(3.0);
}

}  // namespace
}  // namespace volley::runtime
