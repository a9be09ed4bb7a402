#include "runtime/delivery/plastic_rows.hpp"

#include <algorithm>
#include <array>

#include "runtime/delivery/input_forms.hpp"
#include "runtime/delivery/precise_rows.hpp"

namespace volley::runtime {
namespace {

void transmit_nothing(const tile_part*, std::uint32_t, const std::uint32_t*, const double*) {}

// Connections of a row that one call takes: segments that stand together in the store, and share parameters, traces and
// form.
struct row_part {
  static constexpr std::size_t most = 256;
  std::size_t begin, end;  // segments
  std::array<plastic_piece, most> pieces;
};

// From segment number `begin` of the row on. A segment for which `alone` holds has a call of its own.
template <class Alone> void next_part(const connection_store& store, std::span<const segment> row, std::uint64_t first,
                                      Alone alone, row_part& part) {
  const auto cohort = store.cohort_index(first + part.begin);
  const bool single = alone(row[part.begin]);
  for (part.end = part.begin; part.end < row.size() && part.end - part.begin < part.most; ++part.end) {
    const segment& r = row[part.end];
    if (part.end != part.begin) {
      const segment& last = row[part.end - 1];
      const bool adjacent = last.begin + last.count == r.begin && last.weight + last.count == r.weight;
      if (single || alone(r) || !adjacent || r.form != last.form || store.cohort_index(first + part.end) != cohort)
        return;
    }
    const std::uint32_t count = r.count;
    part.pieces[part.end - part.begin] = {count, r.delay(), nullptr, nullptr};
  }
}

// From the spikes of their targets that they have seen up to those that reach them at step `now`.
plastic_call call_for(connection_store& store, std::span<const segment> row, std::uint64_t first, const row_part& part,
                      step_t now, const plastic_targets& targets) {
  const segment &front = row[part.begin], &back = row[part.end - 1];
  const cohort& c = store.cohort_of(first + part.begin);
  const auto& slots = store.slots();
  plastic_call call{};
  call.count = static_cast<std::uint32_t>(back.begin + back.count - front.begin);
  call.pieces = part.pieces.data();
  if (slots.wide())
    call.wide_slots = slots.wide_data() + front.begin;
  else
    call.narrow_slots = slots.narrow_data() + front.begin;
  call.weights = store.weights() + front.weight;
  call.params = store.parameter_set(c.parameters).data();
  call.traces = store.traces_of(first + part.begin);
  call.targets = &targets;
  call.after = std::max(c.last_spike, store.caught_up());
  call.upto = now;
  call.pre = c.last_spike;
  return call;
}

std::size_t connections_of(std::span<const segment> row) {
  std::size_t count = 0;
  for (const segment& r : row) count += r.count;
  return count;
}

}  // namespace

void plastic_rows::spike(connection_store& store, std::uint64_t source, step_t stamp, const plastic_targets& targets,
                         const arrival_places& to, weight_tap* tap, std::uint32_t before, double offset_ms) {
  const auto row = store.row(source);
  if (row.empty()) return;
  const auto first = store.first_segment(source);
  const bool decays = targets.decayed != nullptr && model_->reads_targets;
  const auto needs_most_targets = [&](const segment& r) { return decays && 2 * r.count >= targets.n_lines; };
  if (model_->sends_apart) sent_.resize(connections_of(row));
  std::size_t done = 0;
  row_part part;
  for (part.begin = 0; part.begin < row.size(); part.begin = part.end) {
    next_part(store, row, first, needs_most_targets, part);
    plastic_call call = call_for(store, row, first, part, stamp, targets);
    call.spikes = true;
    const auto form = row[part.begin].input();
    const bool apart = goes_apart(form, offset_ms);
    call.transmit = apart ? transmit_nothing : transmission_of(form, before);
    if (model_->sends_apart) call.sent = sent_.data() + done;
    done += call.count;
    for (std::size_t i = 0; i < part.end - part.begin; ++i) {
      const auto planes = planes_of(form, to.rows.arrived(stamp + part.pieces[i].delay - 1));
      part.pieces[i].positive = planes.positive;
      part.pieces[i].negative = planes.negative;
    }
    if (needs_most_targets(row[part.begin])) call.K_minus = decayed(targets, stamp - part.pieces[0].delay);
    go_through(store, row[part.begin], store.cohort_of(first + part.begin), call, offset_ms);
    if (apart)
      send_apart(store, row.subspan(part.begin, part.end - part.begin), call.sent, stamp, to, before, offset_ms);
  }
  if (tap != nullptr) {
    std::size_t n = 0;
    for (const segment& r : row)
      for (std::uint64_t i = 0; i < r.count; ++i, ++n)
        tap->transmitted(n, model_->sends_apart ? sent_[n] : store.weights()[r.weight + i]);
  }
  advance_cohorts(store, source, stamp, offset_ms, targets.resolution_ms);
}

// Loops know steps alone.
void plastic_rows::go_through(const connection_store& store, const segment& front, const cohort& c,
                              const plastic_call& call, double offset_ms) const {
  if (!front.keeps_times()) return loop_(call);
  go_through_times(*model_, call,
                   {c.last(), std::max(c.last(), spike_time(store.caught_up())), {call.upto, offset_ms}});
}

// Where an offset matters, connection by connection.
void plastic_rows::send_apart(const connection_store& store, std::span<const segment> part, const double* sent,
                              step_t stamp, const arrival_places& to, std::uint32_t before, double offset_ms) const {
  for (const segment& r : part) {
    const place_apart place(r.input(), to, stamp + r.delay() - 1, before, offset_ms);
    for (std::uint64_t i = 0; i < r.count; ++i)
      place.add(store.slot(r, i), sent != nullptr ? *sent++ : store.weights()[r.weight + i]);
  }
}

const double* plastic_rows::decayed(const plastic_targets& targets, step_t upto) const {
  decayed_lines& kept = *targets.decayed;
  if (kept.step != upto) {
    kept.K_minus.resize(targets.n_lines);
    decay_(targets, upto, kept.K_minus.data());
    kept.step = upto;
  }
  return kept.K_minus.data();
}

void plastic_rows::advance_cohorts(connection_store& store, std::uint64_t source, step_t stamp, double offset_ms,
                                   double resolution_ms) {
  const auto row = store.row(source);
  const auto first = store.first_segment(source);
  cohorts_.visit(store, first, row.size(), [&](std::uint32_t k, cohort& c) {
    const auto at = row[k].time_of(stamp, offset_ms);
    model_->after_pre(store.parameter_set(c.parameters).data(), store.traces_of(first + k),
                      at.ms_since(c.last(), resolution_ms));
    c.spiked(at);
  });
}

void plastic_rows::catch_up(connection_store& store, step_t now, const plastic_targets& targets) const {
  if (!model_->reads_targets) return;
  for (std::uint64_t source = 0; source < store.source_limit(); ++source) {
    const auto row = store.row(source);
    const auto first = store.first_segment(source);
    row_part part;
    for (part.begin = 0; part.begin < row.size(); part.begin = part.end) {
      next_part(
          store, row, first, [](const segment&) { return false; }, part);
      const plastic_call call = call_for(store, row, first, part, now, targets);
      go_through(store, row[part.begin], store.cohort_of(first + part.begin), call, 0);
    }
  }
  store.set_caught_up(now);
}

std::optional<plastic_rows> plastic_rows_of(const models::synapse_model& model, const loop_set& loops) {
  if (!model.plastic) return std::nullopt;
  return plastic_rows(model, loop_of(model, loops), loops.decay);
}

}  // namespace volley::runtime
