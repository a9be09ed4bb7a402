#include "runtime/rules/drawn_number.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "runtime/base/error.hpp"
#include "runtime/values/parameter.hpp"
#include "tests/runtime/rules/walked.hpp"

namespace volley::runtime {
namespace {

rule_spec degrees(rule_number number, bool multapses = true) {
  rule_spec spec;
  spec.kind = rule_kind::fixed_indegree;
  spec.seed = 5;
  spec.call = 2;
  spec.allow_multapses = multapses;
  spec.number = std::move(number);
  return spec;
}
parameter_ref value_of(double x) { return parameter::make_constant(x); }

draw_site site(std::uint64_t target) { return connection_site(5, 2, 0, target, 0, 0); }

std::string refused(const rule_spec& spec, std::uint64_t free) {
  try {
    degree_at(spec, 7, site(1), free);
  } catch (const api_error& e) {
    EXPECT_EQ(e.kind(), error_kind::BadProperty);
    EXPECT_EQ(e.place(), 7u);
    return e.what();
  }
  return "";
}

TEST(drawn_number, a_fixed_degree_is_the_degree) { EXPECT_EQ(degree_at(degrees(std::int64_t{7}), 7, site(1), 10), 7u); }

TEST(drawn_number, drawn_degrees_are_rounded_and_never_negative) {
  for (const auto& [drawn, degree] :
       {std::pair(2.4, 2u), {2.5, 3u}, {3.49, 3u}, {0.49, 0u}, {0.5, 1u}, {-0.6, 0u}, {-1e300, 0u}})
    EXPECT_EQ(degree_at(degrees(value_of(drawn)), 7, site(1), 10), degree) << drawn;
}

TEST(drawn_number, a_refused_mean_tells_of_the_target) {
  try {
    refuse_mean(3e9, 7);
  } catch (const api_error& e) {
    EXPECT_EQ(e.kind(), error_kind::BadProperty);
    EXPECT_EQ(e.place(), 7u);
    EXPECT_NE(std::string(e.what()).find("the drawn mean 3e+09 must be at most 2147483647"), std::string::npos)
        << e.what();
  }
}

TEST(drawn_number, each_site_draws_its_own) {
  const auto spec = degrees(parameter::make({{operation::uniform_int, {}, {1000000}}}));
  EXPECT_EQ(degree_at(spec, 7, site(1), 10), degree_at(spec, 7, site(1), 10));
  EXPECT_NE(degree_at(spec, 7, site(1), 10), degree_at(spec, 7, site(2), 10));
}

TEST(drawn_number, degrees_that_cannot_be_met_are_refused) {
  EXPECT_EQ(refused(degrees(value_of(4), false), 3),
            "Connect: fixed_indegree: the drawn degree 4.0 cannot be met: only 3 nodes can be at the other end");
  EXPECT_EQ(refused(degrees(value_of(3), false), 3), "");
  EXPECT_EQ(refused(degrees(value_of(4)), 3), "");
  EXPECT_NE(refused(degrees(value_of(4)), 0), "") << "nobody to repeat";
  EXPECT_EQ(refused(degrees(value_of(0)), 0), "");
  EXPECT_TRUE(refused(degrees(value_of(3e9)), 3).ends_with("must be at most 2147483647"));
  EXPECT_NE(refused(degrees(value_of(std::nan(""))), 3), "");
}

TEST(drawn_number, pairs_have_the_values_of_their_sites) {
  const auto p = parameter::make({{operation::uniform, {}, {0, 1}}});
  const auto spec = degrees(p);
  const node_set scattered{0, {{3, 9, 3}, {20, 30, 1}}};
  std::vector<double> found(5);
  pair_values(spec).evaluate(17, node_index(scattered), 1, found);
  for (std::uint64_t i = 0; i < found.size(); ++i)
    EXPECT_EQ(found[i], p->evaluate(connection_site(5, 2, scattered[1 + i], 17, 0, 0)));
}

}  // namespace
}  // namespace volley::runtime
