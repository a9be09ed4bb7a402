#include "runtime/rules/node_index.hpp"

#include <algorithm>

#include "runtime/base/halves.hpp"

namespace volley::runtime {
namespace {

/// Ids that two ranges share, counted up to `enough`.
std::uint64_t shared(const node_range& a, const node_range& b, std::uint64_t enough) {
  const std::uint64_t low = std::max(a.first, b.first), high = std::min(a.last, b.last);
  if (low > high) return 0;
  if (a.step == 1 && b.step == 1) return high - low + 1;
  const node_range& coarse = a.step >= b.step ? a : b;
  const node_range& fine = a.step >= b.step ? b : a;
  std::uint64_t found = 0;
  const std::uint64_t skipped = (low - coarse.first + coarse.step - 1) / coarse.step;
  for (std::uint64_t id = coarse.first + skipped * coarse.step; id <= high && found < enough; id += coarse.step)
    found += (id - fine.first) % fine.step == 0;
  return found;
}

std::uint64_t shared(const node_set& a, const node_set& b, std::uint64_t enough) {
  std::uint64_t found = 0;
  auto begin = b.ranges.begin();
  for (const node_range& range : a.ranges) {
    while (begin != b.ranges.end() && begin->last < range.first) ++begin;
    for (auto other = begin; other != b.ranges.end() && other->first <= range.last; ++other) {
      found += shared(range, *other, enough - found);
      if (found >= enough) return found;
    }
  }
  return found;
}

}  // namespace

node_index::node_index(const node_set& nodes) {
  for (const node_range& range : nodes.ranges) {
    pieces_.push_back({range, size_});
    size_ += static_cast<std::uint32_t>(range.size());
  }
}

const node_index::piece& node_index::piece_at(std::uint32_t position) const {
  const auto after = std::ranges::upper_bound(pieces_, position, {}, &piece::first_position);
  return *(after - 1);
}

std::uint64_t node_index::id(std::uint32_t position) const {
  const piece& p = pieces_.size() == 1 ? pieces_[0] : piece_at(position);
  return p.range.first + std::uint64_t{position - p.first_position} * p.range.step;
}

std::optional<std::uint32_t> node_index::position(std::uint64_t id) const {
  const auto p = std::ranges::partition_point(pieces_, [id](const piece& x) { return x.range.last < id; });
  if (p == pieces_.end() || id < p->range.first || (id - p->range.first) % p->range.step != 0) return std::nullopt;
  return p->first_position + static_cast<std::uint32_t>((id - p->range.first) / p->range.step);
}

void node_index::low_ids(std::uint32_t first, std::span<std::uint32_t> out) const {
  for (std::size_t i = 0; i < out.size();) {
    const auto position = first + static_cast<std::uint32_t>(i);
    const piece& p = piece_at(position);
    const std::uint64_t left = p.range.size() - (position - p.first_position);
    std::uint64_t id = p.range.first + std::uint64_t{position - p.first_position} * p.range.step;
    for (std::uint64_t n = std::min<std::uint64_t>(left, out.size() - i); n > 0; --n, id += p.range.step)
      out[i++] = low_half(id);
  }
}

bool same_nodes(const node_set& a, const node_set& b) {
  return a.ranges == b.ranges || (a.size() == b.size() && count_shared_nodes(a, b) == a.size());
}

bool share_nodes(const node_set& a, const node_set& b) { return shared(a, b, 1) != 0; }

std::uint64_t count_shared_nodes(const node_set& a, const node_set& b) { return shared(a, b, ~std::uint64_t{0}); }

}  // namespace volley::runtime
