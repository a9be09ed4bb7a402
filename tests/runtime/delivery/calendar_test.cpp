#include "runtime/delivery/calendar.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace volley::runtime {
namespace {

class delivery : public testing::Test {
 protected:
  delivery() {
    store.slots().grow(4, 8);
    for (std::uint32_t i = 0; i < 4; ++i) store.slots().set(i, input_slot(i * 2));
    store.weight_column().assign({1.0, -2.0, 3.0, -4.0});
  }
  segment of(input_form form, bool varied) {
    segment r{};
    r.count = 4;
    r.form = static_cast<std::uint64_t>(form);
    r.varied = varied;
    if (!varied) r.weight = store.shared_weight_index(weight);
    return r;
  }
  double weight = 0.5;
  connection_store store{false, 0};
  std::vector<double> positive = std::vector<double>(8), negative = std::vector<double>(8),
                      current = std::vector<double>(8);
  input_row row{positive.data(), negative.data(), current.data()};
};

TEST_F(delivery, sums_go_to_the_positive_plane) {
  deliver(of(input_form::sum, true), store, 2.0, row);
  EXPECT_EQ(positive, (std::vector<double>{2, 0, -4, 0, 6, 0, -8, 0}));
  EXPECT_EQ(negative, std::vector<double>(8));
}

TEST_F(delivery, the_sign_of_the_amount_decides_the_plane) {
  deliver(of(input_form::by_sign, true), store, -1.0, row);
  EXPECT_EQ(positive, (std::vector<double>{0, 0, 2, 0, 0, 0, 4, 0}));
  EXPECT_EQ(negative, (std::vector<double>{-1, 0, 0, 0, -3, 0, 0, 0}));
}

TEST_F(delivery, a_shared_negative_weight_goes_to_the_negative_plane) {
  weight = -0.5;
  deliver(of(input_form::by_sign, false), store, 2.0, row);
  EXPECT_EQ(negative, (std::vector<double>{-1, 0, -1, 0, -1, 0, -1, 0}));
}

TEST_F(delivery, counts_ignore_weights) {
  deliver(of(input_form::count, true), store, 3.0, row);
  EXPECT_EQ(positive, (std::vector<double>{3, 0, 3, 0, 3, 0, 3, 0}));
}

TEST_F(delivery, currents_have_a_plane_of_their_own) {
  deliver(of(input_form::current, true), store, 10.0, row);
  EXPECT_EQ(current, (std::vector<double>{10, 0, -20, 0, 30, 0, -40, 0}));
  EXPECT_EQ(positive, std::vector<double>(8));
}

TEST_F(delivery, the_calendar_hands_segments_out_on_their_step) {
  calendar c;
  c.prepare(20);
  c.push(7, of(input_form::sum, false), {}, 1.0);
  c.push(27, of(input_form::sum, false), {}, 1.0);
  EXPECT_TRUE(c.empty(6));
  EXPECT_FALSE(c.empty(7));
  const connection_store* stores[] = {&store};
  c.deliver(7, {stores}, row);
  EXPECT_EQ(positive[0], 0.5);
  EXPECT_FALSE(c.empty());
  c.deliver(27, {stores}, row);
  EXPECT_EQ(positive[0], 1.0);
  EXPECT_TRUE(c.empty());
}

// Factors that change, on days whose blocks were used before, with a change at the end of a block.
TEST_F(delivery, every_segment_keeps_its_factor) {
  calendar c;
  c.prepare(20);
  const connection_store* stores[] = {&store};
  for (const step_t day : {3, 4, 3 + 32}) {
    std::ranges::fill(positive, 0.0);
    double expected = 0;
    for (int i = 0; i < 600; ++i) {
      const double factor = i < 254 ? 1.0 : i % 3 == 0 ? 1.0 : -2.5 * i;
      c.push(day, of(input_form::sum, false), {}, factor);
      expected += 0.5 * factor;
    }
    c.deliver(day, {stores}, row);
    EXPECT_EQ(positive[0], expected) << day;
  }
}

TEST_F(delivery, a_long_day_keeps_its_order_and_its_memory_serves_the_next) {
  calendar c;
  c.prepare(20);
  const connection_store* stores[] = {&store};
  // Sums of these depend on their order.
  const auto expected = [] {
    double sum = 0;
    for (int i = 0; i < 1000; ++i) sum += 1.0 / (1 + i) * 0.5;
    return sum;
  }();
  std::uint64_t bytes = 0;
  for (step_t day = 3; day < 8; ++day) {
    std::ranges::fill(positive, 0.0);
    for (int i = 0; i < 1000; ++i) c.push(day, of(input_form::sum, false), {}, 1.0 / (1 + i));
    c.deliver(day, {stores}, row);
    EXPECT_EQ(positive[0], expected);
    if (bytes == 0) bytes = c.bytes();
    EXPECT_EQ(c.bytes(), bytes);
  }
}

}  // namespace
}  // namespace volley::runtime
