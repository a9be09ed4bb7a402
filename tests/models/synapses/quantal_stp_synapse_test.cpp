#include "models/synapses/quantal_stp_synapse.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <random>

#include "tests/models/synapses/one_source.hpp"

namespace volley::synapses::tests {
namespace {

TEST(quantal_stp_synapse, one_site_releases_and_recovers_by_chance) {
  one_source source("quantal_stp_synapse", {{"U", 0.5}, {"u", 0.5}, {"tau_rec", 100}});
  EXPECT_EQ(source.walk(10, 3, {0.0, 0.6}), 0) << "no release";
  EXPECT_EQ(source["a"], 1);
  EXPECT_EQ(source.walk(20, 3, {0.0, 0.4}), 3);
  EXPECT_EQ(source["a"], 0);
  const double recovers = 1 - std::exp(-30.0 / 100);
  EXPECT_EQ(source.walk(50, 3, {recovers + 1e-9, 0.0}), 0) << "empty";
  EXPECT_EQ(source.walk(80, 3, {recovers - 1e-9, 0.0}), 3);
}

TEST(quantal_stp_synapse, nothing_recovers_before_the_first_spike) {
  one_source source("quantal_stp_synapse", {{"n", 4}, {"a", 1}, {"u", 1}, {"U", 0.25}});
  EXPECT_EQ(source.walk(1000, 2, {0.999, 0.5}), 2);
  EXPECT_EQ(source["u"], 1) << "as it was set";
  source.walk(1010, 2, {0.0, 0.0});
  EXPECT_EQ(source["u"], 0.25);
}

TEST(quantal_stp_synapse, the_probability_facilitates) {
  const double U = 0.1, tau_fac = 200;
  one_source source("quantal_stp_synapse", {{"U", U}, {"u", U}, {"tau_fac", tau_fac}});
  double u = U, last = 10;
  source.walk(last, 1, {0.5, 0.5});
  for (const double t : {12.0, 14.0, 100.0}) {
    source.walk(t, 1, {0.5, 0.5});
    u = U + u * (1 - U) * std::exp(-(t - last) / tau_fac);
    last = t;
    EXPECT_NEAR(source["u"], u, 1e-15);
  }
}

// Loebel et al. 2009: the mean of many trials is the response of the model with resources.
TEST(quantal_stp_synapse, releases_on_average_what_resources_would) {
  const std::map<std::string_view, double> same{{"U", 0.3}, {"u", 0.3}, {"tau_rec", 150}, {"tau_fac", 80}};
  const std::vector<double> spikes{10, 30, 45, 100, 240};
  const int n = 10, trials = 20000;
  std::vector<double> sums(spikes.size());
  std::mt19937_64 random(1);
  std::uniform_real_distribution<double> uniform;
  for (int trial = 0; trial < trials; ++trial) {
    auto given = same;
    given["n"] = given["a"] = n;
    one_source source("quantal_stp_synapse", given);
    for (std::size_t i = 0; i < spikes.size(); ++i)
      sums[i] += source.walk(spikes[i], 1.0 / n, {uniform(random), uniform(random)});
  }
  one_source resources("tsodyks2_synapse", same);
  for (std::size_t i = 0; i < spikes.size(); ++i)
    EXPECT_NEAR(sums[i] / trials, resources.release(spikes[i]), 5 * 0.5 / std::sqrt(n * trials)) << i;
}

TEST(quantal_stp_synapse, numbers_of_sites_are_whole_and_may_be_none) {
  one_source none("quantal_stp_synapse", {{"n", -1}, {"a", -1}, {"u", 1}});
  for (const double t : {10.0, 20.0}) EXPECT_EQ(none.walk(t, 1, {0.0, 0.0}), 0);
  EXPECT_EQ(none["a"], -1);
  one_source many("quantal_stp_synapse", {{"n", 1000}, {"a", 1000}, {"u", 0.5}});
  const double released = many.walk(10, 1, {0.5, 0.5});
  EXPECT_NEAR(released, 500, 100);
  EXPECT_EQ(many["a"], 1000 - released);
}

}  // namespace
}  // namespace volley::synapses::tests
