#include "runtime/connections/synapse_rules.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "models/catalog.hpp"
#include "runtime/base/error.hpp"

namespace volley::runtime {
namespace {

const models::synapse_model& model(std::string_view name) {
  static const auto all = models::built_in_synapses();
  return *std::ranges::find(all, name, &models::synapse_model::name);
}

const auto& stdp = model("stdp_synapse");

/// What is wrong with the defaults but one number.
std::string fault_of(std::string_view name, double x, double weight = 1, const models::synapse_model& of = stdp) {
  std::vector<double> set(of.defaults.begin(), of.defaults.end());
  set[find_property(of, name)->member] = x;
  return fault_of_synapse(of, set, weight);
}

TEST(synapse_rules, properties_are_found_by_name) {
  const auto tau = find_property(stdp, "tau_plus");
  ASSERT_TRUE(tau.has_value());
  EXPECT_EQ(tau->field->name, "tau_plus");
  EXPECT_EQ(stdp.defaults[tau->member], 20);
  EXPECT_GE(find_property(stdp, "Kplus")->member, stdp.n_params) << "traces lie behind the parameters";
  EXPECT_FALSE(find_property(stdp, "tau").has_value());
}

TEST(synapse_rules, what_all_synapses_of_a_model_share_is_not_their_own) {
  const auto& hom = model("stdp_synapse_hom");
  EXPECT_TRUE(find_property(hom, "tau_plus")->is_common);
  EXPECT_FALSE(find_own_property(hom, "tau_plus").has_value());
  EXPECT_TRUE(find_own_property(hom, "Kplus").has_value());
  EXPECT_TRUE(find_own_property(stdp, "tau_plus").has_value());
  EXPECT_FALSE(find_own_property(stdp, "nothing").has_value());
}

TEST(synapse_rules, faults_name_the_number_and_its_range) {
  EXPECT_EQ(fault_of("Kplus", 0), "");
  EXPECT_EQ(fault_of("Kplus", -1), "Kplus = -1.0 must be >= 0 and finite");
  EXPECT_EQ(fault_of("tau_plus", 0, 1, model("stdp_pl_synapse_hom")), "tau_plus = 0.0 ms must be > 0 and finite");
  EXPECT_EQ(fault_of("Kplus", std::nan("")), "Kplus = nan must be a number");
  EXPECT_NE(fault_of("Wmax", -100), "") << "the signs of weight and Wmax differ";
  EXPECT_EQ(fault_of("Wmax", -100, -1), "");
  EXPECT_EQ(fault_of("Wmax", 100, std::nan("")), "weight must be a number");
}

TEST(synapse_rules, refusals_begin_with_the_call) {
  const std::span<const double> set(stdp.defaults.data(), stdp.defaults.size());
  EXPECT_TRUE(is_legal_synapse(stdp, set, 1));
  EXPECT_FALSE(is_legal_synapse(stdp, set, -1));
  EXPECT_NO_THROW(check_synapse(stdp, set, 1, "Connect"));
  EXPECT_NO_THROW(check_weight(-1, "Connect"));
  for (void (*refusal)(std::span<const double>) :
       {+[](std::span<const double> s) { check_synapse(stdp, s, std::nan(""), "Connect"); },
        +[](std::span<const double>) { check_weight(std::nan(""), "Connect"); }}) {
    try {
      refusal(set);
      FAIL();
    } catch (const api_error& e) {
      EXPECT_EQ(e.kind(), error_kind::BadProperty);
      EXPECT_STREQ(e.what(), "Connect: weight must be a number");
    }
  }
}

}  // namespace
}  // namespace volley::runtime
