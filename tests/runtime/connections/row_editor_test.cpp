#include "runtime/connections/row_editor.hpp"

#include <gtest/gtest.h>

#include "runtime/connections/synapse_rules.hpp"
#include "tests/runtime/connections/edited_row.hpp"

namespace volley::runtime::tests {
namespace {

using reals = std::vector<double>;

connection_edit weights(reals values) { return {.weight = number_list{std::move(values)}}; }

connection_edit parameter(const edited_row& row, const char* name, number_list values) {
  connection_edit edit;
  edit.parameters.push_back({{static_cast<std::int32_t>(find_property(row.model, name)->member)}, std::move(values)});
  return edit;
}
double parameter_of(const edited_row& row, std::uint64_t segment, const char* name) {
  const auto set =
      row.store.parameter_set(row.store.cohort_of(row.store.first_segment(row.source) + segment).parameters);
  return set[find_property(row.model, name)->member];
}

TEST(row_editor, changes_nothing_before_it_commits) {
  edited_row row;
  row.connect(11, 14, 2);
  edited_row::staged s(row, {0, 2}, weights({5, 6}));
  s.editor.make_room();
  EXPECT_EQ(row.weights(), reals(4, 2.0));
  EXPECT_FALSE(row.store.is_edited());
  s.editor.commit();
  EXPECT_EQ(row.weights(), (reals{5, 2, 6, 2}));
  EXPECT_TRUE(row.store.is_edited());
}

TEST(row_editor, a_run_whose_weights_stay_alike_still_shares_one) {
  edited_row row;
  row.connect(11, 14, 2);
  row.edit({0, 1, 2, 3}, weights({7}));
  EXPECT_EQ(row.weights(), reals(4, 7.0));
  EXPECT_EQ(row.store.n_weights(), 0u);
  row.edit({1}, weights({7}));
  EXPECT_EQ(row.store.n_weights(), 0u) << "it had that weight";
  row.edit({1}, weights({8}));
  EXPECT_EQ(row.store.n_weights(), 4u);
  EXPECT_EQ(row.weights(), (reals{7, 8, 7, 7}));
}

TEST(row_editor, connections_without_a_number_keep_theirs) {
  edited_row row;
  row.connect(11, 14, 2);
  row.edit({0, 1, 3}, {.weight = number_list{{5, 6, 7}, {1, 0, 1}}});
  EXPECT_EQ(row.weights(), (reals{5, 2, 2, 7}));
}

TEST(row_editor, tells_the_first_connection_of_the_list_that_would_be_illegal) {
  edited_row row("stdp_synapse");
  row.connect(11, 14, 2);
  edited_row::staged legal(row, {0, 1}, weights({5, 6}));
  EXPECT_FALSE(legal.editor.illegal().has_value());
  edited_row::staged wrong(row, {0, 1, 2}, weights({5, -6, -7}));
  ASSERT_TRUE(wrong.editor.illegal().has_value());
  EXPECT_EQ(wrong.editor.illegal()->position, 1u);
  EXPECT_EQ(wrong.editor.illegal()->weight, -6);
  EXPECT_FALSE(is_legal_synapse(row.model, wrong.editor.illegal()->parameters, -6));
  EXPECT_EQ(row.weights(), reals(4, 2.0));
}

TEST(row_editor, all_of_a_cohort_change_its_parameters_where_they_are) {
  edited_row row("stdp_synapse");
  row.connect(11, 14, 2);
  row.edit({0, 1, 2, 3}, parameter(row, "lambda", {{0.5}}));
  EXPECT_EQ(row.store.n_cohorts(), 1u);
  EXPECT_EQ(parameter_of(row, 0, "lambda"), 0.5);
}

TEST(row_editor, connections_that_part_from_their_cohort_get_one_of_their_own) {
  edited_row row("stdp_synapse");
  row.connect(11, 15, 2);
  const double before = parameter_of(row, 0, "lambda");
  row.edit({1, 2}, parameter(row, "lambda", {{0.5}}));
  ASSERT_EQ(row.store.row(1).size(), 3u);
  EXPECT_EQ(parameter_of(row, 0, "lambda"), before);
  EXPECT_EQ(parameter_of(row, 1, "lambda"), 0.5);
  EXPECT_EQ(parameter_of(row, 2, "lambda"), before);
  EXPECT_EQ(row.nodes(), (std::vector<std::uint64_t>{11, 12, 13, 14, 15})) << "the order stays";
}

TEST(row_editor, variables_of_a_connection_change_where_they_are) {
  edited_row row("quantal_stp_synapse");
  row.connect(11, 14, 2);
  EXPECT_EQ(row.variables(), reals(4, 1.0));
  row.edit({1, 3}, parameter(row, "a", {{5, 7}}));
  EXPECT_EQ(row.variables(), (reals{1, 5, 1, 7}));
  EXPECT_EQ(row.store.row(1).size(), 1u);
  EXPECT_EQ(row.store.n_cohorts(), 1u) << "what they share is the same";
  EXPECT_EQ(row.store.n_weights(), 0u);
}

TEST(row_editor, variables_stay_with_their_connections) {
  edited_row row("quantal_stp_synapse");
  row.connect(11, 15, 2);
  row.edit({0, 1, 2, 3, 4}, parameter(row, "a", {{10, 20, 30, 40, 50}}));
  row.edit({1}, {.delay_steps = number_list{{5}}});
  EXPECT_EQ(row.nodes(), (std::vector<std::uint64_t>{12, 11, 13, 14, 15}));
  EXPECT_EQ(row.variables(), (reals{20, 10, 30, 40, 50}));
  auto sites = parameter(row, "n", {{9}});  // parts the third from the others, and changes its variable
  sites.parameters.push_back(parameter(row, "a", {{33}}).parameters.front());
  row.edit({2}, sites);
  EXPECT_EQ(row.variables(), (reals{20, 10, 33, 40, 50}));
  EXPECT_EQ(row.store.n_cohorts(), 2u);
  row.edit({1, 3}, {.remove = true});
  EXPECT_EQ(row.variables(), (reals{20, 33, 50}));
  EXPECT_EQ(row.nodes(), (std::vector<std::uint64_t>{12, 13, 15}));
}

TEST(row_editor, shared_weights_stay_shared_where_traces_are) {
  edited_row row("tsodyks_synapse");
  row.connect(11, 14, 2);
  row.edit({1}, parameter(row, "x", {{0.5}}));
  EXPECT_EQ(row.store.row(1).size(), 3u);
  EXPECT_EQ(row.store.n_weights(), 0u);
  EXPECT_EQ(*row.store.traces_of(row.store.first_segment(1) + 1), 0.5);
  edited_row::staged wrong(row, {0}, parameter(row, "y", {{0.5}}));
  EXPECT_TRUE(wrong.editor.illegal().has_value()) << "with x = 1";
  edited_row::staged legal(row, {1}, parameter(row, "y", {{0.5}}));
  EXPECT_FALSE(legal.editor.illegal().has_value());
}

TEST(row_editor, traces_are_set_at_once) {
  edited_row row("stdp_synapse");
  row.connect(11, 12, 2);
  row.edit({0, 1}, parameter(row, "Kplus", {{0.25}}));
  EXPECT_EQ(*row.store.traces_of(row.store.first_segment(1)), 0.25);
}

}  // namespace
}  // namespace volley::runtime::tests
