#include "runtime/delivery/arrival_places.hpp"

#include <gtest/gtest.h>

namespace volley::runtime {
namespace {

class arrival_places_test : public testing::Test {
 protected:
  arrival_places_test() {
    rows.prepare({64, 0, true}, 2);
    rows.open_arrivals(4);
  }
  input_rows rows;
  timed_input timed;
  arrival_places places{rows, timed};
};

TEST_F(arrival_places_test, offsets_matter_to_some_forms_and_where_there_are_some) {
  EXPECT_TRUE(goes_apart(input_form::payload, 0.3));
  EXPECT_TRUE(goes_apart(input_form::timed, 0.3));
  EXPECT_FALSE(goes_apart(input_form::timed, 0));
  EXPECT_FALSE(goes_apart(input_form::by_sign, 0.3));
}

TEST_F(arrival_places_test, payloads_are_sums_of_what_spikes_carry) {
  const place_apart place(input_form::payload, places, 3, 0, 0.25);
  place.add(input_slot(2), 8);
  place.add(input_slot(2), -4);
  EXPECT_EQ(rows.arrived(3).positive[2], 1);
  timed.sort(3, 4);
  EXPECT_TRUE(timed.at(3, input_slot(0), 64).empty());
}

TEST_F(arrival_places_test, what_keeps_its_time_is_no_sum) {
  place_apart(input_form::timed, places, 3, 0, 0.25).add(input_slot(2), -8);
  place_apart(input_form::timed_count, places, 3, 0, 0.05).add(input_slot(2), -8);
  EXPECT_EQ(rows.arrived(3).negative[2], 0);
  timed.sort(3, 4);
  const auto due = timed.at(3, input_slot(0), 64);
  ASSERT_EQ(due.size(), 2u);
  EXPECT_EQ(due[0].amount, -8);
  EXPECT_EQ(due[1].amount, 1) << "weights do not matter to numbers";
}

}  // namespace
}  // namespace volley::runtime
