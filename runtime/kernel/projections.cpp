#include "runtime/kernel/projections.hpp"

#include <algorithm>

#include "runtime/base/error.hpp"
#include "runtime/base/nearest_name.hpp"
#include "runtime/connections/connection_numbers.hpp"
#include "runtime/connections/connection_trial.hpp"
#include "runtime/kernel/clock.hpp"
#include "runtime/kernel/devices.hpp"
#include "runtime/kernel/memory.hpp"
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

void check_number(const std::vector<dictionary>& synapses) {
  if (synapses.size() > max_specs) {
    throw api_error(error_kind::BadProperty, "Connect: CollocatedSynapses has " + std::to_string(synapses.size()) +
                                                 " synapse specifications, one call takes at most " +
                                                 std::to_string(max_specs));
  }
  if (synapses.empty())
    throw api_error(error_kind::BadProperty,
                    "Connect: CollocatedSynapses has no synapse specification; give at least one");
}

/// True when only the draws of a rule can show whether it can be met: of degrees, how many lie in a mask, too.
bool needs_trial(const projection& p) {
  if (p.rule == nullptr) return false;
  return may_be_refused(*p.rule) || (draws_in_space(*p.rule) && p.rule->has_fixed_degree());
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
  const auto from = common_model(net, pairs.sources);
  if (trial.receptors && (!both_ways || from == common_model(net, pairs.targets))) trial.from = from;
  trial.nodes_prepared = net.nodes_prepared;
  trial.targets = entry.model->compact && !is_compact_target(net.nodes.size(), static_cast<std::uint32_t>(net.n_vps()));
  if (const auto* weight = std::get_if<parameter_ref>(&spec.weight)) trial.weights = !(*weight)->is_number_everywhere();
  trial.values = spec.needs_trial;
  trial.rule = needs_trial(p);
  const auto* drawn = std::get_if<parameter_ref>(&spec.delay_ms);
  if (const auto limits = limits_of_delays(net); drawn != nullptr && may_be_illegal(**drawn, net.settings.time, limits))
    trial.delays = limits;
  return trial;
}

bool has_detectors(const network& net, const node_set& targets) {
  bool any = false;
  net.nodes.for_each_block(targets, [&](const node_block& block, const node_range&) {
    const auto* const device = net.models.node(block.model).device();
    any |= device != nullptr && is_detector(*device);
  });
  return any;
}

void add_taps(const network& net, const projection& p, const pair_group& pairs, new_connections& to) {
  // A connection is a bit of a mask, one of a detector a place in a map by source; where connections differ it is a
  // node with its numbers while the call is made.
  const bool alike = hears_sets(p);
  const double of_one = (has_detectors(net, pairs.targets) ? 12 * sizeof(std::uint64_t) : 0.125) +
                        (alike ? 0 : 3 * sizeof(std::uint64_t) + sizeof(double));
  if (!net.options.dry_run || !alike)
    require_memory(net, net.size.bytes(rows(net)) + number_of_connections(p) * of_one,
                   "Connect: connections with recorders");
  recording_ends ends;
  ends.samples = pairs.from == models::device_output::requests;
  ends.of_generators = pairs.from == models::device_output::spikes;
  ends.position = [&net](std::uint64_t id) { return find_device(net, id)->as_recorder(); };
  ends.is_detector = [&net](std::uint64_t id) { return is_detector(find_device(net, id)->params); };
  for (auto& t : taps_of(p, ends, net.settings.time, limits_of_delays(net))) {
    if (t.samples) {
      check_sampled(net, t, to.sampled);
      to.sampled[t.recorder].add(t.nodes);
    }
    if (t.detects) check_detected(net, t);
    to.taps.push_back(std::move(t));
  }
}

/// NEST connects elements by rules without draws only, and scripts rely on its refusal of others.
void check_elements(const rule_spec& rule) {
  const bool draws = rule.kind != rule_kind::all_to_all && rule.kind != rule_kind::one_to_one;
  if (!draws && !rule.make_symmetric) return;
  throw api_error(error_kind::NotImplemented,
                  std::string("Connect: synaptic elements are connected by all_to_all and one_to_one in one direction, "
                              "and by ") +
                      to_string(rule.kind) + (rule.make_symmetric ? " with make_symmetric" : "") +
                      " where volley.allow(structural_plasticity_rules=True) permits it");
}

}  // namespace

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

rule_spec rule_of(const network& net, const dictionary& spec, const node_set& sources, const node_set& targets,
                  const std::vector<dictionary>& synapses, std::uint32_t call, unknown_keys& unknown) {
  const auto seed = net.settings.rng_seed;
  if (!asks_for_space(spec, synapses)) return parse_rule(spec, sources, targets, seed, call, unknown);
  auto rule = parse_rule_in_space(spec, sources, targets, net.nodes.layer_of(sources), net.nodes.layer_of(targets),
                                  seed, call, unknown);
  check_synapses_in_space(*rule.space, synapses);
  return rule;
}

checked_rule check(const network& net, std::shared_ptr<const rule_spec> rule, const std::vector<dictionary>& synapses,
                   unknown_keys& unknown) {
  checked_rule checked{std::move(rule), {}, {}};
  checked.groups = groups_of(net, *checked.rule);
  const auto shape = synapses.size() > 1 ? std::nullopt : shape_of_arrays(*checked.rule);
  check_number(synapses);
  for (const auto& s : synapses)
    checked.specs.push_back(
        parse_synapse(s, net.models, shape, std::nullopt, net.settings.time, limits_of_delays(net), unknown));
  for (const auto& spec : checked.specs) {
    check_rule(net, *checked.rule, checked.groups, spec);
    if (spec.elements && !net.settings.structural_plasticity_rules) check_elements(*checked.rule);
  }
  if (checked.rule->make_symmetric) check_same_both_ways(synapses);
  return checked;
}

bool draws(const rule_spec& rule, const std::vector<dictionary>& synapses) {
  return (rule.kind != rule_kind::all_to_all && rule.kind != rule_kind::one_to_one) ||
         std::ranges::any_of(synapses, [](const dictionary& d) { return has_parameters(d); });
}

void add_connections(const network& net, const checked_rule& of, std::size_t first_spec, new_connections& to) {
  for (std::size_t i = 0; i < of.specs.size(); ++i) {
    auto p = projection_of(net, of.specs[i]);
    p.rule = of.rule;
    p.collocated = static_cast<std::uint32_t>(first_spec + i);
    add_groups(net, std::move(p), of.specs[i], of.groups, to);
    if (of.specs[i].elements) to.occupying.push_back({of.rule, *of.specs[i].elements});
  }
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
  const auto& entry = net.models.synapse(spec.model);
  p.defaults = entry.defaults;
  if (entry.model->lead >= 0 && spec.gives_delay) p.defaults[static_cast<std::size_t>(entry.model->lead)] = 0;
  return p;
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
    add_trains(net, pairs, to.plans.back(), to.trains);
    to.trials.push_back(trial_of(net, spec, p, pairs));
  }
}

}  // namespace volley::runtime
