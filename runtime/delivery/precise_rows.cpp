#include "runtime/delivery/precise_rows.hpp"

#include <algorithm>

#include "runtime/base/slot_map.hpp"
#include "runtime/delivery/input_forms.hpp"

namespace volley::runtime {
namespace {

history_line line_behind(const plastic_targets& targets, std::uint32_t slot) {
  return history_line(targets.line_of_page[slot / slot_map::page] + slot % slot_map::page);
}

}  // namespace

bool keeps_times(std::span<const segment> row) {
  return std::ranges::any_of(row, [](const segment& r) { return models::facts_of(r.input()).keeps_times; });
}

void precise_rows::spike(connection_store& store, std::uint64_t source, spike_time at, const plastic_targets& targets,
                         const arrival_places& to, weight_tap* tap, std::uint32_t before) {
  const auto row = store.row(source);
  const auto first = store.first_segment(source);
  for (std::size_t k = 0, n = 0; k < row.size(); ++k) {
    const segment& r = row[k];
    const auto* const params = store.parameter_set(store.cohort_of(first + k).parameters).data();
    const auto* const traces = store.traces_of(first + k);
    slots_.resize(r.count);
    sent_.resize(r.count);
    store.slots().read(r.begin, slots_);
    for (std::size_t i = 0; i < r.count; ++i) {
      const auto line = line_behind(targets, slots_[i]);
      double& weight = store.weights()[r.weight + i];
      const double K_minus = model_->reads_targets
                                 ? targets.lines.history->K_minus(
                                       line, at - r.delay(), targets.tau_minus_ms[line.index()], targets.resolution_ms)
                                 : 0;
      const auto after =
          model_->on_pre(params, traces, after_posts(store, first + k, r, weight, line, at, targets), K_minus);
      weight = after.kept;
      sent_[i] = after.sent;
      if (tap != nullptr) tap->transmitted(n++, after.sent);
    }
    const step_t due = at.stamp + r.delay() - 1;
    if (goes_apart(r.input(), at.offset_ms)) {
      const place_apart place(r.input(), to, due, before, at.offset_ms);
      for (std::size_t i = 0; i < r.count; ++i) place.add(input_slot(slots_[i]), sent_[i]);
    } else {
      const auto planes = planes_of(r.input(), to.rows.arrived(due));
      const plastic_piece piece{static_cast<std::uint32_t>(r.count), r.delay(), planes.positive, planes.negative};
      const tile_part part{&piece, piece.count};
      transmission_of(r.input(), before)(&part, 1, slots_.data(), sent_.data());
    }
  }
}

void precise_rows::catch_up(connection_store& store, std::uint64_t source, step_t now,
                            const plastic_targets& targets) const {
  const auto row = store.row(source);
  for (std::size_t k = 0; k < row.size(); ++k)
    for (std::size_t i = 0; i < row[k].count; ++i) {
      double& weight = store.weights()[row[k].weight + i];
      weight = after_posts(store, store.first_segment(source) + k, row[k], weight,
                           line_behind(targets, store.slot(row[k], i).index()), now, targets);
    }
}

// The weight of a connection of segment `number` after the spikes of its target that have reached it since it saw some.
double precise_rows::after_posts(const connection_store& store, std::uint64_t number, const segment& r, double weight,
                                 history_line line, spike_time upto, const plastic_targets& targets) const {
  if (model_->on_post == nullptr) return weight;
  const cohort& c = store.cohort_of(number);
  const auto* const params = store.parameter_set(c.parameters).data();
  const auto& history = *targets.lines.history;
  const spike_time seen = std::max(c.last(), spike_time(store.caught_up()));
  const auto end = history.n_upto(line, upto - r.delay());
  for (auto i = history.n_upto(line, seen - r.delay()); i < end; ++i) {
    const auto arrived = history.time_of(line, i) + r.delay();
    weight =
        model_->on_post(params, store.traces_of(number), arrived.ms_since(c.last(), targets.resolution_ms), weight);
  }
  return weight;
}

}  // namespace volley::runtime
