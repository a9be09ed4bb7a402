#include "actors/ensemble.hpp"

#include <gtest/gtest.h>

#include <span>
#include <stdexcept>

#include "protocol/malformed.hpp"
#include "tests/actors/mates_on_stage.hpp"

namespace volley::actors {
namespace {

class an_ensemble : public testing::Test {
 protected:
  an_ensemble() {
    overseer = stage.system.spawn<listening_overseer>(std::ref(heard));
    mates = std::make_shared<ensemble>(3, overseer);
    for (auto& told : slices) vps.push_back(stage.system.spawn<listening_vp>(std::ref(told)));
    mates->assemble(vps);
  }
  ~an_ensemble() override {
    for (const auto& vp : vps) caf::anon_send_exit(vp, caf::exit_reason::user_shutdown);
    caf::anon_send_exit(overseer, caf::exit_reason::user_shutdown);
    mates.reset();
    vps.clear();
    overseer = nullptr;
    stage.settle();
  }

  staged_system stage;
  listening_overseer::heard heard;
  std::vector<runtime::slice> slices[3];
  overseer_actor overseer;
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
  EXPECT_FALSE(mates->take_failure().has_value());
  mates->fail(2, std::make_exception_ptr(std::runtime_error("of the last")));
  mates->fail(1, std::make_exception_ptr(std::runtime_error("of the second")));
  const auto first = mates->take_failure();
  ASSERT_TRUE(first.has_value());
  EXPECT_EQ(first->vp, 1u);
  EXPECT_EQ(what(first->reason), "of the second");
  EXPECT_FALSE(mates->take_failure().has_value());
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
  EXPECT_FALSE(mates->take_failure().has_value());
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
    EXPECT_NE(what(mates->take_failure()->reason).find("update_time_limit"), std::string::npos);
  }
}

TEST_F(an_ensemble, counts_intervals_through_when_their_length_changes) {
  auto& before = mates->open(4, 0);
  before.start(8);
  for (int arrival = 0; arrival < 6; ++arrival) before.arrive();
  mates->open(2, 8).start(2);
  stage.settle();
  EXPECT_EQ(slices[0].back(), (runtime::slice{2, 8, 10, true, true}));
}

TEST_F(an_ensemble, goes_on_where_a_network_stands_that_was_loaded) {
  auto& before = mates->open(4, 0);
  before.start(8);
  for (int arrival = 0; arrival < 6; ++arrival) before.arrive();
  mates->open(4, 21).start(5);
  stage.settle();
  EXPECT_EQ(slices[0].back(), (runtime::slice{2, 21, 24, false, true})) << "the rest of an interval";
  for (int vp = 0; vp < 3; ++vp) mates->exchange().arrive();
  stage.settle();
  EXPECT_EQ(slices[0].back(), (runtime::slice{3, 24, 26, true, false}));
}

// ---- of several processes

namespace cluster = runtime::cluster;
const cluster::worker_number here{1}, there{2};

struct kept_frames final : links {
  struct frame {
    std::uint64_t interval;
    runtime::request_bits asked;
    std::size_t batches;
  };
  void put_out(std::uint64_t interval, runtime::request_bits asked, std::span<const protocol::body> batches) override {
    all.push_back({interval, asked, batches.size()});
  }
  void resume() override {}
  void rest() override {}
  void close() override {}
  std::vector<frame> all;
};

// VPs 0 and 2 are here, 1 is there.
class half_an_ensemble : public an_ensemble {
 protected:
  half_an_ensemble() {
    half = std::make_shared<ensemble>(cluster::fence{7, 1}, cluster::placement{here, there, here}, here, overseer);
    half->assemble({vps[0], vps[2]});
    half->use_links(out);
    half->open(4, 0).start(8);
  }
  static shared_batch batch(std::uint32_t vp, std::uint64_t interval) {
    return share_batch(vp, interval, {{0, 1, 0, 0}, {vp + 1}, {}});
  }
  void arrive(std::uint64_t interval) {
    for (const std::uint32_t vp : {0, 2}) {
      half->batches().put(interval, vp, batch(vp, interval));
      half->exchange().arrive();
    }
  }
  std::shared_ptr<ensemble> half;
  std::shared_ptr<kept_frames> out = std::make_shared<kept_frames>();
};

TEST_F(half_an_ensemble, puts_out_its_batches_and_goes_on_with_the_others) {
  arrive(0);
  ASSERT_EQ(out->all.size(), 1u);
  EXPECT_EQ(out->all[0].batches, 2u);
  half->take_frame(there, 0, 0, batch(1, 0).words);
  stage.settle();
  EXPECT_EQ(slices[0].back().interval, 1u);
  EXPECT_EQ(half->batches().get(0, 1).view.sources[0], 2u);
  EXPECT_TRUE(slices[1].empty()) << "that VP is elsewhere";
}

TEST_F(half_an_ensemble, refuses_frames_that_are_not_what_they_should_be) {
  for (const auto& wrong : {batch(0, 0).words, batch(1, 1).words, batch(3, 0).words, protocol::body()})
    EXPECT_THROW(half->take_frame(there, 0, 0, wrong), protocol::malformed);
  EXPECT_THROW(half->take_frame(there, 0, 64, batch(1, 0).words), protocol::malformed);
}

TEST_F(half_an_ensemble, stops_with_a_peer_that_failed) {
  arrive(0);
  half->take_frame(there, 0, bit(runtime::request::failed), nullptr);
  stage.settle();
  ASSERT_EQ(heard.stops.size(), 1u);
  EXPECT_EQ(heard.stops[0].reason, runtime::stop_reason::failed);
  EXPECT_EQ(heard.stops[0].at, (cluster::fence{7, 1}));
}

TEST_F(half_an_ensemble, tells_of_its_links) {
  half->links_stand();
  half->link_broke(there, "reset");
  stage.settle();
  EXPECT_EQ(heard.linked.at(0).at, (cluster::fence{7, 1}));
  EXPECT_EQ(heard.broken.at(0).peer, there);
}

}  // namespace
}  // namespace volley::actors
