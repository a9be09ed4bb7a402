#include "runtime/cluster/coordinator.hpp"

#include <gtest/gtest.h>

#include <limits>

#include "runtime/base/contract.hpp"

namespace volley::runtime::cluster {
namespace {

using namespace std::chrono_literals;
const worker_number one{1}, two{2};
constexpr coordinator::time_point begin{1h};

worker_card card(std::uint32_t process) {
  worker_card c;
  c.process = process;
  c.address = "127.0.0.1";
  c.memory = 1000;
  return c;
}

/// A supervisor that computes nothing itself, with two workers; what it wants done is kept.
class a_coordinator : public testing::Test {
 protected:
  explicit a_coordinator(bool hosts = false) : c(options(hosts)) {
    carry_out(c.join(one, card(11), begin));
    carry_out(c.join(two, card(22), begin));
    c.renew(3);
  }
  static coordinator_options options(bool hosts) {
    coordinator_options o;
    o.own = card(5);
    o.hosts_vps = hosts;
    o.may_grow = true;
    return o;
  }
  void carry_out(coordinator::effects what) {
    for (auto& e : what) done.push_back(std::move(e));
  }
  template <class Effect> std::vector<Effect> all() const {
    std::vector<Effect> some;
    for (const auto& e : done)
      if (const auto* x = std::get_if<Effect>(&e)) some.push_back(*x);
    return some;
  }
  template <class Told> std::vector<coordinator::send> sent() const {
    auto some = all<coordinator::send>();
    std::erase_if(some, [](const auto& s) { return !std::holds_alternative<Told>(s.what.what); });
    return some;
  }
  void say(worker_number who, said::content what) {
    carry_out(c.report(who, {sent<told::place>().back().what.at, what}));
  }
  void vote(worker_number who, std::uint64_t number, std::vector<std::uint32_t> vps) {
    said::votes all{number, {}};
    for (const auto vp : vps) all.all.push_back({vp, reply(std::monostate()), {}});
    say(who, all);
  }
  void order(runtime::order o) { carry_out(c.order(std::make_shared<const runtime::order>(std::move(o)))); }
  void build() { order(orders::build{}); }

  coordinator c;
  std::vector<coordinator::effect> done;
};

TEST_F(a_coordinator, places_vps_before_the_first_order) {
  EXPECT_TRUE(done.empty());
  build();
  ASSERT_EQ(sent<told::place>().size(), 1u);
  const auto [to, message] = sent<told::place>()[0];
  EXPECT_EQ(to, (std::vector{one, two}));
  EXPECT_EQ(std::get<told::place>(message.what).where, (placement{one, two, one}));
  EXPECT_EQ(sent<told::obey>().at(0).to, (std::vector{one, two}));
}

TEST_F(a_coordinator, an_order_is_done_when_all_have_voted) {
  order(orders::connect{});
  vote(one, 1, {0, 2});
  EXPECT_TRUE(all<coordinator::ordered>().empty());
  vote(two, 1, {1});
  ASSERT_EQ(all<coordinator::ordered>().size(), 1u);
  EXPECT_EQ(all<coordinator::ordered>()[0].replies.size(), 3u);
  ASSERT_EQ(sent<told::decide>().size(), 1u);
  EXPECT_TRUE(std::get<told::decide>(sent<told::decide>()[0].what.what).keep);
  vote(two, 1, {1});
  EXPECT_EQ(c.stale_reports(), 1u);
}

TEST_F(a_coordinator, a_refusal_is_told_and_all_drop) {
  order(orders::connect{});
  vote(one, 1, {0, 2});
  say(two, said::votes{1, {{1, {}, refusal{error_kind::BadDelay, "no"}}}});
  EXPECT_EQ(all<coordinator::ordered>().at(0).refusals.at(1)->text, "no");
  EXPECT_FALSE(std::get<told::decide>(sent<told::decide>().at(0).what.what).keep);
}

TEST_F(a_coordinator, a_run_begins_when_all_are_linked) {
  carry_out(c.run(0, 100, 10));
  say(one, said::ready{});
  EXPECT_TRUE(sent<told::run>().empty());
  carry_out(c.ask(request::cancel));
  say(two, said::ready{});
  EXPECT_EQ(sent<told::run>().size(), 1u);
  EXPECT_EQ(sent<told::ask>().size(), 1u) << "what was asked before it began";
  say(one, said::rested{1, stop_reason::cancelled, 10, 5, {}});
  say(two, said::rested{1, stop_reason::cancelled, 10, 6, {}});
  ASSERT_EQ(all<coordinator::ran>().size(), 1u);
  EXPECT_EQ(all<coordinator::ran>()[0].why, stop_reason::cancelled);
  EXPECT_EQ(all<coordinator::ran>()[0].spikes, 11u);
}

TEST_F(a_coordinator, who_does_not_link_up_is_put_out) {
  carry_out(c.run(0, 100, 10));
  say(one, said::ready{});
  for (auto at = 0ms; at <= 10'400ms; at += 200ms) {
    c.hear(one, begin + at);
    c.hear(two, begin + at);
    carry_out(c.tick(begin + at));
  }
  ASSERT_EQ(all<coordinator::put_out>().size(), 1u);
  EXPECT_EQ(all<coordinator::put_out>()[0].who, two);
  say(one, said::ready{});
  EXPECT_EQ(sent<told::run>().at(0).to, std::vector{one}) << "the others begin";
}

const std::string lost_two =
    "worker 2 (process 22 at 127.0.0.1) was lost: its connection ended; its part of the network is lost with it";

TEST_F(a_coordinator, tells_all_again_when_a_worker_is_lost) {
  build();
  vote(one, 1, {0, 2});
  vote(two, 1, {1});
  order(orders::connect{});
  vote(one, 2, {0, 2});
  carry_out(c.close(two, "its connection ended"));
  EXPECT_EQ(std::get<told::place>(sent<told::place>().back().what.what).where, (placement{one, one, one}));
  vote(one, 1, {0, 1, 2});
  EXPECT_EQ(all<coordinator::ordered>().size(), 1u) << "so far it has built again";
  vote(one, 2, {0, 1, 2});
  ASSERT_EQ(all<coordinator::ordered>().size(), 2u);
  EXPECT_EQ(all<coordinator::ordered>()[1].replies.size(), 3u);
  EXPECT_TRUE(all<coordinator::network_lost>().empty());
  EXPECT_EQ(c.recoveries(), 1u);
}

TEST_F(a_coordinator, the_next_call_makes_up_for_a_loss_at_rest) {
  build();
  vote(one, 1, {0, 2});
  vote(two, 1, {1});
  carry_out(c.close(two, "its connection ended"));
  EXPECT_EQ(sent<told::place>().size(), 1u);
  c.look_at(begin + 300ms);
  order(orders::measure{});
  c.look_at(begin + 350ms);
  vote(one, 1, {0, 1, 2});
  vote(one, 2, {0, 1, 2});
  EXPECT_EQ(all<coordinator::ordered>().size(), 2u);
  EXPECT_EQ(all<coordinator::recovered>().at(0).after, 50ms) << "since the call, before which nobody missed it";
}

const std::vector<module_name> mine{{"mine", "12"}}, both{{"mine", "12"}, {"other", "34"}};

class a_coordinator_with_modules : public a_coordinator {
 protected:
  void answer(worker_number who, std::optional<std::string> why_not = {}) {
    const auto [to, message] = sent<told::modules>().back();
    carry_out(c.report(who, {message.at, said::modules{std::get<told::modules>(message.what).number, why_not}}));
  }
  void install(const std::vector<module_name>& all) {
    carry_out(c.install(all, true));
    for (const auto who : {one, two}) answer(who);
    carry_out(c.renew(3, all));
  }
  std::vector<module_name> told() const { return std::get<told::modules>(sent<told::modules>().back().what.what).all; }
  told::place placed() const { return std::get<told::place>(sent<told::place>().back().what.what); }
};

TEST_F(a_coordinator_with_modules, has_them_when_all_workers_have) {
  carry_out(c.install(mine, true));
  EXPECT_EQ(sent<told::modules>().at(0).to, (std::vector{one, two}));
  EXPECT_EQ(told(), mine);
  answer(two);
  answer(two);
  EXPECT_EQ(c.stale_reports(), 0u) << "an answer that comes twice does no harm";
  EXPECT_TRUE(all<coordinator::installed>().empty());
  answer(one);
  ASSERT_EQ(all<coordinator::installed>().size(), 1u);
  EXPECT_FALSE(all<coordinator::installed>()[0].why_not);
  carry_out(c.renew(3, mine));
  EXPECT_EQ(sent<told::modules>().size(), 1u) << "they know";
  build();
  EXPECT_EQ(placed().modules, mine);
  EXPECT_EQ(placed().where, (placement{one, two, one}));
}

TEST_F(a_coordinator_with_modules, one_that_lacks_some_is_a_refusal_for_all) {
  install(mine);
  carry_out(c.install(both, true));
  answer(one);
  answer(two, "it is not there");
  const auto why = all<coordinator::installed>().back().why_not;
  ASSERT_TRUE(why);
  EXPECT_EQ(why->kind, error_kind::DynamicModuleManagementError);
  EXPECT_EQ(why->text, "it is not there, says worker 2 (process 22 at 127.0.0.1)");
  EXPECT_EQ(told(), mine) << "as before";
  for (const auto who : {one, two}) answer(who);
  build();
  EXPECT_EQ(placed().modules, mine);
  EXPECT_EQ(placed().where, (placement{one, two, one}));
  EXPECT_TRUE(all<coordinator::left_out>().empty());
}

TEST_F(a_coordinator_with_modules, whoever_has_joined_gets_vps_with_its_next_answer) {
  const worker_number three{3};
  install(mine);
  carry_out(c.join(three, card(33), begin));
  carry_out(c.install(both, true));
  for (const auto who : {one, two, three}) answer(who);
  EXPECT_FALSE(all<coordinator::installed>().back().why_not);
  carry_out(c.renew(3, both));
  build();
  EXPECT_EQ(placed().where, (placement{one, two, three}));
}

TEST_F(a_coordinator_with_modules, whoever_dies_meanwhile_is_not_waited_for) {
  carry_out(c.install(mine, true));
  answer(one, "it is not there");
  carry_out(c.close(one, "its connection ended"));
  EXPECT_TRUE(all<coordinator::installed>().empty());
  carry_out(c.close(two, "its connection ended"));
  ASSERT_EQ(all<coordinator::installed>().size(), 1u);
  EXPECT_FALSE(all<coordinator::installed>()[0].why_not) << "nobody is left who lacks any";
}

TEST_F(a_coordinator_with_modules, who_lacks_them_later_gets_no_vps) {
  const worker_number three{3}, four{4};
  install(mine);
  for (const auto who : {three, four}) carry_out(c.join(who, card(33), begin));
  EXPECT_EQ(told(), mine);
  answer(three, "it is not there");
  ASSERT_EQ(all<coordinator::left_out>().size(), 1u);
  EXPECT_EQ(all<coordinator::left_out>()[0].text,
            "worker 3 (process 33 at 127.0.0.1) gets no virtual processes: it is not there");
  build();
  EXPECT_EQ(placed().where, (placement{one, two, one})) << "one has not said yet";
  EXPECT_STREQ(c.state_of(three), "waiting");
  vote(one, 1, {0, 2});
  vote(two, 1, {1});
  carry_out(c.renew(3, mine));
  answer(four);
  build();
  EXPECT_EQ(placed().where, (placement{one, two, four}));
  carry_out(c.close(two, "its connection ended"));
  vote(one, 1, {0});
  vote(four, 1, {2});
  EXPECT_EQ(placed().where, (placement{one, four, one})) << "a loss is made up for without the one that lacks them";
}

TEST_F(a_coordinator_with_modules, a_network_that_nobody_has_the_modules_of_has_no_place) {
  carry_out(c.install(mine, false));
  answer(one, "it is not there");
  answer(two, "it has another");
  EXPECT_FALSE(all<coordinator::installed>().at(0).why_not) << "it goes on with whoever has them";
  EXPECT_EQ(all<coordinator::left_out>().size(), 2u);
  carry_out(c.renew(3, mine));
  build();
  EXPECT_EQ(all<coordinator::ordered>().at(0).refusals.at(0)->text,
            "no worker has the modules of this kernel: it is not there");
}

TEST_F(a_coordinator_with_modules, they_leave_with_a_reset) {
  install(mine);
  carry_out(c.renew(3));
  EXPECT_TRUE(told().empty());
  EXPECT_EQ(sent<told::modules>().back().to, (std::vector{one, two}));
  build();
  EXPECT_TRUE(placed().modules.empty());
}

TEST_F(a_coordinator, a_run_goes_on_from_the_last_cut) {
  build();
  vote(one, 1, {0, 2});
  vote(two, 1, {1});
  carry_out(c.tick(begin));
  carry_out(c.run(0, 100, 10, 0.5));
  say(one, said::ready{});
  say(two, said::ready{});
  EXPECT_TRUE(std::get<told::run>(sent<told::run>().at(0).what.what).cuts);
  EXPECT_EQ(std::get<told::run>(sent<told::run>().at(0).what.what).update_limit_s, 0.5);
  const cut_name cut{sent<told::run>().at(0).what.at.placement, 2, 20};
  for (const std::uint32_t vp : {0, 2}) say(one, said::copy{cut, vp, true});
  say(two, said::copy{cut, 1, true});
  ASSERT_EQ(sent<told::give>().size(), 3u);
  EXPECT_EQ(sent<told::give>()[0].to, std::vector{one});
  EXPECT_EQ(std::get<told::give>(sent<told::give>()[0].what.what).to.number, two);
  for (const std::uint32_t vp : {0, 2}) say(two, said::kept{cut, vp});
  EXPECT_TRUE(sent<told::commit>().empty());
  say(one, said::kept{cut, 1});
  EXPECT_EQ(sent<told::commit>().size(), 1u);
  EXPECT_EQ(c.committed()->name(), cut);
  carry_out(c.ask(request::pause));
  say(two, said::beat{30});
  carry_out(c.close(two, "its connection ended"));
  c.look_at(begin + 250ms);
  say(one, said::rested{2, stop_reason::failed, 30, 0, {}});
  EXPECT_EQ(std::get<told::place>(sent<told::place>().back().what.what).back_to, cut);
  vote(one, 1, {0, 1, 2});
  EXPECT_EQ(std::get<told::load>(sent<told::load>().at(0).what.what).cut, cut);
  vote(one, 2, {0, 1, 2});
  say(one, said::ready{});
  const auto run = std::get<told::run>(sent<told::run>().at(1).what.what);
  EXPECT_EQ(run.now, 20);
  EXPECT_EQ(run.steps, 80);
  EXPECT_EQ(run.update_limit_s, 0.5);
  const auto how = all<coordinator::recovered>().at(0);
  EXPECT_EQ(how.lost, two);
  EXPECT_EQ(how.from, 20);
  EXPECT_EQ(how.was_at, 30);
  EXPECT_EQ(how.after, 250ms);
  EXPECT_EQ(sent<told::ask>().size(), 2u) << "what was asked of the run";
  say(one, said::rested{3, stop_reason::paused, 40, 0, {}});
  EXPECT_EQ(all<coordinator::ran>().at(0).why, stop_reason::paused);
  EXPECT_FALSE(all<coordinator::ran>().at(0).failure);
  c.renew(3);
  EXPECT_FALSE(c.committed()) << "the next network does not go back to this one's cut";
  EXPECT_EQ(c.log().size(), 0u);
}

TEST_F(a_coordinator, a_vp_that_stands_still_wherever_it_is_fails_its_call) {
  for (const std::uint32_t more : {3, 4}) carry_out(c.join(worker_number(more), card(more), begin));
  build();
  const auto where = [this] { return std::get<told::place>(sent<told::place>().back().what.what).where; };
  const auto all_vote = [&] {
    for (const auto who : workers_of(where())) vote(who, 1, vps_of(where(), who));
  };
  all_vote();
  carry_out(c.run(0, 100, 10));
  for (std::size_t times = 1; times <= 3; ++times) {
    EXPECT_TRUE(all<coordinator::ran>().empty());
    for (const auto who : workers_of(where())) say(who, said::ready{});
    const auto victim = where()[1];
    auto others = workers_of(where());
    std::erase(others, victim);
    say(victim, said::stuck{{1, 20}});
    EXPECT_EQ(all<coordinator::put_out>().size(), times);
    EXPECT_EQ(c.lost().at(victim), "virtual process 1 stood still in the interval from step 20 on");
    for (const auto who : others) say(who, said::rested{2, stop_reason::failed, 20, 0, {}});
    if (times < 3) all_vote();
  }
  ASSERT_EQ(all<coordinator::ran>().size(), 1u);
  const auto told = all<coordinator::ran>()[0].failure->text;
  EXPECT_EQ(told.find("virtual process 1 stood still in the interval from step 20 on wherever"), 0u) << told;
  EXPECT_EQ(all<coordinator::network_lost>().at(0).why.text, told);
  c.renew(3);
  build();
  vote(where()[0], 1, {0, 1, 2});
  EXPECT_EQ(all<coordinator::ordered>().size(), 2u) << "the next network works";
}

TEST_F(a_coordinator, waits_for_workers_until_it_gives_up) {
  build();
  vote(one, 1, {0, 2});
  vote(two, 1, {1});
  carry_out(c.close(one, "its connection ended"));
  carry_out(c.close(two, "its connection ended"));
  build();
  EXPECT_TRUE(c.waits_for_workers());
  carry_out(c.join(worker_number(3), card(33), begin));
  vote(worker_number(3), 1, {0, 1, 2});
  vote(worker_number(3), 2, {0, 1, 2});
  EXPECT_EQ(all<coordinator::ordered>().size(), 2u);
  carry_out(c.close(worker_number(3), "its connection ended"));
  build();
  for (auto at = 0s; at <= 31s; at += 1s) carry_out(c.tick(begin + at));
  ASSERT_EQ(all<coordinator::ordered>().size(), 3u);
  const auto told = all<coordinator::network_lost>().at(0).why.text;
  EXPECT_NE(told.find("worker 3"), std::string::npos);
  EXPECT_EQ(all<coordinator::ordered>().at(2).refusals.at(1)->text, told);
  carry_out(c.run(0, 5, 5));
  EXPECT_EQ(all<coordinator::ran>().at(0).failure->text, told);
}

TEST_F(a_coordinator, who_cancels_does_not_wait_for_workers) {
  build();
  vote(one, 1, {0, 2});
  vote(two, 1, {1});
  carry_out(c.close(one, "its connection ended"));
  carry_out(c.close(two, "its connection ended"));
  carry_out(c.run(0, 5, 5));
  EXPECT_TRUE(all<coordinator::ran>().empty());
  carry_out(c.ask(request::cancel));
  EXPECT_EQ(all<coordinator::ran>().at(0).failure->text, lost_two);
}

TEST_F(a_coordinator, a_run_is_abandoned_when_a_worker_is_silent) {
  carry_out(c.run(0, 100, 10));
  say(one, said::ready{});
  say(two, said::ready{});
  for (auto at = 0ms; at <= 3'400ms; at += 200ms) {
    c.hear(one, begin + at);
    carry_out(c.tick(begin + at));
  }
  EXPECT_EQ(all<coordinator::put_out>().at(0).who, two);
  EXPECT_EQ(sent<told::abandon>().at(0).to, (std::vector{one}));
  EXPECT_TRUE(all<coordinator::ran>().empty()) << "the other still computes";
  say(one, said::rested{1, stop_reason::failed, 20, 0, {}});
  say(one, said::ready{});
  EXPECT_EQ(sent<told::run>().back().to, std::vector{one}) << "it runs again";
}

TEST_F(a_coordinator, nobody_waits_for_a_worker_that_failed) {
  carry_out(c.run(0, 100, 10));
  say(one, said::ready{});
  say(two, said::ready{});
  say(one, said::rested{1, stop_reason::failed, 20, 0, said::vp_failed{0, {error_kind::IOError, "disk"}}});
  EXPECT_EQ(sent<told::abandon>().at(0).to, (std::vector{one, two}));
  say(two, said::rested{1, stop_reason::failed, 20, 0, {}});
  EXPECT_EQ(all<coordinator::ran>().at(0).failure->text, "disk");
}

// What is logged does not lead to where VPs are then.
TEST_F(a_coordinator, a_network_whose_run_has_failed_does_not_go_back) {
  carry_out(c.run(0, 100, 10));
  say(one, said::ready{});
  say(two, said::ready{});
  say(one, said::rested{1, stop_reason::failed, 20, 0, said::vp_failed{0, {error_kind::IOError, "disk"}}});
  say(two, said::rested{1, stop_reason::failed, 20, 0, {}});
  carry_out(c.close(two, "its connection ended"));
  build();
  ASSERT_EQ(all<coordinator::ordered>().size(), 1u);
  EXPECT_EQ(all<coordinator::ordered>()[0].refusals.at(0)->text, lost_two);
}

TEST_F(a_coordinator, a_loss_before_the_first_order_costs_nothing) {
  order(orders::measure{});
  vote(one, 1, {0, 2});
  vote(two, 1, {1});
  carry_out(c.close(two, "it went"));
  EXPECT_TRUE(all<coordinator::network_lost>().empty());
  build();
  EXPECT_EQ(std::get<told::place>(sent<told::place>().back().what.what).where, (placement{one, one, one}));
  vote(one, 1, {0, 1, 2});
  EXPECT_EQ(all<coordinator::ordered>().size(), 2u);
}

const worker_number three{3};

/// It is a worker itself, and computes.
class a_coordinator_that_works : public a_coordinator {
 protected:
  a_coordinator_that_works() : a_coordinator(true) {}
  placement where() const { return std::get<told::place>(sent<told::place>().back().what.what).where; }
  void begin_run() {
    build();
    for (const auto who : workers_of(where())) vote(who, 1, vps_of(where(), who));
    carry_out(c.run(0, 100, 10));
    for (const auto who : workers_of(where())) say(who, said::ready{});
    ASSERT_EQ(where()[0], own_process);
  }
};

TEST_F(a_coordinator_that_works, goes_on_without_its_own_process_where_a_vp_stands_still) {
  begin_run();
  say(own_process, said::stuck{{0, 20}});
  say(one, said::link_lost{own_process, "closed"});
  for (const auto who : {one, two}) say(who, said::rested{2, stop_reason::failed, 20, 0, {}});
  EXPECT_TRUE(all<coordinator::ran>().empty());
  EXPECT_TRUE(all<coordinator::put_out>().empty()) << "nobody is lost by its link to this process";
  EXPECT_EQ(where(), (placement{one, two, one}));
  for (const auto who : {one, two}) vote(who, 1, vps_of(where(), who));
  for (const auto who : {one, two}) say(who, said::ready{});
  for (const auto who : {one, two}) say(who, said::rested{2, stop_reason::reached, 100, 0, {}});
  EXPECT_EQ(all<coordinator::ran>().at(0).now, 100);
  c.renew(3);
  build();
  EXPECT_EQ(where()[0], own_process) << "the next network";
}

TEST_F(a_coordinator_that_works, that_is_alone_loses_the_network_where_a_vp_stands_still) {
  for (const auto who : {one, two}) carry_out(c.close(who, "it ended"));
  begin_run();
  say(own_process, said::stuck{{2, 20, 7, 9}});
  const auto told =
      "virtual process 2 stood still in the interval from step 20 on, in the update of nodes 7 to 9: call ResetKernel";
  ASSERT_EQ(all<coordinator::ran>().size(), 1u);
  EXPECT_EQ(all<coordinator::ran>()[0].failure->text, told);
  EXPECT_EQ(all<coordinator::network_lost>().at(0).why.text, told);
  build();
  EXPECT_EQ(all<coordinator::ordered>().back().refusals.at(0)->text, told) << "nobody is waited for";
  c.renew(3);
  begin_run();
  EXPECT_EQ(sent<told::run>().size(), 2u) << "the next network runs";
}

/// One that runs, with a cut that is asked for when it begins.
class a_running_coordinator : public a_coordinator {
 protected:
  a_running_coordinator() {
    build();
    vote(one, 1, {0, 2});
    vote(two, 1, {1});
    say(one, said::ready{});
    say(two, said::ready{});
  }
  void run() { carry_out(c.run(0, 100, 10)); }
  void tick() {
    for (const auto who : {one, two, three}) c.hear(who, now);
    carry_out(c.tick(now += 200ms));
  }
  /// All VPs make their images, and whoever is told to keeps them.
  cut_name cut(step_t step) {
    const auto where = c.where();
    const cut_name name{sent<told::place>().back().what.at.placement, number, step};
    for (std::uint32_t vp = 0; vp < where.size(); ++vp) {
      say(where[vp], said::copy{name, vp, true});
      say(std::get<told::give>(sent<told::give>().back().what.what).to.number, said::kept{name, vp});
    }
    return name;
  }
  coordinator::time_point now = begin;
  std::uint64_t number = 2;  // of the run
};

TEST_F(a_running_coordinator, cuts_take_a_twentieth_of_the_time_at_most) {
  const auto cuts = [&](std::chrono::milliseconds time) {
    const auto before = sent<told::ask>().size();
    for (const auto until = now + time; now < until;) tick();
    return sent<told::ask>().size() - before;
  };
  run();
  EXPECT_EQ(cuts(200ms), 1u);
  EXPECT_EQ(sent<told::ask>()[0].to, std::vector{one}) << "its frame tells the other";
  EXPECT_EQ(cuts(2s), 0u) << "its images are on their way";
  c.look_at(now + 100ms);
  cut(20);
  EXPECT_EQ(cuts(39'800ms), 0u);
  EXPECT_EQ(cuts(200ms), 1u) << "20 times 2.1 s after it began";
  cut(30);
  EXPECT_EQ(cuts(1s), 1u) << "once a second at most";
}

TEST_F(a_running_coordinator, without_room_for_an_image_there_is_no_cut) {
  run();
  tick();
  say(one, said::copy{{1, number, 20}, 0, true});
  say(two, said::copy{{1, number, 20}, 1, false});
  for (int ticks = 0; ticks < 5; ++ticks) tick();
  EXPECT_EQ(sent<told::ask>().size(), 2u);
  const auto name = cut(70);
  EXPECT_EQ(c.committed()->name(), name);
}

TEST_F(a_running_coordinator, cuts_anew_where_images_did_not_arrive) {
  run();
  tick();
  for (const auto& [who, vp] : {std::pair(one, 0u), {two, 1u}, {one, 2u}})
    say(who, said::copy{{1, number, 20}, vp, true});
  say(one, said::images_lost{two});
  tick();
  EXPECT_EQ(sent<told::ask>().size(), 2u);
  const auto name = cut(70);
  EXPECT_EQ(c.committed()->name(), name);
}

TEST_F(a_running_coordinator, gives_vps_to_whoever_joins_from_the_next_cut_on) {
  run();
  tick();
  carry_out(c.join(three, card(33), now));
  EXPECT_EQ(sent<told::place>().back().to, std::vector{three}) << "so far it may keep images";
  EXPECT_STREQ(c.state_of(three), "joining");
  tick();
  EXPECT_EQ(std::get<told::ask>(sent<told::ask>().back().what.what).what, request::cut);
  const auto name = cut(20);
  EXPECT_EQ(std::get<told::ask>(sent<told::ask>().back().what.what).what, request::pause);
  say(one, said::rested{2, stop_reason::paused, 30, 0, {}});
  say(two, said::rested{2, stop_reason::paused, 30, 0, {}});
  const auto placed = std::get<told::place>(sent<told::place>().back().what.what);
  EXPECT_EQ(placed.where, (placement{one, two, three}));
  EXPECT_EQ(placed.back_to, name);
  for (std::uint32_t vp = 0; vp < 3; ++vp) vote(placed.where[vp], 1, {vp});
  EXPECT_EQ(sent<told::load>().size(), 1u);
  for (std::uint32_t vp = 0; vp < 3; ++vp) vote(placed.where[vp], 2, {vp});
  for (const auto who : {one, two, three}) say(who, said::ready{});
  const auto again = std::get<told::run>(sent<told::run>().back().what.what);
  EXPECT_EQ(again.now, 20);
  EXPECT_EQ(again.steps, 80);
  EXPECT_TRUE(all<coordinator::ran>().empty());
  EXPECT_EQ(c.moves(), 1u);
  EXPECT_EQ(c.recoveries(), 0u);
  EXPECT_STREQ(c.state_of(three), "holding");
}

TEST_F(a_running_coordinator, a_move_that_is_disturbed_is_a_loss) {
  run();
  tick();
  carry_out(c.join(three, card(33), now));
  tick();
  const auto name = cut(20);
  carry_out(c.close(three, "its connection ended"));
  say(one, said::rested{2, stop_reason::paused, 30, 0, {}});
  say(two, said::rested{2, stop_reason::paused, 30, 0, {}});
  EXPECT_EQ(all<coordinator::ran>().at(0).why, stop_reason::paused) << "whoever asked for the run goes on with it";
  EXPECT_EQ(c.moves(), 0u);
  EXPECT_EQ(c.committed()->name(), name);
}

TEST_F(a_running_coordinator, lets_a_drained_worker_go_when_its_vps_are_elsewhere) {
  EXPECT_FALSE(c.why_not_drain(two));
  carry_out(c.drain(two));
  EXPECT_EQ(std::get<told::place>(sent<told::place>().back().what.what).where, (placement{one, one, one}))
      << "at rest, at once";
  EXPECT_TRUE(c.is_moving());
  EXPECT_STREQ(c.state_of(two), "draining");
  vote(one, 1, {0, 1, 2});
  EXPECT_FALSE(c.is_moving());
  tick();
  ASSERT_EQ(all<coordinator::put_out>().size(), 1u);
  EXPECT_EQ(all<coordinator::put_out>()[0].who, two);
  EXPECT_EQ(all<coordinator::put_out>()[0].why, told::drained);
  EXPECT_EQ(c.drained(), std::set{two});
  EXPECT_NE(c.why_not_drain(one)->find("the only one left"), std::string::npos);
}

TEST_F(a_running_coordinator, keeps_a_drained_worker_until_two_others_have_its_images) {
  run();
  tick();
  const auto name = cut(20);
  for (const auto who : {one, two}) say(who, said::rested{2, stop_reason::reached, 100, 0, {}});
  carry_out(c.join(three, card(33), now));
  carry_out(c.drain(two));
  say(three, said::kept{name, 1});
  const auto placed = std::get<told::place>(sent<told::place>().back().what.what);
  EXPECT_EQ(placed.where, (placement{one, three, one}));
  for (const std::uint64_t order : {1, 2})
    for (const auto who : {one, three}) vote(who, order, who == one ? std::vector{0u, 2u} : std::vector{1u});
  for (const auto who : {one, three}) say(who, said::ready{});
  tick();
  say(three, said::kept{name, 0});
  tick();
  EXPECT_TRUE(all<coordinator::put_out>().empty()) << "of VP 2 there is one other image";
  say(three, said::kept{name, 2});
  ASSERT_EQ(all<coordinator::put_out>().size(), 1u);
  EXPECT_EQ(all<coordinator::put_out>()[0].why, told::drained);
}

TEST_F(a_running_coordinator, whoever_is_told_to_end_is_drained_in_a_run) {
  run();
  tick();
  say(two, said::leaving{});
  tick();
  cut(20);
  EXPECT_EQ(std::get<told::ask>(sent<told::ask>().back().what.what).what, request::pause);
  say(one, said::rested{2, stop_reason::paused, 30, 0, {}});
  say(two, said::rested{2, stop_reason::paused, 30, 0, {}});
  EXPECT_EQ(c.where(), (placement{one, one, one}));
  vote(one, 1, {0, 1, 2});
  vote(one, 2, {0, 1, 2});
  say(one, said::ready{});
  EXPECT_EQ(std::get<told::run>(sent<told::run>().back().what.what).now, 20);
  tick();
  EXPECT_EQ(c.drained(), std::set{two});
  say(one, said::rested{3, stop_reason::reached, 100, 0, {}});
  EXPECT_FALSE(all<coordinator::ran>().at(0).failure);
}

TEST_F(a_running_coordinator, vps_that_find_no_room_go_back) {
  carry_out(c.drain(two));
  say(one, said::votes{1,
                       {{0, reply(std::monostate()), {}},
                        {1, {}, refusal{error_kind::MemoryError, "no room"}},
                        {2, reply(std::monostate()), {}}}});
  EXPECT_EQ(c.where(), (placement{one, two, one}));
  vote(one, 1, {0, 2});
  vote(two, 1, {1});
  EXPECT_FALSE(c.is_moving());
  EXPECT_STREQ(c.state_of(two), "holding");
  EXPECT_TRUE(all<coordinator::network_lost>().empty());
}

TEST_F(a_coordinator, says_why_a_worker_cannot_be_drained) {
  EXPECT_EQ(c.why_not_drain(three), "there is no worker 3");
  build();
  EXPECT_FALSE(c.why_not_drain(two, 1000));
  EXPECT_EQ(c.why_not_drain(two, 1001), "the network takes 1001 bytes, and the other workers have room for 1000");
}

TEST_F(a_coordinator, whoever_holds_nothing_yet_leaves_at_once) {
  carry_out(c.drain(two));
  EXPECT_EQ(all<coordinator::put_out>().at(0).why, told::drained);
  build();
  EXPECT_EQ(c.where(), (placement{one, one, one}));
}

TEST_F(a_coordinator, a_vp_that_cannot_do_what_was_decided_costs_the_network) {
  order(orders::connect{});
  vote(one, 1, {0, 2});
  vote(two, 1, {1});
  say(one, said::vp_failed{0, {error_kind::IOError, "disk"}});
  say(two, said::vp_failed{1, {error_kind::IOError, "another"}});
  ASSERT_EQ(all<coordinator::network_lost>().size(), 1u);
  EXPECT_EQ(all<coordinator::network_lost>()[0].why.text, "disk");
}

// The news may come before the fresh shards are placed, and after.
TEST_F(a_coordinator, but_not_the_one_that_follows) {
  order(orders::connect{});
  vote(one, 1, {0, 2});
  vote(two, 1, {1});
  const auto before = sent<told::place>().back().what.at;
  const said::vp_failed late{0, {error_kind::IOError, "disk"}};
  c.renew(3);
  carry_out(c.report(one, {before, late}));
  build();
  carry_out(c.report(one, {before, late}));
  EXPECT_TRUE(all<coordinator::network_lost>().empty());
  EXPECT_EQ(c.stale_reports(), 2u);
}

TEST_F(a_coordinator, words_of_another_placement_are_dropped) {
  build();
  carry_out(c.report(two, {{1, 99}, said::votes{1, {{1, reply(std::monostate()), {}}}}}));
  carry_out(c.report(worker_number(9), {{1, 1}, said::ready{}}));
  EXPECT_EQ(c.stale_reports(), 2u);
}

TEST_F(a_coordinator, without_workers_an_order_is_refused) {
  carry_out(c.close(one, "it went"));
  carry_out(c.close(two, "it went"));
  build();
  ASSERT_EQ(all<coordinator::ordered>().size(), 1u);
  EXPECT_EQ(all<coordinator::ordered>()[0].refusals.size(), 3u);
  EXPECT_EQ(c.room_for(3), std::numeric_limits<std::uint64_t>::max());
  carry_out(c.join(three, card(33), begin));
  build();
  vote(three, 1, {0, 1, 2});
  EXPECT_EQ(all<coordinator::ordered>().at(1).replies.size(), 3u) << "as soon as there is one, it is obeyed";
}

TEST_F(a_coordinator, a_broken_link_costs_the_peer) {
  carry_out(c.run(0, 100, 10));
  say(one, said::ready{});
  say(two, said::ready{});
  say(one, said::link_lost{two, "reset"});
  EXPECT_EQ(all<coordinator::put_out>().at(0).who, two);
}

}  // namespace
}  // namespace volley::runtime::cluster
