// The sources of each node of a shard in one connection store: for scripts that ask for the inputs of one neuron after
// the other. Rows are by source, so that each such question would read all of them; after some questions an index pays,
// and whoever asks less has none.
#pragma once
#include <cstdint>
#include <span>
#include <vector>

#include "runtime/base/pool.hpp"
#include "runtime/connections/connection_store.hpp"
#include "runtime/connections/target_lookup.hpp"

namespace volley::runtime {

class target_index {
 public:
  /// Somebody asks. True when the index is there; it is made when the questions since connections were added have read
  /// about as much as that takes.
  bool ready(const connection_store& rows, const target_lookup& targets);
  /// Sources of a node of this shard, ascending. Some may have lost their connections. REQUIRES: ready().
  std::span<const std::uint32_t> sources_of(std::uint64_t target, const target_lookup& targets) const;

  /// Connections were added.
  void drop() { *this = {}; }
  std::uint64_t bytes() const {
    return begins_.capacity() * sizeof(std::uint64_t) + sources_.capacity() * sizeof(std::uint32_t);
  }

 private:
  static constexpr std::uint32_t questions = 8;  ///< whose reading takes as long as making the index
  void make(const connection_store& rows, const target_lookup& targets);

  std::uint32_t asked_ = 0;
  std::vector<std::uint64_t> begins_;  // by line; empty while there is no index
  pool<std::uint32_t> sources_;
};

}  // namespace volley::runtime
