// Members that users see as one dictionary.
#include "models/core/describe_neuron.hpp"
#include "runtime/values/parameter.hpp"
#include "tests/models/core/two_compartments.hpp"
#include "tests/runtime/nodes/node_attributes.hpp"

namespace volley::runtime::tests {
namespace {

using numbers = std::vector<double>;
using each = std::vector<value>;

struct group_change : node_attributes {
  const models::neuron_model two = models::describe_neuron<models::tests::two_compartments>(0);
  const std::vector<std::uint32_t> all{0, 1, 2};
  attributes three{attributes(two), local_ids{10, 2, 3}};
  double member(const char* group, const char* name, std::uint32_t cell) const {
    const auto members = three.get(group, cell);
    return *members.get_if<dictionary>()->find(name)->get_if<double>();
  }
};

TEST_F(group_change, a_group_is_a_dictionary_of_its_members) {
  const auto soma = three.get("soma", 1);
  ASSERT_TRUE(soma.is<dictionary>());
  EXPECT_EQ(soma.get_if<dictionary>()->size(), 4u);
  EXPECT_EQ(member("soma", "C_m", 0), 1);
  EXPECT_EQ(member("dendrite", "C_m", 0), 6);
  EXPECT_FALSE(soma.get_if<dictionary>()->contains("hidden"));
  EXPECT_TRUE(three.get("V_m.s").is_none()) << "a recordable is no key";
  EXPECT_EQ(three.recordables(), (std::vector<std::string>{"V_m.d", "V_m.s", "hidden.d", "hidden.s"}));
}

TEST_F(group_change, what_a_dictionary_names_is_set) {
  three.set({{"soma", dictionary{{"V_m", -60.0}, {"C_m", 200}}}, {"dendrite", dictionary{{"V_th", 30.0}}}},
            std::vector<std::uint32_t>{0, 2});
  EXPECT_EQ(member("soma", "V_m", 0), -60);
  EXPECT_EQ(member("soma", "V_m", 1), 4);
  EXPECT_EQ(member("soma", "C_m", 2), 200);
  EXPECT_EQ(member("soma", "V_reset", 2), 1);
  EXPECT_EQ(member("dendrite", "V_th", 2), 30);
  EXPECT_EQ(member("dendrite", "V_m", 2), 4);
}

TEST_F(group_change, each_node_may_have_its_own) {
  three.set({{"soma", each{dictionary{{"V_m", -60.0}}, value(), dictionary{{"V_m", -62.0}, {"C_m", 5.0}}}}}, all);
  for (std::uint32_t cell = 0; cell < 3; ++cell) {
    EXPECT_EQ(member("soma", "V_m", cell), (numbers{-60, 4, -62})[cell]);
    EXPECT_EQ(member("soma", "C_m", cell), cell == 2 ? 5 : 1);
  }
}

TEST_F(group_change, refusals_name_the_member) {
  EXPECT_EQ(refusal(three, error_kind::UnaccessedDictionaryEntry, {{"soma", dictionary{{"C_M", 1.0}}}}),
            "Unaccessed dictionary entry: two_compartments: soma has no property 'C_M'; did you mean 'C_m'?");
  EXPECT_EQ(refusal(three, error_kind::BadProperty, {{"soma", dictionary{{"V_m", -60.0}, {"C_m", -1.0}}}}),
            "two_compartments (node 10): C_m.s = -1.0 pF must be > 0 and finite");
  EXPECT_EQ(refusal(three, error_kind::BadProperty, {{"dendrite", dictionary{{"V_reset", 7.0}}}}),
            "two_compartments (node 10): V_reset.d = 7.0 mV must be below V_th.d = 2.0 mV");
  EXPECT_EQ(refusal(three, error_kind::TypeMismatch, {{"soma", 5.0}}),
            "two_compartments: soma must be a dictionary, not float 5.0");
  refusal(three, error_kind::TypeMismatch, {{"soma", dictionary{{"V_m", "high"}}}});
  refusal(three, error_kind::TypeMismatch, {{"soma", dictionary{{"V_m", numbers{1, 2, 3}}}}}, all);
  refusal(three, error_kind::TypeMismatch,
          {{"soma", dictionary{{"V_m", parameter::make({{operation::uniform, {}, {1, 2}}})}}}});
  refusal(three, error_kind::DimensionMismatch, {{"soma", each{dictionary{{"V_m", -60.0}}}}}, all);
  refusal(three, error_kind::TypeMismatch, {{"soma", each{dictionary{}, 5.0, dictionary{}}}}, all);
}

TEST_F(group_change, a_prototype_takes_one_dictionary) {
  attributes prototype(two);
  prototype.set({{"dendrite", dictionary{{"V_m", -65.0}}}});
  three = attributes(prototype, local_ids{10, 2, 3});
  EXPECT_EQ(member("dendrite", "V_m", 2), -65);
  refusal(prototype, error_kind::TypeMismatch, {{"dendrite", each{dictionary{}}}});
}

TEST_F(group_change, receptors_have_names) {
  const auto types = three.get("receptor_types");
  ASSERT_TRUE(types.is<dictionary>());
  EXPECT_EQ(types.get_if<dictionary>()->size(), 3u);
  EXPECT_EQ(*types.get_if<dictionary>()->find("current"), value(4));
  EXPECT_TRUE(nodes("iaf_psc_exp", 1).get("receptor_types").is_none());
  refusal(three, error_kind::UnaccessedDictionaryEntry, {{"receptor_types", dictionary{}}});
}

}  // namespace
}  // namespace volley::runtime::tests
