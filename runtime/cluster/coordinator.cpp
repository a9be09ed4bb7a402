#include "runtime/cluster/coordinator.hpp"

#include <algorithm>
#include <limits>
#include <utility>

#include "runtime/base/contract.hpp"

namespace volley::runtime::cluster {
namespace {

const refusal no_worker{error_kind::KernelException, "the cluster has no worker: start some with volley worker --join"};

/// Steps of the log from which on a cut is made for its sake.
constexpr std::size_t long_log = 4096;

/// A VP stands still in the same slice so often that it would for ever.
constexpr int stuck_for_ever = 3;

bool has(const std::vector<worker_number>& all, worker_number who) { return std::ranges::find(all, who) != all.end(); }

}  // namespace

coordinator::coordinator(coordinator_options options)
    : options_(std::move(options)), members_(options_.limits), here_{options_.epoch, 0} {
  if (options_.hosts_vps) workers_[own_process].card = options_.own;
}

// ---- who takes part

// Whoever holds no VPs may keep images.
coordinator::effects coordinator::join(worker_number who, const worker_card& card, time_point now) {
  expects(who != own_process && !workers_.contains(who) && !lost_.contains(who), "a worker's number is its own");
  auto& one = workers_[who] = {card, {}, 0};
  members_.join(who, now);
  is_dated_ = is_uneven_ = true;
  moves_fail_ = false;
  effects out;
  if (!modules_.empty()) {
    one.lacks = "it has not loaded the modules yet";
    tell({who}, told::modules{modules_number_, modules_}, out);
  }
  if (!where_.empty()) tell({who}, told::place{where_, {}, secret_}, out);
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
  look_at(now);
  for (const auto who : members_.tick(now)) lose(who, "it was silent for too long", out);
  if (!unlinked_.empty()) {
    if (!linked_until_) linked_until_ = now + options_.linked_within;
    if (now > *linked_until_)
      for (const auto who : std::set(unlinked_)) lose(who, "it does not link up with the others", out);
  }
  if (waits_for_workers() && candidates().empty()) {
    if (!nobody_since_) nobody_since_ = now;
    if (now - *nobody_since_ > options_.give_up_after) lose_network(*loss_, out);
  }
  if (!cut_ && now - last_cut_ >= cut_period()) cut_due_ = true;
  plan();
  move(out);
  let_go(out);
  // One of them, whose frame tells the others: those who hear of it later would ask for a second one.
  if (finish_ && !waiting_run_ && is_call() && begin_cut())
    tell({participants().front()}, told::ask{request::cut}, out);
  return out;
}

// Whatever is on its way ends first; then go_on() sees to it.
void coordinator::lose(worker_number who, const std::string& why, effects& out) {
  const auto name = name_of(who);
  progress();
  members_.leave(who);
  workers_.erase(who);
  lost_[who] = why;
  is_dated_ = true;
  cut_.reset();
  if (committed_) committed_->lose(who);
  draining_.erase(who);
  if (wanted_) is_uneven_ = true;
  wanted_.reset();
  moved_from_.reset();
  giving_.clear();
  rests_to_move_ = false;
  if (who != own_process) out.push_back(put_out{who, why});
  forget_asked(who, out);
  if (std::ranges::find(placed_, who) == placed_.end()) return;
  unlinked_.erase(who);
  if (is_fresh_ && !ballot_) return;  // its shards were empty
  loss_ = {error_kind::KernelException, name + " was lost: " + why + "; its part of the network is lost with it"};
  must_recover_ = true;
  if (!lost_since_) lost_since_ = {who, now_};
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
  lost_since_.reset();
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

// Who may hold VPs and images.
std::vector<candidate> coordinator::candidates() const {
  std::vector<candidate> all;
  for (const auto& [who, m] : workers_)
    if (!m.lacks) all.push_back({who, m.card.lanes, m.card.memory});
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
bool coordinator::is_logged() const {
  return options_.may_grow || placed_.size() != 1 || placed_.front() != own_process;
}

std::uint64_t coordinator::room_for(std::uint32_t vps) const {
  const auto all = candidates();
  return all.empty() ? std::numeric_limits<std::uint64_t>::max() : room(spread(vps, all), all);
}

coordinator::effects coordinator::renew(std::uint32_t vps, const std::vector<module_name>& modules) {
  expects(!ballot_ && !finish_ && !installing_, "shards are renewed between calls");
  expects(modules.empty() || modules == modules_, "shards have modules that were installed");
  if (options_.hosts_vps && lost_.erase(own_process) != 0) workers_[own_process].card = options_.own;
  vps_ = vps;
  ++here_.placement;
  is_fresh_ = is_dated_ = true;
  network_lost_.reset();
  lost_since_.reset();
  must_recover_ = is_spoilt_ = moves_fail_ = false;
  log_ = {};
  wanted_.reset();
  moved_from_.reset();
  giving_.clear();
  last_cut_took_ = {};
  cut_.reset();
  committed_.reset();
  stuck_.clear();
  effects out;
  if (modules == modules_) return out;
  modules_ = modules;
  for (auto& [who, m] : workers_) m.lacks.reset();
  tell_modules(others(), out);
  return out;
}

void coordinator::spread_vps(effects& out) {
  const auto all = staying();
  is_uneven_ = false;
  place(all.empty() ? placement() : spread(vps_, all), out);
}

// Everybody is told: whoever had VPs has them no more, and whoever has none may keep images.
void coordinator::place(placement where, effects& out) {
  is_dated_ = false;
  where_ = std::move(where);
  placed_ = workers_of(where_);
  ++here_.placement;
  number_ = 0;
  secret_ = options_.make_secret();
  told::place what{where_, {}, secret_, {}, modules_};
  if (committed_) what.back_to = committed_->name();
  giving_.clear();
  balance_.begin();
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
  if (ballot_ || finish_ || installing_ || (must_recover_ && !recover(out))) return;
  if (steps_.empty()) return moved_from_.reset();
  const auto next = std::move(steps_.front());
  steps_.pop_front();
  std::visit([&](const auto& what) { begin(what, out); }, next);
}

void coordinator::went_on(step_t from, effects& out) {
  if (!lost_since_) return;
  const auto [who, since] = *std::exchange(lost_since_, std::nullopt);
  last_recovery_ = recovered{who, from, std::max(from, furthest_.now), now_ - since};
  out.push_back(*last_recovery_);
}

// False where that cannot be, or not yet.
bool coordinator::recover(effects& out) {
  const auto all = staying();
  auto where = std::exchange(wanted_, std::nullopt);
  const bool moves = where.has_value();
  if (moves) {
    cut_.reset();
    moved_from_ = where_;
  } else if (committed_)
    where = after_loss(where_, committed_->holders());
  else if (!all.empty())
    where = spread(vps_, all);
  const bool may_wait = !committed_ && asked_ != request::cancel;
  if (network_lost_ || is_spoilt_ || (!where && !may_wait)) return lose_network(*loss_, out), false;
  if (!where) return false;
  must_recover_ = false;
  nobody_since_.reset();
  cut_due_ = true;
  ++(moves ? moves_ : recoveries_);
  place(std::move(*where), out);
  steps_ = log_.way_back();
  if (call_ == waiting::order) steps_.emplace_back(called_);
  return true;
}

// ---- modules

std::vector<worker_number> coordinator::others() const {
  std::vector<worker_number> all;
  for (const auto& [who, m] : workers_)
    if (who != own_process) all.push_back(who);
  return all;
}

void coordinator::tell_modules(std::vector<worker_number> to, effects& out) {
  ++modules_number_;
  if (!to.empty()) tell(std::move(to), told::modules{modules_number_, modules_}, out);
}

coordinator::effects coordinator::install(std::vector<module_name> all, bool all_must) {
  expects(!ballot_ && !finish_ && !installing_, "modules are loaded between orders");
  effects out;
  installing_.emplace(installing{std::exchange(modules_, std::move(all)), all_must});
  for (const auto who : others())
    if (!draining_.contains(who)) installing_->missing.insert(who);
  tell_modules(others(), out);
  end_install(out);
  return out;
}

void coordinator::forget_asked(worker_number who, effects& out) {
  if (!installing_) return;
  installing_->missing.erase(who);
  installing_->said.erase(who);
  end_install(out);
}

// Once all have said what they have. What some have loaded in vain goes with the next words on modules.
void coordinator::end_install(effects& out) {
  if (!installing_ || !installing_->missing.empty()) return;
  const auto end = *std::exchange(installing_, std::nullopt);
  const auto refused = std::ranges::find_if(end.said, [](const auto& one) { return one.second.has_value(); });
  if (end.all_must && refused != end.said.end()) {
    modules_ = end.before;
    tell_modules(others(), out);
    const auto why = *refused->second + ", says " + name_of(refused->first);
    return out.push_back(installed{refusal{error_kind::DynamicModuleManagementError, why}});
  }
  for (const auto& [who, why_not] : end.said) note_modules(who, why_not, out);
  out.push_back(installed{});
}

void coordinator::note_modules(worker_number who, const std::optional<std::string>& why_not, effects& out) {
  if (std::exchange(workers_.at(who).lacks, why_not) == why_not) return;
  if (why_not) return out.push_back(left_out{name_of(who) + " gets no virtual processes: " + *why_not});
  is_dated_ = is_uneven_ = true;
  moves_fail_ = false;
}

void coordinator::take(worker_number who, said::modules&& news, effects& out) {
  if (news.number != modules_number_) return void(++stale_);
  if (installing_ && installing_->missing.erase(who) != 0) {
    installing_->said[who] = std::move(news.why_not);
    return end_install(out);
  }
  note_modules(who, news.why_not, out);
  if (waits_for_workers()) go_on(out);
}

// ---- orders

// Nobody has missed a worker that was lost at rest before.
void coordinator::await(waiting what) {
  call_ = what;
  asked_.reset();
  if (lost_since_) lost_since_->second = now_;
}

coordinator::effects coordinator::order(order_log::order_ref what) {
  expects(!ballot_ && !finish_ && !installing_, "one order is on its way at a time");
  effects out;
  if (is_fresh_ && is_dated_) spread_vps(out);
  await(waiting::order);
  called_ = what;
  if (where_.empty()) return fail_call(nobody(), out), out;
  if (network_lost_ && !is_whole()) return fail_call(*network_lost_, out), out;
  must_recover_ |= may_move();
  if (!std::holds_alternative<orders::measure>(*what)) is_fresh_ = false;
  if (!must_recover_) steps_.emplace_back(std::move(what));
  go_on(out);
  return out;
}

void coordinator::begin(order_log::order_ref what, effects& out) {
  if (is_call()) went_on(furthest_.now, out);
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
    if (kept || move_back()) return go_on(out);
    return lose_network({error_kind::KernelException, lost_by() + ": " + (*refused)->text}, out);
  }
  if (kept) {
    result.replies = votes.take_replies();
    if (is_logged()) log_.add(what);
  }
  call_ = waiting::nothing;
  called_.reset();
  moved_from_.reset();
  out.push_back(std::move(result));
}

// ---- runs

coordinator::effects coordinator::run(step_t now, step_t steps, step_t interval_steps, double update_limit_s) {
  expects(!ballot_ && !finish_ && !installing_, "one run is on at a time");
  update_limit_s_ = update_limit_s;
  effects out;
  if (is_fresh_ && is_dated_) spread_vps(out);
  is_fresh_ = is_fresh_ && where_.empty();
  furthest_ = {now, 0};
  for (auto& [who, m] : workers_) m.last.now = now, m.last.spikes = 0;
  await(waiting::run);
  if (where_.empty()) return fail_call(nobody(), out), out;
  if (network_lost_) return fail_call(*network_lost_, out), out;
  must_recover_ |= may_move();
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
  went_on(what.now, out);
  what.cuts = is_call() && begin_cut();
  if (is_call()) what.update_limit_s = update_limit_s_;
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
  if (std::exchange(rests_to_move_, false) && end.why == stop_reason::paused) must_recover_ |= may_move();
  if (must_recover_) return go_on(out);
  if (!is_call()) {
    if (end.why == stop_reason::reached || move_back()) return go_on(out);
    return lose_network({error_kind::KernelException, lost_by() + (end.failure ? ": " + end.failure->text : "")}, out);
  }
  call_ = waiting::nothing;
  moved_from_.reset();
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

// While there is somebody to keep copies. Where the network is in this process alone, it is lost with that whatever is
// kept where: a cut makes the log short.
// Images of the last one are away before: else a slow connection would never be without any.
bool coordinator::begin_cut() {
  const bool is_alone = candidates().size() < 2, is_due = cut_due_ && cut_period() != time_point::duration::zero();
  if (!is_logged() || cut_ || !(is_due || (wanted_ && !has_fresh_cut_))) return false;
  if (is_alone && (placed_.size() != 1 || placed_.front() != own_process || log_.size() < long_log)) return false;
  last_cut_ = now_;
  cut_.emplace(log_.mark(), vps_, is_alone ? 1 : 2);
  computed_.assign(vps_, 0);
  cut_due_ = false;
  return true;
}

// Where images have connections and processors for themselves, a cut costs less than it takes; never more.
coordinator::time_point::duration coordinator::cut_period() const {
  if (options_.cut_period) return *options_.cut_period;
  return std::max<time_point::duration>(20 * last_cut_took_, 5 * options_.limits.period);
}

void coordinator::commit_cut(effects& out) {
  if (!cut_->is_safe()) return;
  committed_ = std::exchange(cut_, std::nullopt);
  last_cut_took_ = now_ - last_cut_;
  log_.commit(committed_->mark(), committed_->name().step);
  std::vector<worker_number> to;
  for (const auto& [who, m] : workers_) to.push_back(who);
  tell(std::move(to), told::commit{committed_->name()}, out);
  giving_.clear();
  has_fresh_cut_ = wanted_.has_value();
  auto better = balance_.hear(where_, computed_, staying(), now_);
  if (better && !wanted_ && draining_.empty() && !is_uneven_ && !moves_fail_) wanted_ = std::move(better);
  move(out);
}

void coordinator::give(worker_number from, const cut_name& cut, std::uint32_t vp, worker_number to,
                       effects& out) const {
  const auto& card = workers_.at(to).card;
  told::give what{cut, vp, {to, card.address, card.port}};
  if (committed_ && has(committed_->holders()[vp], to)) what.base = committed_->name();
  tell({from}, std::move(what), out);
}

// Where an image is missing, there is no cut.
void coordinator::take(worker_number who, said::copy&& copy, effects& out) {
  if (!cut_ || copy.vp >= where_.size() || where_[copy.vp] != who || !cut_->count(copy.cut, copy.vp, who))
    return void(++stale_);
  if (!copy.is_made) return cut_.reset();
  computed_[copy.vp] = copy.computed;
  if (cut_->is_safe()) return commit_cut(out);
  if (candidates().size() > 1) give(who, copy.cut, copy.vp, keeper(copy.vp, who), out);
}

void coordinator::take(worker_number who, said::kept&& copy, effects& out) {
  if (committed_ && copy.cut == committed_->name()) {
    giving_.erase(copy.vp);
    committed_->count(copy.cut, copy.vp, who);
    move(out);
    return let_go(out);
  }
  if (!cut_ || !cut_->count(copy.cut, copy.vp, who)) return void(++stale_);
  commit_cut(out);
}

// What has come all the same does no harm. The next tick tries again.
void coordinator::take(worker_number, said::images_lost&& of, effects&) {
  if (std::exchange(cut_, std::nullopt)) cut_due_ = true;
  std::erase_if(giving_, [&](const auto& one) { return one.second == of.peer; });
}

// ---- moves

std::vector<candidate> coordinator::staying() const {
  const auto everybody = candidates();
  auto all = everybody;
  std::erase_if(all, [&](const candidate& one) { return draining_.contains(one.number); });
  return all.empty() ? everybody : all;
}

std::optional<std::string> coordinator::why_not_drain(worker_number who, std::uint64_t bytes) const {
  const auto name = "worker " + std::to_string(who.index());
  if (!workers_.contains(who)) return "there is no " + name;
  if (who == own_process) return name + " is the server's own process, which stays";
  auto others = staying();
  std::erase_if(others, [&](const candidate& one) { return one.number == who; });
  if (others.empty()) return name + " is the only one left: let another join first";
  if (is_fresh_ || draining_.contains(who)) return std::nullopt;
  if (is_spoilt_ || network_lost_) return "the network cannot be moved after a failure: call ResetKernel first";
  const auto room = cluster::room(evened(where_, others), others);
  if (bytes <= room) return std::nullopt;
  return "the network takes " + std::to_string(bytes) + " bytes, and the other workers have room for " +
         std::to_string(room);
}

coordinator::effects coordinator::drain(worker_number who) {
  if (!draining_.insert(who).second) return {};
  is_dated_ = true;
  moves_fail_ = false;
  if (wanted_) is_uneven_ = true;
  wanted_.reset();
  effects out;
  plan();
  move(out);
  let_go(out);
  return out;
}

// A network that failed stays where it is, and so does one whose VPs did not find room elsewhere.
void coordinator::plan() {
  if (wanted_ || is_fresh_ || must_recover_ || moved_from_ || is_spoilt_ || network_lost_ || moves_fail_) return;
  const auto all = staying();
  const bool drains = std::ranges::any_of(placed_, [&](worker_number who) { return draining_.contains(who); });
  if (!is_logged() || !(is_uneven_ || drains)) return;
  is_uneven_ = has_fresh_cut_ = false;
  auto where = evened(where_, all);
  if (where != where_ && (drains || cluster::room(where, all) >= cluster::room(where_, all)))
    wanted_ = std::move(where);
}

// A cut that a run has left behind would cost it what it has computed since.
bool coordinator::may_move() const {
  if (!wanted_ || must_recover_ || is_spoilt_ || network_lost_) return false;
  if (!has_fresh_cut_ && (finish_ || draining_.empty())) return false;
  for (std::uint32_t vp = 0; committed_ && vp < vps_; ++vp)
    if (!has(committed_->holders()[vp], (*wanted_)[vp])) return false;
  return true;
}

// A run is asked to rest. Whatever else is on its way ends first: the next call sees to it, or the next tick.
void coordinator::move(effects& out) {
  spread_images(out);
  const bool must_go_on = must_recover_ && call_ == waiting::nothing && !draining_.empty();  // nobody calls
  if (!(may_move() || must_go_on) || ballot_ || !steps_.empty() || waiting_run_) return;
  if (finish_) {
    if (!std::exchange(rests_to_move_, true)) tell(participants(), told::ask{request::pause}, out);
    return;
  }
  must_recover_ = true;
  go_on(out);
}

// VPs that did not find room go back to where they were, if all are there.
bool coordinator::move_back() {
  if (!moved_from_ || network_lost_ || moves_fail_) return false;
  wanted_ = std::exchange(moved_from_, std::nullopt);
  const auto is_there = [&](worker_number who) { return workers_.contains(who); };
  if (!std::ranges::all_of(*wanted_, is_there) || !may_move()) return wanted_.reset(), false;
  steps_.clear();
  draining_.clear();
  must_recover_ = moves_fail_ = true;
  return true;
}

// It is at its VP's worker, where that is to be, and at another that stays, if there is one.
bool coordinator::has_copies(std::uint32_t vp) const {
  const auto all = staying();
  const auto& holders = committed_->holders()[vp];
  const auto there = std::ranges::count_if(all, [&](const candidate& one) { return has(holders, one.number); });
  return there >= std::min<std::ptrdiff_t>(2, std::ssize(all)) && has(holders, (wanted_ ? *wanted_ : where_)[vp]);
}

// While a run is on, the next cut makes copies again.
void coordinator::spread_images(effects& out) {
  if (!committed_ || must_recover_ || (finish_ && !wanted_ && draining_.empty())) return;
  for (std::uint32_t vp = 0; vp < vps_; ++vp) {
    const auto& holders = committed_->holders()[vp];
    if (holders.empty() || giving_.contains(vp) || has_copies(vp)) continue;
    const auto owner = (wanted_ ? *wanted_ : where_)[vp];
    const auto to = has(holders, owner) ? keeper(vp, owner) : owner;
    if (has(holders, to) || !workers_.contains(to)) continue;
    giving_[vp] = to;
    give(holders.front(), committed_->name(), vp, to, out);
  }
}

// Whoever is drained goes when nobody needs what it has.
void coordinator::let_go(effects& out) {
  if (ballot_ || must_recover_ || (finish_ && is_fresh_)) return;
  for (const auto who : std::set(draining_)) {
    if (!is_fresh_ && workers_.at(who).vps != 0) continue;
    bool is_needed = false;
    for (std::uint32_t vp = 0; committed_ && vp < vps_; ++vp)
      is_needed |= has(committed_->holders()[vp], who) && !has_copies(vp);
    if (is_needed) continue;
    draining_.erase(who);
    drained_.insert(who);
    members_.leave(who);
    workers_.erase(who);
    unlinked_.erase(who);
    forget_asked(who, out);
    is_dated_ = true;
    if (std::exchange(cut_, std::nullopt)) cut_due_ = true;
    if (committed_) committed_->lose(who);
    std::erase_if(giving_, [&](const auto& one) { return one.second == who; });
    out.push_back(put_out{who, told::drained});
  }
}

// Whoever is to have the VP, else a buddy that stays.
worker_number coordinator::keeper(std::uint32_t vp, worker_number own) const {
  if (wanted_ && (*wanted_)[vp] != own) return (*wanted_)[vp];
  const auto all = staying();
  const bool has_others = std::ranges::any_of(all, [&](const candidate& one) { return one.number != own; });
  return buddy(vp, own, has_others ? all : candidates());
}

// Why a network has no place.
refusal coordinator::nobody() const {
  for (const auto& [who, m] : workers_)
    if (m.lacks) return {error_kind::KernelException, "no worker has the modules of this kernel: " + *m.lacks};
  return no_worker;
}

std::string coordinator::lost_by() const { return loss_ ? loss_->text : "virtual processes were moved"; }

const char* coordinator::state_of(worker_number who) const {
  const auto vps = workers_.at(who).vps;
  if (draining_.contains(who)) return "draining";
  if (vps > 0) return "holding";
  if (workers_.at(who).lacks) return "waiting";
  return (is_uneven_ && !is_fresh_) || (wanted_ && has(*wanted_, who)) ? "joining" : "waiting";
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
  const bool is_timeless = std::holds_alternative<said::beat>(m.what) ||
                           std::holds_alternative<said::leaving>(m.what) ||
                           std::holds_alternative<said::stuck>(m.what) || std::holds_alternative<said::modules>(m.what);
  if (m.at != here_ && !is_timeless) return ++stale_, out;
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
  if (goes == own_process || !workers_.contains(goes) || !workers_.contains(link.peer)) return;
  lose(goes, "its link to worker " + std::to_string(other.index()) + " broke: " + link.why, out);
}

void coordinator::take(worker_number who, said::beat&& news, effects&) { workers_.at(who).last = news; }

// Who cannot be drained goes all the same.
void coordinator::take(worker_number who, said::leaving&&, effects& out) {
  if (const auto why = why_not_drain(who)) return lose(who, "it was told to end, and " + *why, out);
  for (auto& one : drain(who)) out.push_back(std::move(one));
}

void coordinator::take(worker_number who, said::stuck&& where, effects& out) {
  const auto what = stood_still(where.at);
  const bool is_alone = candidates().size() == 1 && who == own_process;
  if ((++stuck_[where.at] >= stuck_for_ever || is_alone) && !network_lost_) {
    network_lost_ = {error_kind::KernelException,
                     what + (is_alone ? "" : " wherever it was computed") + ": call ResetKernel"};
    out.push_back(network_lost{*network_lost_});
  }
  lose(who, what, out);
}

std::map<worker_number, coordinator::member> coordinator::status() const { return workers_; }

}  // namespace volley::runtime::cluster
