#include "runtime/connections/row_values.hpp"

#include <gtest/gtest.h>

#include "runtime/values/parameter.hpp"
#include "tests/runtime/connections/built_store.hpp"

namespace volley::runtime::tests {
namespace {

using reals = std::vector<double>;
using numbers = std::vector<std::uint32_t>;

connection_number array(reals values) { return std::make_shared<const reals>(std::move(values)); }
const parameter_ref uniform = parameter::make({{operation::uniform, {}, {1, 2}}});

struct nodes_1_to_9 : built_store {
  explicit nodes_1_to_9(bool plastic = false) : built_store(plastic) { add_nodes(1, 9); }
  explicit nodes_1_to_9(connection_store of) : built_store() {
    store = std::move(of);
    add_nodes(1, 9);
  }
  numbers slots_of(const std::vector<std::uint64_t>& nodes) const {
    numbers slots;
    for (const auto id : nodes) slots.push_back(targets.slot(id, 0, false).index());
    return slots;
  }
};

TEST(projection_values, are_given_by_the_entries_of_arrays) {
  nodes_1_to_9 n;
  projection p;
  p.weight = array({10, 20, 30});
  p.delay_ms = array({1, 2, 3});
  projection_values values(p, n.targets, n.time);
  EXPECT_TRUE(values.has_arrays());
  const auto slots = n.slots_of({4, 5});
  const std::vector<std::uint64_t> entries{2, 0};
  values.visit(1, slots, entries);
  reals weights(2);
  numbers delays(2);
  values.weights_and_delays(weights, delays);
  EXPECT_EQ(weights, (reals{30, 10}));
  EXPECT_EQ(delays, (numbers{30, 10}));
}

TEST(projection_values, know_where_both_ends_are) {
  nodes_1_to_9 n;
  const frame line{2, {-1, -1, 0}, {18, 2, 0}, false};
  const auto where = layer::at_points(1, {reals{0, 1, 2, 3, 4, 5, 6, 7, 8}, reals(9), {}}, line);
  const auto far = parameter::make({{operation::distance, {}, {0}}});
  unknown_keys unknown;
  projection p;
  p.rule = std::make_shared<const rule_spec>(parse_rule_in_space({{"rule", "pairwise_bernoulli"}, {"p", far}},
                                                                 ids(1, 9), ids(1, 9), where, where, 1, 1, unknown));
  p.weight = far;
  p.delay_ms = parameter::make({{operation::position, {}, {0, 2}}});
  projection_values values(p, n.targets, n.time);
  values.visit(3, n.slots_of({4, 8}), {});
  reals weights(2);
  numbers delays(2);
  values.weights_and_delays(weights, delays);
  EXPECT_EQ(weights, (reals{1, 5}));
  EXPECT_EQ(delays, (numbers{30, 70}));
}

TEST(projection_values, are_drawn_for_the_connection) {
  nodes_1_to_9 n;
  projection p;
  p.seed = 5;
  p.call = 2;
  p.weight = uniform;
  p.delay_ms = 1.5;
  projection_values values(p, n.targets, n.time);
  EXPECT_FALSE(values.has_arrays());
  const auto slots = n.slots_of({4, 4, 7});
  values.visit(3, slots, {});
  reals weights(3);
  numbers delays(3);
  values.weights_and_delays(weights, delays);
  EXPECT_EQ(delays, (numbers{15, 15, 15}));
  EXPECT_EQ(weights[0], uniform->evaluate(connection_site(5, 2, 3, 4, 0, 2 + weight_leaf)));
  EXPECT_EQ(weights[1], uniform->evaluate(connection_site(5, 2, 3, 4, 1, 2 + weight_leaf)));
  EXPECT_EQ(weights[2], uniform->evaluate(connection_site(5, 2, 3, 7, 0, 2 + weight_leaf)));
}

TEST(projection_values, parameters_make_sets_that_are_shared_where_they_are_equal) {
  nodes_1_to_9 n(true);
  projection p;
  p.defaults = {20, 0.5};
  EXPECT_EQ(projection_values(p, n.targets, n.time).parameter_set(n.store), n.store.add_parameter_set({20, 0.5}));
  p.parameters = {{0, array({30, 20, 30})}};
  projection_values values(p, n.targets, n.time);
  const auto slots = n.slots_of({4, 5, 6});
  const std::vector<std::uint64_t> entries{0, 1, 2};
  values.visit(1, slots, entries);
  numbers sets(3);
  values.parameter_sets(n.store, sets);
  EXPECT_EQ(sets[0], n.store.add_parameter_set({30, 0.5}));
  EXPECT_EQ(sets[1], n.store.add_parameter_set({20, 0.5}));
  EXPECT_EQ(sets[2], sets[0]);
}

TEST(projection_values, variables_are_behind_the_sets) {
  nodes_1_to_9 n(connection_store(false, 1, true, 2));
  projection p;
  p.defaults = {20, 0.5, 7, 8};  // a parameter, a trace, two variables
  p.parameters = {{3, array({1, 2, 3})}};
  projection_values values(p, n.targets, n.time);
  const auto slots = n.slots_of({4, 5});
  const std::vector<std::uint64_t> entries{2, 0};
  values.visit(1, slots, entries);
  EXPECT_FALSE(values.sets_vary(n.store));
  numbers sets(2);
  values.parameter_sets(n.store, sets);
  EXPECT_EQ(sets, (numbers(2, n.store.add_parameter_set({20, 0.5}))));
  reals variables(4);
  values.variables(n.store, variables);
  EXPECT_EQ(variables, (reals{7, 3, 7, 1}));
}

/// A row of connections with these delays, to nodes whose forms alternate where there are two.
struct row_of_delays {
  built_store n;
  joint_row row;

  row_of_delays(const numbers& delays, bool two_forms, bool has_order) {
    const auto size = static_cast<std::uint64_t>(delays.size());
    n.add_nodes(1, size, {input_form::sum, input_form::by_sign});
    row.grow(delays.size(), false, has_order);
    for (std::uint32_t i = 0; i < delays.size(); ++i) {
      row.slots[i] = n.targets.slot(i + 1, two_forms ? i % 2 : 0, false).index();
      row.delays[i] = delays[i];
      row.weights[i] = i;
    }
    row.sort(n.targets, false, two_forms ? 0b11 : 0b01);
  }
  numbers begins() const {
    numbers all;
    for (const auto& s : row.stretches()) all.push_back(s.begin);
    return all;
  }
};

TEST(joint_row, sorts_by_delay_then_form_then_creation) {
  // Delays that lie close together, and so far apart that they are compared.
  for (const std::uint32_t far : {1u, 100000u}) {
    const numbers delays{5, 2, 5, 2, 2 + far * 7, 5, 2};
    const row_of_delays one_form(delays, false, true), two_forms(delays, true, false);
    EXPECT_EQ(one_form.row.weights, (reals{1, 3, 6, 0, 2, 5, 4}));
    EXPECT_EQ(one_form.row.order, (numbers{1, 3, 6, 0, 2, 5, 4}));
    EXPECT_EQ(one_form.begins(), (numbers{0, 3, 6}));
    EXPECT_EQ(one_form.row.stretches()[1].delay, 5u);
    EXPECT_EQ(one_form.row.stretches()[2].end, 7u);
    EXPECT_EQ(two_forms.row.weights, (reals{6, 1, 3, 0, 2, 5, 4}));
    EXPECT_EQ(two_forms.begins(), (numbers{0, 1, 3, 5, 6}));
    EXPECT_EQ(two_forms.row.stretches()[1].form, input_form::by_sign);
    EXPECT_TRUE(two_forms.row.order.empty()) << "nobody asked";
    for (std::size_t i = 0; i < delays.size(); ++i)
      EXPECT_EQ(one_form.n.targets.id(input_slot(one_form.row.slots[i]), false), one_form.row.weights[i] + 1);
  }
}

TEST(joint_row, of_one_delay_stays_as_it_is_made) {
  row_of_delays made({3, 3, 3}, false, false);
  EXPECT_EQ(made.row.weights, (reals{0, 1, 2}));
  EXPECT_EQ(made.begins(), (numbers{0}));
  made.row.clear();
  EXPECT_EQ(made.row.grow(2, true, false), 0u);
  EXPECT_EQ(made.row.grow(3, true, false), 2u) << "behind the others";
  EXPECT_EQ(made.row.sets.size(), 5u);
}

TEST(joint_row, variables_are_sorted_with_their_connections) {
  built_store n;
  n.add_nodes(1, 3);
  joint_row row;
  row.grow(3, false, false, 2);
  for (std::uint32_t i = 0; i < 3; ++i) {
    row.slots[i] = i;
    row.delays[i] = 3 - i;
    row.variables[2 * i] = i;
    row.variables[2 * i + 1] = 10 + i;
  }
  row.sort(n.targets, false, 1);
  EXPECT_EQ(row.variables, (reals{2, 12, 1, 11, 0, 10}));
}

}  // namespace
}  // namespace volley::runtime::tests
