// Pairs that a Connect call gives one by one, as far as the kernels of all ranks have to know them.
#pragma once
#include <cstdint>
#include <vector>

namespace volley::runtime {

/// Neighbouring sources, and ids between which all of their targets lie.
struct source_reach {
  std::uint64_t first, last;
  std::uint64_t lowest, highest;
  bool operator==(const source_reach&) const = default;
};

struct listed_pairs {
  std::uint64_t number = 0;
  bool repeat = false;                 ///< some pair is there twice
  std::vector<source_reach> reaches;   ///< each source by itself, ascending
  std::vector<std::uint64_t> targets;  ///< ascending, none twice

  /// Those of another rank, which end at other targets.
  void include(const listed_pairs& others);
  bool operator==(const listed_pairs&) const = default;
  template <class Snapshot> void snapshot(Snapshot& s) { s(number, repeat, reaches, targets); }
};

/// The i-th source with the i-th target. REQUIRES: as many of both; they are nodes of a network.
listed_pairs listed(const std::vector<std::uint64_t>& sources, const std::vector<std::uint64_t>& targets);

}  // namespace volley::runtime
