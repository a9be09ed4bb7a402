#include "runtime/kernel/element_uses.hpp"

#include <algorithm>
#include <map>
#include <string>

#include "runtime/rules/walk.hpp"

namespace volley::runtime {
namespace {

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
  const auto none = [](const std::string& name, const node_set& nodes) {
    return element_use{name, nodes, std::vector<std::int64_t>(nodes.size())};
  };
  std::vector<element_use> uses{none(names.pre, rule.sources), none(names.post, rule.targets)};
  if (rule.make_symmetric) {
    uses.push_back(none(names.pre, rule.targets));
    uses.push_back(none(names.post, rule.sources));
  }
  rule_walk(rule, {}).for_each([&](const connection_batch& b) {
    auto* const way = uses.data() + (b.reversed ? 2 : 0);
    const bool by_source = b.shared == endpoint::source;
    auto &one = way[by_source ? 0 : 1].more, &many = way[by_source ? 1 : 0].more;
    one[b.one] += each * static_cast<std::int64_t>(b.size());
    for (const auto position : b.many) many[position] += each;
  });
  for (auto& use : uses)
    if (std::ranges::all_of(use.more, [&](auto more) { return more == use.more.front(); })) use.more.resize(1);
  return uses;
}

std::vector<element_use> uses_of(std::span<const std::uint64_t> sources, std::span<const std::uint64_t> targets,
                                 const element_names& names, std::int64_t each) {
  return {counted(names.pre, sources, each), counted(names.post, targets, each)};
}

}  // namespace volley::runtime
