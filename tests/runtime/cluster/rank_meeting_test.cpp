#include "runtime/cluster/rank_meeting.hpp"

#include <gtest/gtest.h>

namespace volley::runtime::cluster {
namespace {

using namespace std::chrono_literals;

const call_card simulate{"Simulate(10.0)", 5, 6, 7}, create{"Create(\"iaf_psc_alpha\", 3)", 8, 6, 7};

/// Three ranks; what each was told last is kept.
class a_meeting : public testing::Test {
 protected:
  void carry_out(const rank_meeting::effects& what) {
    for (const auto& [to, message] : what)
      for (const auto rank : to) {
        told.at(rank) = message;
        ++messages;
      }
  }
  void say(std::uint32_t rank, words::content what) {
    carry_out(meeting.take(rank, {++words_of.at(rank), std::move(what)}, now));
  }
  void begin(std::uint32_t rank, const call_card& call = simulate, agreed_facts facts = {}) {
    say(rank, words::begun{call, facts});
  }
  void all_begin() {
    for (const auto rank : {2u, 0u, 1u}) begin(rank);
  }
  /// Its VP, the only one, answers or refuses.
  void vote(std::uint32_t rank, std::optional<refusal> why = {}, std::uint8_t order = 3,
            audience heard = audience::all) {
    said::votes::vote one{rank, {}, why};
    if (!why) one.answer = reply(replies::tally{rank, 0, {}});
    say(rank, words::voted{order, heard, {one}});
  }
  void rest(std::uint32_t rank, stop_reason why = stop_reason::reached) {
    say(rank, words::rested{{rank, why, 100, 2, {}}});
  }
  template <class Verdict> const Verdict* verdict(std::uint32_t rank) const {
    const auto* one = std::get_if<rank_verdict>(&told.at(rank));
    return one == nullptr || one->number != words_of.at(rank) ? nullptr : std::get_if<Verdict>(&one->what);
  }
  std::string apart_text(std::uint32_t rank) const {
    const auto* apart = verdict<verdicts::apart>(rank);
    return apart == nullptr ? "" : apart->why.text;
  }
  bool says(const std::string& text, const std::string& part) const { return text.find(part) != std::string::npos; }

  rank_meeting meeting{3, {60s, 600s}};
  rank_meeting::time_point now{1h};
  std::vector<of_first_rank> told{3};
  std::vector<std::uint64_t> words_of = {0, 0, 0};
  int messages = 0;
};

TEST_F(a_meeting, lets_all_go_on_when_all_have_come) {
  agreed_facts some, others;
  some.delays.include(7);
  others.due = 2;
  others.delays.include(3);
  begin(0, simulate, some);
  begin(1);
  EXPECT_EQ(messages, 0);
  begin(2, simulate, others);
  for (const auto rank : {0u, 1u, 2u}) {
    ASSERT_NE(verdict<verdicts::go_on>(rank), nullptr);
    const auto& facts = verdict<verdicts::go_on>(rank)->facts;
    EXPECT_EQ(facts.due, 2);
    EXPECT_EQ(facts.delays.min, 3);
    EXPECT_EQ(facts.delays.max, 7);
  }
}

TEST_F(a_meeting, names_both_of_two_different_calls) {
  begin(0, simulate);
  begin(1, create);
  begin(2, simulate);
  for (const auto rank : {0u, 1u, 2u}) {
    EXPECT_TRUE(says(apart_text(rank), "rank 0 calls Simulate(10.0), rank 1 calls Create(\"iaf_psc_alpha\", 3)"))
        << apart_text(rank);
    EXPECT_FALSE(verdict<verdicts::apart>(rank)->loses) << "nobody has done anything";
  }
  all_begin();
  EXPECT_NE(verdict<verdicts::go_on>(1), nullptr) << "the next call is another one";
}

TEST_F(a_meeting, notices_other_arguments_draws_and_networks) {
  auto other = simulate;
  other.digest = 9;
  begin(0), begin(1), begin(2, other);
  EXPECT_TRUE(says(apart_text(0), "rank 0 and rank 2 both call Simulate(10.0), with different arguments"));
  other = simulate;
  other.draws = 8;
  begin(0), begin(1), begin(2, other);
  EXPECT_TRUE(says(apart_text(0), "7 and 8 of their calls before drew"));
  other = simulate;
  other.network = 0;
  begin(0), begin(1), begin(2, other);
  EXPECT_TRUE(says(apart_text(0), "calls before it have not done the same"));
  call_card reset{"ResetKernel()", 1, 2, 3, true}, other_reset{"ResetKernel()", 1, 5, 6, true};
  begin(0, reset), begin(1, reset), begin(2, other_reset);
  EXPECT_NE(verdict<verdicts::go_on>(0), nullptr) << "what was before does not matter";
}

TEST_F(a_meeting, joins_votes_by_vp) {
  all_begin();
  vote(2), vote(0), vote(1);
  for (const auto rank : {0u, 1u, 2u}) {
    ASSERT_NE(verdict<verdicts::obeyed>(rank), nullptr);
    const auto& replies = verdict<verdicts::obeyed>(rank)->replies;
    ASSERT_EQ(replies.size(), 3u);
    for (std::uint32_t vp = 0; vp < 3; ++vp) EXPECT_EQ(std::get<replies::tally>(replies[vp]).connections, vp);
  }
}

TEST_F(a_meeting, tells_what_is_for_the_first_rank_to_it_alone) {
  all_begin();
  for (const auto rank : {0u, 1u, 2u}) vote(rank, {}, 3, audience::first);
  EXPECT_EQ(verdict<verdicts::obeyed>(0)->replies.size(), 3u);
  EXPECT_EQ(verdict<verdicts::obeyed>(1)->replies.size(), 0u);
  EXPECT_EQ(verdict<verdicts::obeyed>(2)->replies.size(), 0u);
}

TEST_F(a_meeting, refuses_for_all_what_one_refuses) {
  all_begin();
  vote(1, refusal{error_kind::BadProperty, "later", 9}), vote(0), vote(2, refusal{error_kind::BadDelay, "first", 4});
  for (const auto rank : {0u, 1u, 2u}) {
    EXPECT_EQ(verdict<verdicts::refused>(rank)->why.text, "first") << "of several, that of the lowest place";
    EXPECT_FALSE(verdict<verdicts::refused>(rank)->is_over);
  }
  all_begin();
  vote(0), vote(2);
  say(1, words::answered{refusal{error_kind::IOError, "disk"}});
  for (const auto rank : {0u, 1u, 2u}) {
    EXPECT_EQ(verdict<verdicts::refused>(rank)->why.text, "disk") << "a kernel counts as a VP does";
    EXPECT_TRUE(verdict<verdicts::refused>(rank)->is_over);
  }
}

TEST_F(a_meeting, begins_and_ends_runs_of_all) {
  all_begin();
  for (const auto rank : {0u, 1u, 2u}) say(rank, words::ready{0, 100, 10});
  EXPECT_NE(verdict<verdicts::run>(2), nullptr);
  rest(0), rest(1);
  EXPECT_EQ(verdict<verdicts::ran>(0), nullptr);
  rest(2);
  EXPECT_EQ(verdict<verdicts::ran>(1)->end.now, 100);
  EXPECT_EQ(verdict<verdicts::ran>(1)->end.spikes, 6u);
  for (const auto rank : {0u, 1u, 2u}) say(rank, words::answered{});
  EXPECT_NE(verdict<verdicts::done>(0), nullptr);
}

TEST_F(a_meeting, tells_those_who_wait_for_frames_of_a_vp_that_failed) {
  all_begin();
  for (const auto rank : {0u, 1u, 2u}) say(rank, words::ready{0, 100, 10});
  rest(1, stop_reason::failed);
  EXPECT_TRUE(std::holds_alternative<stop_waiting>(told[0]) && std::holds_alternative<stop_waiting>(told[2]));
  rest(0, stop_reason::failed), rest(2, stop_reason::failed);
  EXPECT_EQ(verdict<verdicts::ran>(0)->end.why, stop_reason::failed);
}

TEST_F(a_meeting, notices_ranks_that_do_different_parts_of_a_call) {
  all_begin();
  vote(0), vote(1);
  begin(2, create);
  EXPECT_TRUE(says(apart_text(0), "rank 0 is in the midst of Simulate(10.0), rank 2 calls Create")) << apart_text(0);
  EXPECT_TRUE(verdict<verdicts::apart>(1)->loses);
  all_begin();
  vote(0), vote(1), vote(2, {}, 4);
  EXPECT_TRUE(verdict<verdicts::apart>(1)->loses) << "another order";
  all_begin();
  say(0, words::ready{0, 100, 10}), say(1, words::ready{0, 100, 10}), say(2, words::ready{0, 100, 5});
  EXPECT_TRUE(verdict<verdicts::apart>(1)->loses) << "another interval";
}

TEST_F(a_meeting, tells_all_of_a_rank_that_died) {
  begin(0), begin(1);
  carry_out(meeting.lose(2, "(process 77) has died", "nothing was saved"));
  for (const auto rank : {0u, 1u}) {
    const auto& why = std::get<rank_gone>(told[rank]).why;
    EXPECT_TRUE(says(why.text, "rank 2 (process 77) has died")) << why.text;
    EXPECT_TRUE(says(why.text, "; nothing was saved")) << why.text;
  }
  messages = 0;
  begin(1);
  EXPECT_EQ(messages, 1) << "whoever comes later is told";
  EXPECT_TRUE(std::holds_alternative<rank_gone>(told[1]));
  carry_out(meeting.lose(1, "dies, too", ""));
  EXPECT_EQ(messages, 1);
}

TEST_F(a_meeting, tells_of_a_script_that_has_ended_to_whoever_waits_for_it) {
  carry_out(meeting.end(2));
  EXPECT_EQ(messages, 0) << "the others may be at their end, too";
  begin(1);
  EXPECT_TRUE(
      says(std::get<rank_gone>(told[1]).why.text, "script of rank 2 has ended, and rank 1 is in Simulate(10.0)"));
  begin(0);
  EXPECT_TRUE(std::holds_alternative<rank_gone>(told[0]));
}

TEST_F(a_meeting, a_script_that_ends_in_a_run_is_told_of_at_once) {
  all_begin();
  for (const auto rank : {0u, 1u, 2u}) say(rank, words::ready{0, 100, 10});
  carry_out(meeting.end(1));
  EXPECT_TRUE(std::holds_alternative<rank_gone>(told[0]) && std::holds_alternative<rank_gone>(told[2]));
}

TEST_F(a_meeting, names_who_is_waited_for_and_gives_up_in_the_end) {
  begin(0), begin(2);
  now += 59s;
  carry_out(meeting.tick(now));
  EXPECT_EQ(messages, 0);
  now += 2s;
  carry_out(meeting.tick(now));
  ASSERT_EQ(messages, 2);
  EXPECT_EQ(std::get<waiting_note>(told[2]).text,
            "rank 1 has not come to Simulate(10.0), where rank 0 and 1 more have waited for 61 s");
  now += 30s;
  carry_out(meeting.tick(now));
  EXPECT_EQ(messages, 2) << "told again after twice the time";
  now += 600s;
  carry_out(meeting.tick(now));
  EXPECT_TRUE(says(apart_text(0), "rank 1 has not come to Simulate(10.0)"));
  begin(1);
  EXPECT_TRUE(says(apart_text(1), "given up")) << "so that all go on together";
  all_begin();
  EXPECT_NE(verdict<verdicts::go_on>(1), nullptr);
}

TEST_F(a_meeting, says_times_in_seconds) { EXPECT_EQ(seconds_text(61'500ms), "61 s"); }

}  // namespace
}  // namespace volley::runtime::cluster
