// What the VPs of one process share while the kernel runs: the exchange, the batches of all VPs, the links to the other
// processes, and each other.
#pragma once
#include <atomic>
#include <cstdint>
#include <exception>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "actors/convert_spikes.hpp"
#include "actors/links.hpp"
#include "actors/messages.hpp"
#include "runtime/base/contract.hpp"
#include "runtime/base/stopwatch.hpp"
#include "runtime/cluster/placement.hpp"
#include "runtime/exchange/batch_places.hpp"
#include "runtime/exchange/exchange.hpp"
#include "runtime/exchange/update_times.hpp"

namespace volley::actors {

/// Thread safety: `assemble`, `open`, `failure` by the overseer while no run is on; VPs use their own place and
/// failure, and the exchange, as its rules say.
class ensemble final : public runtime::exchange_orders, public link_listener {
 public:
  using worker_number = runtime::cluster::worker_number;

  /// All VPs of a kernel are here.
  ensemble(std::uint32_t vps, overseer_actor overseer);
  /// Those of `me`.
  ensemble(runtime::cluster::fence at, runtime::cluster::placement where, worker_number me, overseer_actor overseer);

  /// The placement that this is of.
  const runtime::cluster::fence& at() const { return at_; }

  /// The VPs of here, by number, before anything is ordered; none when they are gone, and no run is on.
  void assemble(std::vector<vp_actor> vps);
  const std::vector<vp_actor>& vps() const { return vps_; }
  /// To the other processes, for as long as there are runs. Null where there are none.
  void use_links(std::shared_ptr<links> to_others) { links_ = std::move(to_others); }

  /// The exchange for runs from `now` on. The open interval goes on where the last run stopped. `times` gets how long
  /// each slice takes; beyond its limit the run fails. REQUIRES: it outlives the run; null: nobody asks.
  runtime::exchange& open(runtime::step_t interval_steps, runtime::step_t now, runtime::update_times* times = nullptr);
  /// REQUIRES: open() was called.
  runtime::exchange& exchange() {
    runtime::expects(exchange_.has_value(), "an exchange is open");
    return *exchange_;
  }
  bool is_open() const { return exchange_.has_value(); }

  runtime::batch_places<shared_batch>& batches() { return batches_; }

  /// Nobody waits for its VPs any more: one may still compute. Thread safety: any thread.
  void leave() { is_left_.store(true, std::memory_order_relaxed); }
  bool is_left() const { return is_left_.load(std::memory_order_relaxed); }

  void fail(std::uint32_t vp, std::exception_ptr reason) { failures_[vp] = std::move(reason); }
  struct failure {
    std::uint32_t vp;
    std::exception_ptr reason;
  };
  /// The first failure by number of the VP, and forgets all. Nothing when none has failed.
  std::optional<failure> take_failure();

  void release(const runtime::slice& next) override;
  void stop(runtime::stop_reason reason, runtime::step_t now) override;
  void publish(std::uint64_t interval, runtime::request_bits asked) override;

  void take_frame(worker_number from, std::uint64_t interval, runtime::request_bits asked,
                  const protocol::body& batches) override;
  void links_stand() override;
  void link_broke(worker_number peer, const std::string& why) override;

 private:
  /// Whether the slice that has ended was within the limit of time.
  bool measure();

  const runtime::cluster::fence at_;
  const runtime::cluster::placement where_;
  const worker_number me_;
  const std::vector<std::uint32_t> here_;  // VPs
  const std::uint32_t peers_;
  const overseer_actor overseer_;
  std::vector<vp_actor> vps_;
  runtime::batch_places<shared_batch> batches_;
  std::vector<std::exception_ptr> failures_;
  std::optional<runtime::exchange> exchange_;
  std::shared_ptr<links> links_;
  std::atomic<bool> is_left_{false};

  // Of the slice at hand: written by the last party to arrive, as the exchange's own.
  runtime::update_times* times_ = nullptr;
  std::optional<runtime::stopwatch::clock::time_point> began_;
};

}  // namespace volley::actors
