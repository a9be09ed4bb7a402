// The connections of a rule as a list of ids, for tests.
#pragma once
#include <algorithm>
#include <map>
#include <vector>

#include "runtime/rules/rule.hpp"
#include "runtime/rules/walk.hpp"

namespace volley::runtime {

struct connection {
  std::uint64_t source, target, entry;
  bool reversed;
  auto operator<=>(const connection&) const = default;
};

inline std::vector<connection> walked(const rule_spec& spec, const layout& place = {}) {
  std::vector<connection> all;
  rule_walk(spec, place).for_each([&](const connection_batch& batch) {
    const node_set& sources = batch.reversed ? spec.targets : spec.sources;
    const node_set& targets = batch.reversed ? spec.sources : spec.targets;
    for (std::size_t i = 0; i < batch.size(); ++i)
      all.push_back({sources[batch.source(i)], targets[batch.target(i)], batch.entry(i), batch.reversed});
  });
  return all;
}

/// How many connections each id has at its end, in the order of the ids; every id of `nodes` has an entry.
inline std::vector<int> degrees(const std::vector<connection>& all, const node_set& nodes, bool as_target) {
  std::map<std::uint64_t, int> count;
  for (const connection& c : all) ++count[as_target ? c.target : c.source];
  std::vector<int> result;
  for (std::uint64_t i = 0; i < nodes.size(); ++i) result.push_back(count[nodes[i]]);
  return result;
}
inline std::vector<int> indegrees(const std::vector<connection>& all, const node_set& nodes) {
  return degrees(all, nodes, true);
}
inline std::vector<int> outdegrees(const std::vector<connection>& all, const node_set& nodes) {
  return degrees(all, nodes, false);
}

inline int autapses(const std::vector<connection>& all) {
  return static_cast<int>(std::ranges::count_if(all, [](const connection& c) { return c.source == c.target; }));
}

/// Connections beyond the first of their pair.
inline int multapses(const std::vector<connection>& all) {
  std::map<std::pair<std::uint64_t, std::uint64_t>, int> count;
  for (const connection& c : all) ++count[{c.source, c.target}];
  return static_cast<int>(all.size() - count.size());
}

inline node_set nodes(std::uint64_t first, std::uint64_t last, std::uint64_t step = 1) {
  return {0, {{first, last, step}}};
}

}  // namespace volley::runtime
