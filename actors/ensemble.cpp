#include "actors/ensemble.hpp"

#include <string>
#include <utility>

#include "caf/actor_cast.hpp"
#include "caf/make_message.hpp"
#include "caf/send.hpp"
#include "runtime/base/error.hpp"

namespace volley::actors {

ensemble::ensemble(std::uint32_t vps, supervisor_actor supervisor)
    : n_vps_(vps), supervisor_(std::move(supervisor)), batches_(vps), failures_(vps) {}

void ensemble::assemble(std::vector<vp_actor> vps) { vps_ = std::move(vps); }

runtime::exchange& ensemble::open(runtime::step_t interval_steps, runtime::step_t now, runtime::update_times* times) {
  times_ = times;
  if (!exchange_ || exchange_->interval_steps() != interval_steps)
    exchange_.emplace(n_vps_, 0, interval_steps, *this, runtime::position{0, now});
  return *exchange_;
}

std::exception_ptr ensemble::take_failure() {
  std::exception_ptr first;
  for (auto& failure : failures_) {
    if (!first) first = failure;
    failure = nullptr;
  }
  return first;
}

bool ensemble::measure() {
  if (!began_ || times_ == nullptr) return true;
  const auto seconds = runtime::seconds_since(*began_);
  if (times_->add(seconds)) return true;
  if (failures_.front() == nullptr)
    fail(0, std::make_exception_ptr(runtime::api_error(runtime::error_kind::KernelException,
                                                       "an update took " + std::to_string(seconds) +
                                                           " s, longer than update_time_limit = " +
                                                           std::to_string(times_->limit_s) + " s; call ResetKernel")));
  exchange().fail();
  return false;
}

void ensemble::release(const runtime::slice& next) {
  measure();
  began_ = runtime::stopwatch::clock::now();
  // One message for all: its receivers share it.
  const auto order = caf::make_message(advance{next});
  for (const auto& vp : vps_)
    caf::actor_cast<caf::abstract_actor*>(vp)->enqueue(nullptr, caf::make_message_id(), order, nullptr);
}

void ensemble::stop(runtime::stop_reason reason, runtime::step_t now) {
  if (!measure()) reason = runtime::stop_reason::failed;
  began_.reset();
  caf::anon_send(supervisor_, run_stopped{reason, now});
}

}  // namespace volley::actors
