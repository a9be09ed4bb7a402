#include "runtime/cluster/rank.hpp"

#include <utility>

#include "runtime/base/contract.hpp"

namespace volley::runtime::cluster {
namespace {

// A rank gives up later than the first one does, which knows for whom it waits.
constexpr std::chrono::milliseconds later{10'000};

const refusal* first_of(const std::vector<said::votes::vote>& votes) {
  const refusal* first = nullptr;
  for (const auto& one : votes)
    if (one.reason && (first == nullptr || one.reason->place < first->place)) first = &*one.reason;
  return first;
}

std::vector<reply> replies_of(std::vector<said::votes::vote> votes) {
  std::vector<reply> all;
  for (auto& one : votes) all.push_back(std::move(*one.answer));
  return all;
}

}  // namespace

rank::rank(const rank_place& me, std::uint64_t epoch, const rank_limits& limits)
    : me_(me), limits_(limits), here_{epoch, 0} {}

// ---- placement: VP v lives on rank v mod N

void rank::renew(std::uint32_t vps) {
  expects(ordered_ == nullptr && !listens() && vps % me_.count == 0, "shards are renewed between calls");
  vps_ = vps;
  ++here_.placement;
  is_placed_ = is_linked_ = false;
}

void rank::place(effects& out) {
  if (std::exchange(is_placed_, true)) return;
  number_ = 0;
  told::place what;
  for (std::uint32_t vp = 0; vp < vps_; ++vp) what.where.emplace_back(vp % me_.count);
  for (std::uint32_t number = 0; number < me_.count; ++number) what.peers.push_back({worker_number(number), {}, 0});
  tell_vps(std::move(what), out);
}

// ---- words

void rank::say_it(words::content what, waiting until, effects& out) {
  waits_ = std::move(until);
  out.push_back(say{{++words_, std::move(what)}});
}

rank::effects rank::begin(call_card call, const agreed_facts& facts) {
  expects(!listens(), "a rank makes one call at a time");
  if (gone_) return {not_admitted{*gone_}};
  call_ = call.text;
  fails_alone_ = call.fails_alone;
  change_decided_ = false;
  over_.reset();
  effects out;
  say_it(words::begun{std::move(call), facts}, the_begin{}, out);
  return out;
}

// A change that all VPs have decided decides the call; else kernels may still differ.
rank::effects rank::answer(const std::optional<refusal>& failed) {
  expects(!listens(), "a kernel answers when nothing is on its way");
  effects out;
  const bool refused_together = change_decided_ && failed;
  if (gone_ || over_ || refused_together || (!failed && !fails_alone_))
    out.push_back(settled{});
  else
    say_it(words::answered{failed}, the_end{}, out);
  return out;
}

rank::effects rank::hear(of_first_rank&& m) {
  effects out;
  std::visit([&](auto&& what) { take(std::move(what), out); }, std::move(m));
  return out;
}

void rank::take(rank_verdict&& what, effects& out) {
  if (what.number != words_ || std::holds_alternative<nothing>(waits_)) return;
  std::visit([&](auto&& verdict) { follow(std::move(verdict), out); }, std::move(what.what));
}

void rank::follow(verdicts::go_on&& what, effects& out) {
  expects(std::holds_alternative<the_begin>(waits_), "a call goes on that has begun");
  waits_ = nothing{};
  out.push_back(admitted{what.facts});
}

void rank::follow(verdicts::obeyed&& what, effects& out) {
  auto& votes = std::get<the_votes>(waits_);
  const bool hears_all = heard_by_ == audience::all || me_.is_first();
  ordered result{{}, hears_all ? std::move(what.replies) : std::move(votes.own)};
  waits_ = nothing{};
  finish_order(true, std::move(result), out);
}

void rank::follow(verdicts::run&&, effects& out) {
  auto what = std::get<the_run>(waits_).what;
  waits_ = nothing{};
  what.number = ++number_;
  runs_ = true;
  tell_vps(what, out);
  if (waiting_request_) tell_vps(told::ask{*std::exchange(waiting_request_, std::nullopt)}, out);
}

void rank::follow(verdicts::ran&& what, effects& out) {
  waits_ = nothing{};
  out.push_back(std::move(what.end));
}

void rank::follow(verdicts::done&&, effects& out) {
  waits_ = nothing{};
  out.push_back(settled{});
}

void rank::follow(verdicts::refused&& what, effects& out) {
  if (what.is_over) over_ = what.why;
  fail(what.why, out);
}

// The call has failed, so that nothing of it is said any more.
void rank::follow(verdicts::apart&& what, effects& out) {
  over_ = what.why;
  if (what.loses) out.push_back(network_lost{what.why});
  fail(what.why, out);
}

void rank::take(waiting_note&& what, effects& out) {
  if (std::holds_alternative<nothing>(waits_)) return;
  next_note_ *= 2;
  out.push_back(note{std::move(what.text)});
}

void rank::take(stop_waiting&&, effects& out) {
  if (runs_) tell_vps(told::abandon{}, out);
}

void rank::take(rank_gone&& what, effects& out) { out = lose(what.why); }

rank::effects rank::lose(const refusal& why) {
  effects out;
  if (gone_) return out;
  gone_ = why;
  if (runs_) tell_vps(told::abandon{}, out);
  if (!std::holds_alternative<nothing>(waits_)) fail(why, out);
  if (held_run_) {
    const auto run = *std::exchange(held_run_, std::nullopt);
    fail_run(run.now, why, out);
  }
  return out;
}

void rank::fail(const refusal& why, effects& out) {
  const auto what = std::exchange(waits_, nothing{});
  if (std::holds_alternative<the_begin>(what)) out.push_back(not_admitted{why});
  if (std::holds_alternative<the_votes>(what)) finish_order(false, {{why}, {}}, out);
  if (const auto* run = std::get_if<the_run>(&what)) fail_run(run->what.now, why, out);
  if (const auto* ends = std::get_if<the_ends>(&what)) fail_run(ends->now, why, out);
  if (std::holds_alternative<the_end>(what)) out.push_back(settled{why});
}

void rank::fail_run(step_t now, const refusal& why, effects& out) const {
  out.push_back(ran{stop_reason::failed, now, 0, why});
}

rank::effects rank::tick(time_point now) {
  if (me_.is_first() || std::holds_alternative<nothing>(waits_)) return {};
  if (std::exchange(watched_, words_) != words_) {
    since_ = now;
    next_note_ = limits_.told_after + later;
  }
  const auto waited = std::chrono::duration_cast<std::chrono::milliseconds>(now - since_);
  const auto text = "rank 0 has not answered for " + seconds_text(waited) + ", and rank " + std::to_string(me_.number) +
                    " is in " + call_ + ": it, or one that it waits for, makes other calls";
  effects out;
  if (waited >= limits_.given_up_after + later) {
    over_ = refusal{error_kind::KernelException, text + "; the call is given up"};
    out.push_back(network_lost{*over_});
    fail(*over_, out);
  } else if (waited >= next_note_) {
    next_note_ *= 2;
    out.push_back(note{text});
  }
  return out;
}

// ---- orders

rank::effects rank::order(std::shared_ptr<const runtime::order> what, audience heard_by) {
  expects(ordered_ == nullptr && !listens(), "one order is on its way at a time");
  effects out;
  place(out);
  heard_by_ = heard_by;
  change_decided_ = false;
  ordered_ = what;
  tell_vps(told::obey{++number_, std::move(what)}, out);
  return out;
}

void rank::take(said::votes&& votes, effects& out) {
  expects(ordered_ != nullptr, "VPs vote on an order");
  const auto* refused = first_of(votes.all);
  if (heard_by_ == audience::own) {
    if (refused != nullptr) return finish_order(false, {{*refused}, {}}, out);
    return finish_order(true, {{}, replies_of(std::move(votes.all))}, out);
  }
  if (gone_ || over_) return finish_order(false, {{over_ ? over_ : gone_}, {}}, out);
  const auto kind = static_cast<std::uint8_t>(ordered_->index());
  the_votes until;
  if (heard_by_ == audience::first && !me_.is_first() && refused == nullptr) until.own = replies_of(votes.all);
  say_it(words::voted{kind, heard_by_, std::move(votes.all)}, std::move(until), out);
}

void rank::finish_order(bool kept, ordered result, effects& out) {
  const auto what = std::exchange(ordered_, nullptr);
  change_decided_ = is_change(*what);
  if (change_decided_) tell_vps(told::decide{number_, kept}, out);
  out.push_back(std::move(result));
}

// ---- runs

rank::effects rank::run(step_t now, step_t steps, step_t interval_steps, double update_limit_s) {
  expects(ordered_ == nullptr && !listens(), "one run is on at a time");
  effects out;
  place(out);
  waiting_request_.reset();
  held_run_ = told::run{0, now, steps, interval_steps, false, update_limit_s};
  ready(out);
  return out;
}

void rank::ready(effects& out) {
  if (!held_run_ || (!is_linked_ && !gone_)) return;
  const auto what = *std::exchange(held_run_, std::nullopt);
  if (gone_ || over_) return fail_run(what.now, over_ ? *over_ : *gone_, out);
  say_it(words::ready{what.now, what.steps, what.interval_steps}, the_run{what}, out);
}

rank::effects rank::ask(request what) {
  effects out;
  if (runs_)
    tell_vps(told::ask{what}, out);
  else if (held_run_ || std::holds_alternative<the_run>(waits_))
    waiting_request_ = what;
  return out;
}

// ---- what the VPs of here say

rank::effects rank::report(report_message&& m) {
  effects out;
  if (m.at == here_) std::visit([&](auto&& what) { take(std::move(what), out); }, std::move(m.what));
  return out;
}

void rank::take(said::ready&&, effects& out) {
  is_linked_ = true;
  ready(out);
}

void rank::take(said::vp_failed&& failure, effects& out) { out.push_back(network_lost{failure.reason}); }

void rank::take(said::rested&& end, effects& out) {
  runs_ = false;
  if (gone_) return fail_run(end.now, *gone_, out);
  const auto now = end.now;
  say_it(words::rested{std::move(end)}, the_ends{now}, out);
}

// What a peer sends is no frame of this build.
void rank::take(said::link_lost&& link, effects& out) {
  const refusal why{error_kind::InternalError, "what rank " + std::to_string(link.peer.index()) + " sends to rank " +
                                                   std::to_string(me_.number) + " is no frame: " + link.why};
  out.push_back(network_lost{why});
}

}  // namespace volley::runtime::cluster
