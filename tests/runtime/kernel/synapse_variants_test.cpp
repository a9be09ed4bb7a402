// Labelled and compact synapse models: the same network as with the model that they vary, and what compact models
// refuse; on any number of VPs.
#include <gtest/gtest.h>

#include <algorithm>
#include <functional>

#include "tests/runtime/solo_kernel.hpp"

namespace volley::runtime {
namespace {

using integers = std::vector<std::int64_t>;

const dictionary all_to_all{{"rule", "all_to_all"}}, one_to_one{{"rule", "one_to_one"}};

void expect(error_kind kind, const std::function<void()>& call) {
  try {
    call();
    ADD_FAILURE() << "was accepted";
  } catch (const api_error& e) {
    EXPECT_EQ(e.kind(), kind) << e.what();
  }
}

const models::synapse_model& named(const std::string& model) {
  return *std::ranges::find(built_in_models().synapses, model, &models::synapse_model::name);
}

std::vector<std::string> bases() {
  std::vector<std::string> names;
  for (const auto& m : built_in_models().synapses)
    if (!m.labelled && !m.compact) names.emplace_back(m.name);
  return names;
}

class synapse_variants : public testing::TestWithParam<int> {
 protected:
  solo_kernel k{GetParam()};
  node_set nodes = k.create("iaf_psc_alpha", 12);

  node_set at(std::uint64_t first, std::uint64_t last) const { return {nodes.generation, {{first, last, 1}}}; }
  dictionary defaults(const std::string& model) {
    return *std::get<value>(k.call(api::get_defaults{model})).get_if<dictionary>();
  }
};

TEST_P(synapse_variants, have_the_keys_of_their_model_and_labels_one_more) {
  for (const auto& base : bases()) {
    auto own = defaults(base), compact = defaults(base + "_hpc"), label = defaults(base + "_lbl");
    EXPECT_EQ(*label.find("synapse_label"), value(-1)) << base;
    for (const auto& [key, v] : own) {
      ASSERT_TRUE(compact.contains(key) && label.contains(key)) << base << " " << key;
      if (key.starts_with("synapse_model") || key == "type_id") continue;
      EXPECT_EQ(*compact.find(key), v) << base << " " << key;
      EXPECT_EQ(*label.find(key), v) << base << " " << key;
    }
    EXPECT_EQ(compact.size(), own.size());
    EXPECT_EQ(label.size(), own.size() + 1);
  }
}

/// Potentials of neurons that fire, and weights of their connections, of two calls with labels that differ or none.
std::vector<double> result_of(int vps, const std::string& model, bool with_labels) {
  solo_kernel k(vps);
  const auto nodes = k.create("iaf_psc_alpha", 20, {{"I_e", 800.0}});
  dictionary spec{{"synapse_model", model}};
  const bool common_weight = named(model).common_weight;
  if (!common_weight) spec["weight"] = 5.0;
  for (const std::uint64_t first : {1, 11}) {
    if (with_labels) spec["synapse_label"] = static_cast<std::int64_t>(first);
    k.connect(nodes, {nodes.generation, {{first, first + 9, 1}}}, all_to_all, spec);
  }
  k.simulate(50.0);
  const auto all = k.connections();
  std::vector<std::int64_t> labels(all.size());
  for (std::size_t i = 0; i < labels.size(); ++i) labels[i] = static_cast<std::int64_t>(i % 3);
  if (with_labels) k.call(api::set_connection_values{all, value(dictionary{{"synapse_label", labels}})});
  k.simulate(50.0);
  const auto V_m = k.get(nodes, "V_m");
  auto result = *V_m.get_if<std::vector<double>>();
  const auto weights = common_weight ? std::vector<double>() : k.weights(all);
  result.insert(result.end(), weights.begin(), weights.end());
  return result;
}

TEST_P(synapse_variants, change_no_bit) {
  for (const auto& base : bases()) {
    if (named(base).n_draws != 0) continue;
    const auto plain = result_of(1, base, false);
    EXPECT_EQ(result_of(GetParam(), base + "_hpc", false), plain) << base;
    EXPECT_EQ(result_of(GetParam(), base + "_lbl", false), plain) << base;
    EXPECT_EQ(result_of(GetParam(), base + "_lbl", true), plain) << base;
  }
}

TEST_P(synapse_variants, of_models_that_draw_have_draws_of_their_own_that_labels_do_not_change) {
  for (const auto& base : bases()) {
    if (named(base).n_draws == 0) continue;
    EXPECT_EQ(result_of(GetParam(), base + "_hpc", false), result_of(1, base + "_hpc", false)) << base;
    EXPECT_EQ(result_of(GetParam(), base + "_lbl", true), result_of(1, base + "_lbl", false)) << base;
  }
}

TEST_P(synapse_variants, that_are_compact_end_on_receptor_0) {
  const auto parrots = k.create("parrot_neuron", 4);
  const auto connect_by = [&](const value& receptor, const dictionary& rule) {
    k.connect(parrots, parrots, rule, {{"synapse_model", "static_synapse_hpc"}, {"receptor_type", receptor}});
  };
  connect_by(0, all_to_all);
  expect(error_kind::IllegalConnection, [&] { connect_by(1, all_to_all); });
  expect(error_kind::IllegalConnection, [&] { connect_by(integers{0, 0, 1, 0}, one_to_one); });
  expect(error_kind::UnknownReceptorType, [&] { connect_by(2, all_to_all); });
  EXPECT_EQ(k.connections().size(), 16u);
}

TEST_P(synapse_variants, that_are_compact_take_recorders_and_no_meters) {
  const auto recorder = k.create("spike_recorder"), meter = k.create("multimeter");
  for (const char* model : {"static_synapse_hpc", "static_synapse_hom_w_hpc"}) {
    k.connect(nodes, recorder, all_to_all, {{"synapse_model", model}});
    expect(error_kind::IllegalConnection, [&] { k.connect(meter, nodes, all_to_all, {{"synapse_model", model}}); });
  }
  k.connect(meter, nodes, all_to_all, {{"synapse_model", "static_synapse_hom_w_lbl"}});
  EXPECT_EQ(k.connections().size(), 36u);
}

TEST_P(synapse_variants, that_are_compact_end_on_the_first_nodes_of_a_virtual_process) {
  const auto vps = static_cast<std::uint64_t>(GetParam());
  if (vps > 2) return;  // nodes enough for two
  k.create("parrot_neuron", static_cast<std::int64_t>(models::compact_targets * vps));
  const auto last = models::compact_targets * vps;
  k.connect(at(1, 1), at(last, last), all_to_all, {{"synapse_model", "static_synapse_hpc"}});
  const auto beyond = [&](const node_set& to, dictionary rule) {
    expect(error_kind::IllegalConnection, [&] {
      k.connect(at(1, 1), to, std::move(rule), {{"synapse_model", "static_synapse_hpc"}});
    });
  };
  beyond(at(last + 1, last + 1), all_to_all);
  beyond(at(last + 1, last + 5), {{"rule", "fixed_indegree"}, {"indegree", 1}});
  k.connect(at(1, 1), at(last + 1, last + 1));
  EXPECT_EQ(k.connections().size(), 2u);
}

INSTANTIATE_TEST_SUITE_P(vps, synapse_variants, testing::Values(1, 2, 3, 7));

}  // namespace
}  // namespace volley::runtime
