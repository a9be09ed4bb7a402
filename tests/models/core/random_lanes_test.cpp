#include "models/core/random_lanes.hpp"

#include <gtest/gtest.h>

#include <set>

#include "tests/models/core/lane_probe.hpp"

namespace volley::models::tests {
namespace {

const std::vector<std::uint64_t> nodes = {1, 2, 3, 4, 500, 0xffffffff, 0x100000001, 8};
const std::vector<double> all(8, 1.0);

/// What the draw is by definition.
double reference(std::uint32_t seed, std::uint64_t node, std::uint64_t step, std::uint32_t number) {
  const auto words = draw({seed, purpose::node_step},
                          {static_cast<std::uint32_t>(node), static_cast<std::uint32_t>(node >> 32) | number << 16,
                           static_cast<std::uint32_t>(step), static_cast<std::uint32_t>(step >> 32)});
  return uniform01(words[0], words[1]);
}

TEST(random_lanes, agree_with_the_scalar_generator_on_every_instruction_set) {
  const std::uint64_t step = 0x300000007;
  for (const auto& probe : runnable_probes())
    for (const int skipped : {0, 1, 5}) {
      const auto x = probe.uniform(1234, nodes, step, skipped, all);
      for (std::size_t i = 0; i < nodes.size(); ++i)
        EXPECT_EQ(x[i], reference(1234, nodes[i], step, static_cast<std::uint32_t>(skipped)))
            << probe.isa << " lane " << i;
    }
}

TEST(random_lanes, a_draw_does_not_depend_on_who_else_draws) {
  for (const auto& probe : runnable_probes()) {
    const auto everyone = probe.uniform(7, nodes, 3, 0, all);
    const auto some = probe.uniform(7, nodes, 3, 0, {0, 1, 0, 0, 1, 0, 1, 0});
    EXPECT_EQ(some, (std::vector<double>{0, everyone[1], 0, 0, everyone[4], 0, everyone[6], 0})) << probe.isa;
  }
}

TEST(random_lanes, nodes_steps_seeds_and_draws_have_numbers_of_their_own) {
  std::set<double> seen;
  for (const std::uint32_t seed : {1u, 2u})
    for (const std::uint64_t step : {0ull, 1ull, 1ull << 32})
      for (const int skipped : {0, 1})
        for (const double x : runnable_probes().front().uniform(seed, nodes, step, skipped, all)) {
          EXPECT_GE(x, 0);
          EXPECT_LT(x, 1);
          seen.insert(x);
        }
  EXPECT_EQ(seen.size(), 2u * 3 * 2 * 8);
}

TEST(random_lanes, counts_are_poisson_variates_of_the_uniform_draw) {
  const std::vector<double> means = {0.5, 3, 0, 40, 1e-9, 0, 700, 2};
  for (const auto& probe : runnable_probes()) {
    const auto counts = probe.count(9, nodes, 4, means);
    for (std::size_t i = 0; i < nodes.size(); ++i)
      EXPECT_EQ(counts[i], means[i] > 0 ? static_cast<double>(poisson(means[i], reference(9, nodes[i], 4, 0))) : 0)
          << probe.isa << " lane " << i;
  }
}

TEST(random_lanes, events_have_numbers_of_their_own_in_place_of_steps) {
  const std::vector<double> numbers = {0, 1, 77, 0x1p32, 0x1p32 + 1, 0x1p52 - 1, 3, 4},
                            wanted = {1, 1, 1, 1, 1, 1, 0, 1};
  for (const auto& probe : runnable_probes()) {
    const auto x = probe.exponential(9, nodes, numbers, wanted);
    for (std::size_t i = 0; i < nodes.size(); ++i) {
      const auto event = static_cast<std::uint64_t>(numbers[i]);
      const auto words =
          draw({9, purpose::node_event},
               {static_cast<std::uint32_t>(nodes[i]), static_cast<std::uint32_t>(nodes[i] >> 32) | 1u << 16,
                static_cast<std::uint32_t>(event), static_cast<std::uint32_t>(event >> 32)});
      EXPECT_EQ(x[i], wanted[i] != 0 ? -log(1.0 - uniform01(words[0], words[1])) : 0) << probe.isa << " lane " << i;
    }
  }
}

TEST(random_lanes, gammas_are_sums_of_exponential_variates) {
  const std::vector<double> shapes = {1, 3, 0, 2, 50, 0, 1, 7};
  for (const auto& probe : runnable_probes()) {
    const auto gammas = probe.gamma(9, nodes, 4, shapes);
    for (std::size_t i = 0; i < nodes.size(); ++i) {
      double sum = 0;
      for (std::uint32_t k = 0; k < shapes[i]; ++k) sum -= log(1.0 - reference(9, nodes[i], 4, k));
      EXPECT_EQ(gammas[i], sum) << probe.isa << " lane " << i << ": whatever its neighbours take";
    }
  }
}

}  // namespace
}  // namespace volley::models::tests
