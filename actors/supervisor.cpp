#include "actors/supervisor.hpp"

#include <algorithm>
#include <utility>

#include "actors/byte_body.hpp"
#include "actors/role.hpp"
#include "caf/send.hpp"

namespace volley::actors {

namespace {

constexpr std::chrono::milliseconds longest_rest{50};

}  // namespace

namespace cluster = runtime::cluster;
using runtime::value;

supervisor::supervisor(caf::actor_config& config, const runtime::kernel_options& options, const cluster_setup& workers)
    : supervisor_actor::base(config),
      kernel_(options),
      coordinator_(workers.options),
      has_workers_(workers.door != nullptr),
      site_({system(), cluster::own_process,
             [this](const runtime::layout& place) { return kernel_.make_shard(place.vp); }, workers.door,
             [this](cluster::report_message m) { carry_out(coordinator_.report(cluster::own_process, std::move(m))); },
             [](const std::string& why) { throw std::logic_error(why); }}) {}

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
      [this](const voted& vote) { site_.count(vote); },
      [this](const vp_lost& lost) { site_.take(lost); },
      [this](const run_stopped& end) { site_.take(end); },
      [this](const links_stand& news) { site_.take(news); },
      [this](const link_broke& news) { site_.take(news); },
      [this](const report_progress&) { report(); },
      [this](const let_rest&) {
        rest_scheduled_ = false;
        ask_for_rest();
      },
      [this](const worker_joined& news) { join(news); },
      [this](const worker_reported& news) { report(news); },
      [this](const worker_closed& news) { carry_out(coordinator_.close(news.who, news.why)); },
      [this](const count_workers&) {
        count_scheduled_ = false;
        for (const auto& [who, outlet] : outlets_) coordinator_.hear(who, outlet->last_heard());
        carry_out(coordinator_.tick(clock().now()));
        count_workers_again();
      },
  };
}

// VPs know the supervisor, and it knows them.
void supervisor::on_exit() {
  site_.dismiss();
  for (const auto& [who, outlet] : outlets_) outlet->put_out(cluster::told::supervisor_ends);
  outlets_.clear();
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
  if (has_workers_ && std::holds_alternative<api::get_kernel_status>(*current_->what.content))
    kernel_.describe_workers(workers());
  proceed([this] { return kernel_.call(*current_->what.content); });
}

void supervisor::cancel(const session_actor& of) {
  for (auto* job : {&current_, &resting_})
    if (*job && (*job)->what.from == of) (*job)->cancelled = true;
  if (current_ && current_->cancelled && current_->runs()) carry_out(coordinator_.ask(runtime::request::cancel));
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

// ---- VPs and workers

void supervisor::renew_vps() {
  shard_epoch_ = kernel_.shard_epoch();
  site_.clear();
  coordinator_.renew(kernel_.n_vps());
  limit_memory();
}

// Once the VPs are dealt, what there is room for is settled.
void supervisor::limit_memory() {
  if (has_workers_ && coordinator_.places_next()) kernel_.limit_memory(coordinator_.room_for(kernel_.n_vps()));
}

void supervisor::carry_out(coordinator::effects what) {
  for (auto& effect : what) std::visit([this](auto&& one) { act(std::move(one)); }, std::move(effect));
}

// Encoded once, however many workers there are. This process begins last: it does not keep others waiting.
void supervisor::act(coordinator::send&& what) {
  protocol::body bytes;
  bool here = false;
  for (const auto who : what.to) {
    if (who == cluster::own_process) {
      here = true;
      continue;
    }
    if (!bytes) bytes = byte_body(cluster::encoded(what.what));
    if (const auto outlet = outlets_.find(who); outlet != outlets_.end()) outlet->second->send(what.what.at, bytes);
  }
  if (here) site_.take(std::move(what.what), supervisor_actor(this));
}

void supervisor::act(coordinator::put_out&& what) {
  const auto gone = outlets_.extract(what.who);
  if (gone) gone.mapped()->put_out(what.why);
  limit_memory();
}

void supervisor::join(const worker_joined& news) {
  outlets_[news.who] = news.outlet;
  carry_out(coordinator_.join(news.who, *news.card, clock().now()));
  limit_memory();
  count_workers_again();
}

void supervisor::report(const worker_reported& news) {
  carry_out(coordinator_.report(news.who, std::move(*news.what)));
}

void supervisor::count_workers_again() {
  if (outlets_.empty() || std::exchange(count_scheduled_, true)) return;
  delayed_send(this, cluster::heartbeat_limits().period, count_workers{});
}

runtime::value supervisor::workers() const {
  std::vector<value> all;
  const auto number = [](auto n) { return value(static_cast<std::int64_t>(n)); };
  for (const auto& [who, m] : coordinator_.status())
    all.push_back(runtime::dictionary{{"number", number(who.index())},
                                      {"process", number(m.card.process)},
                                      {"address", m.card.address},
                                      {"lanes", number(m.card.lanes)},
                                      {"vps", number(m.vps)},
                                      {"stale_frames", number(m.last.stale_frames)},
                                      {"repeated_frames", number(m.last.repeated_frames)},
                                      {"state", m.vps > 0 ? "at work" : "waits"}});
  for (const auto& [who, why] : coordinator_.lost())
    all.push_back(runtime::dictionary{{"number", number(who.index())}, {"state", "lost"}, {"reason", why}});
  return all;
}

// ---- orders

void supervisor::begin(order_step step) {
  auto what = step->what;
  current_->step = std::move(step);
  carry_out(coordinator_.order(std::move(what)));
}

void supervisor::act(coordinator::ordered&& votes) {
  const auto step = std::move(std::get<order_step>(current_->step));
  current_->step = {};
  const auto* const refused = runtime::first_refusal(votes.refusals);
  if (refused != nullptr) return proceed([&] { return step->refused(*refused); });
  proceed([&] { return step->then(std::move(votes.replies)); });
}

// ---- runs

void supervisor::begin(run_step step) {
  const auto steps = step->steps;
  current_->step = std::move(step);
  current_->stretch_end = kernel_.now() + steps;
  if (!current_->run_began) current_->run_began = clock().now();
  compute(steps);
}

// A run that cannot begin is over at once.
void supervisor::compute(runtime::step_t steps) {
  site_.time_runs(std::get<run_step>(current_->step)->times);
  carry_out(coordinator_.run(kernel_.now(), steps, kernel_.interval_steps()));
  if (!current_ || !current_->runs()) return;
  if (current_->cancelled) carry_out(coordinator_.ask(runtime::request::cancel));
  ask_for_rest();
  schedule_report();
}

// The batches of a finished interval wait: they are delivered when the next one opens, to the connections as they are
// then. Stretches may be as short as intervals: whoever waits or cancels is heard where one ends, too.
void supervisor::act(coordinator::ran&& end) {
  using runtime::stop_reason;
  const bool goes_on = end.why == stop_reason::reached && end.now < std::get<run_step>(current_->step)->run_end;
  if (end.why == stop_reason::paused || (goes_on && end.now > kernel_.now() && may_rest())) return rest(end);
  const auto step = std::move(std::get<run_step>(current_->step));
  current_->step = {};
  const auto reason = goes_on && current_->cancelled ? stop_reason::cancelled : end.why;
  current_->run_spikes += end.spikes;
  const auto failure = end.failure ? runtime::exception_of(*end.failure) : nullptr;
  proceed([&] { return step->then(reason, end.now, failure); });
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
  if (site_.runs())
    carry_out(coordinator_.report(cluster::own_process, {{}, cluster::said::content(site_.progress())}));
  const auto progress = coordinator_.progress();
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
  if (wait <= wait.zero()) return carry_out(coordinator_.ask(runtime::request::pause));
  if (!std::exchange(rest_scheduled_, true)) delayed_send(this, wait, let_rest{});
}

void supervisor::rest(const coordinator::ran& end) {
  current_->run_spikes += end.spikes;
  kernel_.rest({end.now, current_->run_spikes}, std::get<run_step>(current_->step)->run_end - end.now);
  rest_began_ = clock().now();
  resting_ = std::exchange(current_, std::nullopt);
  serve_next();
}

void supervisor::go_on() {
  current_ = std::exchange(resting_, std::nullopt);
  const auto now = clock().now();
  next_rest_ = now + (now - rest_began_);
  compute(current_->stretch_end - kernel_.now());
}

}  // namespace volley::actors
