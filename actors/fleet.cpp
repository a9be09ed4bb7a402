#include "actors/fleet.hpp"

#include <algorithm>
#include <utility>

#include "actors/byte_body.hpp"
#include "caf/send.hpp"

namespace volley::actors {

namespace cluster = runtime::cluster;

namespace {

worker_reported report_of(cluster::worker_number who, cluster::report_message what) {
  return {who, std::make_shared<cluster::report_message>(std::move(what))};
}

}  // namespace

// REQUIRES: the mutex is held, as by all that are private.
void fleet::introduce(worker_number who, worker& to, std::uint64_t kernel) const {
  to.kernels.insert(kernel);
  caf::anon_send(kernels_.at(kernel), worker_joined{who, to.card, to.way});
}

template <class News> void fleet::tell(const worker& one, const News& news) const {
  for (const auto kernel : one.kernels) caf::anon_send(kernels_.at(kernel), news);
}

void fleet::join(worker_number who, std::shared_ptr<const cluster::worker_card> card,
                 std::shared_ptr<worker_outlet> way) {
  const std::lock_guard guard(mutex_);
  auto& one = workers_[who] = {std::move(card), std::move(way)};
  for (const auto& [kernel, supervisor] : kernels_) introduce(who, one, kernel);
}

void fleet::report(worker_number who, cluster::report_message what) {
  if (std::holds_alternative<cluster::said::leaving>(what.what)) return void(drain(who, false));
  const std::lock_guard guard(mutex_);
  const auto one = workers_.find(who);
  if (one == workers_.end() || !one->second.kernels.contains(what.at.epoch)) return;
  caf::anon_send(kernels_.at(what.at.epoch), report_of(who, std::move(what)));
}

void fleet::close(worker_number who, const std::string& why) {
  const std::lock_guard guard(mutex_);
  if (const auto gone = workers_.extract(who)) tell(gone.mapped(), worker_closed{who, why});
}

bool fleet::drain(worker_number who, bool one_stays) {
  const std::lock_guard guard(mutex_);
  const auto one = workers_.find(who);
  if (one == workers_.end()) return true;
  const auto stays = [&](const auto& other) { return other.first != who && !other.second.drains; };
  if (one_stays && std::ranges::none_of(workers_, stays)) return false;
  one->second.drains = true;
  for (const auto kernel : one->second.kernels)
    caf::anon_send(kernels_.at(kernel), report_of(who, {{kernel, 0}, cluster::said::leaving()}));
  return true;
}

void fleet::end() {
  const std::lock_guard guard(mutex_);
  for (const auto& [who, one] : std::exchange(workers_, {})) one.way->put_out(cluster::told::supervisor_ends);
}

void fleet::add(std::uint64_t kernel, supervisor_actor supervisor) {
  const std::lock_guard guard(mutex_);
  kernels_[kernel] = std::move(supervisor);
  for (auto& [who, one] : workers_)
    if (!one.drains) introduce(who, one, kernel);
}

void fleet::remove(std::uint64_t kernel) {
  const std::lock_guard guard(mutex_);
  for (auto one = workers_.begin(); one != workers_.end();) let_go(one++, kernel);
  kernels_.erase(kernel);
}

void fleet::let_go(workers::iterator which, std::uint64_t kernel) {
  auto& [who, one] = *which;
  if (one.kernels.erase(kernel) == 0) return;
  const cluster::order_message last{{kernel, 0}, cluster::told::leave{"its kernel needs it no more"}};
  one.way->send(last.at, byte_body(cluster::encoded(last)));
  if (!one.drains || !one.kernels.empty()) return;
  one.way->put_out(cluster::told::drained);
  workers_.erase(which);
}

void fleet::put_out(std::uint64_t kernel, worker_number who, const std::string& why) {
  const std::lock_guard guard(mutex_);
  const auto found = workers_.find(who);
  if (found == workers_.end()) return;
  if (why == cluster::told::drained) return let_go(found, kernel);
  auto gone = workers_.extract(found);
  gone.mapped().kernels.erase(kernel);
  gone.mapped().way->put_out(why);
  tell(gone.mapped(), worker_closed{who, "another kernel has put it out: " + why});
}

}  // namespace volley::actors
