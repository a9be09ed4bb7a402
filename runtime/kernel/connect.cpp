// Connect: by a rule, or pair by pair.
#include "runtime/base/error.hpp"
#include "runtime/kernel/calls.hpp"
#include "runtime/kernel/clock.hpp"
#include "runtime/kernel/element_uses.hpp"
#include "runtime/kernel/projections.hpp"
#include "runtime/kernel/steps.hpp"
#include "runtime/values/node_values.hpp"

namespace volley::runtime {
outcome begin(network& net, const api::connect& c) {
  require_alive(net);
  check_nodes(net, c.sources, "Connect");
  check_nodes(net, c.targets, "Connect");
  const auto call = net.calls + 1;
  unknown_keys unknown(net.settings.dict_miss_is_error);
  const auto rule =
      std::make_shared<const rule_spec>(rule_of(net, c.rule, c.sources, c.targets, c.synapses, call, unknown));
  const auto checked = check(net, rule, c.synapses, unknown);
  if (draws(*rule, c.synapses)) net.calls = call;
  new_connections made;
  add_connections(net, checked, 0, made);
  return warned(unknown, link(net, std::move(made)));
}

outcome begin(network& net, const api::connect_arrays& c) {
  require_alive(net);
  if (c.sources.size() != c.targets.size())
    throw api_error(error_kind::ValueError, "Connect: " + std::to_string(c.sources.size()) + " sources and " +
                                                std::to_string(c.targets.size()) +
                                                " targets; there must be as many of each");
  if (c.sources.empty())
    throw api_error(error_kind::IllegalConnection,
                    "Creation of connection is not possible: there are no sources and no targets");
  if (asks_for_space({}, {c.synapse}))
    throw api_error(error_kind::TypeError,
                    "Connect: Parameters of space need a rule; connections given one by one have none");
  const auto ids = [&](const std::vector<std::int64_t>& from) {
    std::vector<std::uint64_t> to;
    for (const auto id : from) {
      net.nodes.block_of(id < 0 ? 0 : static_cast<std::uint64_t>(id));
      to.push_back(static_cast<std::uint64_t>(id));
    }
    return to;
  };
  const auto pairs = pairs_of(net, ids(c.sources), ids(c.targets));
  unknown_keys unknown(net.settings.dict_miss_is_error);
  const auto spec = parse_synapse(c.synapse, net.models, std::nullopt, pairs->sources.size(), net.settings.time,
                                  limits_of_delays(net), unknown);
  const auto groups = groups_of(net, *pairs);
  check_pairs(net, groups, spec);
  if (has_parameters(c.synapse)) next_call(net);
  auto p = projection_of(net, spec);
  p.pairs = pairs;
  new_connections made;
  if (spec.elements) made.uses = uses_of(pairs->sources, pairs->targets, *spec.elements, 1);
  add_groups(net, std::move(p), spec, groups, made);
  return warned(unknown, link(net, std::move(made)));
}

}  // namespace volley::runtime
