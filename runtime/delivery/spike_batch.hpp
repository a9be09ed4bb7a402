// The spikes of one VP in one interval.
#pragma once
#include <cstdint>
#include <span>
#include <vector>

namespace volley::runtime {

/// Read-only columns: `counts[lag]` sources belong to step `lag`, ascending within it.
struct batch_view {
  std::span<const std::uint32_t> counts;
  std::span<const std::uint32_t> sources;
  std::span<const std::uint32_t> multiplicities;  ///< empty: all 1
};

struct spike_batch {
  std::vector<std::uint32_t> counts, sources, multiplicities;
  operator batch_view() const { return {counts, sources, multiplicities}; }
  void clear() {
    counts.clear();
    sources.clear();
    multiplicities.clear();
  }
  template <class Snapshot> void snapshot(Snapshot& s) { s(counts, sources, multiplicities); }
  std::uint64_t bytes() const {
    return (counts.capacity() + sources.capacity() + multiplicities.capacity()) * sizeof(std::uint32_t);
  }
};

/// A spike on its way to its targets.
struct travelling_spike {
  std::uint32_t source;
  std::uint32_t multiplicity;
  double weight;             ///< factor of the connections' weights; generators may give one
  std::uint32_t before = 0;  ///< spikes of the same source and time that are delivered before it
};

}  // namespace volley::runtime
