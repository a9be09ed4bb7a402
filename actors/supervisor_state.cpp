// What of a supervisor outlives connections and processes: sessions that come back, the log of what they asked, and
// checkpoints of the network. See state_folder.hpp.
#include <algorithm>
#include <cstdio>
#include <exception>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "actors/convert.hpp"
#include "actors/role.hpp"
#include "actors/supervisor.hpp"
#include "caf/send.hpp"
#include "runtime/base/error.hpp"
#include "runtime/base/snapshot.hpp"
#include "runtime/values/parameter.hpp"

namespace volley::actors {

namespace logged = runtime::cluster::logged;
using runtime::cluster::logged_request;

namespace {

constexpr std::size_t most_held = 16;
constexpr std::chrono::milliseconds write_again_after{1'000}, first_checkpoint_after{10'000}, workers_gather_for{1'000};
constexpr double other_time = 19;  // a checkpoint takes a twentieth

logged_request request_of(const call& c) {
  const auto bytes = c.bytes ? c.bytes->bytes() : std::span<const std::byte>();
  return {{c.session, c.sequence}, {bytes.begin(), bytes.end()}};
}

call call_of(const logged_request& from) {
  if (from.bytes.size() % sizeof(protocol::word) != 0) throw std::runtime_error("a request of half words");
  auto words = protocol::words::of_size(from.bytes.size() / sizeof(protocol::word));
  std::ranges::copy(from.bytes, std::as_writable_bytes(words.view()).begin());
  call c;
  c.bytes = std::make_shared<const protocol::words>(std::move(words));
  c.content = std::make_shared<const api::request>(decode_request(c.bytes));
  c.digest = digest_of_request(c.bytes);
  c.session = from.name.session;
  c.sequence = from.name.number;
  return c;
}

std::string text_of(const std::exception_ptr& why) { return runtime::refusal_of(why).text; }

bool is_failed(const api::answer& a) { return std::holds_alternative<api::failed_call>(a.outcome); }

std::optional<logged::failure> why_failed(const api::answer& a) {
  const auto* const failed = std::get_if<api::failed_call>(&a.outcome);
  if (failed == nullptr) return std::nullopt;
  auto why = runtime::refusal_of(failed->reason);
  return logged::failure{why.kind, std::move(why.text)};
}

/// Not again: the file is there, or was.
bool is_only_remembered(const api::request& r) { return std::holds_alternative<api::save>(r); }

}  // namespace

// ---- sessions

void supervisor::meet(const introduce& news) {
  if (restarting_) return strangers_.push_back(news);
  sessions_.come(news.name);
  send(news.to, kernel_introduced{kernel_.generation(), state_.kernel, changes_});
}

// Whoever was away asks again: what is done is told again, what waits or is on its way is answered to the new session.
bool supervisor::knows(const call& c) {
  if (c.session.empty()) return false;
  const auto is_same = [&](const call& other) { return other.session == c.session && other.sequence == c.sequence; };
  const auto take_over = [&](call& other) {
    if (!is_same(other)) return false;
    other.from = c.from;
    return true;
  };
  for (auto* job : {&current_, &resting_})
    if (*job && take_over((*job)->what)) return true;
  for (auto& one : waiting_)
    if (take_over(one)) return true;
  for (auto& one : held_)
    if (take_over(one.to)) return true;
  const auto* last = sessions_.find(c.session);
  if (last == nullptr || last->number < c.sequence) return false;
  const bool fits = last->number == c.sequence && last->digest == c.digest;
  const auto refused = [&] {
    return std::make_shared<const api::answer>(
        api::answer{kernel_.generation(),
                    api::failed_call{std::make_exception_ptr(runtime::api_error(
                        runtime::error_kind::KernelException, "the number of this request was used for another one"))},
                    {},
                    changes_});
  };
  send(c.from, call_answered{c.sequence, fits ? last->answer : refused()});
  return true;
}

// ---- the log

void supervisor::log_begin() {
  if (state_.folder == nullptr || std::exchange(current_->is_logged, true)) return;
  ++changes_;
  unwritten_.emplace_back(logged::began{request_of(current_->what)});
  tell_held();
}

/// A call is done: whoever waits for it learns of it when that is on the disk.
void supervisor::tell(served_call job, api::answer content) {
  if (job.what.content == nullptr || is_change(*job.what.content)) show(kernel_.now(), resting_.has_value());
  if (job.why == purpose::checkpoint) return end_checkpoint(content);
  if (job.why != purpose::client) return end_replay(job, content);
  const bool has_changed = is_change(*job.what.content) && (!is_failed(content) || job.run_began);
  if (has_changed && !job.is_logged) ++changes_;
  if (has_changed && state_.folder != nullptr)
    unwritten_.push_back(job.is_logged ? logged::record(logged::ended{kernel_.now(), why_failed(content)})
                                       : logged::done{request_of(job.what), modules_loaded_by(*job.what.content)});
  content.changes = changes_;
  auto told = std::make_shared<const api::answer>(std::move(content));
  if (has_changed) sessions_.remember({job.what.session, job.what.sequence}, job.what.digest, told);
  if (std::holds_alternative<api::load>(*job.what.content)) checkpoint_due_ = state_.folder != nullptr;  // see docs
  if (!unwritten_.empty()) schedule_checkpoint();
  held_.push_back({std::move(job.what), std::move(told)});
  if (unwritten_.empty() || held_.size() >= most_held) tell_held();
}

/// False where the disk refuses; it is tried again.
bool supervisor::flush_log() {
  if (unwritten_.empty()) return true;
  try {
    state_.folder->append(unwritten_);
    unwritten_.clear();
    if (std::exchange(log_refused_, false)) std::fprintf(stderr, "volley-server: the log is written again\n");
    return true;
  } catch (const std::exception& why) {
    const auto text = std::string("what is done cannot be kept, so it is not answered yet: ") + why.what();
    if (!std::exchange(log_refused_, true)) {
      std::fprintf(stderr, "volley-server: %s\n", text.c_str());
      for (const auto& one : held_)
        if (one.to.from) send(one.to.from, call_noted{one.to.sequence, {api::log_warning, text}});
    }
    if (!std::exchange(write_scheduled_, true)) delayed_send(this, write_again_after, write_log{});
    return false;
  }
}

void supervisor::tell_held() {
  if (!flush_log()) return;
  for (auto& one : held_)
    if (one.to.from) send(one.to.from, call_answered{one.to.sequence, std::move(one.content)});
  held_.clear();
}

std::vector<runtime::module_name> supervisor::modules_loaded_by(const api::request& r) const {
  const auto* status = std::get_if<api::set_kernel_status>(&r);
  return status != nullptr && status->values.find("modules") != nullptr ? kernel_.modules()
                                                                        : std::vector<runtime::module_name>();
}

// ---- restart

void supervisor::begin_restart() {
  if (state_.folder == nullptr) return;
  kept_ = state_.folder->take();
  for (const auto& note : kept_.notes) std::fprintf(stderr, "volley-server: %s\n", note.c_str());
  restarting_ = kept_.checkpoint != nullptr || !kept_.behind.empty();
  std::ranges::reverse(kept_.behind);  // the next is the last
  if (restarting_) send(this, restart{});
}

// Where others compute, those that are started with this process join first. Calls that need no VP are answered at
// once.
void supervisor::restart_next() {
  if (!restarting_ || current_ || std::exchange(replays_, true)) return;
  if (coordinator_.status().empty() || (fleet_ != nullptr && clock().now() < last_join_ + workers_gather_for)) {
    replays_ = false;
    return delayed_send(this, workers_gather_for / 5, restart{});
  }
  kernel_.replay(true);
  try {
    while (!kept_given_up_ && !current_ && make_next_again()) {
    }
  } catch (const std::exception& why) {
    give_up(why.what());
  }
  if (!kept_given_up_) replays_ = false;
  if (kept_given_up_ || (current_ && current_->why != purpose::client)) return;
  restarting_ = false;
  for (const auto& one : std::exchange(strangers_, {})) meet(one);
  schedule_checkpoint();
  serve_next();
}

/// False when there is nothing left.
bool supervisor::make_next_again() {
  if (kept_.checkpoint != nullptr) {
    load_checkpoint(std::exchange(kept_.checkpoint, nullptr));
  } else if (kept_run_) {
    resume(*std::exchange(kept_run_, std::nullopt));
  } else if (!kept_.behind.empty()) {
    const auto one = std::move(kept_.behind.back());
    kept_.behind.pop_back();
    make_again(one);
  } else {
    return false;
  }
  return true;
}

void supervisor::load_checkpoint(std::unique_ptr<runtime::network_reader> from) {
  const auto section = from->next();
  if (!section) throw std::runtime_error("the checkpoint is empty");
  auto head = runtime::object_of<checkpoint_head>(*section);
  changes_ = head.changes;
  sessions_.restore(head.sessions, clock().now());
  kept_run_ = std::move(head.run);
  current_.emplace().why = purpose::load;
  proceed([&] { return kernel_.load(head.kernel, std::move(from)); });
}

void supervisor::make_again(const logged::record& one) {
  if (std::holds_alternative<logged::ended>(one))
    throw std::runtime_error("the log tells the end of a run that it lacks");
  const auto* const run = std::get_if<logged::began>(&one);
  const auto& what = run != nullptr ? static_cast<const logged_request&>(*run) : std::get<logged::done>(one);
  ++changes_;
  current_.emplace(served_call{call_of(what), purpose::replay});
  if (run != nullptr)
    stop_where_it_did(*current_);
  else
    current_->modules = std::get<logged::done>(one).modules;
  if (is_only_remembered(*current_->what.content)) return answer({kernel_.generation(), {}, {}});
  proceed([this] { return kernel_.call(*current_->what.content); });
}

void supervisor::resume(const kept_run& run) {
  current_.emplace(served_call{call_of(run.what), purpose::replay});
  stop_where_it_did(*current_);
  proceed([&] { return kernel_.resume(*current_->what.content, run.begin, run.end); });
}

/// A run whose end the log does not tell goes on as if its process had not ended.
void supervisor::stop_where_it_did(served_call& run) {
  run.is_logged = true;
  const auto* end = kept_.behind.empty() ? nullptr : std::get_if<logged::ended>(&kept_.behind.back());
  if (end == nullptr && !kept_.behind.empty()) throw std::runtime_error("the log lacks the end of a run");
  if (end == nullptr) {
    run.why = purpose::client;
    return;
  }
  run.known_end = *end;
  kept_.behind.pop_back();
}

void supervisor::end_replay(const served_call& job, const api::answer& content) {
  const auto* const failed = std::get_if<api::failed_call>(&content.outcome);
  if (job.why == purpose::load && failed != nullptr)
    return give_up("the checkpoint cannot be loaded: " + text_of(failed->reason));
  if (job.why == purpose::load) return;
  checkpoint_due_ |= std::holds_alternative<api::load>(*job.what.content);
  if (failed != nullptr && !job.is_logged)
    return give_up("change " + std::to_string(changes_) + " cannot be made again: " + text_of(failed->reason));
  if (!job.modules.empty() && job.modules != kernel_.modules())
    return give_up("change " + std::to_string(changes_) +
                   " cannot be made again: files of modules are not the ones that the kernel had");
  if (job.known_end && kernel_.now() != job.known_end->now)
    return give_up("change " + std::to_string(changes_) + ", a run, ends at another step than it did");
  auto told = content;
  if (const auto* why = job.known_end && job.known_end->why ? &*job.known_end->why : nullptr)
    told.outcome = api::failed_call{runtime::exception_of({why->kind, why->text})};
  told.changes = changes_;
  sessions_.remember({job.what.session, job.what.sequence}, job.what.digest,
                     std::make_shared<const api::answer>(std::move(told)));
}

void supervisor::give_up(const std::string& why) {
  kept_given_up_ = true;
  state_.give_up("the kernel in the folder of state cannot go on: " + why);
}

// ---- checkpoints

void supervisor::schedule_checkpoint() {
  if (state_.folder == nullptr || state_.checkpoint_period == std::chrono::milliseconds(0) ||
      std::exchange(checkpoint_scheduled_, true))
    return;
  const std::chrono::duration<double> least = first_checkpoint_after;
  const auto wait = state_.checkpoint_period
                        ? *state_.checkpoint_period
                        : std::chrono::ceil<std::chrono::milliseconds>(std::max(least, other_time * checkpoint_took_));
  delayed_send(this, wait, make_checkpoint{});
}

/// False where there is to be none now.
bool supervisor::begin_checkpoint() {
  checkpoint_due_ = false;
  if (state_.folder == nullptr) return false;
  tell_held();
  if (log_refused_) return false;
  checkpoint_head head{kernel_.kept(), changes_, sessions_.keep(), {}};
  if (resting_) {
    const auto& run = *std::get<run_step>(resting_->step);
    head.run = kept_run{request_of(resting_->what), run.run_begin, run.run_end};
  }
  checkpoint_began_ = clock().now();
  current_.emplace().why = purpose::checkpoint;
  proceed([&] {
    auto file = state_.folder->begin_checkpoint();
    file->add(runtime::bytes_of(head));
    return kernel_.save(std::move(file));
  });
  return true;
}

void supervisor::end_checkpoint(const api::answer& content) {
  checkpoint_took_ = clock().now() - checkpoint_began_;
  if (resting_) schedule_checkpoint();
  const auto* const failed = std::get_if<api::failed_call>(&content.outcome);
  if (failed == nullptr) return;
  const auto text = "no checkpoint was made, the one before counts on: " + text_of(failed->reason);
  std::fprintf(stderr, "volley-server: %s\n", text.c_str());
  if (resting_ && resting_->what.from)
    send(resting_->what.from, call_noted{resting_->what.sequence, {api::log_warning, text}});
  schedule_checkpoint();
}

}  // namespace volley::actors
