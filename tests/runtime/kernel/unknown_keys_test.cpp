// Keys that nobody knows are errors or warnings, and never both.
#include "runtime/base/unknown_keys.hpp"

#include <gtest/gtest.h>

#include "tests/runtime/solo_kernel.hpp"

namespace volley::runtime {
namespace {

TEST(unknown_keys, are_errors_of_their_kind) {
  unknown_keys unknown;
  EXPECT_THROW(unknown.add("model", "key", "text"), api_error);
  try {
    unknown.add("model", "key", "text", error_kind::ValueError);
    FAIL();
  } catch (const api_error& refusal) {
    EXPECT_EQ(refusal.kind(), error_kind::ValueError);
    EXPECT_STREQ(refusal.what(), "text");
  }
  EXPECT_TRUE(unknown.warnings().empty());
}

TEST(unknown_keys, are_warned_of_once_where_they_are_none) {
  unknown_keys unknown(false);
  for (int i = 0; i < 3; ++i) unknown.add("model", "key", "first");
  unknown.add("model", "other", "second");
  unknown.add("another", "key", "third");
  EXPECT_EQ(unknown.warnings(), (std::vector<std::string>{"first", "second", "third"}));
}

class lenient_kernel : public testing::TestWithParam<std::int64_t> {
 protected:
  lenient_kernel() { k.set_status({{"dict_miss_is_error", false}}); }

  /// How many warnings the last call gave; all must name the key.
  std::size_t warned(const std::string& key) {
    for (const auto& line : k.last_log()) {
      EXPECT_EQ(line.severity, api::log_warning);
      EXPECT_NE(line.text.find("'" + key + "'"), std::string::npos) << line.text;
    }
    return k.last_log().size();
  }

  solo_kernel k{GetParam()};
};

INSTANTIATE_TEST_SUITE_P(on, lenient_kernel, testing::Values(1, 3),
                         [](const auto& info) { return "vps_" + std::to_string(info.param); });

TEST_P(lenient_kernel, tells_of_a_refusal_alone) {
  const std::vector<double> none{1, 1, 0, 1};  // a shard refuses it
  EXPECT_THROW(k.create("iaf_psc_alpha", 4, {{"nope", 1.0}, {"tau_m", none}}), api_error);
  EXPECT_EQ(warned("nope"), 0u);
  const auto neurons = k.create("iaf_psc_alpha", 4);
  EXPECT_THROW(k.set(neurons, {{"nope", 1.0}, {"tau_m", none}}), api_error);
  EXPECT_EQ(warned("nope"), 0u);
}

TEST_P(lenient_kernel, gives_nodes_what_they_know) {
  const auto neurons = k.create("iaf_psc_alpha", 2, {{"nope", 1.0}, {"V_m", -60.0}});
  EXPECT_EQ(warned("nope"), 1u);
  const auto generators = k.create("poisson_generator", 3, {{"nope", std::vector<double>{1, 2}}, {"rate", 5.0}});
  EXPECT_EQ(warned("nope"), 1u);
  const node_set all{neurons.generation, {{1, 5, 1}}};
  k.set(all, {{"V_m", std::vector<double>{1, 2, 3, 4, 5}}});
  EXPECT_EQ(warned("V_m"), 1u);
  EXPECT_EQ(k.get(neurons, "V_m"), value(std::vector<double>{1, 2}));
  k.set(all, {{"rate", 7.0}});
  EXPECT_EQ(warned("rate"), 1u);
  EXPECT_EQ(k.get(generators, "rate"), value(std::vector<double>{7, 7, 7}));
}

TEST_P(lenient_kernel, gives_connections_and_models_what_they_know) {
  const auto neurons = k.create("iaf_psc_alpha", 2);
  k.connect(neurons, neurons, {{"rule", "one_to_one"}, {"nope", 1}}, {{"weight", 3.0}});
  EXPECT_EQ(warned("nope"), 1u);
  k.connect(neurons, neurons, {{"rule", "one_to_one"}}, {{"weight", 3.0}, {"nope", 1}});
  EXPECT_EQ(warned("nope"), 1u);
  k.call(api::connect_arrays{{1}, {2}, {{"weight", 3.0}, {"nope", 1}}});
  EXPECT_EQ(warned("nope"), 1u);
  const auto made = k.connections();
  EXPECT_EQ(k.weights(made), std::vector<double>(5, 3.0));
  k.call(api::set_connection_values{made, value(dictionary{{"nope", 1.0}, {"weight", 4.0}})});
  EXPECT_EQ(warned("nope"), 1u);
  EXPECT_EQ(k.weights(made), std::vector<double>(5, 4.0));
  for (const char* model : {"iaf_psc_alpha", "static_synapse", "poisson_generator"}) {
    k.call(api::set_defaults{model, {{"nope", 1.0}}});
    EXPECT_EQ(warned("nope"), 1u) << model;
    k.call(api::copy_model{model, std::string("copy of ") + model, {{"nope", 1.0}}});
    EXPECT_EQ(warned("nope"), 1u) << model;
  }
  k.set_status({{"nope", 1}, {"rng_seed", 9}});
  EXPECT_EQ(warned("nope"), 1u);
  EXPECT_EQ(k.status("rng_seed"), value(9));
}

TEST_P(lenient_kernel, is_strict_again_when_told_so_or_reset) {
  EXPECT_THROW(k.set_status({{"nope", 1}, {"dict_miss_is_error", true}}), api_error) << "it counts for its own call";
  k.call(api::reset_kernel{});
  EXPECT_THROW(k.create("iaf_psc_alpha", 1, {{"nope", 1.0}}), api_error);
  EXPECT_TRUE(k.last_log().empty());
}

}  // namespace
}  // namespace volley::runtime
