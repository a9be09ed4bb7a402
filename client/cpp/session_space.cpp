// The verbs about positions.
#include <algorithm>
#include <map>
#include <set>

#include "client/cpp/conversation.hpp"
#include "client/cpp/session.hpp"
#include "client/cpp/wire.hpp"

namespace volley::client {
namespace {

/// For each node of `of`, who of `others` is connected with it.
std::vector<NodeCollection> grouped(const std::shared_ptr<conversation>& kernel, const NodeCollection& of,
                                    const Column<std::int64_t>& ends, const Column<std::int64_t>& others) {
  std::map<std::uint64_t, std::set<std::uint64_t>> partners;
  for (std::size_t i = 0; i < ends.size(); ++i)
    partners[static_cast<std::uint64_t>(ends[i])].insert(static_cast<std::uint64_t>(others[i]));
  std::vector<NodeCollection> found;
  for (const auto id : of.ids()) {
    const auto& mine = partners[id];
    const std::vector<std::uint64_t> ids(mine.begin(), mine.end());
    found.emplace_back(kernel, kernel->generation(), compress(ids));
  }
  return found;
}

NodeCollection nodes_of(const std::shared_ptr<conversation>& kernel, const Column<std::int64_t>& ids) {
  const std::vector<std::uint64_t> sorted(ids.begin(), ids.end());
  return {kernel, kernel->generation(), compress(sorted)};
}

}  // namespace

NodeCollection Session::CreateSpatial(const std::string& model, const Dictionary& positions, std::int64_t n,
                                      const Value& params) {
  return kernel_->ask<NodeCollection>(wire::create_nodes(model, n, params, positions));
}

std::optional<Dictionary> Session::spatial(const NodeCollection& nodes) {
  const auto told = kernel_->ask<Value>(wire::describe_space(nodes));
  return told.is_none() ? std::nullopt : std::optional(told.as<Dictionary>());
}

Matrix Session::GetPosition(const NodeCollection& nodes) {
  return kernel_->ask<Value>(wire::get_positions(nodes)).as<Matrix>();
}

Matrix Session::Displacement(const NodeCollection& from, const NodeCollection& to) {
  return kernel_->ask<Value>(wire::displace(&to, {}, from, false)).as<Matrix>();
}

Matrix Session::Displacement(const Matrix& from, const NodeCollection& to) {
  return kernel_->ask<Value>(wire::displace(nullptr, from, to, false)).as<Matrix>();
}

Column<double> Session::Distance(const NodeCollection& from, const NodeCollection& to) {
  return kernel_->ask<Value>(wire::displace(&to, {}, from, true)).as<Column<double>>();
}

Column<double> Session::Distance(const Matrix& from, const NodeCollection& to) {
  return kernel_->ask<Value>(wire::displace(nullptr, from, to, true)).as<Column<double>>();
}

NodeCollection Session::FindCenterElement(const NodeCollection& layer) {
  return nodes_of(kernel_, kernel_->ask<Value>(wire::find_nearest(layer, {}, false)).as<Column<std::int64_t>>());
}

std::vector<NodeCollection> Session::FindNearestElement(const NodeCollection& layer, const Matrix& locations) {
  std::vector<NodeCollection> found;
  for (const auto id : kernel_->ask<Value>(wire::find_nearest(layer, locations, false)).as<Column<std::int64_t>>())
    found.push_back(nodes_of(kernel_, {id}));
  return found;
}

std::vector<NodeCollection> Session::FindAllNearestElements(const NodeCollection& layer, const Matrix& locations) {
  std::vector<NodeCollection> found;
  for (const Value& ids : kernel_->ask<Value>(wire::find_nearest(layer, locations, true)).as<std::vector<Value>>())
    found.push_back(nodes_of(kernel_, ids.as<Column<std::int64_t>>()));
  return found;
}

NodeCollection Session::SelectNodesByMask(const NodeCollection& layer, const std::vector<double>& anchor,
                                          const Dictionary& mask) {
  return kernel_->ask<NodeCollection>(wire::select_by_mask(layer, Column<double>(anchor), mask));
}

void Session::CheckMask(const Dictionary& mask) { kernel_->order(wire::test_mask(mask, {})); }

Booleans Session::Inside(const Dictionary& mask, const Matrix& points) {
  return kernel_->ask<Value>(wire::test_mask(mask, points)).as<Booleans>();
}

std::vector<NodeCollection> Session::GetTargetNodes(const NodeCollection& sources, const NodeCollection& layer,
                                                    const std::string& synapse_model) {
  const auto found = GetConnections(sources, layer, synapse_model);
  return grouped(kernel_, sources, found.sources(), found.targets());
}

std::vector<NodeCollection> Session::GetSourceNodes(const NodeCollection& layer, const NodeCollection& targets,
                                                    const std::string& synapse_model) {
  const auto found = GetConnections(layer, targets, synapse_model);
  return grouped(kernel_, targets, found.targets(), found.sources());
}

}  // namespace volley::client
