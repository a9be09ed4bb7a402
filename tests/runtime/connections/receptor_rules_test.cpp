#include "runtime/connections/receptor_rules.hpp"

#include <gtest/gtest.h>

#include <array>
#include <string>

#include "runtime/base/error.hpp"

namespace volley::runtime {
namespace {

constexpr std::array<models::channel, 4> channels{{{models::input_form::sum, 0},
                                                   {models::input_form::by_sign, 2},
                                                   {models::input_form::current, 0},
                                                   {models::input_form::current, 1}}};
constexpr receiver node{"some_neuron", channels}, hears_spikes{"parrot", std::span(channels).first(1)};

std::pair<error_kind, std::string> refused(const receiver& of, std::int64_t receptor, bool currents) {
  try {
    check_receptor(of, receptor, currents);
  } catch (const api_error& e) {
    return {e.kind(), e.what()};
  }
  return {error_kind::InternalError, "accepted"};
}

TEST(receptor_rules, spikes_and_currents_have_receptors_of_their_own) {
  for (const std::int64_t receptor : {-1, 0, 1, 2, 3}) {
    EXPECT_EQ(has_receptor(node, receptor, false), receptor == 0 || receptor == 2) << receptor;
    EXPECT_EQ(has_receptor(node, receptor, true), receptor == 0 || receptor == 1) << receptor;
  }
  EXPECT_EQ(refused(node, 2, false).second, "accepted");
}

TEST(receptor_rules, refusals_say_what_there_is) {
  using answer = std::pair<error_kind, std::string>;
  EXPECT_EQ(refused(node, 3, false),
            answer(error_kind::UnknownReceptorType,
                   "Connect: receptor_type = 3: a some_neuron takes spikes on receptor 0, 2 only"));
  EXPECT_EQ(refused(node, 2, true),
            answer(error_kind::IncompatibleReceptorType,
                   "Connect: receptor_type = 2: a some_neuron takes currents on receptor 0, 1 only"));
  EXPECT_EQ(
      refused(hears_spikes, 0, true),
      answer(error_kind::IllegalConnection, "Creation of connection is not possible: a parrot takes no currents"));
}

TEST(receptor_rules, what_spikes_carry_is_for_one_model) {
  constexpr std::array<models::channel, 2> some{{{models::input_form::sum, 1}, {models::input_form::payload, 3}}};
  const receiver takes{"mine", some, models::receptor_numbers::fixed, "some_neuron"};
  EXPECT_NO_THROW(check_payload(takes, 3, "some_neuron"));
  EXPECT_NO_THROW(check_payload(takes, 1, "parrot"));
  for (const char* from : {"parrot", "mine", ""}) EXPECT_THROW(check_payload(takes, 3, from), api_error) << from;
}

TEST(receptor_rules, entries_that_connections_make_stay_as_they_are) {
  constexpr std::array<models::channel, 2> some{{{models::input_form::sum, 1}, models::declare::each_connection(3)}};
  const receiver takes{"mine", some};
  EXPECT_TRUE(makes_entry(takes, 3));
  EXPECT_NO_THROW(check_entries_stay(takes, 1));
  EXPECT_THROW(check_entries_stay(takes, 3), api_error);
}

TEST(receptor_rules, a_list_has_its_receptors_for_spikes) {
  constexpr std::array<models::channel, 2> of_list{{{models::input_form::sum, 1}, {models::input_form::current, 0}}};
  const receiver listed{"some_neuron", of_list, models::receptor_numbers::listed};
  EXPECT_EQ(refused(listed, 1, false).second, "accepted");
  for (const std::int64_t receptor : {0, 2})
    EXPECT_EQ(refused(listed, receptor, false).first, error_kind::IncompatibleReceptorType) << receptor;
  EXPECT_EQ(refused(listed, 2, true).first, error_kind::UnknownReceptorType);
}

TEST(receptor_rules, names_are_a_series_where_all_receptors_have_some) {
  constexpr std::array<models::channel, 2> all{{{models::input_form::sum, 1}, {models::input_form::current, 2}}};
  const receiver named{"some_neuron", all, models::receptor_numbers::named};
  EXPECT_EQ(refused(named, 1, false).second, "accepted");
  for (const std::int64_t receptor : {0, 2})
    EXPECT_EQ(refused(named, receptor, false).first, error_kind::IncompatibleReceptorType) << receptor;
  for (const std::int64_t receptor : {-1, 3})
    EXPECT_EQ(refused(named, receptor, false).first, error_kind::UnknownReceptorType) << receptor;
  constexpr std::array<models::channel, 2> spikes{{{models::input_form::sum, 1}, {models::input_form::current, 0}}};
  const receiver named_for_spikes{"some_neuron", spikes, models::receptor_numbers::named};
  EXPECT_EQ(refused(named_for_spikes, 0, false).first, error_kind::UnknownReceptorType);
}

}  // namespace
}  // namespace volley::runtime
