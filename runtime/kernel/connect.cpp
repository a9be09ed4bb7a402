// Connect: which pairs are legal, and what becomes of them: rows of connections, taps of recorders, or samples of meters.
#include <algorithm>

#include "runtime/base/error.hpp"
#include "runtime/base/nearest_name.hpp"
#include "runtime/connections/connection_numbers.hpp"
#include "runtime/kernel/calls.hpp"
#include "runtime/kernel/clock.hpp"
#include "runtime/kernel/devices.hpp"
#include "runtime/kernel/link.hpp"
#include "runtime/kernel/memory.hpp"
#include "runtime/kernel/steps.hpp"
#include "runtime/kernel/synapse_values.hpp"
#include "runtime/shard/shard.hpp"
#include "runtime/values/parameter.hpp"

namespace volley::runtime {
namespace {

constexpr const char* impossible = "Creation of connection is not possible: ";

double shared(const connection_number& n, double otherwise) {
  const auto* x = std::get_if<double>(&n);
  return x != nullptr ? *x : otherwise;
}

}  // namespace

static source_kind kind_of_sources(const network& net, const node_set& nodes);
static void check_targets(const network& net, const node_set& nodes, source_kind from, std::int64_t receptor);
static bool are_recorders(const network& net, const node_set& targets);
static void check_new_delays(const network& net, const connection_number& delay_ms);
static node_set set_of(const network& net, std::vector<std::uint64_t> ids);
static projection projection_of(const network& net, const synapse_spec& spec, source_kind from);
static outcome connect_recorders(network& net, const rule_spec& rule, const std::vector<synapse_spec>& specs, source_kind from);
static void check_sampled(const network& net, const device_entry& meter, const node_set& nodes);

// ---- kinds of endpoints

source_kind kind_of_sources(const network& net, const node_set& nodes) {
  std::optional<source_kind> kind;
  net.nodes.for_each_block(nodes, [&](const node_block& block, std::uint64_t id) {
    source_kind mine = source_kind::spikes;
    if (block.device >= 0) {
      const auto& device = *find_device(net, id);
      if (is_meter(device.params)) mine = source_kind::meter;
      else if (is_recorder(device.params))
        throw api_error(error_kind::IllegalConnection, std::string(impossible) + "a " + net.models.node(block.model).name + " sends nothing");
      else if (device_emits_currents(net, device)) mine = source_kind::currents;
      else if (!is_injector(device.params)) mine = source_kind::generated_spikes;
    }
    if (kind && *kind != mine && (mine == source_kind::meter || *kind == source_kind::meter || mine == source_kind::currents || *kind == source_kind::currents))
      throw api_error(error_kind::NotImplemented, "Connect: sources of one call must all send spikes, all send currents, or all be meters");
    if (!kind || mine == source_kind::generated_spikes) kind = mine;
  });
  return *kind;
}

void check_targets(const network& net, const node_set& nodes, source_kind from, std::int64_t receptor) {
  net.nodes.for_each_block(nodes, [&](const node_block& block, std::uint64_t id) {
    const auto& name = net.models.node(block.model).name;
    if (block.device >= 0) {
      const auto& device = *find_device(net, id);
      if (std::holds_alternative<devices::spike_recorder::params>(device.params) && from != source_kind::currents && from != source_kind::meter) {
        if (receptor != 0)
          throw api_error(error_kind::UnknownReceptorType, "Connect: receptor_type = " + std::to_string(receptor) + ": a " + name + " has receptor 0 only");
        return;
      }
      if (from == source_kind::meter && device_emits_currents(net, device)) return;
      throw api_error(error_kind::IllegalConnection, std::string(impossible) + "a " + name + " takes no such input");
    }
    if (from == source_kind::meter) {
      if (receptor != 0)
        throw api_error(error_kind::UnknownReceptorType, "Connect: receptor_type = " + std::to_string(receptor) + ": meters connect to receptor 0 only");
      return;
    }
    bool exists = false, fits = false;
    std::string receptors;
    for (const auto& channel : net.models.node(block.model).neuron()->model().channels) {
      const bool current = channel.kind == models::channel_kind::current;
      if (channel.receptor == receptor) exists = true;
      if (current != (from == source_kind::currents)) continue;
      if (channel.receptor == receptor) fits = true;
      receptors += (receptors.empty() ? "" : ", ") + std::to_string(channel.receptor);
    }
    if (fits) return;
    const char* events = from == source_kind::currents ? "currents" : "spikes";
    if (receptors.empty())
      throw api_error(error_kind::IllegalConnection, std::string(impossible) + "a " + name + " takes no " + events);
    throw api_error(exists ? error_kind::IncompatibleReceptorType : error_kind::UnknownReceptorType,
                    "Connect: receptor_type = " + std::to_string(receptor) + ": a " + name + " takes " + events + " on receptor " + receptors + " only");
  });
}

bool are_recorders(const network& net, const node_set& targets) {
  bool recorders = false, others = false;
  net.nodes.for_each_block(targets, [&](const node_block& block, std::uint64_t) { (block.device >= 0 ? recorders : others) = true; });
  if (recorders && others)
    throw api_error(error_kind::NotImplemented, "Connect: targets of one call must be all neurons or all devices");
  return recorders;
}

// ---- delays

void check_new_delays(const network& net, const connection_number& delay_ms) {
  const auto [low, high] = delay_range(net);
  if (net.settings.min_delay_steps == 0 && !net.simulated) return;
  const auto check = [&, low = low, high = high](double ms) {
    const auto steps = net.settings.time.nearest_steps(ms);
    if (steps >= low && steps <= high) return;
    throw api_error(error_kind::BadDelay, "Connect: delay = " + to_text(value(ms)) + " ms must be in [min_delay, max_delay] = [" +
                                              to_text(value(net.settings.time.to_ms(low))) + ", " + to_text(value(net.settings.time.to_ms(high))) + "] ms");
  };
  if (const auto* x = std::get_if<double>(&delay_ms)) check(*x);
  else if (const auto* array = std::get_if<std::shared_ptr<const std::vector<double>>>(&delay_ms))
    for (const double ms : **array) check(ms);
}

// ---- calls

outcome begin(network& net, const api::connect& c) {
  require_alive(net);
  check_nodes(net, c.sources, "Connect");
  check_nodes(net, c.targets, "Connect");
  const auto call = net.calls + 1;
  auto rule = std::make_shared<rule_spec>(parse_rule(c.rule, c.sources, c.targets, static_cast<std::uint32_t>(net.settings.rng_seed), call));
  const auto from = kind_of_sources(net, rule->sources);
  const bool recorders = are_recorders(net, rule->targets);
  const auto shape = shape_of_arrays(*rule);
  if (c.synapses.size() > max_specs) {
    throw api_error(error_kind::BadProperty, "Connect: CollocatedSynapses has " + std::to_string(c.synapses.size()) +
                                                 " synapse specifications, one call takes at most " + std::to_string(max_specs));
  }
  std::vector<synapse_spec> specs;
  const std::vector<dictionary> plain{dictionary{}};
  for (const auto& s : c.synapses.empty() ? plain : c.synapses)
    specs.push_back(parse_synapse(s, net.models, c.synapses.size() > 1 ? std::optional<array_shape>() : shape, std::nullopt, net.settings.time));
  for (const auto& spec : specs) {
    check_targets(net, rule->targets, from, spec.receptor);
    check_new_delays(net, spec.delay_ms);
    if (net.models.synapse(spec.model).model->plastic && from != source_kind::spikes)
      throw api_error(error_kind::IllegalConnection, std::string(impossible) + "devices cannot drive plastic synapses");
    if (rule->make_symmetric && (std::holds_alternative<parameter_ref>(spec.weight) || std::holds_alternative<parameter_ref>(spec.delay_ms)))
      throw api_error(error_kind::NotImplemented, "Connect: make_symmetric cannot draw weights or delays");
  }
  net.calls = call;
  if (from == source_kind::meter || recorders) return connect_recorders(net, *rule, specs, from);
  std::vector<projection> projections;
  for (std::size_t i = 0; i < specs.size(); ++i) {
    auto p = projection_of(net, specs[i], from);
    p.rule = rule;
    p.collocated = static_cast<std::uint32_t>(i);
    projections.push_back(std::move(p));
  }
  return link(net, std::move(projections), from);
}

outcome begin(network& net, const api::connect_arrays& c) {
  require_alive(net);
  if (c.sources.size() != c.targets.size())
    throw api_error(error_kind::ValueError, "Connect: " + std::to_string(c.sources.size()) + " sources and " + std::to_string(c.targets.size()) + " targets; there must be as many of each");
  if (c.sources.empty()) throw api_error(error_kind::IllegalConnection, std::string(impossible) + "there are no sources and no targets");
  auto pairs = std::make_shared<id_pairs>();
  const auto ids = [&](const std::vector<std::int64_t>& from, std::vector<std::uint64_t>& to) {
    for (const auto id : from) {
      net.nodes.block_of(id < 0 ? 0 : static_cast<std::uint64_t>(id));
      to.push_back(static_cast<std::uint64_t>(id));
    }
  };
  ids(c.sources, pairs->sources);
  ids(c.targets, pairs->targets);
  const auto spec = parse_synapse(c.synapse, net.models, std::nullopt, pairs->sources.size(), net.settings.time);
  const auto sources = set_of(net, pairs->sources), targets = set_of(net, pairs->targets);
  const auto from = kind_of_sources(net, sources);
  if (from == source_kind::meter || are_recorders(net, targets))
    throw api_error(error_kind::IllegalConnection, std::string(impossible) + "recording devices cannot be connected by arrays of ids");
  check_targets(net, targets, from, spec.receptor);
  check_new_delays(net, spec.delay_ms);
  if (net.models.synapse(spec.model).model->plastic && from != source_kind::spikes)
    throw api_error(error_kind::IllegalConnection, std::string(impossible) + "devices cannot drive plastic synapses");
  next_call(net);
  auto p = projection_of(net, spec, from);
  p.pairs = std::move(pairs);
  return link(net, {std::move(p)}, from);
}

node_set set_of(const network& net, std::vector<std::uint64_t> ids) {
  std::sort(ids.begin(), ids.end());
  node_set set{net.generation, {}};
  for (const auto id : ids) {
    if (!set.ranges.empty() && set.ranges.back().last == id) continue;
    if (!set.ranges.empty() && set.ranges.back().last + 1 == id) set.ranges.back().last = id;
    else set.ranges.push_back({id, id, 1});
  }
  return set;
}

projection projection_of(const network& net, const synapse_spec& spec, source_kind from) {
  projection p;
  p.store = spec.model;
  p.seed = static_cast<std::uint32_t>(net.settings.rng_seed);
  p.call = net.calls;
  p.receptor = static_cast<std::uint32_t>(spec.receptor);
  p.currents = from == source_kind::currents;
  p.born = net.now;
  p.weight = spec.weight;
  p.delay_ms = spec.delay_ms;
  p.parameters = spec.parameters;
  p.defaults = net.models.synapse(spec.model).defaults;
  return p;
}

outcome connect_recorders(network& net, const rule_spec& rule, const std::vector<synapse_spec>& specs, source_kind from) {
  if (rule.kind != rule_kind::all_to_all && rule.kind != rule_kind::one_to_one)
    throw api_error(error_kind::IllegalConnection, std::string(impossible) + "recording devices need the rule all_to_all or one_to_one, not " + to_string(rule.kind));
  const bool meters = from == source_kind::meter;
  const auto& recorders = meters ? rule.sources : rule.targets;
  const auto& nodes = meters ? rule.targets : rule.sources;
  std::vector<tap> taps;
  std::vector<std::uint64_t> connected;
  for (const auto& spec : specs) {
    if (net.models.synapse(spec.model).model->plastic)
      throw api_error(error_kind::IllegalConnection, std::string(impossible) + "recording devices cannot be connected by plastic synapses");
    for (std::uint64_t i = 0; i < recorders.size(); ++i) {
      const auto& device = *find_device(net, recorders[i]);
      tap t;
      t.recorder = device.position;
      t.store = spec.model;
      t.weight = shared(spec.weight, net.models.synapse(spec.model).weight);
      t.delay_steps = static_cast<std::uint32_t>(net.settings.time.nearest_steps(shared(spec.delay_ms, net.models.synapse(spec.model).delay_ms)));
      if (rule.kind == rule_kind::all_to_all) t.nodes = nodes;
      else t.nodes = node_set{net.generation, {{nodes[i], nodes[i], 1}}};
      if (meters) check_sampled(net, device, t.nodes);
      taps.push_back(std::move(t));
      connected.push_back(device.id);
    }
  }
  const auto now = net.now;
  return on_shards(net, 
      [=](shard& s) -> std::any {
        s.before_change(now);
        for (const auto& t : taps) s.connect(t);
        return {};
      },
      [=, &net](std::vector<std::any>) -> outcome {
        for (const auto& t : taps) {
          net.extrema.include({t.delay_steps, t.delay_steps});
          net.n_connections += t.nodes.size();
        }
        for (const auto id : connected) find_device(net, id)->connected = true;
        if (meters)
          for (const auto& t : taps) net.devices.sampled[t.recorder].push_back(t.nodes);
        net.devices.taps += taps.size();
        net.dirty = true;
        return done(net);
      },
      [&net](std::exception_ptr reason) -> outcome {
        return on_shards(net, [n = net.devices.taps](shard& s) -> std::any { s.drop_taps(n); return {}; },
                         [=, &net](std::vector<std::any>) -> outcome {
                           return failure(net, named(reason, "Connect: the machine has no memory for what recorders listen to; nothing was changed"));
                         });
      });
}

void check_sampled(const network& net, const device_entry& meter, const node_set& nodes) {
  const auto names = make_recorder(meter.id, meter.params, net.settings.time).quantities;
  if (const auto known = net.devices.sampled.find(meter.position); known != net.devices.sampled.end()) {
    for (const auto& earlier : known->second)
      for (std::uint64_t i = 0; i < nodes.size(); ++i)
        if (earlier.contains(nodes[i]))
          throw api_error(error_kind::IllegalConnection, std::string(impossible) + "meter " + std::to_string(meter.id) + " records from node " + std::to_string(nodes[i]) + " already");
  }
  net.nodes.for_each_block(nodes, [&](const node_block& block, std::uint64_t id) {
    const auto& model = net.models.node(block.model);
    std::vector<std::string> known;
    if (model.neuron() != nullptr) known = recordables_of(*model.neuron());
    else if (device_emits_currents(net, *find_device(net, id))) known = {"I"};
    if (known.empty()) throw api_error(error_kind::IllegalConnection, std::string(impossible) + "a " + model.name + " has nothing to record");
    for (const auto& name : names)
      if (std::find(known.begin(), known.end(), name) == known.end())
        throw api_error(error_kind::IllegalConnection, std::string(impossible) + "a " + model.name + " has no recordable '" + name + "'" + did_you_mean(name, known));
  });
}

}  // namespace volley::runtime
