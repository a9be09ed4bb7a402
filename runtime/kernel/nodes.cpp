// Calls that make or change nodes: Create, set.
#include <algorithm>

#include "runtime/base/error.hpp"
#include "runtime/base/nearest_name.hpp"
#include "runtime/kernel/calls.hpp"
#include "runtime/kernel/devices.hpp"
#include "runtime/kernel/dry_run.hpp"
#include "runtime/kernel/memory.hpp"
#include "runtime/kernel/new_nodes.hpp"
#include "runtime/kernel/steps.hpp"
#include "runtime/shard/shard.hpp"
#include "runtime/values/draw_site.hpp"
#include "runtime/values/node_values.hpp"
#include "runtime/values/parameter.hpp"

namespace volley::runtime {
namespace {

constexpr std::uint64_t max_node_id = 0xfffffffeULL;

/// Lists of neurons have an entry a node; what a list of a device means is the device's to know.
void check_lengths(const dictionary& values, std::uint64_t n_nodes, const char* what) {
  for (const auto& [key, v] : values)
    if (const auto n = spread_length(v); n != 0 && n < n_nodes)
      throw api_error(error_kind::IndexError, std::string(what) + ": '" + key + "' has " + std::to_string(n) +
                                                  " values for " + std::to_string(n_nodes) + " nodes");
}

/// Refuses keys that say what a node is, whatever its model.
void check_no_facts(const dictionary& values, const char* what) {
  for (const char* key :
       {"model", "model_id", "element_type", "global_id", "vp", "thread", "thread_local_id", "local", "node_uses_wfr"})
    if (values.contains(key))
      throw api_error(error_kind::UnaccessedDictionaryEntry,
                      std::string(what) + ": " + unaccessed_entry(key, "nodes", {}, {key}));
}

}  // namespace

static dictionary drawn_values(const network& net, const dictionary& values, const node_set& nodes, std::uint32_t call);
static outcome create_neurons(network& net, const new_nodes& made);
static outcome create_devices(network& net, const new_nodes& made_of);
static void set_device(const network& net, device_entry& entry, const dictionary& values, std::uint64_t i, std::uint64_t n, const std::string& what);
/// Names of files are as wide as the network was when the device was told to write them.
static void enrol(device_entry& entry, std::uint64_t nodes);
static outcome apply_devices(network& net, std::vector<device_entry> changed, std::function<outcome()> then);

// Parameters become columns of drawn values: the owner of each draw is the node, so no layout enters.
dictionary drawn_values(const network& net, const dictionary& values, const node_set& nodes, std::uint32_t call) {
  dictionary drawn;
  std::uint32_t slot = 0;
  for (const auto& [key, v] : values) {
    ++slot;
    const auto* p = v.get_if<parameter_ref>();
    if (p == nullptr) {
      drawn[key] = v;
      continue;
    }
    std::vector<double> column;
    column.reserve(nodes.size());
    for (const auto& r : nodes.ranges)
      for (auto id = r.first; id <= r.last; id += r.step)
        column.push_back((*p)->evaluate(node_site(static_cast<std::uint32_t>(net.settings.rng_seed), call, id, slot)));
    drawn[key] = std::move(column);
  }
  return drawn;
}

outcome begin(network& net, const api::create_nodes& c) {
  require_alive(net);
  const auto id = net.models.known_node(c.model, "Create");
  if (c.count <= 0)
    throw api_error(c.count == 0 ? error_kind::BadParameterValue : error_kind::BadProperty, "Create: n = " + std::to_string(c.count) + " must be at least 1");
  new_nodes made{id, net.nodes.size() + 1, net.nodes.size() + static_cast<std::uint64_t>(c.count), {}, {}, {}};
  made.values = values_by_key(c.parameters, static_cast<std::uint64_t>(c.count), "Create");
  check_no_facts(made.values, "Create");
  const auto* neuron = net.models.node(id).neuron();
  if (neuron != nullptr) {
    made.varied = varied_by(neuron->model(), made.values);
    made.plan = plan_nodes(neuron->model(), made.first, made.last, made.varied, net.n_vps());
  } else {
    const auto of_one = is_recorder(*net.models.node(id).device()) ? sizeof(recorder) : sizeof(stimulator);
    made.plan.values = static_cast<double>(c.count) * static_cast<double>(sizeof(device_entry) + net.n_vps() * of_one);
  }
  const auto what = std::string("Create: ").append(std::to_string(c.count)).append(" nodes of ").append(c.model);
  if (!net.options.dry_run || neuron == nullptr) require_memory(net, net.size.bytes_with(made.plan, rows(net)), what);
  if (static_cast<std::uint64_t>(c.count) > max_node_id - net.nodes.size())
    throw api_error(error_kind::KernelException, "Create: n = " + std::to_string(c.count) + " nodes are more than the " + std::to_string(max_node_id - net.nodes.size()) + " ids that are left");
  net.dirty = true;
  return and_then(neuron != nullptr ? create_neurons(net, made) : create_devices(net, made), [=, &net](api::answer a) -> outcome {
    if (auto* failed = std::get_if<api::failed_call>(&a.outcome)) failed->reason = named(failed->reason, what + ": the machine has no memory for them; nothing was made");
    else net.size.add(made.plan);
    return a;
  });
}

outcome create_neurons(network& net, const new_nodes& made) {
  if (net.options.dry_run) return plan_neurons(net, made);
  const auto first = made.first, last = made.last;
  const auto varied = made.varied;
  const auto model = made.model;
  const node_set nodes{net.generation, {{first, last, 1}}};
  check_lengths(made.values, nodes.size(), "Create");
  auto set = drawn_values(net, made.values, nodes, next_call(net));
  // Values for all are checked before any memory is taken.
  attributes prototype(*net.models.node(model).neuron());
  dictionary scalars, columns;
  for (const auto& [key, v] : set) (spread_length(v) == 0 ? scalars : columns)[key] = v;
  attributes node_values(prototype, local_ids{first, 1, 1});
  if (columns.empty()) node_values.set(scalars);
  const auto created = [=, &net]() -> outcome {
    net.nodes.add({first, last, model, -1, varied, nullptr});
    return done(net, nodes);
  };
  const auto proto = std::make_shared<attributes>(prototype);
  return on_shards(net, 
      [=](shard& s) -> std::any {
        s.add_population(first, last, *proto);
        if (!set.empty()) s.set_values(nodes, set);
        return {};
      },
      [=, &net](std::vector<std::any>) -> outcome {
        return on_shards(net, [](shard& s) -> std::any { s.keep_values(); return {}; }, [=](std::vector<std::any>) { return created(); });
      },
      [=, &net](std::exception_ptr reason) -> outcome {
        return on_shards(net, [=](shard& s) -> std::any { s.drop_population(first); return {}; },
                         [=, &net](std::vector<std::any>) -> outcome { return failure(net, reason); });
      });
}

outcome create_devices(network& net, const new_nodes& made_of) {
  const auto first = made_of.first, last = made_of.last;
  const auto model = made_of.model;
  const node_set nodes{net.generation, {{first, last, 1}}};
  const auto& prototype = *net.models.node(model).device();
  const auto columns = drawn_values(net, made_of.values, nodes, next_call(net));
  std::vector<device_entry> made;
  for (std::uint64_t i = 0; i < nodes.size(); ++i) {
    device_entry entry{first + i, model, prototype, 0};
    entry.position = is_recorder(prototype) ? net.devices.recorders + static_cast<std::uint32_t>(i) : net.devices.stimulators + static_cast<std::uint32_t>(i);
    set_device(net, entry, columns, i, nodes.size(), "Create: " + net.models.node(model).name);
    enrol(entry, last);
    made.push_back(std::move(entry));
  }
  const bool records = is_recorder(prototype), injects = is_injector(prototype);
  std::vector<stimulator> stimulators;
  std::vector<recorder_spec> recorders;
  for (const auto& entry : made) {
    if (records) recorders.push_back(recorder_of(net, entry));
    else stimulators.push_back(stimulator_of(net, entry));
  }
  return on_shards(net, 
      [=](shard& s) -> std::any {
        for (const auto& x : stimulators) s.add_stimulator(x, injects);
        for (const auto& x : recorders) s.add_recorder(x);
        return {};
      },
      [=, &net](std::vector<std::any>) -> outcome {
        net.nodes.add({first, last, model, static_cast<std::int64_t>(net.devices.entries.size()), {}, nullptr});
        net.devices.entries.insert(net.devices.entries.end(), made.begin(), made.end());
        (records ? net.devices.recorders : net.devices.stimulators) += static_cast<std::uint32_t>(made.size());
        return done(net, nodes);
      },
      [&net](std::exception_ptr reason) -> outcome {
        return on_shards(net, [=, &net](shard& s) -> std::any { s.drop_devices(net.devices.stimulators, net.devices.recorders); return {}; },
                         [=, &net](std::vector<std::any>) -> outcome { return failure(net, reason); });
      });
}

// Applies entry i of each spread value, or all of a value that is a list in the device itself.
void set_device(const network& net, device_entry& entry, const dictionary& values, std::uint64_t i, std::uint64_t n, const std::string& what) {
  const auto now = values_of(entry.params);
  dictionary mine;
  for (const auto& [key, v] : values) {
    const auto* present = now.find(key);
    const bool is_list = present != nullptr &&
                         (present->is<std::vector<double>>() || present->is<std::vector<std::int64_t>>() ||
                          present->is<std::vector<std::string>>() || present->is<node_set>());
    if (is_list && v.is<std::vector<value>>()) mine[key] = typed_column(entry_of(v, i));
    else if (is_list || spread_length(v) == 0) mine[key] = v;
    else if (spread_length(v) < n) throw api_error(error_kind::IndexError, what + ": '" + key + "' has " + std::to_string(spread_length(v)) + " values for " + std::to_string(n) + " nodes");
    else mine[key] = entry_of(v, i);
  }
  dictionary rest;
  entry.params = updated(entry.params, mine, context(net, &entry), what, rest);
  for (const auto& [key, v] : rest) {
    if (key == "frozen" && v.is<bool>()) {
      if (is_meter(entry.params) && *v.get_if<bool>()) throw api_error(error_kind::BadProperty, what + ": a " + net.models.node(entry.model).name + " cannot be frozen");
      entry.frozen = *v.get_if<bool>();
    } else if (key == "n_events" && is_recorder(entry.params)) {
      const auto* count = v.get_if<std::int64_t>();
      if (count == nullptr) throw api_error(error_kind::TypeMismatch, what + ": n_events = " + to_text(v) + " must be an integer");
      if (*count != 0) throw api_error(error_kind::BadProperty, what + ": n_events = " + to_text(v) + " can only be set to 0, which clears the events");
      entry.cleared = true;
    } else {
      auto names = names_of(entry.params);
      names.push_back("frozen");
      throw api_error(error_kind::UnaccessedDictionaryEntry,
                      what + ": " + unaccessed_entry(key, "this model", names, {"events", "filenames", "recordables"}));
    }
  }
}

void enrol(device_entry& entry, std::uint64_t nodes) {
  const bool writes = is_recorder(entry.params) && recording_of(entry.params).record_to == "ascii";
  if (!writes) entry.nodes_when_enrolled = 0;
  else if (entry.nodes_when_enrolled == 0) entry.nodes_when_enrolled = nodes;
}

outcome begin(network& net, const api::describe_nodes& c) {
  check_nodes(net, c.nodes, "NodeCollection");
  std::vector<value> parts;
  net.nodes.for_each_block(c.nodes, [&](const node_block& block, const node_range& part) {
    dictionary d;
    d["first"] = static_cast<std::int64_t>(part.first);
    d["last"] = static_cast<std::int64_t>(part.last);
    d["step"] = static_cast<std::int64_t>(part.step);
    d["model"] = net.models.node(block.model).name;
    d["model_id"] = static_cast<std::int64_t>(block.model);
    parts.emplace_back(std::move(d));
  });
  return done(net, value(std::move(parts)));
}

outcome begin(network& net, const api::set_node_values& c) {
  require_alive(net);
  check_nodes(net, c.nodes, "set");
  if (c.nodes.empty()) return done(net);
  const auto given = values_by_key(c.values, c.nodes.size(), "set");
  if (given.empty()) return done(net);
  check_no_facts(given, "set");
  if (net.options.dry_run && !has_devices(net, c.nodes)) {
    plan_values(net, c.nodes, given);
    return done(net);
  }
  const auto values = drawn_values(net, given, c.nodes, next_call(net));
  std::vector<device_entry> changed;
  bool neurons = false;
  std::uint64_t row = 0;
  for (const auto& r : c.nodes.ranges) {
    for (auto id = r.first; id <= r.last; id += r.step, ++row) {
      if (const auto* device = find_device(net, id)) {
        changed.push_back(*device);
        set_device(net, changed.back(), values, row, c.nodes.size(), "set: " + net.models.node(device->model).name + " " + std::to_string(id));
        enrol(changed.back(), net.nodes.size());
      } else {
        neurons = true;
      }
    }
  }
  if (neurons) check_lengths(values, c.nodes.size(), "set");
  net.dirty = true;
  const auto devices = [=, &net]() -> outcome { return apply_devices(net, changed, [&net] { return done(net); }); };
  if (neurons && net.options.dry_run) plan_values(net, c.nodes, given);
  if (!neurons || net.options.dry_run) return devices();
  const auto nodes = c.nodes;
  return on_shards(net, [=](shard& s) -> std::any { s.set_values(nodes, values); return {}; },
                   [=, &net](std::vector<std::any>) -> outcome {
                     note_varied(net, nodes, values);
                     return on_shards(net, [](shard& s) -> std::any { s.keep_values(); return {}; }, [=](std::vector<std::any>) { return devices(); });
                   },
                   [&net](std::exception_ptr reason) -> outcome {
                     return on_shards(net, [](shard& s) -> std::any { s.take_back_values(); return {}; },
                                      [=, &net](std::vector<std::any>) -> outcome { return failure(net, reason); });
                   });
}

outcome apply_devices(network& net, std::vector<device_entry> changed, std::function<outcome()> then) {
  if (changed.empty()) return then();
  std::vector<std::pair<std::uint32_t, stimulator>> stimulators;
  std::vector<std::pair<recorder_spec, std::pair<std::uint32_t, bool>>> recorders;
  for (const auto& entry : changed) {
    if (is_recorder(entry.params)) recorders.push_back({recorder_of(net, entry), {entry.position, entry.cleared}});
    else stimulators.emplace_back(entry.position, stimulator_of(net, entry));
  }
  const auto now = net.now;
  return on_shards(net, 
      [=](shard& s) -> std::any {
        if (!stimulators.empty()) s.before_change(now);
        for (const auto& [position, x] : stimulators) s.set_stimulator(position, x);
        for (const auto& [spec, where] : recorders) {
          s.recorder_at(where.first).configure(spec);
          if (where.second) s.recorder_at(where.first).clear();
        }
        return {};
      },
      [=, &net](std::vector<std::any>) -> outcome {
        for (auto entry : changed) {
          entry.cleared = false;
          *find_device(net, entry.id) = entry;
        }
        return then();
      });
}

}  // namespace volley::runtime
