#include "runtime/kernel/connection_table.hpp"

#include <gtest/gtest.h>

#include "runtime/base/error.hpp"

namespace volley::runtime {
namespace {

using reals = std::vector<double>;
using integers = std::vector<std::int64_t>;

connection_values part(std::vector<std::uint32_t> positions, reals weights) {
  connection_values v;
  v.positions = std::move(positions);
  v.weights = std::move(weights);
  v.delay_steps.assign(v.weights.size(), 15);
  v.receptors.assign(v.weights.size(), 2);
  return v;
}

TEST(connection_table, values_of_all_shards_come_in_the_order_of_the_list) {
  const auto [all, missing] = joined({part({2, 0}, {30, 10}), part({1}, {20})}, 3);
  EXPECT_EQ(all.weights, (reals{10, 20, 30}));
  EXPECT_EQ(missing, 3u) << "none";
  EXPECT_EQ(joined({part({2, 0}, {30, 10})}, 4).second, 1u) << "the first that nobody read";
}

TEST(connection_table, parameters_stay_with_their_connections) {
  auto with = part({1, 0}, {20, 10});
  with.n_parameters = 2;
  with.parameters = {21, 22, 11, 12};
  const auto all = joined({part({2}, {30}), with}, 3).first;
  EXPECT_EQ(all.n_parameters, 2u);
  EXPECT_EQ(all.parameters, (reals{11, 12, 21, 22, 0, 0}));
}

struct a_table : testing::Test {
  time_grid time;
  model_registry models{built_in_models(), time};
  const std::int64_t fixed = number_of("static_synapse"), plastic = number_of("stdp_synapse"),
                     common = number_of("static_synapse_hom_w");
  std::int64_t number_of(const char* model) const { return models.find_synapse(model).value().index(); }

  connection_table of(std::vector<std::int64_t> ids, std::vector<std::string> keys) const {
    const auto n = static_cast<std::int64_t>(ids.size());
    auto list = std::make_shared<connection_columns>();
    for (std::int64_t i = 0; i < n; ++i) {
      list->sources.push_back(1 + i);
      list->targets.push_back(10 + i);
      list->ports.push_back(i);
    }
    list->models = std::move(ids);
    return {list, std::move(keys), models};
  }
  dictionary columns(const connection_table& table, std::vector<connection_values> parts, std::size_t n) const {
    std::vector<reply> replies(parts.begin(), parts.end());
    return table.columns(joined(replies, n).first, time,
                         [](std::int64_t source, std::int64_t target) { return 10 * source + target % 3; });
  }
};

TEST_F(a_table, has_a_column_for_each_key) {
  auto read = part({0, 1}, {10, 20});
  read.delay_steps[1] = 12;
  const auto all = columns(of({fixed, fixed}, {}), {read}, 2);
  EXPECT_EQ(*all.find("source"), value(integers{1, 2}));
  EXPECT_EQ(*all.find("target"), value(integers{10, 11}));
  EXPECT_EQ(*all.find("target_thread"), value(integers{11, 22}));
  EXPECT_EQ(*all.find("synapse_model"), value(std::vector<std::string>(2, "static_synapse")));
  EXPECT_EQ(*all.find("port"), value(integers{0, 1}));
  EXPECT_EQ(*all.find("delay"), value(reals{1.5, 1.2000000000000002}));
  EXPECT_EQ(*all.find("receptor"), value(integers{2, 2}));
  EXPECT_EQ(*all.find("weight"), value(reals{10, 20}));
}

TEST_F(a_table, has_wanted_keys_alone_and_refuses_those_that_none_has) {
  EXPECT_EQ(columns(of({fixed}, {"weight"}), {part({0}, {10})}, 1).size(), 1u);
  EXPECT_FALSE(of({fixed, plastic}, {"weight"}).wants_parameters());
  EXPECT_TRUE(of({fixed, plastic}, {}).wants_parameters());
  EXPECT_TRUE(of({plastic}, {"lambda"}).wants_parameters());
  EXPECT_FALSE(of({fixed}, {"lambda"}).wants_parameters());
  try {
    columns(of({fixed}, {"lambda"}), {part({0}, {10})}, 1);
    FAIL();
  } catch (const api_error& e) {
    EXPECT_EQ(e.kind(), error_kind::KeyErrorBuiltin);
  }
}

TEST_F(a_table, leaves_gaps_where_a_model_lacks_the_key) {
  auto values = part({0, 1}, {10, 20});
  const auto member = find_property(*models.synapse(store_ordinal(plastic)).model, "lambda")->member;
  values.n_parameters = models.synapse(store_ordinal(plastic)).defaults.size();
  values.parameters.resize(2 * values.n_parameters);
  values.parameters[values.n_parameters + member] = 0.25;
  const auto some = columns(of({fixed, plastic}, {"lambda"}), {values}, 2);
  EXPECT_EQ(*some.find("lambda"), value(std::vector<value>{value(), 0.25}));
}

TEST_F(a_table, a_weight_that_belongs_to_the_model_is_no_connections) {
  EXPECT_FALSE(columns(of({common}, {}), {part({0}, {10})}, 1).contains("weight"));
  const auto some = columns(of({common, fixed}, {"weight"}), {part({0, 1}, {10, 20})}, 2);
  EXPECT_EQ(*some.find("weight"), value(std::vector<value>{value(), 20.0}));
}

}  // namespace
}  // namespace volley::runtime
