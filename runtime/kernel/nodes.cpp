// Calls that make or change nodes: Create, set.
#include <algorithm>

#include "runtime/base/error.hpp"
#include "runtime/base/nearest_name.hpp"
#include "runtime/kernel/calls.hpp"
#include "runtime/kernel/devices.hpp"
#include "runtime/kernel/dry_run.hpp"
#include "runtime/kernel/memory.hpp"
#include "runtime/kernel/new_nodes.hpp"
#include "runtime/kernel/node_facts.hpp"
#include "runtime/kernel/steps.hpp"
#include "runtime/nodes/attribute_lists.hpp"
#include "runtime/space/pair_geometry.hpp"
#include "runtime/space/position_spec.hpp"
#include "runtime/values/draw_site.hpp"
#include "runtime/values/node_values.hpp"
#include "runtime/values/parameter.hpp"

namespace volley::runtime {
namespace {

constexpr std::uint64_t max_node_id = 0xfffffffeULL;
constexpr auto no_memory_for_nodes = ": the machine has no memory for them; nothing was made";

/// `given` without the keys that say what a node is, whatever its model: nobody can set them.
given_values without_facts(const given_values& given, const std::string& what, unknown_keys& unknown) {
  given_values rest{{}, given.one_a_node};
  for (const auto& [key, v] : given.by_key) {
    if (!is_node_fact(key))
      rest.by_key[key] = v;
    else
      unknown.add("nodes", key, what + ": " + unaccessed_entry(key, "nodes", {}, {key}));
  }
  return rest;
}

/// What can be said of values for the neurons at rows [begin, end) of n before anything is drawn.
void check_neuron_values(const attributes& like, const given_values& given, std::uint64_t begin, std::uint64_t end,
                         std::uint64_t n, const std::string& what, unknown_keys& unknown) {
  for (const auto& [key, v] : given.by_key) {
    auto refusal = like.refusal(key, false);
    if (refusal.empty()) {
      if (has_entry_a_node(like, key, v)) require_entries(what, key, v, n, "nodes");
      continue;
    }
    bool asked = !given.one_a_node;
    for (auto row = begin; row < end && !asked; ++row) asked = !entry_of(v, row).is_none();
    if (asked) unknown.add(like.model().name, key, std::move(refusal));
  }
}

// Devices are on every VP, so their Parameters are drawn here. The owner of each draw is the node: no layout enters.
value drawn(const network& net, const value& v, std::uint64_t node, std::uint32_t place, const layer* where) {
  const auto* p = v.get_if<parameter_ref>();
  if (p == nullptr) return v;
  auto site = node_site({net.settings.rng_seed, net.calls}, node, place);
  node_geometry geometry(where);
  const auto low = low_half(node);
  site.geometry = geometry.of({&low, 1});
  return (*p)->evaluate(site);
}

/// Of the Parameters of this call; one without any takes no ordinal.
draws_of_call draws_for(network& net, const dictionary& values) {
  if (has_parameters(values)) next_call(net);
  return {net.settings.rng_seed, net.calls};
}

outcome create_neurons(network& net, const new_nodes& made) {
  if (net.options.dry_run) return plan_neurons(net, made);
  const auto& prototype = *net.models.node(made.model).neuron();
  const auto& values = made.values.by_key;
  const auto known = [&] {
    dictionary d;
    for (const auto& [key, v] : values)
      if (prototype.refusal(key, false).empty()) d[key] = v;
    return d;
  };
  // Values for all are checked before any memory is taken.
  const auto is_own = [](const auto& entry) { return is_list(entry.second) || has_parameters(entry.second); };
  if (std::none_of(values.begin(), values.end(), is_own))
    attributes(prototype, local_ids{made.first, 1, 1}).set(known());
  const auto first = made.first, last = made.last;
  orders::add_nodes nodes{first,  last, net.catalog->number_of(prototype.model()), prototype.image(),
                          values, {},   net.settings.time.to_ms(net.now)};
  nodes.how = {draws_for(net, values), true};
  nodes.where = made.where;
  return tell_shards(
      net, std::move(nodes),
      [=, model = made.model, varied = made.varied, where = made.where, &net](std::vector<reply>) -> outcome {
        net.nodes.add({first, last, model, -1, varied, nullptr, where});
        return done(net, node_set{net.generation, {{first, last, 1}}});
      },
      fails_without_memory(net, made.what + no_memory_for_nodes));
}

// What `given` says of node i of n.
dictionary device_values(const network& net, const device_entry& entry, const given_values& given, std::uint64_t i,
                         std::uint64_t n, const layer* where, const std::string& what) {
  const auto now = values_of(entry.params);
  dictionary mine;
  std::uint32_t place = 0;
  for (const auto& [key, v] : given.by_key) {
    ++place;
    const auto* present = now.find(key);
    const auto nothing = key == "n_events" ? no_events(entry.params) : value();
    const bool spreads = present != nullptr || key == "frozen" || !nothing.is_none();  // not a key that nobody knows
    auto share = given.one_a_node ? entry_of(v, i)
                 : spreads        ? share_of(what, key, v, present != nullptr ? *present : nothing, i, n)
                                  : v;
    if (given.one_a_node && share.is_none()) continue;
    mine[key] = typed_column(drawn(net, share, entry.id, place, where));
  }
  return mine;
}

void set_device(const network& net, device_entry& entry, const given_values& given, std::uint64_t i, std::uint64_t n,
                const layer* where, const std::string& what, unknown_keys& unknown) {
  const auto& model = net.models.node(entry.model).name;
  dictionary rest;
  entry.params =
      updated(entry.params, device_values(net, entry, given, i, n, where, what), context(net, &entry), what, rest);
  for (const auto& [key, v] : rest) {
    if (key == "frozen") {
      const auto* frozen = v.get_if<bool>();
      if (frozen == nullptr)
        throw api_error(error_kind::TypeMismatch, what + ": frozen = " + to_text(v) + " must be a bool");
      if (is_meter(entry.params) && *frozen)
        throw api_error(error_kind::BadProperty, what + ": a " + model + " cannot be frozen");
      entry.frozen = *frozen;
    } else if (key == "n_events" && !no_events(entry.params).is_none()) {
      check_clearing(entry.params, v, what);
      entry.cleared = true;
    } else {
      auto names = names_of(entry.params);
      names.push_back("frozen");
      unknown.add(model, key, what + ": " + unaccessed_entry(key, "this model", names, shown_keys(entry.params)));
    }
  }
}

/// Bytes of the results of detectors.
double result_bytes(const std::vector<device_entry>& devices) {
  double numbers = 0;
  for (const auto& entry : devices) numbers += numbers_of(entry.params);
  return numbers * sizeof(double);
}

/// Names of files are as wide as the network was when the device was told to write them.
void enrol(device_entry& entry, std::uint64_t nodes) {
  if (!writes_files(entry.params) && !writes_report(entry.params))
    entry.nodes_when_enrolled = 0;
  else if (entry.nodes_when_enrolled == 0)
    entry.nodes_when_enrolled = nodes;
}

/// Adds what results take to the plan.
outcome create_devices(network& net, new_nodes& made_of, unknown_keys& unknown) {
  const auto first = made_of.first, last = made_of.last;
  const auto model = made_of.model;
  const node_set nodes{net.generation, {{first, last, 1}}};
  const auto& prototype = *net.models.node(model).device();
  draws_for(net, made_of.values.by_key);
  const bool records = is_recorder(prototype);
  std::vector<device_entry> made;
  for (std::uint64_t i = 0; i < nodes.size(); ++i) {
    device_entry entry{first + i, model, prototype, 0};
    entry.position = (records ? net.devices.recorders : net.devices.stimulators) + static_cast<std::uint32_t>(i);
    set_device(net, entry, made_of.values, i, nodes.size(), made_of.where.get(),
               "Create: " + net.models.node(model).name, unknown);
    enrol(entry, last);
    made.push_back(std::move(entry));
  }
  if (const double bytes = result_bytes(made); bytes != 0) {
    made_of.plan.values += bytes;
    require_memory(net, net.size.bytes_with(made_of.plan, rows(net)), made_of.what);
  }
  orders::add_devices devices;
  devices.injectors = is_injector(prototype);
  for (const auto& entry : made) {
    if (records)
      devices.recorders.push_back(recorder_of(net, entry));
    else
      devices.stimulators.push_back(stimulator_of(net, entry));
  }
  return tell_shards(
      net, std::move(devices),
      [=, where = made_of.where, &net](std::vector<reply>) -> outcome {
        net.nodes.add({first, last, model, static_cast<std::int64_t>(net.devices.entries.size()), {}, nullptr, where});
        net.devices.entries.insert(net.devices.entries.end(), made.begin(), made.end());
        (records ? net.devices.recorders : net.devices.stimulators) += static_cast<std::uint32_t>(made.size());
        return done(net, nodes);
      },
      fails_without_memory(net, made_of.what + no_memory_for_nodes));
}

void add_devices_to(orders::set_nodes& to, const network& net, const std::vector<device_entry>& changed) {
  for (const auto& entry : changed) {
    if (is_recorder(entry.params))
      to.recorders.push_back({entry.as_recorder(), recorder_of(net, entry), entry.cleared});
    else
      to.stimulators.emplace_back(entry.as_stimulator(), stimulator_of(net, entry));
  }
}

/// How many bytes more generators keep for their connections when they are as in `changed`.
double growth_of_trains(const network& net, const std::vector<device_entry>& changed) {
  double bytes = 0;
  for (const auto& entry : changed)
    if (entry.n_trains > 0)
      bytes += entry.n_trains * (train_bytes(net, entry) - train_bytes(net, *find_device(net, entry.id)));
  return bytes;
}

/// With as many columns as their lists need.
planned_nodes plan_of(const network& net, const attributes& like, const new_nodes& made) {
  const auto plan = [&](const models::neuron_model& model, const std::set<std::size_t>& varied) {
    return plan_nodes(model, made.first, made.last, varied, net.n_vps());
  };
  if (like.model().lists.empty()) return plan(like.model(), made.varied);
  const auto roomy = like.with_room_for(made.values.by_key);
  auto spread = made.varied;
  spread.merge(lists_varied_by(roomy, made.values.by_key));
  return plan(roomy.model(), spread);
}

/// Where the nodes are to be; nothing without positions.
std::optional<position_spec> positions_of(const api::create_nodes& c, unknown_keys& unknown) {
  if (c.positions.is_none()) return {};
  const auto* described = c.positions.get_if<dictionary>();
  if (described == nullptr)
    throw api_error(
        error_kind::TypeError,
        std::string("Create: positions must be nest.spatial.grid or nest.spatial.free, not ") + type_name(c.positions));
  return read_positions(*described, c.count, unknown);
}

}  // namespace

outcome begin(network& net, const api::create_nodes& c) {
  require_alive(net);
  const auto id = net.models.known_node(c.model, "Create");
  if (c.count <= 0)
    throw api_error(c.count == 0 ? error_kind::BadParameterValue : error_kind::BadProperty,
                    "Create: n = " + std::to_string(c.count) + " must be at least 1");
  unknown_keys unknown(net.settings.dict_miss_is_error);
  const auto positions = positions_of(c, unknown);
  const auto n = positions ? positions->nodes : static_cast<std::uint64_t>(c.count);
  new_nodes made{id, net.nodes.size() + 1, net.nodes.size() + n, {}, {}, {}, {}, {}};
  made.values = without_facts(read_values(c.parameters, n, "Create"), "Create", unknown);
  const auto* neuron = net.models.node(id).neuron();
  if (neuron != nullptr) {
    check_neuron_values(*neuron, made.values, 0, n, n, "Create", unknown);
    made.varied = varied_by(neuron->model(), made.values.by_key);
    made.plan = plan_of(net, *neuron, made);
  } else {
    const auto of_one = is_recorder(*net.models.node(id).device()) ? sizeof(recorder) : sizeof(stimulator);
    made.plan.values = static_cast<double>(n) * static_cast<double>(sizeof(device_entry) + net.n_vps() * of_one);
  }
  const double coordinates = positions && !positions->grid ? static_cast<double>(n) * positions->dimensions : 0;
  made.plan.values += coordinates * sizeof(double);
  made.what = std::string("Create: ").append(std::to_string(n)).append(" nodes of ").append(c.model);
  if (!net.options.dry_run || neuron == nullptr)
    require_memory(net, net.size.bytes_with(made.plan, rows(net)), made.what);
  else  // a dry run has no nodes, but knows where they are
    require_memory(net, coordinates * sizeof(double), made.what);
  if (n > max_node_id - net.nodes.size())
    throw api_error(error_kind::KernelException, "Create: n = " + std::to_string(n) + " nodes are more than the " +
                                                     std::to_string(max_node_id - net.nodes.size()) +
                                                     " ids that are left");
  if (positions) {
    if (!positions->coordinates.empty()) next_call(net);
    made.where = make_layer(*positions, made.first, {net.settings.rng_seed, net.calls});
  }
  auto next = neuron != nullptr ? create_neurons(net, made) : create_devices(net, made, unknown);
  return warned(unknown, and_then(std::move(next), [=, &net](api::answer a) -> outcome {
                  if (std::holds_alternative<api::failed_call>(a.outcome)) return a;
                  net.size.add(made.plan);
                  net.require(shard_work::prepare);
                  return a;
                }));
}

outcome begin(network& net, const api::describe_nodes& c) {
  check_nodes(net, c.nodes, "NodeCollection");
  std::vector<std::pair<node_range, const node_block*>> parts;
  net.nodes.for_each_block(c.nodes, [&](const node_block& block, const node_range& ids) {
    // Nodes of one model go together, however many calls made them; but for layers.
    const bool goes_on = !parts.empty() && parts.back().second->model == block.model &&
                         parts.back().second->where == block.where && parts.back().first.step == ids.step &&
                         parts.back().first.last + ids.step == ids.first;
    if (goes_on)
      parts.back().first.last = ids.last;
    else
      parts.emplace_back(ids, &block);
  });
  std::vector<value> described;
  for (const auto& [ids, block] : parts) {
    dictionary part{{"first", static_cast<std::int64_t>(ids.first)},
                    {"last", static_cast<std::int64_t>(ids.last)},
                    {"step", static_cast<std::int64_t>(ids.step)},
                    {"model", net.models.node(block->model).name},
                    {"model_id", static_cast<std::int64_t>(block->model)}};
    if (block->where != nullptr) part["layer"] = static_cast<std::int64_t>(block->where->first());
    described.emplace_back(std::move(part));
  }
  return done(net, value(std::move(described)));
}

outcome begin(network& net, const api::set_node_values& c) {
  require_alive(net);
  check_nodes(net, c.nodes, "set");
  if (c.nodes.empty()) return done(net);
  unknown_keys unknown(net.settings.dict_miss_is_error);
  const auto given = without_facts(read_values(c.values, c.nodes.size(), "set"), "set", unknown);
  if (given.empty()) return warned(unknown, done(net));
  std::uint64_t checked = 0;
  net.nodes.for_each_block(c.nodes, [&](const node_block& block, const node_range& ids) {
    const auto begin = checked;
    checked += ids.size();
    if (const auto* neuron = net.models.node(block.model).neuron())
      check_neuron_values(*neuron, given, begin, checked, c.nodes.size(), "set", unknown);
  });
  if (net.options.dry_run && !has_devices(net, c.nodes)) {
    plan_values(net, c.nodes, given.by_key);
    return warned(unknown, done(net));
  }
  const auto draws = draws_for(net, given.by_key);
  const auto where = net.nodes.layer_of(c.nodes);
  std::vector<device_entry> changed, before;
  bool neurons = false;
  std::uint64_t row = 0;
  for (const auto& r : c.nodes.ranges) {
    for (auto id = r.first; id <= r.last; id += r.step, ++row) {
      if (const auto* device = find_device(net, id)) {
        changed.push_back(*device);
        before.push_back(*device);
        set_device(net, changed.back(), given, row, c.nodes.size(), where.get(),
                   "set: " + net.models.node(device->model).name + " " + std::to_string(id), unknown);
        enrol(changed.back(), net.nodes.size());
      } else {
        neurons = true;
      }
    }
  }
  planned_nodes more;
  more.values = result_bytes(changed) - result_bytes(before);
  if (more.values > 0) require_memory(net, net.size.bytes_with(more, rows(net)), "set: results of detectors");
  const double more_trains = growth_of_trains(net, changed);
  if (more_trains > 0 && !net.options.dry_run)
    require_memory(net, net.size.bytes_with(more, rows(net)) + more_trains, "set: trains of generators");
  orders::set_nodes change{c.nodes, {}, {}, net.settings.time.to_ms(net.now), {}, {}, net.now};
  if (neurons && net.options.dry_run) plan_values(net, c.nodes, given.by_key);
  if (neurons && !net.options.dry_run) change.values = given.by_key;
  change.how = {draws, given.one_a_node || !unknown.are_errors()};  // the others were told of
  add_devices_to(change, net, changed);
  return warned(unknown,
                tell_shards(
                    net, std::move(change),
                    [=, &net, values = given.by_key, nodes = c.nodes](std::vector<reply>) -> outcome {
                      if (neurons) note_varied(net, nodes, values);
                      net.size.add(more);
                      net.size.add_trains(more_trains);
                      for (auto entry : changed) {
                        if (std::exchange(entry.cleared, false)) entry.n_reported = 0;
                        *find_device(net, entry.id) = entry;
                      }
                      net.require(shard_work::prepare);
                      return done(net);
                    },
                    fails_without_memory(net, "set: the machine has no memory for the values; nothing was changed")));
}

}  // namespace volley::runtime
