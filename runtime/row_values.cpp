#include "runtime/row_values.hpp"

#include <algorithm>
#include <numeric>

namespace volley::runtime {
namespace {

bool is_array(const connection_number& number) {
  return std::holds_alternative<std::shared_ptr<const std::vector<double>>>(number);
}

}  // namespace

projection_values::projection_values(const projection& p, const target_lookup& targets, const time_grid& time)
    : p_(p), targets_(targets), time_(time), weight_(p, p.weight, weight_leaf), delay_(p, p.delay_ms, delay_leaf) {
  has_arrays_ = is_array(p.weight) || is_array(p.delay_ms);
  parameters_vary_ = false;
  for (std::size_t i = 0; i < p.parameters.size(); ++i) {
    const auto& number = p.parameters[i].second;
    parameters_.emplace_back(p, number, first_parameter_leaf + static_cast<std::uint32_t>(i));
    has_arrays_ = has_arrays_ || is_array(number);
    parameters_vary_ = parameters_vary_ || !std::holds_alternative<double>(number);
  }
  columns_.resize(parameters_.size());
}

void projection_values::fill(number_column& column, const site& at, std::span<double> out) {
  if (!column.drawn()) {
    for (std::size_t i = 0; i < out.size(); ++i) out[i] = column.at(at.entries.empty() ? 0 : at.entries[i]);
    return;
  }
  ids_.resize(at.slots.size());
  for (std::size_t i = 0; i < ids_.size(); ++i) ids_[i] = static_cast<std::uint32_t>(targets_.id(at.slots[i], p_.currents));
  column.draw(at.source, ids_, out);
}

void projection_values::weights(const site& at, std::span<double> out) { fill(weight_, at, out); }

void projection_values::delays(const site& at, std::span<std::uint32_t> out) {
  if (const auto* ms = std::get_if<double>(&p_.delay_ms)) {
    std::ranges::fill(out, static_cast<std::uint32_t>(delay_steps(*ms, time_)));
    return;
  }
  numbers_.resize(out.size());
  fill(delay_, at, numbers_);
  delay_steps(numbers_, time_, out);
}

std::uint32_t projection_values::parameter_set(connection_store& store) const {
  if (!store.plastic()) return 0;
  auto set = p_.defaults;
  for (const auto& [member, number] : p_.parameters) set[member] = std::get<double>(number);
  return store.add_parameter_set(std::move(set));
}

void projection_values::parameter_sets(const site& at, connection_store& store, std::span<std::uint32_t> out) {
  if (!parameters_vary_) {
    std::ranges::fill(out, parameter_set(store));
    return;
  }
  for (std::size_t c = 0; c < columns_.size(); ++c) {
    columns_[c].resize(out.size());
    fill(parameters_[c], at, columns_[c]);
  }
  for (std::size_t i = 0; i < out.size(); ++i) {
    auto set = p_.defaults;
    for (std::size_t c = 0; c < columns_.size(); ++c) set[p_.parameters[c].first] = columns_[c][i];
    out[i] = store.add_parameter_set(std::move(set));
  }
}

void joint_row::clear() {
  slots.clear();
  delays.clear();
  sets.clear();
  weights.clear();
}

std::size_t joint_row::grow(std::size_t n, bool has_sets) {
  const auto begin = slots.size();
  slots.resize(begin + n);
  delays.resize(begin + n);
  weights.resize(begin + n);
  if (has_sets) sets.resize(begin + n);
  return begin;
}

bool joint_row::find_order(const target_lookup& targets, bool currents) {
  const auto n = slots.size();
  keys_.resize(n);
  for (std::size_t i = 0; i < n; ++i) keys_[i] = delays[i] << 2 | static_cast<std::uint32_t>(targets.form(slots[i], currents));
  if (std::is_sorted(keys_.begin(), keys_.end())) return false;
  order_.resize(n);
  const auto [low, high] = std::minmax_element(keys_.begin(), keys_.end());
  const auto least = *low;
  const std::uint64_t range = std::uint64_t{*high} - least + 1;
  if (range > 4 * n + 4096) {
    std::iota(order_.begin(), order_.end(), 0u);
    std::stable_sort(order_.begin(), order_.end(), [&](auto a, auto b) { return keys_[a] < keys_[b]; });
    return true;
  }
  counts_.assign(range + 1, 0);
  for (const auto key : keys_) ++counts_[key - least + 1];
  for (std::size_t i = 1; i < counts_.size(); ++i) counts_[i] += counts_[i - 1];
  for (std::size_t i = 0; i < n; ++i) order_[counts_[keys_[i] - least]++] = static_cast<std::uint32_t>(i);
  return true;
}

template <class T>
void joint_row::permute(std::vector<T>& column, std::vector<T>& buffer) const {
  if (column.empty()) return;
  buffer.resize(column.size());
  for (std::size_t i = 0; i < column.size(); ++i) buffer[i] = column[order_[i]];
  column.swap(buffer);
}

void joint_row::sort(const target_lookup& targets, bool currents) {
  if (!find_order(targets, currents)) return;
  permute(slots, words_);
  permute(delays, words_);
  permute(sets, words_);
  permute(weights, doubles_);
}

}  // namespace volley::runtime
