#include "runtime/values/parameter.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <set>

#include "models/core/distributions.hpp"
#include "runtime/base/error.hpp"
#include "tests/runtime/values/trees.hpp"

namespace volley::runtime {
namespace {

double value_of(const tree& t, const draw_site& at = site(1)) { return parameter::make(t.terms)->evaluate(at); }

error_kind error_of(const tree& t) {
  try {
    value_of(t);
  } catch (const api_error& e) {
    return e.kind();
  }
  return error_kind::InternalError;
}

TEST(parameter, computes_like_python) {
  EXPECT_EQ(value_of(apply(operation::add, {2, 3})), 5);
  EXPECT_EQ(value_of(apply(operation::subtract, {2, 3})), -1);
  EXPECT_EQ(value_of(apply(operation::multiply, {2, 3})), 6);
  EXPECT_EQ(value_of(apply(operation::divide, {2, 4})), 0.5);
  EXPECT_EQ(value_of(apply(operation::less, {2, 3})), 1);
  EXPECT_EQ(value_of(apply(operation::less, {3, 3})), 0);
  EXPECT_EQ(value_of(apply(operation::less_equal, {3, 3})), 1);
  EXPECT_EQ(value_of(apply(operation::less_equal, {4, 3})), 0);
  EXPECT_EQ(value_of(apply(operation::equal, {3, 3})), 1);
  EXPECT_EQ(value_of(apply(operation::equal, {3, 2})), 0);
  EXPECT_EQ(value_of(apply(operation::not_equal, {3, 3})), 0);
  EXPECT_EQ(value_of(apply(operation::not_equal, {3, 2})), 1);
  EXPECT_EQ(value_of(apply(operation::greater_equal, {3, 3})), 1);
  EXPECT_EQ(value_of(apply(operation::greater_equal, {2, 3})), 0);
  EXPECT_EQ(value_of(apply(operation::greater, {3, 3})), 0);
  EXPECT_EQ(value_of(apply(operation::greater, {4, 3})), 1);
  EXPECT_EQ(value_of(apply(operation::minimum, {4}, {3})), 3);
  EXPECT_EQ(value_of(apply(operation::minimum, {2}, {3})), 2);
  EXPECT_EQ(value_of(apply(operation::maximum, {4}, {3})), 4);
  EXPECT_EQ(value_of(apply(operation::maximum, {2}, {3})), 3);
  EXPECT_EQ(value_of(apply(operation::exp, {1})), std::exp(1)) << "as other programs have it";
  EXPECT_NEAR(value_of(apply(operation::sin, {1})), std::sin(1), 1e-15);
  EXPECT_NEAR(value_of(apply(operation::cos, {1})), std::cos(1), 1e-15);
}

TEST(parameter, powers_take_any_base) {
  const auto power = [](double x, double y) { return value_of(apply(operation::power, {x}, {y})); };
  EXPECT_EQ(power(3, 2), 9);
  EXPECT_EQ(power(-3, 3), -27);
  EXPECT_EQ(power(2, -2), 0.25);
  EXPECT_EQ(power(0, 0), 1);
  EXPECT_EQ(power(0, -1), INFINITY);
  EXPECT_NEAR(power(2, 0.5), std::sqrt(2), 1e-15);
  EXPECT_NEAR(power(-1.01, 101) / std::pow(-1.01, 101), 1, 1e-14);
  EXPECT_NEAR(power(-1.01, 102) / std::pow(-1.01, 102), 1, 1e-14);
  EXPECT_TRUE(std::isnan(power(-2, 0.5)));
}

TEST(parameter, whole_powers_are_rounded_once) {
  for (const double x : {-5.0, -3.78, 0.1, 0.999, 1.7, 1e5, -1e-5})
    for (int n = -40; n <= 40; ++n) {
      const double right = std::pow(x, n), found = value_of(apply(operation::power, {x}, {static_cast<double>(n)}));
      EXPECT_LE(std::abs(found - right), std::abs(right) * 0x1p-52) << x << " ** " << n;
    }
  EXPECT_EQ(value_of(apply(operation::power, {1e30}, {64.0})), INFINITY);
  EXPECT_EQ(value_of(apply(operation::power, {-1e30}, {-64.0})), 0);
  EXPECT_EQ(value_of(apply(operation::power, {-INFINITY}, {3.0})), -INFINITY);
}

TEST(parameter, order_of_operands_is_kept_in_nested_trees) {
  // (10 - 4) / (3 - 1) - 2 ** 3
  const tree t =
      apply(operation::subtract,
            {apply(operation::divide, {apply(operation::subtract, {10, 4}), apply(operation::subtract, {3, 1})}),
             apply(operation::power, {2}, {3})});
  EXPECT_EQ(value_of(t), -5);
}

TEST(parameter, the_same_site_gives_the_same_value_and_others_differ) {
  const auto p = parameter::make(normal(0, 1).terms);
  EXPECT_EQ(p->evaluate(site(1)), p->evaluate(site(1)));
  std::set<double> values;
  for (const auto& at : {site(1), site(2), site(1, 3), site(1, 2, 1), site(1, 2, 0, 2),
                         connection_site(8, 3, 1, 2, 0, 1), connection_site(7, 4, 1, 2, 0, 1), node_site({7, 3}, 1, 1),
                         node_site({7, 3}, 1 + (1ull << 32), 1), value_site({7, 3})})
    values.insert(p->evaluate(at));
  EXPECT_EQ(values.size(), 10u);
}

TEST(parameter, each_use_draws_anew) {
  const tree x = uniform(0, 1);
  EXPECT_NE(value_of(apply(operation::subtract, {x, x})), 0);
  // One term with two users is drawn twice as well.
  EXPECT_NE(value_of(tree({x.terms[0], {operation::subtract, {0, 0}, {}}})), 0);
}

TEST(parameter, uniform_fills_its_half_open_range) {
  const auto p = parameter::make(uniform(-2, 3).terms);
  double low = 9, high = -9, sum = 0;
  for (std::uint32_t i = 0; i < 20000; ++i) {
    const double x = p->evaluate(site(i));
    low = std::min(low, x);
    high = std::max(high, x);
    sum += x;
  }
  EXPECT_GE(low, -2);
  EXPECT_LT(low, -1.99);
  EXPECT_LT(high, 3);
  EXPECT_GT(high, 2.99);
  EXPECT_NEAR(sum / 20000, 0.5, 4 * 5 / std::sqrt(12 * 20000));
  // Between neighbours only the lower one is left.
  for (std::uint32_t i = 0; i < 50; ++i) EXPECT_EQ(value_of(uniform(1, std::nextafter(1, 2)), site(i)), 1);
}

TEST(parameter, uniform_int_takes_all_integers_below_max) {
  const auto p = parameter::make({{operation::uniform_int, {}, {5}}});
  std::vector<int> count(5);
  for (std::uint32_t i = 0; i < 10000; ++i) {
    const double x = p->evaluate(site(i));
    ASSERT_EQ(x, std::floor(x));
    ASSERT_LT(x, 5);
    ++count.at(static_cast<std::size_t>(x));
  }
  for (const int n : count) EXPECT_NEAR(n, 2000, 4 * std::sqrt(1600));
  EXPECT_EQ(value_of(tree({{operation::uniform_int, {}, {1}}})), 0);
}

TEST(parameter, distributions_have_their_means) {
  const auto mean = [](const tree& t) {
    const auto p = parameter::make(t.terms);
    double sum = 0;
    for (std::uint32_t i = 0; i < 20000; ++i) sum += p->evaluate(site(i));
    return sum / 20000;
  };
  EXPECT_NEAR(mean(normal(3, 2)), 3, 4 * 2 / std::sqrt(20000));
  EXPECT_NEAR(mean(apply(operation::exponential, {}, {2.5})), 2.5, 4 * 2.5 / std::sqrt(20000));
  EXPECT_NEAR(mean(apply(operation::lognormal, {}, {0.5, 0.25})), std::exp(0.5 + 0.03125), 0.02);
}

TEST(parameter, redraw_keeps_to_its_range_and_to_its_distribution) {
  const auto p = parameter::make(apply(operation::redraw, {normal(0, 1)}, {-0.5, 1}).terms);
  double sum = 0;
  for (std::uint32_t i = 0; i < 20000; ++i) {
    const double x = p->evaluate(site(i));
    ASSERT_GE(x, -0.5);
    ASSERT_LE(x, 1);
    sum += x;
  }
  // Mean of the truncated normal: (phi(-.5) - phi(1)) / (Phi(1) - Phi(-.5)).
  EXPECT_NEAR(sum / 20000, (0.3520653 - 0.2419707) / (0.8413447 - 0.3085375), 4 * 0.42 / std::sqrt(20000));
}

TEST(parameter, redraws_nest_and_draw_anew_each_time) {
  // The inner value is above 0.5; of the sums only those above 1.6 stay.
  const tree inner = apply(operation::redraw, {uniform(0, 1)}, {0.5, 1});
  const auto p =
      parameter::make(apply(operation::redraw, {apply(operation::add, {inner, uniform(0, 1)})}, {1.6, 2}).terms);
  for (std::uint32_t i = 0; i < 2000; ++i) ASSERT_GE(p->evaluate(site(i)), 1.6);
}

TEST(parameter, redraw_gives_up_after_a_thousand_attempts) {
  EXPECT_EQ(error_of(apply(operation::redraw, {uniform(0, 1)}, {2, 3})), error_kind::KernelException);
  EXPECT_EQ(error_of(apply(operation::redraw, {5}, {2, 3})), error_kind::KernelException);
  EXPECT_EQ(value_of(apply(operation::redraw, {5}, {5, 5})), 5);
  // One draw in 500 is good: of a thousand attempts none is, in exp(-2) of all cases.
  const auto rare = parameter::make(apply(operation::redraw, {uniform(0, 1)}, {0, 0.002}).terms);
  int failures = 0;
  for (std::uint32_t i = 0; i < 400; ++i) {
    try {
      rare->evaluate(site(i));
    } catch (const api_error&) {
      ++failures;
    }
  }
  EXPECT_NEAR(failures, 400 * std::exp(-2), 4 * std::sqrt(400 * 0.117));
}

TEST(parameter, conditional_evaluates_the_chosen_branch_alone) {
  const tree never = apply(operation::redraw, {uniform(0, 1)}, {2, 3});  // an error wherever it is evaluated
  EXPECT_EQ(value_of(apply(operation::conditional, {1, 7, never})), 7);
  EXPECT_EQ(value_of(apply(operation::conditional, {0, never, 8})), 8);
  EXPECT_EQ(value_of(apply(operation::conditional, {-0.5, 7, 8})), 7);
  // A branch that is not taken takes no draw from what follows.
  const tree with = apply(operation::add, {apply(operation::conditional, {0, uniform(5, 6), 0}), uniform(0, 1)});
  EXPECT_EQ(value_of(with), value_of(uniform(0, 1)));
}

TEST(parameter, conditionals_nest_in_every_place) {
  const tree zero = apply(operation::conditional, {0, 1, 0}), one = apply(operation::conditional, {1, 1, 0});
  EXPECT_EQ(value_of(apply(operation::conditional, {zero, 5, apply(operation::conditional, {one, 6, 7})})), 6);
  EXPECT_EQ(value_of(apply(operation::conditional, {one, apply(operation::conditional, {zero, 5, 6}), 7})), 6);
  EXPECT_EQ(value_of(apply(operation::add, {apply(operation::conditional, {one, 10, 20}),
                                            apply(operation::conditional, {zero, 1, 2})})),
            12);
}

TEST(parameter, knows_what_is_constant_and_what_is_spatial) {
  const tree position = apply(operation::position, {}, {0, 0});
  EXPECT_TRUE(parameter::make_constant(3)->is_constant());
  EXPECT_TRUE(parameter::make(apply(operation::exp, {apply(operation::add, {1, 2})}).terms)->is_constant());
  EXPECT_FALSE(parameter::make(apply(operation::add, {1, uniform(0, 1)}).terms)->is_constant());
  EXPECT_FALSE(parameter::make(position.terms)->is_constant());
  EXPECT_TRUE(parameter::make(apply(operation::add, {1, position}).terms)->is_spatial());
  EXPECT_TRUE(parameter::make(apply(operation::gaussian, {uniform(0, 1)}, {0, 1}).terms)->is_spatial());
  EXPECT_FALSE(parameter::make(apply(operation::add, {1, uniform(0, 1)}).terms)->is_spatial());
}

TEST(parameter, knows_what_may_be_no_number) {
  const auto is_number = [](const tree& t) { return parameter::make(t.terms)->is_number_everywhere(); };
  const tree distance = apply(operation::distance, {}, {0});
  EXPECT_TRUE(is_number(apply(operation::divide, {distance, 2})));
  EXPECT_FALSE(is_number(apply(operation::divide, {distance, distance})));
  EXPECT_FALSE(is_number(apply(operation::divide, {distance, 0})));
  EXPECT_TRUE(is_number(apply(operation::power, {uniform(-1, 1)}, {2})));
  EXPECT_FALSE(is_number(apply(operation::power, {uniform(-1, 1)}, {0.5})));
  EXPECT_FALSE(is_number(apply(operation::power, {uniform(-1, 1)}, {-1})));
  EXPECT_TRUE(is_number(apply(operation::exp, {uniform(-1, 1)})));
}

TEST(parameter, positions_have_no_values_without_space) {
  EXPECT_EQ(error_of(apply(operation::position, {}, {0, 0})), error_kind::KernelException);
  EXPECT_EQ(error_of(apply(operation::position, {}, {0, 1})), error_kind::BadParameterValue);
  EXPECT_EQ(error_of(apply(operation::position, {}, {0, 2})), error_kind::BadParameterValue);
  EXPECT_EQ(error_of(apply(operation::distance, {}, {0})), error_kind::BadParameterValue);
  EXPECT_EQ(error_of(apply(operation::gaussian, {uniform(0, 1)}, {0, 1})), error_kind::BadParameterValue);
}

TEST(parameter, many_sites_at_once_give_the_values_of_each) {
  const std::vector<tree> trees{uniform(-1, 4),
                                normal(1, 2),
                                apply(operation::lognormal, {}, {0, 0.5}),
                                apply(operation::redraw, {normal(1, 2)}, {0.9, 1.1}),
                                5.0,
                                apply(operation::add, {uniform(0, 1), normal(0, 1)}),
                                apply(operation::redraw, {uniform(0, 1)}, {0.9, 1.0}),
                                apply(operation::exponential, {}, {2})};
  std::vector<std::uint32_t> sources(1003), targets(1003);
  for (std::uint32_t i = 0; i < sources.size(); ++i) {
    sources[i] = 3 * i;
    targets[i] = 100000 - i;
  }
  const std::vector<std::uint32_t> shared{17};
  for (const tree& t : trees) {
    const auto p = parameter::make(t.terms);
    for (const std::uint32_t place : {2u, 3u}) {
      const draw_sites sites{site(0).key, {sources, shared, targets}, place};
      for (const std::size_t n : {std::size_t{0}, std::size_t{1}, std::size_t{15}, sources.size()}) {
        std::vector<double> out(n);
        p->evaluate(sites, out);
        for (std::size_t i = 0; i < n; ++i) ASSERT_EQ(out[i], p->evaluate(sites[i])) << i;
      }
    }
    for (const tree& other : trees) {
      const auto q = parameter::make(other.terms);
      std::vector<double> even(sources.size()), odd(sources.size());
      const draw_sites sites{site(0).key, {sources, shared, targets}, 2};
      parameter::evaluate_both(*p, *q, sites, even, odd);
      for (std::size_t i = 0; i < sources.size(); ++i) {
        ASSERT_EQ(even[i], p->evaluate(sites[i])) << i;
        ASSERT_EQ(odd[i], q->evaluate(draw_sites{sites.key, sites.owners, 3}[i])) << i;
      }
    }
  }
}

TEST(parameter, neighbouring_places_share_a_block_and_no_number) {
  const auto z = parameter::make(normal(0, 1).terms);
  const auto u = parameter::make(uniform(0, 1).terms);
  constexpr std::uint32_t n = 20000;
  // Sums of products of standardised numbers that have nothing to do with each other: sqrt(n) or so.
  double normals = 0, squares = 0, mixed = 0;
  for (std::uint32_t i = 0; i < n; ++i) {
    const double a = z->evaluate(site(i, 2, 0, 2)), b = z->evaluate(site(i, 2, 0, 3));
    normals += a * b;
    squares += (a * a - 1) * (b * b - 1) / 2;
    mixed += (b * b - 1) / std::sqrt(2) * (u->evaluate(site(i, 2, 0, 2)) - 0.5) * std::sqrt(12);
  }
  EXPECT_LT(std::abs(normals), 4 * std::sqrt(n));
  EXPECT_LT(std::abs(squares), 4 * std::sqrt(n));
  EXPECT_LT(std::abs(mixed), 4 * std::sqrt(n));
}

TEST(parameter, one_site_for_all_needs_no_column) {
  const auto p = parameter::make(normal(0, 1).terms);
  const std::vector<std::uint32_t> one{4};
  std::vector<double> out(3);
  p->evaluate(draw_sites{site(0).key, {one, one, one}, 1}, out);
  EXPECT_EQ(out[0], out[2]);
}

TEST(parameter, positions_that_are_not_known_are_refused) {
  const double x = 0.5;
  site_geometry of_node{.node = {std::span(&x, 1)}}, of_pair{.source = {std::span(&x, 1)}, .of_pairs = true};
  const auto refusal = [](const tree& t, const site_geometry& geometry) {
    std::vector<double> out(3);
    const std::vector<std::uint32_t> ids{1, 2, 3};
    try {
      parameter::make(t.terms)->evaluate(draw_sites{site(0).key, {ids, ids, ids}, 1, &geometry}, out);
    } catch (const api_error& e) {
      return std::optional(e.kind());
    }
    return std::optional<error_kind>();
  };
  EXPECT_FALSE(refusal(apply(operation::position, {}, {0, 0}), of_node));
  EXPECT_EQ(refusal(apply(operation::position, {}, {1, 0}), of_node), error_kind::KernelException);
  EXPECT_EQ(refusal(apply(operation::position, {}, {0, 1}), of_node), error_kind::BadParameterValue);
  EXPECT_EQ(refusal(apply(operation::position, {}, {0, 0}), of_pair), error_kind::BadParameterValue);
  EXPECT_EQ(refusal(apply(operation::distance, {}, {0}), of_node), error_kind::BadParameterValue);
  EXPECT_EQ(refusal(apply(operation::gaussian, {1.0}, {0, 1}), of_node), error_kind::BadParameterValue);
  EXPECT_FALSE(refusal(apply(operation::gaussian, {1.0}, {0, 1}), of_pair));
}

TEST(parameter, two_evaluated_at_once_both_know_where_they_are) {
  const std::vector<std::uint32_t> ids{1, 2, 3};
  const std::vector<double> far{0.5, 1, 2};
  const site_geometry geometry{.distance = far, .of_pairs = true};
  const auto even = parameter::make(apply(operation::distance, {}, {0}).terms);
  const auto odd = parameter::make(apply(operation::multiply, {2, apply(operation::distance, {}, {0})}).terms);
  std::vector<double> first(3), second(3);
  parameter::evaluate_both(*even, *odd, {site(0).key, {ids, ids, ids}, 2, &geometry}, first, second);
  EXPECT_EQ(first, far);
  EXPECT_EQ(second, (std::vector<double>{1, 2, 4}));
}

TEST(parameter, tells_what_it_reads_of_positions) {
  const auto reads = [](const tree& t) { return parameter::make(t.terms)->reads(); };
  EXPECT_EQ(reads(uniform(0, 1)).dimensions(), 0);
  EXPECT_FALSE(reads(uniform(0, 1)).of_pairs());
  EXPECT_EQ(reads(apply(operation::position, {}, {2, 0})).dimensions(), 3);
  EXPECT_FALSE(reads(apply(operation::position, {}, {2, 0})).of_pairs());
  EXPECT_EQ(reads(apply(operation::distance, {}, {2})).dimensions(), 2);
  EXPECT_TRUE(reads(apply(operation::distance, {}, {0})).distance);
  EXPECT_EQ(reads(apply(operation::distance, {}, {9})).dimensions(), 4);
  EXPECT_TRUE(reads(apply(operation::gaussian, {1.0}, {0, 1})).of_pairs());
}

}  // namespace
}  // namespace volley::runtime
