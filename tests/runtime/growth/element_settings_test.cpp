#include "runtime/growth/element_settings.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <optional>

#include "runtime/base/error.hpp"

namespace volley::runtime {
namespace {

std::vector<element_setting> read(dictionary of_one) {
  return read_elements(value(dictionary{{"axon", value(std::move(of_one))}}), "n: synaptic_elements", 7);
}

std::optional<api_error> refused(const value& v) {
  try {
    read_elements(v, "n: synaptic_elements", 7);
  } catch (const api_error& e) {
    return e;
  }
  return std::nullopt;
}
std::optional<api_error> refused_one(dictionary of_one) {
  return refused(value(dictionary{{"axon", value(std::move(of_one))}}));
}

TEST(element_settings, are_read_by_name_and_field) {
  const auto all = read_elements(
      value(dictionary{{"axon", value(dictionary{{"growth_curve", "gaussian"}, {"z", 2}, {"continuous", false}})},
                       {"dendrite", value(dictionary{})}}),
      "n", 0);
  ASSERT_EQ(all.size(), 2u);
  EXPECT_EQ(all[0].name, "axon");
  ASSERT_EQ(all[0].values.size(), 3u);
  EXPECT_EQ(all[0].values[1].first->name, "z");
  EXPECT_EQ(all[0].values[1].second, 2.0);
  EXPECT_TRUE(all[1].values.empty());
}

TEST(element_settings, the_curve_is_the_one_that_is_asked_for) {
  EXPECT_EQ(read({{"growth_curve", "sigmoid"}})[0].curve(growth_curve::linear), growth_curve::sigmoid);
  EXPECT_EQ(read({{"z", 1.0}})[0].curve(growth_curve::gaussian), growth_curve::gaussian);
}

TEST(element_settings, keys_belong_to_curves) {
  EXPECT_EQ(why_not(read({{"eta", 0.1}, {"eps", 0.2}})[0], growth_curve::gaussian), "");
  EXPECT_NE(why_not(read({{"eta", 0.1}})[0], growth_curve::linear), "");
  EXPECT_EQ(why_not(read({{"psi", 0.1}})[0], growth_curve::sigmoid), "");
  EXPECT_NE(why_not(read({{"psi", 0.1}})[0], growth_curve::gaussian), "");
}

TEST(element_settings, wrong_values_are_refused_with_their_place) {
  EXPECT_EQ(refused(value(1.0))->kind(), error_kind::TypeMismatch);
  EXPECT_EQ(refused(value(dictionary{{"axon", 1.0}}))->kind(), error_kind::TypeMismatch);
  EXPECT_EQ(refused_one({{"z", "many"}})->kind(), error_kind::TypeMismatch);
  EXPECT_EQ(refused_one({{"z", std::vector<double>{1, 2}}})->kind(), error_kind::TypeMismatch);
  EXPECT_EQ(refused_one({{"z", -1.0}})->kind(), error_kind::BadProperty);
  EXPECT_EQ(refused_one({{"z", 1e300}})->kind(), error_kind::BadProperty);
  EXPECT_EQ(refused_one({{"eps", std::nan("")}})->kind(), error_kind::BadProperty);
  EXPECT_EQ(refused_one({{"tau_vacant", 0.0}})->kind(), error_kind::BadProperty);
  EXPECT_EQ(refused_one({{"continuous", 1}})->kind(), error_kind::TypeMismatch);
  EXPECT_EQ(refused_one({{"growth_curve", "cubic"}})->kind(), error_kind::BadProperty);
  EXPECT_EQ(refused_one({{"growth_curve", 1}})->kind(), error_kind::TypeMismatch);
  EXPECT_EQ(refused_one({{"z", -1.0}})->place(), 7u);
}

TEST(element_settings, unknown_keys_are_told_with_the_nearest) {
  const auto e = refused_one({{"grwth_rate", 1.0}});
  EXPECT_EQ(e->kind(), error_kind::UnaccessedDictionaryEntry);
  EXPECT_NE(std::string(e->what()).find("growth_rate"), std::string::npos) << e->what();
  for (const char* key : {"z_connected", "z_vacant", "present"})
    EXPECT_EQ(refused_one({{key, 1}})->kind(), error_kind::UnaccessedDictionaryEntry) << key;
}

}  // namespace
}  // namespace volley::runtime
