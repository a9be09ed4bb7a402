// What a rule with its synapses becomes; which pairs are legal is in connect_test.
#include "runtime/kernel/projections.hpp"

#include <gtest/gtest.h>

#include "runtime/base/error.hpp"
#include "runtime/connections/connection_numbers.hpp"
#include "runtime/values/parameter.hpp"
#include "tests/runtime/kernel/small_network.hpp"

namespace volley::runtime::tests {
namespace {

struct rules_of_a_network : testing::Test, small_network {
  unknown_keys errors;
  const parameter_ref uniform = parameter::make({{operation::uniform, {}, {1, 2}}});

  static std::shared_ptr<const rule_spec> rule(const dictionary& spec, node_set sources, node_set targets) {
    return std::make_shared<const rule_spec>(parse_rule(spec, std::move(sources), std::move(targets), 1, 1));
  }
  checked_rule checked(node_set sources, node_set targets, const std::vector<dictionary>& synapses = {{}}) {
    return check(net, rule({{"rule", "all_to_all"}}, std::move(sources), std::move(targets)), synapses, errors);
  }
};

TEST_F(rules_of_a_network, neurons_get_rows_and_recorders_taps) {
  new_connections made;
  add_connections(net, checked(ids(1, 4), {1, {{1, 4, 1}, {7, 7, 1}}}), 0, made);
  ASSERT_EQ(made.projections.size(), 1u);
  EXPECT_EQ(made.projections[0].only->targets, ids(1, 4));
  EXPECT_EQ(made.plans.size(), 1u);
  EXPECT_EQ(made.trials.size(), 1u);
  ASSERT_EQ(made.taps.size(), 1u);
  EXPECT_EQ(made.taps[0].recorder_id, 7u);
}

TEST_F(rules_of_a_network, each_synapse_has_draws_of_its_own) {
  new_connections made;
  add_connections(net, checked(ids(1, 4), ids(1, 4), {{{"weight", 2.0}}, {{"weight", uniform}}}), 3, made);
  ASSERT_EQ(made.projections.size(), 2u);
  EXPECT_EQ(made.projections[0].collocated, 3u);
  EXPECT_EQ(made.projections[1].collocated, 4u);
  EXPECT_EQ(std::get<double>(made.projections[0].weight), 2.0);
}

TEST_F(rules_of_a_network, currents_are_told_from_spikes) {
  new_connections made;
  add_connections(net, checked(ids(5, 6), ids(1, 4)), 0, made);
  ASSERT_EQ(made.projections.size(), 2u);
  EXPECT_NE(made.projections[0].currents, made.projections[1].currents);
}

TEST_F(rules_of_a_network, a_call_has_some_synapses_and_not_too_many) {
  EXPECT_THROW(checked(ids(1, 4), ids(1, 4), {}), api_error);
  EXPECT_THROW(checked(ids(1, 4), ids(1, 4), std::vector<dictionary>(max_specs + 1)), api_error);
}

TEST_F(rules_of_a_network, both_directions_draw_nothing) {
  const auto both = rule({{"rule", "one_to_one"}, {"make_symmetric", true}}, ids(1, 2), ids(3, 4));
  EXPECT_NO_THROW(check(net, both, {{{"weight", 2.0}}}, errors));
  EXPECT_THROW(check(net, both, {{{"weight", uniform}}}, errors), api_error);
}

TEST_F(rules_of_a_network, tells_which_calls_draw) {
  const auto all = rule({{"rule", "all_to_all"}}, ids(1, 2), ids(3, 4));
  EXPECT_FALSE(draws(*all, {{{"weight", 2.0}}}));
  EXPECT_TRUE(draws(*all, {{}, {{"weight", uniform}}}));
  EXPECT_TRUE(draws(*rule({{"rule", "pairwise_bernoulli"}, {"p", 1.0}}, ids(1, 2), ids(3, 4)), {{}}));
}

}  // namespace
}  // namespace volley::runtime::tests
