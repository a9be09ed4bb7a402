// What every synapse model must keep, whatever it computes.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <set>
#include <string>

#include "models/catalog.hpp"

namespace volley::synapses::tests {
namespace {

using models::field;
using models::part;
using models::synapse_model;

const std::vector<synapse_model>& all() {
  static const auto models = models::built_in_synapses();
  return models;
}

class synapse_conformance : public testing::TestWithParam<std::string> {
 protected:
  const synapse_model& model = *std::ranges::find(all(), GetParam(), &synapse_model::name);
};

TEST_P(synapse_conformance, fields_have_names_of_their_own_and_a_meaning) {
  std::set<std::string_view> names{"weight", "delay", "receptor_type", "synapse_model", "weight_recorder"};
  for (const field& f : model.fields) {
    EXPECT_TRUE(names.insert(f.name).second) << f.name;
    EXPECT_FALSE(f.meaning.empty()) << f.name;
  }
  EXPECT_FALSE(model.meaning.empty());
}

TEST_P(synapse_conformance, every_parameter_trace_and_variable_has_a_row) {
  std::map<part, std::set<int>> columns;
  std::set<std::size_t> members;
  if (model.lead >= 0) {  // what no user sees
    columns[part::params].insert(model.lead);
    members.insert(static_cast<std::size_t>(model.lead));
  }
  for (const field& f : model.fields) {
    EXPECT_TRUE(columns[f.where].insert(f.column).second) << f.name;
    EXPECT_TRUE(members.insert(models::member_of(model, f)).second) << f.name;
  }
  EXPECT_EQ(columns[part::params].size(), model.n_params);
  EXPECT_EQ(columns[part::state].size(), model.n_traces);
  EXPECT_EQ(columns[part::connection].size(), model.n_variables);
  EXPECT_EQ(model.defaults.size(), model.n_params + model.n_traces + model.n_variables);
  EXPECT_EQ(members.size(), model.defaults.size());
  EXPECT_TRUE(members.empty() || *members.rbegin() == members.size() - 1);
}

TEST_P(synapse_conformance, defaults_are_legal) {
  EXPECT_EQ(model.check(model.defaults.data(), model.defaults.data() + model.n_params, 1.0), nullptr);
}

TEST_P(synapse_conformance, variants_stand_behind_their_model) {
  const auto is_base = [](const synapse_model& m) { return !m.labelled && !m.compact; };
  const auto place = std::ranges::find(all(), GetParam(), &synapse_model::name) - all().begin();
  EXPECT_EQ(std::count_if(all().begin(), all().begin() + place + 1, is_base), model.loop + 1);
  const auto base = std::find_if(std::make_reverse_iterator(all().begin() + place + 1), all().rend(), is_base);
  const std::string suffix = model.labelled ? "_lbl" : model.compact ? "_hpc" : "";
  EXPECT_EQ(model.name, std::string(base->name) + suffix);
  EXPECT_EQ(model.n_params, base->n_params + (model.labelled ? 1 : 0));
  EXPECT_EQ(model.n_traces, base->n_traces);
  EXPECT_EQ(model.n_variables, base->n_variables);
}

TEST_P(synapse_conformance, the_label_is_the_last_parameter) {
  std::vector<const field*> labels;
  for (const field& f : model.fields)
    if (models::is_label(model, f)) labels.push_back(&f);
  ASSERT_EQ(labels.size(), model.labelled ? 1u : 0u);
  if (!model.labelled) return;
  EXPECT_EQ(labels[0]->name, "synapse_label");
  EXPECT_FALSE(models::is_common(model, *labels[0]));
  EXPECT_EQ(models::member_of(model, *labels[0]), model.n_params - 1);
  EXPECT_EQ(model.defaults[model.n_params - 1], models::no_label);
  EXPECT_TRUE(models::is_legal(model, model.defaults.data(), 1.0));
}

TEST_P(synapse_conformance, spikes_go_through_its_connections_in_one_way) {
  ASSERT_EQ(model.plastic, model.after_pre != nullptr);
  ASSERT_EQ(model.walk != nullptr, model.at_spike != nullptr);
  EXPECT_LE(int{model.plastic} + (model.release != nullptr) + (model.walk != nullptr), 1);
  EXPECT_TRUE(model.walk != nullptr || model.n_variables + model.n_chances + model.n_draws == 0);
  EXPECT_TRUE(!models::is_static(model) || model.n_traces == 0);
}

TEST_P(synapse_conformance, traces_move_at_spikes_of_the_source) {
  const auto first = model.defaults.begin() + static_cast<std::ptrdiff_t>(model.n_params);
  const std::vector<double> before(first, first + static_cast<std::ptrdiff_t>(model.n_traces));
  auto traces = before;
  std::vector<double> chances(model.n_chances);
  for (int spike = 0; spike < 5; ++spike) {
    const double* const params = model.defaults.data();
    if (model.plastic) model.after_pre(params, traces.data(), 10.0);
    if (model.release != nullptr) model.release(params, traces.data(), 10.0, spike == 0);
    if (model.walk != nullptr) model.at_spike(params, traces.data(), 10.0, spike == 0, chances.data());
  }
  for (const double x : traces) EXPECT_TRUE(std::isfinite(x));
  for (const double x : chances) EXPECT_TRUE(std::isfinite(x));
  EXPECT_EQ(traces != before, model.plastic || model.release != nullptr);
}

std::vector<std::string> names() {
  std::vector<std::string> result;
  for (const auto& m : all()) result.emplace_back(m.name);
  return result;
}

INSTANTIATE_TEST_SUITE_P(catalog, synapse_conformance, testing::ValuesIn(names()),
                         [](const auto& info) { return info.param; });

}  // namespace
}  // namespace volley::synapses::tests
