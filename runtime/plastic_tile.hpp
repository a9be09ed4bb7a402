// What the connections of one tile of a plastic row have to see of their targets. Included by the loop over rows alone.
#pragma once
#include "runtime/plastic_call.hpp"
#include "runtime/stamp_search.hpp"

namespace volley::runtime {

inline constexpr std::uint32_t tile_connections = 256;  // what a tile needs stays in the first cache

/// Connections whose targets' spikes are still to be applied, without gaps. Spikes are read by `Next`.
template <class Isa, class Next> struct work_list {
  static constexpr std::uint32_t room = tile_connections + Isa::width;  // vectors may reach over the end
  alignas(64) double weights[room];
  alignas(64) double steps_since_pre[room];  ///< of the next spike
  Next next[room];
  std::uint32_t left[room];  ///< spikes after the next
  std::uint8_t connection[room];  ///< place in the tile
  std::uint32_t size = 0;

  // Written always, kept when there is a spike: a branch would be mispredicted.
  void add(std::uint32_t n, double weight, Next first, std::uint32_t spikes, step_t steps) {
    weights[size] = weight;
    steps_since_pre[size] = static_cast<double>(steps);
    next[size] = first;
    left[size] = spikes - 1;
    connection[size] = static_cast<std::uint8_t>(n);
    size += spikes != 0;
  }
};

template <class Isa> struct tile_of {
  static constexpr std::uint32_t room = tile_connections + Isa::width;
  alignas(64) std::uint32_t slots[tile_connections];
  alignas(64) std::uint32_t lines[tile_connections];
  alignas(64) std::int32_t newest[tile_connections];

  // Of the target's last spike before the source's reaches the synapse.
  alignas(64) double K_minus[room];  ///< right after it
  alignas(64) double steps_since_post[room];
  alignas(64) double tau_minus_ms[room];

  // Places of connections whose target spiked later than `after`; at `upto` or later.
  std::uint8_t spiked[tile_connections], late[tile_connections];
  work_list<Isa, const std::int32_t*> recent;  ///< windows in the line's latest stamps
  work_list<Isa, const post_spike*> older;     ///< windows that may begin before these

  void tau_minus_of_all(const plastic_call& call) {
    for (double& tau : tau_minus_ms) tau = call.targets->tau_minus_ms[0];
  }
  void read_slots(const plastic_call& call, std::uint32_t begin, std::uint32_t count) {
    if (call.narrow_slots != nullptr) for (std::uint32_t n = 0; n < count; ++n) slots[n] = call.narrow_slots[begin + n];
    else for (std::uint32_t n = 0; n < count; ++n) slots[n] = call.wide_slots[begin + n];
  }
};

/// A step as the lines' stamps are kept; what lies beyond them keeps its order.
template <class Isa> std::int32_t relative(step_t step, step_t base) {
  if (step - base <= spike_lines::unused) return spike_lines::unused;
  return step - base >= spike_lines::beyond ? spike_lines::beyond - 1 : static_cast<std::int32_t>(step - base);
}

/// K_minus of connection n, whose target has spiked at `upto` or later.
template <class Isa> void look_up_late(const plastic_call& call, std::uint32_t n, tile_of<Isa>& tile) {
  const spike_lines& lines = call.targets->lines;
  const std::size_t line = tile.lines[n];
  const std::int32_t* stamps = lines.stamps + line * spike_lines::depth;
  const std::uint32_t earlier = line_of_stamps<Isa>(stamps).upto(relative<Isa>(call.upto - 1, lines.base));
  constexpr std::uint32_t without_K = spike_lines::depth - spike_lines::K_depth;
  if (earlier > without_K) {
    tile.K_minus[n] = lines.K_minus[line * spike_lines::K_depth + earlier - 1 - without_K];
    tile.steps_since_post[n] = static_cast<double>(call.upto - lines.base - stamps[earlier - 1]);
  } else {
    const post_spike last = lines.last_before(*lines.history, tile.lines[n], call.upto);
    tile.K_minus[n] = last.K_minus;
    tile.steps_since_post[n] = static_cast<double>(call.upto - last.stamp);
  }
}

/// The window of connection n, whose target has spiked later than `after`.
template <class Isa>
[[gnu::always_inline]] inline void look_up_window(const plastic_call& call, std::int32_t after, std::int32_t upto, std::uint32_t n,
                                                  double weight, tile_of<Isa>& tile) {
  const spike_lines& lines = call.targets->lines;
  const std::int32_t* stamps = lines.stamps + std::size_t{tile.lines[n]} * spike_lines::depth;
  const line_of_stamps<Isa> line(stamps);
  const std::uint32_t seen = line.upto(after), end = line.upto(upto);
  if (seen != 0) [[likely]] {
    tile.recent.add(n, weight, stamps + seen, end - seen, stamps[seen] + lines.base - call.pre);
    return;
  }
  const spike_range spikes = lines.window(*lines.history, tile.lines[n], call.after, call.upto);
  if (spikes.first != spikes.last)
    tile.older.add(n, weight, spikes.first, static_cast<std::uint32_t>(spikes.last - spikes.first), spikes.first->stamp - call.pre);
}

/// Fills the tile for its connections, whose slots are there.
template <class Isa> void look_up(const plastic_call& call, const double* weights, std::uint32_t count, tile_of<Isa>& tile) {
  const plastic_targets targets = *call.targets;
  const spike_lines& lines = targets.lines;
  const std::int32_t after = relative<Isa>(call.after, lines.base), upto = relative<Isa>(call.upto, lines.base);
  std::uint32_t spiked = 0, late = 0;
  for (std::uint32_t n = 0; n < count; ++n) {
    const std::uint32_t line = targets.line_of_page[tile.slots[n] / slot_map::page] + tile.slots[n] % slot_map::page;
    const std::int32_t newest = lines.newest[line];
    tile.lines[n] = line;
    tile.newest[n] = newest;
    tile.K_minus[n] = lines.newest_K_minus[line];
    tile.spiked[spiked] = tile.late[late] = static_cast<std::uint8_t>(n);
    spiked += newest > after;
    late += newest >= upto;
  }
  if (targets.tau_minus_varies)
    for (std::uint32_t n = 0; n < count; ++n) tile.tau_minus_ms[n] = targets.tau_minus_ms[tile.lines[n]];
  const auto now = static_cast<double>(call.upto - lines.base);
  for (std::uint32_t n = 0; n < count; ++n) tile.steps_since_post[n] = now - static_cast<double>(tile.newest[n]);
  for (std::uint32_t i = 0; i < late; ++i) look_up_late(call, tile.late[i], tile);
  tile.recent.size = tile.older.size = 0;
  for (std::uint32_t i = 0; i < spiked; ++i) look_up_window(call, after, upto, tile.spiked[i], weights[tile.spiked[i]], tile);
}

template <class Isa> step_t stamp_at(const std::int32_t* spike, step_t base) { return *spike + base; }
template <class Isa> step_t stamp_at(const post_spike* spike, step_t) { return spike->stamp; }

/// Stores the weights of a list, and keeps the connections that have more spikes.
template <class Isa, class Next> void next_round(const plastic_call& call, double* weights, work_list<Isa, Next>& list) {
  const step_t base = call.targets->lines.base;
  const std::uint32_t count = list.size;
  list.size = 0;
  for (std::uint32_t i = 0; i < count; ++i) {
    weights[list.connection[i]] = list.weights[i];
    const Next next = list.next[i] + (list.left[i] != 0);
    list.add(list.connection[i], list.weights[i], next, list.left[i], stamp_at<Isa>(next, base) - call.pre);
  }
}

}  // namespace volley::runtime
