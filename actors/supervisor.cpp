#include "actors/supervisor.hpp"

#include <algorithm>
#include <utility>

#include "actors/lanes.hpp"
#include "actors/role.hpp"
#include "actors/vp.hpp"
#include "caf/send.hpp"

namespace volley::actors {

namespace {

constexpr std::chrono::milliseconds progress_period{100}, longest_rest{50};

}  // namespace

supervisor::supervisor(caf::actor_config& config, const runtime::kernel_options& options)
    : supervisor_actor::base(config), kernel_(options) {}

supervisor::behavior_type supervisor::make_behavior() {
  renew_vps();
  return {
      [this](const introduce& i) { send(i.to, kernel_introduced{kernel_.generation()}); },
      [this](const call& c) {
        waiting_.push_back(c);
        ask_for_rest();
        serve_next();
      },
      [this](const cancel_job& c) { cancel(c.of); },
      [this](const session_left& gone) { forget(gone); },
      [this](const voted& vote) { count(vote); },
      [this](const vp_lost& lost) { kernel_.lose_shard(lost.reason); },
      [this](const run_stopped& end) { run_has_stopped(end); },
      [this](const report_progress&) { report(); },
      [this](const let_rest&) {
        rest_scheduled_ = false;
        ask_for_rest();
      },
  };
}

// VPs know the supervisor, and it knows them.
void supervisor::on_exit() {
  dismiss_vps();
  waiting_.clear();
  current_.reset();
  resting_.reset();
}

// ---- calls

void supervisor::serve_next() {
  if (current_) return;
  const auto next = resting_ ? next_look() : waiting_.begin();
  if (resting_ && (next == waiting_.end() || clock().now() > rest_began_ + longest_rest)) return go_on();
  if (next == waiting_.end()) return;
  current_.emplace(served_call{std::move(*next)});
  waiting_.erase(next);
  proceed([this] { return kernel_.call(*current_->what.content); });
}

void supervisor::cancel(const session_actor& of) {
  for (auto* job : {&current_, &resting_})
    if (*job && (*job)->what.from == of) (*job)->cancelled = true;
  if (current_ && current_->cancelled && current_->runs()) ensemble_->exchange().cancel();
}

void supervisor::forget(const session_left& gone) {
  std::erase_if(waiting_, [&](const call& c) { return c.from == gone.who; });
  if (gone.cancels_its_job) cancel(gone.who);
}

// A call goes on: the kernel says with what. It catches what users do wrong; anything else must not end the supervisor.
template <class Move> void supervisor::proceed(Move&& move) {
  try {
    take(move());
  } catch (...) {
    answer({kernel_.generation(), api::failed_call{std::current_exception()}, {}});
  }
}

void supervisor::take(runtime::outcome next) {
  if (kernel_.shard_epoch() != shard_epoch_) renew_vps();
  if (auto* content = std::get_if<api::answer>(&next))
    answer(std::move(*content));
  else if (auto* step = std::get_if<order_step>(&next))
    begin(std::move(*step));
  else
    begin(std::move(std::get<run_step>(next)));
}

void supervisor::answer(api::answer content) {
  const call done = std::move(current_->what);
  current_.reset();
  send(done.from, call_answered{done.sequence, std::make_shared<const api::answer>(std::move(content))});
  serve_next();
}

// ---- VPs

void supervisor::renew_vps() {
  dismiss_vps();
  shard_epoch_ = kernel_.shard_epoch();
  ensemble_ = std::make_shared<ensemble>(kernel_.n_vps(), this);
  std::vector<vp_actor> vps;
  for (std::uint32_t number = 0; number < kernel_.n_vps(); ++number)
    vps.push_back(spawn<vp>(lane_of(system(), number), kernel_.make_shard(number), ensemble_, supervisor_actor(this)));
  ensemble_->assemble(std::move(vps));
}

void supervisor::dismiss_vps() {
  if (!ensemble_) return;
  for (const auto& vp : ensemble_->vps()) send_exit(vp, caf::exit_reason::user_shutdown);
  ensemble_.reset();
}

template <class Order> void supervisor::tell_vps(const Order& order) {
  for (const auto& vp : ensemble_->vps()) send(vp, order);
}

void supervisor::begin(order_step step) {
  const obey message{step->what};
  current_->step = std::move(step);
  votes_.assign(ensemble_->vps().size(), {});
  votes_missing_ = votes_.size();
  tell_vps(message);
}

void supervisor::count(const voted& vote) {
  votes_[vote.vp] = vote;
  if (--votes_missing_ == 0) all_voted();
}

void supervisor::all_voted() {
  const auto step = std::move(std::get<order_step>(current_->step));
  current_->step = {};
  const auto votes = std::exchange(votes_, {});
  std::vector<std::optional<runtime::refusal>> refusals;
  for (const auto& vote : votes) refusals.push_back(vote.reason);
  const auto* const refused = runtime::first_refusal(refusals);
  // VPs obey in the order of their messages: nobody need wait until a decision is carried out.
  if (runtime::is_change(*step->what)) tell_vps(decided{refused == nullptr});
  if (refused != nullptr) return proceed([&] { return step->refused(*refused); });
  std::vector<runtime::reply> replies;
  for (const auto& vote : votes) replies.push_back(std::move(*vote.answer));
  proceed([&] { return step->then(std::move(replies)); });
}

// ---- runs

void supervisor::begin(run_step step) {
  const auto steps = step->steps;
  auto* const times = step->times;
  current_->step = std::move(step);
  current_->stretch_end = kernel_.now() + steps;
  if (!current_->run_began) current_->run_began = clock().now();
  auto& exchange = ensemble_->open(kernel_.interval_steps(), kernel_.now(), times);
  exchange.start(steps);
  if (current_->cancelled) exchange.cancel();
  ask_for_rest();
  schedule_report();
}

// The batches of a finished interval wait: they are delivered when the next one opens, to the connections as they are
// then. Stretches may be as short as intervals: whoever waits or cancels is heard where one ends, too.
void supervisor::run_has_stopped(const run_stopped& end) {
  using runtime::stop_reason;
  const bool goes_on = end.reason == stop_reason::reached && end.now < std::get<run_step>(current_->step)->run_end;
  if (end.reason == stop_reason::paused || (goes_on && end.now > kernel_.now() && may_rest())) return rest(end.now);
  const auto step = std::move(std::get<run_step>(current_->step));
  current_->step = {};
  const auto reason = goes_on && current_->cancelled ? stop_reason::cancelled : end.reason;
  current_->run_spikes += ensemble_->exchange().progress().spikes;
  proceed([&] { return step->then(reason, end.now, ensemble_->take_failure()); });
}

// One at a time, however many short runs there are.
void supervisor::schedule_report() {
  if (std::exchange(report_scheduled_, true)) return;
  delayed_send(this, progress_period, report_progress{});
}

void supervisor::report() {
  report_scheduled_ = false;
  if (resting_) return schedule_report();
  if (!current_ || !current_->runs()) return;
  const auto& time = kernel_.time();
  const auto progress = ensemble_->exchange().progress();
  const std::chrono::duration<double> wall = clock().now() - *current_->run_began;
  const auto& run = *std::get<run_step>(current_->step);
  send(current_->what.from, job_advanced{current_->what.sequence,
                                         {time.to_ms(run.run_begin), time.to_ms(progress.now), time.to_ms(run.run_end),
                                          wall.count(), current_->run_spikes + progress.spikes}});
  schedule_report();
}

// ---- looks at a run

// The first waiting call that only reads, of a session that waits for nothing else first. Nothing waits, mostly.
std::deque<call>::iterator supervisor::next_look() {
  if (waiting_.empty()) return waiting_.end();
  const auto& job = resting_ ? *resting_ : *current_;
  std::vector<session_actor> busy{job.what.from};
  return std::find_if(waiting_.begin(), waiting_.end(), [&](const call& c) {
    if (std::find(busy.begin(), busy.end(), c.from) != busy.end()) return false;
    if (least_role(*c.content) == role::observe) return true;
    busy.push_back(c.from);
    return false;
  });
}

bool supervisor::may_rest() { return next_look() != waiting_.end() && next_rest_ <= clock().now(); }

// A run rests at most half of its time, whoever looks how often.
void supervisor::ask_for_rest() {
  if (!current_ || !current_->runs() || next_look() == waiting_.end()) return;
  const auto wait = next_rest_ - clock().now();
  if (wait <= wait.zero()) return ensemble_->exchange().pause();
  if (!std::exchange(rest_scheduled_, true)) delayed_send(this, wait, let_rest{});
}

void supervisor::rest(runtime::step_t now) {
  current_->run_spikes += ensemble_->exchange().progress().spikes;
  kernel_.rest({now, current_->run_spikes}, std::get<run_step>(current_->step)->run_end - now);
  rest_began_ = clock().now();
  resting_ = std::exchange(current_, std::nullopt);
  serve_next();
}

void supervisor::go_on() {
  current_ = std::exchange(resting_, std::nullopt);
  const auto now = clock().now();
  next_rest_ = now + (now - rest_began_);
  auto& exchange = ensemble_->exchange();
  exchange.start(current_->stretch_end - kernel_.now());
  if (current_->cancelled) exchange.cancel();
  ask_for_rest();
}

}  // namespace volley::actors
