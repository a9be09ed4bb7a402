#include "runtime/cluster/admission.hpp"

#include <gtest/gtest.h>

namespace volley::runtime::cluster {
namespace {

const worker_card ours{1, "2.0", "abc", 77, 4, 1000, 1, "127.0.0.1", 1};

TEST(admission, takes_a_worker_of_the_same_build) {
  auto other = ours;
  other.lanes = 1;
  other.memory = 5;
  other.port = 7;
  EXPECT_EQ(incompatibility(ours, other), std::nullopt);
}

TEST(admission, names_what_differs_with_both_values) {
  const auto said = [](auto change) {
    auto theirs = ours;
    change(theirs);
    return incompatibility(ours, theirs).value_or("nothing");
  };
  EXPECT_EQ(said([](auto& c) { c.protocol = 2; }), "its protocol version is 2, the supervisor's 1");
  EXPECT_EQ(said([](auto& c) { c.release = "2.1"; }), "its release is 2.1, the supervisor's 2.0");
  EXPECT_EQ(said([](auto& c) { c.build = "abd"; }), "its build is abd, the supervisor's abc");
  EXPECT_EQ(said([](auto& c) { c.digest = 78; }),
            "its arithmetic digest is 78, the supervisor's 77: its processor computes other bits");
  EXPECT_EQ(said([](auto& c) { c.lanes = 0; }), "it has no lanes");
}

TEST(admission, a_digest_is_the_same_each_time) {
  EXPECT_EQ(arithmetic_digest(), arithmetic_digest());
  EXPECT_EQ(arithmetic_digest(), 0x91bd8aa12ff9345) << "the bits that every processor yields";
}

}  // namespace
}  // namespace volley::runtime::cluster
