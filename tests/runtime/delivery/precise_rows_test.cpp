#include "runtime/delivery/precise_rows.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "models/synapses/stdp_synapse.hpp"
#include "tests/runtime/delivery/plastic_network.hpp"

namespace volley::runtime::tests {
namespace {

using stdp = synapses::stdp_synapse;

/// Traces and last spikes of cohorts as another network has them.
void follow(network& n, network& of) {
  for (std::uint64_t source = 0; source < of.store.source_limit(); ++source)
    for (std::size_t k = 0; k < of.store.row(source).size(); ++k) {
      const auto number = of.store.first_segment(source) + k;
      n.store.cohort_of(number).spiked(of.store.cohort_of(number).last());
      std::copy_n(of.store.traces_of(number), of.store.n_traces(), n.store.traces_of(number));
    }
}

TEST(precise_rows, without_offsets_give_the_bits_of_plastic_rows) {
  precise_rows rows(synapse("stdp_synapse"));
  network ours = make(synapse("stdp_synapse"), 2, false), theirs = make(synapse("stdp_synapse"), 2, false);
  std::mt19937_64 random(1);
  for (step_t now = 1; now < 400; ++now) {
    for (std::uint32_t line = 0; line < n_lines; ++line)
      for (network* n : {&ours, &theirs})
        if ((now * 7 + line * line) % 29 == 0)
          n->history.append(history_line(line), now, n->tau_minus_ms[line], resolution_ms);
    if (now % 90 == 0) {
      for (std::uint64_t source = 0; source < n_sources; ++source)
        rows.catch_up(ours.store, source, now, ours.targets());
      ours.store.set_caught_up(now);
      reference<stdp>::catch_up(theirs, now);
    }
    if (random() % 10 != 0) continue;
    const auto source = random() % n_sources;
    rows.spike(ours.store, source, now, ours.targets(), {ours.rows, ours.timed}, nullptr, 0);
    reference<stdp>::spike(theirs, source, now);
    follow(ours, theirs);
    expect_same(ours, theirs, now);
    if (HasFatalFailure()) return;
  }
}

TEST(precise_rows, are_those_with_a_target_that_keeps_times) {
  segment r{};
  std::vector<segment> row(3, r);
  EXPECT_FALSE(keeps_times(row));
  EXPECT_EQ(time_in(row, 7, 0.05).offset_ms, 0) << "an amount that a spike carries";
  row[1].form = static_cast<std::uint32_t>(input_form::timed_count);
  EXPECT_TRUE(keeps_times(row));
  EXPECT_EQ(time_in(row, 7, 0.05).offset_ms, 0.05);
}

}  // namespace
}  // namespace volley::runtime::tests
