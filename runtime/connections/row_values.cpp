#include "runtime/connections/row_values.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <numeric>
#include <utility>

namespace volley::runtime {
namespace {

bool is_array(const connection_number& number) {
  return std::holds_alternative<std::shared_ptr<const std::vector<double>>>(number);
}

}  // namespace

projection_values::projection_values(const projection& p, const target_lookup& targets, const time_grid& time)
    : p_(p),
      targets_(targets),
      time_(time),
      weight_(p, p.weight, weight_leaf),
      delay_(p, p.delay_ms, delay_leaf),
      geometry_(geometry_for(p)) {
  const auto note = [this](const connection_number& number) {
    has_arrays_ = has_arrays_ || is_array(number);
    draws_ = draws_ || std::holds_alternative<parameter_ref>(number);
  };
  note(p.weight);
  note(p.delay_ms);
  for (std::size_t i = 0; i < p.parameters.size(); ++i) {
    const auto& number = p.parameters[i].second;
    parameters_.emplace_back(p, number, first_parameter_leaf + static_cast<std::uint32_t>(i));
    note(number);
  }
  columns_.resize(parameters_.size());
}

void projection_values::visit(std::uint64_t source, std::span<const std::uint32_t> slots,
                              std::span<const std::uint64_t> entries) {
  entries_ = entries;
  if (!draws_) return;
  ids_.resize(slots.size());
  targets_.ids(slots, p_.currents, ids_);
  owners_.set_row(source, ids_);
  if (geometry_) owners_.locate(*geometry_);
}

void projection_values::fill(const number_column& column, std::span<double> out) const {
  if (column.drawn()) {
    column.draw(owners_, out);
  } else {
    for (std::size_t i = 0; i < out.size(); ++i) out[i] = column.at(entries_.empty() ? 0 : entries_[i]);
  }
}

void projection_values::weights_and_delays(std::span<double> weights, std::span<std::uint32_t> delays) {
  if (const auto* ms = std::get_if<double>(&p_.delay_ms)) {
    fill(weight_, weights);
    std::ranges::fill(delays, legal_delay(*ms, time_, {}, "Connect"));
    return;
  }
  numbers_.resize(delays.size());
  if (weight_.drawn() && delay_.drawn()) {
    number_column::draw_both(weight_, delay_, owners_, weights, numbers_);
  } else {
    fill(weight_, weights);
    fill(delay_, numbers_);
  }
  delay_steps(numbers_, time_, delays);
}

bool projection_values::sets_vary(const connection_store& store) const {
  return std::ranges::any_of(
      p_.parameters, [&](const auto& given) { return given.first < set_size(store) && !is_shared(given.second); });
}

std::uint32_t projection_values::parameter_set(connection_store& store) const {
  if (!store.has_cohorts()) return 0;
  std::vector<double> set(p_.defaults.begin(), p_.defaults.begin() + static_cast<std::ptrdiff_t>(set_size(store)));
  for (const auto& [member, number] : p_.parameters)
    if (member < set.size()) set[member] = std::get<double>(number);
  return store.add_parameter_set(set);
}

void projection_values::parameter_sets(connection_store& store, std::span<std::uint32_t> out) {
  if (!sets_vary(store)) {
    std::ranges::fill(out, parameter_set(store));
    return;
  }
  const auto size = set_size(store);
  for (std::size_t c = 0; c < columns_.size(); ++c) {
    columns_[c].resize(out.size());
    if (p_.parameters[c].first < size) fill(parameters_[c], columns_[c]);
  }
  for (std::size_t i = 0; i < out.size(); ++i) {
    set_.assign(p_.defaults.begin(), p_.defaults.begin() + static_cast<std::ptrdiff_t>(size));
    for (std::size_t c = 0; c < columns_.size(); ++c)
      if (p_.parameters[c].first < size) set_[p_.parameters[c].first] = columns_[c][i];
    out[i] = store.add_parameter_set(set_);
  }
}

void projection_values::variables(const connection_store& store, std::span<double> out) {
  const auto n = store.n_variables();
  const auto first = set_size(store);
  for (std::size_t i = 0; i < out.size(); ++i) out[i] = p_.defaults[first + i % n];
  for (std::size_t c = 0; c < parameters_.size(); ++c) {
    const auto member = p_.parameters[c].first;
    if (member < first) continue;
    numbers_.resize(out.size() / n);
    fill(parameters_[c], numbers_);
    for (std::size_t i = 0; i < numbers_.size(); ++i) out[i * n + member - first] = numbers_[i];
  }
}

void joint_row::clear() {
  slots.clear();
  delays.clear();
  sets.clear();
  weights.clear();
  variables.clear();
  order.clear();
}

std::size_t joint_row::grow(std::size_t n, bool has_sets, bool has_order, std::uint32_t n_variables) {
  const auto begin = slots.size();
  variables.resize((begin + n) * n_variables);
  slots.resize(begin + n);
  delays.resize(begin + n);
  weights.resize(begin + n);
  if (has_sets) sets.resize(begin + n);
  for (auto i = begin; has_order && i < begin + n; ++i) order.push_back(static_cast<std::uint32_t>(i));
  return begin;
}

// A key is the delay times the number of forms, plus the form's place among them: keys lie dense.
joint_row::key_range joint_row::find_keys(const target_lookup& targets, bool currents, std::uint32_t forms) {
  keys_.resize(slots.size());
  forms_.clear();
  std::array<std::uint32_t, 1u << models::form_bits> place{};
  for (std::uint32_t rest = forms; rest != 0; rest &= rest - 1) {
    const auto form = static_cast<std::uint32_t>(std::countr_zero(rest));
    place[form] = static_cast<std::uint32_t>(forms_.size());
    forms_.push_back(static_cast<input_form>(form));
  }
  if (forms_.size() == 1) {
    std::ranges::copy(delays, keys_.begin());
  } else {
    const auto n = static_cast<std::uint32_t>(forms_.size());
    for (std::size_t i = 0; i < keys_.size(); ++i)
      keys_[i] = delays[i] * n + place[static_cast<std::size_t>(targets.form(input_slot(slots[i]), currents))];
  }
  key_range range{~0u, 0};
  for (const auto key : keys_) range = {std::min(range.low, key), std::max(range.high, key)};
  return range;
}

void joint_row::end_stretch(std::uint32_t key, std::size_t end) {
  const auto begin = stretches_.empty() ? 0 : stretches_.back().end;
  const auto n = static_cast<std::uint32_t>(forms_.size());
  if (begin != end) stretches_.push_back({begin, static_cast<std::uint32_t>(end), key / n, forms_[key % n]});
}

/// Puts everything at the place that `place_of(i)` names, in one pass.
template <class PlaceOf> void joint_row::permute(PlaceOf&& place_of) {
  const auto n = slots.size();
  moved_slots_.resize(n);
  moved_weights_.resize(n);
  moved_sets_.resize(sets.size());
  moved_order_.resize(order.size());
  moved_variables_.resize(variables.size());
  const auto n_variables = n == 0 ? 0 : variables.size() / n;
  const bool has_more = !sets.empty() || !order.empty() || !variables.empty();  // few stores have
  for (std::size_t i = 0; i < n; ++i) {
    const auto place = place_of(i);
    moved_slots_[place] = slots[i];
    moved_weights_[place] = weights[i];
    if (!has_more) continue;
    if (!sets.empty()) moved_sets_[place] = sets[i];
    if (!order.empty()) moved_order_[place] = order[i];
    for (std::size_t v = 0; v < n_variables; ++v)
      moved_variables_[place * n_variables + v] = variables[i * n_variables + v];
  }
  slots.swap(moved_slots_);
  weights.swap(moved_weights_);
  sets.swap(moved_sets_);
  order.swap(moved_order_);
  variables.swap(moved_variables_);
}

void joint_row::sort_by_counting(key_range range) {
  counts_.assign(range.size(), 0);
  for (const auto key : keys_) ++counts_[key - range.low];
  std::uint32_t next = 0;
  for (std::uint32_t k = 0; k < counts_.size(); ++k) {
    next += std::exchange(counts_[k], next);
    end_stretch(range.low + k, next);
  }
  permute([&](std::size_t i) { return counts_[keys_[i] - range.low]++; });
}

void joint_row::sort_by_comparing() {
  std::vector<std::uint32_t> order(keys_.size()), places(keys_.size());
  std::iota(order.begin(), order.end(), 0u);
  std::stable_sort(order.begin(), order.end(), [&](auto a, auto b) { return keys_[a] < keys_[b]; });
  for (std::size_t i = 0; i < order.size(); ++i) {
    places[order[i]] = static_cast<std::uint32_t>(i);
    if (i + 1 == order.size() || keys_[order[i + 1]] != keys_[order[i]]) end_stretch(keys_[order[i]], i + 1);
  }
  permute([&](std::size_t i) { return places[i]; });
}

void joint_row::sort(const target_lookup& targets, bool currents, std::uint32_t forms) {
  stretches_.clear();
  const auto range = find_keys(targets, currents, forms);
  if (range.size() == 1) return end_stretch(range.low, keys_.size());
  if (range.size() <= 4 * keys_.size() + 4096)
    sort_by_counting(range);
  else
    sort_by_comparing();
}

}  // namespace volley::runtime
