// The nodes of one network by id, as blocks: the nodes of one Create call.
#pragma once
#include <algorithm>
#include <cstdint>
#include <memory>
#include <set>
#include <span>
#include <utility>
#include <vector>

#include "runtime/nodes/attributes.hpp"
#include "runtime/space/layer.hpp"
#include "runtime/values/value.hpp"

namespace volley::runtime {

struct node_block {
  std::uint64_t first = 0, last = 0;
  std::uint32_t model = 0;                           ///< id in the registry
  std::int64_t device = -1;                          ///< position of the first among the devices; negative: neurons
  std::set<std::size_t> varied = {};                 ///< columns of parameters with a value a node
  std::shared_ptr<const attributes> like = nullptr;  ///< dry run: the values of all its nodes
  layer_ref where = nullptr;                         ///< null: its nodes have no positions
  template <class Snapshot> void snapshot(Snapshot& s) {
    std::vector<std::uint64_t> columns(varied.begin(), varied.end());
    s(first, last, model, device, columns, where);
    if constexpr (Snapshot::loads) {
      varied = {columns.begin(), columns.end()};
      if (first < 1 || first > last) s.refuse();
    }
  }
};

class node_table {
 public:
  /// Nodes have the ids 1 to size().
  std::uint64_t size() const { return blocks_.empty() ? 0 : blocks_.back().last; }
  std::span<const node_block> blocks() const { return blocks_; }
  std::span<node_block> blocks() { return blocks_; }

  /// REQUIRES: `block` begins behind the last id.
  void add(node_block block);

  /// Errors: UnknownNode.
  const node_block& block_of(std::uint64_t id) const;
  node_block& block_of(std::uint64_t id) { return const_cast<node_block&>(std::as_const(*this).block_of(id)); }

  /// Errors: KernelException for a set of another generation (0 is of any), BadProperty for ids that do not ascend,
  /// UnknownNode. `what` begins messages.
  void check(const node_set& nodes, std::uint64_t generation, const char* what) const;

  /// The layer that all nodes of the set lie in; null where there is none. REQUIRES: check() passed.
  layer_ref layer_of(const node_set& nodes) const;

  /// Calls visit(block, range) for the parts of the set that lie in one block each. REQUIRES: check() passed.
  template <class Visit> void for_each_block(const node_set& nodes, Visit&& visit) const {
    for (const auto& r : nodes.ranges)
      for (auto id = r.first; id <= r.last;) {
        const auto& block = block_of(id);
        const node_range part{id, id + (std::min(r.last, block.last) - id) / r.step * r.step, r.step};
        visit(block, part);
        id = part.last + r.step;
      }
  }
  /// Calls visit(block, id, position in the set) for each node of the set. REQUIRES: check() passed.
  template <class Visit> void for_each(const node_set& nodes, Visit&& visit) const {
    std::uint64_t position = 0;
    for (const auto& r : nodes.ranges)
      for (auto id = r.first; id <= r.last;) {
        const auto& block = block_of(id);
        for (; id <= r.last && id <= block.last; id += r.step) visit(block, id, position++);
      }
  }
  template <class Snapshot> void snapshot(Snapshot& s) { s(blocks_); }

 private:
  std::vector<node_block> blocks_;
};

}  // namespace volley::runtime
