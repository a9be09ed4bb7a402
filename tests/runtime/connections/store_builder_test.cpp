#include "runtime/connections/store_builder.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "models/catalog.hpp"
#include "runtime/values/parameter.hpp"
#include "tests/runtime/connections/built_store.hpp"

namespace volley::runtime::tests {
namespace {

using connection = built_store::connection;
using connections = std::vector<connection>;

projection with(projection p, connection_number weight, connection_number delay_ms) {
  p.weight = std::move(weight);
  p.delay_ms = std::move(delay_ms);
  return p;
}
connection_number array(std::vector<double> values) {
  return std::make_shared<const std::vector<double>>(std::move(values));
}
const parameter_ref drawn_weight = parameter::make({{operation::normal, {}, {0, 1}}}),
                    drawn_delay = parameter::make({{operation::uniform, {}, {1, 2}}});

TEST(store_builder, puts_connections_into_rows_by_delay_then_creation) {
  built_store s;
  s.add_nodes(1, 9);
  s.build({with(all_to_all(ids(1, 2), ids(5, 6)), 3.0, 2.0), with(all_to_all(ids(2, 3), ids(4, 5)), -1.0, 1.0)});
  EXPECT_EQ(s.connections(), (connections{{1, 5, 3, 20},
                                          {1, 6, 3, 20},
                                          {2, 4, -1, 10},
                                          {2, 5, -1, 10},
                                          {2, 5, 3, 20},
                                          {2, 6, 3, 20},
                                          {3, 4, -1, 10},
                                          {3, 5, -1, 10}}));
  EXPECT_EQ(s.store.weight_column().size(), 0u) << "each call's weight is stored once";
  s.build({with(all_to_all(ids(2, 2), ids(9, 9)), 7.0, 1.0)});
  EXPECT_EQ(s.names(2), (std::vector<std::pair<std::uint32_t, std::uint32_t>>{{4, 0}, {5, 0}, {9, 0}, {5, 1}, {6, 0}}));
}

TEST(store_builder, gives_arrays_to_the_connections_of_their_entries) {
  built_store s;
  s.add_nodes(1, 9);
  s.build({with(call_of({{"rule", "one_to_one"}}, ids(1, 3), ids(4, 6)), array({10, 20, 30}), array({3, 2, 1}))});
  EXPECT_EQ(s.connections(), (connections{{1, 4, 10, 30}, {2, 5, 20, 20}, {3, 6, 30, 10}}));
}

TEST(store_builder, many_equal_weights_share_one) {
  built_store s;
  s.add_nodes(1, 99);
  std::vector<double> weights(40, 5.0);
  for (std::size_t i = 0; i < 20; ++i) weights[i] = static_cast<double>(i);
  s.build({with(all_to_all(ids(1, 1), ids(11, 50)), array(weights), 1.0)});
  ASSERT_EQ(s.store.row(1).size(), 2u);
  EXPECT_EQ(s.store.weight_column().size(), 20u);
  const auto all = s.connections();
  for (std::size_t i = 0; i < all.size(); ++i) EXPECT_EQ(all[i], (connection{1, 11 + i, weights[i], 10}));
}

TEST(store_builder, forms_of_one_delay_are_segments_of_their_own) {
  built_store s;
  s.add_nodes(1, 2, {input_form::by_sign});
  s.add_nodes(3, 4, {input_form::sum});
  s.build(
      {with(all_to_all(ids(1, 1), ids(1, 4)), 1.0, 1.0), with(all_to_all(ids(1, 1), ids(1, 4)), drawn_weight, 1.0)});
  std::vector<std::uint64_t> found;
  for (const auto& c : s.connections()) found.push_back(c.target);
  EXPECT_EQ(found, (std::vector<std::uint64_t>{3, 4, 3, 4, 1, 2, 1, 2}));
  for (const segment& r : s.store.row(1))
    EXPECT_EQ(r.input() == input_form::sum, s.targets.id(s.store.slot(r, 0), false) > 2);
}

TEST(store_builder, receptors_may_be_each_connections_own) {
  built_store s;
  s.add_nodes(1, 3, {input_form::sum, input_form::sum});
  auto p = all_to_all(ids(1, 1), ids(1, 3));
  p.receptor = array({1, 0, 1});
  s.build({p});
  std::vector<std::uint32_t> found;
  for (const segment& r : s.store.row(1))
    for (std::uint64_t i = 0; i < r.count; ++i) found.push_back(s.targets.receptor(s.store.slot(r, i), false));
  EXPECT_EQ(found, (std::vector<std::uint32_t>{1, 0, 1}));
}

TEST(store_builder, plastic_connections_have_weights_and_sets_of_their_own) {
  built_store s(true);
  s.add_nodes(1, 9);
  auto p = all_to_all(ids(1, 1), ids(4, 6));
  p.defaults = {20, 0.5};
  p.parameters = {{0, array({30, 30, 40})}};
  p.born = 17;
  s.build({p});
  ASSERT_EQ(s.store.row(1).size(), 2u);
  EXPECT_EQ(s.store.weight_column().size(), 3u);
  const auto first = s.store.first_segment(1);
  EXPECT_EQ(s.store.parameter_set(s.store.cohort_of(first).parameters)[0], 30);
  EXPECT_EQ(s.store.parameter_set(s.store.cohort_of(first + 1).parameters)[0], 40);
  EXPECT_EQ(s.store.cohort_of(first).born, 17);
  EXPECT_EQ(*s.store.traces_of(first), 0.5);
}

/// A call of this model.
projection by(const models::synapse_model& model, projection p) {
  p.defaults.assign(model.defaults.begin(), model.defaults.end());
  return p;
}
const models::synapse_model& model_named(std::string_view name) {
  static const auto all = models::built_in_synapses();
  return *std::ranges::find(all, name, &models::synapse_model::name);
}

TEST(store_builder, variables_go_with_their_connections) {
  const auto& model = model_named("quantal_stp_synapse");
  const auto member = static_cast<std::uint32_t>(model.n_params + model.n_traces);
  built_store s(model);
  s.add_nodes(1, 9);
  auto given = by(model, with(all_to_all(ids(1, 1), ids(4, 7)), 3.0, array({4, 1, 3, 2})));
  given.parameters = {{member, array({40, 10, 30, 20})}};
  auto alike = by(model, all_to_all(ids(2, 2), ids(4, 5)));
  alike.parameters = {{member, 6.0}};
  s.build({given, alike});
  EXPECT_EQ(s.connections(),
            (connections{{1, 5, 3, 10}, {1, 7, 3, 20}, {1, 6, 3, 30}, {1, 4, 3, 40}, {2, 4, 1, 10}, {2, 5, 1, 10}}));
  EXPECT_EQ(s.variables(), (std::vector<double>{10, 20, 30, 40, 6, 6}));
  EXPECT_EQ(s.store.n_cohorts(), 2u) << "one a source";
  s.build({by(model, all_to_all(ids(1, 1), ids(9, 9)))});
  EXPECT_EQ(s.variables(), (std::vector<double>{10, 1, 20, 30, 40, 6, 6})) << "the row is in the order of its delays";
}

TEST(store_builder, releasing_connections_share_weights_and_traces) {
  const auto& model = model_named("tsodyks_synapse");
  built_store s(model);
  s.add_nodes(1, 9);
  s.build({by(model, with(all_to_all(ids(1, 1), ids(4, 9)), 3.0, 2.0))});
  EXPECT_EQ(s.store.row(1).size(), 1u);
  EXPECT_EQ(s.store.weight_column().size(), 0u);
  EXPECT_EQ(s.store.n_cohorts(), 1u);
  EXPECT_EQ(*s.store.traces_of(s.store.first_segment(1)), 1) << "x";
}

TEST(store_builder, drawn_parameters_take_what_they_hold) {
  const auto& model = model_named("tsodyks_synapse");
  built_store s(model);
  constexpr std::uint64_t n = 300;
  s.add_nodes(1, n);
  auto p = by(model, all_to_all(ids(1, n), ids(1, n)));
  p.parameters = {{0, drawn_weight}};
  s.build({p});
  EXPECT_EQ(s.store.n_cohorts(), n * n);
  const double of_one = sizeof(std::uint16_t) + sizeof(segment) + sizeof(std::uint32_t) + sizeof(cohort) +
                        (model.n_traces + model.defaults.size()) * sizeof(double);
  EXPECT_NEAR(static_cast<double>(s.store.bytes()) / (n * n) / of_one, 1, 0.02);
}

TEST(store_builder, makes_the_same_connections_on_every_layout) {
  const auto made_on = [](std::uint32_t n_vps) {
    connections all;
    for (std::uint32_t vp = 0; vp < n_vps; ++vp) {
      built_store s(false, {vp, n_vps});
      s.add_nodes(1, 40);
      s.build(
          {with(call_of({{"rule", "fixed_indegree"}, {"indegree", 9}}, ids(1, 12), ids(5, 40)), drawn_weight,
                drawn_delay),
           with(call_of({{"rule", "fixed_outdegree"}, {"outdegree", 9}}, ids(1, 12), ids(5, 40)), drawn_weight, 1.0)});
      for (const auto& c : s.connections()) all.push_back(c);
    }
    std::ranges::sort(all, {},
                      [](const connection& c) { return std::tuple(c.source, c.delay_steps, c.target, c.weight); });
    return all;
  };
  const auto whole = made_on(1);
  EXPECT_EQ(whole.size(), 36u * 9 + 12 * 9);
  EXPECT_EQ(made_on(3), whole);
}

TEST(store_builder, tells_how_far_it_came) {
  built_store s;
  s.add_nodes(1, 9);
  const std::vector<projection> calls{all_to_all(ids(1, 2), ids(5, 6)), all_to_all(ids(1, 2), ids(5, 6))};
  store_builder builder(s.store, s.targets, s.place, s.time);
  EXPECT_EQ(builder.built(), 0u);
  builder.build(calls);
  EXPECT_EQ(builder.built(), 2u);
  EXPECT_EQ(s.store.size(), 8u);
}

}  // namespace
}  // namespace volley::runtime::tests
