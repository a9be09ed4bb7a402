#include "runtime/devices/generator_trains.hpp"

#include <gtest/gtest.h>

#include "runtime/base/contract.hpp"
#include "runtime/base/snapshot.hpp"
#include "runtime/devices/built_in_devices.hpp"

namespace volley::runtime {
namespace {

using connections = generator_trains::connections;
const stimulator_ordinal first(0), second(1);

stimulator gammas(std::uint64_t id, std::int64_t shape = 3, step_t since = 0) {
  parameters_of<devices::gamma_sup_generator> p;
  p.rate = 2000;
  p.gamma_shape = shape;
  p.n_proc = 6;
  p.since = since;
  return {id, p, time_grid()};
}

class generator_trains_test : public testing::Test {
 protected:
  void rebuild(std::vector<connections> inputs) { trains.rebuild(std::move(inputs), {devices}); }
  std::vector<std::int32_t> step(std::size_t input, step_t emission) {
    const auto& device = devices[of[input].index()];
    const auto counts = trains.step(input, device, 1, emission);
    std::vector<std::int32_t> all(counts.begin(), counts.end());
    all.resize(trains.n_targets(input));  // nobody spiked
    return all;
  }
  /// What the only train of an input emits at updates [from, to).
  static std::vector<std::int32_t> alone(const stimulator& device, std::uint32_t target, std::uint32_t multapse,
                                         step_t from, step_t to) {
    generator_trains t;
    std::vector<std::int32_t> all;
    for (step_t at = from; at < to; ++at)
      all.push_back(static_cast<std::int32_t>(t.step({first, target, multapse}, device, 1, at)));
    return all;
  }

  std::vector<stimulator> devices{gammas(70), gammas(71)};
  std::vector<stimulator_ordinal> of{first, second};
  generator_trains trains;
};

TEST_F(generator_trains_test, are_those_of_their_targets) {
  rebuild({{first, 0, {4, 5}}, {second, 2, {5}}});
  const auto five = alone(devices[0], 5, 0, 0, 40), of_second = alone(devices[1], 5, 2, 0, 40);
  EXPECT_NE(five, of_second);
  for (step_t at = 0; at < 40; ++at) {
    EXPECT_EQ(step(0, at)[1], five[static_cast<std::size_t>(at)]);
    EXPECT_EQ(step(1, at)[0], of_second[static_cast<std::size_t>(at)]);
  }
}

TEST_F(generator_trains_test, go_on_wherever_their_connections_are) {
  of = {first, first, first};
  rebuild({{first, 0, {4, 5, 6}}, {first, 1, {5}}});
  for (step_t at = 0; at < 20; ++at) step(0, at), step(1, at);
  rebuild({{first, 1, {5}}, {first, 0, {8, 6}}, {first, 0, {5}}});
  const auto five = alone(devices[0], 5, 0, 0, 60), six = alone(devices[0], 6, 0, 0, 60),
             again = alone(devices[0], 5, 1, 0, 60), eight = alone(devices[0], 8, 0, 20, 60);
  for (step_t at = 20; at < 60; ++at) {
    const auto i = static_cast<std::size_t>(at);
    EXPECT_EQ(step(0, at)[0], again[i]);
    EXPECT_EQ(step(1, at), (std::vector<std::int32_t>{eight[i - 20], six[i]}));
    EXPECT_EQ(step(2, at)[0], five[i]);
  }
}

TEST_F(generator_trains_test, begin_anew_with_a_device_that_has_others) {
  rebuild({{first, 0, {4}}});
  for (step_t at = 0; at < 20; ++at) step(0, at);
  for (const auto& [shape, since] : {std::pair{3, 20}, {5, 20}}) {
    devices[0] = gammas(70, shape, since);
    rebuild({{first, 0, {4}}});
    const auto fresh = alone(devices[0], 4, 0, 20, 40);
    for (step_t at = 20; at < 40; ++at) EXPECT_EQ(step(0, at)[0], fresh[static_cast<std::size_t>(at - 20)]);
  }
}

TEST_F(generator_trains_test, of_recorders_go_on_besides) {
  rebuild({{first, 0, {4}}});
  const auto nine = alone(devices[0], 9, 0, 0, 40);
  for (step_t at = 0; at < 40; ++at) {
    step(0, at);
    EXPECT_EQ(trains.step({first, 9, 0}, devices[0], 1, at),
              static_cast<std::uint32_t>(nine[static_cast<std::size_t>(at)]));
    if (at == 20) rebuild({{first, 0, {4, 5}}});
  }
}

TEST_F(generator_trains_test, go_on_from_their_image) {
  rebuild({{first, 0, {4, 5}}, {second, 0, {}}});
  for (step_t at = 0; at < 20; ++at) {
    step(0, at);
    trains.step({first, 9, 1}, devices[0], 1, at);
  }
  auto loaded = object_of<generator_trains>(bytes_of(trains));
  EXPECT_EQ(loaded.n_inputs(), 2u);
  EXPECT_EQ(loaded.n_targets(0), 2u);
  for (step_t at = 20; at < 60; ++at) {
    const auto mine = step(0, at);
    const auto theirs = loaded.step(0, devices[0], 1, at);
    EXPECT_TRUE(theirs.empty() || std::ranges::equal(theirs, mine));
    EXPECT_EQ(trains.step({first, 9, 1}, devices[0], 1, at), loaded.step({first, 9, 1}, devices[0], 1, at));
  }
  EXPECT_EQ(bytes_of(loaded), bytes_of(trains));
}

TEST_F(generator_trains_test, go_on_on_another_layout) {
  of = {first, first, second};
  rebuild({{first, 0, {4, 5, 6}}, {first, 1, {5}}, {second, 0, {5}}});
  for (step_t at = 0; at < 20; ++at) {
    for (std::size_t input = 0; input < 3; ++input) step(input, at);
    trains.step({first, 9, 1}, devices[0], 1, at);
    trains.step({first, 10, 1}, devices[0], 1, at);
  }
  generator_trains odd;  // nodes 5 and 9, of two VPs
  odd.add(trains, {1, 2});
  std::swap(trains, odd);
  rebuild({{second, 0, {5}}, {first, 1, {5}}, {first, 0, {5}}});
  of = {second, first, first};
  const std::vector five{alone(devices[1], 5, 0, 0, 60), alone(devices[0], 5, 1, 0, 60),
                         alone(devices[0], 5, 0, 0, 60)};
  const auto nine = alone(devices[0], 9, 1, 0, 60), fresh = alone(devices[0], 10, 1, 20, 60);
  for (step_t at = 20; at < 60; ++at) {
    const auto i = static_cast<std::size_t>(at);
    for (std::size_t input = 0; input < 3; ++input) EXPECT_EQ(step(input, at)[0], five[input][i]);
    EXPECT_EQ(trains.step({first, 9, 1}, devices[0], 1, at), static_cast<std::uint32_t>(nine[i]));
    EXPECT_EQ(trains.step({first, 10, 1}, devices[0], 1, at), static_cast<std::uint32_t>(fresh[i - 20]));
  }
}

TEST_F(generator_trains_test, take_what_they_were_told_to) {
  rebuild({{first, 0, std::vector<std::uint32_t>(1000, 4)}, {second, 0, {}}});
  EXPECT_EQ(trains.bytes(), 1000 * generator_trains::bytes_of(devices[0].train_size()));
  EXPECT_THROW(trains.step(0, gammas(70, 4), 1, 0), broken_contract) << "of a device that was not told of";
}

}  // namespace
}  // namespace volley::runtime
