#include "runtime/shard/generators.hpp"

#include "runtime/devices/built_in_devices.hpp"
#include "tests/runtime/shard/parts.hpp"

namespace volley::runtime {
namespace {

using namespace tests;

class generators_test : public testing::Test {
 protected:
  generators_test() {
    all.add(train(3, {{5, 2.0, 1}, {5, 1.0, 4}, {6, 1.0, 1}}), false);
    all.add(stimulator(4, parameters_of<devices::poisson_generator>{}, time_grid()), false);
    all.add(train(7, {{5, 1.0, 2}}), true);
    all.begin_change();
  }
  std::vector<std::pair<std::uint32_t, std::uint32_t>> injected(const layout& place, step_t stamp) const {
    std::vector<std::pair<std::uint32_t, std::uint32_t>> sent;
    all.for_each_injected(place, stamp,
                          [&](std::uint32_t id, const timed_spike& s) { sent.emplace_back(id, s.multiplicity); });
    return sent;
  }
  std::vector<travelling_spike> trains(step_t stamp) const {
    std::vector<travelling_spike> spikes;
    all.append_trains(stamp, spikes);
    return spikes;
  }

  generators all;
};

TEST_F(generators_test, know_trains_everywhere) {
  const auto spikes = trains(5);
  ASSERT_EQ(spikes.size(), 2u);
  EXPECT_EQ(spikes[0].source, 3u);
  EXPECT_EQ(spikes[0].weight, 2.0);
  EXPECT_EQ(spikes[1].multiplicity, 4u);
  EXPECT_TRUE(trains(7).empty());
}

TEST_F(generators_test, inject_where_the_injector_lives) {
  EXPECT_EQ(injected({1, 2}, 5), (std::vector<std::pair<std::uint32_t, std::uint32_t>>{{7, 2}}));
  EXPECT_TRUE(injected({0, 2}, 5).empty());
  EXPECT_TRUE(injected({1, 2}, 6).empty());
}

TEST_F(generators_test, are_told_from_injectors_and_neurons) {
  EXPECT_TRUE(all.is_generator(3));
  EXPECT_TRUE(all.is_generator(4));
  EXPECT_FALSE(all.is_generator(7));
  EXPECT_FALSE(all.is_generator(5));
  EXPECT_FALSE(all.is_generator(8));
  EXPECT_EQ(all.position(7), stimulator_ordinal(2));
}

TEST_F(generators_test, change_when_that_is_kept) {
  all.stage(stimulator_ordinal(0), train(3, {{9, 1.0, 1}}));
  EXPECT_EQ(trains(5).size(), 2u);
  all.keep();
  EXPECT_TRUE(trains(5).empty());
  EXPECT_EQ(trains(9).size(), 1u);
}

TEST_F(generators_test, are_as_they_were_when_a_change_is_taken_back) {
  all.stage(stimulator_ordinal(0), train(3, {}));
  all.add(train(8, {{5, 1.0, 1}}), true);
  all.take_back();
  all.keep();
  EXPECT_EQ(all.size(), 3u);
  EXPECT_EQ(trains(5).size(), 2u);
  EXPECT_TRUE(injected({0, 2}, 5).empty());
}

TEST_F(generators_test, draw_what_all_connections_share) {
  parameters_of<devices::pulsepacket_generator> p;
  p.pulse_times = {0.5};
  p.activity = 3;
  all.add(stimulator(9, p, time_grid()), false);
  all.begin_change();
  all.advance(1, 0, 4, 0);
  EXPECT_EQ(trains(5).size(), 2u);
  all.advance(1, 4, 8, 0);
  ASSERT_EQ(trains(6).size(), 2u);
  EXPECT_EQ(trains(6)[1].source, 9u);
  EXPECT_EQ(trains(6)[1].multiplicity, 3u);
  EXPECT_EQ(all.emitted(stimulator_ordinal(3), 5, 6).size(), 1u);
  EXPECT_EQ(all.emitted(stimulator_ordinal(0), 4, 6).size(), 3u) << "given times are no drawn ones";
  p.pulse_times = {0.9};
  all.stage(stimulator_ordinal(3), stimulator(9, p, time_grid()));
  all.keep();
  all.advance(1, 8, 12, 8);
  EXPECT_TRUE(trains(6).size() == 1u) << "forgotten, since it was delivered";
  EXPECT_EQ(trains(10).size(), 1u);
  all.add(stimulator(10, p, time_grid()), false);
  all.take_back();
  EXPECT_EQ(all.size(), 4u);
}

TEST_F(generators_test, go_on_with_drawn_spikes_of_others) {
  parameters_of<devices::pulsepacket_generator> p;
  p.pulse_times = {0.5};
  p.activity = 3;
  all.add(stimulator(9, p, time_grid()), false);
  generators others = all;
  all.advance(1, 0, 8, 0);
  EXPECT_TRUE(others.emitted(stimulator_ordinal(3), 0, 8).empty());
  others.put(all.drawn());
  EXPECT_EQ(others.emitted(stimulator_ordinal(3), 0, 8).size(), 1u);
  EXPECT_THROW(others.put({}), broken_contract) << "of as many generators";
}

TEST_F(generators_test, that_are_not_there_are_not_set) {
  EXPECT_THROW(all.stage(stimulator_ordinal(3), train(3, {})), broken_contract);
}

}  // namespace
}  // namespace volley::runtime
