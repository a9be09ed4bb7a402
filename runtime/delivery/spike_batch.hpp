// The spikes of one VP in one interval.
#pragma once
#include <cstdint>
#include <span>
#include <vector>

namespace volley::runtime {

/// A spike on its way to its targets.
struct travelling_spike {
  std::uint32_t source;
  std::uint32_t multiplicity;
  double weight;             ///< factor of the connections' weights; generators may give one
  double offset_ms = 0;      ///< how long before its stamp it was sent, or an amount that it carries in that place
  std::uint32_t before = 0;  ///< spikes of the same source and time that are delivered before it
};

/// Read-only columns: `counts[lag]` sources belong to step `lag`, ascending within it.
struct batch_view {
  std::span<const std::uint32_t> counts;
  std::span<const std::uint32_t> sources;
  std::span<const std::uint32_t> multiplicities;  ///< empty: all 1
  std::span<const double> offsets_ms{};           ///< how long before their stamp they were sent; empty: all 0

  /// The spike at a position of the columns.
  travelling_spike spike(std::size_t i) const {
    return {sources[i], multiplicities.empty() ? 1 : multiplicities[i], 1.0, offsets_ms.empty() ? 0.0 : offsets_ms[i]};
  }
};

struct spike_batch {
  std::vector<std::uint32_t> counts, sources, multiplicities;
  std::vector<double> offsets_ms{};
  operator batch_view() const { return {counts, sources, multiplicities, offsets_ms}; }
  /// One more spike of the step at hand. Columns that not all batches have begin with the first spike that needs them.
  void add(std::uint32_t source, std::uint32_t multiplicity, double offset_ms) {
    if (multiplicity != 1 || !multiplicities.empty()) {
      multiplicities.resize(sources.size(), 1);
      multiplicities.push_back(multiplicity);
    }
    if (offset_ms != 0 || !offsets_ms.empty()) {
      offsets_ms.resize(sources.size(), 0);
      offsets_ms.push_back(offset_ms);
    }
    sources.push_back(source);
  }
  void clear() {
    counts.clear();
    sources.clear();
    multiplicities.clear();
    offsets_ms.clear();
  }
  template <class Snapshot> void snapshot(Snapshot& s) { s(counts, sources, multiplicities, offsets_ms); }
  std::uint64_t bytes() const {
    return (counts.capacity() + sources.capacity() + multiplicities.capacity()) * sizeof(std::uint32_t) +
           offsets_ms.capacity() * sizeof(double);
  }
};

}  // namespace volley::runtime
