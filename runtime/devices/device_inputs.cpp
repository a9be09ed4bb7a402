#include "runtime/devices/device_inputs.hpp"

#include <algorithm>
#include <utility>

#include "models/core/bulk_draws.hpp"
#include "models/core/distributions.hpp"
#include "models/core/random.hpp"
#include "runtime/base/halves.hpp"
#include "runtime/delivery/calendar.hpp"
#include "runtime/delivery/input_forms.hpp"

namespace volley::runtime {
namespace {

constexpr std::uint32_t steps_per_draw = 4;  // one Philox block serves a target for four steps

models::random_key key_of(std::uint64_t device, std::uint32_t seed) {
  return {seed, models::purpose::generator_connection, low_half(device)};
}
models::random_key key_of(const stimulator& device, std::uint32_t seed) { return key_of(device.id(), seed); }

constexpr std::uint64_t of_no_node = 0;

models::random_words words_of(models::random_key key, std::uint64_t target, std::uint32_t multapse,
                              std::uint64_t block) {
  return models::draw(key, {low_half(target), low_half(block), high_half(block), multapse});
}

/// The word of one connection and update, of numbers of spikes.
std::uint32_t word_of(models::random_key key, std::uint64_t target, std::uint32_t multapse, step_t emission) {
  const auto at = static_cast<std::uint64_t>(emission);
  return words_of(key, target, multapse, at / steps_per_draw)[at % steps_per_draw];
}

/// How many of n spikes that all connections share reach one of them.
std::uint32_t copies_of(std::uint32_t n, double p, models::random_key key, std::uint64_t target, std::uint32_t multapse,
                        step_t emission) {
  if (n == 0 || p == 1) return n;
  return static_cast<std::uint32_t>(models::binomial(n, p, word_of(key, target, multapse, emission) * 0x1p-32));
}

}  // namespace

std::uint32_t device_inputs::copies(const travelling_spike& spikes, std::uint32_t seed, std::uint64_t target,
                                    std::uint32_t multapse, step_t stamp) {
  return copies_of(spikes.multiplicity, spikes.offset_ms, key_of(spikes.source, seed), target, multapse, stamp - 1);
}

std::uint32_t device_inputs::number(const stimulator& device, std::uint32_t seed, std::uint64_t target,
                                    std::uint32_t multapse, double mean, step_t emission) {
  const auto word = word_of(key_of(device, seed), target, multapse, emission);
  return tables_.number(mean, word, inputs_.size());
}

std::uint32_t device_inputs::count(const stimulator& device, std::uint32_t seed, std::uint64_t target,
                                   std::uint32_t multapse, step_t emission) {
  const double mean = device.mean_count(emission);
  if (mean == 0) return 0;
  if (!device.is_shared()) return number(device, seed, target, multapse, mean, emission);
  const auto n = number(device, seed, of_no_node, 0, mean, emission);
  return copies_of(n, device.copy_probability(), key_of(device, seed), target, multapse, emission);
}

std::uint32_t device_inputs::heard(stimulator_ordinal position, const stimulator& device, std::uint32_t seed,
                                   std::uint64_t recorder, std::uint32_t multapse, step_t emission) {
  if (!device.has_trains()) return count(device, seed, recorder, multapse, emission);
  return trains_.step({position, low_half(recorder), multapse}, device, seed, emission);
}

void device_inputs::rebuild(const device_input_context& c, step_t now) {
  std::map<key, step_t> known;
  const auto key_of_input = [](const device_input& t) {
    return key{t.device, t.store, static_cast<std::uint32_t>(t.connections.delay_steps), t.multapse,
               static_cast<std::uint32_t>(t.connections.form)};
  };
  for (const auto& t : inputs_) known.emplace(key_of_input(t), t.first_due);
  inputs_.clear();
  for (stimulator_ordinal d; d.index() < c.devices.size(); ++d)
    if (!c.devices[d].is_known_everywhere()) read_rows(c, d);
  for (auto& t : inputs_) {
    const auto old = known.find(key_of_input(t));
    t.first_due = old != known.end() ? old->second : now + t.connections.delay();
  }
  draws_.assign(inputs_.size(), {});
  trains_.rebuild(connections_with_trains(c), c.devices);
}

std::vector<generator_trains::connections> device_inputs::connections_with_trains(const device_input_context& c) const {
  const auto has_trains = [&](const device_input& t) { return c.devices[t.device].has_trains(); };
  std::vector<generator_trains::connections> all;
  if (std::ranges::none_of(inputs_, has_trains)) return all;
  for (const auto& t : inputs_) {
    auto& of = all.emplace_back();
    if (has_trains(t)) of = {t.device, t.multapse, targets_of(c, t)};
  }
  return all;
}

void device_inputs::read_rows(const device_input_context& c, stimulator_ordinal device) {
  std::map<std::uint64_t, std::uint32_t> seen;  // connections of the generator by target
  for (store_ordinal s; s.index() < c.stores.size(); ++s)
    for (const segment& r : c.stores[s]->row(c.devices[device].id())) {
      const bool currents = models::facts_of(r.input()).is_current;
      const auto slot = [&](std::uint64_t at) { return c.stores[s]->slot(r, at); };
      const auto connections_to_target = [&](std::uint64_t at) -> std::uint32_t& {
        return seen[c.id_of_slot(slot(at), currents)];
      };
      // Cut the segment where the multapse number changes.
      for (std::uint64_t i = 0, end = 0; i < r.count; i = end) {
        device_input t{device, s, r, connections_to_target(i)++, true, 0};
        for (end = i + 1; end < r.count; ++end) {
          auto& next = connections_to_target(end);
          if (next != t.multapse) break;
          ++next;
          t.consecutive &= slot(end) == slot(end - 1) + 1;
        }
        t.connections.begin = r.begin + i;
        t.connections.count = end - i;
        if (r.varied) t.connections.weight = r.weight + i;
        inputs_.push_back(t);
      }
    }
}

std::vector<std::uint32_t> device_inputs::targets_of(const device_input_context& c, const device_input& t) {
  const bool currents = models::facts_of(t.connections.input()).is_current;
  std::vector<std::uint32_t> targets;
  targets.reserve(t.connections.count);
  for (std::size_t i = 0; i < t.connections.count; ++i)
    targets.push_back(low_half(c.id_of_slot(c.stores[t.store]->slot(t.connections, i), currents)));
  return targets;
}

bool device_inputs::has_trains_of_inputs() const {
  bool all = trains_.n_inputs() == inputs_.size() || trains_.n_inputs() == 0;
  for (std::size_t i = 0; i < trains_.n_inputs() && all; ++i)
    all = trains_.n_targets(i) == 0 || trains_.n_targets(i) == inputs_[i].connections.count;
  return all;
}

void device_inputs::add(const device_input_context& c, step_t due, const input_row& row) {
  for (std::size_t i = 0; i < inputs_.size(); ++i)
    if (due >= inputs_[i].first_due) add_input(c, i, due, row);
}

void device_inputs::spill(const device_input_context& c, step_t now,
                          const std::function<input_row(step_t due)>& row_of) {
  for (std::size_t i = 0; i < inputs_.size(); ++i) {
    const step_t delay = inputs_[i].connections.delay();
    for (step_t due = std::max(now, inputs_[i].first_due); due < now + delay; ++due) add_input(c, i, due, row_of(due));
    inputs_[i].first_due = std::max(inputs_[i].first_due, now + delay);
  }
}

void device_inputs::add_input(const device_input_context& c, std::size_t input, step_t due, const input_row& row) {
  const device_input& t = inputs_[input];
  const stimulator& device = c.devices[t.device];
  const step_t emission = due - t.connections.delay();
  const connection_store& store = *c.stores[t.store];
  if (device.has_trains()) {
    const auto counts = trains_.step(input, device, c.seed, emission);
    if (!trains_.times().empty() && models::facts_of(t.connections.input()).keeps_times)
      add_times(c, t, due, row);
    else if (!counts.empty())
      add_counts(t.connections, t.consecutive, store, counts, row);
  } else if (const double mean = device.mean_count(emission); mean > 0) {
    if (!device.is_shared())
      add_poisson(c, input, mean, emission, row);
    else
      add_copies(c, input, number(device, c.seed, of_no_node, 0, mean, emission), emission, row);
  } else if (device.current_is_active(emission)) {
    const auto drawn = device.drawn_current(emission);
    if (drawn.deviation > 0)
      add_noise(c, t, drawn, row);
    else if (drawn.mean != 0)
      deliver(t.connections, store, drawn.mean, row);
  }
}

void device_inputs::add_times(const device_input_context& c, const device_input& t, step_t due, const input_row& row) {
  const auto form = t.connections.input();
  const auto planes = planes_of(form, row);
  for (const auto& [train, offset_ms] : trains_.times()) {
    const auto slot = c.stores[t.store]->slot(t.connections, train);
    const double amount = factor_of(form, 1, c.stores[t.store]->weight(t.connections, train));
    if (offset_ms != 0)
      c.timed->add(due, slot, offset_ms, amount);
    else
      (amount < 0 ? planes.negative : planes.positive)[slot.index()] += amount;
  }
}

void device_inputs::add_copies(const device_input_context& c, std::size_t input, std::uint32_t n, step_t emission,
                               const input_row& row) {
  if (n == 0) return;
  const device_input& t = inputs_[input];
  const stimulator& device = c.devices[t.device];
  const double p = device.copy_probability();
  if (p == 1) {
    deliver(t.connections, *c.stores[t.store], factor_of(t.connections.input(), n), row);
    return;
  }
  auto& drawn = draws_[input];
  if (drawn.targets.empty()) drawn.targets = targets_of(c, t);
  drawn.counts.resize(drawn.targets.size());
  for (std::size_t i = 0; i < drawn.targets.size(); ++i)
    drawn.counts[i] =
        static_cast<std::int32_t>(copies_of(n, p, key_of(device, c.seed), drawn.targets[i], t.multapse, emission));
  add_counts(t.connections, t.consecutive, *c.stores[t.store], drawn.counts, row);
}

void device_inputs::add_poisson(const device_input_context& c, std::size_t input, double mean, step_t emission,
                                const input_row& row) {
  const device_input& t = inputs_[input];
  auto& drawn = draws_[input];
  const std::size_t n = t.connections.count;
  const auto block = static_cast<std::uint64_t>(emission) / steps_per_draw;
  if (drawn.targets.empty()) {
    constexpr std::size_t tile = models::blocks_per_tile;
    drawn.targets = targets_of(c, t);
    drawn.targets.resize((n + tile - 1) / tile * tile, drawn.targets.front());
    drawn.counts.resize(drawn.targets.size() * steps_per_draw);
  }
  if (drawn.block != block || drawn.mean != mean) {
    models::poisson_numbers(key_of(c.devices[t.device], c.seed), drawn.targets,
                            {low_half(block), high_half(block), t.multapse}, tables_.of(mean, inputs_.size()),
                            drawn.counts);
    drawn.block = block;
    drawn.mean = mean;
  }
  const auto step = static_cast<std::size_t>(emission) % steps_per_draw;
  add_counts(t.connections, t.consecutive, *c.stores[t.store],
             std::span(drawn.counts).subspan(step * drawn.targets.size(), n), row);
}

void device_inputs::add_noise(const device_input_context& c, const device_input& t, const models::normal_draw& drawn,
                              const input_row& row) {
  const connection_store& store = *c.stores[t.store];
  const auto key = key_of(c.devices[t.device], c.seed);
  for (std::uint64_t i = 0; i < t.connections.count; ++i) {
    const auto slot = store.slot(t.connections, i);
    const auto words = words_of(key, c.id_of_slot(slot, true), t.multapse, static_cast<std::uint64_t>(drawn.update));
    row.current[slot.index()] +=
        store.weight(t.connections, i) * (drawn.mean + drawn.deviation * models::standard_normals(words).first);
  }
}

namespace {

/// Adds to the slots the amount that `weight_of(i)` and the number of its spikes say of connection i.
template <class F, class WeightOf, class Number> void scatter(const segment& r, const connection_store& store,
                                                              std::size_t n, const row_planes& planes,
                                                              WeightOf&& weight_of, Number&& number) {
  const auto add = [&](const auto* slots) {
    for (std::size_t i = 0; i < n; ++i) add_amount<F>(planes, slots[i], weight_of(i) * number(i), number(i));
  };
  if (store.slots().wide())
    add(store.slots().wide_data() + r.begin);
  else
    add(store.slots().narrow_data() + r.begin);
}

template <class F> void add_counts_of(const segment& r, bool consecutive, const connection_store& store,
                                      std::span<const std::int32_t> counts, const row_planes& planes) {
  const double weight = !F::weighs ? 1.0 : r.varied ? 0.0 : store.shared_weight(r.weight);
  if (F::is_additive && consecutive && (!F::weighs || !r.varied) && !models::facts_of(F::name).counts) {
    // An amount of -0 on the other plane changes no sum.
    models::add_scaled(counts, weight, (weight < 0 ? planes.negative : planes.positive) + store.slot(r, 0).index());
    return;
  }
  const auto number = [&](std::size_t i) {
    const double count = static_cast<double>(counts[i]);
    return F::is_additive ? count : F::factor(count, 1, 0, 0);
  };
  if (F::weighs && r.varied) {
    const double* const weights = store.weights() + r.weight;
    scatter<F>(
        r, store, counts.size(), planes, [=](std::size_t i) { return weights[i]; }, number);
  } else {
    scatter<F>(
        r, store, counts.size(), planes, [=](std::size_t) { return weight; }, number);
  }
}

}  // namespace

void add_counts(const segment& r, bool consecutive, const connection_store& store, std::span<const std::int32_t> counts,
                const input_row& row) {
  with_form(r.input(),
            [&](auto form) { add_counts_of<decltype(form)>(r, consecutive, store, counts, form.planes(row)); });
}

}  // namespace volley::runtime
