// Connect: by a rule, or pair by pair.
#include <algorithm>
#include <string>
#include <utility>

#include "runtime/base/error.hpp"
#include "runtime/kernel/calls.hpp"
#include "runtime/kernel/clock.hpp"
#include "runtime/kernel/element_uses.hpp"
#include "runtime/kernel/pairs.hpp"
#include "runtime/kernel/projections.hpp"
#include "runtime/kernel/steps.hpp"
#include "runtime/values/node_values.hpp"

namespace volley::runtime {
namespace {

/// Errors: UnknownNode.
std::vector<std::uint64_t> ids_of(const network& net, const std::vector<std::int64_t>& given) {
  std::vector<std::uint64_t> ids;
  ids.reserve(given.size());
  for (const auto id : given) {
    ids.push_back(id < 0 ? 0 : static_cast<std::uint64_t>(id));
    net.nodes.block_of(ids.back());
  }
  return ids;
}

/// Pairs of a rank's own are few facts for the others: those that all ranks would have to know in full are given to
/// all. Errors: KernelException, NotImplemented.
void check_own(const network& net, const id_pairs& pairs, const std::vector<pair_group>& groups,
               const synapse_spec& spec) {
  for (const auto target : pairs.targets)
    if (!net.holds(target))
      throw api_error(error_kind::KernelException, "Connect: the target " + std::to_string(target) +
                                                       " lives on another rank, and these are connections of rank " +
                                                       std::to_string(net.options.rank.number));
  const bool of_one_kind = groups.size() == 1 && !groups.front().has_recorders() &&
                           groups.front().sources.size() == pairs.distinct_sources.size();
  if (!of_one_kind || spec.elements)
    throw api_error(error_kind::NotImplemented,
                    "Connect: connections of one rank are from sources of one kind to neurons, without synaptic "
                    "elements; give all connections to all ranks");
}

}  // namespace

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

std::optional<listed_pairs> listed_by(const network& net, const api::connect_arrays& c) {
  const auto is_node = [&](std::int64_t id) { return id > 0 && static_cast<std::uint64_t>(id) <= net.nodes.size(); };
  if (c.sources.size() != c.targets.size() || !std::ranges::all_of(c.sources, is_node) ||
      !std::ranges::all_of(c.targets, is_node))
    return std::nullopt;
  return listed({c.sources.begin(), c.sources.end()}, {c.targets.begin(), c.targets.end()});
}

outcome begin(network& net, const api::connect_arrays& c) {
  require_alive(net);
  if (c.sources.size() != c.targets.size())
    throw api_error(error_kind::ValueError, "Connect: " + std::to_string(c.sources.size()) + " sources and " +
                                                std::to_string(c.targets.size()) +
                                                " targets; there must be as many of each");
  if (c.sources.empty() && !c.of_rank)
    throw api_error(error_kind::IllegalConnection,
                    "Creation of connection is not possible: there are no sources and no targets");
  if (asks_for_space({}, {c.synapse}))
    throw api_error(error_kind::TypeError,
                    "Connect: Parameters of space need a rule; connections given one by one have none");
  auto sources = ids_of(net, c.sources), targets = ids_of(net, c.targets);
  auto all = std::exchange(net.listed_on_ranks, std::nullopt);
  const auto pairs = all ? pairs_of(net, std::move(sources), std::move(targets), *std::move(all))
                         : pairs_of(net, std::move(sources), std::move(targets));
  if (pairs->number == 0) return done(net);
  unknown_keys unknown(net.settings.dict_miss_is_error);
  const auto spec = parse_synapse(c.synapse, net.models, std::nullopt, pairs->sources.size(), net.settings.time,
                                  limits_of_delays(net), unknown);
  const auto groups = groups_of(net, *pairs);
  check_pairs(net, groups, spec);
  if (c.of_rank) check_own(net, *pairs, groups, spec);
  if (has_parameters(c.synapse)) next_call(net);
  auto p = projection_of(net, spec);
  p.pairs = pairs;
  new_connections made;
  if (spec.elements) made.uses = uses_of(pairs->sources, pairs->targets, *spec.elements, 1);
  add_groups(net, std::move(p), spec, groups, made);
  return warned(unknown, link(net, std::move(made)));
}

}  // namespace volley::runtime
