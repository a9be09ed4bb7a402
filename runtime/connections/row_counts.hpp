// How many connections one Connect call gives to each source on one VP: the first pass of construction.
#pragma once
#include <algorithm>
#include <cstdint>
#include <vector>

#include "runtime/rules/projection_walk.hpp"

namespace volley::runtime {

struct row_counts {
  std::uint64_t first = 0;            ///< id of the first source
  std::vector<std::uint32_t> counts;  ///< by source - first

  std::uint64_t end() const { return first + counts.size(); }
  std::uint32_t of(std::uint64_t source) const {
    return source < first || source >= end() ? 0 : counts[source - first];
  }
};

/// The ids between which the sources of `p` lie, both included; none when first > last.
struct id_span {
  std::uint64_t first = ~std::uint64_t{0}, last = 0;
  void include(std::uint64_t from, std::uint64_t to) {
    first = std::min(first, from);
    last = std::max(last, to);
  }
  std::uint64_t size() const { return first > last ? 0 : last - first + 1; }
};

inline id_span sources_of(const projection& p) {
  id_span span;
  if (p.pairs != nullptr) {
    for (const auto id : p.pairs->sources) span.include(id, id);
    return span;
  }
  for (const auto& range : p.rule->sources.ranges) span.include(range.first, range.last);
  if (p.rule->make_symmetric)
    for (const auto& range : p.rule->targets.ranges) span.include(range.first, range.last);
  return span;
}

inline row_counts count_rows(const projection& p, const layout& place) {
  const auto span = sources_of(p);
  row_counts rows{span.first, std::vector<std::uint32_t>(span.size())};
  walk(p, place, [&](const id_batch& b) {
    if (b.shares_target())
      b.for_each_other([&](std::size_t, std::uint64_t source) { ++rows.counts[source - rows.first]; });
    else
      rows.counts[b.one - rows.first] += static_cast<std::uint32_t>(b.size());
  });
  return rows;
}

}  // namespace volley::runtime
