#include "client/cpp/synapse_collection.hpp"

#include <algorithm>

#include "client/cpp/conversation.hpp"
#include "client/cpp/entries.hpp"
#include "client/cpp/error.hpp"
#include "client/cpp/value.hpp"
#include "client/cpp/wire.hpp"

namespace volley::client {
namespace {

struct range {
  std::size_t first, last, step;
};

Column<std::int64_t> part_of(const Column<std::int64_t>& column, range r) {
  if (r.step == 1) return {column.owner(), column.view().subspan(r.first, r.last - r.first)};
  std::vector<std::int64_t> picked;
  for (std::size_t i = r.first; i < r.last; i += r.step) picked.push_back(column[i]);
  return picked;
}

synapse_columns part_of(const synapse_columns& columns, range r) {
  return {part_of(columns.sources, r), part_of(columns.targets, r), part_of(columns.models, r),
          part_of(columns.ports, r)};
}

}  // namespace

SynapseCollection::SynapseCollection(std::shared_ptr<conversation> kernel, std::uint64_t generation,
                                     synapse_columns columns)
    : kernel_(std::move(kernel)), generation_(generation), columns_(std::move(columns)) {}

SynapseCollection SynapseCollection::operator[](std::int64_t position) const {
  const auto count = static_cast<std::int64_t>(size());
  const std::int64_t at = position < 0 ? position + count : position;
  if (at < 0 || at >= count)
    throw error("builtins.IndexError", "SynapseCollection: position " + std::to_string(position) + " is outside of " +
                                           std::to_string(count) + " connections");
  return slice(at, at + 1);
}

SynapseCollection SynapseCollection::slice(std::int64_t first, std::int64_t last, std::int64_t step) const {
  const auto count = static_cast<std::int64_t>(size());
  const auto bound = [count](std::int64_t at) { return std::clamp<std::int64_t>(at < 0 ? at + count : at, 0, count); };
  const auto begin = static_cast<std::size_t>(bound(first));
  const auto end = std::max(begin, static_cast<std::size_t>(bound(last)));
  return {kernel_, generation_, part_of(columns_, {begin, end, static_cast<std::size_t>(step)})};
}

bool SynapseCollection::operator==(const SynapseCollection& other) const {
  if (empty() && other.empty()) return true;
  return kernel_ == other.kernel_ && generation_ == other.generation_ && columns_ == other.columns_;
}

conversation& SynapseCollection::kernel() const {
  if (!kernel_) throw error("builtins.ValueError", "SynapseCollection: it has no kernel");
  return *kernel_;
}

Dictionary SynapseCollection::get(const std::vector<std::string>& keys) const {
  if (empty()) return {};
  auto columns = kernel().ask<Value>(wire::get_connection_values(*this, keys)).as<Dictionary>();
  for (const auto& key : keys) columns.at(key);  // the kernel leaves out what no connection has
  return size() == 1 ? first_entries(columns) : columns;
}

Dictionary SynapseCollection::get(std::initializer_list<const char*> keys) const {
  return get(std::vector<std::string>(keys.begin(), keys.end()));
}

Value SynapseCollection::get(const std::string& key) const {
  if (empty()) return EmptyVector{};
  return get(std::vector{key}).at(key);
}

void SynapseCollection::set(const Dictionary& values) const {
  if (!empty()) kernel().order(wire::set_connection_values(*this, values));
}

void SynapseCollection::set(const std::vector<Dictionary>& values) const {
  if (!empty()) kernel().order(wire::set_connection_values(*this, values));
}

void SynapseCollection::disconnect() const {
  if (!empty()) kernel().order(wire::disconnect(*this));
}

}  // namespace volley::client
