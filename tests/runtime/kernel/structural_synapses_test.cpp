#include "runtime/kernel/structural_synapses.hpp"

#include <gtest/gtest.h>

#include <optional>

#include "runtime/base/error.hpp"
#include "runtime/values/parameter.hpp"
#include "tests/runtime/solo_kernel.hpp"

namespace volley::runtime {
namespace {

struct structural_table : testing::Test {
  solo_kernel k;

  static value table(dictionary synapse) { return dictionary{{"mine", value(std::move(synapse))}}; }
  void set(const value& v) { k.set_status({{"structural_plasticity_synapses", v}}); }
  std::optional<error_kind> refused(const value& v) {
    try {
      set(v);
    } catch (const api_error& e) {
      return e.kind();
    }
    return std::nullopt;
  }
  std::optional<error_kind> refused_one(dictionary more) {
    more["pre_synaptic_element"] = "a";
    more["post_synaptic_element"] = "b";
    return refused(table(std::move(more)));
  }
  value status() { return k.status("structural_plasticity_synapses"); }
  double delay(const char* key) { return *k.status(key).get_if<double>(); }
};

TEST_F(structural_table, is_read_back_with_its_defaults) {
  EXPECT_EQ(status(), value(dictionary()));
  set(table(
      {{"pre_synaptic_element", "a"}, {"post_synaptic_element", "b"}, {"weight", 2.0}, {"allow_autapses", false}}));
  EXPECT_EQ(status(), table({{"pre_synaptic_element", "a"},
                             {"post_synaptic_element", "b"},
                             {"weight", 2.0},
                             {"synapse_model", "static_synapse"},
                             {"allow_autapses", false},
                             {"allow_multapses", true}}));
}

TEST_F(structural_table, is_replaced_as_a_whole_and_goes_with_reset) {
  EXPECT_FALSE(refused_one({}));
  set(dictionary{{"other", value(dictionary{{"pre_synaptic_element", "x"}, {"post_synaptic_element", "y"}})}});
  EXPECT_FALSE(status().get_if<dictionary>()->contains("mine"));
  k.call(api::reset_kernel{});
  EXPECT_EQ(status(), value(dictionary()));
}

TEST_F(structural_table, refuses_what_the_contract_refuses_and_stays) {
  EXPECT_FALSE(refused_one({}));
  const auto before = status();
  EXPECT_EQ(refused(value(1.0)), error_kind::TypeMismatch);
  EXPECT_EQ(refused(dictionary{{"mine", 1.0}}), error_kind::TypeMismatch);
  EXPECT_EQ(refused(table({{"pre_synaptic_element", "a"}})), error_kind::BadProperty);
  EXPECT_EQ(refused(table({})), error_kind::BadProperty);
  EXPECT_EQ(refused(table({{"pre_synaptic_element", 1}, {"post_synaptic_element", "b"}})), error_kind::TypeMismatch);
  EXPECT_EQ(refused_one({{"synapse_model", "none_such"}}), error_kind::UnknownSynapseType);
  EXPECT_EQ(refused_one({{"wait", 1.0}}), error_kind::UnaccessedDictionaryEntry);
  EXPECT_EQ(refused_one({{"allow_autapses", 1}}), error_kind::TypeMismatch);
  EXPECT_EQ(refused_one({{"weight", std::vector<double>{1, 2}}}), error_kind::BadProperty);
  EXPECT_EQ(refused_one({{"weight", parameter::make({{operation::uniform, {}, {1, 2}}})}}), error_kind::BadProperty);
  EXPECT_EQ(refused_one({{"delay", 0.0}}), error_kind::BadDelay);
  EXPECT_EQ(refused_one({{"delay", 2.0}}), error_kind::BadProperty) << "another delay than the model's";
  EXPECT_EQ(status(), before);
}

TEST_F(structural_table, delays_are_those_of_the_network_before_it_runs) {
  EXPECT_FALSE(refused_one({}));
  EXPECT_EQ(delay("min_delay"), 1.0);
  EXPECT_EQ(delay("max_delay"), 1.0);
}

TEST_F(structural_table, other_delays_need_extrema_of_the_user) {
  k.set_status({{"min_delay", 0.5}, {"max_delay", 2.0}});
  EXPECT_FALSE(refused_one({{"delay", 2.0}}));
  EXPECT_EQ(refused_one({{"delay", 3.0}}), error_kind::BadDelay);
}

TEST_F(structural_table, one_call_may_set_extrema_and_table) {
  k.set_status({{"min_delay", 0.5},
                {"max_delay", 2.0},
                {"structural_plasticity_synapses",
                 table({{"pre_synaptic_element", "a"}, {"post_synaptic_element", "b"}, {"delay", 2.0}})}});
  EXPECT_EQ(delay("max_delay"), 2.0);
}

TEST_F(structural_table, names_the_elements_of_a_model) {
  const auto s = [](const char* name, int store, element_names elements) {
    return structural_synapse{name, {}, store_ordinal(store), std::move(elements)};
  };
  const std::vector<structural_synapse> all{s("x", 0, {"a", "b"}), s("y", 1, {"c", "d"}), s("z", 0, {"e", "f"})};
  EXPECT_EQ(elements_of(all, store_ordinal(1)), (element_names{"c", "d"}));
  EXPECT_EQ(elements_of(all, store_ordinal(0)), (element_names{"e", "f"})) << "the last one counts";
  EXPECT_EQ(elements_of(all, store_ordinal(2)), std::nullopt);
}

}  // namespace
}  // namespace volley::runtime
