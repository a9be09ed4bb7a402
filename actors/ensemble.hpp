// What the VPs of one kernel share while it runs: the exchange, the batches, and each other.
#pragma once
#include <cstdint>
#include <exception>
#include <memory>
#include <optional>
#include <vector>

#include "actors/convert_spikes.hpp"
#include "actors/messages.hpp"
#include "runtime/base/contract.hpp"
#include "runtime/base/stopwatch.hpp"
#include "runtime/exchange/batch_places.hpp"
#include "runtime/exchange/exchange.hpp"
#include "runtime/exchange/update_times.hpp"

namespace volley::actors {

/// Thread safety: `assemble`, `open`, `failure` by the supervisor while no run is on; VPs use their own place and
/// failure, and the exchange, as its rules say.
class ensemble final : public runtime::exchange_orders {
 public:
  ensemble(std::uint32_t vps, supervisor_actor supervisor);

  /// The VPs, by number. Once, before anything is ordered.
  void assemble(std::vector<vp_actor> vps);
  const std::vector<vp_actor>& vps() const { return vps_; }

  /// The exchange for runs from `now` on. The open interval goes on where the last run stopped. `times` gets how long
  /// each slice takes; beyond its limit the run fails. REQUIRES: it outlives the run; null: nobody asks.
  runtime::exchange& open(runtime::step_t interval_steps, runtime::step_t now, runtime::update_times* times = nullptr);
  /// REQUIRES: open() was called.
  runtime::exchange& exchange() {
    runtime::expects(exchange_.has_value(), "an exchange is open");
    return *exchange_;
  }

  runtime::batch_places<shared_batch>& batches() { return batches_; }

  void fail(std::uint32_t vp, std::exception_ptr reason) { failures_[vp] = std::move(reason); }
  /// The first failure by number of the VP, and forgets all. Null when none has failed.
  std::exception_ptr take_failure();

  void release(const runtime::slice& next) override;
  void stop(runtime::stop_reason reason, runtime::step_t now) override;

 private:
  /// Whether the slice that has ended was within the limit of time.
  bool measure();

  const std::uint32_t n_vps_;
  const supervisor_actor supervisor_;
  std::vector<vp_actor> vps_;
  runtime::batch_places<shared_batch> batches_;
  std::vector<std::exception_ptr> failures_;
  std::optional<runtime::exchange> exchange_;

  // Of the slice at hand: written by the last party to arrive, as the exchange's own.
  runtime::update_times* times_ = nullptr;
  std::optional<runtime::stopwatch::clock::time_point> began_;
};

}  // namespace volley::actors
