// A server that dies while it serves a job.
#include <gtest/gtest.h>

#include <cstdlib>

#include "client/cpp/session.hpp"
#include "tests/client/cpp/served_kernel.hpp"

namespace volley::client {
namespace {

TEST(server_death, is_an_error_and_no_hang) {
  served_kernel server(std::getenv("VOLLEY_SERVER"));
  Session nest(server.address());
  nest.Create("iaf_psc_alpha", 100, Dictionary{{"I_e", 1000.0}});
  nest.listen({.on_progress = [&](const progress&) { server.stop(SIGKILL); }, .on_log = {}, .interrupted = {}});
  EXPECT_THROW(nest.Simulate(1e8), connection_lost);
  EXPECT_THROW(nest.GetKernelStatus(), connection_lost);
}

}  // namespace
}  // namespace volley::client
