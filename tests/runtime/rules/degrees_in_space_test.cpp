// fixed_indegree and fixed_outdegree of nodes with positions.
#include <cmath>

#include "runtime/base/error.hpp"
#include "tests/runtime/rules/two_layers.hpp"

namespace volley::runtime {
namespace {

TEST(degrees_in_space, keep_to_the_mask_on_any_layout) {
  const value wide(circle(0.3));
  for (const auto& spec : std::vector<dictionary>{
           {{"rule", "fixed_indegree"}, {"indegree", 7}, {"mask", wide}},
           {{"rule", "fixed_indegree"}, {"indegree", 7}, {"mask", wide}, {"allow_multapses", false}},
           {{"rule", "fixed_indegree"}, {"indegree", 7}, {"p", bell(0.1)}, {"allow_multapses", false}},
           {{"rule", "fixed_outdegree"}, {"outdegree", 7}, {"mask", wide}, {"p", bell(0.1)}},
           {{"rule", "fixed_outdegree"}, {"outdegree", 7}, {"mask", wide}, {"allow_multapses", false}}})
    expect_rule_of_space(spec);
}

TEST(degrees_in_space, degrees_are_kept_with_and_without_repetition) {
  const two_layers in;
  for (const bool repeats : {false, true})
    for (const bool chances : {false, true}) {
      dictionary spec{
          {"rule", "fixed_indegree"}, {"indegree", 9}, {"mask", mask_of_test()}, {"allow_multapses", repeats}};
      if (chances) spec["p"] = bell(0.3);
      auto rule = in.rule(spec);
      for (const int degree : indegrees(walked(rule), rule.targets)) EXPECT_EQ(degree, 9);
      EXPECT_EQ(multapses(walked(rule)) != 0, repeats);
      spec["rule"] = "fixed_outdegree";
      spec.erase("indegree");
      spec["outdegree"] = 9;
      rule = in.rule(spec);
      for (const int degree : outdegrees(walked(rule), rule.sources)) EXPECT_EQ(degree, 9);
      EXPECT_EQ(multapses(walked(rule)) != 0, repeats);
    }
}

TEST(degrees_in_space, degrees_may_follow_the_place_of_their_node) {
  const two_layers in;
  const auto by_x = parameter::make({{operation::position, {}, {0, 0}},
                                     {operation::constant, {}, {0}},
                                     {operation::greater, {0, 1}, {}},
                                     {operation::constant, {}, {4}},
                                     {operation::multiply, {2, 3}, {}}});
  const auto rule = in.rule({{"rule", "fixed_indegree"}, {"indegree", by_x}, {"mask", mask_of_test()}});
  const auto degrees = indegrees(walked(rule), rule.targets);
  for (std::uint64_t i = 0; i < degrees.size(); ++i) EXPECT_EQ(degrees[i], in.at(first_target + i)[0] > 0 ? 4 : 0);
}

TEST(degrees_in_space, chances_decide_who_is_drawn) {
  // Two nodes, one four times as likely as the other, for many targets.
  std::array<std::vector<double>, 3> pair{std::vector<double>{0, 0.3}, {0, 0}, {}}, crowd;
  crowd[0].assign(4000, 0.0);
  crowd[1].assign(4000, 0.0);
  const frame within{2, {-0.5, -0.5, 0}, {1, 1, 0}, false};
  two_layers in;
  in.sources = layer::at_points(first_source, pair, within);
  in.targets = layer::at_points(first_target, crowd, within);
  const auto chance = parameter::make({{operation::distance, {}, {0}},
                                       {operation::constant, {}, {0.1}},
                                       {operation::less, {0, 1}, {}},
                                       {operation::constant, {}, {3}},
                                       {operation::multiply, {2, 3}, {}},
                                       {operation::constant, {}, {1}},
                                       {operation::add, {4, 5}, {}}});
  for (const bool repeats : {false, true}) {
    const auto rule =
        in.rule({{"rule", "fixed_indegree"}, {"indegree", 1}, {"p", chance}, {"allow_multapses", repeats}});
    const auto degrees = outdegrees(walked(rule), rule.sources);
    EXPECT_NEAR(degrees[0], 3200, 5 * std::sqrt(4000 * 0.16));
    EXPECT_EQ(degrees[0] + degrees[1], 4000);
  }
}

TEST(degrees_in_space, degrees_that_cannot_be_met_are_refused) {
  const two_layers in(false);
  const auto error = [&](const dictionary& spec) -> std::string {
    try {
      walked(in.rule(spec));
    } catch (const api_error& e) {
      return to_string(e.kind());
    }
    return "";
  };
  const value narrow(circle(0.001, {0, 0}));
  EXPECT_EQ(error({{"rule", "fixed_indegree"}, {"indegree", 1}, {"mask", narrow}}), "KernelException");
  EXPECT_EQ(error({{"rule", "fixed_outdegree"}, {"outdegree", 1}, {"mask", narrow}}), "KernelException");
  EXPECT_EQ(
      error({{"rule", "fixed_indegree"}, {"indegree", 299}, {"mask", mask_of_test()}, {"allow_multapses", false}}),
      "KernelException");
  EXPECT_EQ(error({{"rule", "fixed_indegree"}, {"indegree", 1}, {"p", 0.0}}), "KernelException");
}

}  // namespace
}  // namespace volley::runtime
