#include "runtime/devices/device_setting.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace volley::runtime {
namespace {

using reals = std::vector<double>;
using integers = std::vector<std::int64_t>;
using texts = std::vector<std::string>;

const dictionary changes{{"start", 1.0}};
const device_context context{.time = {}, .now = 30, .n_nodes = 9, .generation = 2};
const device_setting setting("set: some_device", context, changes);

template <class T> T assigned(const value& v) {
  T to{};
  assign(setting, "key", v, to);
  return to;
}
/// The kind and the end of the message.
template <class T> std::pair<error_kind, std::string> refused(const value& v) {
  try {
    assigned<T>(v);
  } catch (const api_error& e) {
    const std::string what = e.what(), begin = "set: some_device: key = " + to_text(v) + " ";
    EXPECT_TRUE(what.starts_with(begin)) << what;
    return {e.kind(), what.substr(begin.size())};
  }
  return {error_kind::InternalError, "accepted"};
}
using answer = std::pair<error_kind, std::string>;
const auto mismatch = [](const char* what) { return answer(error_kind::TypeMismatch, what); };

TEST(device_setting, knows_what_is_given) {
  EXPECT_TRUE(setting.given("start"));
  EXPECT_FALSE(setting.given("stop"));
  EXPECT_EQ(setting.text(0.5), "0.5");
}

TEST(device_setting, numbers_take_whatever_is_one) {
  EXPECT_EQ(assigned<double>(2.5), 2.5);
  EXPECT_EQ(assigned<double>(std::int64_t{3}), 3);
  EXPECT_EQ(assigned<double>(true), 1);
  EXPECT_EQ(assigned<double>(HUGE_VAL), HUGE_VAL) << "for ever";
  EXPECT_EQ(refused<double>("x"), mismatch("is str, must be a number"));
  EXPECT_EQ(refused<double>(std::nan("")), answer(error_kind::BadProperty, "must be a number"));
}

TEST(device_setting, other_scalars_take_their_own_type_alone) {
  EXPECT_EQ(assigned<std::int64_t>(3), 3);
  EXPECT_EQ(refused<std::int64_t>(3.0), mismatch("is float, must be an integer"));
  EXPECT_EQ(assigned<bool>(true), true);
  EXPECT_EQ(refused<bool>(1), mismatch("is int, must be a bool"));
  EXPECT_EQ(assigned<std::string>("text"), "text");
  EXPECT_EQ(refused<std::string>(1), mismatch("is int, must be a string"));
}

TEST(device_setting, lists_may_be_empty_and_of_what_becomes_their_type) {
  EXPECT_EQ(assigned<reals>(empty_vector{}), reals{});
  EXPECT_EQ(assigned<reals>(integers{1, 2}), (reals{1, 2}));
  EXPECT_EQ(assigned<reals>(booleans{{1, 0}}), (reals{1, 0}));
  EXPECT_EQ(refused<reals>(1.0), mismatch("is float, must be a list of numbers"));
  EXPECT_EQ(refused<reals>(reals{1, HUGE_VAL}), answer(error_kind::BadProperty, "must be finite"));
  EXPECT_EQ(assigned<integers>(integers{1, 2}), (integers{1, 2}));
  EXPECT_EQ(assigned<integers>(empty_vector{}), integers{});
  EXPECT_EQ(refused<integers>(reals{1}), mismatch("is list of float, must be a list of integers"));
  EXPECT_EQ(assigned<texts>(texts{"V_m"}), texts{"V_m"});
  EXPECT_EQ(assigned<texts>(empty_vector{}), texts{});
  EXPECT_EQ(refused<texts>("V_m"), mismatch("is str, must be a list of strings"));
}

TEST(device_setting, nodes_exist_ascend_and_belong_to_this_kernel) {
  using ids = std::vector<std::uint64_t>;
  using models::node_list;
  EXPECT_EQ(assigned<node_list>(node_set{2, {{1, 3, 2}, {9, 9, 1}}}).ids, (ids{1, 3, 9}));
  EXPECT_EQ(assigned<node_list>(integers{2, 5}).ids, (ids{2, 5}));
  EXPECT_EQ(assigned<node_list>(empty_vector{}).ids, ids{});
  EXPECT_EQ(refused<node_list>(1).first, error_kind::TypeMismatch);
  EXPECT_EQ(refused<node_list>(node_set{1, {{1, 1, 1}}}).first, error_kind::KernelException);
  EXPECT_EQ(refused<node_list>(integers{10}).first, error_kind::UnknownNode);
  EXPECT_EQ(refused<node_list>(integers{0}).first, error_kind::UnknownNode);
  for (const integers& wrong : {integers{5, 2}, integers{5, 5}})
    EXPECT_EQ(refused<node_list>(wrong),
              answer(error_kind::BadProperty, "must name nodes in ascending order, each once"));
}

TEST(device_setting, refusals_of_models_get_their_kind_and_the_call) {
  for (const auto& [refusal, kind] : {std::pair(models::refusal::BadProperty, error_kind::BadProperty),
                                      {models::refusal::NotImplemented, error_kind::NotImplemented},
                                      {models::refusal::StepMultipleRequired, error_kind::StepMultipleRequired},
                                      {models::refusal::TimeMultipleRequired, error_kind::TimeMultipleRequired}}) {
    try {
      setting.refuse("wrong", refusal);
      FAIL();
    } catch (const api_error& e) {
      EXPECT_EQ(e.kind(), kind);
      EXPECT_STREQ(e.what(), "set: some_device: wrong");
    }
  }
}

}  // namespace
}  // namespace volley::runtime
