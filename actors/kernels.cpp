#include "actors/kernels.hpp"

#include <algorithm>
#include <utility>
#include <vector>

#include "caf/send.hpp"
#include "runtime/base/error.hpp"

namespace volley::actors {

namespace {

constexpr const char *default_name = "default", *own_name = "own", *prefix_of_own = "own-";
constexpr std::size_t longest_name = 40;

[[noreturn]] void refuse(const std::string& why) {
  throw runtime::api_error(runtime::error_kind::KernelException, why);
}

void require_name(const std::string& name) {
  const auto fits = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
  };
  if (name.size() > longest_name || !std::ranges::all_of(name, fits))
    refuse("the name of a kernel has letters, digits, _ and -, " + std::to_string(longest_name) + " at most");
  if (name.starts_with(prefix_of_own))
    refuse("there is no kernel " + name + ": a session's own one is asked for as " + own_name);
}

}  // namespace

kernels::lease::lease(kernels& all, std::shared_ptr<entry> of, bool ends_it)
    : all_(all), of_(std::move(of)), kernel_(of_->what.kernel), ends_it_(ends_it) {}

const kernel_place& kernels::lease::place() const { return of_->place; }

std::string kernels::lease::why_gone() const {
  const std::lock_guard guard(all_.mutex_);
  return of_->why_gone;
}

kernels::kernels(std::size_t most, make how) : most_(most), make_(std::move(how)) {}

std::shared_ptr<kernels::lease> kernels::open(const kernel_wish& wish) {
  const std::lock_guard guard(mutex_);
  auto found = find_or_make(wish);
  if (!found->why_gone.empty()) refuse("the kernel " + found->place.name + " is gone: " + found->why_gone);
  ++found->sessions;
  return std::make_shared<lease>(*this, std::move(found), wish.name == own_name);
}

supervisor_actor kernels::keep(const std::string& name) {
  const std::lock_guard guard(mutex_);
  return find_or_make({.name = name})->what.kernel;
}

// REQUIRES: the mutex is held, as by all that follow without a guard.
kernels::entry_ref kernels::find_or_make(const kernel_wish& wish) {
  const auto name = wish.name.empty() ? default_name : wish.name;
  if (const auto found = all_.find(name); found != all_.end()) return found->second;
  if (name == default_name) return add(name, false);
  require_name(name);
  if (wish.is_known) refuse("the kernel " + name + " of this session is gone");
  if (!wish.may_be_made) refuse("there is no kernel " + name + " to look at; there are " + names());
  if (all_.size() >= most_)
    refuse("there is no kernel " + name + ", and the server has as many as it allows: " + names() +
           "; drop one, or start it with a larger --kernels");
  const bool is_own = name == own_name;
  return add(is_own ? prefix_of_own + std::to_string(made_ + 1) : name, is_own);
}

kernels::entry_ref kernels::add(const std::string& name, bool is_own) {
  auto one = std::make_shared<entry>();
  one->place.name = name;
  one->place.number = made_ + 1;
  one->place.is_own = is_own;
  one->place.memory = std::make_shared<runtime::memory_share>(memory_);
  one->what = make_(one->place);
  ++made_;
  return all_[name] = one;
}

void kernels::leave(entry& which, bool ends_it) {
  const std::lock_guard guard(mutex_);
  --which.sessions;
  if (ends_it) take_out(which.place.name, "its session has ended");
}

void kernels::drop(const std::string& name) {
  const std::lock_guard guard(mutex_);
  if (name == default_name) refuse("the kernel default stays: ResetKernel empties it");
  const auto found = all_.find(name);
  if (found == all_.end()) refuse("there is no kernel " + name + " to drop; there are " + names());
  found->second->what.before_drop();
  take_out(name, "it was dropped");
}

void kernels::lose(const std::string& name, const std::string& why) {
  const std::lock_guard guard(mutex_);
  if (const auto found = all_.find(name); found != all_.end()) end(*found->second, why);
}

void kernels::tell(const vp_stuck& news) {
  const std::lock_guard guard(mutex_);
  for (const auto& [name, one] : all_)
    if (one->what.kernel) caf::anon_send(one->what.kernel, news);
}

void kernels::take_out(const std::string& name, const std::string& why) {
  if (const auto gone = all_.extract(name)) end(*gone.mapped(), why);
}

// Who holds it learns of it by the end of its supervisor.
void kernels::end(entry& which, const std::string& why) {
  if (which.why_gone.empty()) which.why_gone = why;
  if (which.what.kernel) caf::anon_send_exit(which.what.kernel, caf::exit_reason::user_shutdown);
  which.what.kernel = nullptr;
}

void kernels::end() {
  const std::lock_guard guard(mutex_);
  for (const auto& [name, one] : std::exchange(all_, {})) end(*one, {});
}

runtime::value kernels::list(const entry* here) const {
  const std::lock_guard guard(mutex_);
  std::vector<runtime::value> told;
  const auto number = [](auto n) { return runtime::value(static_cast<std::int64_t>(n)); };
  for (const auto& [name, one] : all_) {
    const auto now = one->place.gauge->read();
    told.push_back(runtime::dictionary{{"name", name},
                                       {"number", number(one->place.number)},
                                       {"here", one.get() == here},
                                       {"own", one->place.is_own},
                                       {"sessions", number(one->sessions)},
                                       {"nodes", number(now.nodes)},
                                       {"vps", number(now.vps)},
                                       {"biological_time", now.now_ms},
                                       {"running", now.runs},
                                       {"memory", now.bytes},
                                       {"lost", now.lost},
                                       {"gone", one->why_gone}});
  }
  return told;
}

std::string kernels::names() const {
  std::string text;
  for (const auto& [name, one] : all_) text += (text.empty() ? "" : ", ") + name;
  return text;
}

}  // namespace volley::actors
