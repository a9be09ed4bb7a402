// The entries that connections have of their targets' lists: one each, in the order in which they are made.
#pragma once
#include <cstdint>
#include <map>
#include <utility>
#include <vector>

#include "runtime/connections/target_lookup.hpp"

namespace volley::runtime {

class made_entries {
 public:
  /// The next entry of a cell is the connection's that is made now.
  std::uint32_t give(const target_lookup::place& to) {
    auto& given = given_[to.block];
    if (to.cell >= given.size()) given.resize(to.cell + 1);
    return given[to.cell]++;
  }
  template <class Snapshot> void snapshot(Snapshot& s) { s(given_); }

 private:
  std::map<block_ordinal, std::vector<std::uint32_t>> given_;  // by cell
};

}  // namespace volley::runtime
