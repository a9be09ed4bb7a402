#include "runtime/delivery/walked_rows.hpp"

#include <algorithm>
#include <array>
#include <span>

#include "models/core/bulk_draws.hpp"
#include "runtime/base/halves.hpp"
#include "runtime/delivery/input_forms.hpp"

namespace volley::runtime {
namespace {

using models::purpose;
using models::random_words;

/// Adds what some connections send to the rows of their form, behind so many spikes of the same source and time.
void add(input_form form, const input_row& row, std::span<const std::uint32_t> slots,
         std::span<const std::uint32_t> senders, std::span<const double> amounts, std::uint32_t before) {
  with_form(form, [&](auto f) {
    using F = decltype(f);
    const auto planes = F::planes(row);
    for (std::size_t i = 0; i < senders.size(); ++i)
      add_amount<F>(planes, slots[senders[i]], F::factor(1, amounts[i], before, 0), 1);
  });
}

}  // namespace

struct walked_rows::part {
  static constexpr std::uint32_t most = 256;
  std::uint32_t count = 0, n_pieces = 0;
  std::array<piece, most> pieces;
  std::array<std::uint32_t, most> slots, targets, multapses, senders;
  std::array<double, most> amounts;

  void take(const connection_store& store, std::span<const segment> row, piece& next);
};

void walked_rows::spike(connection_store& store, std::uint64_t source, step_t stamp, draw_key key,
                        const target_lookup& lookup, const plastic_targets& targets, const arrival_places& to,
                        weight_tap* tap, std::uint32_t before, double offset_ms) {
  const auto row = store.row(source);
  if (row.empty()) return;
  share(store, source, stamp, offset_ms, targets.resolution_ms);
  const random_words of_spike = words_of(source, stamp, key);
  if (counts_.size() < targets.n_lines || ++rows_walked_ == 0) {
    counts_.assign(targets.n_lines, 0);
    rows_walked_ = 1;
  }
  part some;
  std::size_t done = 0;
  for (piece next{}; next.segment < row.size(); done += some.count) {
    some.take(store, row, next);
    name(some, lookup, targets);
    draw(some, of_spike);
    for (const piece& here : std::span(some.pieces).first(some.n_pieces)) {
      const segment& r = row[here.segment];
      const auto sent = send(some, store, r, here);
      const auto senders = std::span(some.senders).first(sent);
      const auto amounts = std::span(some.amounts).first(sent);
      const auto slots = std::span(some.slots).subspan(here.begin);
      const step_t due = stamp + r.delay() - 1;
      if (goes_apart(r.input(), offset_ms)) {
        const place_apart place(r.input(), to, due, before, offset_ms);
        for (std::uint32_t i = 0; i < sent; ++i) place.add(input_slot(slots[senders[i]]), amounts[i]);
      } else {
        add(r.input(), to.rows.arrived(due), slots, senders, amounts, before);
      }
      for (std::uint32_t i = 0; tap != nullptr && i < sent; ++i)
        tap->transmitted(done + here.begin + senders[i], amounts[i]);
    }
  }
}

/// By which draws of this spike are told from those of others.
random_words walked_rows::words_of(std::uint64_t source, step_t stamp, draw_key key) {
  const bool again = last_.source == source && last_.stamp == stamp;
  last_ = {source, stamp, again ? last_.number + 1 : 0};
  const auto step = static_cast<std::uint64_t>(stamp);
  return models::draw({key.seed, purpose::row_spike, key.store.index()},
                      {low_half(source), low_half(step), high_half(step), last_.number});
}

/// What the connections of each cohort share at the spike.
void walked_rows::share(connection_store& store, std::uint64_t source, step_t stamp, double offset_ms,
                        double resolution_ms) {
  const auto first = store.first_segment(source);
  const auto row = store.row(source);
  chances_.resize(row.size() * model_->n_chances);
  cohorts_.visit(store, first, row.size(), [&](std::uint32_t k, cohort& c) {
    const auto at = row[k].time_of(stamp, offset_ms);
    const double since_last_ms = at.ms_since(c.last(), resolution_ms);
    model_->at_spike(store.parameter_set(c.parameters).data(), store.traces_of(first + k), since_last_ms,
                     c.last_spike == 0, chances_.data() + k * model_->n_chances);
    c.spiked(at);
  });
}

/// The next connections of the row.
void walked_rows::part::take(const connection_store& store, std::span<const segment> row, piece& next) {
  count = n_pieces = 0;
  while (next.segment < row.size() && count < most) {
    const segment& r = row[next.segment];
    const auto left = static_cast<std::uint32_t>(r.count) - next.first;
    next.begin = count;
    next.count = std::min(left, most - count);
    store.slots().read(r.begin + next.first, std::span(slots).subspan(next.begin, next.count));
    pieces[n_pieces++] = next;
    count += next.count;
    const bool ends = next.count == left;
    next.segment += ends;
    next.first = ends ? 0 : next.first + next.count;
  }
}

/// The targets of a part, and which of the row's connections with its target each is.
void walked_rows::name(part& some, const target_lookup& lookup, const plastic_targets& targets) {
  const auto slots = std::span(some.slots).first(some.count);
  lookup.ids(slots, false, std::span(some.targets).first(some.count));
  const auto unseen = std::uint64_t{rows_walked_} << 32;
  for (std::uint32_t i = 0; i < some.count; ++i) {
    auto& count = counts_[targets.line_of_page[slots[i] / slot_map::page] + slots[i] % slot_map::page];
    count = std::max(count, unseen);
    some.multapses[i] = low_half(count++);
  }
}

void walked_rows::draw(const part& some, const random_words& of_spike) {
  uniforms_.resize(model_->n_draws * part::most);
  const models::random_key key{of_spike[0], purpose::connection_spike, of_spike[1]};
  for (std::uint32_t d = 0; d < model_->n_draws; ++d)
    models::uniform_numbers(key, {{some.targets.data(), some.multapses.data(), &of_spike[2]}, {true, true, false}, d},
                            std::span(uniforms_).subspan(d * part::most, some.count));
}

/// Returns how many of the piece send.
std::uint32_t walked_rows::send(part& some, connection_store& store, const segment& r, const piece& here) const {
  models::walk_call call{};
  call.chances = chances_.data() + std::size_t{cohorts_.first_of(here.segment)} * model_->n_chances;
  call.count = here.count;
  call.shares_weight = r.varied == 0;
  const double shared = call.shares_weight ? store.shared_weight(r.weight) : 0;
  call.weights = call.shares_weight ? &shared : store.weights() + r.weight + here.first;
  call.variables = store.variables_at(r.begin + here.first);
  call.uniforms = uniforms_.data() + here.begin;
  call.uniform_stride = part::most;
  call.senders = some.senders.data();
  call.amounts = some.amounts.data();
  return model_->walk(call);
}

std::optional<walked_rows> walked_rows_of(const models::synapse_model& model) {
  if (model.walk == nullptr) return std::nullopt;
  return walked_rows(model);
}

}  // namespace volley::runtime
