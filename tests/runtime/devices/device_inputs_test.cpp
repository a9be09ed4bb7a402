#include "runtime/devices/device_inputs.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>

#include "runtime/devices/built_in_devices.hpp"
#include "tests/runtime/connections/built_store.hpp"

namespace volley::runtime {
namespace {

using tests::all_to_all;
using tests::ids;

constexpr std::uint64_t generator = 50;
constexpr step_t delay = 10;

template <class D, class T> stimulator device(T D::params::*member, T x) {
  parameters_of<D> p;
  p.*member = x;
  return {generator, p, time_grid()};
}
stimulator dc(double amplitude) {
  return device<devices::dc_generator>(&devices::dc_generator::params::amplitude, amplitude);
}
stimulator poisson(double rate) {
  return device<devices::poisson_generator>(&devices::poisson_generator::params::rate, rate);
}

/// One generator onto nodes 1 ... 9, which take spikes, spikes by their sign, currents, and flips.
struct inputs_of_one : tests::built_store {
  std::vector<stimulator> stimulators;
  device_inputs inputs;

  explicit inputs_of_one(stimulator s) : stimulators{std::move(s)} {
    add_nodes(1, 9, {input_form::sum, input_form::by_sign, input_form::current, input_form::flips});
  }
  void connect(std::uint64_t first, std::uint64_t last, std::uint32_t receptor, double weight) {
    auto p = all_to_all(ids(generator, generator), ids(first, last));
    p.currents = receptor == 2;
    p.receptor = static_cast<double>(receptor);
    p.weight = weight;
    build({p});
  }
  device_input_context context() const {
    return {{stimulators}, {stores_}, [this](input_slot slot, bool currents) { return targets.id(slot, currents); }, 7};
  }
  void rebuild(step_t now) { inputs.rebuild(context(), now); }

  struct sums {
    std::vector<double> positive, negative, current;
    input_row row() { return {positive.data(), negative.data(), current.data()}; }
  };
  sums empty() const {
    return {std::vector<double>(spike_slots.size()), std::vector<double>(spike_slots.size()),
            std::vector<double>(current_slots.size())};
  }
  sums at(step_t due) {
    auto all = empty();
    inputs.add(context(), due, all.row());
    return all;
  }
  double of(const std::vector<double>& plane, std::uint64_t node, std::uint32_t receptor) const {
    return plane[targets.slot(node, receptor, receptor == 2).index()];
  }

 private:
  std::vector<const connection_store*> stores_{&store};
};

TEST(device_inputs, a_current_acts_a_delay_after_it_was_emitted) {
  inputs_of_one t(dc(3));
  t.connect(2, 4, 2, 5.0);
  t.rebuild(20);
  EXPECT_FALSE(t.inputs.empty());
  EXPECT_EQ(t.of(t.at(20 + delay - 1).current, 2, 2), 0) << "emitted before the connection was there";
  const auto sums = t.at(20 + delay);
  for (std::uint64_t node = 1; node <= 9; ++node)
    EXPECT_EQ(t.of(sums.current, node, 2), node >= 2 && node <= 4 ? 15 : 0) << node;
}

TEST(device_inputs, poisson_spikes_are_the_counts_of_each_connection) {
  inputs_of_one t(poisson(20000));  // 2 a step
  t.connect(1, 9, 0, 1.5);
  t.connect(3, 3, 0, 100.0);  // a second one, with draws of its own
  t.rebuild(0);
  const auto& device = t.stimulators[0];
  double all = 0;
  for (step_t due = delay; due < delay + 12; ++due) {
    const auto sums = t.at(due);
    for (std::uint64_t node = 1; node <= 9; ++node) {
      const double first = t.inputs.count(device, 7, node, 0, due - delay),
                   second = t.inputs.count(device, 7, node, 1, due - delay);
      EXPECT_EQ(t.of(sums.positive, node, 0), 1.5 * first + (node == 3 ? 100 * second : 0)) << node << " at " << due;
      all += first;
    }
  }
  EXPECT_NEAR(all, 2 * 9 * 12, 5 * std::sqrt(2 * 9 * 12));
}

TEST(device_inputs, two_receptors_of_a_node_get_spikes_of_their_own) {
  inputs_of_one t(poisson(20000));
  t.connect(1, 9, 0, 1.0);
  t.connect(1, 9, 1, 1.0);
  t.rebuild(0);
  const auto sums = t.at(delay);
  bool differ = false;
  for (std::uint64_t node = 1; node <= 9; ++node) {
    EXPECT_EQ(t.of(sums.positive, node, 0), t.inputs.count(t.stimulators[0], 7, node, 0, 0));
    EXPECT_EQ(t.of(sums.positive, node, 1), t.inputs.count(t.stimulators[0], 7, node, 1, 0));
    differ |= t.of(sums.positive, node, 0) != t.of(sums.positive, node, 1);
  }
  EXPECT_TRUE(differ);
}

TEST(device_inputs, copies_are_those_of_each_connection) {
  parameters_of<devices::mip_generator> p;
  p.rate = 20000;  // 2 a step
  p.p_copy = 0.5;
  inputs_of_one t(stimulator(generator, p, time_grid()));
  t.connect(1, 9, 0, 1.5);
  t.rebuild(0);
  double all = 0;
  for (step_t due = delay; due < delay + 40; ++due) {
    const auto sums = t.at(due);
    double most = 0;
    for (std::uint64_t node = 1; node <= 9; ++node) {
      const double n = t.inputs.count(t.stimulators[0], 7, node, 0, due - delay);
      EXPECT_EQ(t.of(sums.positive, node, 0), 1.5 * n) << node << " at " << due;
      all += n;
      most = std::max(most, n);
    }
    p.p_copy = 1;
    EXPECT_LE(most, t.inputs.count({generator, p, time_grid()}, 7, 1, 0, due - delay)) << "of those that there are";
  }
  EXPECT_NEAR(all, 9 * 40, 5 * std::sqrt(360 * 5));
}

TEST(device_inputs, trains_go_on_once_for_each_emission) {
  parameters_of<devices::gamma_sup_generator> p;
  p.rate = 3000;
  p.gamma_shape = 3;
  p.n_proc = 4;
  inputs_of_one t(stimulator(generator, p, time_grid())), same(stimulator(generator, p, time_grid()));
  for (auto* one : {&t, &same}) {
    one->connect(1, 9, 0, 1.0);
    one->connect(3, 5, 1, 1.0);
    one->rebuild(0);
  }
  std::map<step_t, inputs_of_one::sums> rows;
  double all = 0;
  for (step_t due = delay; due < delay + 40; ++due) {
    if (due % 7 == 0) {  // what is in flight is fixed, and the inputs are read anew
      t.inputs.spill(t.context(), due, [&](step_t at) { return rows.try_emplace(at, t.empty()).first->second.row(); });
      t.rebuild(due);
    }
    auto sums = rows.try_emplace(due, t.empty()).first->second;
    t.inputs.add(t.context(), due, sums.row());
    const auto expected = same.at(due);
    EXPECT_EQ(sums.positive, expected.positive) << due;
    for (const double n : expected.positive) all += n;
  }
  EXPECT_NEAR(all, 12 * 4 * 0.3 * 40, 100);
  EXPECT_EQ(t.inputs.bytes_of_trains(), 12 * generator_trains::bytes_of(3));
}

TEST(device_inputs, amounts_go_to_the_plane_of_their_sign) {
  inputs_of_one t(poisson(50000));
  t.connect(1, 9, 1, -2.0);
  t.rebuild(0);
  const auto sums = t.at(delay);
  for (std::uint64_t node = 1; node <= 9; ++node) {
    EXPECT_EQ(t.of(sums.negative, node, 1), -2.0 * t.inputs.count(t.stimulators[0], 7, node, 0, 0));
    EXPECT_EQ(t.of(sums.positive, node, 1), 0);
  }
}

TEST(device_inputs, two_spikes_of_a_step_are_a_flip_and_so_is_one) {
  inputs_of_one t(poisson(20000));  // 2 a step
  t.connect(1, 9, 3, 1.5);
  t.rebuild(0);
  int ups = 0, downs = 0, others = 0;
  for (step_t due = delay; due < delay + 12; ++due) {
    const auto sums = t.at(due);
    for (std::uint64_t node = 1; node <= 9; ++node) {
      const auto count = t.inputs.count(t.stimulators[0], 7, node, 0, due - delay);
      EXPECT_EQ(t.of(sums.positive, node, 3), count == 2 ? 1.5 : count == 1 ? -1.5 : 0) << count;
      ++(count == 2 ? ups : count == 1 ? downs : others);
    }
  }
  EXPECT_GT(std::min({ups, downs, others}), 10);
}

TEST(device_inputs, what_was_there_goes_on_where_it_was) {
  inputs_of_one t(dc(3));
  t.connect(2, 2, 2, 5.0);
  t.rebuild(0);
  t.rebuild(30);
  EXPECT_EQ(t.of(t.at(30).current, 2, 2), 15) << "emitted before";
}

TEST(device_inputs, a_connection_begins_with_what_is_emitted_from_then_on) {
  inputs_of_one t(dc(3));
  t.connect(2, 2, 2, 5.0);
  t.rebuild(0);
  auto spilled = t.empty();
  t.inputs.spill(t.context(), 30, [&](step_t) { return spilled.row(); });
  t.connect(8, 8, 2, 5.0);
  t.rebuild(30);
  EXPECT_EQ(t.of(t.at(30 + delay - 1).current, 8, 2), 0);
  EXPECT_EQ(t.of(t.at(30 + delay).current, 8, 2), 15);
  EXPECT_EQ(t.of(t.at(30 + delay).current, 2, 2), 15);
}

TEST(device_inputs, what_is_in_flight_is_spilled_once) {
  for (const auto& s : {dc(3), poisson(50000)}) {
    inputs_of_one t(s), same(s);
    const std::uint32_t receptor = s.train() == nullptr && s.current(0) != 0 ? 2 : 0;
    for (auto* one : {&t, &same}) {
      one->connect(1, 9, receptor, 5.0);
      one->rebuild(0);
    }
    const step_t now = 13;
    std::map<step_t, inputs_of_one::sums> rows;
    t.inputs.spill(t.context(), now, [&](step_t due) { return rows.try_emplace(due, t.empty()).first->second.row(); });
    EXPECT_EQ(rows.begin()->first, now);
    EXPECT_EQ(rows.rbegin()->first, now + delay - 1) << "emitted right before now";
    for (auto& [due, row] : rows) {
      const auto expected = same.at(due);
      EXPECT_EQ(row.positive, expected.positive) << due;
      EXPECT_EQ(row.current, expected.current) << due;
      EXPECT_EQ(t.at(due).positive, t.empty().positive) << "not a second time";
      EXPECT_EQ(t.at(due).current, t.empty().current) << "not a second time";
    }
    EXPECT_EQ(t.at(now + delay).positive, same.at(now + delay).positive);
    EXPECT_EQ(t.at(now + delay).current, same.at(now + delay).current);
  }
}

TEST(device_inputs, spikes_at_given_times_are_sent_and_no_input) {
  parameters_of<devices::spike_generator> p;
  p.spike_times = {1.0};
  inputs_of_one t(stimulator(generator, p, time_grid()));
  t.connect(1, 9, 0, 1.0);
  t.rebuild(0);
  EXPECT_TRUE(t.inputs.empty());
}

TEST(add_counts, neighbouring_slots_get_the_same_in_either_way) {
  inputs_of_one t(dc(1));
  t.connect(1, 9, 0, -1.5);
  const std::vector<std::int32_t> counts{0, 1, 2, 3, 4, 5, 6, 7, 8};
  auto fast = t.empty(), slow = t.empty();
  const segment& r = t.store.row(generator)[0];
  add_counts(r, true, t.store, counts, fast.row());
  add_counts(r, false, t.store, counts, slow.row());
  EXPECT_EQ(fast.positive, slow.positive);
  for (std::uint64_t node = 1; node <= 9; ++node)
    EXPECT_EQ(t.of(slow.positive, node, 0), -1.5 * static_cast<double>(node - 1));
}

}  // namespace
}  // namespace volley::runtime
