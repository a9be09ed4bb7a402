#include "runtime/connections/connection_names.hpp"

#include <algorithm>
#include <functional>
#include <iterator>

namespace volley::runtime {
namespace {

/// True when a reader who counts would call them so.
bool is_implied(std::span<const connection_name> names) {
  for (std::uint32_t n = 0; n < names.size(); ++n)
    if (names[n].number != n || names[n].call != 0) return false;
  return true;
}

std::uint32_t one_past_largest(std::span<const connection_name> names) {
  std::uint32_t next = 0;
  for (const auto& name : names) next = std::max(next, name.number + 1);
  return next;
}

template <class T> std::span<const T> of_target(const std::vector<T>& column, std::uint32_t target) {
  const auto [first, last] = std::ranges::equal_range(column, target, {}, &T::target);
  return {first, last};
}

}  // namespace

void connection_names::put(rows& changed) noexcept {
  while (!changed.empty()) {
    auto node = changed.extract(changed.begin());
    rows_.erase(node.key());
    if (!node.mapped().empty()) rows_.insert(std::move(node));
  }
}

std::uint64_t connection_names::bytes() const {
  constexpr std::uint64_t bytes_per_node = sizeof(rows::value_type) + 4 * sizeof(void*);
  std::uint64_t bytes = rows_.size() * bytes_per_node;
  for (const auto& [source, row] : rows_)
    bytes += row.told.capacity() * sizeof(connection_name) + row.used.capacity() * sizeof(used_numbers);
  return bytes;
}

std::span<const connection_name> told_of(const connection_names::row* row, std::uint32_t target) {
  return row == nullptr ? std::span<const connection_name>() : of_target(row->told, target);
}

std::uint32_t next_number(const connection_names::row* row, std::uint32_t target, std::uint32_t live) {
  if (row == nullptr) return live;
  if (const auto used = of_target(row->used, target); !used.empty()) return used.front().next;
  const auto told = of_target(row->told, target);
  return told.empty() ? live : one_past_largest(told);
}

void rename(connection_names::row& row, std::span<const connection_name> names, std::span<const used_numbers> next) {
  const auto renamed = [&](const auto& entry) {
    return std::ranges::binary_search(next, entry.target, {}, &used_numbers::target);
  };
  connection_names::row changed;
  std::ranges::copy_if(row.told, std::back_inserter(changed.told), std::not_fn(renamed));
  std::ranges::copy_if(row.used, std::back_inserter(changed.used), std::not_fn(renamed));
  const auto kept_told = static_cast<std::ptrdiff_t>(changed.told.size()),
             kept_used = static_cast<std::ptrdiff_t>(changed.used.size());
  for (const auto& one : next) {
    const auto [first, last] = std::ranges::equal_range(names, one.target, {}, &connection_name::target);
    const std::span mine(first, last);
    if (!is_implied(mine)) changed.told.insert(changed.told.end(), first, last);
    if (one.next > one_past_largest(mine)) changed.used.push_back(one);
  }
  std::ranges::inplace_merge(changed.told, changed.told.begin() + kept_told, {}, &connection_name::target);
  std::ranges::inplace_merge(changed.used, changed.used.begin() + kept_used, {}, &used_numbers::target);
  row = std::move(changed);
}

}  // namespace volley::runtime
