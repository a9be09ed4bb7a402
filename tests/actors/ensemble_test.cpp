#include "actors/ensemble.hpp"

#include <gtest/gtest.h>

#include <stdexcept>

#include "tests/actors/mates_on_stage.hpp"

namespace volley::actors {
namespace {

class an_ensemble : public testing::Test {
 protected:
  an_ensemble() {
    supervisor = stage.system.spawn<listening_supervisor>(std::ref(heard));
    mates = std::make_shared<ensemble>(3, supervisor);
    for (auto& told : slices) vps.push_back(stage.system.spawn<listening_vp>(std::ref(told)));
    mates->assemble(vps);
  }
  ~an_ensemble() override {
    for (const auto& vp : vps) caf::anon_send_exit(vp, caf::exit_reason::user_shutdown);
    caf::anon_send_exit(supervisor, caf::exit_reason::user_shutdown);
    mates.reset();
    vps.clear();
    supervisor = nullptr;
    stage.settle();
  }

  staged_system stage;
  listening_supervisor::heard heard;
  std::vector<runtime::slice> slices[3];
  supervisor_actor supervisor;
  std::vector<vp_actor> vps;
  std::shared_ptr<ensemble> mates;
};

std::string what(const std::exception_ptr& failure) {
  try {
    std::rethrow_exception(failure);
  } catch (const std::exception& e) {
    return e.what();
  }
}

TEST_F(an_ensemble, tells_the_first_failure_by_number_once) {
  EXPECT_EQ(mates->take_failure(), nullptr);
  mates->fail(2, std::make_exception_ptr(std::runtime_error("of the last")));
  mates->fail(1, std::make_exception_ptr(std::runtime_error("of the second")));
  EXPECT_EQ(what(mates->take_failure()), "of the second");
  EXPECT_EQ(mates->take_failure(), nullptr);
}

TEST_F(an_ensemble, gives_every_vp_its_slice_and_the_supervisor_the_end) {
  auto& exchange = mates->open(4, 0);
  exchange.start(4);
  stage.settle();
  for (const auto& told : slices) {
    ASSERT_EQ(told.size(), 1u);
    EXPECT_EQ(told[0], (runtime::slice{0, 0, 4, true, true}));
  }
  EXPECT_TRUE(heard.stops.empty());
  for (int vp = 0; vp < 3; ++vp) exchange.arrive();
  stage.settle();
  ASSERT_EQ(heard.stops.size(), 1u);
  EXPECT_EQ(heard.stops[0].reason, runtime::stop_reason::reached);
  EXPECT_EQ(heard.stops[0].now, 4);
}

TEST_F(an_ensemble, goes_on_with_its_exchange_while_the_interval_is_the_same) {
  auto* const first = &mates->open(4, 0);
  first->start(2);
  for (int vp = 0; vp < 3; ++vp) first->arrive();
  EXPECT_EQ(mates->open(4, 2).progress().now, 2);
  mates->open(4, 2).start(1);
  stage.settle();
  EXPECT_EQ(slices[0].back(), (runtime::slice{0, 2, 3, false, false})) << "the open interval goes on";
  for (int vp = 0; vp < 3; ++vp) first->arrive();
  EXPECT_EQ(mates->open(8, 3).interval_steps(), 8);
  EXPECT_EQ(&mates->exchange(), &mates->open(8, 3));
}

TEST_F(an_ensemble, times_what_lies_between_two_meetings) {
  runtime::update_times times;
  auto& exchange = mates->open(4, 0, &times);
  exchange.start(8);
  EXPECT_EQ(times.longest_s, -runtime::update_times::infinity) << "nothing has been computed";
  for (int slice = 0; slice < 2; ++slice)
    for (int vp = 0; vp < 3; ++vp) exchange.arrive();
  EXPECT_LE(0.0, times.shortest_s);
  EXPECT_LE(times.shortest_s, times.longest_s);
  EXPECT_LT(times.longest_s, 60.0);
  stage.settle();
  EXPECT_EQ(heard.stops.back().reason, runtime::stop_reason::reached);
  EXPECT_EQ(mates->take_failure(), nullptr);
}

TEST_F(an_ensemble, fails_a_run_that_takes_longer_than_it_may) {
  for (const runtime::step_t steps : {4, 12}) {
    runtime::update_times times;
    times.limit_s = -1;  // nothing is as fast
    auto& exchange = mates->open(4, 0, &times);
    exchange.start(steps);
    for (int slice = 0; slice < (steps == 4 ? 1 : 2); ++slice)
      for (int vp = 0; vp < 3; ++vp) exchange.arrive();
    stage.settle();
    EXPECT_EQ(heard.stops.back().reason, runtime::stop_reason::failed);
    EXPECT_NE(what(mates->take_failure()).find("update_time_limit"), std::string::npos);
  }
}

}  // namespace
}  // namespace volley::actors
