// Positions in a node set and the ids that stand there, both ways.
#pragma once
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "runtime/values/value.hpp"

namespace volley::runtime {

class node_index {
 public:
  explicit node_index(const node_set& nodes);

  std::uint32_t size() const { return size_; }
  std::uint64_t id(std::uint32_t position) const;
  /// Nothing when the set lacks the node.
  std::optional<std::uint32_t> position(std::uint64_t id) const;
  /// Ids of positions first, first + 1, ...: their low 32 bits.
  void low_ids(std::uint32_t first, std::span<std::uint32_t> out) const;

 private:
  struct piece {
    node_range range;
    std::uint32_t first_position;
  };
  const piece& piece_at(std::uint32_t position) const;

  std::vector<piece> pieces_;
  std::uint32_t size_ = 0;
};

/// True when both sets hold the same ids, however they are cut into ranges.
bool same_nodes(const node_set& a, const node_set& b);

/// True when some id is in both sets.
bool share_nodes(const node_set& a, const node_set& b);

/// How many ids are in both sets.
std::uint64_t count_shared_nodes(const node_set& a, const node_set& b);

}  // namespace volley::runtime
