#include "runtime/shard/listed_connections.hpp"

#include <algorithm>

#include "runtime/base/halves.hpp"

namespace volley::runtime {
namespace {

/// True where this VP keeps the connection of a recorder: with its node, or with the recorder if that hears a
/// generator or is a detector.
bool keeps_tap(const shard_parts& shard, std::uint64_t source, std::uint64_t target) {
  const auto& recorded = shard.recording.connections();
  if (!recorded.is_recorder(target)) return shard.cells.holds(target);
  const bool with_recorder = recorded.is_detector(target) || shard.generators.is_generator(source);
  return shard.cells.holds(with_recorder ? target : source);
}

}  // namespace

listed_connections local_part(const shard_parts& shard, const connection_columns& list) {
  const auto& recorded = shard.recording.connections();
  listed_connections part;
  std::vector<taps::asked> asked;
  for (std::uint32_t i = 0; i < list.size(); ++i) {
    const auto model = list.store(i);
    const auto port = static_cast<std::uint32_t>(list.ports[i]);
    const auto source = static_cast<std::uint64_t>(list.sources[i]);
    const auto target = static_cast<std::uint64_t>(list.targets[i]);
    if (recorded.is_meter(source) || recorded.is_recorder(target)) {
      if (keeps_tap(shard, source, target)) asked.push_back({model, source, target, port, i});
    } else if (shard.cells.holds(target)) {
      part.in_rows.push_back({model, low_half(source), {low_half(target), port}, i});
    }
  }
  if (!asked.empty()) {
    part.of_recorders = recorded.find(asked);
    std::vector<bool> found(list.size());
    for (const auto& at : part.of_recorders) found[at.position] = true;
    for (const auto& one : asked)
      if (!found[one.position]) part.missing.push_back(one.position);
  }
  if (!std::ranges::is_sorted(part.in_rows)) std::ranges::sort(part.in_rows);
  return part;
}

}  // namespace volley::runtime
