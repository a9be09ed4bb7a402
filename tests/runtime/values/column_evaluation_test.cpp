#include "runtime/values/column_evaluation.hpp"

#include <gtest/gtest.h>

#include "runtime/base/error.hpp"
#include "tests/runtime/values/trees.hpp"

namespace volley::runtime {
namespace {

TEST(column_evaluation, gives_the_values_of_each_site) {
  const tree far = apply(operation::distance, {}, {0}), x = apply(operation::distance, {}, {1});
  const tree from = apply(operation::position, {}, {1, 1}), to = apply(operation::position, {}, {0, 2});
  const std::vector<tree> trees{
      far,
      apply(operation::gaussian, {far}, {0, 0.2}),
      apply(operation::add, {apply(operation::multiply, {2, far}), uniform(0, 1)}),
      apply(operation::gaussian2d, {x, from}, {0, 0, 1, 2, 0.1}),
      apply(operation::add, {apply(operation::exponential, {}, {2}), apply(operation::multiply, {normal(0, 1), to})}),
      apply(operation::minimum, {apply(operation::gamma, {far}, {2, 0.3})}, {0.5}),
      apply(operation::power, {apply(operation::exp, {from})}, {0.5})};
  std::vector<std::uint32_t> sources(1003);
  std::vector<double> distances(sources.size()), ys(sources.size());
  for (std::uint32_t i = 0; i < sources.size(); ++i) {
    sources[i] = 3 * i;
    distances[i] = 0.001 * i;
    ys[i] = 1.0 / (1 + i);
  }
  const double x_of_all = 0.25;
  const std::vector<std::uint32_t> shared{17};
  const site_geometry geometry{.source = {distances, ys},
                               .target = {std::span(&x_of_all, 1), ys},
                               .apart = {ys, distances},
                               .distance = distances,
                               .of_pairs = true};
  for (const tree& t : trees) {
    const expression_program program(t.terms);
    for (const std::uint32_t place : {2u, 3u}) {
      const draw_sites sites{site(0).key, {sources, shared, shared}, place, &geometry};
      std::vector<double> out(sources.size());
      ASSERT_TRUE(evaluate_columns(program, sites, out));
      for (std::size_t i = 0; i < out.size(); ++i) ASSERT_EQ(out[i], program.run(sites[i])) << i;
    }
  }
}

TEST(column_evaluation, leaves_programs_that_branch_alone) {
  const std::vector<std::uint32_t> ids{1, 2, 3};
  const std::vector<double> untouched{-9, -9, -9};
  for (const tree& t : {apply(operation::conditional, {uniform(0, 1), 1, 2}),
                        apply(operation::redraw, {normal(0, 1)}, {0, 1}), apply(operation::uniform_int, {}, {5})}) {
    auto out = untouched;
    EXPECT_FALSE(evaluate_columns(expression_program(t.terms), {site(0).key, {ids, ids, ids}, 2}, out));
    EXPECT_EQ(out, untouched);
  }
}

TEST(column_evaluation, refuses_what_a_single_site_refuses) {
  const std::vector<std::uint32_t> ids{1, 2, 3};
  std::vector<double> out(3);
  for (const tree& t : {apply(operation::distance, {}, {0}), apply(operation::gaussian, {uniform(0, 1)}, {0, 1})}) {
    const expression_program program(t.terms);
    EXPECT_THROW(program.run(site(1)), api_error);
    EXPECT_THROW(evaluate_columns(program, {site(0).key, {ids, ids, ids}, 2}, out), api_error);
  }
}

}  // namespace
}  // namespace volley::runtime
