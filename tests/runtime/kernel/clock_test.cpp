#include "runtime/kernel/clock.hpp"

#include <gtest/gtest.h>

namespace volley::runtime {
namespace {

using range = std::pair<step_t, step_t>;

struct clock_of_a_network : testing::Test {
  network net{{}, built_in_models()};
};

TEST_F(clock_of_a_network, ends_before_the_largest_time) {
  for (const auto& time : {time_grid(), time_grid(1000, 1), time_grid(1000, 1000)}) {
    net.settings.time = time;
    EXPECT_LT(max_steps(net) * time.tics_per_step(), time_grid::max_tics);
    EXPECT_GT((max_steps(net) + 2) * time.tics_per_step(), time_grid::max_tics - time.tics_per_step());
  }
}

TEST_F(clock_of_a_network, has_delays_of_connections_or_those_that_are_fixed) {
  EXPECT_EQ(delay_range(net), range(1, 1)) << "no connection";
  net.extrema.include(15);
  net.extrema.include(20);
  EXPECT_EQ(delay_range(net), range(15, 20));
  net.settings.min_delay_steps = 10;
  net.settings.max_delay_steps = 30;
  EXPECT_EQ(delay_range(net), range(10, 30));
}

TEST_F(clock_of_a_network, leaves_delays_free_until_they_are_fixed_or_used) {
  const auto limits = [&] { return range(limits_of_delays(net).low, limits_of_delays(net).high); };
  net.extrema.include(15);
  EXPECT_EQ(limits(), range(1, max_delay_steps));
  net.has_run = true;
  EXPECT_EQ(limits(), range(15, 15));
  net.has_run = false;
  net.settings.min_delay_steps = 10;
  net.settings.max_delay_steps = 30;
  EXPECT_EQ(limits(), range(10, 30));
}

}  // namespace
}  // namespace volley::runtime
