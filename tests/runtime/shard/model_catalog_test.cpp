#include "runtime/shard/model_catalog.hpp"

#include <gtest/gtest.h>

#include <set>
#include <string_view>

namespace volley::runtime {
namespace {

TEST(model_catalog, is_made_once) { EXPECT_EQ(&built_in_models(), &built_in_models()); }

TEST(model_catalog, models_are_named_by_their_positions) {
  const auto& catalog = built_in_models();
  ASSERT_FALSE(catalog.neurons.empty());
  ASSERT_FALSE(catalog.synapses.empty());
  for (std::uint32_t i = 0; i < catalog.neurons.size(); ++i) EXPECT_EQ(catalog.number_of(catalog.neurons[i]), i);
  for (std::uint32_t i = 0; i < catalog.synapses.size(); ++i) EXPECT_EQ(catalog.number_of(catalog.synapses[i]), i);
}

TEST(model_catalog, no_two_models_share_a_name) {
  std::set<std::string_view> names;
  for (const auto& model : built_in_models().neurons) EXPECT_TRUE(names.insert(model.name).second) << model.name;
  for (const auto& model : built_in_models().synapses) EXPECT_TRUE(names.insert(model.name).second) << model.name;
}

}  // namespace
}  // namespace volley::runtime
