#include "runtime/delivery/input_forms.hpp"

#include <gtest/gtest.h>

#include <iterator>

#include "runtime/connections/connection_store.hpp"

namespace volley::runtime {
namespace {

constexpr std::size_t n_forms = std::size(models::facts_of_forms);
constexpr input_form form(std::size_t i) { return static_cast<input_form>(i); }

TEST(input_forms, have_functions_of_their_own_that_agree_with_their_facts) {
  double positive = 0, negative = 0, current = 0;
  const input_row row{&positive, &negative, &current};
  for (std::size_t i = 0; i < n_forms; ++i) {
    SCOPED_TRACE(i);
    EXPECT_EQ(with_form(form(i), [](auto f) { return f.name; }), form(i));
    const auto planes = planes_of(form(i), row);
    EXPECT_EQ(planes.positive != planes.negative, models::facts_of(form(i)).has_second_plane());
    EXPECT_EQ(planes.positive == &current, models::facts_of(form(i)).is_current);
  }
}

TEST(input_forms, weights_matter_but_to_those_that_count) {
  EXPECT_EQ(factor_of(input_form::sum, 3, 0.5), 1.5);
  EXPECT_EQ(factor_of(input_form::count, 3, 0.5), 3);
  EXPECT_TRUE(by_sign_form::weighs);
  EXPECT_FALSE(count_form::weighs);
}

TEST(input_forms, of_additive_ones_each_spike_has_its_share) {
  for (std::size_t i = 0; i < n_forms; ++i) {
    SCOPED_TRACE(i);
    double sum = 0;
    for (double before = 0; before < 5; ++before) {
      sum += factor_of(form(i), 1, 0.5, before);
      EXPECT_EQ(factor_of(form(i), before + 1, 0.5), sum) << "whether they come together or not";
      if (with_form(form(i), [](auto f) { return f.is_additive; })) {
        EXPECT_EQ(factor_of(form(i), 1, 0.5, before), factor_of(form(i), 1, 0.5));
      }
    }
  }
}

TEST(input_forms, a_flip_goes_up_by_two_spikes_and_down_by_one) {
  const auto change = [](double spikes) { return factor_of(input_form::flips, spikes, 0.5); };
  EXPECT_EQ(change(2), 0.5);
  EXPECT_EQ(change(1), -0.5);
  EXPECT_EQ(change(0), 0);
  EXPECT_EQ(change(3), 0) << "says nothing";
  EXPECT_EQ(factor_of(input_form::flips, 1, 0.5, 1), 1) << "the second takes back what the first said";
}

TEST(input_forms, payloads_are_weighed_and_nothing_without_one) {
  EXPECT_EQ(factor_of(input_form::payload, 3, 0.5, 0, 0.25), 0.375);
  EXPECT_EQ(factor_of(input_form::payload, 3, 0.5), 0);
  for (const auto form : {input_form::sum, input_form::timed, input_form::timed_count})
    EXPECT_EQ(factor_of(form, 3, 0.5, 0, 0.25), factor_of(form, 3, 0.5)) << "an offset changes no amount";
}

TEST(input_forms, of_plastic_connections_take_tile_parts_in_their_order) {
  double first[2] = {}, below[2] = {}, second[2] = {};
  const plastic_piece pieces[] = {{3, 1, first, below}, {1, 2, second, below}};
  const tile_part parts[] = {{&pieces[0], 2}, {&pieces[1], 1}};
  const std::uint32_t slots[] = {0, 1, 1};
  const double amounts[] = {2, -3, 4};
  transmission_of(input_form::by_sign)(parts, 2, slots, amounts);
  EXPECT_EQ(first[0], 2);
  EXPECT_EQ(below[1], -3);
  EXPECT_EQ(second[1], 4);
  transmission_of(input_form::count)(parts, 2, slots, amounts);
  EXPECT_EQ(first[0], 3);
  EXPECT_EQ(first[1], 1);
  EXPECT_EQ(second[1], 5);
}

TEST(input_forms, of_plastic_connections_flip_spike_by_spike) {
  double sums[2] = {};
  const plastic_piece piece{2, 1, sums, sums};
  const tile_part part{&piece, 2};
  const std::uint32_t slots[] = {0, 1};
  const double first[] = {2, 3}, second[] = {2.5, 3.5};
  transmission_of(input_form::flips, 0)(&part, 1, slots, first);
  EXPECT_EQ(sums[0], -2);
  transmission_of(input_form::flips, 1)(&part, 1, slots, second);
  EXPECT_EQ(sums[0], 3);
  EXPECT_EQ(sums[1], 4);
  transmission_of(input_form::flips, 2)(&part, 1, slots, second);
  EXPECT_EQ(sums[0], 0.5);
  for (const std::uint32_t before : {3u, 4u, 1000u})
    transmission_of(input_form::flips, before)(&part, 1, slots, second);
  EXPECT_EQ(sums[0], 0.5);
}

TEST(input_forms, that_count_tell_amounts_and_numbers_apart) {
  double amounts[2] = {}, numbers[2] = {};
  const plastic_piece piece{2, 1, amounts, numbers};
  const tile_part part{&piece, 2};
  const std::uint32_t slots[] = {0, 1};
  const double sent[] = {2, -3};
  for (int twice = 0; twice < 2; ++twice) transmission_of(input_form::counted)(&part, 1, slots, sent);
  EXPECT_EQ(amounts[0], 4);
  EXPECT_EQ(amounts[1], -6) << "whatever their sign";
  EXPECT_EQ(numbers[0], 2);
  EXPECT_EQ(numbers[1], 2);
  add_amount<counted_form>({amounts, numbers}, 1, 5, 3);
  EXPECT_EQ(amounts[1], -1);
  EXPECT_EQ(numbers[1], 5);
}

TEST(input_forms, fit_into_segments) {
  segment r{};
  r.form = (1u << models::form_bits) - 1;
  r.delay_steps = max_delay_steps;
  EXPECT_EQ(r.form, 15u);
  EXPECT_EQ(sizeof(segment), 16u);
}

}  // namespace
}  // namespace volley::runtime
