#include "runtime/nodes/attribute_change.hpp"

#include <limits>

#include "runtime/values/parameter.hpp"
#include "tests/runtime/nodes/node_attributes.hpp"

namespace volley::runtime::tests {
namespace {

class attribute_change_test : public node_attributes {
 protected:
  const std::vector<std::uint32_t> all = {0, 1, 2};
  static value column(const attributes& a, std::string_view key) {
    return a.get(key, std::vector<std::uint32_t>{0, 1, 2});
  }
};

TEST_F(attribute_change_test, writes_nothing_before_it_is_committed) {
  auto a = nodes("iaf_psc_alpha", 3);
  const auto before = a.image();
  attribute_change change(a, {{"C_m", 100.0}, {"clear", true}}, all, {}, {});
  EXPECT_EQ(a.image(), before);
  const auto effect = change.commit();
  EXPECT_EQ(column(a, "C_m"), value(std::vector<double>(3, 100)));
  EXPECT_TRUE(effect.params);
  EXPECT_FALSE(effect.frozen);
  EXPECT_EQ(effect.cleared, all);
  EXPECT_FALSE(attribute_change(a, {{"V_m", -60.0}}, all, {}, {}).commit().params) << "a state is no parameter";
}

TEST_F(attribute_change_test, each_node_and_each_key_draws_its_own) {
  const auto uniform = parameter::make({{operation::uniform, {}, {1, 2}}});
  const value_reading how{{7, 3}};
  auto a = nodes("iaf_psc_alpha", 3);
  attribute_change(a, {{"V_m", uniform}, {"I_e", uniform}, {"C_m", std::vector<value>{uniform, 5.0, value()}}}, all, {},
                   how)
      .commit();
  for (std::uint32_t cell = 0; cell < 3; ++cell) {
    const std::uint64_t id = 10 + 2 * cell;
    EXPECT_NEAR(real(a, "V_m", cell), uniform->evaluate(node_site(how.draws, id, 1)), 1e-13) << "the first key";
    EXPECT_EQ(real(a, "I_e", cell), uniform->evaluate(node_site(how.draws, id, 2))) << "the second";
  }
  EXPECT_EQ(real(a, "C_m", 0), uniform->evaluate(node_site(how.draws, 10, 3)));
  EXPECT_EQ(real(a, "C_m", 1), 5);
  EXPECT_EQ(real(a, "C_m", 2), 250);
}

TEST_F(attribute_change_test, a_refusal_names_the_first_node_as_its_place) {
  auto a = nodes("iaf_psc_alpha", 3);
  const auto place_of = [&](const dictionary& values) {
    try {
      attribute_change(a, values, all, {}, {});
    } catch (const api_error& e) {
      return e.place();
    }
    return api_error::nowhere;
  };
  EXPECT_EQ(place_of({{"C_m", std::vector<double>{1, -1, -1}}}), 12u);
  EXPECT_EQ(place_of({{"C_m", "large"}}), 10u) << "wrong for all";
  EXPECT_EQ(place_of({{"nonsense", 1.0}}), 10u);
}

TEST_F(attribute_change_test, keys_that_the_model_does_not_know_can_be_passed_over) {
  auto a = nodes("iaf_psc_alpha", 3);
  attribute_change(a, {{"nonsense", 1.0}, {"C_m", 100.0}}, all, {}, {{}, true}).commit();
  EXPECT_EQ(real(a, "C_m", 2), 100);
}

TEST_F(attribute_change_test, changing_E_L_alone_keeps_absolute_potentials) {
  auto a = nodes("iaf_psc_alpha", 1);
  a.set({{"E_L", -60.0}});
  EXPECT_EQ(real(a, "V_th"), -55);
  EXPECT_EQ(real(a, "V_reset"), -70);
  EXPECT_EQ(real(a, "V_m"), -70);
  EXPECT_EQ(real(a, "V_min"), -HUGE_VAL);
}

TEST_F(attribute_change_test, the_order_of_keys_does_not_matter) {
  for (const dictionary& d : {dictionary{{"E_L", -60.0}, {"V_m", -65.0}}, dictionary{{"V_m", -65.0}, {"E_L", -60.0}}}) {
    auto a = nodes("iaf_psc_delta", 1);
    a.set(d);
    EXPECT_EQ(real(a, "E_L"), -60);
    EXPECT_EQ(real(a, "V_m"), -65);
    EXPECT_EQ(real(a, "V_th"), -55);
  }
}

TEST_F(attribute_change_test, scalars_go_to_all_cells_and_lists_to_one_each) {
  auto a = nodes("iaf_psc_exp", 4);
  const std::vector<std::uint32_t> cells = {1, 3};
  a.set({{"I_e", 5.0}, {"C_m", std::vector<double>{100, 200}}}, cells);
  EXPECT_EQ(a.get("I_e", std::vector<std::uint32_t>{0, 1, 2, 3}), value(std::vector<double>{0, 5, 0, 5}));
  EXPECT_EQ(a.get("C_m", std::vector<std::uint32_t>{0, 1, 2, 3}), value(std::vector<double>{250, 100, 250, 200}));
}

TEST_F(attribute_change_test, lists_may_be_indexed_by_positions) {
  auto a = nodes("iaf_psc_exp", 3);
  const std::vector<std::uint32_t> cells = {0, 2};
  const std::vector<std::uint64_t> positions = {1, 4};
  a.set({{"I_e", std::vector<std::int64_t>{0, 10, 20, 30, 40}}}, cells, positions);
  EXPECT_EQ(a.get("I_e", std::vector<std::uint32_t>{0, 1, 2}), value(std::vector<double>{10, 0, 40}));
  const std::vector<std::uint64_t> beyond = {1, 5};
  EXPECT_THROW(a.set({{"I_e", std::vector<double>{0, 1, 2, 3, 4}}}, cells, beyond), api_error);
}

TEST_F(attribute_change_test, entries_that_are_none_leave_their_cell_alone) {
  auto a = nodes("iaf_psc_alpha", 3);
  const std::vector<std::uint32_t> all = {0, 1, 2};
  a.set({{"V_m", std::vector<value>{-60.0, value(), -50}}, {"E_L", std::vector<value>{value(), -65.0, value()}}}, all);
  EXPECT_EQ(a.get("V_m", all), value(std::vector<double>{-60, -70, -50}));
  EXPECT_EQ(a.get("E_L", all), value(std::vector<double>{-70, -65, -70}));
  EXPECT_EQ(a.get("V_th", all), value(std::vector<double>{-55, -55, -55})) << "absolute values stay";
  refusal(a, error_kind::BadProperty, {{"C_m", std::vector<value>{1.0, value(), -1.0}}}, all);
  const auto effect = a.set({{"clear", std::vector<value>{value(), true, value()}}}, all);
  EXPECT_EQ(effect.cleared, (std::vector<std::uint32_t>{1}));
}

TEST_F(attribute_change_test, the_same_value_for_all_stays_stored_once) {
  auto a = nodes("iaf_psc_alpha", 1000);
  a.set({{"V_th", -50.0}, {"V_m", -60.0}});
  a.set({{"C_m", std::vector<double>(1000, 300.0)}});
  for (std::size_t i = 0; i < a.model().params(); ++i) EXPECT_TRUE(a.params(i).is_uniform()) << i;
  EXPECT_TRUE(a.state(0).is_uniform());
  EXPECT_EQ(real(a, "V_m", 999), -60);
}

TEST_F(attribute_change_test, unknown_keys_name_the_nearest_one) {
  attributes a(model("iaf_psc_alpha"));
  EXPECT_EQ(refusal(a, error_kind::UnaccessedDictionaryEntry, {{"tau_M", 1.0}}),
            "Unaccessed dictionary entry: iaf_psc_alpha has no property 'tau_M'; did you mean 'tau_m'?");
}

TEST_F(attribute_change_test, what_is_read_only_cannot_be_set) {
  auto a = nodes("iaf_psc_alpha", 1);
  for (const char* key : {"t_spike", "post_trace", "archiver_length", "element_type", "recordables", "node_uses_wfr",
                          "I_syn_ex", "Ca_time"})
    refusal(a, error_kind::UnaccessedDictionaryEntry, {{key, 1.0}});
}

TEST_F(attribute_change_test, freezing_is_for_nodes_only) {
  attributes prototype(model("iaf_psc_alpha"));
  refusal(prototype, error_kind::UnaccessedDictionaryEntry, {{"frozen", true}});
  auto a = nodes("iaf_psc_alpha", 1);
  EXPECT_TRUE(a.set({{"frozen", true}}).frozen);
  EXPECT_EQ(a.get("frozen"), value(true));
}

TEST_F(attribute_change_test, types_are_checked) {
  auto a = nodes("iaf_psc_delta", 1);
  refusal(a, error_kind::TypeMismatch, {{"C_m", "large"}});
  refusal(a, error_kind::TypeMismatch, {{"C_m", std::vector<std::string>{"large"}}});
  refusal(a, error_kind::TypeMismatch, {{"refractory_input", 1}});
  refusal(a, error_kind::TypeMismatch, {{"refractory_input", std::vector<std::int64_t>{1}}});
  refusal(a, error_kind::DimensionMismatch, {{"C_m", std::vector<double>{1, 2}}});
  attributes prototype(model("iaf_psc_delta"));
  refusal(prototype, error_kind::TypeMismatch, {{"C_m", std::vector<double>{1}}});
  a.set({{"C_m", 3}, {"I_e", true}});  // an int or a bool is a number
  EXPECT_EQ(real(a, "C_m"), 3);
  EXPECT_EQ(real(a, "I_e"), 1);
}

TEST_F(attribute_change_test, bounds_are_checked_and_named) {
  auto a = nodes("iaf_psc_alpha", 3);
  EXPECT_EQ(refusal(a, error_kind::BadProperty, {{"tau_m", -1.0}}, {2}),
            "iaf_psc_alpha (node 14): tau_m = -1.0 ms must be > 0 and finite");
  EXPECT_EQ(refusal(a, error_kind::BadProperty, {{"V_reset", -50.0}}),
            "iaf_psc_alpha (node 10): V_reset = -50.0 mV must be below V_th = -55.0 mV");
  EXPECT_EQ(refusal(a, error_kind::BadProperty, {{"I_e", std::nan("")}}),
            "iaf_psc_alpha (node 10): I_e = nan pA is not a number");
  refusal(a, error_kind::BadProperty, {{"t_ref", -0.1}});
  constexpr double infinity = std::numeric_limits<double>::infinity();
  EXPECT_EQ(refusal(a, error_kind::BadProperty, {{"tau_m", infinity}}),
            "iaf_psc_alpha (node 10): tau_m = inf ms must be > 0 and finite");
  a.set({{"V_th", infinity}});  // which nothing reaches
  a.set({{"V_reset", -50.0}, {"V_th", -40.0}});  // judged together
  EXPECT_EQ(real(a, "V_reset"), -50);
}

TEST_F(attribute_change_test, one_bad_cell_refuses_the_whole_call) {
  auto a = nodes("iaf_psc_alpha", 3);
  const std::string message =
      refusal(a, error_kind::BadProperty, {{"I_e", 7.0}, {"C_m", std::vector<double>{1, 2, 0}}}, {0, 1, 2});
  EXPECT_EQ(message, "iaf_psc_alpha (node 14): C_m = 0.0 pF must be > 0 and finite");
}

TEST_F(attribute_change_test, clearing_forgets_the_last_spike_and_names_the_cells) {
  auto a = nodes("iaf_psc_alpha", 3);
  a.node(&node_record::t_spike).fill(12.5);
  const auto effect = a.set({{"clear", booleans{{1, 0, 1}}}}, std::vector<std::uint32_t>{0, 1, 2});
  EXPECT_EQ(effect.cleared, (std::vector<std::uint32_t>{0, 2}));
  EXPECT_EQ(real(a, "t_spike", 0), -1);
  EXPECT_EQ(real(a, "t_spike", 1), 12.5);
}

TEST_F(attribute_change_test, synaptic_elements_are_set_as_a_whole) {
  attributes a(model("iaf_psc_alpha"));
  const auto elements = [](const char* key) {
    return dictionary{{"synaptic_elements", value(dictionary{{"Axon", value(dictionary{{key, 2.0}})}})}};
  };
  a.set(elements("z"));
  a.set({{"synaptic_elements", dictionary()}});
  refusal(a, error_kind::TypeMismatch, {{"synaptic_elements", 1.0}});
  EXPECT_THROW(a.set(elements("zz")), api_error);
}

TEST_F(attribute_change_test, no_cells_are_legal_but_their_keys_are_checked) {
  auto a = nodes("iaf_psc_alpha", 0);
  a.set({{"I_e", 3.0}});
  EXPECT_THROW(a.set({{"I_x", 3.0}}), api_error);
  EXPECT_THROW(a.set({{"I_e", "x"}}), api_error);
}

}  // namespace
}  // namespace volley::runtime::tests
