#include "runtime/kernel/edit_reader.hpp"

#include <gtest/gtest.h>

#include "runtime/base/error.hpp"
#include "runtime/connections/synapse_rules.hpp"

namespace volley::runtime {
namespace {

using reals = std::vector<double>;
using bytes = std::vector<std::uint8_t>;

struct an_edit_reader : testing::Test {
  time_grid time;
  model_registry models{built_in_models(), time};
  const store_ordinal fixed = models.find_synapse("static_synapse").value(),
                      plastic = models.find_synapse("stdp_synapse").value();
  /// Two of static_synapse, then one of stdp_synapse.
  connection_columns list{1, {1, 2, 3}, {4, 5, 6}, {fixed.index(), fixed.index(), plastic.index()}, {0, 0, 0}};
  unknown_keys unknown{false};

  connection_edit read(const value& values) { return edit_reader(list, models, time, {5, 20}, unknown)(values); }
  error_kind refused(const value& values) {
    try {
      read(values);
    } catch (const api_error& e) {
      return e.kind();
    }
    ADD_FAILURE() << "accepted " << to_text(values);
    return error_kind::InternalError;
  }
};

TEST_F(an_edit_reader, takes_numbers_for_all_and_lists) {
  const auto edit = read(dictionary{{"weight", 2.5}, {"delay", reals{1, 1.5, 2}}});
  EXPECT_EQ(edit.weight->values, (reals{2.5}));
  EXPECT_TRUE(edit.weight->given.empty());
  EXPECT_EQ(edit.delay_steps->values, (reals{10, 15, 20}));
  EXPECT_EQ(extrema_of(edit).min, 10);
  EXPECT_EQ(extrema_of(edit).max, 20);
  EXPECT_FALSE(edit.remove);
  EXPECT_TRUE(edit.parameters.empty());
}

TEST_F(an_edit_reader, takes_a_dictionary_for_each_connection) {
  const auto edit = read(std::vector<value>{dictionary{{"weight", 1}}, dictionary(), dictionary{{"weight", 3.0}}});
  EXPECT_EQ(edit.weight->given, (bytes{1, 0, 1}));
  EXPECT_EQ((*edit.weight)[0], 1);
  EXPECT_EQ((*edit.weight)[2], 3);
  EXPECT_EQ(refused(std::vector<value>{dictionary(), dictionary()}), error_kind::TypeError);
  const auto none = read(dictionary());
  EXPECT_FALSE(none.weight || none.delay_steps);
  EXPECT_EQ(extrema_of(none).max, 0);
}

TEST_F(an_edit_reader, gives_a_key_to_the_connections_whose_model_knows_it) {
  const auto edit = read(dictionary{{"lambda", 0.5}});
  ASSERT_EQ(edit.parameters.size(), 1u);
  EXPECT_EQ(edit.parameters[0].values.given, (bytes{0, 0, 1}));
  EXPECT_EQ(edit.parameters[0].member_of[plastic.index()],
            static_cast<std::int32_t>(find_property(*models.synapse(plastic).model, "lambda")->member));
  EXPECT_LT(edit.parameters[0].member_of[fixed.index()], 0);
  ASSERT_EQ(unknown.warnings().size(), 1u);
  EXPECT_TRUE(unknown.warnings()[0].starts_with("set: static_synapse: Unaccessed entry 'lambda'"));
}

TEST_F(an_edit_reader, a_key_that_nobody_knows_edits_nothing) {
  EXPECT_TRUE(read(dictionary{{"lamda", 0.5}}).parameters.empty());
  EXPECT_EQ(unknown.warnings().size(), 2u) << "each model is told";
  unknown = unknown_keys(true);
  EXPECT_EQ(refused(dictionary{{"lamda", 0.5}}), error_kind::UnaccessedDictionaryEntry);
}

TEST_F(an_edit_reader, refuses_what_is_no_number_or_too_many) {
  EXPECT_EQ(refused(dictionary{{"weight", "heavy"}}), error_kind::TypeMismatch);
  EXPECT_EQ(refused(dictionary{{"weight", reals{1, 2}}}), error_kind::IndexError);
  EXPECT_EQ(refused(dictionary{{"weight", reals{1, 2, 3, 4}}}), error_kind::ValueError);
  EXPECT_EQ(refused(7.0), error_kind::TypeError);
}

TEST_F(an_edit_reader, judges_delays_by_the_limits_where_they_are_given) {
  EXPECT_EQ(refused(dictionary{{"delay", 0.4}}), error_kind::BadDelay);
  EXPECT_EQ(refused(dictionary{{"delay", reals{1, 1, 2.1}}}), error_kind::BadDelay);
  EXPECT_NO_THROW(read(std::vector<value>{dictionary{{"delay", 1.0}}, dictionary(), dictionary()}));
}

}  // namespace
}  // namespace volley::runtime
