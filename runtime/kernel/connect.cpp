// Connect: what becomes of the pairs of a call: rows of connections, taps of recorders, or samples of meters.
#include <algorithm>

#include "runtime/base/error.hpp"
#include "runtime/base/nearest_name.hpp"
#include "runtime/connections/connection_numbers.hpp"
#include "runtime/connections/connection_trial.hpp"
#include "runtime/kernel/calls.hpp"
#include "runtime/kernel/clock.hpp"
#include "runtime/kernel/devices.hpp"
#include "runtime/kernel/link.hpp"
#include "runtime/kernel/memory.hpp"
#include "runtime/kernel/pairs.hpp"
#include "runtime/kernel/steps.hpp"
#include "runtime/kernel/synapse_values.hpp"
#include "runtime/values/node_values.hpp"
#include "runtime/values/parameter.hpp"

namespace volley::runtime {
namespace {

// Both directions of a symmetric connection have the same values, so none can be drawn.
void check_same_both_ways(const std::vector<dictionary>& synapses) {
  for (const auto& spec : synapses)
    for (const auto& [key, v] : spec)
      if (const auto* p = v.get_if<parameter_ref>(); p != nullptr && !(*p)->is_constant())
        throw api_error(
            error_kind::NotImplemented,
            "Connect: '" + key + "' cannot be drawn with make_symmetric: both directions have the same values");
}

/// What a syn_spec may say of connections in space (contract, section 13.4).
void check_synapses_in_space(const spatial_rule& space, const std::vector<dictionary>& synapses) {
  const std::vector<std::string> known{"synapse_model", "weight", "delay", "synapse_label", "receptor_type"};
  for (const auto& spec : synapses)
    for (const auto& [key, v] : spec) {
      if (std::ranges::find(known, key) == known.end())
        throw api_error(error_kind::ValueError,
                        "Connect: syn_spec of connections in space has no '" + key + "'" + did_you_mean(key, known));
      if (const auto* p = v.get_if<parameter_ref>()) require_of_pairs(**p, space, key);
    }
}

/// Which nodes there are in `pairs`, and who reaches whom.
void summarize(const network& net, id_pairs& pairs) {
  std::vector<std::pair<std::uint64_t, std::uint64_t>> sorted;
  sorted.reserve(pairs.sources.size());
  for (std::size_t i = 0; i < pairs.sources.size(); ++i) sorted.emplace_back(pairs.sources[i], pairs.targets[i]);
  std::sort(sorted.begin(), sorted.end());
  pairs.repeat = std::adjacent_find(sorted.begin(), sorted.end()) != sorted.end();
  std::vector<std::uint64_t> sources;
  for (const auto& [source, target] : sorted) {
    if (sources.empty() || sources.back() != source) {
      sources.push_back(source);
      pairs.reaches.push_back({source, source, target, target});
    }
    pairs.reaches.back().highest = target;
  }
  pairs.distinct_sources = set_of(net, std::move(sources));
  pairs.distinct_targets = set_of(net, pairs.targets);
}

projection projection_of(const network& net, const synapse_spec& spec) {
  projection p;
  p.store = spec.model;
  p.seed = net.settings.rng_seed;
  p.call = net.calls;
  p.receptor = spec.receptor;
  p.born = net.now;
  p.weight = spec.weight;
  p.delay_ms = spec.delay_ms;
  p.parameters = spec.parameters;
  p.defaults = net.models.synapse(spec.model).defaults;
  return p;
}

/// True when only the draws of a rule in space can show whether it can be met.
bool needs_trial(const projection& p) {
  if (p.rule == nullptr || !draws_in_space(*p.rule)) return false;
  if (p.rule->has_fixed_degree()) return true;
  const auto* drawn = std::get_if<parameter_ref>(&p.rule->number);
  return drawn != nullptr && (!(*drawn)->is_number_everywhere() || p.rule->kind == rule_kind::pairwise_poisson);
}

/// What only the connections between a group's nodes can show.
connection_trial trial_of(const network& net, const synapse_spec& spec, const projection& p, const pair_group& pairs) {
  const auto& entry = net.models.synapse(spec.model);
  connection_trial trial;
  trial.what = "Connect: " + entry.name;
  trial.time = net.settings.time;
  // Of a symmetric call, the group has but one direction.
  const bool both_ways = p.rule != nullptr && p.rule->make_symmetric;
  trial.receptors = (both_ways && !is_shared(spec.receptor)) || receptors_need_trial(net, pairs, spec.receptor) ||
                    (entry.model->compact && !is_shared(spec.receptor));
  trial.targets = entry.model->compact && !is_compact_target(net.nodes.size(), static_cast<std::uint32_t>(net.n_vps()));
  trial.values = spec.needs_trial;
  trial.rule = needs_trial(p);
  const auto* drawn = std::get_if<parameter_ref>(&spec.delay_ms);
  if (const auto limits = limits_of_delays(net); drawn != nullptr && may_be_illegal(**drawn, net.settings.time, limits))
    trial.delays = limits;
  return trial;
}

void add_taps(const network& net, const projection& p, const pair_group& pairs, new_connections& to) {
  // A connection is a bit of a mask; where connections differ it is a node with its numbers while the call is made.
  const bool alike = hears_sets(p);
  const double of_one = alike ? 0.125 : 2 * sizeof(std::uint64_t) + sizeof(double);
  if (!net.options.dry_run || !alike)
    require_memory(net, net.size.bytes(rows(net)) + number_of_connections(p) * of_one,
                   "Connect: connections with recorders");
  recording_ends ends;
  ends.samples = pairs.from == models::device_output::requests;
  ends.of_generators = pairs.from == models::device_output::spikes;
  ends.position = [&net](std::uint64_t id) { return find_device(net, id)->as_recorder(); };
  for (auto& t : taps_of(p, ends, net.settings.time, limits_of_delays(net))) {
    if (t.samples) {
      check_sampled(net, t, to.sampled);
      to.sampled[t.recorder].add(t.nodes);
    }
    to.taps.push_back(std::move(t));
  }
}

void add_groups(const network& net, projection p, const synapse_spec& spec, const std::vector<pair_group>& groups,
                new_connections& to) {
  for (const auto& pairs : groups) {
    if (groups.size() > 1) p.only = std::make_shared<const pair_filter>(pair_filter{pairs.sources, pairs.targets});
    if (pairs.has_recorders()) {
      add_taps(net, p, pairs, to);
      continue;
    }
    p.currents = pairs.has_currents();
    to.projections.push_back(p);
    to.plans.push_back(plan_of(net, p, pairs));
    to.trials.push_back(trial_of(net, spec, p, pairs));
  }
}

/// The rule of a call, which is about positions or not.
rule_spec rule_of(const network& net, const api::connect& c, std::uint32_t call, unknown_keys& unknown) {
  const auto seed = net.settings.rng_seed;
  if (!asks_for_space(c.rule, c.synapses)) return parse_rule(c.rule, c.sources, c.targets, seed, call, unknown);
  auto rule = parse_rule_in_space(c.rule, c.sources, c.targets, net.nodes.layer_of(c.sources),
                                  net.nodes.layer_of(c.targets), seed, call, unknown);
  check_synapses_in_space(*rule.space, c.synapses);
  return rule;
}

}  // namespace

outcome begin(network& net, const api::connect& c) {
  require_alive(net);
  check_nodes(net, c.sources, "Connect");
  check_nodes(net, c.targets, "Connect");
  const auto call = net.calls + 1;
  unknown_keys unknown(net.settings.dict_miss_is_error);
  const auto rule = std::make_shared<rule_spec>(rule_of(net, c, call, unknown));
  const auto groups = groups_of(net, *rule);
  const auto shape = c.synapses.size() > 1 ? std::nullopt : shape_of_arrays(*rule);
  if (c.synapses.size() > max_specs) {
    throw api_error(error_kind::BadProperty, "Connect: CollocatedSynapses has " + std::to_string(c.synapses.size()) +
                                                 " synapse specifications, one call takes at most " +
                                                 std::to_string(max_specs));
  }
  if (c.synapses.empty())
    throw api_error(error_kind::BadProperty,
                    "Connect: CollocatedSynapses has no synapse specification; give at least one");
  std::vector<synapse_spec> specs;
  for (const auto& s : c.synapses)
    specs.push_back(
        parse_synapse(s, net.models, shape, std::nullopt, net.settings.time, limits_of_delays(net), unknown));
  for (const auto& spec : specs) check_rule(net, *rule, groups, spec);
  if (rule->make_symmetric) check_same_both_ways(c.synapses);
  const bool rule_draws = rule->kind != rule_kind::all_to_all && rule->kind != rule_kind::one_to_one;
  if (rule_draws || std::ranges::any_of(c.synapses, [](const dictionary& d) { return has_parameters(d); }))
    net.calls = call;
  new_connections made;
  for (std::size_t i = 0; i < specs.size(); ++i) {
    auto p = projection_of(net, specs[i]);
    p.rule = rule;
    p.collocated = static_cast<std::uint32_t>(i);
    add_groups(net, std::move(p), specs[i], groups, made);
  }
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
  auto pairs = std::make_shared<id_pairs>();
  const auto ids = [&](const std::vector<std::int64_t>& from, std::vector<std::uint64_t>& to) {
    for (const auto id : from) {
      net.nodes.block_of(id < 0 ? 0 : static_cast<std::uint64_t>(id));
      to.push_back(static_cast<std::uint64_t>(id));
    }
  };
  ids(c.sources, pairs->sources);
  ids(c.targets, pairs->targets);
  unknown_keys unknown(net.settings.dict_miss_is_error);
  const auto spec = parse_synapse(c.synapse, net.models, std::nullopt, pairs->sources.size(), net.settings.time,
                                  limits_of_delays(net), unknown);
  summarize(net, *pairs);
  const auto groups = groups_of(net, *pairs);
  check_pairs(net, groups, spec);
  if (has_parameters(c.synapse)) next_call(net);
  auto p = projection_of(net, spec);
  p.pairs = std::move(pairs);
  new_connections made;
  add_groups(net, std::move(p), spec, groups, made);
  return warned(unknown, link(net, std::move(made)));
}

}  // namespace volley::runtime
