// The status: what GetKernelStatus tells, and SetKernelStatus. What the shards measure costs a step over all VPs, so it
// is asked for only where a key of it is wanted.
#include <algorithm>
#include <array>
#include <cstdio>
#include <limits>

#include "runtime/base/error.hpp"
#include "runtime/devices/device_rules.hpp"
#include "runtime/growth/growth_curve.hpp"
#include "runtime/kernel/calls.hpp"
#include "runtime/kernel/clock.hpp"
#include "runtime/kernel/link.hpp"
#include "runtime/kernel/memory.hpp"
#include "runtime/kernel/model_tables.hpp"
#include "runtime/kernel/modules.hpp"
#include "runtime/kernel/steps.hpp"
#include "runtime/kernel/structural_update.hpp"
#include "runtime/rules/rule.hpp"

namespace volley::runtime {
namespace {

constexpr auto max_int = std::numeric_limits<std::int64_t>::max();

/// Virtual memory of this process in kB.
std::int64_t memory_kB() {
  long pages = 0;
  if (std::FILE* f = std::fopen("/proc/self/statm", "r")) {
    if (std::fscanf(f, "%ld", &pages) != 1) pages = 0;
    std::fclose(f);
  }
  return pages * 4;
}

constexpr std::array measured_keys{
    "time_update",  "time_deliver_spike_data", "time_gather_spike_data", "time_exchange_wait",
    "memory_nodes", "memory_connections",      "memory_events"};

/// Times of the slowest VP and bytes of all, by key.
dictionary measures_of(const std::vector<reply>& measures) {
  shard_times slowest;
  shard_bytes bytes;
  for (const auto& m : measures) {
    const auto& [times, held] = std::get<replies::measures>(m);
    for (const auto phase : {&shard_times::update, &shard_times::deliver, &shard_times::gather, &shard_times::wait})
      slowest.*phase = std::max(slowest.*phase, times.*phase);
    for (const auto part : {&shard_bytes::nodes, &shard_bytes::connections, &shard_bytes::events})
      bytes.*part += held.*part;
  }
  const auto count = [](std::uint64_t n) { return value(static_cast<std::int64_t>(n)); };
  return {{"time_update", slowest.update},
          {"time_deliver_spike_data", slowest.deliver},
          {"time_gather_spike_data", slowest.gather},
          {"time_exchange_wait", slowest.wait},
          {"memory_nodes", count(bytes.nodes)},
          {"memory_connections", count(bytes.connections)},
          {"memory_events", count(bytes.events)}};
}

/// True when one of `keys` is asked for; no keys ask for all.
template <class Keys> bool wants(const std::vector<std::string>& asked, const Keys& keys) {
  return asked.empty() || std::any_of(asked.begin(), asked.end(), [&](const std::string& key) {
           return std::find(keys.begin(), keys.end(), key) != keys.end();
         });
}

/// The defaults that `now` has and `before` has not: "noise_generator.dt = 3, static_synapse.delay = 1.2". Those of
/// detectors are numbers of steps on every grid: nobody needs to be told.
std::string different_defaults(const model_registry& before, const model_registry& now) {
  std::string text;
  const auto compare = [&](const std::string& model, const dictionary& old, const dictionary& fresh) {
    for (const auto& [key, v] : fresh)
      if (!(*old.find(key) == v)) text += (text.empty() ? "" : ", ") + model + "." + key + " = " + to_text(v);
  };
  for (std::uint32_t i = 0; i < now.nodes().size(); ++i)
    if (const auto* device = now.node(i).device(); device != nullptr && !is_detector(*device))
      compare(now.node(i).name, values_of(*before.node(i).device()), values_of(*device));
  for (store_ordinal i; i.index() < now.synapses().size(); ++i)
    compare(now.synapse(i).name, values_of(before.synapse(i), i), values_of(now.synapse(i), i));
  return text;
}

kernel_phase phase(const network& net) {
  return {net.nodes.size() != 0, net.n_connections != 0 || net.due == shard_work::build_and_prepare, net.has_run,
          net.models_changed};
}

/// Whether some node sends spikes that have times within a step.
bool spikes_off_grid(const network& net) {
  const auto is_precise = [&](const node_block& b) {
    const auto* const neuron = net.models.node(b.model).neuron();
    return neuron != nullptr && models::has_offsets(neuron->model().emits);
  };
  return std::ranges::any_of(net.nodes.blocks(), is_precise) ||
         std::ranges::any_of(net.devices.entries, is_off_grid, &device_entry::params);
}

dictionary full_status(const network& net) {
  auto d = values_of(net.settings);
  const auto [low, high] = delay_range(net);
  d["min_delay"] = net.settings.time.to_ms(low);
  d["max_delay"] = net.settings.time.to_ms(high);
  d["biological_time"] = net.settings.time.to_ms(net.now);
  d["to_do"] = net.steps_left;
  d["T_max"] = net.settings.time.to_ms(max_steps(net));
  d["T_min"] = -net.settings.time.to_ms(max_steps(net));
  d["num_processes"] = net.settings.num_processes;
  d["mpi_rank"] = std::int64_t{net.options.rank.number};
  d["off_grid_spiking"] = spikes_off_grid(net);
  d["send_buffer_size_secondary_events"] = 0;
  d["recv_buffer_size_secondary_events"] = 0;
  d["growth_factor_buffer_spike_data"] = 1.5;
  const std::vector<std::int64_t> none;
  d["spike_buffer_resize_log"] =
      dictionary{{"times", none}, {"global_max_spikes_sent", none}, {"new_buffer_size", none}};
  d["max_num_syn_models"] = static_cast<std::int64_t>(model_registry::max_synapse_models);
  d["structural_plasticity_synapses"] = values_of(net.structural, net.models);
  d["growth_curves"] = std::vector<std::string>(growth_curves.begin(), growth_curves.end());
  d["network_size"] = static_cast<std::int64_t>(net.nodes.size());
  d["num_connections"] = static_cast<std::int64_t>(net.n_connections_here);
  d["connection_rules"] = connection_rules();
  d["node_models"] = net.models.node_names();
  d["synapse_models"] = net.models.synapse_names();
  d["local_spike_counter"] = static_cast<std::int64_t>(net.spikes_last_run);
  d["recording_backends"] = recording_backends();
  d["stimulation_backends"] = stimulation_backends();
  d["min_update_time"] = net.times.shortest_s;
  d["max_update_time"] = net.times.longest_s;
  d["memory_size"] = memory_kB();
  if (net.options.memory_limit <= static_cast<std::uint64_t>(max_int))
    d["memory_limit"] = static_cast<std::int64_t>(net.options.memory_limit);
  if (!net.workers.is_none()) {
    d["workers"] = net.workers;
    d["cluster"] = net.cluster;
  }
  d["prepared"] = net.state == run_state::prepared;
  d["modules"] = net.modules;
  d["time_construction_create"] = net.create_s;
  d["time_construction_connect"] = net.connect_s;
  d["time_simulate"] = net.simulate_s;
  d["time_communicate_prepare"] = std::vector<double>{0.0};
  return d;
}

/// Tables of the models that came with modules.
std::vector<value> tables_of_modules(const network& net) {
  std::vector<value> tables;
  const auto add = [&tables](const auto& models, std::size_t built_in) {
    for (std::size_t i = built_in; i < models.size(); ++i) tables.emplace_back(model_table(models[i]));
  };
  add(net.catalog->neurons, net.build_catalog->neurons.size());
  add(net.catalog->synapses, net.build_catalog->synapses.size());
  return tables;
}

}  // namespace

outcome begin(network& net, const api::get_kernel_status& c) {
  const auto keys = c.keys;
  const auto answer_with = [=, &net](const dictionary& measured) -> outcome {
    auto all = full_status(net);
    for (const auto& [key, v] : measured) all[key] = v;
    // Told to whoever asks for them.
    const auto asks_for = [&](const char* key) { return std::find(keys.begin(), keys.end(), key) != keys.end(); };
    if (asks_for("footprint")) all["footprint"] = footprint_status(net);
    if (asks_for("module_models")) all["module_models"] = tables_of_modules(net);
    if (keys.empty()) return done(net, value(std::move(all)));
    dictionary wanted;
    for (const auto& key : keys) {
      const auto* v = all.find(key);
      if (v == nullptr)
        throw api_error(error_kind::KeyErrorBuiltin, "GetKernelStatus: '" + key + "' is no kernel attribute");
      wanted[key] = *v;
    }
    return done(net, value(std::move(wanted)));
  };
  const auto status = [=, &net]() -> outcome {
    if (!wants(keys, measured_keys)) return answer_with({});
    return tell_shards(net, orders::measure{},
                       [=](std::vector<reply> measures) { return answer_with(measures_of(measures)); });
  };
  // These follow from the rows of connections that were asked for and are not built yet.
  constexpr std::array built_keys{"num_connections", "min_delay", "max_delay", "memory_connections"};
  return wants(keys, built_keys) && net.state != run_state::lost ? when_built(net, status) : status();
}

outcome begin(network& net, const api::set_kernel_status& c) {
  std::vector<std::string> log;
  dictionary changes;
  std::vector<std::string> modules = net.modules;
  for (const auto& [key, v] : c.values) {
    if (key == "modules") {
      const auto* names = v.get_if<std::vector<std::string>>();
      if (names == nullptr)
        throw api_error(error_kind::TypeMismatch, "SetKernelStatus: modules = " + to_text(v) + " must be names");
      modules = *names;
      continue;
    }
    if (key != "biological_time") {
      changes[key] = v;
      continue;
    }
    const auto ms = number_of(v);
    if (!ms)
      throw api_error(error_kind::TypeMismatch,
                      "SetKernelStatus: biological_time = " + to_text(v) + " must be a number");
    if (*ms != 0)
      throw api_error(error_kind::BadProperty,
                      "SetKernelStatus: biological_time = " + to_text(v) + " ms can only be set to 0");
    if (net.now != 0)
      throw api_error(error_kind::NotImplemented,
                      "SetKernelStatus: biological_time cannot be set back after simulating; call ResetKernel");
  }
  // Whether there are connections is known when those that were asked for are made.
  if (net.due == shard_work::build_and_prepare &&
      (changes.contains("min_delay") || changes.contains("wfr_comm_interval")))
    return when_built(net, [=, &net] { return begin(net, c); });
  const auto* strict = changes.find("dict_miss_is_error");  // counts for its own call
  const auto* said = strict != nullptr ? strict->get_if<bool>() : nullptr;
  unknown_keys unknown(said != nullptr ? *said : net.settings.dict_miss_is_error);
  const auto next = updated(net.settings, changes, phase(net), unknown, log);
  auto structural = net.structural;
  if (const auto* table = changes.find("structural_plasticity_synapses"))
    structural = parse_structural_synapses(*table, net.models, next, limits_of_delays(net, next), unknown);
  const bool other_grid = !(next.time == net.settings.time);
  const bool fresh_shards = next.total_num_virtual_procs != net.settings.total_num_virtual_procs || other_grid;
  const auto change = [=, &net]() mutable -> outcome {
    if (changes.contains("rng_seed") || changes.contains("rng_type")) net.calls = 0;
    if (!(next == net.settings)) net.require(shard_work::prepare);
    net.settings = next;
    net.structural = std::move(structural);
    include_structural_delays(net);
    if (fresh_shards) ++net.shard_epoch;
    auto a = done(net);
    for (auto& line : log) a.log.push_back({api::log_error, std::move(line)});
    if (other_grid) {
      model_registry fresh(*net.catalog, next.time);
      if (auto text = different_defaults(net.models, fresh); !text.empty())
        a.log.push_back({10, "SetKernelStatus: defaults follow the resolution, " +
                                 to_text(value(next.time.resolution_ms())) + " ms: " + text});
      net.models = std::move(fresh);
    }
    return warned(unknown, std::move(a));
  };
  return install(net, load_modules(net, modules), change);
}

// Whoever has workers serves it itself.
outcome begin(network&, const api::drain&) {
  throw api_error(error_kind::KernelException, "drain: this kernel is in one process, without workers");
}

// Sessions answer these.
outcome begin(network& net, const api::list_kernels&) { return done(net); }
outcome begin(network& net, const api::drop_kernel&) { return done(net); }

}  // namespace volley::runtime
