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
  /// Appends the sources of a node, in no order; some may repeat, or have lost their connections. REQUIRES: ready().
  void add_sources_of(std::uint64_t target, const target_lookup& targets, std::vector<std::uint64_t>& to) const;

  /// Connections were added.
  void drop() { *this = {}; }
  std::uint64_t bytes() const { return of_spikes_.bytes() + of_currents_.bytes(); }

 private:
  static constexpr std::uint32_t questions = 32;  ///< whose reading takes as long as making the index
  /// Of one kind of slots, a source a connection.
  struct by_slot {
    std::vector<std::uint64_t> begins;
    pool<std::uint32_t> sources;
    std::uint64_t bytes() const {
      return begins.capacity() * sizeof(std::uint64_t) + sources.capacity() * sizeof(std::uint32_t);
    }
  };
  static by_slot made_of(const connection_store& rows, bool currents, std::uint64_t slots);

  std::uint32_t asked_ = 0;
  bool made_ = false;
  by_slot of_spikes_, of_currents_;
};

}  // namespace volley::runtime
