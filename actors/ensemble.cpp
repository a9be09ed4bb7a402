#include "actors/ensemble.hpp"

#include <algorithm>
#include <new>
#include <string>
#include <utility>

#include "caf/actor_cast.hpp"
#include "caf/make_message.hpp"
#include "caf/send.hpp"
#include "protocol/malformed.hpp"
#include "runtime/base/error.hpp"

namespace volley::actors {

namespace cluster = runtime::cluster;

ensemble::ensemble(std::uint32_t vps, overseer_actor overseer)
    : ensemble({}, cluster::placement(vps, cluster::own_process), cluster::own_process, std::move(overseer)) {}

ensemble::ensemble(cluster::fence at, cluster::placement where, worker_number me, overseer_actor overseer)
    : at_(at),
      where_(std::move(where)),
      me_(me),
      here_(cluster::vps_of(where_, me)),
      peers_(static_cast<std::uint32_t>(cluster::workers_of(where_).size()) - (here_.empty() ? 0 : 1)),
      overseer_(std::move(overseer)),
      batches_(where_.size()),
      failures_(where_.size()) {}

void ensemble::assemble(std::vector<vp_actor> vps) { vps_ = std::move(vps); }

// Intervals are counted through, so that all processes have the same number for one, also where a network was loaded
// that stands elsewhere. They begin at multiples of their length.
runtime::exchange& ensemble::open(runtime::step_t interval_steps, runtime::step_t now, runtime::update_times* times) {
  times_ = times;
  if (exchange_ && exchange_->interval_steps() == interval_steps && exchange_->at().step == now) return *exchange_;
  const auto interval = exchange_ ? exchange_->at().interval : 0;
  exchange_.emplace(static_cast<std::uint32_t>(here_.size()), peers_, interval_steps, *this,
                    runtime::position{interval, now}, now % interval_steps);
  return *exchange_;
}

std::optional<ensemble::failure> ensemble::take_failure() {
  std::optional<failure> first;
  for (std::uint32_t vp = 0; vp < failures_.size(); ++vp) {
    auto reason = std::exchange(failures_[vp], nullptr);
    if (!first && reason) first = {vp, std::move(reason)};
  }
  return first;
}

bool ensemble::measure() {
  if (!began_ || times_ == nullptr) return true;
  const auto seconds = runtime::seconds_since(*began_);
  if (times_->add(seconds)) return true;
  if (const auto first = here_.front(); failures_[first] == nullptr)
    fail(first, std::make_exception_ptr(runtime::api_error(
                    runtime::error_kind::KernelException,
                    "an update took " + std::to_string(seconds) + " s, longer than update_time_limit = " +
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
  caf::anon_send(overseer_, run_stopped{at_, reason, now});
}

// ---- links

// A VP that failed has put in no batch: nobody reads this interval's any more.
void ensemble::publish(std::uint64_t interval, runtime::request_bits asked) {
  const auto failed = bit(runtime::request::failed);
  if (asked & failed) return links_->put_out(interval, asked, {});
  try {
    std::vector<protocol::body> mine;
    for (const auto vp : here_) mine.push_back(batches_.get(interval, vp).words);
    links_->put_out(interval, asked, mine);
  } catch (const std::bad_alloc&) {
    // The others stop with this interval; whoever drives us abandons the run then.
    fail(here_.front(), std::current_exception());
    links_->put_out(interval, asked | failed, {});
  }
}

void ensemble::take_frame(worker_number from, std::uint64_t interval, runtime::request_bits asked,
                          const protocol::body& batches) {
  if (asked & ~runtime::all_requests) throw protocol::malformed("a frame with unknown requests");
  if (!(asked & bit(runtime::request::failed))) {
    auto arrived = read_batches(batches);
    if (std::cmp_not_equal(arrived.size(), std::ranges::count(where_, from)))
      throw protocol::malformed("a frame without the batches of all VPs of its worker");
    for (auto& one : arrived) {
      if (one.vp >= where_.size() || where_[one.vp] != from || one.interval != interval)
        throw protocol::malformed("a frame with a batch that is not its worker's");
      batches_.put(interval, one.vp, std::move(one));
    }
  }
  exchange().frame(interval, asked);
}

void ensemble::links_stand() { caf::anon_send(overseer_, actors::links_stand{at_}); }

void ensemble::link_broke(worker_number peer, const std::string& why) {
  caf::anon_send(overseer_, actors::link_broke{at_, peer, why});
}

}  // namespace volley::actors
