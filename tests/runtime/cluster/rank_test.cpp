#include "runtime/cluster/rank.hpp"

#include <gtest/gtest.h>

#include "runtime/base/contract.hpp"

namespace volley::runtime::cluster {
namespace {

using namespace std::chrono_literals;

const refusal no{error_kind::BadProperty, "no"};

/// The second of two ranks, with two VPs; what it wants done is kept.
class a_rank : public testing::Test {
 protected:
  a_rank() { r.renew(4); }
  void carry_out(rank::effects what) {
    for (auto& e : what) done.push_back(std::move(e));
  }
  template <class Effect> std::vector<Effect> all() const {
    std::vector<Effect> some;
    for (const auto& e : done)
      if (const auto* x = std::get_if<Effect>(&e)) some.push_back(*x);
    return some;
  }
  template <class Told> std::vector<Told> told() const {
    std::vector<Told> some;
    for (const auto& t : all<rank::tell>())
      if (const auto* x = std::get_if<Told>(&t.what.what)) some.push_back(*x);
    return some;
  }
  template <class Word> std::vector<Word> said() const {
    std::vector<Word> some;
    for (const auto& s : all<rank::say>())
      if (const auto* x = std::get_if<Word>(&s.what.what)) some.push_back(*x);
    return some;
  }
  void begin(bool fails_alone = false) {
    carry_out(r.begin({"Create(\"iaf_psc_alpha\", 3)", 1, 2, 3, false, fails_alone}, {1, {}}));
  }
  void hear(verdicts::content what) {
    const auto number = all<rank::say>().back().what.number;
    carry_out(r.hear(rank_verdict{number, std::move(what)}));
  }
  void go_on() {
    begin();
    hear(verdicts::go_on{{2, {}}});
  }
  void order(audience heard_by = audience::all, runtime::order what = orders::connect{}) {
    carry_out(r.order(std::make_shared<const runtime::order>(std::move(what)), heard_by));
  }
  void report(cluster::said::content what) { carry_out(r.report({r.here(), std::move(what)})); }
  void vote(std::optional<refusal> why = {}) {
    cluster::said::votes votes{told<told::obey>().back().number, {}};
    for (const std::uint32_t vp : {1u, 3u}) {
      cluster::said::votes::vote one{vp, {}, {}};
      if (why && vp == 3)
        one.reason = why;
      else
        one.answer = reply(replies::tally{vp, 0, {}});
      votes.all.push_back(std::move(one));
    }
    report(std::move(votes));
  }
  void run() {
    carry_out(r.run(0, 100, 10));
    report(cluster::said::ready{});
  }
  static std::uint64_t connections(const reply& one) { return std::get<replies::tally>(one).connections; }

  rank r{{1, 2}, 7, {60s, 600s}};
  std::vector<rank::effect> done;
};

TEST_F(a_rank, has_every_nth_vp) {
  order(audience::own);
  const auto where = told<told::place>().at(0).where;
  EXPECT_EQ(where, (placement{worker_number(0), worker_number(1), worker_number(0), worker_number(1)}));
  EXPECT_EQ(told<told::place>()[0].peers.size(), 2u);
  EXPECT_EQ(told<told::obey>().size(), 1u);
  vote();
  order(audience::own);
  EXPECT_EQ(told<told::place>().size(), 1u) << "until the shards are renewed";
  EXPECT_EQ(told<told::obey>()[1].number, 2u);
}

TEST_F(a_rank, decides_by_itself_what_is_its_own) {
  order(audience::own);
  vote();
  ASSERT_EQ(all<rank::ordered>().size(), 1u);
  EXPECT_EQ(all<rank::ordered>()[0].replies.size(), 2u);
  EXPECT_TRUE(told<told::decide>().at(0).keep);
  order(audience::own);
  vote(no);
  EXPECT_EQ(all<rank::ordered>()[1].refusals.at(0)->text, "no");
  EXPECT_FALSE(told<told::decide>().at(1).keep);
  EXPECT_TRUE(all<rank::say>().empty());
}

TEST_F(a_rank, begins_a_call_of_all_when_all_have_begun) {
  begin();
  EXPECT_EQ(said<words::begun>().at(0).facts.due, 1);
  EXPECT_TRUE(r.listens());
  hear(verdicts::go_on{{2, {}}});
  EXPECT_EQ(all<rank::admitted>().at(0).facts.due, 2);
  EXPECT_FALSE(r.listens());
  begin();
  hear(verdicts::apart{no, false});
  EXPECT_EQ(all<rank::not_admitted>().at(0).why.text, "no");
  EXPECT_TRUE(all<rank::network_lost>().empty());
}

TEST_F(a_rank, keeps_a_change_that_all_have_obeyed) {
  go_on();
  order();
  vote();
  EXPECT_EQ(said<words::voted>().at(0).all.size(), 2u);
  EXPECT_TRUE(told<told::decide>().empty());
  hear(verdicts::obeyed{{replies::tally{}, replies::tally{}, replies::tally{}, replies::tally{}}});
  EXPECT_TRUE(told<told::decide>().at(0).keep);
  EXPECT_EQ(all<rank::ordered>().at(0).replies.size(), 4u);
  carry_out(r.answer({}));
  EXPECT_EQ(all<rank::settled>().size(), 1u) << "there is nothing more to agree on";
  EXPECT_TRUE(said<words::answered>().empty());
}

TEST_F(a_rank, drops_what_another_has_refused) {
  go_on();
  order();
  vote();
  hear(verdicts::refused{no, false});
  EXPECT_FALSE(told<told::decide>().at(0).keep);
  EXPECT_EQ(all<rank::ordered>().at(0).refusals.at(0)->text, "no");
  carry_out(r.answer(no));
  EXPECT_EQ(all<rank::settled>().size(), 1u) << "all have refused it";
}

TEST_F(a_rank, hears_its_own_replies_where_the_first_hears_all) {
  go_on();
  order(audience::first, orders::read_events{});
  vote();
  hear(verdicts::obeyed{});
  const auto replies = all<rank::ordered>().at(0).replies;
  ASSERT_EQ(replies.size(), 2u);
  EXPECT_EQ(connections(replies[1]), 3u);
}

TEST_F(a_rank, says_what_its_kernel_refuses) {
  go_on();
  carry_out(r.answer(no));
  EXPECT_EQ(said<words::answered>().at(0).failed->text, "no");
  EXPECT_TRUE(all<rank::settled>().empty());
  hear(verdicts::refused{no, true});
  EXPECT_EQ(all<rank::settled>().at(0).failed->text, "no");
}

TEST_F(a_rank, agrees_on_the_end_of_calls_with_files) {
  begin(true);
  hear(verdicts::go_on{});
  carry_out(r.answer({}));
  EXPECT_FALSE(said<words::answered>().at(0).failed.has_value());
  hear(verdicts::refused{no, true});
  EXPECT_EQ(all<rank::settled>().at(0).failed->text, "no") << "it has failed elsewhere";
}

TEST_F(a_rank, ends_by_itself_a_call_that_is_over_elsewhere) {
  begin(true);
  hear(verdicts::go_on{});
  order(audience::all, orders::prepare{});
  vote();
  hear(verdicts::refused{no, true});
  EXPECT_EQ(all<rank::ordered>().at(0).refusals.size(), 1u);
  order(audience::all, orders::end_run{});
  vote();
  EXPECT_EQ(all<rank::ordered>().at(1).refusals.size(), 1u);
  carry_out(r.answer(no));
  EXPECT_EQ(all<rank::settled>().size(), 1u);
  EXPECT_EQ(all<rank::say>().size(), 2u) << "since that verdict it says nothing";
}

TEST_F(a_rank, runs_when_all_are_ready_and_ends_when_all_rest) {
  go_on();
  carry_out(r.run(0, 100, 10));
  EXPECT_TRUE(said<words::ready>().empty()) << "its links do not stand";
  report(cluster::said::ready{});
  EXPECT_EQ(said<words::ready>().at(0), (words::ready{0, 100, 10}));
  carry_out(r.ask(request::cancel));
  EXPECT_TRUE(told<told::ask>().empty());
  hear(verdicts::run{});
  ASSERT_EQ(told<told::run>().size(), 1u);
  EXPECT_EQ(told<told::run>()[0].number, 1u);
  EXPECT_EQ(told<told::ask>().size(), 1u) << "asked for before it began";
  EXPECT_TRUE(r.listens());
  carry_out(r.ask(request::cancel));
  EXPECT_EQ(told<told::ask>().size(), 2u);
  report(cluster::said::rested{1, stop_reason::cancelled, 50, 3, {}});
  EXPECT_EQ(said<words::rested>().at(0).end.now, 50);
  hear(verdicts::ran{{stop_reason::cancelled, 50, 6, {}}});
  EXPECT_EQ(all<rank::ran>().at(0).spikes, 6u);
  EXPECT_FALSE(r.listens());
}

TEST_F(a_rank, abandons_a_run_whose_frames_do_not_come) {
  go_on();
  run();
  hear(verdicts::run{});
  carry_out(r.hear(stop_waiting{}));
  EXPECT_EQ(told<told::abandon>().size(), 1u);
}

TEST_F(a_rank, fails_whatever_it_waits_for_when_a_rank_is_gone) {
  const rank_gone gone{{error_kind::KernelException, "rank 0 has died"}};
  begin();
  carry_out(r.hear(gone));
  EXPECT_EQ(all<rank::not_admitted>().size(), 1u);
  begin();
  EXPECT_EQ(all<rank::not_admitted>().size(), 2u) << "and later calls, too";
  order(audience::own);
  vote();
  EXPECT_EQ(all<rank::ordered>().at(0).replies.size(), 2u) << "what is its own can still be read";
}

TEST_F(a_rank, fails_a_run_when_a_rank_is_gone) {
  go_on();
  run();
  hear(verdicts::run{});
  carry_out(r.lose_first({error_kind::KernelException, "rank 0 has died"}));
  EXPECT_EQ(told<told::abandon>().size(), 1u);
  report(cluster::said::rested{1, stop_reason::failed, 50, 3, {}});
  EXPECT_EQ(all<rank::ran>().at(0).why, stop_reason::failed);
  EXPECT_EQ(all<rank::ran>()[0].failure->text, "rank 0 has died");
  carry_out(r.answer(no));
  EXPECT_EQ(all<rank::settled>().size(), 1u);
}

TEST_F(a_rank, drops_a_change_when_a_rank_is_gone) {
  go_on();
  order();
  carry_out(r.lose_first({error_kind::KernelException, "rank 0 has died"}));
  EXPECT_TRUE(all<rank::ordered>().empty()) << "its VPs have not voted";
  vote();
  EXPECT_EQ(all<rank::ordered>().at(0).refusals.at(0)->text, "rank 0 has died");
  EXPECT_FALSE(told<told::decide>().at(0).keep);
}

TEST_F(a_rank, loses_its_network_when_ranks_come_apart_in_a_call) {
  go_on();
  order();
  vote();
  hear(verdicts::apart{no, true});
  EXPECT_EQ(all<rank::network_lost>().size(), 1u);
  EXPECT_EQ(all<rank::ordered>().at(0).refusals.size(), 1u);
}

TEST_F(a_rank, drops_what_is_late) {
  begin();
  carry_out(r.hear(rank_verdict{7, verdicts::run{}}));
  EXPECT_TRUE(r.listens());
  const auto before = r.here();
  hear(verdicts::apart{no, false});
  r.renew(2);
  EXPECT_GT(r.here(), before);
  carry_out(r.report({before, cluster::said::ready{}}));
  EXPECT_TRUE(said<words::ready>().empty());
}

TEST_F(a_rank, waits_for_a_silent_first_rank_and_not_for_ever) {
  rank::time_point now{1h};
  begin();
  carry_out(r.tick(now));
  carry_out(r.tick(now + 65s));
  EXPECT_TRUE(all<rank::note>().empty()) << "the first rank knows better whom it waits for";
  carry_out(r.tick(now + 71s));
  ASSERT_EQ(all<rank::note>().size(), 1u);
  EXPECT_NE(all<rank::note>()[0].text.find("rank 0 has not answered for 71 s"), std::string::npos);
  carry_out(r.hear(waiting_note{"for rank 2"}));
  EXPECT_EQ(all<rank::note>().at(1).text, "for rank 2");
  carry_out(r.tick(now + 620s));
  EXPECT_EQ(all<rank::not_admitted>().size(), 1u);
}

}  // namespace
}  // namespace volley::runtime::cluster
