// What a shard measures of itself.
#pragma once
#include <cstdint>
#include <limits>

namespace volley::runtime {

/// Recorders may keep as many bytes as they like.
inline constexpr std::uint64_t any_room = std::numeric_limits<std::uint64_t>::max();

/// Seconds of wall-clock by phase, and events counted.
struct shard_times {
  double deliver = 0;  ///< from batches to rows of sums
  double update = 0;   ///< of nodes, with the samples of multimeters
  double gather = 0;   ///< spikes into batches and recorders
  double wait = 0;     ///< for other VPs; whoever drives the shard measures it
  double build = 0;
  std::uint64_t spikes = 0;
  template <class Snapshot> void snapshot(Snapshot& s) { s(deliver, update, gather, wait, build, spikes); }
};

/// Bytes that a shard holds, as allocated.
struct shard_bytes {
  std::uint64_t nodes = 0;        ///< values of neurons, their input rows, spike marks and lines of history
  std::uint64_t connections = 0;  ///< stores with their tables
  std::uint64_t events =
      0;  ///< recorded events, and queues: calendar, batch, spikes that plastic synapses have yet to see
  std::uint64_t total() const { return nodes + connections + events; }
};

}  // namespace volley::runtime
