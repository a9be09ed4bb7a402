#include "runtime/base/contract.hpp"

#include <gtest/gtest.h>

namespace volley::runtime {
namespace {

TEST(contract, what_holds_is_passed_over) { EXPECT_NO_THROW(expects(true, "never told")); }

TEST(contract, what_does_not_hold_is_told_as_a_fault_of_ours) {
  try {
    expects(false, "an interval is closed once");
    FAIL() << "went on";
  } catch (const std::logic_error& e) {
    EXPECT_NE(dynamic_cast<const broken_contract*>(&e), nullptr);
    EXPECT_STREQ(e.what(), "broken contract: an interval is closed once");
  }
}

}  // namespace
}  // namespace volley::runtime
