#include "client/cpp/node_ranges.hpp"

#include <algorithm>

namespace volley::client {
namespace {

bool is_run(const node_range& r) { return r.step == 1 || r.first == r.last; }

/// Appends a range that lies behind all others; joins it to the last one where both are runs of neighbours.
void append(node_ranges& ranges, const node_range& next) {
  if (!ranges.empty()) {
    node_range& last = ranges.back();
    if (is_run(last) && is_run(next) && last.last + 1 == next.first) {
      last = {last.first, next.last, 1};
      return;
    }
  }
  ranges.push_back(next);
}

/// Ranges whose extents overlap, taken apart into ids and put together again; nothing when an id comes twice.
std::optional<node_ranges> weave(std::span<const node_range> group) {
  auto ids = expand(node_ranges(group.begin(), group.end()));
  std::ranges::sort(ids);
  if (std::ranges::adjacent_find(ids) != ids.end()) return std::nullopt;
  return compress(ids);
}

std::optional<node_range> slice_of_range(const node_range& range, std::uint64_t offset, std::uint64_t first,
                                         std::uint64_t last, std::uint64_t step) {
  const std::uint64_t end = std::min(last, offset + range.size());
  const std::uint64_t skipped = offset > first ? (offset - first + step - 1) / step : 0;
  const std::uint64_t begin = first + skipped * step;
  if (begin >= end) return std::nullopt;
  const std::uint64_t taken = (end - begin - 1) / step;
  const std::uint64_t id = range[begin - offset];
  if (taken == 0) return node_range{id, id, 1};
  return node_range{id, id + taken * step * range.step, step * range.step};
}

}  // namespace

std::uint64_t count(const node_ranges& ranges) {
  std::uint64_t total = 0;
  for (const auto& range : ranges) total += range.size();
  return total;
}

std::uint64_t id_at(const node_ranges& ranges, std::uint64_t position) {
  for (const auto& range : ranges) {
    if (position < range.size()) return range[position];
    position -= range.size();
  }
  return 0;
}

std::optional<std::uint64_t> position_of(const node_ranges& ranges, std::uint64_t id) {
  std::uint64_t before = 0;
  for (const auto& range : ranges) {
    if (id < range.first) return std::nullopt;
    if (id <= range.last) {
      if ((id - range.first) % range.step != 0) return std::nullopt;
      return before + (id - range.first) / range.step;
    }
    before += range.size();
  }
  return std::nullopt;
}

node_ranges compress(std::span<const std::uint64_t> ids) {
  node_ranges ranges;
  for (std::size_t i = 0; i < ids.size();) {
    std::size_t end = i + 1;
    const std::uint64_t step = end < ids.size() ? ids[end] - ids[i] : 1;
    while (end < ids.size() && ids[end] - ids[end - 1] == step) ++end;
    if (step != 1 && end - i < 3) end = i + 1;
    append(ranges, {ids[i], ids[end - 1], end - i > 1 ? step : 1});
    i = end;
  }
  return ranges;
}

std::vector<std::uint64_t> expand(const node_ranges& ranges) {
  std::vector<std::uint64_t> ids;
  ids.reserve(count(ranges));
  for (const auto& range : ranges)
    for (std::uint64_t i = 0; i < range.size(); ++i) ids.push_back(range[i]);
  return ids;
}

node_ranges slice(const node_ranges& ranges, std::uint64_t first, std::uint64_t last, std::uint64_t step) {
  node_ranges out;
  std::uint64_t offset = 0;
  for (const auto& range : ranges) {
    if (auto part = slice_of_range(range, offset, first, last, step)) append(out, *part);
    offset += range.size();
  }
  return out;
}

std::optional<node_ranges> unite(const node_ranges& a, const node_ranges& b) {
  node_ranges all(a);
  all.insert(all.end(), b.begin(), b.end());
  std::ranges::sort(all, {}, &node_range::first);
  node_ranges out;
  for (std::size_t i = 0; i < all.size();) {
    std::size_t end = i + 1;
    for (std::uint64_t extent = all[i].last; end < all.size() && all[end].first <= extent; ++end)
      extent = std::max(extent, all[end].last);
    const std::span group(all.data() + i, end - i);
    const auto woven = group.size() == 1 ? std::optional(node_ranges{group[0]}) : weave(group);
    if (!woven) return std::nullopt;
    for (const auto& range : *woven) append(out, range);
    i = end;
  }
  return out;
}

bool same_ids(const node_ranges& a, const node_ranges& b) {
  if (a == b) return true;
  return count(a) == count(b) && expand(a) == expand(b);
}

}  // namespace volley::client
