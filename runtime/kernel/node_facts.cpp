#include "runtime/kernel/node_facts.hpp"

#include <algorithm>
#include <set>
#include <vector>

#include "runtime/devices/device_rules.hpp"

namespace volley::runtime {
namespace {

struct known_node {
  std::uint64_t id;
  std::uint32_t model_id, n_vps;
  rank_place rank;
  const node_model& model;
  bool everywhere, here;  ///< on every VP, on this rank
  /// A device that every VP has is told of by the first of this rank.
  std::int64_t vp() const { return everywhere ? rank.number : static_cast<std::int64_t>(id % n_vps); }
};

struct fact {
  std::string_view name;
  value (*of)(const known_node&);
  bool on_its_rank = false;  ///< others do not tell
};

constexpr fact facts[] = {
    {"model", [](const known_node& n) -> value { return n.model.name; }},
    {"model_id", [](const known_node& n) -> value { return static_cast<std::int64_t>(n.model_id); }},
    {"element_type", [](const known_node& n) -> value { return n.model.element_type(); }},
    {"global_id", [](const known_node& n) -> value { return static_cast<std::int64_t>(n.id); }},
    {"vp", [](const known_node& n) -> value { return n.vp(); }},
    {"thread", [](const known_node& n) -> value { return n.vp() / n.rank.count; }, true},
    {"thread_local_id",
     [](const known_node& n) -> value { return static_cast<std::int64_t>((n.id - 1) / (n.everywhere ? 1 : n.n_vps)); },
     true},
    {"local", [](const known_node& n) -> value { return n.here; }},
    {"node_uses_wfr", [](const known_node&) -> value { return false; }, true},
};

/// A device that every VP has.
bool is_everywhere(const network& net, const node_block& block) {
  return block.device >= 0 && !is_injector(net.devices.entries[static_cast<std::size_t>(block.device)].params);
}

}  // namespace

bool is_here(const network& net, const node_block& block, std::uint64_t id) {
  return is_everywhere(net, block) || net.options.rank.holds_vp(id % net.n_vps());
}

bool is_node_fact(std::string_view key) { return std::ranges::find(facts, key, &fact::name) != std::end(facts); }

void put_node_facts(const network& net, const node_set& nodes, bool by_their_ranks, node_columns& to) {
  std::vector<const fact*> wanted;
  for (const auto& one : facts)
    if (to.wants(one.name)) wanted.push_back(&one);
  if (wanted.empty()) return;
  if (net.options.rank.count > 1)
    for (const auto* one : wanted) to.note(one->name);
  net.nodes.for_each(nodes, [&](const node_block& block, std::uint64_t id, std::uint64_t row) {
    const known_node node{id,
                          block.model,
                          net.n_vps(),
                          net.options.rank,
                          net.models.node(block.model),
                          is_everywhere(net, block),
                          is_here(net, block, id)};
    for (const auto* one : wanted)
      if (!one->on_its_rank || by_their_ranks || node.here) to.put(one->name, row, one->of(node));
  });
}

void note_keys_elsewhere(const network& net, const node_set& nodes, node_columns& to) {
  if (net.options.rank.count == 1) return;
  std::set<std::uint32_t> seen;
  net.nodes.for_each_block(nodes, [&](const node_block& block, const node_range&) {
    const auto& model = net.models.node(block.model);
    if (!seen.insert(block.model).second) return;
    if (const auto* neuron = model.neuron()) {
      for (const auto& key : to.keys().empty() ? neuron->keys() : to.keys())
        if (neuron->has(key)) to.note(key);
    } else if (is_detector(*model.device())) {  // what it makes is at its VP
      for (const auto& key : shown_keys(*model.device()))
        if (to.wants(key)) to.note(key);
    }
  });
}

}  // namespace volley::runtime
