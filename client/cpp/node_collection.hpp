// NodeCollection: the ids of some nodes of one kernel, as PyNEST scripts slice, join and compare them.
#pragma once
#include <cstdint>
#include <initializer_list>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "client/cpp/node_ranges.hpp"

namespace volley::client {

struct Value;
class Dictionary;
class conversation;

/// Immutable. Valid in one generation of the kernel: after ResetKernel, get and set throw KernelException.
class NodeCollection {
 public:
  /// Empty, of no kernel.
  NodeCollection() = default;
  /// REQUIRES: ascending, disjoint ranges.
  NodeCollection(std::shared_ptr<conversation> kernel, std::uint64_t generation, node_ranges ranges);

  std::uint64_t size() const { return size_; }
  bool empty() const { return size_ == 0; }
  const node_ranges& ranges() const { return ranges_; }
  std::uint64_t generation() const { return generation_; }

  /// One node; negative positions count from the end. Throws builtins.IndexError.
  NodeCollection operator[](std::int64_t position) const;
  /// Every `step`-th node from position `first` to before `last`; negative positions count from the end, absent ones
  /// mean the ends. Nothing is clamped: throws builtins.IndexError beyond the ends, BadParameter when nothing is left.
  NodeCollection slice(std::optional<std::int64_t> first, std::optional<std::int64_t> last,
                       std::int64_t step = 1) const;
  /// The nodes at ascending, distinct positions. Throws builtins.IndexError, builtins.ValueError, BadProperty.
  NodeCollection select(std::span<const std::int64_t> positions) const;

  bool contains(std::uint64_t id) const { return position_of(ranges_, id).has_value(); }
  /// The position of `id`. Throws builtins.ValueError when it is not there.
  std::uint64_t index(std::uint64_t id) const;
  /// Every id, ascending.
  std::vector<std::uint64_t> ids() const { return expand(ranges_); }
  /// The id at a position. REQUIRES: position < size().
  std::uint64_t id(std::uint64_t position) const { return id_at(ranges_, position); }

  /// Both, in order of ids. Throws BadProperty when they share a node, when one is a slice of a collection of several
  /// parts, or when they belong to different kernels.
  NodeCollection operator+(const NodeCollection& other) const;
  /// The same nodes of the same kernel.
  bool operator==(const NodeCollection& other) const;

  /// One property: the value of one node, else one entry a node (none where a node lacks it). Throws builtins.KeyError.
  Value get(const std::string& key) const;
  /// One entry of a dictionary property, as get("events", "times").
  Value get(const std::string& key, const std::string& entry) const;
  /// Several properties, or all: key -> as get(key).
  Dictionary get(const std::vector<std::string>& keys = {}) const;
  Dictionary get(std::initializer_list<const char*> keys) const;
  /// Sets properties of every node; parameters are drawn for each.
  void set(const Dictionary& values) const;
  /// One dictionary a node.
  void set(const std::vector<Dictionary>& values) const;

 private:
  conversation& kernel() const;
  NodeCollection with(node_ranges ranges, bool cut = false) const;

  std::shared_ptr<conversation> kernel_;
  std::uint64_t generation_ = 0;
  node_ranges ranges_;
  std::uint64_t size_ = 0;
  bool cut_ = false;  // a slice that is not one run: PyNEST refuses to join such
};

}  // namespace volley::client
