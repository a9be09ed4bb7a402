#include "client/cpp/channel.hpp"

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>

#include "client/cpp/session.hpp"
#include "tests/client/cpp/fake_kernel.hpp"

namespace volley::client {
namespace {

TEST(open_channel, refuses_addresses_of_another_form) {
  for (const char* address : {"http://localhost", "tcp:1234", "tls:1234", "/tmp/socket"})
    EXPECT_EQ(kind_of_error([&] { open_channel(address); }), "builtins.ValueError") << address;
}

TEST(open_channel, a_kernel_inside_has_no_name) {
  EXPECT_EQ(kind_of_error([] { Session("", "", "a"); }), "builtins.ValueError");
}

TEST(open_channel, says_when_nobody_listens) { EXPECT_THROW(open_channel("unix:/no/such/socket"), connection_lost); }

TEST(embedded_channel, holds_a_kernel) {
  Session nest{""};
  EXPECT_EQ(nest.GetKernelStatus("biological_time"), Value(0.0));
  EXPECT_EQ(kind_of_error([&] { nest.Create("no_such_model"); }), "UnknownModelName");
}

TEST(embedded_channel, two_kernels_are_two_networks) {
  Session one{""}, other{""};
  const auto nodes = one.Create("iaf_psc_alpha", 3);
  EXPECT_EQ(nodes.size(), 3u);
  EXPECT_TRUE(other.GetNodes().empty());
}

TEST(embedded_channel, has_as_many_virtual_processes_as_the_environment_says) {
  ::setenv("VOLLEY_VPS", "3", 1);
  EXPECT_EQ(Session{""}.GetKernelStatus("total_num_virtual_procs"), Value(3));
  ::setenv("VOLLEY_VPS", "many", 1);
  EXPECT_EQ(kind_of_error([] { Session{""}; }), "builtins.ValueError");
  ::unsetenv("VOLLEY_VPS");
}

TEST(embedded_channel, counts_only_in_a_dry_run) {
  Session nest{"dry-run:"};
  const auto cells = nest.Create("iaf_psc_alpha", 1000000000);
  nest.Connect(cells, cells, Dictionary{{"rule", "fixed_indegree"}, {"indegree", 10000}}, Dictionary{});
  EXPECT_EQ(nest.GetKernelStatus("num_connections"), Value(std::int64_t{10000000000000}));
}

TEST(embedded_channel, a_wrong_memory_limit_is_an_error) {
  ::setenv("VOLLEY_MEMORY_LIMIT", "much", 1);
  EXPECT_EQ(kind_of_error([] { Session{""}; }), "builtins.ValueError");
  ::unsetenv("VOLLEY_MEMORY_LIMIT");
}

TEST(embedded_channel, raises_in_a_forked_child_and_goes_on_in_the_parent) {
  Session nest{""};
  const pid_t child = ::fork();
  if (child == 0) ::_exit(kind_of_error([&] { nest.GetKernelStatus(); }) == "KernelException" ? 0 : 1);
  int status = 1;
  ::waitpid(child, &status, 0);
  EXPECT_EQ(status, 0);
  EXPECT_FALSE(nest.GetKernelStatus().empty());
}

}  // namespace
}  // namespace volley::client
