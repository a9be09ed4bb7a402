// Numbers of connections that only their draws can judge, and receptors of single connections.
#include "runtime/connections/connection_trial.hpp"

#include <gtest/gtest.h>

#include "runtime/connections/synapse_rules.hpp"
#include "runtime/values/parameter.hpp"
#include "tests/runtime/solo_kernel.hpp"

namespace volley::runtime {
namespace {

using reals = std::vector<double>;

parameter_ref drawn(operation what, reals numbers) { return parameter::make({{what, {}, std::move(numbers)}}); }

const models::synapse_model& stdp() {
  for (const auto& model : built_in_models().synapses)
    if (model.name == "stdp_synapse") return model;
  throw std::out_of_range("stdp_synapse");
}

bool unsure(const connection_number& weight, const connection_number& Wmax) {
  const auto member = find_property(stdp(), "Wmax")->member;
  return may_be_illegal(stdp(), {stdp().defaults.begin(), stdp().defaults.end()}, weight, {{member, Wmax}});
}

TEST(connection_trial, is_needed_where_bounds_do_not_tell) {
  const auto positive = drawn(operation::uniform, {1, 2}), negative = drawn(operation::uniform, {-2, -1});
  const auto array = std::make_shared<const reals>(reals{-50, 50});
  EXPECT_FALSE(unsure(positive, 50.0));
  EXPECT_FALSE(unsure(negative, -50.0));
  EXPECT_TRUE(unsure(negative, 50.0));
  EXPECT_TRUE(unsure(positive, array));
  EXPECT_TRUE(unsure(drawn(operation::normal, {10, 5}), 50.0));
  EXPECT_FALSE(unsure(drawn(operation::normal, {100, 1}), 500.0));
  EXPECT_FALSE(unsure(drawn(operation::lognormal, {0, 1}), 50.0));
  EXPECT_TRUE(unsure(parameter::make({{operation::uniform, {}, {1, 2}}, {operation::exp, {0}, {}}}), 50.0))
      << "without bounds";
}

TEST(connection_trial, of_delays_is_needed_outside_of_what_is_legal) {
  const time_grid grid;
  const delay_limits limits{10, 20};
  EXPECT_FALSE(may_be_illegal(*drawn(operation::uniform, {1.0, 2.0}), grid, limits));
  EXPECT_TRUE(may_be_illegal(*drawn(operation::uniform, {0.5, 2.0}), grid, limits));
  EXPECT_TRUE(may_be_illegal(*drawn(operation::uniform, {1.0, 2.1}), grid, limits));
  EXPECT_TRUE(may_be_illegal(*drawn(operation::exponential, {1.0}), grid, limits));
}

class receptors : public testing::TestWithParam<std::int64_t> {
 protected:
  solo_kernel k{GetParam()};
  node_set parrots = k.create("parrot_neuron", 12);
  const dictionary one_to_one{{"rule", "one_to_one"}}, in_degree{{"rule", "fixed_indegree"}, {"indegree", 3}};

  /// (source, target, receptor) in order.
  std::vector<std::vector<std::int64_t>> made() {
    const auto c = k.connections();
    const auto values = std::get<value>(k.call(api::get_connection_values{c, {"receptor"}}));
    const auto& of_each = *values.get_if<dictionary>()->find("receptor")->get_if<std::vector<std::int64_t>>();
    std::vector<std::vector<std::int64_t>> rows;
    for (std::size_t i = 0; i < c.size(); ++i) rows.push_back({c.sources[i], c.targets[i], of_each[i]});
    std::sort(rows.begin(), rows.end());
    return rows;
  }
};

INSTANTIATE_TEST_SUITE_P(on, receptors, testing::Values(1, 2, 3, 7),
                         [](const auto& info) { return "vps_" + std::to_string(info.param); });

TEST_P(receptors, go_to_the_connections_of_their_entries) {
  const node_set pre{parrots.generation, {{1, 3, 1}}}, post{parrots.generation, {{4, 6, 1}}};
  k.connect(pre, post, one_to_one, {{"receptor_type", std::vector<std::int64_t>{0, 1, 0}}});
  EXPECT_EQ(made(), (std::vector<std::vector<std::int64_t>>{{1, 4, 0}, {2, 5, 1}, {3, 6, 0}}));
  k.call(api::connect_arrays{{7, 7, 7}, {8, 8, 9}, {{"receptor_type", std::vector<std::int64_t>{1, 0, 1}}}});
  const auto all = made();
  ASSERT_EQ(all.size(), 6u);
  EXPECT_EQ(all[3], (std::vector<std::int64_t>{7, 8, 0}));
  EXPECT_EQ(all[4], (std::vector<std::int64_t>{7, 8, 1}));
  EXPECT_EQ(all[5], (std::vector<std::int64_t>{7, 9, 1}));
}

TEST_P(receptors, are_drawn_alike_on_every_layout) {
  const dictionary spec{{"receptor_type", drawn(operation::uniform_int, {2})},
                        {"weight", drawn(operation::uniform, {1, 2})}};
  k.connect(parrots, parrots, in_degree, spec);
  solo_kernel alone;
  const auto same = alone.create("parrot_neuron", 12);
  alone.connect(same, same, in_degree, spec);
  const auto mine = k.connections(), others = alone.connections();
  EXPECT_EQ(mine.sources, others.sources);
  EXPECT_EQ(k.weights(mine), alone.weights(others));
  std::int64_t ones = 0;
  for (const auto& row : made()) ones += row[2];
  EXPECT_GT(ones, 0);
  EXPECT_LT(ones, 36);
}

TEST_P(receptors, that_targets_lack_are_refused_before_anything_is_made) {
  const auto refused = [&](const dictionary& rule, dictionary spec, error_kind kind) {
    try {
      k.connect(parrots, parrots, rule, std::move(spec));
      ADD_FAILURE() << "accepted";
    } catch (const api_error& refusal) {
      EXPECT_EQ(refusal.kind(), kind) << refusal.what();
    }
    EXPECT_EQ(k.connections().size(), 0u);
  };
  refused(one_to_one, {{"receptor_type", std::vector<std::int64_t>{0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 2}}},
          error_kind::UnknownReceptorType);
  refused(in_degree, {{"receptor_type", drawn(operation::uniform_int, {3})}}, error_kind::UnknownReceptorType);
  refused(in_degree, {{"receptor_type", drawn(operation::uniform, {0, 2})}}, error_kind::TypeMismatch);
  refused(in_degree, {{"receptor_type", 0.0}}, error_kind::TypeMismatch);
  refused(in_degree, {{"synapse_model", "stdp_synapse"}, {"lambda", 0.1}, {"weight", drawn(operation::normal, {0, 1})}},
          error_kind::BadProperty);
  const auto root_of_negative = parameter::make({{operation::uniform, {}, {-2, -1}}, {operation::power, {0}, {0.5}}});
  for (const auto& rule : {one_to_one, in_degree})
    refused(rule, {{"weight", root_of_negative}}, error_kind::BadProperty);
  refused(in_degree, {{"synapse_model", "stdp_synapse"}, {"Kplus", drawn(operation::uniform, {-1, 1})}},
          error_kind::BadProperty);
}

TEST_P(receptors, of_recording_devices_are_single_numbers) {
  const auto recorder = k.create("spike_recorder");
  EXPECT_THROW(
      k.connect(parrots, recorder, {{"rule", "all_to_all"}}, {{"receptor_type", drawn(operation::uniform_int, {1})}}),
      api_error);
  EXPECT_EQ(k.connections().size(), 0u);
}

}  // namespace
}  // namespace volley::runtime
