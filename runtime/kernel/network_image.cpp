#include "runtime/kernel/network_image.hpp"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>

#include "runtime/base/digest.hpp"
#include "runtime/base/error.hpp"
#include "runtime/base/release.hpp"
#include "runtime/base/snapshot.hpp"
#include "runtime/devices/device_values.hpp"
#include "runtime/values/parameter.hpp"

namespace volley::runtime {
namespace {

/// Models as they were told apart: an image names them by their places.
struct vocabulary {
  std::vector<std::string> modules, nodes, synapses;
  std::uint64_t fields = 0;  ///< digest of what they have
  template <class Snapshot> void snapshot(Snapshot& s) { s(modules, nodes, synapses, fields); }
};

vocabulary vocabulary_of(const network& net) {
  vocabulary words;
  words.modules = net.modules;
  digest fields;
  const auto add = [&fields](std::string_view name) { fields.add(name.data(), name.size()); };
  const auto add_fields = [&](std::span<const models::field> all) {
    for (const auto& f : all) {
      add(f.name);
      fields.add(static_cast<std::uint64_t>(f.where) << 16 | static_cast<std::uint16_t>(f.column));
    }
  };
  for (const auto& model : net.catalog->neurons) {
    words.nodes.emplace_back(model.name);
    add_fields(model.fields);
    for (const auto& list : model.lists) add_fields(list.fields);
  }
  for (const auto& kind : device_kinds()) {
    words.nodes.emplace_back(kind.name);
    for (const auto& name : names_of(kind.defaults)) add(name);
    const auto defaults = bytes_of(kind.defaults);
    fields.add(defaults.data(), defaults.size());
  }
  for (const auto& model : net.catalog->synapses) {
    words.synapses.emplace_back(model.name);
    add_fields(model.fields);
  }
  words.fields = fields.value();
  return words;
}

[[noreturn]] void refuse_models(const std::string& why) { throw api_error(error_kind::IOError, "Load: " + why); }

/// The first name of `all` that `known` lacks.
std::optional<std::string> missing(const std::vector<std::string>& all, const std::vector<std::string>& known) {
  const auto lacks = [&](const std::string& name) { return std::ranges::find(known, name) == known.end(); };
  const auto at = std::ranges::find_if(all, lacks);
  return at == all.end() ? std::nullopt : std::optional(*at);
}

void require_same(const vocabulary& saved, const vocabulary& here) {
  if (saved.modules != here.modules) {
    if (const auto module = missing(saved.modules, here.modules))
      refuse_models("the network was saved with the module '" + *module + "'; Install it first");
    refuse_models("the network was saved with other modules than those that are loaded, or in another order");
  }
  for (const auto& [theirs, ours] : {std::pair(&saved.nodes, &here.nodes), std::pair(&saved.synapses, &here.synapses)})
    if (const auto model = missing(*theirs, *ours)) refuse_models("this build has no model '" + *model + "'");
  if (saved.nodes != here.nodes || saved.synapses != here.synapses || saved.fields != here.fields)
    refuse_models("the network was saved by a build with other models than this one");
}

/// Defaults that users have changed, and copies.
struct saved_node_model {
  std::uint32_t id = 0;
  std::string name, type;
  std::vector<column_image> neuron;
  std::optional<device_params> device;
  template <class Snapshot> void snapshot(Snapshot& s) { s(id, name, type, neuron, device); }
};
struct saved_synapse_model {
  std::uint32_t made_from = 0;  ///< position in the catalog
  std::string name;
  std::vector<double> defaults;
  double weight = 0, delay_ms = 0;
  std::int64_t receptor_type = 0;
  std::uint64_t weight_recorder = 0;
  template <class Snapshot> void snapshot(Snapshot& s) {
    s(made_from, name, defaults, weight, delay_ms, receptor_type, weight_recorder);
  }
};

bool has_defaults_of(const node_model& a, const node_model& b) {
  if (a.neuron() != nullptr) return a.neuron()->image() == b.neuron()->image();
  return bytes_of(*a.device()) == bytes_of(*b.device());
}

struct saved_models {
  std::vector<saved_node_model> nodes;
  std::vector<saved_synapse_model> synapses;
  template <class Snapshot> void snapshot(Snapshot& s) { s(nodes, synapses); }
};

saved_models models_of(const network& net) {
  const model_registry fresh(*net.catalog, net.settings.time);
  saved_models all;
  for (std::uint32_t id = 0; id < net.models.nodes().size(); ++id) {
    const auto& m = net.models.node(id);
    if (id < fresh.nodes().size() && has_defaults_of(m, fresh.node(id))) continue;
    saved_node_model one{id, m.name, m.type, {}, {}};
    if (m.neuron() != nullptr)
      one.neuron = m.neuron()->image();
    else
      one.device = *m.device();
    all.nodes.push_back(std::move(one));
  }
  for (const auto& m : net.models.synapses())
    all.synapses.push_back({net.catalog->number_of(*m.model), m.name, m.defaults, m.weight, m.delay_ms, m.receptor_type,
                            m.weight_recorder});
  return all;
}

void put(model_registry& to, const saved_node_model& from) {
  if (from.id == to.nodes().size()) {
    const auto type = to.find_node(from.type);
    if (!type || to.find_node(from.name) || to.find_synapse(from.name)) snapshot_reader::refuse();
    to.copy_node(*type, from.name);
  }
  if (from.id >= to.nodes().size() || to.node(from.id).name != from.name) snapshot_reader::refuse();
  auto& defaults = to.node(from.id).defaults;
  if (auto* neuron = std::get_if<attributes>(&defaults))
    neuron->restore(from.neuron);
  else if (from.device && are_alike(*from.device, std::get<device_params>(defaults)))
    defaults = *from.device;
  else
    snapshot_reader::refuse();
}

void put(model_registry& to, const model_catalog& catalog, store_ordinal id, const saved_synapse_model& from) {
  if (id.index() == to.synapses().size() && from.made_from < catalog.synapses.size())
    to.copy_synapse(store_ordinal(from.made_from), from.name);
  if (id.index() >= to.synapses().size()) snapshot_reader::refuse();
  auto& entry = to.synapse(id);
  if (catalog.number_of(*entry.model) != from.made_from || entry.name != from.name ||
      from.defaults.size() != entry.defaults.size())
    snapshot_reader::refuse();
  entry.defaults = from.defaults;
  entry.weight = from.weight;
  entry.delay_ms = from.delay_ms;
  entry.receptor_type = from.receptor_type;
  entry.weight_recorder = from.weight_recorder;
}

/// What calls have made of a network beside its models.
template <class Snapshot> void content(Snapshot& s, network& net) {
  s(net.nodes, net.devices.entries, net.devices.stimulators, net.devices.recorders, net.devices.sampled,
    net.devices.reports, net.structural, net.size, net.extrema, net.creation, net.connect_calls, net.n_connections,
    net.calls, net.models_changed, net.now, net.clocked);
  s.enumerator(net.state, run_state::prepared);
  s(net.has_run, net.nodes_prepared, net.spikes_last_run, net.spikes_before_run, net.spikes_total);
}

/// What of an image is not what a kernel would make. Its bytes are those that were written: this finds what would be
/// read out of bounds.
void check(const network& net) {
  std::uint64_t last = 0, devices = 0;
  for (const auto& b : net.nodes.blocks()) {
    const bool neurons = b.device < 0;
    const auto size = b.last - b.first + 1;
    bool fits = b.first == last + 1 && b.model < net.models.nodes().size() &&
                (net.models.node(b.model).neuron() != nullptr) == neurons;
    if (!neurons) {
      fits = fits && static_cast<std::uint64_t>(b.device) == devices;
      devices += size;
    }
    if (!fits) snapshot_reader::refuse();
    last = b.last;
  }
  const auto is_known = [&](const device_entry& d) {
    return d.model < net.models.nodes().size() &&
           d.position < (is_recorder(d.params) ? net.devices.recorders : net.devices.stimulators);
  };
  const auto has_store = [&](const structural_synapse& one) {
    return one.store.index() < net.models.synapses().size();
  };
  if (devices != net.devices.entries.size() || !std::ranges::all_of(net.devices.entries, is_known) ||
      !std::ranges::all_of(net.structural, has_store))
    snapshot_reader::refuse();
}

}  // namespace

dictionary summary_of(const network& net, std::span<const std::uint64_t> connections) {
  const auto number = [](auto n) { return value(static_cast<std::int64_t>(n)); };
  dictionary nodes, by_model;
  std::uint64_t n_connections = 0;
  for (const auto& b : net.nodes.blocks()) {
    const auto& name = net.models.node(b.model).name;
    const auto* so_far = nodes.find(name);
    nodes[name] = number((so_far == nullptr ? 0 : *so_far->get_if<std::int64_t>()) +
                         static_cast<std::int64_t>(b.last - b.first + 1));
  }
  for (std::size_t i = 0; i < connections.size(); ++i) {
    n_connections += connections[i];
    if (connections[i] != 0) by_model[net.models.synapse(store_ordinal(i)).name] = number(connections[i]);
  }
  return {{"release", release},
          {"biological_time", net.settings.time.to_ms(net.now)},
          {"resolution", net.settings.time.resolution_ms()},
          {"rng_seed", number(net.settings.rng_seed)},
          {"total_num_virtual_procs", number(net.n_vps())},
          {"prepared", net.state == run_state::prepared},
          {"network_size", number(net.nodes.size())},
          {"num_connections", number(n_connections)},
          {"nodes", std::move(nodes)},
          {"connections", std::move(by_model)},
          {"modules", net.modules}};
}

std::vector<std::byte> image_of(const network& net) {
  snapshot_writer s;
  s(vocabulary_of(net), net.settings, models_of(net));
  content(s, const_cast<network&>(net));  // a writer changes nothing
  return s.take();
}

std::unique_ptr<network> network_of(std::span<const std::byte> image, const network& here, bool goes_on) {
  snapshot_reader s(image);
  vocabulary words;
  kernel_settings settings;
  saved_models models;
  s(words);
  require_same(words, vocabulary_of(here));
  s(settings, models);
  auto made = std::make_unique<network>(here.options, *here.build_catalog);
  made->catalog = here.catalog;
  made->modules = here.modules;
  made->models = model_registry(*here.catalog, settings.time);
  for (const auto& one : models.nodes) put(made->models, one);
  for (std::size_t i = 0; i < models.synapses.size(); ++i)
    put(made->models, *here.catalog, store_ordinal(i), models.synapses[i]);
  content(s, *made);
  s.finish();
  check(*made);

  settings.total_num_virtual_procs = here.settings.total_num_virtual_procs;
  if (!goes_on) {
    made->devices.reports.clear();
    settings.data_path = here.settings.data_path;
    settings.data_prefix = here.settings.data_prefix;
    settings.overwrite_files = here.settings.overwrite_files;
  }
  settings.structural_plasticity_threads |= here.settings.structural_plasticity_threads;
  settings.structural_plasticity_rules |= here.settings.structural_plasticity_rules;
  check_structural_plasticity(settings);
  made->settings = std::move(settings);
  made->generation = here.generation + 1;
  made->shard_epoch = here.shard_epoch;
  made->workers = here.workers;
  made->cluster = here.cluster;
  return made;
}

std::vector<saved_block> neurons_of(const network& net) {
  std::vector<saved_block> blocks;
  for (const auto& b : net.nodes.blocks())
    if (b.device < 0)
      blocks.push_back({b.first, b.last, net.catalog->number_of(net.models.node(b.model).neuron()->model()), b.where});
  return blocks;
}

}  // namespace volley::runtime
