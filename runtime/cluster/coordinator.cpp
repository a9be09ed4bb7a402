#include "runtime/cluster/coordinator.hpp"

#include <algorithm>
#include <limits>
#include <utility>

#include "runtime/base/contract.hpp"

namespace volley::runtime::cluster {
namespace {

const refusal no_worker{error_kind::KernelException, "the cluster has no worker: start some with volley worker --join"};

}  // namespace

coordinator::coordinator(coordinator_options options)
    : options_(std::move(options)), members_(options_.limits), here_{options_.epoch, 0} {
  if (options_.hosts_vps) workers_[own_process].card = options_.own;
}

// ---- who takes part

// Whoever holds no VPs may keep images.
coordinator::effects coordinator::join(worker_number who, const worker_card& card, time_point now) {
  expects(who != own_process && !workers_.contains(who) && !lost_.contains(who), "a worker's number is its own");
  workers_[who] = {card, {}, 0};
  members_.join(who, now);
  is_dated_ = true;
  effects out;
  if (!where_.empty()) tell({who}, told::place{where_, {}, {}}, out);
  if (waits_for_workers()) go_on(out);
  return out;
}

coordinator::effects coordinator::close(worker_number who, const std::string& why) {
  effects out;
  if (workers_.contains(who)) lose(who, why, out);
  return out;
}

coordinator::effects coordinator::tick(time_point now) {
  effects out;
  now_ = now;
  for (const auto who : members_.tick(now)) lose(who, "it was silent for too long", out);
  if (!unlinked_.empty()) {
    if (!linked_until_) linked_until_ = now + options_.linked_within;
    if (now > *linked_until_)
      for (const auto who : std::set(unlinked_)) lose(who, "it does not link up with the others", out);
  }
  if (waits_for_workers() && workers_.empty()) {
    if (!nobody_since_) nobody_since_ = now;
    if (now - *nobody_since_ > options_.give_up_after) lose_network(*loss_, out);
  }
  if (now - last_cut_ >= cut_period()) cut_due_ = true;
  if (finish_ && !waiting_run_ && is_call() && begin_cut()) tell(participants(), told::ask{request::cut}, out);
  return out;
}

// Whatever is on its way ends first; then go_on() sees to it.
void coordinator::lose(worker_number who, const std::string& why, effects& out) {
  const auto name = name_of(who);
  members_.leave(who);
  workers_.erase(who);
  lost_[who] = why;
  is_dated_ = true;
  cut_.reset();
  if (committed_) committed_->lose(who);
  if (who != own_process) out.push_back(put_out{who, why});
  if (std::ranges::find(placed_, who) == placed_.end()) return;
  unlinked_.erase(who);
  if (is_fresh_ && !ballot_) return;  // its shards were empty
  loss_ = {error_kind::KernelException, name + " was lost: " + why + "; its part of the network is lost with it"};
  must_recover_ = true;
  if (ballot_) {
    ballot_->lose(who, *loss_);
    return decide(out);
  }
  if (!finish_) return;
  if (std::exchange(waiting_run_, std::nullopt)) {
    finish_.reset();
    return go_on(out);
  }
  if (auto others = participants(); !others.empty()) tell(std::move(others), told::abandon{}, out);
  finish_->lose(who, *loss_);
  end_run(out);
}

// The call that is on fails, as later ones will.
void coordinator::lose_network(const refusal& why, effects& out) {
  must_recover_ = false;
  steps_.clear();
  if (!network_lost_) {
    network_lost_ = why;
    out.push_back(network_lost{why});
  }
  fail_call(*network_lost_, out);
}

void coordinator::fail_call(const refusal& why, effects& out) {
  const auto call = std::exchange(call_, waiting::nothing);
  if (call == waiting::order) out.push_back(ordered{std::vector<std::optional<refusal>>(vps_, why), {}});
  if (call == waiting::run) out.push_back(ran{stop_reason::failed, furthest_.now, 0, why});
}

std::string coordinator::name_of(worker_number who) const {
  auto name = "worker " + std::to_string(who.index());
  if (const auto known = workers_.find(who); known != workers_.end())
    name += " (process " + std::to_string(known->second.card.process) + " at " + known->second.card.address + ")";
  return name;
}

// ---- where VPs are

std::vector<candidate> coordinator::candidates() const {
  std::vector<candidate> all;
  for (const auto& [who, m] : workers_) all.push_back({who, m.card.lanes, m.card.memory});
  return all;
}

// Those that hold VPs and are there.
std::vector<worker_number> coordinator::participants() const {
  auto all = placed_;
  std::erase_if(all, [&](worker_number who) { return !workers_.contains(who); });
  return all;
}

// All that were given VPs are there.
bool coordinator::is_whole() const { return participants().size() == placed_.size(); }

// What dies with this process need not be told again.
bool coordinator::is_logged() const { return placed_ != std::vector{own_process}; }

std::uint64_t coordinator::room_for(std::uint32_t vps) const {
  const auto all = candidates();
  return all.empty() ? std::numeric_limits<std::uint64_t>::max() : room(spread(vps, all), all);
}

void coordinator::renew(std::uint32_t vps) {
  expects(!ballot_ && !finish_, "shards are renewed between calls");
  vps_ = vps;
  ++here_.placement;
  is_fresh_ = is_dated_ = true;
  network_lost_.reset();
  must_recover_ = is_spoilt_ = false;
  log_ = {};
  cut_.reset();
  committed_.reset();
}

void coordinator::spread_vps(effects& out) {
  const auto all = candidates();
  place(all.empty() ? placement() : spread(vps_, all), out);
}

// Everybody is told: whoever had VPs has them no more, and whoever has none may keep images.
void coordinator::place(placement where, effects& out) {
  is_dated_ = false;
  where_ = std::move(where);
  placed_ = workers_of(where_);
  ++here_.placement;
  number_ = 0;
  told::place what{where_, {}, options_.make_secret(), {}};
  if (committed_) what.back_to = committed_->name();
  unlinked_ = {placed_.begin(), placed_.end()};
  linked_until_.reset();
  for (const auto who : placed_) {
    const auto& card = workers_.at(who).card;
    what.peers.push_back({who, card.address, card.port});
  }
  std::vector<worker_number> to;
  for (auto& [who, m] : workers_) {
    m.vps = static_cast<std::uint32_t>(std::ranges::count(where_, who));
    to.push_back(who);
  }
  if (!to.empty()) tell(std::move(to), std::move(what), out);
}

void coordinator::tell(std::vector<worker_number> to, told::content what, effects& out) const {
  out.push_back(send{std::move(to), {here_, std::move(what)}});
}

// ---- what is to be told

// The next step, once nothing is on its way.
void coordinator::go_on(effects& out) {
  if (ballot_ || finish_ || (must_recover_ && !recover(out)) || steps_.empty()) return;
  const auto next = std::move(steps_.front());
  steps_.pop_front();
  std::visit([&](const auto& what) { begin(what, out); }, next);
}

// False where that cannot be, or not yet.
bool coordinator::recover(effects& out) {
  const auto all = candidates();
  std::optional<placement> where;
  if (committed_)
    where = after_loss(where_, committed_->holders());
  else if (!all.empty())
    where = spread(vps_, all);
  const bool may_wait = !committed_ && asked_ != request::cancel;
  if (network_lost_ || is_spoilt_ || (!where && !may_wait)) return lose_network(*loss_, out), false;
  if (!where) return false;
  must_recover_ = false;
  nobody_since_.reset();
  cut_due_ = true;
  ++recoveries_;
  place(std::move(*where), out);
  steps_ = log_.way_back();
  if (call_ == waiting::order) steps_.emplace_back(called_);
  return true;
}

// ---- orders

coordinator::effects coordinator::order(order_log::order_ref what) {
  expects(!ballot_ && !finish_, "one order is on its way at a time");
  effects out;
  if (is_fresh_ && is_dated_) spread_vps(out);
  call_ = waiting::order;
  called_ = what;
  asked_.reset();
  if (where_.empty()) return fail_call(no_worker, out), out;
  if (network_lost_ && !is_whole()) return fail_call(*network_lost_, out), out;
  if (!std::holds_alternative<orders::measure>(*what)) is_fresh_ = false;
  if (!must_recover_) steps_.emplace_back(std::move(what));
  go_on(out);
  return out;
}

void coordinator::begin(order_log::order_ref what, effects& out) {
  ballot_.emplace(++number_, where_);
  ordered_ = what;
  tell(participants(), told::obey{number_, std::move(what)}, out);
}

void coordinator::begin(const order_log::load&, effects& out) {
  ballot_.emplace(++number_, where_);
  tell(participants(), told::load{number_, committed_->name()}, out);
}

// Workers obey in the order of their messages: nobody need wait until a decision is carried out.
void coordinator::decide(effects& out) {
  if (!ballot_->is_complete()) return;
  const auto what = std::exchange(ordered_, nullptr);
  auto votes = *std::exchange(ballot_, std::nullopt);
  if (must_recover_) return go_on(out);
  ordered result{votes.refusals(), {}};
  const auto refused = std::ranges::find_if(result.refusals, [](const auto& r) { return r.has_value(); });
  const bool kept = refused == result.refusals.end();
  if (what && is_change(*what)) tell(participants(), told::decide{votes.number(), kept}, out);
  if (!is_call()) {
    if (kept) return go_on(out);
    return lose_network({error_kind::KernelException, loss_->text + ": " + (*refused)->text}, out);
  }
  if (kept) {
    result.replies = votes.take_replies();
    if (is_logged()) log_.add(what);
  }
  call_ = waiting::nothing;
  called_.reset();
  out.push_back(std::move(result));
}

// ---- runs

coordinator::effects coordinator::run(step_t now, step_t steps, step_t interval_steps) {
  expects(!ballot_ && !finish_, "one run is on at a time");
  effects out;
  if (is_fresh_ && is_dated_) spread_vps(out);
  is_fresh_ = is_fresh_ && where_.empty();
  furthest_ = {now, 0};
  for (auto& [who, m] : workers_) m.last.now = now, m.last.spikes = 0;
  call_ = waiting::run;
  asked_.reset();
  if (where_.empty()) return fail_call(no_worker, out), out;
  if (network_lost_) return fail_call(*network_lost_, out), out;
  const order_log::stretch what{now, now + steps, interval_steps};
  if (is_logged()) log_.begin(what);
  if (!must_recover_) steps_.emplace_back(what);
  go_on(out);
  return out;
}

void coordinator::begin(const order_log::stretch& what, effects& out) {
  finish_.emplace(++number_, where_);
  waiting_run_ = told::run{number_, what.from, what.to - what.from, what.interval_steps};
  begin_run(out);
}

void coordinator::begin_run(effects& out) {
  if (!waiting_run_ || !unlinked_.empty()) return;
  auto what = *std::exchange(waiting_run_, std::nullopt);
  what.cuts = is_call() && begin_cut();
  tell(participants(), what, out);
  if (is_call() && asked_) tell(participants(), told::ask{*asked_}, out);
}

void coordinator::end_run(effects& out) {
  if (!finish_->is_complete()) return;
  const auto end = finish_->outcome();
  finish_.reset();
  if (cut_ && !cut_->is_made()) {  // no interval has opened
    cut_.reset();
    cut_due_ = true;
  }
  if (must_recover_) return go_on(out);
  if (!is_call()) {
    if (end.why == stop_reason::reached) return go_on(out);
    return lose_network({error_kind::KernelException, loss_->text + (end.failure ? ": " + end.failure->text : "")},
                        out);
  }
  call_ = waiting::nothing;
  if (end.why == stop_reason::failed)
    is_spoilt_ = true;
  else if (is_logged())
    log_.end(end.now);
  out.push_back(end);
}

// While the network goes back, it waits until the run that is asked goes on.
coordinator::effects coordinator::ask(request what) {
  effects out;
  if (call_ != waiting::run) return out;
  asked_ = what;
  if (must_recover_ && !finish_ && !ballot_)
    go_on(out);
  else if (finish_ && !waiting_run_ && is_call())
    tell(participants(), told::ask{what}, out);
  return out;
}

// ---- cuts

// While there is somebody to keep copies.
bool coordinator::begin_cut() {
  const auto period = cut_period();
  if (!cut_due_ || !is_logged() || workers_.size() < 2 || period == period.zero()) return false;
  if (cut_ && now_ - last_cut_ < 10 * period) return false;  // later it is given up
  last_cut_ = now_;
  cut_.emplace(log_.mark(), vps_);
  cut_seconds_.clear();
  cut_due_ = false;
  return true;
}

std::chrono::milliseconds coordinator::cut_period() const {
  using namespace std::chrono;
  if (options_.cut_period) return *options_.cut_period;
  double longest = 0;
  for (const auto& [who, seconds] : cut_seconds_) longest = std::max(longest, seconds);
  return std::max<milliseconds>(duration_cast<milliseconds>(duration<double>(20 * longest)),
                                5 * options_.limits.period);
}

void coordinator::commit_cut(effects& out) {
  if (!cut_->is_safe()) return;
  committed_ = std::exchange(cut_, std::nullopt);
  log_.commit(committed_->mark(), committed_->name().step);
  std::vector<worker_number> to;
  for (const auto& [who, m] : workers_) to.push_back(who);
  tell(std::move(to), told::commit{committed_->name()}, out);
}

void coordinator::take(worker_number who, said::copy&& copy, effects& out) {
  if (!cut_ || copy.vp >= where_.size() || where_[copy.vp] != who || !cut_->count(copy.cut, copy.vp, who))
    return void(++stale_);
  cut_seconds_[who] += copy.seconds / workers_.at(who).card.lanes;
  tell({buddy(copy.vp, who, candidates())}, told::keep{copy.cut, copy.vp, std::move(copy.content)}, out);
}

void coordinator::take(worker_number who, said::kept&& copy, effects& out) {
  if (!cut_ || !cut_->count(copy.cut, copy.vp, who)) return void(++stale_);
  commit_cut(out);
}

// ---- how things stand

run_progress coordinator::progress() {
  run_progress p;
  for (const auto& [who, m] : workers_) {
    if (m.vps == 0) continue;
    p.now = std::max(p.now, m.last.now);
    p.spikes += m.last.spikes;
  }
  if (p.now >= furthest_.now) furthest_ = p;
  return furthest_;
}

// ---- what workers say

coordinator::effects coordinator::report(worker_number who, report_message&& m) {
  effects out;
  if (!workers_.contains(who)) return ++stale_, out;
  if (m.at != here_ && !std::holds_alternative<said::beat>(m.what)) return ++stale_, out;
  std::visit([&](auto&& what) { take(who, std::move(what), out); }, std::move(m.what));
  return out;
}

void coordinator::take(worker_number who, said::ready&&, effects& out) {
  unlinked_.erase(who);
  if (finish_) begin_run(out);
}

void coordinator::take(worker_number who, said::votes&& votes, effects& out) {
  if (!ballot_) return void(++stale_);
  for (auto& one : votes.all)
    if (!ballot_->count(who, votes.number, std::move(one))) ++stale_;
  decide(out);
}

void coordinator::take(worker_number, said::vp_failed&& failure, effects& out) {
  if (network_lost_) return;
  network_lost_ = failure.reason;
  out.push_back(network_lost{failure.reason});
}

void coordinator::take(worker_number who, said::rested&& end, effects& out) {
  if (!finish_ || !finish_->count(who, end)) return void(++stale_);
  auto& last = workers_.at(who).last;
  last.now = end.now;
  last.spikes = end.spikes;
  // Those that had its frame know; whoever waits for the next one is told.
  if (end.why == stop_reason::failed && !finish_->is_complete()) tell(participants(), told::abandon{}, out);
  end_run(out);
}

// The supervisor's own process stays: then it is the other end that goes.
void coordinator::take(worker_number who, said::link_lost&& link, effects& out) {
  const auto goes = link.peer == own_process ? who : link.peer;
  const auto other = goes == who ? link.peer : who;
  if (goes == own_process || !workers_.contains(goes)) return;
  lose(goes, "its link to worker " + std::to_string(other.index()) + " broke: " + link.why, out);
}

void coordinator::take(worker_number who, said::beat&& news, effects&) { workers_.at(who).last = news; }

std::map<worker_number, coordinator::member> coordinator::status() const { return workers_; }

}  // namespace volley::runtime::cluster
