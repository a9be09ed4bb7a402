#include "runtime/devices/shared_train.hpp"

#include <gtest/gtest.h>

#include "runtime/base/snapshot.hpp"
#include "runtime/devices/built_in_devices.hpp"

namespace volley::runtime {
namespace {

using spikes = std::vector<std::pair<step_t, std::uint32_t>>;

spikes of(const shared_train& t, step_t after, step_t upto) {
  spikes all;
  for (const auto& s : t.emitted(after, upto)) all.emplace_back(s.stamp, s.multiplicity);
  return all;
}

stimulator pulses(double sdev, double stop = 1e300, std::vector<double> times = {2, 4}) {
  parameters_of<devices::pulsepacket_generator> p;
  p.pulse_times = std::move(times);
  p.activity = 40;
  p.sdev = sdev;
  p.stop = stop;
  return {7, p, time_grid()};
}

stimulator gammas(double rate) {
  parameters_of<devices::sinusoidal_gamma_generator> p;
  p.rate = rate;
  p.order = 3;
  p.individual_spike_trains = false;
  return {7, p, time_grid()};
}

std::uint64_t sum(const spikes& all) {
  std::uint64_t n = 0;
  for (const auto& s : all) n += s.second;
  return n;
}

TEST(shared_train, is_the_same_however_it_is_cut) {
  for (const auto& device : {pulses(1), gammas(2000)}) {
    shared_train whole, cut;
    whole.advance(device, 1, 0, 100);
    for (step_t from = 0; from < 100; from += 4) cut.advance(device, 1, from, from + 4);
    EXPECT_EQ(of(whole, 0, 100), of(cut, 0, 100));
    EXPECT_FALSE(of(whole, 0, 100).empty());
    shared_train other;
    other.advance(device, 2, 0, 100);
    EXPECT_NE(of(whole, 0, 100), of(other, 0, 100));
  }
}

TEST(shared_train, tells_what_is_asked_for_until_it_is_forgotten) {
  shared_train t;
  t.advance(pulses(0), 1, 0, 100);
  EXPECT_EQ(of(t, 0, 100), (spikes{{21, 40}, {41, 40}}));
  EXPECT_EQ(of(t, 21, 100), (spikes{{41, 40}}));
  EXPECT_EQ(of(t, 0, 40), (spikes{{21, 40}}));
  t.forget(21);
  EXPECT_EQ(of(t, 0, 100), (spikes{{41, 40}}));
}

TEST(shared_train, pulses_end_with_the_window_and_begin_with_the_train) {
  shared_train t, late;
  t.advance(pulses(1, 2.5), 1, 0, 100);
  EXPECT_EQ(of(t, 25, 100), spikes());
  late.advance(pulses(1), 1, 20, 100);
  shared_train whole;
  whole.advance(pulses(1), 1, 0, 100);
  EXPECT_EQ(of(late, 0, 100), of(whole, 20, 100));
  shared_train wide;
  wide.advance(pulses(2), 1, 0, 1000);
  EXPECT_GT(sum(of(wide, 0, 1000)), 50u);
  EXPECT_LT(sum(of(wide, 0, 1000)), 80u) << "some would have been before the begin";
}

TEST(shared_train, what_is_still_to_come_is_another_when_the_device_is) {
  shared_train t;
  t.advance(pulses(1), 1, 0, 20);
  const auto before = of(t, 0, 20);
  t.forget_future();
  t.advance(pulses(0, 1e300, {4, 5}), 1, 20, 100);
  EXPECT_EQ(of(t, 0, 20), before);
  EXPECT_EQ(of(t, 20, 100), (spikes{{41, 40}, {51, 40}}));
}

TEST(shared_train, goes_on_from_its_image) {
  for (const auto& device : {pulses(1), gammas(2000)}) {
    shared_train t;
    t.advance(device, 1, 0, 20);
    auto loaded = object_of<shared_train>(bytes_of(t));
    t.advance(device, 1, 20, 100);
    loaded.advance(device, 1, 20, 100);
    EXPECT_EQ(of(loaded, 0, 100), of(t, 0, 100));
    EXPECT_EQ(bytes_of(loaded), bytes_of(t));
  }
}

TEST(shared_train, a_new_seed_acts_on_what_is_to_come_from_an_image_too) {
  shared_train t;
  t.advance(pulses(1), 1, 0, 20);
  auto loaded = object_of<shared_train>(bytes_of(t));
  t.advance(pulses(1), 5, 20, 100);
  loaded.advance(pulses(1), 5, 20, 100);
  EXPECT_EQ(of(loaded, 0, 100), of(t, 0, 100));
}

TEST(shared_train, keeps_its_state_when_a_parameter_changes) {
  shared_train t, same;
  for (auto* one : {&t, &same}) one->advance(gammas(3), 1, 0, 200);
  t.forget_future();
  t.advance(gammas(3), 1, 200, 20000);
  same.advance(gammas(3), 1, 200, 20000);
  EXPECT_EQ(of(t, 0, 20000), of(same, 0, 20000));
  EXPECT_FALSE(of(t, 0, 20000).empty());
}

}  // namespace
}  // namespace volley::runtime
