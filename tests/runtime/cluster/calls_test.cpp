#include "runtime/cluster/calls.hpp"

#include <gtest/gtest.h>

#include "runtime/base/contract.hpp"

namespace volley::runtime::cluster {
namespace {

const worker_number one{1}, two{2};
const placement where{one, two, one};
const refusal no{error_kind::BadParameter, "no"}, gone{error_kind::KernelException, "worker 2 is lost"};

said::votes::vote yes(std::uint32_t vp) { return {vp, reply(replies::tally{vp, 0, {}}), {}}; }

TEST(ballot, is_complete_when_every_vp_has_voted) {
  ballot b(4, where);
  EXPECT_TRUE(b.count(one, 4, yes(2)));
  EXPECT_TRUE(b.count(two, 4, yes(1)));
  EXPECT_FALSE(b.is_complete());
  EXPECT_THROW(b.refusals(), broken_contract);
  EXPECT_TRUE(b.count(one, 4, yes(0)));
  ASSERT_TRUE(b.is_complete());
  const auto replies = b.take_replies();
  for (std::uint32_t vp = 0; vp < 3; ++vp) EXPECT_EQ(std::get<replies::tally>(replies[vp]).connections, vp);
}

TEST(ballot, counts_nothing_twice_and_nobody_for_another) {
  ballot b(4, where);
  EXPECT_FALSE(b.count(one, 3, yes(0))) << "late";
  EXPECT_FALSE(b.count(one, 4, yes(1))) << "another's";
  EXPECT_FALSE(b.count(one, 4, yes(3))) << "of no VP";
  EXPECT_TRUE(b.count(one, 4, yes(0)));
  EXPECT_FALSE(b.count(one, 4, yes(0)));
}

TEST(ballot, of_a_lost_worker_is_a_refusal) {
  ballot b(4, where);
  b.count(one, 4, yes(0));
  b.count(one, 4, {2, {}, no});
  b.lose(two, gone);
  EXPECT_FALSE(b.count(two, 4, yes(1))) << "the dead do not vote";
  const auto refusals = b.refusals();
  EXPECT_FALSE(refusals[0].has_value());
  EXPECT_EQ(refusals[1]->text, gone.text);
  EXPECT_EQ(refusals[2]->text, no.text);
}

TEST(finish, is_what_all_say) {
  finish f(2, where);
  EXPECT_TRUE(f.count(one, {2, stop_reason::paused, 30, 5, {}}));
  EXPECT_FALSE(f.count(one, {2, stop_reason::paused, 30, 5, {}}));
  EXPECT_FALSE(f.count(two, {1, stop_reason::paused, 30, 5, {}})) << "of another run";
  EXPECT_TRUE(f.count(two, {2, stop_reason::paused, 30, 7, {}}));
  const auto r = f.outcome();
  EXPECT_EQ(r.why, stop_reason::paused);
  EXPECT_EQ(r.now, 30);
  EXPECT_EQ(r.spikes, 12u);
  EXPECT_FALSE(r.failure.has_value());
}

TEST(finish, has_the_shortest_and_the_longest_update_of_all) {
  finish f(2, where);
  f.count(one, {2, stop_reason::reached, 30, 5, {}, {.shortest_s = 0.2, .longest_s = 0.3}});
  f.count(two, {2, stop_reason::reached, 30, 5, {}, {.shortest_s = 0.1, .longest_s = 0.25}});
  EXPECT_EQ(f.outcome().updates.shortest_s, 0.1);
  EXPECT_EQ(f.outcome().updates.longest_s, 0.3);
}

TEST(finish, names_the_lost_worker_before_what_its_loss_did_to_others) {
  finish f(2, where);
  f.count(one, {2, stop_reason::failed, 20, 0, said::vp_failed{0, no}});
  f.lose(two, gone);
  EXPECT_EQ(f.outcome().why, stop_reason::failed);
  EXPECT_EQ(f.outcome().failure->text, gone.text);
}

TEST(finish, tells_the_first_failure_by_number) {
  finish f(2, where);
  f.count(one, {2, stop_reason::failed, 20, 0, said::vp_failed{2, gone}});
  f.count(two, {2, stop_reason::failed, 20, 0, said::vp_failed{1, no}});
  EXPECT_EQ(f.outcome().failure->text, no.text);
}

TEST(finish, workers_that_rest_apart_have_failed) {
  finish f(2, where);
  f.count(one, {2, stop_reason::reached, 20, 0, {}});
  f.count(two, {2, stop_reason::reached, 25, 0, {}});
  EXPECT_EQ(f.outcome().why, stop_reason::failed);
  EXPECT_TRUE(f.outcome().failure.has_value());
}

}  // namespace
}  // namespace volley::runtime::cluster
