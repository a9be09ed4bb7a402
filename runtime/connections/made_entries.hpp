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
  std::uint32_t give(const target_lookup::place& to) { return given(to)++; }
  /// So many were given.
  void put(const target_lookup::place& to, std::uint32_t number) { given(to) = number; }
  template <class Snapshot> void snapshot(Snapshot& s) { s(given_); }

 private:
  std::uint32_t& given(const target_lookup::place& to) {
    auto& of_block = given_[to.block];
    if (to.cell >= of_block.size()) of_block.resize(to.cell + 1);
    return of_block[to.cell];
  }
  std::map<block_ordinal, std::vector<std::uint32_t>> given_;  // by cell
};

}  // namespace volley::runtime
