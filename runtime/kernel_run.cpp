// Calls on the clock and the status: Prepare, Run, Cleanup, Simulate, ResetKernel, kernel attributes.
#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>

#include "runtime/error.hpp"
#include "runtime/kernel.hpp"
#include "runtime/rules/rule.hpp"

namespace volley::runtime {
namespace {

constexpr std::int64_t max_tics = std::int64_t{1} << 60;

/// Virtual memory of this process in kB.
std::int64_t memory_kB() {
  long pages = 0;
  if (std::FILE* f = std::fopen("/proc/self/statm", "r")) {
    if (std::fscanf(f, "%ld", &pages) != 1) pages = 0;
    std::fclose(f);
  }
  return pages * 4;
}

double seconds_since(std::chrono::steady_clock::time_point began) {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count();
}

}  // namespace

kernel_phase kernel::phase() const { return {network_size() != 0, n_connections_ != 0 || pending_, simulated_, models_changed_}; }

// ---- running

outcome kernel::make_ready(std::function<outcome()> then) {
  return when_built([=, this]() -> outcome {
    if (!dirty_) return then();
    const auto [low, high] = delay_range();
    const run_plan plan{settings_.time, now_, low, high, static_cast<std::uint32_t>(settings_.rng_seed)};
    const bool overwrite = settings_.overwrite_files;
    auto* files = options_.files;
    std::vector<std::pair<std::uint32_t, std::vector<std::string>>> paths;
    for (const auto& d : devices_)
      if (is_recorder(d.params) && recording_of(d.params).record_to == "ascii") paths.emplace_back(d.position, file_names(d));
    return on_shards(
        [=](shard& s) -> std::any {
          for (const auto& [position, names] : paths) s.recorder_at(position).set_path(names[s.place().vp]);
          s.prepare(plan, *files, overwrite);
          return {};
        },
        [=, this](std::vector<std::any>) -> outcome {
          dirty_ = false;
          return then();
        });
  });
}

std::vector<std::string> kernel::file_names(const device_entry& entry) const {
  const auto& r = recording_of(entry.params);
  const auto digits = [](std::uint64_t n) { return static_cast<int>(std::to_string(n).size()); };
  const auto padded = [](std::uint64_t n, int width) {
    auto text = std::to_string(n);
    return std::string(static_cast<std::size_t>(std::max(0, width - static_cast<int>(text.size()))), '0') + text;
  };
  std::vector<std::string> names;
  for (std::uint32_t vp = 0; vp < n_vps(); ++vp) {
    std::string path = settings_.data_path.empty() ? "" : settings_.data_path + "/";
    path.append(settings_.data_prefix).append(r.label.empty() ? models_.node(entry.model).name : r.label);
    path.append(1, '-').append(padded(entry.id, digits(network_size()))).append(1, '-').append(padded(vp, digits(n_vps()))).append(1, '.').append(r.file_extension);
    names.push_back(std::move(path));
  }
  return names;
}

outcome kernel::begin(const api::prepare&) {
  require_alive();
  if (prepared_) throw api_error(error_kind::KernelException, "Prepare: called twice without Cleanup");
  return make_ready([this]() -> outcome {
    prepared_ = true;
    return done();
  });
}

outcome kernel::begin(const api::cleanup&) {
  if (!prepared_) throw api_error(error_kind::KernelException, "Cleanup: called without Prepare");
  return on_shards([](shard& s) -> std::any { s.close_recorders(); return {}; },
                   [this](std::vector<std::any>) -> outcome {
                     prepared_ = false;
                     dirty_ = true;  // files are opened anew
                     return done();
                   });
}

outcome kernel::run_for(double ms, const char* what, std::function<outcome()> then) {
  if (ms < 0) throw api_error(error_kind::BadParameter, std::string(what) + ": t = " + to_text(value(ms)) + " ms must be >= 0");
  if (!std::isfinite(ms)) throw api_error(error_kind::BadParameter, std::string(what) + ": t must be finite");
  if (ms * static_cast<double>(settings_.time.tics_per_ms()) > static_cast<double>(max_tics) ||
      settings_.time.tics(ms) > max_tics - now_ * settings_.time.tics_per_step())
    throw api_error(error_kind::KernelException, std::string(what) + ": t = " + to_text(value(ms)) + " ms goes beyond the largest time, T_max");
  if (!settings_.time.on_grid(ms))
    throw api_error(error_kind::BadParameter, std::string(what) + ": t = " + to_text(value(ms)) + " ms must be a multiple of the resolution, " + to_text(value(settings_.time.resolution_ms())) + " ms");
  if (!prepared_) throw api_error(error_kind::KernelException, std::string(what) + ": call Prepare first");
  const step_t steps = settings_.time.nearest_steps(ms);
  if (steps == 0) return then();
  return make_ready([=, this]() -> outcome {
    auto step = std::make_unique<run_step>();
    step->steps = steps;
    const auto began = std::chrono::steady_clock::now();
    spikes_before_run_ = spikes_total_;
    simulated_ = true;
    step->then = [=, this](stop_reason why, step_t now, std::exception_ptr reason) -> outcome {
      now_ = now;
      simulate_s_ += seconds_since(began);
      if (why == stop_reason::failed) {
        inconsistent_ = true;
        return failure(reason);
      }
      return on_shards([](shard& s) -> std::any { s.flush_recorders(); return s.spikes_emitted(); },
                       [=, this](std::vector<std::any> counts) -> outcome {
                         spikes_total_ = 0;
                         for (const auto& n : counts) spikes_total_ += std::any_cast<std::uint64_t>(n);
                         spikes_last_run_ = spikes_total_ - spikes_before_run_;
                         return then();
                       });
    };
    return step;
  });
}

outcome kernel::begin(const api::run& c) {
  require_alive();
  return run_for(c.time_ms, "Run", [this]() -> outcome { return done(); });
}

outcome kernel::begin(const api::simulate& c) {
  require_alive();
  const double ms = c.time_ms;
  if (ms < 0 || !std::isfinite(ms) || !settings_.time.on_grid(ms)) {
    const bool was = prepared_;
    prepared_ = true;
    struct restore { bool& flag; bool value; ~restore() { flag = value; } } keep{prepared_, was};
    return run_for(ms, "Simulate", [this]() -> outcome { return done(); });
  }
  return and_then(begin(api::prepare{}), [=, this](api::answer prepared) -> outcome {
    if (std::holds_alternative<api::failed_call>(prepared.outcome)) return prepared;
    outcome ran = done();
    try {
      ran = run_for(ms, "Simulate", [this]() -> outcome { return done(); });
    } catch (...) {
      ran = failure(std::current_exception());
    }
    return and_then(std::move(ran), [this](api::answer result) -> outcome {
      return and_then(begin(api::cleanup{}), [result](api::answer closed) -> outcome {
        return std::holds_alternative<api::failed_call>(result.outcome) ? result : closed;
      });
    });
  });
}

outcome kernel::begin(const api::reset_kernel&) {
  settings_ = settings_.after_reset(options_.default_vps);
  models_ = model_registry(catalog_);
  blocks_.clear();
  devices_.clear();
  sampled_.clear();
  n_stimulators_ = n_recorders_ = 0;
  ++generation_;
  ++shard_epoch_;
  calls_ = 0;
  models_changed_ = prepared_ = simulated_ = inconsistent_ = pending_ = false;
  dirty_ = true;
  now_ = 0;
  extrema_ = {};
  n_connections_ = spikes_last_run_ = spikes_before_run_ = spikes_total_ = 0;
  create_s_ = connect_s_ = simulate_s_ = 0;
  return done();
}

// ---- status

dictionary kernel::full_status() const {
  auto d = values_of(settings_);
  const auto [low, high] = delay_range();
  const double tics = static_cast<double>(settings_.time.tics_per_ms());
  d["min_delay"] = settings_.time.to_ms(low);
  d["max_delay"] = settings_.time.to_ms(high);
  d["biological_time"] = settings_.time.to_ms(now_);
  d["to_do"] = 0;
  d["T_max"] = static_cast<double>(max_tics) / tics;
  d["T_min"] = -static_cast<double>(max_tics) / tics;
  d["num_processes"] = 1;
  d["mpi_rank"] = 0;
  d["off_grid_spiking"] = false;
  d["send_buffer_size_secondary_events"] = 0;
  d["recv_buffer_size_secondary_events"] = 0;
  d["growth_factor_buffer_spike_data"] = 1.5;
  const std::vector<std::int64_t> none;
  d["spike_buffer_resize_log"] = dictionary{{"times", none}, {"global_max_spikes_sent", none}, {"new_buffer_size", none}};
  d["max_num_syn_models"] = static_cast<std::int64_t>(model_registry::max_synapse_models);
  d["structural_plasticity_synapses"] = dictionary();
  d["growth_curves"] = std::vector<std::string>{"gaussian", "linear", "sigmoid"};
  d["network_size"] = static_cast<std::int64_t>(network_size());
  d["num_connections"] = static_cast<std::int64_t>(n_connections_);
  d["connection_rules"] = connection_rules();
  d["node_models"] = models_.node_names();
  d["synapse_models"] = models_.synapse_names();
  d["local_spike_counter"] = static_cast<std::int64_t>(spikes_last_run_);
  d["recording_backends"] = std::vector<std::string>{"ascii", "memory", "screen"};
  d["stimulation_backends"] = std::vector<std::string>();
  d["min_update_time"] = kernel_settings::infinity;
  d["max_update_time"] = -kernel_settings::infinity;
  d["memory_size"] = memory_kB();
  d["prepared"] = prepared_;
  d["modules"] = std::vector<std::string>();
  d["time_construction_create"] = create_s_;
  d["time_construction_connect"] = connect_s_;
  d["time_simulate"] = simulate_s_;
  d["time_communicate_prepare"] = std::vector<double>{0.0};
  return d;
}

outcome kernel::begin(const api::get_kernel_status& c) {
  const auto keys = c.keys;
  const auto status = [=, this]() -> outcome {
    auto all = full_status();
    if (keys.empty()) return done(value(std::move(all)));
    dictionary wanted;
    for (const auto& key : keys) {
      const auto* v = all.find(key);
      if (v == nullptr) throw api_error(error_kind::KeyErrorBuiltin, "GetKernelStatus: '" + key + "' is no kernel attribute");
      wanted[key] = *v;
    }
    return done(value(std::move(wanted)));
  };
  const bool needs_rows = keys.empty() || std::any_of(keys.begin(), keys.end(), [](const auto& key) {
    return key == "num_connections" || key == "min_delay" || key == "max_delay";
  });
  return needs_rows && !inconsistent_ ? when_built(status) : status();
}

outcome kernel::begin(const api::set_kernel_status& c) {
  std::vector<std::string> log;
  dictionary changes;
  for (const auto& [key, v] : c.values) {
    if (key != "biological_time") {
      changes[key] = v;
      continue;
    }
    const auto* x = v.get_if<double>();
    const auto* n = v.get_if<std::int64_t>();
    if (x == nullptr && n == nullptr) throw api_error(error_kind::TypeMismatch, "SetKernelStatus: biological_time = " + to_text(v) + " must be a number");
    if ((x != nullptr ? *x : static_cast<double>(*n)) != 0)
      throw api_error(error_kind::BadProperty, "SetKernelStatus: biological_time = " + to_text(v) + " ms can only be set to 0");
    if (now_ != 0)
      throw api_error(error_kind::NotImplemented, "SetKernelStatus: biological_time cannot be set back after simulating; call ResetKernel");
  }
  const auto next = updated(settings_, changes, phase(), log);
  const bool fresh_shards = next.total_num_virtual_procs != settings_.total_num_virtual_procs || !(next.time == settings_.time);
  if (changes.contains("rng_seed") || changes.contains("rng_type")) calls_ = 0;
  if (!(next == settings_)) dirty_ = true;
  settings_ = next;
  if (fresh_shards) ++shard_epoch_;
  auto a = done();
  for (auto& line : log) a.log.push_back({30, std::move(line)});
  return a;
}

}  // namespace volley::runtime
