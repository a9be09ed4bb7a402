#include "runtime/connections/connection_store.hpp"

#include <gtest/gtest.h>

#include <stdexcept>

#include "runtime/base/contract.hpp"
#include "runtime/base/snapshot.hpp"

namespace volley::runtime {
namespace {

TEST(slot_column, stays_narrow_until_a_slot_needs_more) {
  slot_column c;
  c.grow(2, 0x10000);
  c.set(0, input_slot(0xffff));
  c.set(1, input_slot(7));
  EXPECT_FALSE(c.wide());
  c.grow(3, 0x10001);
  c.set(2, input_slot(0x10000));
  EXPECT_TRUE(c.wide());
  EXPECT_EQ(c[0], input_slot(0xffff));
  EXPECT_EQ(c[1], input_slot(7));
  EXPECT_EQ(c[2], input_slot(0x10000));
  c.write(1, std::vector<std::uint32_t>{8, 9});
  std::vector<std::uint32_t> read(3);
  c.read(0, read);
  EXPECT_EQ(read, (std::vector<std::uint32_t>{0xffff, 8, 9}));
}

TEST(connection_store, stores_equal_weights_once) {
  connection_store s(false, 0);
  EXPECT_EQ(s.shared_weight_index(2.5), s.shared_weight_index(2.5));
  EXPECT_NE(s.shared_weight_index(2.5), s.shared_weight_index(-2.5));
  EXPECT_NE(s.shared_weight_index(0.0), s.shared_weight_index(-0.0));
}

TEST(connection_store, finds_parameter_sets_again_also_after_they_changed) {
  connection_store s(true, 1);
  const auto one = s.add_parameter_set({20.0, 0.25}), two = s.add_parameter_set({30.0, 0.25});
  EXPECT_NE(one, two);
  EXPECT_EQ(s.add_parameter_set({20.0, 0.25}), one);
  s.set_parameter_sets(1, 0.5);
  EXPECT_EQ(s.add_parameter_set({30.0, 0.5}), two);
  EXPECT_GT(s.add_parameter_set({20.0, 0.25}), two);
}

TEST(connection_store, parameter_sets_have_one_size) {
  connection_store s(true, 1);
  s.add_parameter_set({20.0, 0.25});
  EXPECT_THROW(s.add_parameter_set({20.0}), broken_contract);
  connection_store empty(false, 0, true);
  EXPECT_EQ(empty.add_parameter_set({}), 0u);
  EXPECT_EQ(empty.add_parameter_set({}), 0u);
}

TEST(connection_store, images_have_a_place_for_each_variable) {
  const auto made = [](double x) {
    connection_store s(false, 0, false, 1);
    s.slots().grow(2, 64);
    s.variable_column() = {x, x + 1};
    return s;
  };
  auto saved = made(5), loaded = made(0), other = connection_store(false, 0);
  const auto image = bytes_of(saved);
  snapshot_reader reader(image), again(image);
  loaded.snapshot(reader);
  EXPECT_EQ(loaded.variables_at(1)[0], 6);
  EXPECT_THROW(other.snapshot(again), std::invalid_argument);
}

}  // namespace
}  // namespace volley::runtime
