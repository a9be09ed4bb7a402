#include "runtime/exchange/exchange.hpp"

#include <algorithm>

#include "runtime/base/contract.hpp"

namespace volley::runtime {

exchange::exchange(std::uint32_t vps, std::uint32_t peers, step_t interval_steps, exchange_orders& orders, position at,
                   step_t lag)
    : vps_(vps),
      peers_(peers),
      interval_steps_(interval_steps),
      orders_(orders),
      interval_(at.interval),
      lag_(lag),
      now_(at.step),
      pending_(vps),
      decided_(at.interval) {
  expects(vps > 0 && interval_steps > 0 && 0 <= lag && lag < interval_steps, "an exchange has VPs and intervals");
  for (auto& m : meetings_) m.missing = peers + 1;
}

void exchange::start(step_t steps, bool cuts) {
  expects(steps >= 0, "a run goes forward");
  stop_at_ = now_.load(std::memory_order_relaxed) + steps;
  requests_.store(0, std::memory_order_relaxed);
  spikes_.store(0, std::memory_order_relaxed);
  current_ = next_slice(cuts);
  if (cuts && !current_.cuts) ask(request::cut);
  orders_.release(current_);
}

// Slices that close no interval end where the run does, which all processes know: they wait for no frame.
void exchange::arrive(std::uint64_t spikes, bool ok) {
  if (spikes != 0) spikes_.fetch_add(spikes, std::memory_order_relaxed);
  if (!ok) ask(request::failed);
  if (pending_.fetch_sub(1, std::memory_order_acq_rel) != 1) return;

  pending_.store(vps_, std::memory_order_relaxed);  // ordered before the others' next arrival by the release
  // What stops a run is asked for once and for all, a cut for one interval.
  const auto asked = requests_.fetch_and(static_cast<request_bits>(~bit(request::cut)), std::memory_order_relaxed);
  if (peers_ == 0) return go_on(asked);
  if (!current_.closes) return go_on(abandoned_.load(std::memory_order_seq_cst) ? asked | bit(request::failed) : asked);
  const auto interval = current_.interval;
  meetings_[interval & 1].asked.fetch_or(asked, std::memory_order_relaxed);
  orders_.publish(interval, asked);
  waits_.store(interval, std::memory_order_seq_cst);
  count_down(interval);
  if (abandoned_.load(std::memory_order_seq_cst)) close(interval);
}

void exchange::frame(std::uint64_t interval, request_bits asked) {
  expects(peers_ > 0 && (asked & ~all_requests) == 0, "frames come from peers, with known requests");
  meetings_[interval & 1].asked.fetch_or(asked, std::memory_order_relaxed);
  count_down(interval);
}

// One of abandon() and the last VP to arrive sees what the other has written.
void exchange::abandon() {
  abandoned_.store(true, std::memory_order_seq_cst);
  const auto interval = waits_.load(std::memory_order_seq_cst);
  if (interval != never) close(interval);
}

void exchange::count_down(std::uint64_t interval) {
  if (meetings_[interval & 1].missing.fetch_sub(1, std::memory_order_acq_rel) == 1) close(interval);
}

// The last frame and abandon() may come at once: one of them decides.
void exchange::close(std::uint64_t interval) {
  auto next = interval;
  if (!decided_.compare_exchange_strong(next, interval + 1, std::memory_order_acq_rel)) return;
  waits_.store(never, std::memory_order_seq_cst);
  auto& [missing, of_all] = meetings_[interval & 1];
  auto asked = of_all.exchange(0, std::memory_order_relaxed);
  // No peer has anything to say of interval + 2 before it has our frame of interval + 1.
  missing.store(peers_ + 1, std::memory_order_relaxed);
  if (abandoned_.load(std::memory_order_seq_cst)) asked |= bit(request::failed);
  go_on(asked);
}

void exchange::go_on(request_bits asked) {
  now_.store(current_.to, std::memory_order_relaxed);
  lag_ = current_.closes ? 0 : lag_ + (current_.to - current_.from);
  interval_ += current_.closes ? 1 : 0;

  if (stop_reason reason; decide_to_stop(reason, asked)) return orders_.stop(reason, current_.to);
  current_ = next_slice((asked & bit(request::cut)) != 0);
  orders_.release(current_);
}

bool exchange::decide_to_stop(stop_reason& reason, request_bits asked) const {
  if (asked & bit(request::failed)) return reason = stop_reason::failed, true;
  if (current_.to == stop_at_) return reason = stop_reason::reached, true;
  // A slice that does not reach the stop closes its interval: here is an interval's end.
  if (asked & bit(request::full)) return reason = stop_reason::full, true;
  if (asked & bit(request::cancel)) return reason = stop_reason::cancelled, true;
  if (asked & bit(request::pause)) return reason = stop_reason::paused, true;
  return false;
}

slice exchange::next_slice(bool cuts) const {
  const step_t from = now_.load(std::memory_order_relaxed);
  const step_t end = from + (interval_steps_ - lag_);
  const step_t to = std::min(end, stop_at_);
  const bool opens = lag_ == 0;
  return {interval_, from, to, opens, to == end, cuts && opens && to > from};
}

run_progress exchange::progress() const {
  return {now_.load(std::memory_order_relaxed), spikes_.load(std::memory_order_relaxed)};
}

}  // namespace volley::runtime
