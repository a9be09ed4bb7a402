// What changes of lists say when they are refused; what they do is in attribute_lists_test.
#include "runtime/values/parameter.hpp"
#include "tests/runtime/nodes/node_attributes.hpp"

namespace volley::runtime::tests {
namespace {

using numbers = std::vector<double>;
using lists = std::vector<value>;

struct list_change : node_attributes {
  const std::vector<std::uint32_t> both{0, 1};
};

TEST_F(list_change, lists_that_belong_together_have_the_same_length) {
  auto a = nodes("aeif_cond_alpha_multisynapse", 2);
  EXPECT_EQ(refusal(a, error_kind::BadProperty, {{"E_rev", numbers{1, 2}}, {"tau_syn", numbers{1}}}, both),
            "aeif_cond_alpha_multisynapse (node 10): tau_syn has 1 entry, but another list that belongs to it has 2");
  EXPECT_EQ(refusal(a, error_kind::BadProperty, {{"E_rev", numbers{1}}, {"tau_syn", numbers{1, 2}}}, both),
            "aeif_cond_alpha_multisynapse (node 10): tau_syn has 2 entries, but another list that belongs to it has 1");
  EXPECT_EQ(refusal(a, error_kind::BadProperty, {{"E_rev", numbers{1, 2}}}, both),
            "aeif_cond_alpha_multisynapse (node 10): tau_syn must have as many entries as the lists that belong to it; "
            "give all of them together");
  a.set({{"E_rev", numbers{1, 2}}, {"tau_syn", numbers{3, 4}}}, both);
  a.set({{"E_rev", numbers{5, 6}}}, both);
  EXPECT_EQ(a.get("E_rev", 1), value(numbers{5, 6}));
  EXPECT_EQ(a.get("tau_syn", 1), value(numbers{3, 4}));
}

TEST_F(list_change, the_node_and_the_entry_that_are_refused_are_named) {
  auto a = nodes("iaf_psc_exp_multisynapse", 2);
  EXPECT_EQ(refusal(a, error_kind::BadProperty, {{"tau_syn", lists{numbers{1}, numbers{1, -3}}}}, both),
            "iaf_psc_exp_multisynapse (node 12): tau_syn[1] = -3.0 ms must be > 0 and finite");
  EXPECT_EQ(refusal(a, error_kind::DimensionMismatch, {{"tau_syn", lists{numbers{1}}}}, both),
            "iaf_psc_exp_multisynapse: tau_syn has 1 list for 2 nodes");
  a.note_connections(1, true);
  EXPECT_EQ(refusal(a, error_kind::BadProperty, {{"tau_syn", numbers{}}}, both),
            "iaf_psc_exp_multisynapse (node 12): connections end at its 1 receptor; none of them can be taken away");
}

TEST_F(list_change, what_is_no_list_is_told) {
  auto a = nodes("iaf_psc_exp_multisynapse", 2);
  EXPECT_EQ(refusal(a, error_kind::TypeMismatch, {{"tau_syn", 2.0}}, both),
            "iaf_psc_exp_multisynapse: tau_syn must be a list of floats, not float 2.0");
  refusal(a, error_kind::TypeMismatch, {{"tau_syn", lists{numbers{1}, "x"}}}, both);
  refusal(a, error_kind::TypeMismatch, {{"tau_syn", parameter::make({{operation::uniform, {}, {1, 2}}})}}, both);
  attributes prototype(model("iaf_psc_exp_multisynapse"));
  refusal(prototype, error_kind::TypeMismatch, {{"tau_syn", lists{numbers{1}}}});
  prototype.set({{"tau_syn", numbers{1, 2}}});
  EXPECT_EQ(attributes(prototype, local_ids{10, 2, 2}).get("tau_syn", 1), value(numbers{1, 2}));
}

TEST_F(list_change, one_number_is_a_list_where_the_model_takes_it) {
  auto a = nodes("pp_psc_delta", 2);
  a.set({{"tau_sfa", 34.0}, {"q_sfa", 7}}, both);
  EXPECT_EQ(a.get("tau_sfa", 1), value(numbers{34}));
  EXPECT_EQ(a.get("q_sfa", 0), value(numbers{7}));
}

TEST_F(list_change, a_member_that_needs_a_flag_is_refused_without_it) {
  auto a = nodes("glif_psc", 2);
  EXPECT_EQ(refusal(a, error_kind::BadProperty, {{"ASCurrents", numbers{1, 2}}}, both),
            "glif_psc (node 10): ASCurrents needs after_spike_currents");
  a.set({{"ASCurrents", numbers{1, 2}}, {"after_spike_currents", true}}, both);
  EXPECT_EQ(a.get("ASCurrents", 0), value(numbers{1, 2}));
}

}  // namespace
}  // namespace volley::runtime::tests
