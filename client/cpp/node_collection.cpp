#include "client/cpp/node_collection.hpp"

#include <algorithm>

#include "client/cpp/conversation.hpp"
#include "client/cpp/entries.hpp"
#include "client/cpp/error.hpp"
#include "client/cpp/value.hpp"
#include "client/cpp/wire.hpp"

namespace volley::client {
namespace {

[[noreturn]] void throw_index_error(std::int64_t position, std::uint64_t size) {
  throw error("builtins.IndexError", "NodeCollection: position " + std::to_string(position) + " is outside of " +
                                         std::to_string(size) + " nodes");
}

/// A position that may count from the end, as one that does not. Position `size` is allowed: it bounds slices.
std::uint64_t bound_of(std::int64_t position, std::uint64_t size) {
  const std::int64_t bound = position < 0 ? position + static_cast<std::int64_t>(size) : position;
  if (bound < 0 || bound > static_cast<std::int64_t>(size)) throw_index_error(position, size);
  return static_cast<std::uint64_t>(bound);
}

}  // namespace

NodeCollection::NodeCollection(std::shared_ptr<conversation> kernel, std::uint64_t generation, node_ranges ranges)
    : kernel_(std::move(kernel)), generation_(generation), ranges_(std::move(ranges)), size_(count(ranges_)) {}

NodeCollection NodeCollection::with(node_ranges ranges, bool cut) const {
  NodeCollection part(kernel_, generation_, std::move(ranges));
  part.cut_ = cut;
  return part;
}

NodeCollection NodeCollection::operator[](std::int64_t position) const {
  const std::uint64_t at = bound_of(position, size_);
  if (at == size_) throw_index_error(position, size_);
  const std::uint64_t id = id_at(ranges_, at);
  return with({{id, id, 1}});
}

NodeCollection NodeCollection::slice(std::optional<std::int64_t> first, std::optional<std::int64_t> last,
                                     std::int64_t step) const {
  if (step < 1)
    throw error("builtins.IndexError",
                "NodeCollection: the step of a slice is at least 1, not " + std::to_string(step));
  const std::uint64_t begin = first ? bound_of(*first, size_) : 0;
  const std::uint64_t end = last ? bound_of(*last, size_) : size_;
  if (begin >= end) throw error("BadParameter", "NodeCollection: a slice needs at least one node");
  auto ranges = client::slice(ranges_, begin, end, static_cast<std::uint64_t>(step));
  const bool one_run = ranges.size() == 1 && ranges.front().step == 1;
  return with(std::move(ranges), !one_run);
}

NodeCollection NodeCollection::select(std::span<const std::int64_t> positions) const {
  std::vector<std::uint64_t> ids;
  ids.reserve(positions.size());
  for (std::size_t i = 0; i < positions.size(); ++i) {
    if (positions[i] < 0 || static_cast<std::uint64_t>(positions[i]) >= size_) throw_index_error(positions[i], size_);
    if (i > 0 && positions[i] == positions[i - 1])
      throw error("builtins.ValueError",
                  "NodeCollection: position " + std::to_string(positions[i]) + " is given twice");
    if (i > 0 && positions[i] < positions[i - 1]) throw error("BadProperty", "NodeCollection: positions must ascend");
    ids.push_back(id_at(ranges_, static_cast<std::uint64_t>(positions[i])));
  }
  return with(compress(ids));
}

std::uint64_t NodeCollection::index(std::uint64_t id) const {
  if (const auto position = position_of(ranges_, id)) return *position;
  throw error("builtins.ValueError", "NodeCollection: node " + std::to_string(id) + " is not in it");
}

NodeCollection NodeCollection::operator+(const NodeCollection& other) const {
  if (empty()) return other;
  if (other.empty()) return *this;
  if (kernel_ != other.kernel_ || generation_ != other.generation_)
    throw error("BadProperty", "NodeCollection: the collections belong to different kernels");
  if (cut_ || other.cut_) throw error("BadProperty", "NodeCollection: a sliced composite cannot be joined");
  auto united = unite(ranges_, other.ranges_);
  if (!united) throw error("BadProperty", "NodeCollection: the collections have nodes in common");
  return with(std::move(*united));
}

bool NodeCollection::operator==(const NodeCollection& other) const {
  if (empty() && other.empty()) return true;
  return kernel_ == other.kernel_ && generation_ == other.generation_ && same_ids(ranges_, other.ranges_);
}

conversation& NodeCollection::kernel() const {
  if (!kernel_) throw error("builtins.ValueError", "NodeCollection: it is empty and has no kernel");
  return *kernel_;
}

Dictionary NodeCollection::get(const std::vector<std::string>& keys) const {
  if (empty()) throw error("builtins.ValueError", "NodeCollection.get: it is empty");
  auto columns = kernel().ask<Value>(wire::get_node_values(*this, keys)).as<Dictionary>();
  return size_ == 1 ? first_entries(columns) : columns;
}

Dictionary NodeCollection::get(std::initializer_list<const char*> keys) const {
  return get(std::vector<std::string>(keys.begin(), keys.end()));
}

Value NodeCollection::get(const std::string& key) const { return get(std::vector{key}).at(key); }

Value NodeCollection::get(const std::string& key, const std::string& entry) const {
  const Value outer = get(key);
  if (size_ == 1) return outer.as<Dictionary>().at(entry);
  std::vector<Value> inner;
  for (const Value& one : outer.as<std::vector<Value>>())
    inner.push_back(one.is_none() ? Value() : one.as<Dictionary>().at(entry));
  return inner;
}

void NodeCollection::set(const Dictionary& values) const {
  if (!empty()) kernel().order(wire::set_node_values(*this, values));
}

void NodeCollection::set(const std::vector<Dictionary>& values) const {
  if (!empty()) kernel().order(wire::set_node_values(*this, values));
}

}  // namespace volley::client
