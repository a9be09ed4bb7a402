// The status: what GetKernelStatus tells, and SetKernelStatus. What the shards measure costs a step over all VPs, so it
// is asked for only where a key of it is wanted.
#include <algorithm>
#include <array>
#include <cstdio>
#include <iterator>
#include <limits>
#include <string_view>

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

value count(std::uint64_t n) { return static_cast<std::int64_t>(n); }

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

/// Virtual memory of this process in kB.
std::int64_t memory_kB() {
  long pages = 0;
  if (std::FILE* f = std::fopen("/proc/self/statm", "r")) {
    if (std::fscanf(f, "%ld", &pages) != 1) pages = 0;
    std::fclose(f);
  }
  return pages * 4;
}

value memory_limit_of(const network& net) {
  return net.options.memory_limit <= static_cast<std::uint64_t>(max_int) ? count(net.options.memory_limit) : value();
}

value no_resizes() {
  const std::vector<std::int64_t> none;
  return dictionary{{"times", none}, {"global_max_spikes_sent", none}, {"new_buffer_size", none}};
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

/// What is told by one key, beside settings and measures.
struct fact {
  std::string_view key;
  value (*of)(const network&);  ///< none where there is nothing to be told
  bool is_of_all = true;        ///< told to those who ask for all
};
constexpr fact facts[] = {
    {"min_delay", [](const network& n) -> value { return n.settings.time.to_ms(delay_range(n).first); }},
    {"max_delay", [](const network& n) -> value { return n.settings.time.to_ms(delay_range(n).second); }},
    {"biological_time", [](const network& n) -> value { return n.settings.time.to_ms(n.now); }},
    {"to_do", [](const network& n) -> value { return n.steps_left; }},
    {"T_max", [](const network& n) -> value { return n.settings.time.to_ms(max_steps(n)); }},
    {"T_min", [](const network& n) -> value { return -n.settings.time.to_ms(max_steps(n)); }},
    {"num_processes", [](const network& n) -> value { return n.settings.num_processes; }},
    {"mpi_rank", [](const network& n) -> value { return std::int64_t{n.options.rank.number}; }},
    {"off_grid_spiking", [](const network& n) -> value { return spikes_off_grid(n); }},
    {"send_buffer_size_secondary_events", [](const network&) -> value { return 0; }},
    {"recv_buffer_size_secondary_events", [](const network&) -> value { return 0; }},
    {"growth_factor_buffer_spike_data", [](const network&) -> value { return 1.5; }},
    {"spike_buffer_resize_log", [](const network&) { return no_resizes(); }},
    {"max_num_syn_models", [](const network&) { return count(model_registry::max_synapse_models); }},
    {"structural_plasticity_synapses", [](const network& n) -> value { return values_of(n.structural, n.models); }},
    {"growth_curves",
     [](const network&) -> value { return std::vector<std::string>(growth_curves.begin(), growth_curves.end()); }},
    {"network_size", [](const network& n) { return count(n.nodes.size()); }},
    {"num_connections", [](const network& n) { return count(n.n_connections_here); }},
    {"connection_rules", [](const network&) -> value { return connection_rules(); }},
    {"node_models", [](const network& n) -> value { return n.models.node_names(); }},
    {"synapse_models", [](const network& n) -> value { return n.models.synapse_names(); }},
    {"local_spike_counter", [](const network& n) { return count(n.spikes_last_run); }},
    {"recording_backends", [](const network&) -> value { return recording_backends(); }},
    {"stimulation_backends", [](const network&) -> value { return stimulation_backends(); }},
    {"min_update_time", [](const network& n) -> value { return n.times.shortest_s; }},
    {"max_update_time", [](const network& n) -> value { return n.times.longest_s; }},
    {"memory_size", [](const network&) -> value { return memory_kB(); }},
    {"memory_limit", memory_limit_of},
    {"workers", [](const network& n) { return n.workers; }},
    {"cluster", [](const network& n) { return n.cluster; }},
    {"prepared", [](const network& n) -> value { return n.state == run_state::prepared; }},
    {"modules", [](const network& n) -> value { return n.modules; }},
    {"time_construction_create", [](const network& n) -> value { return n.create_s; }},
    {"time_construction_connect", [](const network& n) -> value { return n.connect_s; }},
    {"time_simulate", [](const network& n) -> value { return n.simulate_s; }},
    {"time_communicate_prepare", [](const network&) -> value { return std::vector<double>{0.0}; }},
    {"footprint", [](const network& n) -> value { return footprint_status(n); }, false},
    {"module_models", [](const network& n) -> value { return tables_of_modules(n); }, false},
};

dictionary full_status(const network& net, const dictionary& measured) {
  auto all = values_of(net.settings);
  for (const auto& f : facts)
    if (auto v = f.is_of_all ? f.of(net) : value(); !v.is_none()) all[std::string(f.key)] = std::move(v);
  for (const auto& [key, v] : measured) all[key] = v;
  return all;
}

/// What some keys tell. Errors: KeyError.
dictionary part_of_status(const network& net, const std::vector<std::string>& keys, const dictionary& measured) {
  dictionary wanted, settings;
  for (const auto& key : keys) {
    const auto known = std::ranges::find(facts, key, &fact::key);
    auto v = known != std::end(facts) ? known->of(net) : value();
    if (const auto* one = measured.find(key); v.is_none() && one != nullptr) v = *one;
    if (v.is_none()) {
      if (settings.empty()) settings = values_of(net.settings);
      const auto* one = settings.find(key);
      if (one == nullptr)
        throw api_error(error_kind::KeyErrorBuiltin, "GetKernelStatus: '" + key + "' is no kernel attribute");
      v = *one;
    }
    wanted[key] = std::move(v);
  }
  return wanted;
}

}  // namespace

outcome begin(network& net, const api::get_kernel_status& c) {
  const auto keys = c.keys;
  const auto answer_with = [=, &net](const dictionary& measured) -> outcome {
    return done(net, value(keys.empty() ? full_status(net, measured) : part_of_status(net, keys, measured)));
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
  std::vector<module_name> modules;
  for (const auto& name : net.modules) modules.push_back({name, ""});
  for (const auto& [key, v] : c.values) {
    if (key == "modules") {
      const auto* names = v.get_if<std::vector<std::string>>();
      if (names == nullptr)
        throw api_error(error_kind::TypeMismatch, "SetKernelStatus: modules = " + to_text(v) + " must be names");
      modules.clear();
      for (const auto& name : *names) modules.push_back({name, ""});
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
