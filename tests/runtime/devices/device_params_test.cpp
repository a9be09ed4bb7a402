// What every built-in device must satisfy: its table of fields covers its parameters, and it goes through bytes and
// back.
#include "runtime/devices/device_params.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <type_traits>

#include "runtime/base/snapshot.hpp"
#include "runtime/devices/built_in_devices.hpp"
#include "runtime/devices/device_values.hpp"
#include "runtime/devices/stimulator.hpp"

namespace volley::runtime {
namespace {

using places = std::vector<std::pair<std::size_t, std::size_t>>;  // begin and end of each field

places fields_of(const device_params& d) {
  places all;
  std::visit(
      [&]<class D>(const parameters_of<D>& p) {
        for (const auto& f : D::fields)
          std::visit(
              [&](auto member) {
                const auto begin =
                    reinterpret_cast<const std::byte*>(&(p.*member)) - reinterpret_cast<const std::byte*>(&p);
                all.emplace_back(begin, begin + sizeof(p.*member));
              },
              f.at);
        all.emplace_back(sizeof(typename D::params), 0);
      },
      d.any());
  std::ranges::sort(all);
  return all;
}

// Another value of every field, one that passes no rule.
void change(double& x) { x += 3.25; }
void change(std::int64_t& x) { x += 7; }
void change(bool& x) { x = !x; }
void change(std::string& x) { x += "more"; }
void change(models::node_list& x) { x.ids = {3, 5, 9}; }
void change(std::vector<double>& x) { x = {4.5, 6.5}; }
void change(std::vector<std::int64_t>& x) { x = {1, 2}; }
void change(std::vector<std::string>& x) { x = {"V_m", "g_ex"}; }

device_params changed(device_params d) {
  std::visit(
      []<class D>(parameters_of<D>& p) {
        for (const auto& f : D::fields) std::visit([&](auto member) { change(p.*member); }, f.at);
      },
      d.any());
  return d;
}

class every_device : public testing::TestWithParam<std::size_t> {
 protected:
  const device_kind& kind = device_kinds()[GetParam()];
  const device_params other = changed(kind.defaults);
};

INSTANTIATE_TEST_SUITE_P(all, every_device, testing::Range(std::size_t{0}, device_kinds().size()),
                         [](const auto& info) { return std::string(device_kinds()[info.param].name); });

TEST_P(every_device, has_a_field_for_every_member) {
  std::size_t reached = 0;
  for (const auto& [begin, end] : fields_of(kind.defaults)) {
    EXPECT_GE(begin, reached) << "two fields are one member";
    EXPECT_LT(begin - reached, alignof(double)) << "a member before byte " << begin << " has no field";
    reached = end;
  }
}

TEST_P(every_device, has_fields_of_different_names) {
  std::vector<std::string_view> names;
  std::visit(
      [&]<class D>(const parameters_of<D>&) {
        for (const auto& f : D::fields) names.push_back(f.name);
      },
      kind.defaults.any());
  std::ranges::sort(names);
  EXPECT_EQ(std::ranges::adjacent_find(names), names.end());
}

TEST_P(every_device, goes_through_bytes_and_comes_back_equal) {
  for (const auto& params : {kind.defaults, other}) {
    const auto bytes = bytes_of(params);
    const auto back = object_of<device_params>(bytes);
    EXPECT_EQ(values_of(back), values_of(params));
    EXPECT_EQ(bytes_of(back), bytes);
  }
  EXPECT_NE(bytes_of(kind.defaults), bytes_of(other));
}

TEST_P(every_device, is_not_read_from_a_part_of_its_bytes) {
  const auto bytes = bytes_of(other);
  for (std::size_t n = 0; n < bytes.size(); ++n)
    EXPECT_THROW(object_of<device_params>(std::span(bytes).first(n)), std::invalid_argument) << n;
  auto wrong = bytes;
  wrong[0] = std::byte{200};
  EXPECT_THROW(object_of<device_params>(wrong), std::invalid_argument);
}

TEST_P(every_device, does_the_same_after_it_went_through_bytes) {
  if (is_recorder(kind.defaults)) {
    const auto spec = make_recorder(7, other, time_grid());
    const auto bytes = bytes_of(spec);
    const auto back = object_of<recorder_spec>(bytes);
    EXPECT_EQ(bytes_of(back), bytes);
    EXPECT_EQ(back.kind, spec.kind);
    EXPECT_EQ(back.quantities, spec.quantities);
    EXPECT_EQ(back.senders, spec.senders);
    EXPECT_EQ(back.window.upto, spec.window.upto);
    return;
  }
  const stimulator device(7, other, time_grid(1000, 200));
  const auto bytes = bytes_of(device);
  const auto back = object_of<stimulator>(bytes);
  EXPECT_EQ(bytes_of(back), bytes);
  EXPECT_EQ(back.id(), 7u);
  EXPECT_EQ(back.is_shared(), device.is_shared());
  EXPECT_EQ(back.train() == nullptr, device.train() == nullptr);
  EXPECT_EQ(back.copy_probability(), device.copy_probability());
  EXPECT_EQ(back.trains_since(), device.trains_since());
  ASSERT_EQ(back.train_size(), device.train_size());
  ASSERT_EQ(back.n_pulses(), device.n_pulses());
  bool acts = device.n_pulses() != 0;
  std::vector<double> state(device.train_size()), state_back(state);
  const std::uint32_t target = 5;
  std::int32_t count = 0, count_back = 0;
  for (step_t update = 0; update < 100; ++update) {
    EXPECT_EQ(back.mean_count(update), device.mean_count(update));
    EXPECT_EQ(back.current(update), device.current(update));
    acts |= device.mean_count(update) != 0 || device.current(update) != 0;
    device.step_trains(update, 1, {{&target, 1}, 0, state}, {&count, 1});
    back.step_trains(update, 1, {{&target, 1}, 0, state_back}, {&count_back, 1});
    EXPECT_EQ(state_back, state);
    EXPECT_EQ(count_back, count);
    acts |= std::ranges::any_of(state, [](double x) { return x != 0; });
    if (device.train() == nullptr) continue;
    EXPECT_EQ(back.emitted(update, update + 1).size(), device.emitted(update, update + 1).size());
    acts |= !device.emitted(update, update + 1).empty();
  }
  EXPECT_TRUE(acts);
}

TEST(device_params, a_recorder_without_an_interval_is_not_read) {
  auto spec = make_recorder(7, parameters_of<devices::multimeter>(), time_grid());
  spec.interval = 0;
  EXPECT_THROW(object_of<recorder_spec>(bytes_of(spec)), std::invalid_argument);
  spec.kind = recorder_kind::spikes;
  object_of<recorder_spec>(bytes_of(spec));
}

TEST(device_params, a_device_is_not_read_with_a_grid_that_is_none) {
  for (const auto& [tics_per_ms, tics_per_step] : {std::pair{0, 100}, {1000, 0}, {-1000, 100}})
    EXPECT_THROW(object_of<time_grid>(bytes_of(time_grid(tics_per_ms, tics_per_step))), std::invalid_argument);
}

}  // namespace
}  // namespace volley::runtime
