// Calls on models: GetDefaults, SetDefaults, CopyModel.
#include <algorithm>

#include "runtime/base/error.hpp"
#include "runtime/base/nearest_name.hpp"
#include "runtime/devices/device_rules.hpp"
#include "runtime/kernel/calls.hpp"
#include "runtime/kernel/devices.hpp"
#include "runtime/kernel/link.hpp"
#include "runtime/kernel/steps.hpp"
#include "runtime/kernel/synapse_values.hpp"

namespace volley::runtime {
namespace {

// Keys that users see in defaults but that belong to nodes or to the kernel.
constexpr const char* read_only_keys[] = {"model",    "model_id",  "type_id",         "element_type",  "instantiations",
                                          "capacity", "available", "elementsize",     "node_uses_wfr", "global_id",
                                          "vp",       "thread",    "thread_local_id", "local",         "recordables"};

dictionary node_defaults(const network& net, std::uint32_t id) {
  const auto& m = net.models.node(id);
  dictionary d = m.neuron() != nullptr ? m.neuron()->get_all() : values_of(*m.device(), net.generation);
  d["model"] = m.name;
  d["model_id"] = static_cast<std::int64_t>(id);
  d["type_id"] = m.type;
  d["element_type"] = m.element_type();
  d["node_uses_wfr"] = false;
  d["global_id"] = 0;
  d["vp"] = -1;
  d["thread"] = -1;
  d["thread_local_id"] = -1;
  d["local"] = true;
  if (!d.contains("frozen")) d["frozen"] = false;
  std::int64_t made = 0;
  for (const auto& b : net.nodes.blocks())
    if (b.model == id) made += static_cast<std::int64_t>(b.last - b.first + 1);
  d["instantiations"] = std::vector<std::int64_t>{made};
  d["capacity"] = std::vector<std::int64_t>{made};
  d["available"] = std::vector<std::int64_t>{0};
  std::int64_t bytes = 0;
  if (m.neuron() != nullptr) {
    const auto& model = m.neuron()->model();
    bytes = static_cast<std::int64_t>((model.params() + model.state() + model.derived) * sizeof(double));
  } else if (is_detector(*m.device())) {
    for (const auto& [key, v] : no_results(*m.device())) d[key] = v;
  } else if (is_recorder(*m.device())) {
    d["n_events"] = 0;
    d["events"] = dictionary{{"senders", std::vector<std::int64_t>()}, {"times", std::vector<double>()}};
  } else if (auto names = recordables_of(*m.device()); !names.empty()) {
    d["recordables"] = std::move(names);
  }
  d["elementsize"] = bytes;
  return d;
}

void change_node_defaults(network& net, node_model& m, const dictionary& values, const defaults_call& call,
                          unknown_keys& unknown) {
  const auto& what = call.what;
  dictionary settable;
  const auto current = m.neuron() != nullptr ? m.neuron()->get_all() : values_of(*m.device());
  for (const auto& [key, v] : values) {
    const auto* present = current.find(key);
    if (present != nullptr) call.require_single(key, v, *present);
    const bool fixed = present == nullptr &&
                       std::find(std::begin(read_only_keys), std::end(read_only_keys), key) != std::end(read_only_keys);
    auto refusal = fixed                   ? what + ": " + unaccessed_entry(key, "a model", {}, {key})
                   : m.neuron() != nullptr ? m.neuron()->refusal(key, true)
                                           : std::string();
    if (refusal.empty())
      settable[key] = v;
    else if (present != nullptr || fixed)  // known, and nobody can set it
      unknown.add(m.name, key, std::move(refusal));
    else
      call.add_unknown(unknown, m.name, key, v, std::move(refusal));
  }
  if (auto* neuron = std::get_if<attributes>(&m.defaults)) {
    neuron->set(settable);
    return;
  }
  dictionary rest;
  auto& params = std::get<device_params>(m.defaults);
  auto changed = updated(params, settable, context(net, nullptr), what, rest);
  for (const auto& [key, v] : rest) {
    if (key == "n_events" && !no_events(params).is_none()) {
      check_clearing(params, v, what);
      continue;
    }
    auto shown = shown_keys(params);
    const bool is_shown = std::ranges::find(shown, key) != shown.end();
    shown.emplace_back("frozen");
    auto text = what + ": " + unaccessed_entry(key, "this model", names_of(params), shown);
    if (is_shown)
      unknown.add(m.name, key, std::move(text));
    else
      call.add_unknown(unknown, m.name, key, v, std::move(text));
  }
  params = std::move(changed);
}

/// `values`: what the call says.
void check_weight_recorder(const network& net, const synapse_entry& entry, const dictionary& values,
                           const std::string& what) {
  if (const auto* given = values.find("weight_recorder"); given != nullptr && given->get_if<node_set>() != nullptr)
    net.nodes.check(*given->get_if<node_set>(), net.generation, what.c_str());
  if (entry.weight_recorder == 0) return;
  const auto* device = find_device(net, entry.weight_recorder);
  if (device == nullptr || !records_weights(device->params))
    throw api_error(error_kind::BadProperty,
                    what + ": node " + std::to_string(entry.weight_recorder) + " is no weight_recorder");
}

bool is_recording_backend(const std::string& name) {
  const auto& known = recording_backends();
  return std::ranges::find(known, name) != known.end();
}

/// All that a backend can be set to is set at its recorders.
dictionary backend_defaults() { return {{"element_type", "recording_backend"}}; }

/// What shards are told of the defaults of a synapse model.
orders::set_store order_of(const network& net, store_ordinal id, const synapse_entry& entry) {
  orders::set_store store{id, {}, entry.defaults, {}, recorder_ordinal::none(), net.now};
  if (entry.model->common_weight) store.weight = entry.weight;
  if (entry.weight_recorder != 0) store.recorder = find_device(net, entry.weight_recorder)->as_recorder();
  return store;
}

}  // namespace

outcome begin(network& net, const api::get_defaults& c) {
  if (const auto id = net.models.find_node(c.model)) return done(net, value(node_defaults(net, *id)));
  if (is_recording_backend(c.model)) return done(net, value(backend_defaults()));
  const auto ordinal = net.models.known_synapse(c.model, "GetDefaults", error_kind::UnknownComponent);
  return when_built(net, [=, &net] {
    return tell_shards(net, orders::size_of_store{ordinal}, [=, &net](std::vector<reply> sizes) -> outcome {
      auto d = values_of(net.models.synapse(ordinal), ordinal);
      d["num_connections"] = static_cast<std::int64_t>(summed(net, sizes).connections);
      d["sizeof"] = static_cast<std::int64_t>(models::bytes_of_connection(*net.models.synapse(ordinal).model));
      if (auto* nodes = d["weight_recorder"].get_if<node_set>()) nodes->generation = net.generation;
      return done(net, value(std::move(d)));
    });
  });
}

outcome begin(network& net, const api::set_defaults& c) {
  require_alive(net);
  const auto call = defaults_call::set_defaults(c.model);
  unknown_keys unknown(net.settings.dict_miss_is_error);
  if (const auto id = net.models.find_node(c.model)) {
    if (c.values.empty()) return done(net);
    node_model changed = net.models.node(*id);
    change_node_defaults(net, changed, c.values, call, unknown);
    net.models.node(*id) = std::move(changed);
    net.models_changed = true;
    return warned(unknown, done(net));
  }
  if (is_recording_backend(c.model)) {
    for (const auto& [key, v] : c.values)
      unknown.add(c.model, key,
                  call.what + ": " + unaccessed_entry(key, "a recording backend", {}, {"element_type"}) +
                      "; recorders have what can be set");
    return warned(unknown, done(net));
  }
  const auto ordinal = net.models.known_synapse(c.model, "SetDefaults", error_kind::UnknownComponent);
  if (c.values.empty()) return done(net);
  auto changed = updated(net.models.synapse(ordinal), c.values, net.settings.time, call, unknown);
  check_weight_recorder(net, changed, c.values, call.what);
  // What a call took from the defaults is fixed when it was made: rows are placed before common properties change.
  return warned(unknown, when_built(net, [=, &net]() -> outcome {
                  return tell_shards(net, order_of(net, ordinal, changed), [=, &net](std::vector<reply>) -> outcome {
                    net.models.synapse(ordinal) = changed;
                    net.models_changed = true;
                    net.require(shard_work::prepare);
                    return done(net);
                  });
                }));
}

outcome begin(network& net, const api::copy_model& c) {
  require_alive(net);
  const auto call = defaults_call::copy_model(c.existing);
  unknown_keys unknown(net.settings.dict_miss_is_error);
  if (net.models.find_node(c.copy) || net.models.find_synapse(c.copy))
    throw api_error(error_kind::NewModelNameExists, "CopyModel: the name '" + c.copy + "' is taken");
  if (c.copy.empty() || c.copy.size() > 128 || c.copy.find('\0') != std::string::npos)
    throw api_error(error_kind::BadProperty, "CopyModel: a model's name has 1 to 128 characters and no zero byte");
  if (const auto id = net.models.find_node(c.existing)) {
    node_model copy = net.models.node(*id);
    change_node_defaults(net, copy, c.values, call, unknown);
    const auto made = net.models.copy_node(*id, c.copy);
    net.models.node(made).defaults = std::move(copy.defaults);
    net.models_changed = true;
    return warned(unknown, done(net));
  }
  const auto id = net.models.known_synapse(c.existing, "CopyModel", error_kind::UnknownModelName);
  if (net.models.synapses().size() >= model_registry::max_synapse_models)
    throw api_error(error_kind::KernelException, "CopyModel: Synapse model count exceeded: there are " +
                                                     std::to_string(net.models.synapses().size()));
  auto changed = updated(net.models.synapse(id), c.values, net.settings.time, call, unknown);
  check_weight_recorder(net, changed, c.values, call.what);
  changed.name = c.copy;
  auto store = order_of(net, store_ordinal(net.models.synapses().size()), changed);
  store.made_from = net.catalog->number_of(*changed.model);
  return warned(unknown, tell_shards(net, std::move(store), [=, &net](std::vector<reply>) -> outcome {
                  net.models.synapse(net.models.copy_synapse(id, changed.name)) = changed;
                  net.models_changed = true;
                  return done(net);
                }));
}

}  // namespace volley::runtime
