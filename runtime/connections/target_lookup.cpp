#include "runtime/connections/target_lookup.hpp"

#include <algorithm>

#include "runtime/base/column.hpp"
#include "runtime/base/contract.hpp"
#include "runtime/base/error.hpp"
#include "runtime/base/halves.hpp"

namespace volley::runtime {

std::optional<block_ordinal> target_lookup::block_of(std::uint64_t id) const {
  const auto after = std::upper_bound(blocks_.begin(), blocks_.end(), id,
                                      [](std::uint64_t x, const block& b) { return x < b.ids.first; });
  if (after == blocks_.begin() || !(after - 1)->ids.contains(id)) return std::nullopt;
  return block_ordinal(after - 1 - blocks_.begin());
}

const target_lookup::block& target_lookup::block_with(std::uint64_t id) const {
  const auto at = block_of(id);
  expects(at.has_value(), "a target that is looked up lives here");
  return blocks()[*at];
}

std::uint32_t target_lookup::lines() const {
  return blocks_.empty() ? 0 : blocks_.back().first_line.index() + padded(blocks_.back().ids.count);
}

input_slot target_lookup::slot(std::uint64_t id, std::uint32_t receptor, bool currents) const {
  const block& b = block_with(id);
  for (const channel& c : b.channels)
    if (c.currents == currents && c.receptor == receptor) return c.first_slot + b.ids.cell(id);
  throw api_error(error_kind::InternalError,
                  "a connection to a receptor that the target does not have was not refused");
}

std::optional<target_lookup::place> target_lookup::maker_of_entries(std::uint64_t id, std::uint32_t receptor) const {
  const auto at = block_of(id);
  if (!at) return std::nullopt;
  const block& b = blocks()[*at];
  for (std::uint32_t i = 0; i < b.first_entry; ++i)
    if (b.channels[i].makes_entry && b.channels[i].receptor == receptor) return place{*at, b.ids.cell(id)};
  return std::nullopt;
}

bool target_lookup::make_entries(std::optional<std::uint32_t> receptor) const {
  return std::ranges::any_of(blocks_, [&](const block& b) {
    return b.first_entry != 0 && (!receptor || maker_of_entries(b.ids.first, *receptor));
  });
}

void target_lookup::ids(std::span<const std::uint32_t> slots, bool currents, std::span<std::uint32_t> out) const {
  const slot_map& map = this->slots(currents);
  const auto first = map.owner(input_slot(slots.front())), last = map.owner(input_slot(slots.back()));
  const bool one_block = last.block == first.block && last.receptor == first.receptor;
  std::uint32_t descents = 0;
  for (std::size_t i = 1; i < slots.size(); ++i) descents |= slots[i] < slots[i - 1];  // to the end, and so on vectors
  if (!one_block || descents) {
    for (std::size_t i = 0; i < slots.size(); ++i) out[i] = low_half(id(input_slot(slots[i]), currents));
    return;
  }
  const local_ids& ids = blocks()[first.block].ids;
  const auto origin = low_half(ids[first.cell]) - ids.stride * slots.front();
  for (std::size_t i = 0; i < slots.size(); ++i) out[i] = origin + ids.stride * slots[i];
}

}  // namespace volley::runtime
