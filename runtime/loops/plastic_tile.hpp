// What the connections of one tile of a plastic row have to see of their targets. Included by the loop over rows alone.
//
// Lists are filled by writing always and counting what is wanted: nobody can predict whether a target spiked. Their
// lengths are local variables, since stores of bytes may alias whatever lies in memory.
#pragma once
#include "models/core/lanes.hpp"
#include "runtime/base/column_view.hpp"
#include "runtime/loops/plastic_call.hpp"
#include "runtime/loops/stamp_search.hpp"

namespace volley::runtime {

inline constexpr std::uint32_t tile_connections = 256;  // what a tile needs stays in the first cache
inline constexpr std::uint32_t cache_line_doubles = 8;

/// Vectors may reach over the end of a tile.
template <class Isa> constexpr std::uint32_t tile_room = tile_connections + Isa::width;

/// In the body of a loop: g++ 12 would make gathers and scatters of it, which are slower than its loads and stores.
[[gnu::always_inline]] inline void stay_scalar() { __asm__ volatile(""); }

/// The source's traces at each step of a window. Many connections share a step: their exponentials are computed once.
template <class Isa, std::size_t N> struct trace_table {
  static constexpr std::uint32_t most = 1024;  ///< a power of two
  std::uint32_t size = 0;                      ///< 0: there is none
  alignas(64) double values[N][most + Isa::width];
};

/// Connections whose targets' spikes are still to be applied, a spike of each in a round.
template <class Isa, std::size_t N, class Spike> struct work_list {
  struct lengths {
    std::uint32_t now, later;
  } size;

  // Connections (places in the tile) with a spike in this round.
  alignas(64) double weights[tile_room<Isa>];
  alignas(64) double steps_since_pre[tile_room<Isa>];  ///< or, where there is a table:
  alignas(64) double traces[N][tile_room<Isa>];        ///< decayed to the spike
  std::uint8_t connections[tile_connections];

  // Those of them with spikes in later rounds.
  const Spike* next[tile_connections];
  std::uint32_t left[tile_connections];
  std::uint8_t later_connections[tile_connections];
};

template <class Isa, std::size_t N> struct tile_of {
  std::uint32_t count, n_parts;
  tile_part parts[tile_connections];
  alignas(64) std::uint32_t slots[tile_connections];

  // Of each connection: its delay, and as the lines' stamps are kept its window and the first step of the table of
  // traces (modulo 2^32).
  alignas(64) std::int32_t delay[tile_connections];
  alignas(64) std::int32_t after[tile_connections];
  alignas(64) std::int32_t upto[tile_connections];
  alignas(64) std::uint32_t table_begin[tile_connections];

  // Of the target's last spike before the source's reaches the synapse.
  alignas(64) std::int32_t newest[tile_connections];
  alignas(64) double K_minus[tile_room<Isa>];  ///< right after it, or as the call has it
  alignas(64) double steps_since_post[tile_room<Isa>];
  alignas(64) double decay_per_ms[tile_room<Isa>];  ///< -1 / tau_minus: a quotient costs more than all else of an
                                                    ///< exponential

  // Connections whose target spiked later than the window begins.
  std::uint8_t spiked[tile_connections];
  std::uint32_t spiked_lines[tile_connections];
  work_list<Isa, N, std::int32_t> recent;  ///< windows in the line's latest stamps, minus the base
  work_list<Isa, N, post_spike> older;     ///< windows that may begin before these
};

/// A step as the lines' stamps are kept; what lies beyond them keeps its order.
template <class Isa> std::int32_t relative(step_t step, step_t base) {
  if (step - base <= spike_lines::unused) return spike_lines::unused;
  return step - base >= spike_lines::beyond ? spike_lines::beyond - 1 : static_cast<std::int32_t>(step - base);
}

[[gnu::always_inline]] inline std::uint32_t line_of(const std::uint32_t* line_of_page, std::uint32_t slot) {
  return line_of_page[slot / block_cells] + slot % block_cells;
}

/// Cuts the connections of a call into tiles.
template <class Isa, std::size_t N> class tile_cutter {
 public:
  explicit tile_cutter(const plastic_call& call) : call_(call), piece_(call.pieces) {}

  /// The next tile: `count` connections from `begin` on.
  void cut(std::uint32_t begin, std::uint32_t count, tile_of<Isa, N>& tile) {
    const auto copy = [&](const auto* slots) {
      for (std::uint32_t n = 0; n < count; ++n) tile.slots[n] = slots[n];
    };
    if (call_.narrow_slots != nullptr)
      copy(call_.narrow_slots + begin);
    else
      copy(call_.wide_slots + begin);

    std::uint32_t part = 0;
    for (std::uint32_t n = 0; n < count; ++part) {
      const std::uint32_t left = piece_->count - done_, taken = left < count - n ? left : count - n;
      tile.parts[part] = {piece_, taken};
      if (taken != tile_connections || done_ < tile_connections)
        write_steps(n, n + taken, tile);  // else they stand there
      n += taken;
      done_ += taken;
      if (done_ == piece_->count) ++piece_, done_ = 0;
    }
    tile.count = count;
    tile.n_parts = part;
  }

 private:
  void write_steps(std::uint32_t begin, std::uint32_t end, tile_of<Isa, N>& tile) const {
    const step_t origin = call_.targets->lines.base + piece_->delay;
    const std::int32_t after = relative<Isa>(call_.after, origin), upto = relative<Isa>(call_.upto, origin);
    const auto table_begin = static_cast<std::uint32_t>(call_.after + 1 - origin);
    const auto delay = static_cast<std::int32_t>(piece_->delay);
    for (std::uint32_t n = begin; n < end; ++n) tile.delay[n] = delay;
    for (std::uint32_t n = begin; n < end; ++n) tile.after[n] = after;
    for (std::uint32_t n = begin; n < end; ++n) tile.upto[n] = upto;
    for (std::uint32_t n = begin; n < end; ++n) tile.table_begin[n] = table_begin;
  }

  const plastic_call& call_;
  const plastic_piece* piece_;
  std::uint32_t done_ = 0;  // connections of the piece
};

/// Finds the targets' newest spikes, and lists the connections that need a closer look; returns how many these are.
template <class Isa, std::size_t N> std::uint32_t read_newest(const plastic_call& call, tile_of<Isa, N>& tile) {
  const plastic_targets& targets = *call.targets;
  // Copies: stores of bytes may alias the call.
  const std::uint32_t* const line_of_page = targets.line_of_page;
  const std::int32_t* const newest_of = targets.lines.newest;
  const double* const K_minus = call.K_minus != nullptr ? call.K_minus : targets.lines.newest_K_minus;
  const std::uint32_t count = tile.count;
  std::uint32_t spiked = 0;
  for (std::uint32_t n = 0; n < count; ++n) {
    const std::uint32_t line = line_of(line_of_page, tile.slots[n]);
    const std::int32_t newest = newest_of[line];
    tile.newest[n] = newest;
    tile.K_minus[n] = K_minus[line];
    tile.spiked[spiked] = static_cast<std::uint8_t>(n);
    tile.spiked_lines[spiked] = line;
    spiked += newest > tile.after[n];
  }
  if (call.K_minus != nullptr) return spiked;
  const auto upto = static_cast<double>(call.upto - targets.lines.base);
  for (std::uint32_t n = 0; n < count; ++n)
    tile.steps_since_post[n] = upto - static_cast<double>(tile.delay[n]) - static_cast<double>(tile.newest[n]);
  if (targets.tau_minus_varies)
    for (std::uint32_t n = 0; n < count; ++n) {
      tile.decay_per_ms[n] = -1.0 / targets.tau_minus_ms[line_of(line_of_page, tile.slots[n])];
      stay_scalar();
    }
  return spiked;
}

/// K_minus of connection n, whose target spiked when the source's spike arrived or later.
template <class Isa, std::size_t N>
void look_up_late(const plastic_call& call, std::uint32_t n, tile_of<Isa, N>& tile) {
  constexpr std::uint32_t without_K = spike_lines::depth - spike_lines::K_depth;
  const spike_lines& lines = call.targets->lines;
  const std::uint32_t line = line_of(call.targets->line_of_page, tile.slots[n]);
  const step_t upto = call.upto - tile.delay[n];
  const std::int32_t* const stamps = lines.stamps + std::size_t{line} * spike_lines::depth;
  const std::uint32_t earlier = line_of_stamps<Isa>(stamps).upto(relative<Isa>(upto - 1, lines.base));
  if (earlier > without_K) {
    tile.K_minus[n] = lines.K_minus[std::size_t{line} * spike_lines::K_depth + earlier - 1 - without_K];
    tile.steps_since_post[n] = static_cast<double>(upto - lines.base - stamps[earlier - 1]);
  } else {
    const post_spike last = lines.last_before(*lines.history, line, upto);
    tile.K_minus[n] = last.K_minus;
    tile.steps_since_post[n] = static_cast<double>(upto - last.stamp);
  }
}

/// Puts connections with their next spikes at the ends of lists. Tabulated: their traces come from a table.
template <class Isa, std::size_t N, bool Tabulated> struct list_writer {
  using table = trace_table<Isa, N>;

  const tile_of<Isa, N>& tile;
  const double* weights;  ///< of the tile
  const double (*values)[table::most + Isa::width];
  step_t base;  ///< of the lines' stamps
  step_t pre;   ///< the source's last spike, minus the base

  /// `next` is read even if there are no spikes.
  template <class Spike>
  [[gnu::always_inline]] void add(work_list<Isa, N, Spike>& list, typename work_list<Isa, N, Spike>::lengths& size,
                                  std::uint8_t connection, const Spike* next, std::uint32_t spikes) const {
    list.connections[size.now] = connection;
    list.weights[size.now] = weights[connection];
    if constexpr (Tabulated) {
      const std::uint32_t step =
          (static_cast<std::uint32_t>(stamp_of(*next)) - tile.table_begin[connection]) % table::most;
      for (std::size_t k = 0; k < N; ++k) list.traces[k][size.now] = values[k][step];
    } else {
      list.steps_since_pre[size.now] = static_cast<double>(stamp_of(*next) + tile.delay[connection] - pre);
    }
    list.next[size.later] = next + 1;
    list.left[size.later] = spikes - 1;
    list.later_connections[size.later] = connection;
    size.now += spikes != 0;
    size.later += spikes > 1;
  }

 private:
  step_t stamp_of(std::int32_t spike) const { return spike; }
  step_t stamp_of(const post_spike& spike) const { return spike.stamp - base; }
};

/// The windows of the first `count` connections of `spiked`.
template <class Isa, std::size_t N, bool Tabulated> void look_up_windows(const plastic_call& call, std::uint32_t count,
                                                                         const list_writer<Isa, N, Tabulated> writer,
                                                                         tile_of<Isa, N>& tile) {
  const spike_lines lines = call.targets->lines;
  typename work_list<Isa, N, std::int32_t>::lengths recent{0, 0};
  typename work_list<Isa, N, post_spike>::lengths older{0, 0};
  for (std::uint32_t i = 0; i < count; ++i) {
    const std::uint8_t n = tile.spiked[i];
    const std::int32_t* stamps = lines.stamps + std::size_t{tile.spiked_lines[i]} * spike_lines::depth;
    const line_of_stamps<Isa> line(stamps);
    const std::uint32_t seen = line.upto(tile.after[n]), end = line.upto(tile.upto[n]);
    if (seen != 0) [[likely]] {
      writer.add(tile.recent, recent, n, stamps + seen, end - seen);
      continue;
    }
    const step_t delay = tile.delay[n];
    const spike_range spikes =
        lines.window(*lines.history, tile.spiked_lines[i], call.after - delay, call.upto - delay);
    if (spikes.first != spikes.last)
      writer.add(tile.older, older, n, spikes.first, static_cast<std::uint32_t>(spikes.last - spikes.first));
  }
  tile.recent.size = recent;
  tile.older.size = older;
}

/// After a round: weights go back to the tile, and the connections with spikes left come forward.
template <class Isa, std::size_t N, bool Tabulated, class Spike>
void end_round(const list_writer<Isa, N, Tabulated> writer, double* weights, work_list<Isa, N, Spike>& list) {
  for (std::uint32_t i = 0; i < list.size.now; ++i) {
    weights[list.connections[i]] = list.weights[i];
    stay_scalar();
  }
  const std::uint32_t count = list.size.later;
  typename work_list<Isa, N, Spike>::lengths size{0, 0};
  for (std::uint32_t i = 0; i < count; ++i)
    writer.add(list, size, list.later_connections[i], list.next[i], list.left[i]);
  list.size = size;
}

}  // namespace volley::runtime
