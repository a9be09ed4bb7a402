#include "runtime/connections/target_index.hpp"

#include <algorithm>

#include "runtime/base/contract.hpp"
#include "runtime/base/halves.hpp"

namespace volley::runtime {

bool target_index::ready(const connection_store& rows, const target_lookup& targets) {
  if (!begins_.empty()) return true;
  if (++asked_ <= questions) return false;
  make(rows, targets);
  return true;
}

std::span<const std::uint32_t> target_index::sources_of(std::uint64_t target, const target_lookup& targets) const {
  expects(!begins_.empty(), "an index that is read was made");
  const auto line = targets.line(target).index();
  return std::span(sources_).subspan(begins_[line], begins_[line + 1] - begins_[line]);
}

// In two passes: one counts the sources of each line, one puts them in place.
void target_index::make(const connection_store& rows, const target_lookup& targets) {
  const auto lines = targets.lines();
  std::vector<std::uint32_t> last(lines);  // a source with several connections counts once; no node has id 0
  const auto for_each = [&](auto&& visit) {
    std::ranges::fill(last, 0);
    rows.for_each_source([&](std::uint64_t id) {
      const auto source = low_half(id);
      for (const segment& r : rows.row(source)) {
        const bool currents = r.is_current();
        for (std::uint64_t i = 0; i < r.count; ++i) {
          const auto line = targets.line(rows.slot(r, i), currents).index();
          if (last[line] != source) visit(line, last[line] = source);
        }
      }
    });
  };
  std::vector<std::uint64_t> begins(lines + 1);
  for_each([&](std::uint32_t line, std::uint32_t) { ++begins[line + 1]; });
  for (std::size_t line = 0; line < lines; ++line) begins[line + 1] += begins[line];
  pool<std::uint32_t> sources(begins.back());
  auto next = begins;
  for_each([&](std::uint32_t line, std::uint32_t source) { sources[next[line]++] = source; });
  begins_.swap(begins);
  sources_.swap(sources);
}

}  // namespace volley::runtime
