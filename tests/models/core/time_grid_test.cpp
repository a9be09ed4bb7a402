#include "models/core/time_grid.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

namespace volley::models {
namespace {

const time_grid tenth(1000, 100), three_tenths(1000, 300), ten(1000, 10000), binary(1024, 1024);

TEST(time_grid, a_time_between_two_steps_has_three_roundings) {
  for (const auto& [ms, down, nearest, up] :
       {std::tuple{1.0, 3, 3, 4}, {1.2, 4, 4, 4}, {0.0, 0, 0, 0}, {-1.0, -4, -3, -3}}) {
    EXPECT_EQ(three_tenths.steps_down(ms), down) << ms;
    EXPECT_EQ(three_tenths.nearest_steps(ms), nearest) << ms;
    EXPECT_EQ(three_tenths.steps_up(ms), up) << ms;
  }
  EXPECT_EQ(ten.steps_down(1.0), 0);
  EXPECT_EQ(ten.steps_up(1.0), 1);
}

TEST(time_grid, half_a_tic_decides_what_is_on_the_grid) {
  EXPECT_TRUE(tenth.on_grid(0.1 + 0.2));
  EXPECT_TRUE(tenth.on_grid(0.3004));
  EXPECT_EQ(tenth.steps_up(0.3004), 3);
  EXPECT_FALSE(tenth.on_grid(0.301));
  EXPECT_EQ(tenth.steps_up(0.301), 4);
}

TEST(time_grid, a_precise_time_belongs_to_the_step_at_or_after_it) {
  for (const auto& [ms, step] : {std::pair{0.3, 3}, {0.3001, 4}, {0.30000001, 4}, {0.2999999, 3}, {1e-12, 1}})
    EXPECT_EQ(tenth.step_from(ms), step) << ms;
  // What arithmetic leaves of a step is that step, however late.
  EXPECT_EQ(tenth.step_from(0.1 + 0.2), 3);
  EXPECT_EQ(tenth.step_from(353538.4 - 0.1), 3535383);
  EXPECT_EQ(tenth.step_from(353538.3 + 1e-9), 3535384);
}

TEST(time_grid, every_number_has_steps) {
  constexpr double infinity = std::numeric_limits<double>::infinity();
  for (const auto& grid : {tenth, three_tenths, ten, binary, time_grid(1, 1), time_grid(std::int64_t{1} << 62, 1)})
    for (const double ms : {1e15, 1e18, 9.3e18, 1e25, 1e300, infinity}) {
      EXPECT_GT(grid.nearest_steps(ms), 0) << ms;
      EXPECT_GT(grid.steps_up(ms), 0) << ms;
      EXPECT_LT(grid.steps_down(-ms), 0) << ms;
      EXPECT_LE(grid.tics(ms), time_grid::max_tics) << ms;
      EXPECT_GE(grid.tics(-ms), -time_grid::max_tics) << ms;
    }
  for (const double ms : {1e25, 1e300, infinity, -infinity, std::nan("")}) {
    EXPECT_FALSE(binary.reaches(ms)) << ms;
    EXPECT_FALSE(binary.on_grid(ms)) << ms;
  }
}

}  // namespace
}  // namespace volley::models
