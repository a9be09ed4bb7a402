#include "actors/places.hpp"

#include <gtest/gtest.h>

#include <stdexcept>

namespace volley::actors {
namespace {

TEST(places, are_hosts_with_ports) {
  EXPECT_EQ(parse_place("--join", "node7.cluster:7000").host, "node7.cluster");
  EXPECT_EQ(parse_place("--join", "node7.cluster:7000").port, 7000);
  EXPECT_EQ(parse_place("--join", "[::1]:0").host, "::1");
  for (const char* wrong : {"", "127.0.0.1", ":7000", "host:", "host:70000", "host:-1", "host:7x"})
    EXPECT_THROW(parse_place("--join", wrong), std::runtime_error) << wrong;
}

TEST(places, are_names_or_addresses) {
  EXPECT_TRUE(resolved("127.0.0.1").is_loopback());
  EXPECT_TRUE(resolved("localhost").is_loopback());
  EXPECT_TRUE(resolved("::").is_unspecified());
  EXPECT_THROW(resolved("no host"), std::runtime_error);
}

TEST(places, that_other_machines_reach_want_protection) {
  EXPECT_NO_THROW(require_protection(resolved("127.0.0.1"), false, false));
  for (const char* open : {"0.0.0.0", "10.0.0.7", "::"}) {
    EXPECT_THROW(require_protection(resolved(open), false, false), std::runtime_error) << open;
    EXPECT_NO_THROW(require_protection(resolved(open), true, false));
    EXPECT_NO_THROW(require_protection(resolved(open), false, true));
  }
}

}  // namespace
}  // namespace volley::actors
