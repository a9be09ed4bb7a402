// How calls that connect get to the shards, and when their rows are built.
#include "runtime/kernel/link.hpp"

#include <gtest/gtest.h>

#include <new>

#include "runtime/base/error.hpp"
#include "tests/runtime/solo_kernel.hpp"

namespace volley::runtime {
namespace {

struct linked : testing::Test {
  solo_kernel k{2};
  node_set neurons = k.create("iaf_psc_alpha", 4), meter = k.create("multimeter");
  int connects = 0, builds = 0;
  std::uint32_t told = 0;  ///< what the last call's connections are marked with

  linked() {
    k.before_obeying = [this](const shard& s, const order& o) {
      if (s.place().vp != 0) return;
      builds += std::holds_alternative<orders::build>(o);
      if (const auto* c = std::get_if<orders::connect>(&o)) {
        ++connects;
        if (!c->projections.empty()) told = c->projections[0].told_call;
      }
    };
  }
};

TEST_F(linked, rows_are_built_when_somebody_needs_them) {
  k.connect(neurons, neurons);
  k.connect(neurons, neurons);
  EXPECT_EQ(connects, 2);
  EXPECT_EQ(builds, 0);
  EXPECT_EQ(k.connections().size(), 32u);
  k.connections();
  EXPECT_EQ(builds, 1) << "once for all";
}

TEST_F(linked, connections_of_meters_wait_for_nothing) {
  k.connect(meter, neurons);
  EXPECT_EQ(k.connections().size(), 4u);
  EXPECT_EQ(builds, 0);
}

TEST_F(linked, calls_are_told_apart_where_the_row_does_not_tell) {
  const dictionary all{{"rule", "all_to_all"}};
  k.connect(neurons, neurons, all, {{"delay", 2.0}});
  EXPECT_EQ(told, 0u) << "the first";
  k.connect(neurons, neurons, all, {{"delay", 1.0}});
  EXPECT_NE(told, 0u) << "it stands before the first";
}

TEST_F(linked, a_machine_without_memory_is_told_with_the_number_of_connections) {
  k.before_obeying = [](const shard& s, const order& o) {
    if (s.place().vp == 1 && std::holds_alternative<orders::connect>(o)) throw std::bad_alloc();
  };
  try {
    k.connect(neurons, neurons);
    FAIL();
  } catch (const api_error& e) {
    EXPECT_EQ(e.kind(), error_kind::MemoryError);
    EXPECT_STREQ(e.what(), "Connect: 16 connections: the machine has no memory for the call; nothing was changed");
  }
  k.before_obeying = [](const shard&, const order&) {};
  EXPECT_EQ(k.connections().size(), 0u);
}

TEST_F(linked, what_could_not_be_built_stays_asked_for) {
  k.connect(neurons, neurons);
  k.before_obeying = [](const shard& s, const order& o) {
    if (s.place().vp == 1 && std::holds_alternative<orders::build>(o)) throw std::bad_alloc();
  };
  EXPECT_THROW(k.connections(), api_error);
  k.before_obeying = [](const shard&, const order&) {};
  EXPECT_EQ(k.connections().size(), 16u);
}

}  // namespace
}  // namespace volley::runtime
