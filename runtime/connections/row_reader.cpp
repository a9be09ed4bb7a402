#include "runtime/connections/row_reader.hpp"

#include <algorithm>
#include <numeric>

#include "runtime/base/contract.hpp"
#include "runtime/base/halves.hpp"

namespace volley::runtime {

void row_reader::mark(std::uint64_t target, std::uint8_t value) {
  targets_.for_each_slot(target, [&](input_slot slot, bool currents) {
    auto& wanted = wanted_[currents];
    wanted.resize(targets_.slots(currents).size());
    wanted[slot.index()] = value;
  });
}

std::span<const row_entry> row_reader::read(std::uint64_t source, bool wanted_only) {
  entries_.clear();
  by_name_.clear();
  const auto row = store_.row(source);
  const auto& slots = store_.slots();
  for (std::uint32_t k = 0; k < row.size(); ++k) {
    const bool currents = row[k].is_current();
    if (wanted_only && wanted_[currents].empty()) continue;
    if (slots.wide())
      collect(k, row[k], slots.wide_data(), wanted_only);
    else
      collect(k, row[k], slots.narrow_data(), wanted_only);
  }
  if (!entries_.empty()) name_entries(source);
  return entries_;
}

template <class Slot>
void row_reader::collect(std::uint32_t segment_at, const segment& r, const Slot* slots, bool wanted_only) {
  const bool currents = r.is_current();
  const Slot* const first = slots + r.begin;
  const std::uint32_t count = r.count;
  const auto add = [&](std::uint32_t i) {
    entries_.push_back({segment_at, i, {low_half(targets_.id(input_slot(first[i]), currents)), 0, 0}});
  };
  if (!wanted_only) {
    for (std::uint32_t i = 0; i < count; ++i) add(i);
    return;
  }
  const std::uint8_t* const wanted = wanted_[currents].data();
  for (std::uint32_t i = 0; i < count; ++i)
    if (wanted[first[i]]) add(i);
}

void row_reader::name_entries(std::uint64_t source) {
  const auto* told = store_.names().find(source);
  by_name_.resize(entries_.size());
  const auto before = [](const row_entry& a, const row_entry& b) { return a.name.target < b.name.target; };
  if (std::is_sorted(entries_.begin(), entries_.end(), before)) {
    std::iota(by_name_.begin(), by_name_.end(), 0u);
  } else {
    keys_.resize(entries_.size());
    for (std::uint64_t i = 0; i < keys_.size(); ++i) keys_[i] = std::uint64_t{entries_[i].name.target} << 32 | i;
    std::sort(keys_.begin(), keys_.end());
    for (std::size_t i = 0; i < keys_.size(); ++i) by_name_[i] = low_half(keys_[i]);
  }
  for (std::size_t begin = 0; begin < by_name_.size();) {
    const auto target = entries_[by_name_[begin]].name.target;
    std::size_t end = begin + 1;
    while (end < by_name_.size() && entries_[by_name_[end]].name.target == target) ++end;
    if (told != nullptr || end - begin > 1) name_group(told, std::span(by_name_).subspan(begin, end - begin));
    begin = end;
  }
}

// Connections with one target, in the order of the row.
void row_reader::name_group(const connection_names::row* told, std::span<std::uint32_t> group) {
  const auto names = told_of(told, entries_[group.front()].name.target);
  for (std::uint32_t n = 0; n < group.size(); ++n) {
    auto& name = entries_[group[n]].name;
    if (names.empty())
      name.number = n;
    else
      name = names[n];
  }
  if (names.empty()) return;
  std::ranges::sort(group, {}, [&](std::uint32_t i) { return entries_[i].name.number; });
}

std::span<const row_entry> row_reader::find(std::uint64_t source, std::span<const sought_connection> sought,
                                            std::span<std::uint32_t> found,
                                            const std::function<bool(std::uint32_t segment)>& meant) {
  expects(std::ranges::is_sorted(sought), "connections that are sought ascend");
  for (const auto& one : sought) want(one.target);
  const auto entries = read_wanted(source);
  for (const auto& one : sought) want_no_more(one.target);
  std::size_t at = 0;
  for (std::size_t i = 0; i < sought.size(); ++i) {
    const auto name = [&] { return entries[by_name_[at]].name; };
    const auto of_target = [&] { return at < by_name_.size() && name().target == sought[i].target; };
    const bool any = sought[i].number == sought_connection::any;
    const auto passed = [&] {
      return any ? meant && !meant(entries[by_name_[at]].segment) : name().number < sought[i].number;
    };
    while (at < by_name_.size() && name().target < sought[i].target) ++at;
    while (of_target() && passed()) ++at;
    const bool here = of_target() && (any || name().number == sought[i].number);
    found[i] = here ? by_name_[at] : none;
  }
  return entries;
}

}  // namespace volley::runtime
