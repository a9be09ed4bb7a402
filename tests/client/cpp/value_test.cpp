#include "client/cpp/value.hpp"

#include <gtest/gtest.h>

#include "tests/client/cpp/fake_kernel.hpp"

namespace volley::client {
namespace {

TEST(value, takes_what_cxx_literals_mean) {
  EXPECT_STREQ(type_name(Value(3)), "int");
  EXPECT_STREQ(type_name(Value(3u)), "int");
  EXPECT_STREQ(type_name(Value(0.5)), "float");
  EXPECT_STREQ(type_name(Value("text")), "str");
  EXPECT_STREQ(type_name(Value(true)), "bool");
  EXPECT_STREQ(type_name(Value(std::vector{1.0, 2.0})), "list of float");
  EXPECT_STREQ(type_name(Value(Parameter())), "Parameter");
  EXPECT_STREQ(type_name(Value(std::vector<Dictionary>(2))), "list");
  EXPECT_TRUE(Value().is_none());
}

TEST(value, as_converts_only_int_to_float) {
  EXPECT_EQ(Value(3).as<double>(), 3.0);
  EXPECT_EQ(kind_of_error([] { Value(3.0).as<std::int64_t>(); }), "TypeMismatch");
  EXPECT_EQ(kind_of_error([] { Value("3").as<double>(); }), "TypeMismatch");
}

TEST(value, elements) {
  EXPECT_EQ(Value(Column<double>{1, 2}).element(1), Value(2.0));
  EXPECT_EQ(Value(Booleans{0, 1}).element(1), Value(true));
  EXPECT_EQ(Value(std::vector<std::string>{"a", "b"}).element(0), Value("a"));
  EXPECT_EQ(Value(Matrix{2, 2, {1, 2, 3, 4}}).element(1), Value(Column<double>{3, 4}));
  EXPECT_EQ(Value(std::vector<Value>{1, "x"}).length(), 2u);
  EXPECT_EQ(kind_of_error([] { Value(1.0).length(); }), "TypeMismatch");
}

TEST(value, parameters_are_equal_as_trees) {
  EXPECT_EQ(Value(random::uniform()), Value(random::uniform(0, 1)));
  EXPECT_FALSE(Value(random::uniform()) == Value(random::uniform(0, 2)));
}

TEST(value, a_column_keeps_its_owner_alive) {
  auto owner = std::make_shared<std::vector<double>>(3, 1.5);
  std::weak_ptr<std::vector<double>> watched = owner;
  Value kept = Column<double>(owner, std::span<const double>(*owner));
  owner.reset();
  EXPECT_EQ(kept.element(2), Value(1.5));
  kept = {};
  EXPECT_TRUE(watched.expired());
}

TEST(dictionary, keeps_the_order_and_finds) {
  Dictionary d{{"weight", 2.0}, {"delay", 1}};
  d["model"] = "stdp_synapse";
  d["weight"] = 3.0;
  EXPECT_EQ(d.size(), 3u);
  EXPECT_EQ(d.begin()->first, "weight");
  EXPECT_EQ(d.at("weight"), Value(3.0));
  EXPECT_EQ(d.find("Weight"), nullptr);
  EXPECT_EQ(kind_of_error([&] { d.at("Weight"); }), "builtins.KeyError");
}

}  // namespace
}  // namespace volley::client
