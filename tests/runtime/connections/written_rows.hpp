// Rows written by hand.
#pragma once
#include <cstdint>
#include <vector>

#include "runtime/connections/connection_store.hpp"

namespace volley::runtime::tests {

inline segment make_segment(std::uint64_t begin, std::uint64_t count, std::uint64_t delay,
                            input_form form = input_form::sum) {
  segment r{};
  r.begin = begin;
  r.count = count;
  r.delay_steps = delay;
  r.form = static_cast<std::uint64_t>(form);
  return r;
}

struct source_segments {
  std::uint64_t source;
  std::vector<placed_segment> segments;
};

inline void add(connection_store& s, const std::vector<source_segments>& rows) {
  connection_store::row_writer writer(s);
  for (const auto& row : rows) writer.add(row.source, row.segments);
  writer.finish();
}

}  // namespace volley::runtime::tests
