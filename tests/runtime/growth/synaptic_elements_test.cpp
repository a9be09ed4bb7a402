#include "runtime/growth/synaptic_elements.hpp"

#include <gtest/gtest.h>

#include <map>
#include <numeric>

#include "runtime/base/snapshot.hpp"

namespace volley::runtime {
namespace {

std::vector<element_setting> settings(dictionary by_name) { return read_elements(value(std::move(by_name)), "n", 0); }
std::vector<element_setting> one(const char* name, dictionary of_it) {
  return settings({{name, value(std::move(of_it))}});
}

struct elements_of_cells : testing::Test {
  static constexpr std::uint32_t n = 70;
  synaptic_elements elements{n};
  std::vector<std::uint32_t> all = [] {
    std::vector<std::uint32_t> cells(n);
    std::iota(cells.begin(), cells.end(), 0u);
    return cells;
  }();
  const std::vector<std::uint32_t> some{3, 69};

  value get(std::uint32_t cell, const char* name, const char* key) const {
    const auto of_cell = elements.get(cell);
    const auto* const found = of_cell.find(name);
    return found == nullptr ? value() : *found->get_if<dictionary>()->find(key);
  }
};

TEST_F(elements_of_cells, have_the_defaults_of_their_curve) {
  elements.replace(all, settings({{"a", value(dictionary())}, {"g", value(dictionary{{"growth_curve", "gaussian"}})}}));
  EXPECT_EQ(elements.get(5), (dictionary{{"a", value(dictionary{{"growth_curve", "linear"},
                                                                {"growth_rate", 1.0},
                                                                {"eps", 0.7},
                                                                {"tau_vacant", 0.1},
                                                                {"continuous", true},
                                                                {"z", 0.0},
                                                                {"z_connected", 0},
                                                                {"z_vacant", 0}})},
                                         {"g", value(dictionary{{"growth_curve", "gaussian"},
                                                                {"growth_rate", 1.0},
                                                                {"eta", 0.1},
                                                                {"eps", 0.7},
                                                                {"tau_vacant", 0.1},
                                                                {"continuous", true},
                                                                {"z", 0.0},
                                                                {"z_connected", 0},
                                                                {"z_vacant", 0}})}}));
}

TEST_F(elements_of_cells, are_replaced_as_a_whole) {
  elements.replace(all, one("a", {{"z", 2.5}}));
  elements.replace(some, one("b", {{"z", 1.0}}));
  EXPECT_EQ(get(3, "a", "z"), value());
  EXPECT_EQ(get(3, "b", "z"), value(1.0));
  EXPECT_EQ(get(4, "a", "z"), value(2.5));
  EXPECT_EQ(get(4, "b", "z"), value());
  elements.replace(all, one("b", {}));
  elements.sweep();
  EXPECT_FALSE(elements.find("a").has_value()) << "no cell has it any more";
  EXPECT_TRUE(elements.find("b").has_value());
  elements.replace(all, {});
  elements.sweep();
  EXPECT_TRUE(elements.empty());
}

TEST_F(elements_of_cells, one_that_is_gone_is_not_updated) {
  elements.replace(all, one("a", {}));
  const auto later = one("a", {{"z", 1.0}});
  elements.replace(all, one("b", {}));
  elements.sweep();
  elements.update(all, later);
  EXPECT_EQ(elements.get(0).size(), 1u);
}

TEST_F(elements_of_cells, a_replaced_element_begins_anew) {
  elements.replace(all, one("a", {{"z", 2.0}, {"growth_rate", 3.0}}));
  elements.occupy(*elements.find("a"), 3, 2);
  elements.replace(some, one("a", {}));
  EXPECT_EQ(get(3, "a", "z"), value(0.0));
  EXPECT_EQ(get(3, "a", "z_connected"), value(0));
  EXPECT_EQ(get(3, "a", "growth_rate"), value(1.0));
}

TEST_F(elements_of_cells, some_values_are_updated) {
  elements.replace(all, one("a", {{"z", 2.0}, {"growth_curve", "gaussian"}, {"eta", 0.3}}));
  elements.occupy(*elements.find("a"), 3, 2);
  elements.update(some, one("a", {{"eta", 0.4}}));
  EXPECT_EQ(get(3, "a", "eta"), value(0.4));
  EXPECT_EQ(get(3, "a", "z"), value(2.0));
  EXPECT_EQ(get(3, "a", "z_connected"), value(2));
  EXPECT_EQ(get(4, "a", "eta"), value(0.3));
}

TEST_F(elements_of_cells, another_curve_begins_with_its_own_defaults) {
  elements.replace(all, one("a", {{"growth_curve", "gaussian"}, {"eta", 0.3}, {"eps", 0.4}}));
  elements.update(all, one("a", {{"growth_curve", "gaussian"}}));
  EXPECT_EQ(get(0, "a", "eps"), value(0.4)) << "it is the same";
  elements.update(all, one("a", {{"growth_curve", "sigmoid"}, {"psi", 0.2}}));
  EXPECT_EQ(get(0, "a", "eps"), value(0.7));
  EXPECT_EQ(get(0, "a", "psi"), value(0.2));
}

TEST_F(elements_of_cells, tell_why_they_take_no_settings) {
  elements.replace(some, one("axon", {{"growth_curve", "gaussian"}}));
  EXPECT_EQ(elements.why_not(3, one("axon", {{"eta", 0.1}}), false), "");
  EXPECT_NE(elements.why_not(3, one("axon", {{"eta", 0.1}}), true), "") << "anew it is a linear one";
  EXPECT_NE(elements.why_not(3, one("axon", {{"psi", 0.1}}), false), "");
  EXPECT_NE(elements.why_not(4, one("axon", {{"eta", 0.1}}), false), "") << "this cell has none";
  EXPECT_NE(elements.why_not(3, one("axo", {}), false).find("did you mean 'axon'"), std::string::npos);
}

TEST_F(elements_of_cells, grow_where_they_are) {
  elements.replace(some, one("a", {{"growth_rate", 0.5}}));
  for (const auto cell : all) elements.grow(cell, {0, 100, 20, 0.1});
  EXPECT_EQ(get(69, "a", "z"), value(1.0));
  EXPECT_EQ(get(68, "a", "z"), value());
}

TEST_F(elements_of_cells, whole_elements_are_vacant_until_they_are_connected) {
  elements.replace(all, one("a", {{"z", 3.9}}));
  const auto a = *elements.find("a");
  EXPECT_EQ(elements.vacant(a, 5), 3);
  elements.occupy(a, 5, 5);
  EXPECT_EQ(elements.vacant(a, 5), -2);
  EXPECT_EQ(get(5, "a", "z_connected"), value(5));
  EXPECT_EQ(elements.vacant(a, 6), 3);
  elements.occupy(a, 5, -7);
  EXPECT_EQ(elements.vacant(a, 5), 3) << "never fewer than none are connected";
}

TEST_F(elements_of_cells, vacant_ones_go_by_their_share) {
  elements.replace(all, one("a", {{"z", 4.5}, {"tau_vacant", 0.25}}));
  const auto a = *elements.find("a");
  elements.occupy(a, 7, 2);
  elements.occupy(a, 8, 5);
  for (const std::uint32_t cell : {6u, 7u, 8u}) elements.decay_vacant(cell);
  EXPECT_EQ(get(6, "a", "z"), value(3.5));
  EXPECT_EQ(get(7, "a", "z"), value(4.0));
  EXPECT_EQ(get(8, "a", "z"), value(4.5)) << "none is vacant";
}

TEST_F(elements_of_cells, come_from_a_prototype) {
  synaptic_elements prototype(1);
  prototype.replace(std::vector<std::uint32_t>{0}, one("a", {{"z", 2.0}}));
  elements = synaptic_elements(prototype, n);
  EXPECT_EQ(elements.get(69), prototype.get(0));
}

TEST_F(elements_of_cells, go_through_images) {
  elements.replace(all, one("a.b", {{"z", 3.9}}));
  elements.replace(some, one("b", {{"growth_curve", "sigmoid"}, {"psi", 0.3}}));
  elements.occupy(*elements.find("a.b"), 5, 1);
  snapshot_writer out;
  elements.snapshot(out);
  const auto bytes = out.take();
  synaptic_elements loaded(n);
  snapshot_reader in(bytes);
  loaded.snapshot(in);
  in.finish();
  synaptic_elements named(n);
  elements.for_each_column([&](const std::string& name, const column& c) {
    auto* const made = named.column_named(name);
    ASSERT_NE(made, nullptr);
    for (const auto cell : all) made->set(cell, c[cell]);
  });
  for (const auto cell : all) {
    EXPECT_EQ(loaded.get(cell), elements.get(cell)) << cell;
    EXPECT_EQ(named.get(cell), elements.get(cell)) << cell;
  }
  EXPECT_EQ(named.column_named("nothing"), nullptr);
  EXPECT_EQ(named.column_named("a.nothing"), nullptr);
}

TEST_F(elements_of_cells, equal_values_are_stored_once) {
  elements.replace(all, one("a", {{"growth_rate", 3.0}}));
  std::map<std::string, bool> uniform;
  elements.for_each_column([&](const std::string& name, const column& c) { uniform[name] = c.is_uniform(); });
  EXPECT_TRUE(uniform.at("a.growth_rate"));
  EXPECT_FALSE(uniform.at("a.z")) << "growth and updates write it";
}

TEST_F(elements_of_cells, are_taken_by_others) {
  elements.replace(all, one("a", {{"growth_rate", 3.0}, {"z", 2.5}}));
  elements.replace(std::vector<std::uint32_t>{1}, one("b", {{"z", 7.0}}));
  synaptic_elements others(2);
  others.take(0, elements, 1);
  others.take(1, elements, 0);
  EXPECT_EQ(others.get(0), elements.get(1)) << "no element that it has no more";
  EXPECT_EQ(others.get(1), elements.get(0));
}

}  // namespace
}  // namespace volley::runtime
