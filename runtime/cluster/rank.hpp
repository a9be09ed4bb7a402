// One rank of a network: its kernel obeys the calls of its own script on its own VPs, and agrees with the others, by
// way of the first rank, on what all have come to. A machine like coordinator.hpp: what happens comes in, what is to be
// done comes out.
//
// A call that all make begins when all have begun it; its orders are kept where all VPs of all ranks have obeyed them;
// a run ends where all have stopped. Calls that a rank makes by itself are between it and its VPs.
#pragma once
#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "runtime/base/layout.hpp"
#include "runtime/cluster/coordinator.hpp"
#include "runtime/cluster/rank_meeting.hpp"
#include "runtime/cluster/rank_message.hpp"

namespace volley::runtime::cluster {

class rank {
 public:
  using time_point = std::chrono::steady_clock::time_point;

  // ---- what is to be done, in this order

  /// Of the VPs of here.
  struct tell {
    order_message what;
  };
  /// Tell the first rank.
  struct say {
    rank_word what;
  };
  /// All make the call: the kernel begins it, once it has agreed to the facts.
  struct admitted {
    agreed_facts facts;
  };
  struct not_admitted {
    refusal why;
  };
  using ordered = coordinator::ordered;  ///< of several refusals, the one that is told
  using ran = finish::result;
  using network_lost = coordinator::network_lost;
  /// The call that the kernel has answered may be told as done; or it has failed elsewhere.
  struct settled {
    std::optional<refusal> failed;
  };
  /// Whoever made the call waits, and may like to know why.
  struct note {
    std::string text;
  };
  using effect = std::variant<tell, say, admitted, not_admitted, ordered, ran, network_lost, settled, note>;
  using effects = std::vector<effect>;

  /// `epoch`: of the ranks' kernels; a process may have one after the other.
  rank(const rank_place& me, std::uint64_t epoch, const rank_limits& limits = {});

  // ---- what happens

  /// From now on the kernel has so many empty shards, on all ranks. REQUIRES: no order or run is on its way.
  void renew(std::uint32_t vps);
  /// The script makes a call that all make. REQUIRES: no other is on.
  effects begin(call_card call, const agreed_facts& facts);
  /// REQUIRES: no other order or run is on its way.
  effects order(std::shared_ptr<const runtime::order> what, audience heard_by);
  /// REQUIRES: as order().
  effects run(step_t now, step_t steps, step_t interval_steps, double update_limit_s = update_times::infinity);
  /// The run that is on, or about to begin, stops at the end of an interval.
  effects ask(request what);
  /// The kernel has answered the call that all make.
  effects answer(const std::optional<refusal>& failed);

  effects report(report_message&& m);
  effects hear(of_first_rank&& m);
  /// The first rank cannot be reached any more.
  effects lose_first(const refusal& why) { return lose(why); }
  /// Now and then while listens().
  effects tick(time_point now);

  /// True while something of other ranks is expected.
  bool listens() const { return !std::holds_alternative<nothing>(waits_) || runs_; }
  const rank_place& me() const { return me_; }
  const fence& here() const { return here_; }

 private:
  // What it waits for the first rank to say.
  struct nothing {};
  struct the_begin {};
  struct the_votes {
    std::vector<reply> own;  // where no others are heard
  };
  struct the_run {
    told::run what;
  };
  struct the_ends {
    step_t now;
  };
  struct the_end {};
  using waiting = std::variant<nothing, the_begin, the_votes, the_run, the_ends, the_end>;

  void place(effects& out);
  void tell_vps(told::content what, effects& out) const { out.push_back(tell{{here_, std::move(what)}}); }
  void say_it(words::content what, waiting until, effects& out);
  void finish_order(bool kept, ordered result, effects& out);
  void ready(effects& out);
  effects lose(const refusal& why);
  /// What it waits for does not come; this instead.
  void fail(const refusal& why, effects& out);
  void fail_run(step_t now, const refusal& why, effects& out) const;

  void take(said::ready&&, effects& out);
  void take(said::votes&& votes, effects& out);
  void take(said::vp_failed&& failure, effects& out);
  void take(said::rested&& end, effects& out);
  void take(said::link_lost&& link, effects& out);
  void take(said::beat&&, effects&) {}
  void take(said::copy&&, effects&) {}  // nobody asks ranks for images, or to end, or for modules, or watches them
  void take(said::kept&&, effects&) {}
  void take(said::images_lost&&, effects&) {}
  void take(said::leaving&&, effects&) {}
  void take(said::stuck&&, effects&) {}
  void take(said::modules&&, effects&) {}

  void take(rank_verdict&& what, effects& out);
  void take(waiting_note&& what, effects& out);
  void take(stop_waiting&&, effects& out);
  void take(rank_gone&& what, effects& out);
  void follow(verdicts::go_on&& what, effects& out);
  void follow(verdicts::obeyed&& what, effects& out);
  void follow(verdicts::run&&, effects& out);
  void follow(verdicts::ran&& what, effects& out);
  void follow(verdicts::done&&, effects& out);
  void follow(verdicts::refused&& what, effects& out);
  void follow(verdicts::apart&& what, effects& out);

  const rank_place me_;
  const rank_limits limits_;

  std::uint32_t vps_ = 0;
  fence here_;
  bool is_placed_ = false, is_linked_ = false;

  std::uint64_t number_ = 0;  // of the last order or run of this placement
  std::uint64_t words_ = 0;   // so far
  waiting waits_;
  std::uint64_t watched_ = 0;  // the word whose answer is waited for
  time_point since_{};
  std::chrono::milliseconds next_note_{};

  std::string call_;  // that all make
  bool fails_alone_ = false, change_decided_ = false;
  std::optional<refusal> over_;  // elsewhere it is, and why
  std::optional<refusal> gone_;  // a rank is: there are no calls of all

  std::shared_ptr<const runtime::order> ordered_;
  audience heard_by_ = audience::own;
  std::optional<told::run> held_run_;  // until the links stand
  std::optional<request> waiting_request_;
  bool runs_ = false;
};

}  // namespace volley::runtime::cluster
