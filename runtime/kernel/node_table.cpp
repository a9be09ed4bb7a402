#include "runtime/kernel/node_table.hpp"

#include <algorithm>
#include <string>
#include <utility>

#include "runtime/base/contract.hpp"
#include "runtime/base/error.hpp"

namespace volley::runtime {

void node_table::add(node_block block) {
  expects(block.first == size() + 1 && block.first <= block.last, "nodes begin behind the last");
  blocks_.push_back(std::move(block));
}

const node_block& node_table::block_of(std::uint64_t id) const {
  if (id == 0 || id > size())
    throw api_error(error_kind::UnknownNode, "Node with id " + std::to_string(id) + " does not exist.");
  return *std::ranges::lower_bound(blocks_, id, {}, &node_block::last);
}

void node_table::check(const node_set& nodes, std::uint64_t generation, const char* what) const {
  if (nodes.generation != 0 && nodes.generation != generation)
    throw api_error(
        error_kind::KernelException,
        std::string(what) + ": InvalidNodeCollection: the nodes belong to a network before ResetKernel or Load");
  std::uint64_t before = 0;
  for (const auto& r : nodes.ranges) {
    if (r.step == 0 || r.first > r.last || (r.last - r.first) % r.step != 0 || r.first <= before)
      throw api_error(error_kind::BadProperty, std::string(what) + ": node ids must be strictly ascending and unique");
    block_of(r.first);
    block_of(r.last);
    before = r.last;
  }
}

layer_ref node_table::layer_of(const node_set& nodes) const {
  layer_ref found;
  bool one = !nodes.empty();
  for_each_block(nodes, [&](const node_block& block, const node_range&) {
    one = one && block.where != nullptr && (found == nullptr || found == block.where);
    found = block.where;
  });
  return one ? found : nullptr;
}

}  // namespace volley::runtime
