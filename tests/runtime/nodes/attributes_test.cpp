#include "runtime/nodes/attributes.hpp"

#include <gtest/gtest.h>

#include <array>
#include <stdexcept>

#include "tests/runtime/nodes/node_attributes.hpp"

namespace volley::runtime::tests {
namespace {

class attributes_test : public node_attributes {};

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

TEST_F(attributes_test, a_model_may_refuse_with_another_exception) {
  auto strict = model("iaf_psc_exp_htum");
  strict.refuses_with = models::refusal::BadParameter;
  attributes a{attributes(strict), local_ids{10, 2, 1}};
  refusal(a, error_kind::BadParameter, {{"tau_m", -1.0}});
  refusal(a, error_kind::BadParameter, {{"V_reset", -50.0}});
  refusal(a, error_kind::BadParameter, {{"t_ref_abs", 9.0}});
  refusal(a, error_kind::BadProperty, {{"tau_minus", -1.0}});  // not the model's own
}

double doubled(const std::array<double, 10>& p, const std::array<double, 6>&) { return 2 * p[0]; }

TEST_F(attributes_test, what_is_computed_is_shown_and_belongs_to_no_image) {
  auto with = model("iaf_psc_exp_htum");
  std::vector<models::field> fields(with.fields.begin(), with.fields.end());
  fields.push_back(models::declare::computed<doubled>("twice_tau_m", models::declare::ms, "of tau_m"));
  with.fields = fields;
  attributes a{attributes(with), local_ids{10, 2, 2}};
  a.set({{"tau_m", std::vector<double>{4, 5}}});
  EXPECT_EQ(a.get("twice_tau_m", std::vector<std::uint32_t>{0, 1}), value(std::vector<double>{8, 10}));
  EXPECT_TRUE(a.get_all(0).contains("twice_tau_m"));
  EXPECT_EQ(refusal(a, error_kind::UnaccessedDictionaryEntry, {{"twice_tau_m", 1.0}}),
            "Unaccessed dictionary entry: iaf_psc_exp_htum reports 'twice_tau_m', which cannot be set");
  auto without = nodes("iaf_psc_exp_htum", 2);
  without.restore(a.image());
  EXPECT_EQ(without.image(), a.image());
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

TEST_F(attributes_test, cells_take_the_values_of_others_and_what_is_alike_stays_stored_once) {
  auto from = nodes("iaf_cond_exp", 4);
  from.set({{"I_e", std::vector<double>{1, 2, 3, 4}}, {"tau_minus", 33.0}, {"frozen", true}});
  auto to = nodes("iaf_cond_exp", 3);
  const std::vector<attributes::cell_pair> first{{0, 3}, {2, 1}}, second{{1, 0}};
  to.take(from, first, true);
  to.take(from, second, false);
  EXPECT_EQ(real(to, "I_e", 0), 4);
  EXPECT_EQ(real(to, "I_e", 1), 1);
  EXPECT_EQ(real(to, "I_e", 2), 2);
  EXPECT_EQ(to.get("frozen", 1), value(true));
  EXPECT_TRUE(to.node(&node_record::tau_minus).is_uniform());
}

TEST_F(attributes_test, cells_take_longer_lists_too) {
  auto from = nodes("iaf_psc_exp_multisynapse", 2), to = nodes("iaf_psc_exp_multisynapse", 2);
  const std::vector<std::uint32_t> last{1};
  from.set({{"tau_syn", std::vector<double>{1, 2, 3}}}, last, std::vector<std::uint64_t>{0});
  const std::vector<attributes::cell_pair> long_one{{0, 1}}, short_one{{1, 0}};
  to.take(from, long_one, true);
  to.take(nodes("iaf_psc_exp_multisynapse", 1), short_one, false);
  EXPECT_EQ(to.get("tau_syn", 0), from.get("tau_syn", 1));
  EXPECT_EQ(to.get("tau_syn", 1), from.get("tau_syn", 0));
}

}  // namespace
}  // namespace volley::runtime::tests
