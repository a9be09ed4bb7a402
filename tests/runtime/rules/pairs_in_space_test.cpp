// pairwise_bernoulli and pairwise_poisson of nodes with positions.
#include <cmath>

#include "runtime/base/error.hpp"
#include "runtime/rules/expected_number.hpp"
#include "tests/runtime/rules/two_layers.hpp"

namespace volley::runtime {
namespace {

TEST(pairs_in_space, keep_to_the_mask_on_any_layout) {
  for (const auto& spec : std::vector<dictionary>{
           {{"rule", "pairwise_bernoulli"}, {"mask", mask_of_test()}},
           {{"rule", "pairwise_bernoulli"}, {"mask", mask_of_test()}, {"use_on_source", true}},
           {{"rule", "pairwise_bernoulli"}, {"p", bell(0.1)}, {"mask", mask_of_test()}},
           {{"rule", "pairwise_bernoulli"}, {"p", bell(0.05)}},
           {{"rule", "pairwise_poisson"}, {"pairwise_avg_num_conns", bell(0.2)}, {"mask", mask_of_test()}},
           {{"rule", "pairwise_poisson"}, {"pairwise_avg_num_conns", 0.3}, {"mask", mask_of_test()}}})
    expect_rule_of_space(spec);
}

TEST(pairs_in_space, certain_pairs_are_those_of_the_mask) {
  for (const bool wraps : {false, true}) {
    const two_layers in(wraps);
    for (const bool on_source : {false, true}) {
      const auto rule =
          in.rule({{"rule", "pairwise_bernoulli"}, {"mask", mask_of_test()}, {"use_on_source", on_source}});
      const auto all = walked(rule);
      EXPECT_EQ(pairs_of(all), allowed(in, rule));
      EXPECT_EQ(multapses(all), 0);
      EXPECT_NEAR(expected_connections(rule), static_cast<double>(all.size()), 0.25 * static_cast<double>(all.size()));
    }
  }
}

TEST(pairs_in_space, probabilities_are_those_of_the_distance) {
  const two_layers in(true, 600);
  const auto rule = in.rule({{"rule", "pairwise_bernoulli"}, {"p", bell(0.1)}});
  std::array<double, 8> expected{}, found{};
  const auto bin = [&](std::uint64_t s, std::uint64_t t) {
    const double d = length(displacement(in.sources->within(), in.at(s), in.at(t)));
    return std::pair(std::min<std::size_t>(7, static_cast<std::size_t>(d / 0.04)), std::exp(-d * d / 0.02));
  };
  for (std::uint64_t s = 0; s < 600; ++s)
    for (std::uint64_t t = 0; t < 600; ++t) {
      const auto [b, p] = bin(first_source + s, first_target + t);
      expected[b] += p;
    }
  for (const auto& c : walked(rule)) ++found[bin(c.source, c.target).first];
  for (std::size_t b = 0; b < expected.size(); ++b)
    EXPECT_NEAR(found[b], expected[b], 5 * std::sqrt(expected[b]) + 5) << b;
}

TEST(pairs_in_space, counts_of_pairs_have_their_means) {
  const two_layers in;
  const auto three = parameter::make({{operation::distance, {}, {0}},
                                      {operation::constant, {}, {0}},
                                      {operation::multiply, {0, 1}, {}},
                                      {operation::constant, {}, {3}},
                                      {operation::add, {2, 3}, {}}});
  const auto rule =
      in.rule({{"rule", "pairwise_poisson"}, {"pairwise_avg_num_conns", three}, {"mask", mask_of_test()}});
  const auto n = static_cast<double>(allowed(in, rule).size());
  EXPECT_NEAR(static_cast<double>(walked(rule).size()), 3 * n, 5 * std::sqrt(3 * n));
}

TEST(pairs_in_space, a_node_may_be_connected_with_itself_unless_that_is_forbidden) {
  two_layers in;
  in.targets = in.sources;
  const auto rule = in.rule({{"rule", "pairwise_bernoulli"}, {"mask", value(circle(0.2, {0, 0}))}});
  EXPECT_EQ(autapses(walked(rule)), 300);
}

TEST(pairs_in_space, chances_that_are_no_numbers_are_refused) {
  const two_layers in(false);
  const auto nothing = parameter::make({{operation::distance, {}, {0}},
                                        {operation::constant, {}, {0}},
                                        {operation::multiply, {0, 1}, {}},
                                        {operation::divide, {2, 2}, {}}});
  for (const char* rule : {"pairwise_bernoulli", "pairwise_poisson"}) try {
      walked(in.rule({{"rule", rule}, {"p", nothing}}));
      ADD_FAILURE() << rule;
    } catch (const api_error& e) {
      EXPECT_STREQ(to_string(e.kind()), "BadProperty");
    }
}

}  // namespace
}  // namespace volley::runtime
