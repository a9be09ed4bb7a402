// From batches to the calendar and to plastic rows; rows of sums are in delivery_rows.cpp.
#include "runtime/shard/delivery.hpp"

#include <algorithm>
#include <map>
#include <numeric>
#include <optional>

#include "runtime/base/contract.hpp"
#include "runtime/delivery/input_forms.hpp"
#include "runtime/shard/weight_listener.hpp"

namespace volley::runtime {
namespace {

/// How often plastic synapses of silent sources apply what their targets did: the longest time a spike is kept.
constexpr double catch_up_ms = 10000;

/// Of spikes of one time, those of a source beside each other: each learns how many came before it.
void count_repeats(std::vector<travelling_spike>& spikes) {
  for (std::size_t i = 1; i < spikes.size(); ++i)
    if (spikes[i].source == spikes[i - 1].source) spikes[i].before = spikes[i - 1].before + spikes[i - 1].multiplicity;
}

}  // namespace

void delivery::check(std::span<const batch_view> batches) const {
  for (const auto& batch : batches) {
    expects(batch.counts.size() == static_cast<std::size_t>(plan_.interval_steps), "a batch has a count for each step");
    expects(std::reduce(batch.counts.begin(), batch.counts.end(), std::uint64_t{0}) == batch.sources.size(),
            "a batch has the spikes that it counts");
    expects(batch.multiplicities.empty() || batch.multiplicities.size() == batch.sources.size(),
            "each spike of a batch has its multiplicity");
    expects(batch.offsets_ms.empty() || batch.offsets_ms.size() == batch.sources.size(),
            "each spike of a batch has its offset");
  }
}

void delivery::deliver(step_t boundary, std::span<const batch_view> batches) {
  check(batches);
  cells_.histories().forget_decayed();
  for (const auto s : stores_.used())
    if (stores_[s].walked) stores_[s].walked->begin_steps();
  const step_t first = boundary - plan_.interval_steps;
  collected_.assign(batches.size(), 0);
  for (step_t stamp = first + 1; stamp <= boundary; ++stamp) {
    collect(stamp, static_cast<std::size_t>(stamp - first - 1), batches);
    recording_.hear_batches(arriving_, plan_.seed, stamp);
    constexpr std::size_t ahead = 12, cohorts_ahead = 6;
    for (std::size_t i = 0, rows = 0, cohorts = 0; i < arriving_.size(); ++i) {
      for (; rows < std::min(i + ahead, arriving_.size()); ++rows) prefetch_row(arriving_[rows].source);
      for (; cohorts < std::min(i + cohorts_ahead, arriving_.size()); ++cohorts)
        prefetch_cohort(arriving_[cohorts].source);
      send(arriving_[i], stamp);
    }
  }
  delivered_ = injected_ = boundary;
  recording_.end_batches(boundary);
  const auto catch_up_steps = plan_.time.steps_up(catch_up_ms);
  if (boundary / catch_up_steps != first / catch_up_steps) catch_up(boundary);
}

void delivery::prefetch_row(std::uint64_t source) const {
  for (const auto store : stores_.used()) stores_.rows(store).prefetch_row(source);
}

void delivery::prefetch_cohort(std::uint64_t source) const {
  for (const auto store : stores_.used())
    if (stores_.rows(store).has_cohorts()) stores_.rows(store).prefetch_cohort(source);
}

void delivery::collect(step_t stamp, std::size_t lag, std::span<const batch_view> batches) {
  arriving_.clear();
  for (std::size_t b = 0; b < batches.size(); ++b)
    for (auto left = batches[b].counts[lag]; left != 0; --left) arriving_.push_back(batches[b].spike(collected_[b]++));
  if (stamp > injected_) generators_.append_trains(stamp, arriving_);
  for (const auto store : stores_.used())
    for (const auto& spike : arriving_) stores_.rows(store).prefetch_place(spike.source);  // while they are sorted
  std::ranges::stable_sort(arriving_, {}, &travelling_spike::source);
  count_repeats(arriving_);
}

void delivery::inject_trains(step_t after, step_t upto) {
  for (step_t stamp = after + 1; stamp <= upto; ++stamp) {
    arriving_.clear();
    generators_.append_trains(stamp, arriving_);
    count_repeats(arriving_);
    for (const auto& spike : arriving_) send(spike, stamp);
  }
  injected_ = std::max(injected_, upto);
}

void delivery::send(const travelling_spike& spike, step_t stamp) {
  if (recording_.repeats(spike.source)) return send_copies(spike, stamp);
  for (const auto s : stores_.used()) {
    auto& to = stores_[s];
    const auto row = to.rows->row(spike.source);
    if (row.empty()) continue;
    weight_listener* listener = nullptr;
    std::optional<weight_listener> weights;
    if (to.recorder != recorder_ordinal::none() && !generators_.is_generator(spike.source)) {
      weights.emplace(recording_.at(to.recorder), *to.rows, cells_.targets());
      if (weights->listen(spike.source, stamp)) listener = &*weights;
    }
    if (to.plastic)
      send_plastic(to, spike, stamp, listener);
    else if (to.released)
      send_released(s, spike, stamp, listener);
    else if (to.walked)
      send_walked(s, spike, stamp, listener);
    else
      queue(s, row, spike, stamp, listener);
  }
}

// Drawn for each connection, as those of generators are.
void delivery::send_copies(const travelling_spike& spike, step_t stamp) {
  std::map<std::uint64_t, std::uint32_t> seen;  // connections by target
  for (const auto s : stores_.used())
    for (const segment& r : stores_.rows(s).row(spike.source))
      for (std::uint64_t i = 0; i < r.count; ++i) {
        const auto target = cells_.targets().id(stores_.rows(s).slot(r, i), false);
        const auto n = device_inputs::copies(spike, plan_.seed, target, seen[target]++, stamp);
        if (n == 0) continue;
        segment one = r;
        one.begin += i;
        one.count = 1;
        if (r.varied) one.weight += i;
        put(s, one, stamp, factor_of(one.input(), n), 0);
      }
}

void delivery::send_plastic(stores::entry& to, const travelling_spike& spike, step_t stamp, weight_listener* listener) {
  auto& histories = cells_.histories();
  const double resolution_ms = plan_.time.resolution_ms();
  for (std::uint32_t m = 0; m < spike.multiplicity; ++m)
    to.plastic->spike(*to.rows, spike.source, stamp, histories.targets(resolution_ms), {rows_, timed_}, listener,
                      spike.before + m, spike.offset_ms);
}

// Spikes of one step use up what the one before left; their factors are added up.
void delivery::send_released(store_ordinal store, const travelling_spike& spike, step_t stamp,
                             weight_listener* listener) {
  auto& to = stores_[store];
  const auto row = to.rows->row(spike.source);
  released_.assign(row.size(), 0.0);
  for (std::uint32_t m = 0; m < spike.multiplicity; ++m) {
    const auto factors = to.released->spike(*to.rows, spike.source, stamp, plan_.time.resolution_ms(), spike.offset_ms);
    std::size_t n = 0;
    for (std::size_t k = 0; k < row.size(); ++k) {
      released_[k] += factor_of(row[k].input(), 1, factors[k] * spike.weight, spike.before + m, spike.offset_ms);
      if (listener != nullptr)
        for (std::uint64_t i = 0; i < row[k].count; ++i, ++n)
          listener->transmitted(n, to.rows->weight(row[k], i) * factors[k]);
    }
  }
  for (std::size_t k = 0; k < row.size(); ++k) put(store, row[k], stamp, released_[k], spike.offset_ms);
}

void delivery::send_walked(store_ordinal store, const travelling_spike& spike, step_t stamp,
                           weight_listener* listener) {
  auto& to = stores_[store];
  const auto targets = cells_.histories().targets(plan_.time.resolution_ms());
  for (std::uint32_t m = 0; m < spike.multiplicity; ++m)
    to.walked->spike(*to.rows, spike.source, stamp, {plan_.seed, store}, cells_.targets(), targets, {rows_, timed_},
                     listener, spike.before + m, spike.offset_ms);
}

// On the calendar or, where it does not act at the end of a step, at its time.
void delivery::put(store_ordinal store, const segment& r, step_t stamp, double factor, double offset_ms) {
  const step_t due = stamp + r.delay() - 1;
  if (offset_ms == 0 || !models::facts_of(r.input()).keeps_times) return calendar_.push(due, r, store, factor);
  const auto& rows = stores_.rows(store);
  const bool weighs = with_form(r.input(), [](auto f) { return f.weighs; });
  for (std::uint64_t i = 0; i < r.count; ++i)
    timed_.add(due, rows.slot(r, i), offset_ms, weighs ? rows.weight(r, i) * factor : factor);
}

void delivery::queue(store_ordinal store, std::span<const segment> row, const travelling_spike& spike, step_t stamp,
                     weight_listener* listener) {
  const auto& rows = stores_.rows(store);
  std::size_t n = 0;
  const bool leads = stores_.synapse(store).lead >= 0;
  for (std::size_t k = 0; k < row.size(); ++k) {
    const segment& r = row[k];
    const double factor = factor_of(r.input(), spike.multiplicity, spike.weight, spike.before, spike.offset_ms);
    const double lead_ms = leads ? stores_.lead_ms(store, spike.source, k) : 0;
    const double offset_ms = spike.offset_ms + lead_ms, step_ms = plan_.time.resolution_ms();
    if (lead_ms > 0 && offset_ms >= step_ms)
      put(store, r, stamp - 1, factor, offset_ms - step_ms);
    else
      put(store, r, stamp, factor, offset_ms);
    if (listener != nullptr)
      for (std::uint64_t i = 0; i < r.count; ++i, ++n)
        for (std::uint32_t m = 0; m < spike.multiplicity; ++m) listener->transmitted(n, rows.weight(r, i));
  }
}

void delivery::catch_up(step_t now) {
  auto& histories = cells_.histories();
  const auto targets = histories.targets(plan_.time.resolution_ms());
  for (store_ordinal s; s.index() < stores_.size(); ++s)  // those without rows here, too: some may come
    if (stores_[s].plastic) stores_[s].plastic->catch_up(stores_.rows(s), now, targets);
  histories.prune(now + 1 - plan_.max_delay);
}

}  // namespace volley::runtime
