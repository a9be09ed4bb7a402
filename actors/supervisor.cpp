#include "actors/supervisor.hpp"

#include <algorithm>
#include <cstdio>
#include <utility>

#include "actors/byte_body.hpp"
#include "actors/role.hpp"
#include "caf/send.hpp"
#include "runtime/kernel/matching.hpp"

namespace volley::actors {

namespace cluster = runtime::cluster;

namespace {

constexpr std::chrono::milliseconds longest_rest{50}, rank_tick{1'000};

cluster::worker_number number_of(const cluster_setup& workers) {
  return workers.others != nullptr ? cluster::worker_number(workers.others->place().number) : cluster::own_process;
}

template <class Integer> runtime::value number(Integer n) { return runtime::value(static_cast<std::int64_t>(n)); }

}  // namespace

using runtime::value;

supervisor::supervisor(caf::actor_config& config, const runtime::kernel_options& options, const cluster_setup& workers,
                       const state_setup& state, kernel_place among)
    : supervisor_actor::base(config),
      place_(std::move(among)),
      kernel_(options),
      coordinator_(workers.options),
      epoch_(workers.options.epoch),
      fleet_(workers.all),
      others_(workers.others),
      site_({system(), number_of(workers),
             [this](const runtime::layout& place, const auto&) { return kernel_.make_shard(place.vp); },
             others_ != nullptr ? others_ : workers.door,
             [this](cluster::report_message m) {
               if (rank_) return carry_out(rank_->report(std::move(m)));
               coordinator_.look_at(clock().now());
               carry_out(coordinator_.report(cluster::own_process, std::move(m)));
             },
             [](const std::string& why) { throw std::logic_error(why); }, place_.number - 1}),
      state_(state) {
  if (others_ == nullptr) return;
  const auto place = others_->place();
  rank_.emplace(place, others_->epoch(), others_->limits());
  if (place.is_first()) meeting_.emplace(place.count, others_->limits());
}

supervisor::behavior_type supervisor::make_behavior() {
  renew_vps();
  show(kernel_.now(), false);
  if (others_ != nullptr) others_->listen(supervisor_actor(this));
  if (fleet_ != nullptr) fleet_->add(epoch_, supervisor_actor(this));
  begin_restart();
  return {
      [this](const introduce& i) { meet(i); },
      [this](const call& c) {
        if (fleet_ != nullptr && std::holds_alternative<api::drain>(*c.content)) return drain(c);
        if (knows(c)) return;
        waiting_.push_back(c);
        ask_for_rest();
        serve_next();
      },
      [this](const cancel_job& c) { cancel(c.of); },
      [this](const session_left& gone) { forget(gone); },
      [this](const voted& vote) { site_.count(vote); },
      [this](const vp_lost& lost) { site_.take(lost); },
      [this](const image_made& news) { site_.take(news); },
      [this](const image_arrived& news) { site_.take(news); },
      [this](const images_lost& news) { site_.take(news); },
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
      [this](const worker_closed& news) {
        coordinator_.look_at(clock().now());
        carry_out(coordinator_.close(news.who, news.why));
      },
      [this](const count_workers&) {
        count_scheduled_ = false;
        if (meeting_) tell_ranks(meeting_->tick(clock().now()));
        if (rank_) return carry_out(rank_->tick(clock().now()));
        for (const auto& [who, outlet] : outlets_) coordinator_.hear(who, outlet->last_heard());
        carry_out(coordinator_.tick(clock().now()));
        count_workers_again();
      },
      [this](const rank_news& news) { hear(news); },
      [this](const restart&) { restart_next(); },
      [this](const make_checkpoint&) {
        checkpoint_scheduled_ = false;
        checkpoint_due_ = true;
        ask_for_rest();
        serve_next();
      },
      [this](const write_log&) {
        write_scheduled_ = false;
        tell_held();
        serve_next();
      },
      [this](const vp_stuck& news) { give_up_vps(news.at); },
  };
}

// VPs know the supervisor, and it knows them. What others may have now is given back at once: a message that comes
// late may keep this object.
void supervisor::on_exit() {
  if (place_.memory != nullptr) place_.memory->settle(0);
  state_.folder.reset();
  if (others_ != nullptr) others_->listen(supervisor_actor());
  site_.dismiss();
  if (fleet_ != nullptr) fleet_->remove(epoch_);
  outlets_.clear();
  waiting_.clear();
  current_.reset();
  resting_.reset();
}

// ---- calls

void supervisor::serve_next() {
  if (current_ || log_refused_ || vps_move_) return;
  if (restarting_) return restart_next();
  if (checkpoint_due_ && begin_checkpoint()) return;
  const auto next = resting_ ? next_look() : waiting_.begin();
  if (resting_ && (next == waiting_.end() || clock().now() > rest_began_ + longest_rest)) return go_on();
  if (next == waiting_.end()) return tell_held();
  current_.emplace(served_call{std::move(*next)});
  waiting_.erase(next);
  kernel_.replay(false);
  if (fleet_ != nullptr && std::holds_alternative<api::get_kernel_status>(*current_->what.content))
    kernel_.describe_workers(workers(), cluster_facts());
  if (rank_ && kernel_.is_matched(*current_->what.content)) return begin_matched();
  proceed([this] { return kernel_.call(*current_->what.content); });
}

void supervisor::cancel(const session_actor& of) {
  for (auto* job : {&current_, &resting_})
    if (*job && (*job)->what.from == of) (*job)->cancelled = true;
  if (current_ && current_->cancelled && current_->runs()) ask_vps(runtime::request::cancel);
}

// What is made again took no longer than it might.
void supervisor::end_overdue(std::chrono::duration<double> ran) {
  if (ran <= place_.longest_run || current_->known_end || std::exchange(current_->is_overdue, true)) return;
  current_->cancelled = true;
  ask_vps(runtime::request::cancel);
}

void supervisor::forget(const session_left& gone) {
  std::erase_if(waiting_, [&](const call& c) { return c.from == gone.who; });
  std::erase_if(strangers_, [&](const introduce& i) { return i.to == gone.who; });
  gone.comes_back ? sessions_.go_away(gone.name, clock().now()) : sessions_.forget(gone.name);
  if (gone.cancels_its_job) cancel(gone.who);
}

// A call goes on: the kernel says with what. It catches what users do wrong; anything else must not end the supervisor.
void supervisor::proceed(const std::function<runtime::outcome()>& move) {
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
  else if (auto* modules = std::get_if<module_step>(&next))
    begin(std::move(*modules));
  else
    begin(std::move(std::get<run_step>(next)));
}

// A call of all ranks is done when it is on all of them.
void supervisor::answer(api::answer content) {
  if (current_->is_overdue && !std::holds_alternative<api::failed_call>(content.outcome))
    content.outcome = api::failed_call{std::make_exception_ptr(runtime::api_error(
        runtime::error_kind::KernelException,
        "the run was ended at " + runtime::to_text(kernel_.time().to_ms(kernel_.now())) +
            " ms: this server lets a call simulate for " + runtime::to_text(value(place_.longest_run.count())) +
            " s (--run-hours); the network can go on"))};
  if (!current_->is_matched) return tell_client(std::move(content));
  std::optional<runtime::refusal> why;
  if (const auto* failed = std::get_if<api::failed_call>(&content.outcome)) why = runtime::refusal_of(failed->reason);
  current_->held = std::move(content);
  carry_out(rank_->answer(why));
}

void supervisor::tell_client(api::answer content) {
  tell(*std::exchange(current_, std::nullopt), std::move(content));
  serve_next();
}

// ---- VPs and workers

void supervisor::renew_vps() {
  shard_epoch_ = kernel_.shard_epoch();
  site_.clear();
  if (rank_) return rank_->renew(kernel_.n_vps());
  carry_out(coordinator_.renew(kernel_.n_vps(), kernel_.modules()));
  limit_memory();
}

// Once the VPs are dealt, what there is room for is settled.
void supervisor::limit_memory() {
  if (fleet_ != nullptr && coordinator_.places_next()) kernel_.limit_memory(coordinator_.room_for(kernel_.n_vps()));
}

template <class Effects> void supervisor::carry_out(Effects what) {
  for (auto& effect : what) std::visit([this](auto&& one) { act(std::move(one)); }, std::move(effect));
  if (coordinator_.waits_for_workers()) count_workers_again();
  if (std::exchange(vps_move_, coordinator_.is_moving()) && !vps_move_) serve_next();
  if (!rank_) return;
  others_->expect(rank_->listens());
  if (rank_->listens()) count_workers_again();
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
  outlets_.erase(what.who);
  fleet_->put_out(epoch_, what.who, what.why);
  limit_memory();
}

void supervisor::act(coordinator::recovered&& how) const {
  const auto& time = kernel_.time();
  std::fprintf(stderr,
               "volley-server: worker %u was lost: %s; %.3f s later its virtual processes go on elsewhere, from %g ms "
               "(they had come to %g ms)\n",
               unsigned{how.lost.index()}, coordinator_.lost().at(how.lost).c_str(), how.after.count(),
               time.to_ms(how.from), time.to_ms(how.was_at));
}

void supervisor::act(coordinator::left_out&& who) const {
  std::fprintf(stderr, "volley-server: the kernel %s: %s\n", place_.name.c_str(), who.text.c_str());
}

void supervisor::join(const worker_joined& news) {
  outlets_[news.who] = news.outlet;
  last_join_ = clock().now();
  carry_out(coordinator_.join(news.who, *news.card, clock().now()));
  limit_memory();
  count_workers_again();
}

void supervisor::report(const worker_reported& news) {
  coordinator_.look_at(clock().now());
  carry_out(coordinator_.report(news.who, std::move(*news.what)));
  limit_memory();
}

void supervisor::count_workers_again() {
  if ((!rank_ && outlets_.empty() && !coordinator_.waits_for_workers()) || std::exchange(count_scheduled_, true))
    return;
  delayed_send(this, rank_ ? rank_tick : cluster::heartbeat_limits().period, count_workers{});
}

// It waits for nobody: a run that is on goes on elsewhere. What other kernels hold may come to the same workers.
void supervisor::drain(const call& c) {
  const cluster::worker_number who(std::get<api::drain>(*c.content).worker);
  api::answer said{kernel_.generation(), std::monostate(), {}, changes_};
  const auto others = place_.memory != nullptr ? place_.memory->taken_by_others() : 0;
  auto why = coordinator_.why_not_drain(who, kernel_.bytes() + static_cast<std::uint64_t>(others));
  const bool one_stays = !coordinator_.status().contains(cluster::own_process);
  if (!why && !fleet_->drain(who, one_stays)) why = "another kernel drains all other workers: let another join first";
  if (why)
    said.outcome = api::failed_call{
        std::make_exception_ptr(runtime::api_error(runtime::error_kind::KernelException, "drain: " + *why))};
  send(c.from, call_answered{c.sequence, std::make_shared<const api::answer>(std::move(said))});
}

// Other workers go on without this process; where there are none, the network is lost.
void supervisor::give_up_vps(const runtime::slice_place& at) {
  if (!site_.give_up(at)) return;
  std::fprintf(stderr, "volley-server: the kernel %s: %s\n", place_.name.c_str(), runtime::stood_still(at).c_str());
  carry_out(coordinator_.report(cluster::own_process, {{}, cluster::said::stuck{at}}));
}

// Where it would go back to, how often VPs have gone elsewhere, and how much some wait for others.
runtime::value supervisor::cluster_facts() const {
  const auto& cut = coordinator_.committed();
  const auto& last = coordinator_.last_recovery();
  const auto evenness = coordinator_.evenness();
  return runtime::dictionary{{"last_cut", cut ? value(kernel_.time().to_ms(cut->name().step)) : value()},
                             {"last_recovery_s", last ? value(last->after.count()) : value()},
                             {"balance", evenness ? value(*evenness) : value()},
                             {"recoveries", number(coordinator_.recoveries())},
                             {"moves", number(coordinator_.moves())}};
}

runtime::value supervisor::workers() const {
  std::vector<value> all;
  for (const auto& [who, m] : coordinator_.status())
    all.push_back(runtime::dictionary{{"number", number(who.index())},
                                      {"process", number(m.card.process)},
                                      {"address", m.card.address},
                                      {"lanes", number(m.card.lanes)},
                                      {"vps", number(m.vps)},
                                      {"stale_frames", number(m.last.stale_frames)},
                                      {"repeated_frames", number(m.last.repeated_frames)},
                                      {"sent_frames", number(m.last.sent_frames)},
                                      {"sent_bytes", number(m.last.sent_bytes)},
                                      {"state", coordinator_.state_of(who)}});
  for (const auto who : coordinator_.drained())
    all.push_back(runtime::dictionary{{"number", number(who.index())}, {"state", "left"}});
  for (const auto& [who, why] : coordinator_.lost())
    all.push_back(runtime::dictionary{{"number", number(who.index())}, {"state", "lost"}, {"reason", why}});
  return all;
}

// ---- other ranks

// It begins here when all have come to it.
void supervisor::begin_matched() {
  const auto& content = *current_->what.content;
  runtime::agreed_facts facts;
  try {
    facts = kernel_.facts(content);
  } catch (...) {
    return tell_client({kernel_.generation(), api::failed_call{std::current_exception()}, {}});
  }
  current_->is_matched = true;
  carry_out(rank_->begin(
      {runtime::text_of(content), runtime::common_digest(content).value_or(current_->what.digest), kernel_.digest(),
       kernel_.draws(), std::holds_alternative<api::reset_kernel>(content), runtime::fails_alone(content)},
      facts));
}

void supervisor::hear(const rank_news& news) {
  const auto failed = [&](const std::string& how) {
    return runtime::refusal{runtime::error_kind::KernelException, "rank " + std::to_string(news.from) + " " + how};
  };
  if (auto* word = std::get_if<cluster::rank_word>(news.what.get()))
    tell_ranks(meeting_->take(news.from, std::move(*word), clock().now()));
  else if (auto* verdict = std::get_if<cluster::of_first_rank>(news.what.get()))
    carry_out(rank_->hear(std::move(*verdict)));
  else if (const auto& end = std::get<rank_end>(*news.what); meeting_)
    tell_ranks(end.orderly ? meeting_->end(news.from) : meeting_->lose(news.from, end.how, end.left));
  else
    carry_out(rank_->lose_first(failed(end.orderly ? "has ended its script: all ranks must make the same calls"
                                                   : end.how + "; the network is lost with it; " + end.left)));
}

// This rank goes on last: it does not keep others waiting.
void supervisor::tell_ranks(cluster::rank_meeting::effects what) {
  for (auto& [to, message] : what) {
    const auto here = std::erase(to, others_->place().number) != 0;
    others_->tell(to, message);
    if (here) carry_out(rank_->hear(std::move(message)));
  }
}

void supervisor::act(rank::tell&& what) { site_.take(std::move(what.what), supervisor_actor(this)); }

void supervisor::act(rank::say&& what) {
  if (meeting_) return tell_ranks(meeting_->take(others_->place().number, std::move(what.what), clock().now()));
  others_->say(what.what);
}

void supervisor::act(rank::admitted&& all) {
  kernel_.agree(all.facts);
  proceed([this] { return kernel_.call(*current_->what.content); });
}

void supervisor::act(rank::not_admitted&& call) {
  tell_client({kernel_.generation(), api::failed_call{runtime::exception_of(call.why)}, {}});
}

void supervisor::act(rank::settled&& end) {
  auto content = *std::exchange(current_->held, std::nullopt);
  const bool is_done = !std::holds_alternative<api::failed_call>(content.outcome);
  if (end.failed && is_done) content.outcome = api::failed_call{runtime::exception_of(*end.failed)};
  if (!end.failed && is_done) note_saved(*current_->what.content);
  tell_client(std::move(content));
}

void supervisor::note_saved(const api::request& done) {
  const auto told = [&](const char* how, const std::string& path) {
    others_->leave(std::string(how) + " \"" + path + "\" at " + runtime::to_text(kernel_.time().to_ms(kernel_.now())) +
                   " ms: nest.Load continues from there");
  };
  if (const auto* save = std::get_if<api::save>(&done)) told("saved last in", save->path);
  if (const auto* load = std::get_if<api::load>(&done)) told("loaded last from", load->path);
  if (std::holds_alternative<api::reset_kernel>(done)) others_->leave("nothing was saved");
}

void supervisor::note(const std::string& text) {
  if (current_ && current_->what.from)
    send(current_->what.from, call_noted{current_->what.sequence, {api::log_warning, text}});
}

// ---- orders

void supervisor::begin(order_step step) {
  auto what = step->what;
  const auto heard_by = step->heard_by;
  current_->step = std::move(step);
  if (rank_) return carry_out(rank_->order(std::move(what), heard_by));
  coordinator_.look_at(clock().now());
  carry_out(coordinator_.order(std::move(what)));
}

void supervisor::act(coordinator::ordered&& votes) {
  const auto step = std::move(std::get<order_step>(current_->step));
  current_->step = {};
  const auto* const refused = runtime::first_refusal(votes.refusals);
  if (refused != nullptr) return proceed([&] { return step->refused(*refused); });
  proceed([&] { return step->then(std::move(votes.replies)); });
}

// ---- modules

void supervisor::begin(module_step step) {
  const auto& asked = *std::get<module_step>(current_->step = std::move(step));
  carry_out(coordinator_.install(asked.all, asked.all_must));
}

void supervisor::act(coordinator::installed&& end) {
  const auto step = std::move(std::get<module_step>(current_->step));
  current_->step = {};
  proceed([&] { return end.why_not ? step->refused(*end.why_not) : step->then(); });
}

// ---- runs

void supervisor::begin(run_step step) {
  const auto steps = step->steps;
  current_->step = std::move(step);
  current_->stretch_end = kernel_.now() + steps;
  if (!current_->run_began) current_->run_began = clock().now();
  log_begin();
  compute(current_->known_end ? std::clamp<runtime::step_t>(current_->known_end->now - kernel_.now(), 0, steps)
                              : steps);
}

// A run that cannot begin is over at once.
void supervisor::compute(runtime::step_t steps) {
  // What is made again was fast enough.
  const auto limit =
      current_->known_end ? runtime::update_times::infinity : std::get<run_step>(current_->step)->times->limit_s;
  coordinator_.look_at(clock().now());
  if (rank_)
    carry_out(rank_->run(kernel_.now(), steps, kernel_.interval_steps(), limit));
  else
    carry_out(coordinator_.run(kernel_.now(), steps, kernel_.interval_steps(), limit));
  if (!current_ || !current_->runs()) return;
  if (current_->cancelled) ask_vps(runtime::request::cancel);
  ask_for_rest();
  schedule_report();
}

// The batches of a finished interval wait: they are delivered when the next one opens, to the connections as they are
// then. Stretches may be as short as intervals: whoever waits or cancels is heard where one ends, too.
void supervisor::act(coordinator::ran&& end) {
  using runtime::stop_reason;
  std::get<run_step>(current_->step)->times->add(end.updates);
  const bool goes_on = end.why == stop_reason::reached && end.now < std::get<run_step>(current_->step)->run_end;
  if (end.why == stop_reason::paused || (goes_on && end.now > kernel_.now() && may_rest())) return rest(end);
  const auto step = std::move(std::get<run_step>(current_->step));
  current_->step = {};
  // Other ranks know of a cancel by the next stretch, which it ends.
  const bool ended_here = current_->known_end && end.now >= current_->known_end->now;
  const auto reason = goes_on && (current_->cancelled || ended_here) && !rank_ ? stop_reason::cancelled : end.why;
  if (reason == stop_reason::cancelled && !current_->cancelled) note("another rank has cancelled the run");
  current_->run_spikes += end.spikes;
  const auto failure = end.failure ? runtime::exception_of(*end.failure) : nullptr;
  proceed([&] { return step->then(reason, end.now, failure); });
}

void supervisor::ask_vps(runtime::request what) {
  if (rank_) return carry_out(rank_->ask(what));
  carry_out(coordinator_.ask(what));
}

// One at a time, however many short runs there are.
void supervisor::schedule_report() {
  if (std::exchange(report_scheduled_, true)) return;
  delayed_send(this, progress_period, report_progress{});
}

runtime::run_progress supervisor::progress() {
  const auto here = site_.progress();
  if (rank_)
    return site_.runs() ? runtime::run_progress{here.now, here.spikes} : runtime::run_progress{kernel_.now(), 0};
  if (site_.runs()) carry_out(coordinator_.report(cluster::own_process, {{}, cluster::said::content(here)}));
  return coordinator_.progress();
}

void supervisor::report() {
  report_scheduled_ = false;
  if (resting_) return schedule_report();
  if (!current_ || !current_->runs()) return;
  const auto& time = kernel_.time();
  const auto progress = this->progress();
  show(progress.now, true);
  const std::chrono::duration<double> wall = clock().now() - *current_->run_began;
  const auto& run = *std::get<run_step>(current_->step);
  if (current_->what.from)
    send(current_->what.from,
         job_advanced{current_->what.sequence,
                      {time.to_ms(run.run_begin), time.to_ms(progress.now), time.to_ms(run.run_end), wall.count(),
                       current_->run_spikes + progress.spikes}});
  schedule_report();
  end_overdue(wall);
}

// What is shown is as of the last change, and while a run is on as of the last report.
void supervisor::show(runtime::step_t now, bool runs) {
  const auto bytes = static_cast<double>(kernel_.bytes());
  place_.gauge->show({kernel_.nodes(), kernel_.n_vps(), kernel_.time().to_ms(now), bytes, runs, kernel_.why_lost()});
  if (place_.memory != nullptr && !runs) place_.memory->settle(bytes);
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

bool supervisor::may_rest() {
  return checkpoint_due_ || (next_look() != waiting_.end() && next_rest_ <= clock().now());
}

// A run rests at most half of its time, whoever looks how often.
void supervisor::ask_for_rest() {
  if (!current_ || !current_->runs()) return;
  if (checkpoint_due_) return ask_vps(runtime::request::pause);
  if (next_look() == waiting_.end()) return;
  const auto wait = next_rest_ - clock().now();
  if (wait <= wait.zero()) return ask_vps(runtime::request::pause);
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
