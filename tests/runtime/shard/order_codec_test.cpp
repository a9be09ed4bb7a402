// Orders as bytes: whatever the bytes are, there is an order or an error.
#include "runtime/shard/order_codec.hpp"

#include <gtest/gtest.h>

#include <stdexcept>

#include "tests/runtime/shard/example_orders.hpp"

namespace volley::runtime {
namespace {

TEST(order_codec, gives_every_order_back) {
  const auto all = example_orders();
  ASSERT_EQ(all.size(), std::variant_size_v<order::variant>);
  for (std::size_t i = 0; i < all.size(); ++i) {
    EXPECT_EQ(all[i].index(), i);
    const auto bytes = encoded(all[i]);
    EXPECT_TRUE(encoded(decoded_order(bytes)) == bytes) << i;
  }
}

TEST(order_codec, keeps_what_projections_share) {
  const auto after = std::get<orders::connect>(decoded_order(encoded(example_orders()[3])));
  EXPECT_EQ(after.projections[0].rule, after.projections[1].rule);
  EXPECT_EQ(after.projections[0].told_call, 7u);
}

TEST(order_codec, keeps_third_factors_and_the_elements_that_connections_occupy) {
  const auto after = std::get<orders::connect>(decoded_order(encoded(example_orders()[3])));
  EXPECT_EQ(after.projections[2].rule->third->primary, after.projections[0].rule);
  EXPECT_EQ(after.uses[0].of(1), 2);
  EXPECT_EQ(after.uses[1].of(1), -1);
  EXPECT_THROW(decoded_order(encoded(order(orders::remove_pairs{{}, 0, {{"Axon", {0, {{7, 9, 1}}}, {1, 2}}}}))),
               std::invalid_argument);
}

TEST(order_codec, refuses_orders_that_were_cut) {
  for (const auto& o : example_orders()) {
    const auto bytes = encoded(o);
    for (std::size_t n = 0; n < bytes.size(); ++n)
      EXPECT_THROW(decoded_order(std::span(bytes).first(n)), std::invalid_argument) << o.index() << " at " << n;
  }
}

TEST(order_codec, refuses_parts_that_do_not_fit_each_other) {
  EXPECT_THROW(decoded_order(encoded(order(orders::connect{{projection{}}, {}, {}, 0}))), std::invalid_argument);
  EXPECT_THROW(decoded_order(encoded(order(orders::read_connections{{0, {1}, {}, {}, {}}, false}))),
               std::invalid_argument);
  EXPECT_THROW(decoded_order(encoded(order(orders::prepare{{time_grid(), 0, 5, 2, 0}, false, {}}))),
               std::invalid_argument);
  EXPECT_THROW(decoded_order(encoded(order(orders::build{time_grid(0, 0)}))), std::invalid_argument);
}

TEST(order_codec, survives_any_changed_byte) {
  for (const auto& o : example_orders()) {
    const auto whole = encoded(o);
    for (std::size_t i = 0; i < whole.size(); ++i)
      for (const int change : {0x01, 0x80, 0xff}) {
        auto bytes = whole;
        bytes[i] ^= static_cast<std::byte>(change);
        try {
          decoded_order(bytes);
        } catch (const std::invalid_argument&) {
        }
      }
  }
}

TEST(order_codec, tells_refusals) {
  const auto after = decoded_refusal(encoded(refusal{error_kind::BadDelay, "too short", 17, false}));
  EXPECT_EQ(after.kind, error_kind::BadDelay);
  EXPECT_EQ(after.text, "too short");
  EXPECT_EQ(after.place, 17u);
}

}  // namespace
}  // namespace volley::runtime
