// SynapseCollection: handles of connections, as columns.
#pragma once
#include <cstdint>
#include <initializer_list>
#include <memory>
#include <string>
#include <vector>

#include "client/cpp/column.hpp"

namespace volley::client {

struct Value;
class Dictionary;
class conversation;

/// A connection is named (source, target, synapse model, multapse number). Columns of equal length.
struct synapse_columns {
  Column<std::int64_t> sources, targets, models, ports;
  bool operator==(const synapse_columns&) const = default;
};

/// Immutable. Valid in one generation of the kernel.
class SynapseCollection {
 public:
  SynapseCollection() = default;
  /// REQUIRES: columns of equal length.
  SynapseCollection(std::shared_ptr<conversation> kernel, std::uint64_t generation, synapse_columns columns);

  std::size_t size() const { return columns_.sources.size(); }
  bool empty() const { return size() == 0; }
  const synapse_columns& columns() const { return columns_; }
  const Column<std::int64_t>& sources() const { return columns_.sources; }
  const Column<std::int64_t>& targets() const { return columns_.targets; }
  std::uint64_t generation() const { return generation_; }

  /// One connection; negative positions count from the end. Throws builtins.IndexError.
  SynapseCollection operator[](std::int64_t position) const;
  /// Positions first, first + step, ... below last; clamped as Python does. REQUIRES: step >= 1.
  SynapseCollection slice(std::int64_t first, std::int64_t last, std::int64_t step = 1) const;
  bool operator==(const SynapseCollection& other) const;

  /// One property: the value of one connection, else one entry a connection.
  Value get(const std::string& key) const;
  /// Several properties, or all: key -> as get(key).
  Dictionary get(const std::vector<std::string>& keys = {}) const;
  Dictionary get(std::initializer_list<const char*> keys) const;
  /// Scalars for all, or columns with one entry a connection.
  void set(const Dictionary& values) const;
  /// One dictionary a connection.
  void set(const std::vector<Dictionary>& values) const;
  /// Removes exactly these connections. Throws InexistentConnection.
  void disconnect() const;

 private:
  conversation& kernel() const;

  std::shared_ptr<conversation> kernel_;
  std::uint64_t generation_ = 0;
  synapse_columns columns_;
};

}  // namespace volley::client
