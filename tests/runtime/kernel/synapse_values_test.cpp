// Properties of synapses that are not floats, on a model made for the purpose: stdp_synapse with an int, a bool and a
// choice.
#include "runtime/kernel/synapse_values.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>

#include "tests/runtime/solo_kernel.hpp"

namespace volley::runtime {
namespace {

constexpr std::array<std::string_view, 3> sizes{"none", "small", "large"};

const model_catalog& with_typed_synapse() {
  static std::vector<models::field> fields;
  static const model_catalog catalog = [] {
    model_catalog c = built_in_models();
    auto typed = *std::ranges::find(c.synapses, "stdp_synapse", &models::synapse_model::name);
    typed.name = "typed_synapse";
    fields.assign(typed.fields.begin(), typed.fields.end());
    for (auto& f : fields) {
      if (f.name == "mu_plus") f.kind = models::field_kind::integer;
      if (f.name == "mu_minus") f.kind = models::field_kind::flag;
      if (f.name == "alpha") models::declare::one_of(sizes)(f);
    }
    typed.fields = fields;
    c.synapses.push_back(typed);
    return c;
  }();
  return catalog;
}

using integers = std::vector<std::int64_t>;
using texts = std::vector<std::string>;

class typed_synapses : public testing::Test {
 protected:
  solo_kernel k{2, no_memory_limit, false, with_typed_synapse()};
  node_set sources = k.create("parrot_neuron", 2), targets = k.create("parrot_neuron", 2);

  api::request connection(dictionary properties, const char* model = "typed_synapse") {
    properties["synapse_model"] = model;
    return api::connect{sources, targets, {{"rule", "one_to_one"}}, {std::move(properties)}};
  }
  void connect(dictionary properties, const char* model = "typed_synapse") {
    k.call(connection(std::move(properties), model));
  }
  value of_connections(const std::string& key) {
    return *std::get<value>(k.call(api::get_connection_values{k.connections(), {key}})).get_if<dictionary>()->find(key);
  }
  value of_model(const std::string& key) {
    return *std::get<value>(k.call(api::get_defaults{"typed_synapse"})).get_if<dictionary>()->find(key);
  }
  void set(dictionary values) { k.call(change(std::move(values))); }
  api::request change(dictionary values) {
    return api::set_connection_values{k.connections(), value(std::move(values))};
  }
  void refused(const api::request& r) {
    try {
      k.call(r);
      ADD_FAILURE() << "was accepted";
    } catch (const api_error& e) {
      EXPECT_EQ(e.kind(), error_kind::TypeMismatch) << e.what();
    }
  }
};

TEST_F(typed_synapses, defaults_have_the_types_of_their_fields) {
  EXPECT_EQ(of_model("mu_plus"), value(std::int64_t{1}));
  EXPECT_EQ(of_model("mu_minus"), value(true));
  EXPECT_EQ(of_model("alpha"), value("small"));
  EXPECT_EQ(of_model("lambda"), value(0.01));
  k.call(api::set_defaults{"typed_synapse", {{"mu_plus", std::int64_t{2}}, {"mu_minus", false}, {"alpha", "large"}}});
  EXPECT_EQ(of_model("mu_plus"), value(std::int64_t{2}));
  EXPECT_EQ(of_model("mu_minus"), value(false));
  EXPECT_EQ(of_model("alpha"), value("large"));
  refused(api::set_defaults{"typed_synapse", {{"mu_plus", 2.0}}});
  refused(api::set_defaults{"typed_synapse", {{"mu_minus", std::int64_t{1}}}});
  refused(api::set_defaults{"typed_synapse", {{"alpha", "huge"}}});
}

TEST_F(typed_synapses, connect_takes_them_shared_or_one_by_one) {
  connect({{"mu_plus", integers{2, 3}}, {"mu_minus", false}, {"alpha", texts{"none", "large"}}});
  EXPECT_EQ(of_connections("mu_plus"), value(integers{2, 3}));
  EXPECT_EQ(of_connections("mu_minus"), value(booleans{{0, 0}}));
  EXPECT_EQ(of_connections("alpha"), value(texts{"none", "large"}));
}

TEST_F(typed_synapses, connect_refuses_other_types) {
  const std::vector<dictionary> wrong{{{"mu_plus", 2.0}},
                                      {{"mu_plus", std::vector<double>{2, 3}}},
                                      {{"mu_plus", true}},
                                      {{"mu_minus", integers{0, 1}}},
                                      {{"mu_minus", "yes"}},
                                      {{"alpha", 1.0}},
                                      {{"alpha", texts{"none", "huge"}}}};
  for (const auto& properties : wrong) refused(connection(properties));
  EXPECT_EQ(k.connections().size(), 0u);
}

TEST_F(typed_synapses, connections_are_set_in_the_types_of_their_fields) {
  connect({});
  set({{"mu_plus", integers{4, 5}}, {"mu_minus", booleans{{0, 1}}}, {"alpha", "large"}});
  EXPECT_EQ(of_connections("mu_plus"), value(integers{4, 5}));
  EXPECT_EQ(of_connections("mu_minus"), value(booleans{{0, 1}}));
  EXPECT_EQ(of_connections("alpha"), value(texts{"large", "large"}));
  refused(change({{"mu_plus", 4.5}}));
  refused(change({{"mu_plus", std::vector<double>{4, 5}}}));
  EXPECT_EQ(of_connections("mu_plus"), value(integers{4, 5}));
}

TEST_F(typed_synapses, models_may_differ_in_the_type_of_a_key) {
  connect({{"mu_plus", std::int64_t{2}}});
  connect({{"mu_plus", 0.5}}, "stdp_synapse");
  EXPECT_EQ(of_connections("mu_plus"), value(std::vector<value>{0.5, 0.5, std::int64_t{2}, std::int64_t{2}}));
}

TEST(synapse_values, arrays_of_a_call_without_connections_are_empty) {
  solo_kernel k(2);
  const auto nodes = k.create("parrot_neuron", 1);
  const dictionary none{{"rule", "fixed_indegree"}, {"indegree", 0}};
  for (const char* key : {"weight", "delay", "receptor_type", "mu_minus"})
    k.connect(nodes, nodes, none, {{"synapse_model", "stdp_synapse"}, {key, matrix{1, 0, {}}}});
  k.connect(nodes, nodes, none,
            {{"synapse_model", "stdp_synapse"}, {"weight", matrix{1, 0, {}}}, {"mu_minus", matrix{1, 0, {}}}});
  EXPECT_TRUE(k.connections().sources.empty());
}

}  // namespace
}  // namespace volley::runtime
