#include "runtime/device_terms.hpp"

#include <algorithm>
#include <map>

#include "models/core/random.hpp"
#include "runtime/calendar.hpp"

namespace volley::runtime {
namespace {

constexpr std::uint32_t steps_per_draw = 4;  // one Philox block serves a target for four steps

std::uint32_t low(std::uint64_t x) { return static_cast<std::uint32_t>(x); }
std::uint32_t high(std::uint64_t x) { return static_cast<std::uint32_t>(x >> 32); }

models::random_key key_of(const stimulator& device, std::uint32_t seed) {
  return {seed, models::purpose::generator_connection, low(device.id)};
}

models::random_words words_of(models::random_key key, std::uint64_t target, std::uint32_t multapse, std::uint64_t block) {
  return models::draw(key, {low(target), low(block), high(block), multapse});
}

}  // namespace

std::uint32_t generator_word(const stimulator& device, std::uint32_t seed, std::uint64_t target, std::uint32_t multapse, step_t emission) {
  const auto block = static_cast<std::uint64_t>(emission) / steps_per_draw;
  return words_of(key_of(device, seed), target, multapse, block)[static_cast<std::size_t>(emission) % steps_per_draw];
}

void device_terms::rebuild(const term_context& c, step_t now) {
  std::map<key, step_t> known;
  const auto key_of_term = [](const device_term& t) {
    return key{t.device, t.store, static_cast<std::uint32_t>(t.segment.delay_steps), t.multapse, static_cast<std::uint32_t>(t.segment.form)};
  };
  for (const auto& t : terms_) known.emplace(key_of_term(t), t.first_due);
  terms_.clear();
  std::map<std::uint64_t, std::uint32_t> seen;  // connections of one generator by slot
  for (std::uint32_t d = 0; d < c.devices.size(); ++d) {
    if (c.devices[d].train() != nullptr) continue;
    seen.clear();
    for (std::uint32_t s = 0; s < c.stores.size(); ++s) {
      for (const run& r : c.stores[s]->row(c.devices[d].id)) {
        // Cut the run where the multapse number changes.
        for (std::uint64_t i = 0; i < r.count;) {
          const auto number = [&](std::uint64_t at) {
            const auto slot = c.stores[s]->slot(r, at);
            return seen[std::uint64_t{r.form} << 32 | slot]++;
          };
          device_term t{d, s, r, number(i), 0};
          std::uint64_t end = i + 1;
          while (end < r.count) {
            const auto slot = std::uint64_t{r.form} << 32 | c.stores[s]->slot(r, end);
            const auto next = seen.find(slot);
            if ((next == seen.end() ? 0 : next->second) != t.multapse) break;
            number(end++);
          }
          t.segment.begin = r.begin + i;
          t.segment.count = end - i;
          if (r.varied) t.segment.weight = r.weight + i;
          const auto old = known.find(key_of_term(t));
          t.first_due = old != known.end() ? old->second : now + static_cast<step_t>(r.delay_steps);
          terms_.push_back(t);
          i = end;
        }
      }
    }
  }
  draws_.assign(terms_.size(), {});
}

void device_terms::add(const term_context& c, step_t due, const input_row& row) {
  for (std::size_t i = 0; i < terms_.size(); ++i)
    if (due >= terms_[i].first_due) add_term(c, i, due, row);
}

void device_terms::spill(const term_context& c, step_t now, const std::function<input_row(step_t due)>& row_of) {
  for (std::size_t i = 0; i < terms_.size(); ++i) {
    const auto delay = static_cast<step_t>(terms_[i].segment.delay_steps);
    for (step_t due = std::max(now, terms_[i].first_due); due < now + delay; ++due) add_term(c, i, due, row_of(due));
    terms_[i].first_due = std::max(terms_[i].first_due, now + delay);
  }
}

void device_terms::add_term(const term_context& c, std::size_t term, step_t due, const input_row& row) {
  const device_term& t = terms_[term];
  const stimulator& device = c.devices[t.device];
  const step_t emission = due - static_cast<step_t>(t.segment.delay_steps);
  const connection_store& store = *c.stores[t.store];
  if (const auto* poisson = std::get_if<poisson_source>(&device.source)) {
    if (device.frozen || poisson->spikes_per_step == 0 || !device.window.contains(emission + 1)) return;
    add_poisson(c, term, table(poisson->spikes_per_step), emission, row);
    return;
  }
  if (!current_is_active(device, emission)) return;
  const auto* noise = std::get_if<noise_source>(&device.source);
  if (noise != nullptr && noise->params.std > 0) {
    add_noise(c, t, *noise, emission, row);
    return;
  }
  const double current = shared_current(device, emission);
  if (current != 0) deliver(t.segment, store, current, row);
}

void device_terms::add_poisson(const term_context& c, std::size_t term, const models::poisson_table& table, step_t emission,
                               const input_row& row) {
  const device_term& t = terms_[term];
  const connection_store& store = *c.stores[t.store];
  auto& drawn = draws_[term];
  const auto n = static_cast<std::size_t>(t.segment.count);
  const auto block = static_cast<std::uint64_t>(emission) / steps_per_draw;
  if (drawn.block != block || drawn.words.empty()) {
    drawn.words.resize(n * steps_per_draw);
    if (drawn.targets.empty())
      for (std::size_t i = 0; i < n; ++i) drawn.targets.push_back(low(c.id_of_slot(store.slot(t.segment, i), false)));
    const auto key = key_of(c.devices[t.device], c.seed);
    for (std::size_t i = 0; i < n; ++i) {
      const auto words = words_of(key, drawn.targets[i], t.multapse, block);
      for (std::uint32_t w = 0; w < steps_per_draw; ++w) drawn.words[w * n + i] = words[w];
    }
    drawn.block = block;
  }
  const std::uint32_t* words = drawn.words.data() + static_cast<std::size_t>(emission) % steps_per_draw * n;
  add_counts(t.segment, store, table, words, row);
}

void device_terms::add_noise(const term_context& c, const device_term& t, const noise_source& noise, step_t emission,
                             const input_row& row) {
  const connection_store& store = *c.stores[t.store];
  const stimulator& device = c.devices[t.device];
  // A new value every period, counted from the first active update.
  const step_t since = emission - std::max<step_t>(0, device.window.after - 1);
  const step_t drawn_at = emission - since % noise.period_steps;
  const double deviation = devices::noise_generator::deviation(noise.params, c.time.to_ms(drawn_at + 1));
  const auto key = key_of(device, c.seed);
  for (std::uint64_t i = 0; i < t.segment.count; ++i) {
    const auto slot = store.slot(t.segment, i);
    const auto words = words_of(key, c.id_of_slot(slot, true), t.multapse, static_cast<std::uint64_t>(drawn_at));
    row.current[slot] += store.weight(t.segment, i) * (noise.params.mean + deviation * models::standard_normals(words).first);
  }
}

namespace {

template <class Slot, class WeightOf>
void add_drawn(const Slot* slots, std::size_t n, const models::poisson_table& table, const std::uint32_t* words,
               WeightOf&& weight_of, double* positive, double* negative) {
  for (std::size_t i = 0; i < n; ++i) {
    const double amount = weight_of(i) * static_cast<double>(table(std::uint64_t{words[i]} << 32));
    (amount < 0 ? negative : positive)[slots[i]] += amount;
  }
}

template <class Slot>
void add_drawn(const run& r, const Slot* slots, const connection_store& store, const models::poisson_table& table,
               const std::uint32_t* words, const input_row& row) {
  const auto n = static_cast<std::size_t>(r.count);
  double* const negative = r.input() == input_form::by_sign ? row.negative : row.positive;
  if (r.input() == input_form::count) {
    add_drawn(slots + r.begin, n, table, words, [](std::size_t) { return 1.0; }, row.positive, row.positive);
  } else if (r.varied) {
    const double* weights = store.weights() + r.weight;
    add_drawn(slots + r.begin, n, table, words, [=](std::size_t i) { return weights[i]; }, row.positive, negative);
  } else {
    const double weight = store.shared_weight(r.weight);
    add_drawn(slots + r.begin, n, table, words, [=](std::size_t) { return weight; }, row.positive, negative);
  }
}

}  // namespace

void add_counts(const run& r, const connection_store& store, const models::poisson_table& table, const std::uint32_t* words,
                const input_row& row) {
  if (store.slots().wide()) add_drawn(r, store.slots().wide_data(), store, table, words, row);
  else add_drawn(r, store.slots().narrow_data(), store, table, words, row);
}

const models::poisson_table& device_terms::table(double mean) {
  for (const auto& [known, table] : tables_)
    if (known == mean) return table;
  return tables_.emplace_back(mean, models::poisson_table(mean)).second;
}

}  // namespace volley::runtime
