// What the connections of one tile of a plastic row have to see of their targets. Included by the loop over rows alone.
//
// Lists are filled by writing always and counting what is wanted: nobody can predict whether a target spiked. Their lengths are
// local variables, since stores of bytes may alias whatever lies in memory.
#pragma once
#include <utility>

#include "models/core/lanes.hpp"
#include "runtime/plastic_call.hpp"
#include "runtime/stamp_search.hpp"

namespace volley::runtime {

inline constexpr std::uint32_t tile_connections = 256;  // what a tile needs stays in the first cache
inline constexpr std::uint32_t cache_line_doubles = 8;

/// Vectors may reach over the end of a tile.
template <class Isa> constexpr std::uint32_t tile_room = tile_connections + Isa::width;

/// In the body of a loop: g++ 12 would make gathers and scatters of it, which are slower than its loads and stores.
[[gnu::always_inline]] inline void stay_scalar() { __asm__ volatile(""); }

/// The source's traces at each step of a window. Many connections share a step: their exponentials are computed once.
template <class Isa, std::size_t N> struct trace_table {
  static constexpr std::uint32_t most = 1024;
  std::uint32_t size = 0;  ///< 0: there is none
  alignas(64) double values[N][most + Isa::width];
};

template <class Isa> std::int32_t stamp_of(const std::int32_t& spike) { return spike; }
template <class Isa> step_t stamp_of(const post_spike& spike) { return spike.stamp; }

/// Connections whose targets' spikes are still to be applied, a spike of each in a round. N: traces of the model.
template <class Isa, std::size_t N, class Spike> struct work_list {
  struct lengths {
    std::uint32_t now, later;
  } size;

  // Connections (places in the tile) with a spike in this round.
  alignas(64) double weights[tile_room<Isa>];
  alignas(64) double steps_since_pre[tile_room<Isa>];
  alignas(64) double traces[N][tile_room<Isa>];  ///< decayed to the spike, where they come from a table
  alignas(64) decltype(stamp_of<Isa>(Spike{})) stamps[tile_connections];
  std::uint8_t connections[tile_connections];

  // Those of them with spikes in later rounds.
  std::uint8_t later_connections[tile_connections];
  const Spike* next[tile_connections];
  std::uint32_t left[tile_connections];

  [[gnu::always_inline]] void add(lengths& n, std::uint8_t connection, const Spike* first, std::uint32_t spikes) {
    connections[n.now] = connection;
    stamps[n.now] = stamp_of<Isa>(*first);
    n.now += spikes != 0;
    later_connections[n.later] = connection;
    next[n.later] = first + 1;
    left[n.later] = spikes - 1;
    n.later += spikes > 1;
  }

  /// `pre`: the step of the source's last spike, `after` that before the window, both as the stamps are.
  void start_round(const double* all_weights, step_t pre, step_t after, const trace_table<Isa, N>& table) {
    for (std::uint32_t i = 0; i < size.now; ++i) {
      weights[i] = all_weights[connections[i]];
      stay_scalar();
    }
    const std::uint32_t end = size.now + tile_room<Isa> - tile_connections;
    for (std::uint32_t i = size.now; i < end; ++i) weights[i] = 0;
    if (table.size == 0) {
      for (std::uint32_t i = 0; i < size.now; ++i) steps_since_pre[i] = static_cast<double>(stamps[i]) - static_cast<double>(pre);
      for (std::uint32_t i = size.now; i < end; ++i) steps_since_pre[i] = 0;
      return;
    }
    for (std::size_t k = 0; k < N; ++k) {
      const double* const values = table.values[k] - (after + 1);
      for (std::uint32_t i = 0; i < size.now; ++i) {
        traces[k][i] = values[stamps[i]];
        stay_scalar();
      }
      for (std::uint32_t i = size.now; i < end; ++i) traces[k][i] = 0;
    }
  }

  void end_round(double* all_weights) {
    for (std::uint32_t i = 0; i < size.now; ++i) {
      all_weights[connections[i]] = weights[i];
      stay_scalar();
    }
    lengths n{0, 0};
    for (std::uint32_t i = 0; i < size.later; ++i) add(n, later_connections[i], next[i], left[i]);
    size = n;
  }
};

template <class Isa, std::size_t N> struct tile_of {
  alignas(64) std::uint32_t slots[tile_connections];
  alignas(64) std::uint32_t lines[tile_connections];
  alignas(64) std::int32_t newest[tile_connections];

  // Of the target's last spike before the source's reaches the synapse.
  alignas(64) double K_minus[tile_room<Isa>];  ///< right after it, or as the call has it
  alignas(64) double steps_since_post[tile_room<Isa>];
  alignas(64) double decay_per_ms[tile_room<Isa>];  ///< -1 / tau_minus: a quotient costs more than all else of an exponential

  // Places of connections whose target spiked later than `after`; at `upto` or later.
  std::uint8_t spiked[tile_connections], late[tile_connections];
  work_list<Isa, N, std::int32_t> recent;  ///< windows in the line's latest stamps, minus the base
  work_list<Isa, N, post_spike> older;     ///< windows that may begin before these
};

/// A step as the lines' stamps are kept; what lies beyond them keeps its order.
template <class Isa> std::int32_t relative(step_t step, step_t base) {
  if (step - base <= spike_lines::unused) return spike_lines::unused;
  return step - base >= spike_lines::beyond ? spike_lines::beyond - 1 : static_cast<std::int32_t>(step - base);
}

template <class Isa, std::size_t N>
void read_slots(const plastic_call& call, std::uint32_t begin, std::uint32_t count, tile_of<Isa, N>& tile) {
  const auto copy = [&](const auto* slots) {
    for (std::uint32_t n = 0; n < count; ++n) tile.slots[n] = slots[n];
  };
  if (call.narrow_slots != nullptr) copy(call.narrow_slots + begin);
  else copy(call.wide_slots + begin);
}

/// Finds the targets' newest spikes, and lists those that need a closer look.
template <class Isa, std::size_t N>
std::pair<std::uint32_t, std::uint32_t> read_newest(const plastic_call& call, std::uint32_t count, tile_of<Isa, N>& tile) {
  const plastic_targets& targets = *call.targets;
  const double* const K_minus = call.K_minus != nullptr ? call.K_minus : targets.lines.newest_K_minus;
  const std::int32_t after = relative<Isa>(call.after, targets.lines.base), upto = relative<Isa>(call.upto, targets.lines.base);
  const std::uint32_t* const line_of_page = targets.line_of_page;  // a copy: stores of bytes may alias the call
  const std::int32_t* const newest_of = targets.lines.newest;
  std::uint32_t spiked = 0, late = 0;
  for (std::uint32_t n = 0; n < count; ++n) {
    const std::uint32_t line = line_of_page[tile.slots[n] / slot_map::page] + tile.slots[n] % slot_map::page;
    const std::int32_t newest = newest_of[line];
    tile.lines[n] = line;
    tile.newest[n] = newest;
    tile.K_minus[n] = K_minus[line];
    tile.spiked[spiked] = tile.late[late] = static_cast<std::uint8_t>(n);
    spiked += newest > after;
    late += newest >= upto;
  }
  if (call.K_minus != nullptr) return {spiked, 0};
  if (targets.tau_minus_varies)
    for (std::uint32_t n = 0; n < count; ++n) {
      tile.decay_per_ms[n] = -1.0 / targets.tau_minus_ms[tile.lines[n]];
      stay_scalar();
    }
  const auto now = static_cast<double>(call.upto - targets.lines.base);
  for (std::uint32_t n = 0; n < count; ++n) tile.steps_since_post[n] = now - static_cast<double>(tile.newest[n]);
  return {spiked, late};
}

/// K_minus of the first `count` connections of `late`.
template <class Isa, std::size_t N> void look_up_late(const plastic_call& call, std::uint32_t count, tile_of<Isa, N>& tile) {
  constexpr std::uint32_t without_K = spike_lines::depth - spike_lines::K_depth;
  const spike_lines& lines = call.targets->lines;
  const std::int32_t before = relative<Isa>(call.upto - 1, lines.base);
  for (std::uint32_t i = 0; i < count; ++i) {
    const std::uint32_t n = tile.late[i];
    const std::size_t line = tile.lines[n];
    const std::int32_t* stamps = lines.stamps + line * spike_lines::depth;
    const std::uint32_t earlier = line_of_stamps<Isa>(stamps).upto(before);
    if (earlier > without_K) {
      tile.K_minus[n] = lines.K_minus[line * spike_lines::K_depth + earlier - 1 - without_K];
      tile.steps_since_post[n] = static_cast<double>(call.upto - lines.base - stamps[earlier - 1]);
    } else {
      const post_spike last = lines.last_before(*lines.history, tile.lines[n], call.upto);
      tile.K_minus[n] = last.K_minus;
      tile.steps_since_post[n] = static_cast<double>(call.upto - last.stamp);
    }
  }
}

/// The windows of the first `count` connections of `spiked`.
template <class Isa, std::size_t N> void look_up_windows(const plastic_call& call, std::uint32_t count, tile_of<Isa, N>& tile) {
  const spike_lines lines = call.targets->lines;
  const std::int32_t after = relative<Isa>(call.after, lines.base), upto = relative<Isa>(call.upto, lines.base);
  typename work_list<Isa, N, std::int32_t>::lengths recent{0, 0};
  typename work_list<Isa, N, post_spike>::lengths older{0, 0};
  for (std::uint32_t i = 0; i < count; ++i) {
    const std::uint8_t n = tile.spiked[i];
    const std::int32_t* stamps = lines.stamps + std::size_t{tile.lines[n]} * spike_lines::depth;
    const line_of_stamps<Isa> line(stamps);
    const std::uint32_t seen = line.upto(after), end = line.upto(upto);
    if (seen != 0) [[likely]] {
      tile.recent.add(recent, n, stamps + seen, end - seen);
      continue;
    }
    const spike_range spikes = lines.window(*lines.history, tile.lines[n], call.after, call.upto);
    if (spikes.first != spikes.last) tile.older.add(older, n, spikes.first, static_cast<std::uint32_t>(spikes.last - spikes.first));
  }
  tile.recent.size = recent;
  tile.older.size = older;
}

}  // namespace volley::runtime
