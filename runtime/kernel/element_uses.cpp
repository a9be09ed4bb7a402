#include "runtime/kernel/element_uses.hpp"

#include <map>

#include "runtime/rules/node_index.hpp"

namespace volley::runtime {
namespace {

/// `partners` connections each, without autapses where these are forbidden.
element_use with_all(const std::string& name, const node_set& nodes, const node_set& partners, bool autapses,
                     std::int64_t each) {
  const auto n = static_cast<std::int64_t>(partners.size());
  if (autapses || !share_nodes(nodes, partners)) return {name, nodes, {each * n}};
  element_use use{name, nodes, {}};
  const node_index known(partners);
  for (const auto& r : nodes.ranges)
    for (auto id = r.first; id <= r.last; id += r.step) use.more.push_back(each * (n - (known.position(id) ? 1 : 0)));
  return use;
}

element_use with_one(const std::string& name, const node_set& nodes, const node_set& partners, bool autapses,
                     std::int64_t each) {
  if (autapses) return {name, nodes, {each}};
  element_use use{name, nodes, {}};
  const node_index mine(nodes), theirs(partners);
  for (std::uint32_t i = 0; i < mine.size(); ++i) use.more.push_back(mine.id(i) == theirs.id(i) ? 0 : each);
  return use;
}

element_use counted(const std::string& name, std::span<const std::uint64_t> ids, std::int64_t each) {
  std::map<std::uint64_t, std::int64_t> by_node;
  for (const auto id : ids) by_node[id] += each;
  element_use use{name, {}, {}};
  std::vector<std::uint64_t> nodes;
  for (const auto& [id, more] : by_node) {
    nodes.push_back(id);
    use.more.push_back(more);
  }
  use.nodes.ranges = ranges_of(nodes);
  return use;
}

}  // namespace

std::vector<element_use> uses_of(const rule_spec& rule, const element_names& names, std::int64_t each) {
  const auto of = rule.kind == rule_kind::one_to_one ? with_one : with_all;
  return {of(names.pre, rule.sources, rule.targets, rule.allow_autapses, each),
          of(names.post, rule.targets, rule.sources, rule.allow_autapses, each)};
}

std::vector<element_use> uses_of(std::span<const std::uint64_t> sources, std::span<const std::uint64_t> targets,
                                 const element_names& names, std::int64_t each) {
  return {counted(names.pre, sources, each), counted(names.post, targets, each)};
}

}  // namespace volley::runtime
