#include "runtime/connections/connection_numbers.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "runtime/base/error.hpp"
#include "runtime/values/parameter.hpp"
#include "tests/runtime/connections/built_store.hpp"

namespace volley::runtime::tests {
namespace {

using ids32 = std::vector<std::uint32_t>;

const time_grid grid;  // 10 steps are 1 ms
const parameter_ref uniform = parameter::make({{operation::uniform, {}, {0, 1}}}),
                    normal = parameter::make({{operation::normal, {}, {0, 1}}});

ids32 steps_of(std::vector<double> ms) {
  ids32 out(ms.size());
  delay_steps(ms, grid, out);
  return out;
}

TEST(connection_numbers, delays_go_to_the_nearest_step) {
  EXPECT_EQ(steps_of({0.1, 1, 1.04, 1.06, 0.06}), (ids32{1, 10, 10, 11, 1}));
  EXPECT_EQ(steps_of({max_delay_steps / 10.0}), (ids32{static_cast<std::uint32_t>(max_delay_steps)}));
}

TEST(connection_numbers, delays_outside_of_what_a_connection_holds_are_refused) {
  for (const double wrong : {0.04, 0.0, -1.0, (max_delay_steps + 1) / 10.0, 1e300, std::nan("")}) {
    try {
      steps_of({1, wrong, 1});
      ADD_FAILURE() << wrong;
    } catch (const api_error& e) {
      EXPECT_EQ(e.kind(), error_kind::BadDelay) << wrong;
    }
  }
}

TEST(connection_numbers, receptors_are_whole_numbers) {
  EXPECT_EQ(whole_receptor(3), 3);
  EXPECT_EQ(whole_receptor(-1), -1);
  for (const double wrong : {0.5, 1e300, std::nan("")}) {
    try {
      whole_receptor(wrong);
      ADD_FAILURE() << wrong;
    } catch (const api_error& e) {
      EXPECT_EQ(e.kind(), error_kind::TypeMismatch) << wrong;
    }
  }
}

/// (source, target, multapse number) of connection i.
std::array<std::uint32_t, 3> owner(const draw_owners& owners, std::size_t i) {
  return draw_sites{connection_site(5, 2, 0, 0, 0, 2).key, owners.columns(), 2}[i].owner;
}

TEST(draw_owners, multapses_are_numbered_in_the_order_of_their_making) {
  draw_owners owners;
  const ids32 distinct{4, 6, 9}, repeated{4, 6, 6, 6, 9, 9}, mixed{9, 4, 9, 6, 9};
  owners.set_row(1, distinct);
  for (std::size_t i = 0; i < 3; ++i) EXPECT_EQ(owner(owners, i), (std::array<std::uint32_t, 3>{1, distinct[i], 0}));
  owners.set_row(1, repeated);
  const ids32 of_repeated{0, 0, 1, 2, 0, 1};
  for (std::size_t i = 0; i < 6; ++i)
    EXPECT_EQ(owner(owners, i), (std::array<std::uint32_t, 3>{1, repeated[i], of_repeated[i]}));
  owners.set_column(7, mixed);
  const ids32 of_mixed{0, 0, 1, 0, 2};
  for (std::size_t i = 0; i < 5; ++i)
    EXPECT_EQ(owner(owners, i), (std::array<std::uint32_t, 3>{mixed[i], 7, of_mixed[i]}));
}

TEST(number_column, is_shared_given_or_drawn) {
  projection p;
  p.seed = 5;
  p.call = 2;
  p.weight = 2.5;
  p.delay_ms = std::make_shared<const std::vector<double>>(std::vector<double>{7, 8, 9});
  p.receptor = uniform;
  EXPECT_EQ(number_column(p, p.weight, weight_leaf).at(17), 2.5);
  EXPECT_EQ(number_column(p, p.delay_ms, delay_leaf).at(1), 8);
  EXPECT_FALSE(number_column(p, p.delay_ms, delay_leaf).drawn());
  EXPECT_TRUE(number_column(p, p.receptor, receptor_leaf).drawn());
}

TEST(number_column, leaves_and_specs_of_one_call_draw_apart) {
  projection p;
  const connection_number number = uniform;
  draw_owners owners;
  const ids32 targets{4, 6};
  owners.set_row(1, targets);
  std::vector<double> found;
  for (p.collocated = 0; p.collocated < 2; ++p.collocated)
    for (const std::uint32_t leaf :
         {std::uint32_t{weight_leaf}, std::uint32_t{delay_leaf}, std::uint32_t{receptor_leaf}}) {
      std::vector<double> out(2);
      number_column(p, number, leaf).draw(owners, out);
      found.insert(found.end(), out.begin(), out.end());
    }
  std::ranges::sort(found);
  EXPECT_EQ(std::ranges::adjacent_find(found), found.end());
}

TEST(number_column, two_drawn_together_are_as_each_alone) {
  projection p;
  draw_owners owners;
  const ids32 targets{4, 6, 6, 9};
  owners.set_row(1, targets);
  for (const auto& [even, odd] : {std::pair(normal, normal), {normal, uniform}, {uniform, uniform}}) {
    const connection_number weight = even, delay = odd;
    const number_column weights(p, weight, weight_leaf), delays(p, delay, delay_leaf);
    std::vector<double> w(4), d(4), w_alone(4), d_alone(4);
    number_column::draw_both(weights, delays, owners, w, d);
    weights.draw(owners, w_alone);
    delays.draw(owners, d_alone);
    EXPECT_EQ(w, w_alone);
    EXPECT_EQ(d, d_alone);
  }
}

TEST(batch_numbers, belong_to_the_connection_however_it_is_walked) {
  // The same pairs by target and by source.
  const dictionary by_target{{"rule", "fixed_indegree"}, {"indegree", 3}, {"allow_multapses", false}},
      by_source{{"rule", "fixed_outdegree"}, {"outdegree", 3}, {"allow_multapses", false}};
  std::vector<std::vector<double>> found;
  for (const dictionary& rule : {by_target, by_source}) {
    const auto p = call_of(rule, ids(1, 3), ids(4, 6));
    const connection_number weight = uniform;
    const number_column column(p, weight, weight_leaf);
    std::map<std::pair<std::uint64_t, std::uint64_t>, double> of_pair;
    batch_numbers numbers(p);
    std::vector<double> out;
    walk(p, {}, [&](const id_batch& b) {
      numbers.visit(b);
      numbers.read(column, out);
      ASSERT_EQ(out.size(), b.size());
      for (std::size_t i = 0; i < b.size(); ++i) of_pair[{b.source(i), b.target(i)}] = out[i];
    });
    auto& all = found.emplace_back();
    for (const auto& [pair, number] : of_pair) all.push_back(number);
  }
  EXPECT_EQ(found[0].size(), 9u);
  EXPECT_EQ(found[0], found[1]);
}

/// A call between two layers: 1 ... 3 and 4 ... 6, each a step further along x.
projection call_in_space(const dictionary& rule) {
  const frame line{2, {-9, -1, 0}, {18, 2, 0}, false};
  const auto sources = layer::at_points(1, {std::vector<double>{0, 1, 2}, {0, 0, 0}, {}}, line);
  const auto targets = layer::at_points(4, {std::vector<double>{3, 4, 5}, {0, 0, 0}, {}}, line);
  projection p;
  unknown_keys unknown;
  p.rule = std::make_shared<const rule_spec>(
      parse_rule_in_space(rule, ids(1, 3), ids(4, 6), sources, targets, 1, 1, unknown));
  return p;
}

TEST(batch_numbers, know_where_both_ends_are_however_it_is_walked) {
  const auto far = parameter::make({{operation::distance, {}, {0}}});
  const value circle(dictionary{{"circular", dictionary{{"radius", 4.0}}}});
  const dictionary by_target{{"rule", "pairwise_bernoulli"}, {"mask", circle}},
      by_source{{"rule", "fixed_outdegree"}, {"outdegree", 2}, {"mask", circle}, {"allow_multapses", false}};
  for (const dictionary& rule : {by_target, by_source}) {
    auto p = call_in_space(rule);
    p.weight = far;
    const number_column column(p, p.weight, weight_leaf);
    batch_numbers numbers(p);
    std::vector<double> out;
    std::size_t n = 0;
    walk(p, {}, [&](const id_batch& b) {
      numbers.visit(b);
      numbers.read(column, out);
      for (std::size_t i = 0; i < b.size(); ++i, ++n)
        EXPECT_EQ(out[i], static_cast<double>(b.target(i)) - static_cast<double>(b.source(i)));
    });
    EXPECT_GE(n, 6u);
  }
}

TEST(batch_numbers, read_positions_only_where_a_number_does) {
  auto p = call_in_space({{"rule", "pairwise_bernoulli"}, {"p", parameter::make({{operation::distance, {}, {0}}})}});
  EXPECT_FALSE(geometry_for(p));
  p.weight = uniform;
  EXPECT_FALSE(geometry_for(p));
  p.delay_ms = parameter::make({{operation::position, {}, {0, 1}}});
  EXPECT_TRUE(geometry_for(p));
}

TEST(batch_numbers, of_arrays_are_those_of_the_entries) {
  const auto p = call_of({{"rule", "all_to_all"}, {"allow_autapses", false}}, ids(1, 3), ids(1, 3));
  const connection_number weight =
      std::make_shared<const std::vector<double>>(std::vector<double>{0, 1, 2, 3, 4, 5, 6, 7, 8});
  batch_numbers numbers(p);
  std::vector<double> out, all;
  walk(p, {}, [&](const id_batch& b) {
    numbers.visit(b);
    numbers.read(number_column(p, weight, weight_leaf), out);
    all.insert(all.end(), out.begin(), out.end());
  });
  EXPECT_EQ(all, (std::vector<double>{1, 2, 3, 5, 6, 7})) << "autapses have entries, too";
}

}  // namespace
}  // namespace volley::runtime::tests
