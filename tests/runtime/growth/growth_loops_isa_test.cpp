#include <gtest/gtest.h>

#include "runtime/growth/growth_loops.hpp"

namespace volley::runtime {
namespace {

TEST(growth_loops, all_instruction_sets_give_the_same_bits) {
  euler_steps begin;
  for (std::size_t i = 0; i < begin.Ca.size(); ++i) begin.Ca[i] = 0.05 + 0.01 * static_cast<double>(i);
  begin.decay = 0.998;
  const gaussian_slope one{0.055, -0.054};
  const sigmoid_slope other{0.05, 0.02};
  for (const auto* const loops : runnable_growth_loops())
    for (const bool is_gaussian : {true, false}) {
      auto at = begin, expected = begin;
      is_gaussian ? loops->gaussian(one, 100, at) : loops->sigmoid(other, 100, at);
      for (int time = 0; time < 100; ++time)
        for (std::size_t i = 0; i < expected.Ca.size(); ++i) {
          expected.sums[i] += is_gaussian ? one(expected.Ca[i]) : other(expected.Ca[i]);
          expected.Ca[i] *= expected.decay;
        }
      EXPECT_EQ(at.sums, expected.sums) << loops->name;
      EXPECT_EQ(at.Ca, expected.Ca) << loops->name;
    }
  EXPECT_LE(2u, runnable_growth_loops().size());
}

}  // namespace
}  // namespace volley::runtime
