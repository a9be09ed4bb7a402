#include "models/core/lists.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace volley::models {
namespace {

struct member {
  template <class V> struct params { V rate = 1, weight = 2; };
  template <class V> struct state { V x = 0; };
  template <class V> struct derived { V decay; };
  template <class V> struct input { V spikes; };
};

/// Entries of one node in plain vectors.
struct in_vectors {
  std::vector<double>& numbers;
  std::uint32_t size() const { return 2; }
  template <class Struct> Struct params(std::uint32_t k) const { return {k + 1.0, k + 10.0}; }
  template <class Struct> Struct derived(std::uint32_t k) const { return {k + 0.5}; }
  template <class Struct> Struct state(std::uint32_t k) const { return {numbers[k]}; }
  template <class Struct> Struct input(std::uint32_t k) { return {100.0 * (k + 1)}; }
  template <class Struct> void store(std::uint32_t k, const Struct& s) { numbers[k] = s.x; }
  std::span<double> scratch(std::size_t n) { return {numbers.data(), n}; }
  double at(std::size_t column, double number) const { return static_cast<double>(column) + 100 * number; }
};

struct lists_of_a_node : testing::Test {
  std::vector<double> numbers{3, 4};
  entries<member, double, in_vectors> all{in_vectors{numbers}};
};

TEST_F(lists_of_a_node, are_read_entry_by_entry) {
  std::vector<double> seen;
  all.read([&](const auto& p, const auto& d, const auto& s) {
    for (const double x : {p.rate, p.weight, d.decay, s.x}) seen.push_back(x);
  });
  EXPECT_EQ(seen, (std::vector<double>{1, 10, 0.5, 3, 2, 11, 1.5, 4}));
  EXPECT_EQ(all.size(), 2u);
}

TEST_F(lists_of_a_node, keep_the_state_that_a_change_leaves) {
  all.change([](const auto& p, const auto&, auto& s) { s.x = s.x * p.rate; });
  EXPECT_EQ(numbers, (std::vector<double>{3, 8}));
}

TEST_F(lists_of_a_node, receive_what_arrived_at_each) {
  all.receive([](const auto&, const auto& d, auto& s, const auto& in) { s.x = s.x + d.decay * in.spikes; });
  EXPECT_EQ(numbers, (std::vector<double>{3 + 50, 4 + 300}));
}

TEST_F(lists_of_a_node, show_a_parameter_by_the_number_of_its_entry) {
  EXPECT_EQ(all.at(&member::params<double>::rate, 3.0), 300);
  EXPECT_EQ(all.at(&member::params<double>::weight, 3.0), 301);
}

struct without_lists {};
struct with_lists {
  using lists = lists_of<member, member>;
};

TEST(lists, a_model_names_its_own) {
  EXPECT_EQ(lists_in<without_lists>::size, 0u);
  EXPECT_EQ(lists_in<with_lists>::size, 2u);
}

}  // namespace
}  // namespace volley::models
