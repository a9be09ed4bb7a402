#include "runtime/cluster/coordinator.hpp"

#include <algorithm>
#include <limits>
#include <utility>

#include "runtime/base/contract.hpp"

namespace volley::runtime::cluster {

coordinator::coordinator(coordinator_options options)
    : options_(std::move(options)), members_(options_.limits), here_{options_.epoch, 0} {
  if (options_.hosts_vps) workers_[own_process].card = options_.own;
}

// ---- who takes part

coordinator::effects coordinator::join(worker_number who, const worker_card& card, time_point now) {
  expects(who != own_process && !workers_.contains(who) && !lost_.contains(who), "a worker's number is its own");
  workers_[who] = {card, {}, 0};
  members_.join(who, now);
  is_dated_ = true;
  return {};
}

coordinator::effects coordinator::close(worker_number who, const std::string& why) {
  effects out;
  if (workers_.contains(who)) lose(who, why, out);
  return out;
}

coordinator::effects coordinator::tick(time_point now) {
  effects out;
  for (const auto who : members_.tick(now)) lose(who, "it was silent for too long", out);
  if (!unlinked_.empty()) {
    if (!linked_until_) linked_until_ = now + options_.linked_within;
    if (now > *linked_until_)
      for (const auto who : std::set(unlinked_)) lose(who, "it does not link up with the others", out);
  }
  return out;
}

void coordinator::lose(worker_number who, const std::string& why, effects& out) {
  const auto name = name_of(who);
  members_.leave(who);
  workers_.erase(who);
  lost_[who] = why;
  is_dated_ = true;
  if (who != own_process) out.push_back(put_out{who, why});
  if (std::ranges::find(placed_, who) == placed_.end()) return;
  unlinked_.erase(who);
  if (is_fresh_ && !ballot_) return;  // its shards were empty
  const refusal reason{error_kind::KernelException,
                       name + " was lost: " + why + "; its part of the network is lost with it"};
  if (!network_lost_) {
    network_lost_ = reason;
    out.push_back(network_lost{reason});
  }
  if (auto others = participants(); finish_ && !others.empty()) tell(std::move(others), told::abandon{}, out);
  if (ballot_) {
    ballot_->lose(who, reason);
    decide(out);
  }
  if (finish_) {
    finish_->lose(who, reason);
    end_run(out);
  }
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
}

// Everybody that had VPs is told, too: its shards are nobody's any more.
void coordinator::place(effects& out) {
  auto to = participants();
  const auto all = candidates();
  is_dated_ = false;
  where_ = all.empty() ? placement() : spread(vps_, all);
  placed_ = workers_of(where_);
  for (auto& [who, m] : workers_) m.vps = static_cast<std::uint32_t>(std::ranges::count(where_, who));
  ++here_.placement;
  number_ = 0;
  told::place what{where_, {}, options_.make_secret()};
  unlinked_.clear();
  linked_until_.reset();
  for (const auto who : placed_) {
    const auto& card = workers_.at(who).card;
    what.peers.push_back({who, card.address, card.port});
    unlinked_.insert(who);
    if (std::ranges::find(to, who) == to.end()) to.push_back(who);
  }
  if (!to.empty()) tell(std::move(to), std::move(what), out);
}

void coordinator::tell(std::vector<worker_number> to, told::content what, effects& out) const {
  out.push_back(send{std::move(to), {here_, std::move(what)}});
}

// ---- orders

coordinator::effects coordinator::order(std::shared_ptr<const runtime::order> what) {
  expects(!ballot_ && !finish_, "one order is on its way at a time");
  effects out;
  if (is_fresh_ && is_dated_) place(out);
  if (where_.empty()) {
    const refusal none{error_kind::KernelException, "the cluster has no worker: start some with volley worker --join"};
    out.push_back(ordered{std::vector<std::optional<refusal>>(vps_, none), {}});
    return out;
  }
  if (!std::holds_alternative<orders::measure>(*what)) is_fresh_ = false;
  ballot_.emplace(++number_, where_);
  ordered_ = what;
  if (network_lost_)
    for (const auto who : placed_)
      if (!workers_.contains(who)) ballot_->lose(who, *network_lost_);
  if (auto to = participants(); !to.empty()) tell(std::move(to), told::obey{number_, std::move(what)}, out);
  decide(out);
  return out;
}

// Workers obey in the order of their messages: nobody need wait until a decision is carried out.
void coordinator::decide(effects& out) {
  if (!ballot_->is_complete()) return;
  ordered result{ballot_->refusals(), {}};
  const bool kept = std::ranges::none_of(result.refusals, [](const auto& r) { return r.has_value(); });
  if (is_change(*ordered_))
    if (auto to = participants(); !to.empty()) tell(std::move(to), told::decide{ballot_->number(), kept}, out);
  if (kept) result.replies = ballot_->take_replies();
  ballot_.reset();
  ordered_.reset();
  out.push_back(std::move(result));
}

// ---- runs

coordinator::effects coordinator::run(step_t now, step_t steps, step_t interval_steps) {
  expects(!ballot_ && !finish_, "one run is on at a time");
  effects out;
  if (is_fresh_ && is_dated_) place(out);
  is_fresh_ = false;
  for (auto& [who, m] : workers_) m.last.now = now, m.last.spikes = 0;
  finish_.emplace(++number_, where_);
  waiting_run_ = told::run{number_, now, steps, interval_steps};
  waiting_request_.reset();
  if (network_lost_)
    for (const auto who : placed_)
      if (!workers_.contains(who)) finish_->lose(who, *network_lost_);
  begin_run(out);
  return out;
}

// A run that cannot begin is over where it would have begun.
void coordinator::begin_run(effects& out) {
  if (!waiting_run_ || (!unlinked_.empty() && !network_lost_)) return;
  const auto what = *std::exchange(waiting_run_, std::nullopt);
  const auto to = participants();
  if (network_lost_ || to.empty()) {
    for (const auto who : to)
      finish_->count(who, {what.number, stop_reason::failed, what.now, 0, said::vp_failed{0, *network_lost_}});
    return end_run(out);
  }
  tell(to, what, out);
  if (waiting_request_) tell(to, told::ask{*waiting_request_}, out);
}

void coordinator::end_run(effects& out) {
  if (waiting_run_) return begin_run(out);
  if (!finish_->is_complete()) return;
  out.push_back(finish_->outcome());
  finish_.reset();
}

coordinator::effects coordinator::ask(request what) {
  effects out;
  if (!finish_) return out;
  if (waiting_run_)
    waiting_request_ = what;
  else if (auto to = participants(); !to.empty())
    tell(std::move(to), told::ask{what}, out);
  return out;
}

run_progress coordinator::progress() const {
  run_progress p;
  for (const auto& [who, m] : workers_) {
    if (m.vps == 0) continue;
    p.now = std::max(p.now, m.last.now);
    p.spikes += m.last.spikes;
  }
  return p;
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
