#include "runtime/base/nearest_name.hpp"

#include <gtest/gtest.h>

namespace volley::runtime {
namespace {

const std::vector<std::string> known = {"tau_m", "tau_minus", "V_th", "V_m", "I_e", "C_m"};

TEST(nearest_name, finds_typing_errors) {
  EXPECT_EQ(nearest_name("tau_M", known), "tau_m");
  EXPECT_EQ(nearest_name("tau_minos", known), "tau_minus");
  EXPECT_EQ(nearest_name("Vth", known), "V_th");
}

TEST(nearest_name, is_silent_when_nothing_is_near) {
  EXPECT_EQ(nearest_name("conductance", known), "");
  EXPECT_EQ(did_you_mean("conductance", known), "");
  EXPECT_EQ(nearest_name("x", std::vector<std::string>{}), "");
}

TEST(nearest_name, compares_no_texts_that_are_longer_than_names) {
  const std::string text(10'000'000, 'x');  // compared letter by letter, it would take days
  EXPECT_EQ(nearest_name(text, std::vector<std::string>{"x", text + "x"}), "");
  EXPECT_EQ(nearest_name("tau_M", std::vector<std::string>{text, "tau_m"}), "tau_m");
}

TEST(nearest_name, is_never_the_name_itself) { EXPECT_EQ(did_you_mean("V_m", known), ""); }

TEST(nearest_name, an_unaccessed_entry_is_unknown_or_only_told) {
  EXPECT_EQ(unaccessed_entry("V_n", "this model", known, {"model"}),
            "Unaccessed entry 'V_n': no property of this model; did you mean 'V_m'?");
  EXPECT_EQ(unaccessed_entry("model", "this model", known, {"model"}),
            "Unaccessed entry 'model' of this model is told, it cannot be set");
}

TEST(nearest_name, is_phrased_for_the_end_of_a_message) {
  EXPECT_EQ(did_you_mean("v_m", known), "; did you mean 'V_m'?");
}

}  // namespace
}  // namespace volley::runtime
