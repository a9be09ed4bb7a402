#include "runtime/rules/spatial_pool.hpp"

#include <algorithm>
#include <cmath>
#include <set>

#include "runtime/base/error.hpp"
#include "tests/runtime/rules/two_layers.hpp"

namespace volley::runtime {
namespace {

TEST(spatial_pool, holds_who_may_be_at_the_other_end_whichever_end_is_asked) {
  const two_layers in;
  for (const bool on_source : {false, true}) {
    const auto rule = in.rule({{"rule", "pairwise_bernoulli"}, {"mask", mask_of_test()}, {"use_on_source", on_source}});
    const auto may = allowed(in, rule);
    for (const auto drivers : {endpoint::source, endpoint::target}) {
      spatial_pool pool(rule, drivers, nullptr);
      std::set<std::pair<std::uint64_t, std::uint64_t>> found;
      const auto &own = drivers == endpoint::source ? rule.sources : rule.targets,
                 &others = drivers == endpoint::source ? rule.targets : rule.sources;
      for (std::uint64_t i = 0; i < own.size(); ++i) {
        pool.find(own[i]);
        for (std::size_t j = 0; j < pool.size(); ++j) {
          EXPECT_EQ(others[pool.positions()[j]], pool.ids()[j]);
          found.insert(drivers == endpoint::source ? std::pair(own[i], std::uint64_t{pool.ids()[j]})
                                                   : std::pair(std::uint64_t{pool.ids()[j]}, own[i]));
        }
      }
      EXPECT_EQ(found, may);
    }
  }
}

TEST(spatial_pool, values_are_those_of_each_pair_whichever_end_is_asked) {
  const two_layers in;
  const auto rule = in.rule({{"rule", "pairwise_bernoulli"}, {"p", bell(0.2)}, {"mask", mask_of_test()}});
  const auto profile = bell(0.2);
  spatial_pool of_target(rule, endpoint::target, profile.get()), of_source(rule, endpoint::source, profile.get());
  of_target.find(rule.targets[0]);
  ASSERT_GT(of_target.size(), 5u);
  for (std::size_t i = 0; i < of_target.size(); ++i) {
    const auto source = of_target.ids()[i];
    const double d = length(displacement(in.sources->within(), in.at(source), in.at(rule.targets[0])));
    EXPECT_NEAR(of_target.values()[i], std::exp(-d * d / 0.08), 1e-12);
    of_source.find(source);
    const auto at = std::ranges::find(of_source.ids(), rule.targets[0]) - of_source.ids().begin();
    EXPECT_EQ(of_source.values()[static_cast<std::size_t>(at)], of_target.values()[i]);
  }
}

TEST(spatial_pool, values_that_are_no_numbers_are_refused) {
  const two_layers in;
  const auto rule = in.rule({{"rule", "pairwise_bernoulli"}, {"mask", mask_of_test()}});
  const auto nothing = parameter::make({{operation::distance, {}, {0}},
                                        {operation::constant, {}, {0}},
                                        {operation::multiply, {0, 1}, {}},
                                        {operation::divide, {2, 2}, {}}});
  spatial_pool pool(rule, endpoint::target, nothing.get());
  pool.find(rule.targets[0]);
  EXPECT_THROW(pool.values(), api_error);
}

}  // namespace
}  // namespace volley::runtime
