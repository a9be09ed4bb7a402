#include "runtime/nodes/attributes.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <stdexcept>

#include "models/catalog.hpp"
#include "runtime/base/error.hpp"

namespace volley::runtime {
namespace {

class attributes_test : public testing::Test {
 protected:
  const models::neuron_model& model(std::string_view name) const {
    for (const auto& m : models)
      if (m.name == name) return m;
    throw std::out_of_range("no such model");
  }
  attributes nodes(std::string_view name, std::uint32_t count) const {
    return attributes(attributes(model(name)), local_ids{10, 2, count});
  }

  static double real(const attributes& a, std::string_view key, std::uint32_t cell = 0) {
    const value v = a.get(key, cell);
    return v.is<double>() ? *v.get_if<double>() : std::nan("");
  }
  /// The message of the refusal, which must be of a kind and must change nothing.
  static std::string refusal(attributes& a, error_kind kind, const dictionary& values,
                             std::vector<std::uint32_t> cells = {0}) {
    const auto before = a.image();
    try {
      a.set(values, cells);
    } catch (const api_error& e) {
      EXPECT_EQ(e.kind(), kind) << e.what();
      EXPECT_EQ(a.image(), before) << "changed by a refused call";
      return e.what();
    }
    ADD_FAILURE() << "accepted";
    return {};
  }

  std::vector<models::neuron_model> models = models::built_in_neurons();
};

TEST_F(attributes_test, a_prototype_shows_the_defaults_as_absolute_values) {
  const attributes a(model("iaf_psc_alpha"));
  EXPECT_EQ(real(a, "V_th"), -55);
  EXPECT_EQ(real(a, "V_m"), -70);
  EXPECT_EQ(real(a, "tau_minus"), 20);
  EXPECT_EQ(a.get("frozen"), value(false));
  EXPECT_EQ(a.get("archiver_length"), value(0));
  EXPECT_EQ(a.get("recordables"), value(std::vector<std::string>{"I_syn_ex", "I_syn_in", "V_m"}));
  EXPECT_TRUE(a.get("I_syn_ex").is_none());  // can be recorded, but is no key
  EXPECT_TRUE(a.get("nonsense").is_none());
  EXPECT_FALSE(a.has("Ca_time"));
}

TEST_F(attributes_test, get_all_has_every_key_once) {
  const dictionary all = attributes(model("parrot_neuron")).get_all();
  EXPECT_TRUE(all.contains("flush_event_send_interval"));
  EXPECT_TRUE(all.contains("synaptic_elements"));
  EXPECT_EQ(*all.find("element_type"), value("neuron"));
  EXPECT_FALSE(all.contains("recordables"));
  EXPECT_FALSE(all.contains("refractory"));
}

TEST_F(attributes_test, changing_E_L_alone_keeps_absolute_potentials) {
  auto a = nodes("iaf_psc_alpha", 1);
  a.set({{"E_L", -60.0}});
  EXPECT_EQ(real(a, "V_th"), -55);
  EXPECT_EQ(real(a, "V_reset"), -70);
  EXPECT_EQ(real(a, "V_m"), -70);
  EXPECT_EQ(real(a, "V_min"), -HUGE_VAL);
}

TEST_F(attributes_test, the_order_of_keys_does_not_matter) {
  for (const dictionary& d : {dictionary{{"E_L", -60.0}, {"V_m", -65.0}}, dictionary{{"V_m", -65.0}, {"E_L", -60.0}}}) {
    auto a = nodes("iaf_psc_delta", 1);
    a.set(d);
    EXPECT_EQ(real(a, "E_L"), -60);
    EXPECT_EQ(real(a, "V_m"), -65);
    EXPECT_EQ(real(a, "V_th"), -55);
  }
}

TEST_F(attributes_test, scalars_go_to_all_cells_and_lists_to_one_each) {
  auto a = nodes("iaf_psc_exp", 4);
  const std::vector<std::uint32_t> cells = {1, 3};
  a.set({{"I_e", 5.0}, {"C_m", std::vector<double>{100, 200}}}, cells);
  EXPECT_EQ(a.get("I_e", std::vector<std::uint32_t>{0, 1, 2, 3}), value(std::vector<double>{0, 5, 0, 5}));
  EXPECT_EQ(a.get("C_m", std::vector<std::uint32_t>{0, 1, 2, 3}), value(std::vector<double>{250, 100, 250, 200}));
}

TEST_F(attributes_test, lists_may_be_indexed_by_positions) {
  auto a = nodes("iaf_psc_exp", 3);
  const std::vector<std::uint32_t> cells = {0, 2};
  const std::vector<std::uint64_t> positions = {1, 4};
  a.set({{"I_e", std::vector<std::int64_t>{0, 10, 20, 30, 40}}}, cells, positions);
  EXPECT_EQ(a.get("I_e", std::vector<std::uint32_t>{0, 1, 2}), value(std::vector<double>{10, 0, 40}));
  const std::vector<std::uint64_t> beyond = {1, 5};
  EXPECT_THROW(a.set({{"I_e", std::vector<double>{0, 1, 2, 3, 4}}}, cells, beyond), api_error);
}

TEST_F(attributes_test, entries_that_are_none_leave_their_cell_alone) {
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

TEST_F(attributes_test, tells_why_a_key_cannot_be_set) {
  const attributes a(model("iaf_psc_alpha"));
  EXPECT_EQ(a.refusal("V_m", false), "");
  EXPECT_EQ(a.refusal("clear", false), "");
  EXPECT_EQ(a.refusal("frozen", false), "");
  EXPECT_NE(a.refusal("frozen", true).find("for a model"), std::string::npos);
  EXPECT_NE(a.refusal("t_spike", false).find("cannot be set"), std::string::npos);
  EXPECT_NE(a.refusal("tau_M", false).find("did you mean 'tau_m'"), std::string::npos);
}

TEST_F(attributes_test, flags_and_integers_keep_their_type) {
  auto a = nodes("iaf_psc_delta", 2);
  a.set({{"refractory_input", booleans{{0, 1}}}});
  EXPECT_EQ(a.get("refractory_input", 1), value(true));
  EXPECT_EQ(a.get("refractory_input", std::vector<std::uint32_t>{0, 1}), value(booleans{{0, 1}}));
  EXPECT_EQ(a.get("archiver_length", std::vector<std::uint32_t>{0, 1}), value(std::vector<std::int64_t>{0, 0}));
}

TEST_F(attributes_test, the_same_value_for_all_stays_stored_once) {
  auto a = nodes("iaf_psc_alpha", 1000);
  a.set({{"V_th", -50.0}, {"V_m", -60.0}});
  a.set({{"C_m", std::vector<double>(1000, 300.0)}});
  for (std::size_t i = 0; i < a.model().params(); ++i) EXPECT_TRUE(a.params(i).is_uniform()) << i;
  EXPECT_TRUE(a.state(0).is_uniform());
  EXPECT_EQ(real(a, "V_m", 999), -60);
}

TEST_F(attributes_test, unknown_keys_name_the_nearest_one) {
  attributes a(model("iaf_psc_alpha"));
  EXPECT_EQ(refusal(a, error_kind::UnaccessedDictionaryEntry, {{"tau_M", 1.0}}),
            "Unaccessed dictionary entry: iaf_psc_alpha has no property 'tau_M'; did you mean 'tau_m'?");
}

TEST_F(attributes_test, what_is_read_only_cannot_be_set) {
  auto a = nodes("iaf_psc_alpha", 1);
  for (const char* key : {"t_spike", "post_trace", "archiver_length", "element_type", "recordables", "node_uses_wfr",
                          "I_syn_ex", "Ca_time"})
    refusal(a, error_kind::UnaccessedDictionaryEntry, {{key, 1.0}});
}

TEST_F(attributes_test, freezing_is_for_nodes_only) {
  attributes prototype(model("iaf_psc_alpha"));
  refusal(prototype, error_kind::UnaccessedDictionaryEntry, {{"frozen", true}});
  auto a = nodes("iaf_psc_alpha", 1);
  EXPECT_TRUE(a.set({{"frozen", true}}).frozen);
  EXPECT_EQ(a.get("frozen"), value(true));
}

TEST_F(attributes_test, types_are_checked) {
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

TEST_F(attributes_test, bounds_are_checked_and_named) {
  auto a = nodes("iaf_psc_alpha", 3);
  EXPECT_EQ(refusal(a, error_kind::BadProperty, {{"tau_m", -1.0}}, {2}),
            "iaf_psc_alpha (node 14): tau_m = -1.0 ms must be > 0");
  EXPECT_EQ(refusal(a, error_kind::BadProperty, {{"V_reset", -50.0}}),
            "iaf_psc_alpha (node 10): V_reset = -50.0 mV must be below V_th = -55.0 mV");
  EXPECT_EQ(refusal(a, error_kind::BadProperty, {{"I_e", std::nan("")}}),
            "iaf_psc_alpha (node 10): I_e = nan pA is not a number");
  refusal(a, error_kind::BadProperty, {{"t_ref", -0.1}});
  a.set({{"V_reset", -50.0}, {"V_th", -40.0}});  // judged together
  EXPECT_EQ(real(a, "V_reset"), -50);
}

TEST_F(attributes_test, one_bad_cell_refuses_the_whole_call) {
  auto a = nodes("iaf_psc_alpha", 3);
  const std::string message =
      refusal(a, error_kind::BadProperty, {{"I_e", 7.0}, {"C_m", std::vector<double>{1, 2, 0}}}, {0, 1, 2});
  EXPECT_EQ(message, "iaf_psc_alpha (node 14): C_m = 0.0 pF must be > 0");
}

TEST_F(attributes_test, clearing_forgets_the_last_spike_and_names_the_cells) {
  auto a = nodes("iaf_psc_alpha", 3);
  a.node(&node_record::t_spike).fill(12.5);
  const auto effect = a.set({{"clear", booleans{{1, 0, 1}}}}, std::vector<std::uint32_t>{0, 1, 2});
  EXPECT_EQ(effect.cleared, (std::vector<std::uint32_t>{0, 2}));
  EXPECT_EQ(real(a, "t_spike", 0), -1);
  EXPECT_EQ(real(a, "t_spike", 1), 12.5);
}

TEST_F(attributes_test, synaptic_elements_are_empty) {
  attributes a(model("iaf_psc_alpha"));
  a.set({{"synaptic_elements", dictionary()}});
  refusal(a, error_kind::NotImplemented, {{"synaptic_elements", dictionary{{"Axon", dictionary()}}}});
  refusal(a, error_kind::TypeMismatch, {{"synaptic_elements", 1.0}});
}

TEST_F(attributes_test, a_cell_tells_its_channels_and_what_can_be_recorded_of_it) {
  const auto a = nodes("iaf_psc_exp", 3);
  ASSERT_EQ(a.channels(2).size(), 3u);
  EXPECT_FALSE(a.channels(2)[0].is_current());
  EXPECT_EQ(a.channels(2)[2].receptor, 1);
  EXPECT_EQ(a.recordables(2), (std::vector<std::string>{"I_syn_ex", "I_syn_in", "V_m"}));
  EXPECT_TRUE(nodes("parrot_neuron", 1).recordables().empty());
}

TEST_F(attributes_test, an_image_brings_all_values_back) {
  auto a = nodes("iaf_cond_exp", 3);
  a.set({{"I_e", std::vector<double>{1, 2, 3}}, {"g_ex", 4.0}, {"frozen", true}});
  const auto image = a.image();
  auto b = nodes("iaf_cond_exp", 3);
  b.restore(image);
  EXPECT_EQ(b.image(), image);
  EXPECT_EQ(real(b, "I_e", 2), 3);
  EXPECT_EQ(b.get("frozen", 2), value(true));
}

TEST_F(attributes_test, an_image_of_something_else_is_refused) {
  auto a = nodes("iaf_cond_exp", 3);
  const auto before = a.image();
  EXPECT_THROW(a.restore(nodes("iaf_psc_exp", 3).image()), std::invalid_argument);
  auto other_size = nodes("iaf_cond_exp", 4);
  other_size.set({{"I_e", std::vector<double>{1, 2, 3, 4}}});
  EXPECT_THROW(a.restore(other_size.image()), std::invalid_argument);
  EXPECT_EQ(a.image(), before);
}

TEST_F(attributes_test, no_cells_are_legal_but_their_keys_are_checked) {
  auto a = nodes("iaf_psc_alpha", 0);
  a.set({{"I_e", 3.0}});
  EXPECT_THROW(a.set({{"I_x", 3.0}}), api_error);
  EXPECT_THROW(a.set({{"I_e", "x"}}), api_error);
}

}  // namespace
}  // namespace volley::runtime
