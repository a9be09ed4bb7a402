#include "runtime/exchange/exchange.hpp"

#include <algorithm>

#include "runtime/base/contract.hpp"

namespace volley::runtime {

exchange::exchange(std::uint32_t parties, step_t interval_steps, exchange_orders& orders, step_t now)
    : parties_(parties), interval_steps_(interval_steps), orders_(orders), now_(now), pending_(parties) {
  expects(parties > 0 && interval_steps > 0, "an exchange has parties and intervals");
}

void exchange::start(step_t steps) {
  expects(steps >= 0, "a run goes forward");
  stop_at_ = now_.load(std::memory_order_relaxed) + steps;
  requests_.store(0, std::memory_order_relaxed);
  spikes_.store(0, std::memory_order_relaxed);
  current_ = next_slice();
  orders_.release(current_);
}

void exchange::arrive(std::uint64_t spikes, bool ok) {
  if (spikes != 0) spikes_.fetch_add(spikes, std::memory_order_relaxed);
  if (!ok) requests_.fetch_or(failure_bit, std::memory_order_relaxed);
  if (pending_.fetch_sub(1, std::memory_order_acq_rel) != 1) return;

  pending_.store(parties_, std::memory_order_relaxed);  // ordered before the others' next arrival by the release
  now_.store(current_.to, std::memory_order_relaxed);
  lag_ = current_.closes ? 0 : lag_ + (current_.to - current_.from);
  interval_ += current_.closes ? 1 : 0;

  if (stop_reason reason; decide_to_stop(reason)) return orders_.stop(reason, current_.to);
  current_ = next_slice();
  orders_.release(current_);
}

bool exchange::decide_to_stop(stop_reason& reason) const {
  const std::uint32_t requests = requests_.load(std::memory_order_relaxed);
  if (requests & failure_bit) return reason = stop_reason::failed, true;
  if (current_.to == stop_at_) return reason = stop_reason::reached, true;
  // A slice that does not reach the stop closes its interval: here is an interval's end.
  if (requests & cancel_bit) return reason = stop_reason::cancelled, true;
  if (requests & pause_bit) return reason = stop_reason::paused, true;
  return false;
}

slice exchange::next_slice() const {
  const step_t from = now_.load(std::memory_order_relaxed);
  const step_t end = from + (interval_steps_ - lag_);
  const step_t to = std::min(end, stop_at_);
  return {.interval = interval_, .from = from, .to = to, .opens = lag_ == 0, .closes = to == end};
}

run_progress exchange::progress() const {
  return {now_.load(std::memory_order_relaxed), spikes_.load(std::memory_order_relaxed)};
}

}  // namespace volley::runtime
