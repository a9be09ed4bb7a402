// One interval of a shard: deliver, update, emit.
#include <algorithm>
#include <bit>
#include <optional>

#include "runtime/base/stopwatch.hpp"
#include "runtime/delivery/input_forms.hpp"
#include "runtime/shard/shard.hpp"
#include "runtime/shard/weight_listener.hpp"

namespace volley::runtime {
namespace {

/// How often plastic synapses of silent sources apply what their targets did: the longest time a spike is kept.
constexpr double catch_up_ms = 10000;

}  // namespace

void shard::before_change(step_t now) {
  if (!prepared_) return;
  decayed_.step = decayed_lines::none;
  // Trains act at their emission: what they sent in the open interval must not meet later connections.
  inject_trains(injected_, now);
  const auto row_of = [this](step_t due) {
    // The open interval has its rows already.
    const bool open = opened_ == interval_begin_ && due < interval_begin_ + plan_.interval_steps;
    return open ? rows_.current(static_cast<std::uint32_t>(due - interval_begin_)) : rows_.spilled(due);
  };
  for (step_t due = now; due < now + plan_.max_delay + plan_.interval_steps; ++due) {
    if (!calendar_.empty(due)) calendar_.deliver(due, store_rows_, row_of(due));
  }
  terms_.spill(terms_context(), now, row_of);
}

void shard::prepare(const run_plan& plan, bool overwrite_files) {
  if (!prepared_) interval_begin_ = delivered_ = injected_ = plan.now;
  prepared_ = true;
  plan_ = plan;
  for (auto& r : recorders_) r.open(files_, overwrite_files);
  fit(plan);
}

void shard::fit(const run_plan& plan) {
  for (auto& p : populations_) p->prepare(plan.time);
  read_tau_minus();

  rows_.prepare({spike_slots_.size(), current_slots_.size(), spike_slots_.splits_by_sign()},
                static_cast<std::uint32_t>(plan.interval_steps));
  const auto reach = static_cast<std::uint32_t>(plan.max_delay + plan.interval_steps);
  calendar_.prepare(reach);
  if (std::any_of(stores_.begin(), stores_.end(), [](const auto& s) { return s.plastic && s.rows->size() != 0; }))
    rows_.open_arrivals(reach);
  terms_.rebuild(terms_context(), plan.now);

  spike_bits_.resize(populations_.size());
  spike_counts_.resize(populations_.size());
  for (std::size_t b = 0; b < populations_.size(); ++b) {
    const std::size_t cells = padded(populations_[b]->ids().count);
    spike_bits_[b].resize(static_cast<std::size_t>(plan.interval_steps) * cells / 64);
    if (populations_[b]->model().emits == models::emission::counts)
      spike_counts_[b].resize(static_cast<std::size_t>(plan.interval_steps) * cells);
  }
}

void shard::deliver(step_t boundary, std::span<const batch_view> batches) {
  if (boundary <= delivered_) return;
  const stopwatch timer(times_.deliver);
  decayed_.step = decayed_lines::none;
  const step_t first = boundary - plan_.interval_steps;
  for (step_t stamp = first + 1; stamp <= boundary; ++stamp) {
    collect(stamp, static_cast<std::size_t>(stamp - first - 1), batches);
    constexpr std::size_t ahead = 12;
    for (std::size_t i = 0, asked = 0; i < arriving_.size(); ++i) {
      for (; asked < std::min(i + ahead, arriving_.size()); ++asked) prefetch_row(arriving_[asked].source);
      deliver_spike(arriving_[i], stamp);
    }
  }
  delivered_ = injected_ = boundary;
  const auto catch_up_steps = plan_.time.steps_up(catch_up_ms);
  if (boundary / catch_up_steps != first / catch_up_steps) catch_up(boundary);
}

void shard::prefetch_row(std::uint64_t source) const {
  for (const auto* store : store_rows_) store->prefetch_row(source);
}

void shard::collect(step_t stamp, std::size_t lag, std::span<const batch_view> batches) {
  arriving_.clear();
  for (const auto& batch : batches) {
    std::size_t begin = 0;
    for (std::size_t l = 0; l < lag; ++l) begin += batch.counts[l];
    for (std::size_t i = begin; i < begin + batch.counts[lag]; ++i)
      arriving_.push_back({batch.sources[i], batch.multiplicities.empty() ? 1 : batch.multiplicities[i], 1.0});
  }
  if (stamp > injected_) add_trains(stamp);
  for (const auto* store : store_rows_)
    for (const auto& spike : arriving_) store->prefetch_place(spike.source);  // while they are sorted
  std::stable_sort(arriving_.begin(), arriving_.end(),
                   [](const auto& a, const auto& b) { return a.source < b.source; });
}

void shard::add_trains(step_t stamp) {
  for (std::size_t i = 0; i < stimulators_.size(); ++i) {
    if (injectors_[i] || stimulators_[i].train() == nullptr) continue;
    for (const auto& s : stimulators_[i].emitted(stamp - 1, stamp))
      arriving_.push_back({static_cast<std::uint32_t>(stimulators_[i].id()), s.multiplicity, s.weight});
  }
}

void shard::inject_trains(step_t after, step_t upto) {
  for (step_t stamp = after + 1; stamp <= upto; ++stamp) {
    arriving_.clear();
    add_trains(stamp);
    for (const auto& spike : arriving_) deliver_spike(spike, stamp);
  }
  injected_ = std::max(injected_, upto);
}

void shard::deliver_spike(const travelling_spike& spike, step_t stamp) {
  for (std::uint32_t s = 0; s < stores_.size(); ++s) {
    auto& entry = stores_[s];
    const auto row = entry.rows->row(spike.source);
    if (row.empty()) continue;
    weight_listener* listener = nullptr;
    std::optional<weight_listener> weights;
    if (entry.recorder >= 0 && !is_generator(spike.source)) {
      weights.emplace(recorders_[static_cast<std::size_t>(entry.recorder)], *entry.rows, targets_);
      if (weights->listen(spike.source, stamp)) listener = &*weights;
    }
    if (entry.plastic) {
      for (std::uint32_t m = 0; m < spike.multiplicity; ++m)
        entry.plastic->spike(*entry.rows, spike.source, stamp, histories(), rows_, listener);
      continue;
    }
    std::size_t n = 0;
    for (const run& r : row) {
      const double factor = factor_of(r.input(), spike.multiplicity, spike.weight);
      calendar_.push(stamp + static_cast<step_t>(r.delay_steps) - 1, r, s, factor);
      if (listener != nullptr)
        for (std::uint64_t i = 0; i < r.count; ++i, ++n)
          for (std::uint32_t m = 0; m < spike.multiplicity; ++m) listener->transmitted(n, entry.rows->weight(r, i));
    }
  }
}

void shard::catch_up(step_t now) {
  for (auto& entry : stores_)
    if (entry.plastic) entry.plastic->catch_up(*entry.rows, now, histories());
  history_.prune(now + 1 - plan_.max_delay);
}

void shard::update(step_t from, step_t to) {
  phase_clock clock;
  const bool opens = from == interval_begin_ && from != opened_;
  if (opens) {
    opened_ = from;
    for (auto& r : recorders_) r.show_samples();
    rows_.begin_interval(from);
  }
  for (step_t due = from; due < to; ++due) {
    const auto lag = static_cast<std::uint32_t>(due - interval_begin_);
    const auto row = rows_.current(lag);
    calendar_.deliver(due, store_rows_, row);
    if (!terms_.empty()) terms_.add(terms_context(), due, row);
  }
  clock.end_phase(times_.deliver);
  for (std::size_t b = 0; b < populations_.size(); ++b) advance_block(b, from, to);
  clock.end_phase(times_.update);
  emit(from, to);
  record_generators(from, to);
  clock.end_phase(times_.gather);
}

void shard::advance_block(std::size_t b, step_t from, step_t to) {
  auto& cells = *populations_[b];
  const auto words = static_cast<std::size_t>(padded(cells.ids().count)) / 64;
  auto& bits = spike_bits_[b];
  std::fill(bits.begin() + static_cast<std::ptrdiff_t>(static_cast<std::size_t>(from - interval_begin_) * words),
            bits.begin() + static_cast<std::ptrdiff_t>(static_cast<std::size_t>(to - interval_begin_) * words), 0);
  // A sample needs the state right after its step, so the slice is cut there.
  step_t begin = from;
  for (step_t stamp = from + 1; stamp <= to; ++stamp) {
    if (stamp != to && !samples_at(b, stamp)) continue;
    advance_slice(b, begin, stamp);
    if (samples_at(b, stamp)) sample(b, stamp);
    begin = stamp;
  }
  cells.archive_spikes(from, static_cast<std::uint32_t>(to - from), marks_of(b, from));
}

spike_marks shard::marks_of(std::size_t b, step_t from) {
  const std::size_t lag = static_cast<std::size_t>(from - interval_begin_),
                    cells = padded(populations_[b]->ids().count);
  return {spike_bits_[b].data() + lag * cells / 64,
          spike_counts_[b].empty() ? nullptr : spike_counts_[b].data() + lag * cells};
}

void shard::advance_slice(std::size_t b, step_t from, step_t to) {
  auto& cells = *populations_[b];
  const auto steps = static_cast<std::uint32_t>(to - from);
  const auto& model = cells.model();
  row_pointers_.assign(model.inputs * steps, nullptr);
  arrived_pointers_.assign(model.inputs * steps, nullptr);
  for (std::size_t c = 0; c < model.channels.size(); ++c) {
    const auto& channel = model.channels[c];
    if (channel.member < 0) continue;
    const auto slot = targets_.blocks()[b].channels[c].first_slot;
    const auto point = [&](std::vector<double*>& pointers, std::uint32_t lag, const input_row& row) {
      const auto at = [&](std::int16_t member, double* plane) {
        pointers[static_cast<std::size_t>(member) * steps + lag] = plane == nullptr ? nullptr : plane + slot;
      };
      const auto planes = planes_of(channel.form, row);
      at(channel.member, planes.positive);
      if (channel.member_below_zero >= 0) at(channel.member_below_zero, planes.negative);
    };
    for (std::uint32_t lag = 0; lag < steps; ++lag) {
      point(row_pointers_, lag, rows_.current(static_cast<std::uint32_t>(from - interval_begin_) + lag));
      if (rows_.has_arrivals()) point(arrived_pointers_, lag, rows_.arrived(from + lag));
    }
  }
  const input_view input{row_pointers_.data(), rows_.has_arrivals() ? arrived_pointers_.data() : nullptr};
  cells.advance(from, steps, plan_.seed, input, marks_of(b, from));
}

void shard::emit(step_t from, step_t to) {
  if (from == interval_begin_) batch_.clear();
  for (step_t stamp = from + 1; stamp <= to; ++stamp) {
    const auto lag = static_cast<std::size_t>(stamp - 1 - interval_begin_);
    const auto before = batch_.sources.size();
    for (std::size_t b = 0; b < populations_.size(); ++b) emit_block(b, lag, stamp);
    emit_injected(stamp, before);
    batch_.counts.push_back(static_cast<std::uint32_t>(batch_.sources.size() - before));
  }
}

void shard::emit_block(std::size_t b, std::size_t lag, step_t stamp) {
  auto& cells = *populations_[b];
  const auto& ids = cells.ids();
  const std::size_t words = padded(ids.count) / 64;
  const std::uint64_t* bits = spike_bits_[b].data() + lag * words;
  const double* counts = spike_counts_[b].empty() ? nullptr : spike_counts_[b].data() + lag * words * 64;
  const double resolution_ms = plan_.time.resolution_ms();
  const auto first_line = targets_.blocks()[b].first_line;
  for (std::size_t w = 0; w < words; ++w) {
    for (std::uint64_t rest = bits[w]; rest != 0; rest &= rest - 1) {
      const auto cell = static_cast<std::uint32_t>(w * 64 + static_cast<std::size_t>(std::countr_zero(rest)));
      const auto id = static_cast<std::uint32_t>(ids[cell]);
      const std::uint32_t multiplicity = counts == nullptr ? 1 : static_cast<std::uint32_t>(counts[cell]);
      send(id, multiplicity);
      const auto line = first_line + cell;
      if (history_.is_open(line))
        for (std::uint32_t m = 0; m < multiplicity; ++m) history_.append(line, stamp, tau_minus_[line], resolution_ms);
      for (const auto& mask : taps_.masks(b)) {
        if (mask.samples || !mask.has(cell)) continue;
        auto& recorder = recorders_[mask.recorder];
        if (recorder.listens(stamp)) recorder.spike(stamp, id, multiplicity);
      }
    }
  }
}

void shard::send(std::uint32_t id, std::uint32_t multiplicity) {
  // The column of multiplicities begins with the first spike that is no single one.
  if (multiplicity != 1 || !batch_.multiplicities.empty()) {
    batch_.multiplicities.resize(batch_.sources.size(), 1);
    batch_.multiplicities.push_back(multiplicity);
  }
  batch_.sources.push_back(id);
  times_.spikes += multiplicity;
}

void shard::emit_injected(step_t stamp, std::size_t first) {
  bool sent = false;
  for (std::size_t i = 0; i < stimulators_.size(); ++i) {
    if (!injectors_[i] || !place_.holds(stimulators_[i].id())) continue;
    for (const auto& s : stimulators_[i].emitted(stamp - 1, stamp)) {
      send(static_cast<std::uint32_t>(stimulators_[i].id()), s.multiplicity);
      sent = true;
    }
  }
  if (sent) sort_step(first);
}

void shard::sort_step(std::size_t first) {
  std::vector<std::pair<std::uint32_t, std::uint32_t>> spikes;
  for (std::size_t i = first; i < batch_.sources.size(); ++i)
    spikes.emplace_back(batch_.sources[i], batch_.multiplicities.empty() ? 1 : batch_.multiplicities[i]);
  std::sort(spikes.begin(), spikes.end());
  for (std::size_t i = 0; i < spikes.size(); ++i) {
    batch_.sources[first + i] = spikes[i].first;
    if (!batch_.multiplicities.empty()) batch_.multiplicities[first + i] = spikes[i].second;
  }
}

const spike_batch& shard::close_interval() {
  interval_begin_ += plan_.interval_steps;
  for (auto& r : recorders_) r.flush(plan_.time);
  return batch_;
}

}  // namespace volley::runtime
