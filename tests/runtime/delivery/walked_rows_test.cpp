#include "runtime/delivery/walked_rows.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <map>
#include <tuple>

#include "runtime/base/halves.hpp"
#include "runtime/values/parameter.hpp"
#include "tests/runtime/connections/built_store.hpp"
#include "tests/runtime/delivery/plastic_network.hpp"

namespace volley::runtime::tests {
namespace {

constexpr std::uint32_t seed = 77;
constexpr std::uint64_t source = 3;
constexpr std::uint64_t n_nodes = 400;

projection call_by(const models::synapse_model& model, projection p) {
  p.defaults.assign(model.defaults.begin(), model.defaults.end());
  return p;
}
std::uint32_t member(const models::synapse_model& model, std::string_view name) {
  return static_cast<std::uint32_t>(
      models::member_of(model, *std::ranges::find(model.fields, name, &models::field::name)));
}
connection_number uniform(double least, double most) {
  return parameter::make({{operation::uniform, {}, {least, most}}});
}

/// One VP of a network of nodes with two receptors, and what arrives there.
struct walked_network : built_store {
  const models::synapse_model& model;
  walked_rows walk;
  input_rows rows;
  timed_input timed;
  std::vector<std::uint32_t> line_of_page;

  explicit walked_network(const char* name, const layout& at = {0, 1}, input_form form = input_form::by_sign)
      : built_store(synapse(name)), model(synapse(name)), walk(*walked_rows_of(model)) {
    place = at;
    add_nodes(1, n_nodes / 2, {form, input_form::sum});
    add_nodes(n_nodes / 2 + 1, n_nodes, {form, input_form::sum});
    for (std::uint32_t slot = 0; slot < spike_slots.size(); slot += slot_map::page)
      line_of_page.push_back(targets.line(input_slot(slot), false).index());
    rows.prepare({spike_slots.size(), 0, true}, 1);
    rows.open_arrivals(max_delay + 1);
  }
  void connect(projection p) { build({call_by(model, std::move(p))}); }
  void spike(step_t stamp, weight_tap* tap = nullptr) {
    plastic_targets lines{};
    lines.line_of_page = line_of_page.data();
    lines.n_lines = targets.lines();
    lines.resolution_ms = resolution_ms;
    walk.spike(store, source, stamp, {seed, store_ordinal(5)}, targets, lines, {rows, timed}, tap);
  }
  /// (target, receptor, due, below zero) -> sum, of what arrived since the last call.
  using sums = std::map<std::tuple<std::uint64_t, std::uint32_t, step_t, bool>, double>;
  sums taken(step_t from) {
    sums all;
    for (step_t due = from; due <= from + max_delay; ++due)
      for (std::uint32_t slot = 0; slot < spike_slots.size(); ++slot)
        for (const bool below : {false, true}) {
          double& x = (below ? rows.arrived(due).negative : rows.arrived(due).positive)[slot];
          if (x != 0)
            all[{targets.id(input_slot(slot), false), targets.receptor(input_slot(slot), false), due, below}] = x;
          x = 0;
        }
    return all;
  }
};

TEST(walked_rows, transmit_what_the_model_says) {
  for (const double p : {0.0, 1.0}) {
    walked_network n("bernoulli_synapse");
    auto call = all_to_all(ids(source, source), ids(5, 7));
    call.weight = std::make_shared<const std::vector<double>>(std::vector<double>{2, -3, 4});
    call.delay_ms = 1.5;
    call.parameters = {{0, p}};
    n.connect(call);
    n.spike(100);
    const auto arrived = n.taken(100);
    if (p == 0) {
      EXPECT_TRUE(arrived.empty());
      continue;
    }
    const step_t due = 100 + 15 - 1;
    EXPECT_EQ(arrived,
              (walked_network::sums{{{5, 0, due, false}, 2}, {{6, 0, due, true}, -3}, {{7, 0, due, false}, 4}}));
  }
}

TEST(walked_rows, receptors_that_count_get_ones) {
  walked_network n("bernoulli_synapse", {0, 1}, input_form::count);
  auto call = all_to_all(ids(source, source), ids(5, 5));
  call.weight = -8.0;
  n.connect(call);
  n.spike(100);
  EXPECT_EQ(n.taken(100), (walked_network::sums{{{5, 0, 109, false}, 1}}));
}

/// All that makes a row long and short: drawn delays, weights and parameters, several connections of a pair, receptors.
void connect_all_kinds(walked_network& n) {
  auto call = call_of({{"rule", "fixed_indegree"}, {"indegree", 1}}, ids(source, source), ids(1, n_nodes));
  call.delay_ms = 2.0;
  call.weight = 1.5;
  n.connect(call);
  call = all_to_all(ids(source, source), ids(1, n_nodes));
  call.receptor = 1.0;
  call.weight = uniform(-1, 1);
  call.delay_ms = uniform(0.5, 4);
  n.connect(call);
  call.receptor = 0.0;
  call.parameters = {{0, uniform(0.2, 0.8)}};
  n.connect(call);
}

TEST(walked_rows, draw_the_same_on_every_layout) {
  for (const char* name : {"bernoulli_synapse", "quantal_stp_synapse"}) {
    const auto run = [&](std::uint32_t n_vps) {
      walked_network::sums all;
      for (std::uint32_t vp = 0; vp < n_vps; ++vp) {
        walked_network n(name, {vp, n_vps});
        connect_all_kinds(n);
        for (const step_t stamp : {100, 101, 101, 450}) {
          n.walk.begin_steps();
          n.spike(stamp);
          for (const auto& [where, sum] : n.taken(stamp)) all[where] += sum;
        }
      }
      return all;
    };
    const auto one = run(1);
    EXPECT_GT(one.size(), 500u);
    for (const std::uint32_t n_vps : {2, 3, 7}) EXPECT_EQ(run(n_vps), one) << name << " on " << n_vps;
  }
}

TEST(walked_rows, have_the_bits_of_the_functions_called_for_each_connection) {
  walked_network n("quantal_stp_synapse");
  const auto& model = n.model;
  for (const double sites : {1.0, 4.0}) {
    auto call = all_to_all(ids(source, source), ids(1, n_nodes));
    call.weight = uniform(-1, 1);
    call.delay_ms = sites == 1 ? connection_number(2.0) : uniform(0.5, 4);
    call.parameters = {{member(model, "n"), sites}, {member(model, "a"), sites}, {member(model, "tau_fac"), 90.0}};
    n.connect(call);
  }
  std::vector<std::vector<double>> traces;  // by cohort
  std::vector<double> ready = n.variables();
  for (std::uint32_t c = 0; c < n.store.n_cohorts(); ++c)
    traces.emplace_back(n.store.traces_at(c), n.store.traces_at(c) + n.store.n_traces());
  step_t last = 0;
  std::uint32_t number = 0;
  for (const step_t stamp : {100, 130, 130, 600}) {
    number = stamp == last ? number + 1 : 0;
    const auto words = models::draw({seed, models::purpose::row_spike, 5},
                                    {low_half(source), static_cast<std::uint32_t>(stamp), 0, number});
    walked_network::sums expected;
    std::map<std::uint32_t, std::uint32_t> seen;
    std::vector<std::vector<double>> chances(n.store.n_cohorts(), std::vector<double>(model.n_chances));
    for (std::uint32_t c = 0; c < n.store.n_cohorts(); ++c)
      model.at_spike(n.store.parameter_set(n.store.cohort_at(c).parameters).data(), traces[c].data(),
                     static_cast<double>(stamp - last) * resolution_ms, last == 0, chances[c].data());
    std::size_t place = 0;
    const auto row = n.store.row(source);
    for (std::size_t k = 0; k < row.size(); ++k)
      for (std::uint64_t i = 0; i < row[k].count; ++i, ++place) {
        const auto target = low_half(n.targets.id(n.store.slot(row[k], i), false));
        const auto multapse = seen[target]++;
        std::array<double, 2> uniforms;
        for (std::uint32_t d = 0; d < 2; ++d) {
          const auto block =
              models::draw({words[0], models::purpose::connection_spike, words[1]}, {target, multapse, words[2], d});
          uniforms[d] = models::uniform01(block[0], block[1]);
        }
        const double weight = n.store.weight(row[k], i);
        std::uint32_t sender;
        double amount;
        const auto cohort = n.store.cohort_index(n.store.first_segment(source) + k);
        if (model.walk({chances[cohort].data(), 1, &weight, true, &ready[place], uniforms.data(), 1, &sender, &amount}))
          expected[{target, 0, stamp + row[k].delay() - 1, amount < 0}] += amount;
      }
    last = stamp;
    n.spike(stamp);
    EXPECT_EQ(n.taken(stamp), expected);
    EXPECT_EQ(n.variables(), ready);
    EXPECT_GT(expected.size(), 50u);
  }
}

TEST(walked_rows, connections_of_one_pair_draw_for_themselves) {
  walked_network n("bernoulli_synapse");
  auto call = all_to_all(ids(source, source), ids(9, 9));
  call.parameters = {{0, 0.5}};
  n.connect(call);
  call.receptor = 1.0;
  n.connect(call);
  n.connect(call);
  std::map<std::vector<double>, int> outcomes;
  const int trials = 4000;
  for (step_t stamp = 100; stamp < 100 + trials; ++stamp) {
    n.spike(stamp);
    auto arrived = n.taken(stamp);
    ++outcomes[{arrived[{9, 0, stamp + 9, false}], arrived[{9, 1, stamp + 9, false}]}];
  }
  // The receptors are independent, and the two connections of the second.
  for (const double first : {0.0, 1.0})
    for (const double second : {0.0, 1.0, 2.0})
      EXPECT_NEAR((outcomes[{first, second}]), trials * (second == 1 ? 0.25 : 0.125), 5 * std::sqrt(trials * 0.2));
}

TEST(walked_rows, spikes_of_one_step_draw_for_themselves) {
  walked_network n("bernoulli_synapse");
  auto call = all_to_all(ids(source, source), ids(1, n_nodes));
  call.parameters = {{0, 0.5}};
  n.connect(call);
  const auto next = [&] {
    n.spike(100);
    return n.taken(100);
  };
  const auto first = next(), second = next();
  EXPECT_NE(first, second);
  EXPECT_NEAR(static_cast<double>(second.size()), n_nodes / 2.0, 5 * std::sqrt(n_nodes / 4.0));
  n.walk.begin_steps();
  EXPECT_EQ(next(), first);
  EXPECT_EQ(next(), second);
}

TEST(walked_rows, tell_who_listens_what_was_transmitted) {
  struct listener final : weight_tap {
    std::vector<std::pair<std::size_t, double>> heard;
    void transmitted(std::size_t n, double weight) override { heard.emplace_back(n, weight); }
  } tap;
  walked_network n("bernoulli_synapse");
  connect_all_kinds(n);
  auto never = all_to_all(ids(source, source), ids(1, 50));
  never.parameters = {{0, 0.0}};
  n.connect(never);
  n.spike(100, &tap);
  walked_network::sums heard;
  std::vector<std::pair<segment, std::uint64_t>> connections;
  for (const segment& r : n.store.row(source))
    for (std::uint64_t i = 0; i < r.count; ++i) connections.emplace_back(r, i);
  std::size_t before = 0;
  for (const auto& [place, weight] : tap.heard) {
    EXPECT_LE(before, place);
    before = place;
    const auto& [r, i] = connections.at(place);
    EXPECT_EQ(weight, n.store.weight(r, i));
    const auto slot = n.store.slot(r, i);
    const bool below = weight < 0 && r.input() == input_form::by_sign;
    heard[{n.targets.id(slot, false), n.targets.receptor(slot, false), 100 + r.delay() - 1, below}] += weight;
  }
  EXPECT_EQ(heard, n.taken(100));
}

TEST(walked_rows, are_there_for_models_that_are_walked_through) {
  EXPECT_TRUE(walked_rows_of(synapse("bernoulli_synapse_hpc")).has_value());
  for (const char* name : {"static_synapse", "stdp_synapse", "tsodyks_synapse"})
    EXPECT_FALSE(walked_rows_of(synapse(name)).has_value());
}

}  // namespace
}  // namespace volley::runtime::tests
