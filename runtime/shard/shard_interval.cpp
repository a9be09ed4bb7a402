// One interval of a shard: deliver, update, emit.
#include <utility>
#include <vector>

#include "runtime/base/contract.hpp"
#include "runtime/base/stopwatch.hpp"
#include "runtime/shard/shard.hpp"

namespace volley::runtime {

void shard::deliver(step_t boundary, std::span<const batch_view> batches) {
  if (boundary <= parts_->delivery.delivered()) return;
  expects(boundary == clock_.begin, "batches of the last interval are delivered");
  const stopwatch timer(times_.deliver);
  if (undelivered_.empty()) return parts_->delivery.deliver(boundary, batches);
  const auto saved = std::exchange(undelivered_, {});
  parts_->delivery.deliver(boundary, std::vector<batch_view>(saved.begin(), saved.end()));
}

step_t shard::next_update() const {
  return clock_.begin + (clock_.is_open() ? static_cast<step_t>(parts_->emission.steps()) : 0);
}

void shard::update(step_t from, step_t to, slice_mark* mark) {
  if (!undelivered_.empty()) deliver(clock_.begin, {});
  expects(prepared_ && parts_->delivery.delivered() == clock_.begin, "batches are delivered before updates");
  expects(from == next_update() && from <= to && to <= clock_.begin + parts_->plan.interval_steps,
          "updates follow each other within an interval");
  auto& [plan, cells, generators, stores, recording, delivery, emission] = *parts_;
  phase_clock clock;
  if (!clock_.is_open()) {
    clock_.opened = from;
    recording.show_samples();
    delivery.open(from);
    emission.open();
  }
  generators.advance(plan.seed, from, to, delivery.delivered());
  delivery.walk(from, to, clock_);
  clock.end_phase(times_.deliver);
  for (block_ordinal b; b.index() < cells.n_blocks(); ++b) {
    if (const auto& ids = cells.block(b).ids(); mark != nullptr && ids.count != 0) mark->update(ids.first, ids.last());
    advance_block(b, from, to);
  }
  if (mark != nullptr) mark->update(0, 0);
  clock.end_phase(times_.update);
  for (step_t update = from; update < to; ++update) emission.emit(clock_.lag(update), update + 1);
  recording.hear_generators(generators, delivery.from_devices(), plan.seed, from, to);
  clock.end_phase(times_.gather);
}

void shard::advance_block(block_ordinal b, step_t from, step_t to) {
  auto& block = parts_->cells.block(b);
  auto& recording = parts_->recording;
  const auto lag = clock_.lag(from);
  const auto steps = static_cast<std::uint32_t>(to - from);
  parts_->emission.clear_marks(b, lag, steps);
  // A sample needs the state right after its step, so the slice is cut there, and where neurons are told to spike.
  step_t begin = from;
  for (step_t stamp = from + 1; stamp <= to; ++stamp) {
    const bool sampled = recording.samples(b, stamp);
    if (stamp != to && !sampled && stamp - begin < block.updates_alike()) continue;
    advance_slice(b, begin, stamp);
    if (sampled) recording.sample(b, block, stamp);
    begin = stamp;
  }
  block.archive_spikes(from, steps, parts_->emission.marks(b, lag));
}

void shard::advance_slice(block_ordinal b, step_t from, step_t to) {
  const auto steps = static_cast<std::uint32_t>(to - from);
  const auto input = parts_->delivery.input(b, from, steps, clock_);
  parts_->cells.block(b).advance(from, steps, parts_->plan.seed, input, parts_->emission.marks(b, clock_.lag(from)));
}

const spike_batch& shard::close_interval() {
  expects(next_update() == clock_.begin + parts_->plan.interval_steps, "an interval is closed at its end");
  clock_.begin += parts_->plan.interval_steps;
  parts_->recording.flush(parts_->plan.time);
  return parts_->emission.batch();
}

}  // namespace volley::runtime
