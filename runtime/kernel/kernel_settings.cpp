#include "runtime/kernel/kernel_settings.hpp"

#include <sys/stat.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <variant>
#include <vector>

#include "runtime/base/error.hpp"
#include "runtime/base/nearest_name.hpp"

namespace volley::runtime {
namespace {

using K = kernel_settings;

constexpr step_t longest_delay = (1 << 21) - 1;
constexpr std::int64_t most_vps = 4096;

[[noreturn]] void fail(error_kind kind, std::string_view key, const value& v, const std::string& rule) {
  throw api_error(kind, "SetKernelStatus: " + std::string(key) + " = " + to_text(v) + " " + rule);
}

double real(std::string_view key, const value& v) {
  if (const auto x = number_of(v)) return *x;
  fail(error_kind::TypeMismatch, key, v, std::string("is ") + type_name(v) + ", must be a number");
}

/// A setting that needs nothing but its own value.
struct plain_setting {
  std::string_view name;
  std::variant<bool K::*, std::int64_t K::*, double K::*, std::string K::*> at;
  error_kind refusal = error_kind::BadProperty;  ///< class of the error outside the range
  bool (*allows)(double) = nullptr;
  const char* range = "";
  bool (*ignores)(const K&, double) = nullptr;  ///< values that change nothing and are no error
};

constexpr auto not_negative = [](double x) { return x >= 0; };
constexpr auto above_zero = [](double x) { return x > 0; };
constexpr auto unit_interval = [](double x) { return x >= 0 && x <= 1; };
constexpr auto two_a_process = [](double x) { return x >= 2; };
// A buffer beyond the largest is not asked for, and sizes below zero count as such.
constexpr auto beyond_target_data = [](const K& k, double x) {
  return x < 0 || x >= static_cast<double>(k.max_buffer_size_target_data);
};
constexpr auto beyond_spike_data = [](const K&, double x) { return x < 0 || x >= 8388608; };

const plain_setting plain_settings[] = {
    {"overwrite_files", &K::overwrite_files},
    {"dict_miss_is_error", &K::dict_miss_is_error},
    {"print_time", &K::print_time},
    {"use_compressed_spikes", &K::use_compressed_spikes},
    {"keep_source_table", &K::keep_source_table},
    {"adaptive_target_buffers", &K::adaptive_target_buffers},
    {"eprop_reset_neurons_on_update", &K::eprop_reset_neurons_on_update},
    {"update_time_limit", &K::update_time_limit, error_kind::KernelException, above_zero, "must be > 0"},
    {"wfr_tol", &K::wfr_tol, error_kind::KernelException, not_negative, "must be >= 0"},
    {"wfr_max_iterations", &K::wfr_max_iterations, error_kind::KernelException, above_zero, "must be > 0"},
    {"wfr_interpolation_order", &K::wfr_interpolation_order, error_kind::KernelException,
     [](double x) { return x == 0 || x == 1 || x == 3; }, "must be 0, 1 or 3"},
    {"spike_buffer_grow_extra", &K::spike_buffer_grow_extra, error_kind::BadProperty, not_negative, "must be >= 0"},
    {"spike_buffer_shrink_limit", &K::spike_buffer_shrink_limit, error_kind::BadProperty, not_negative, "must be >= 0"},
    {"spike_buffer_shrink_spare", &K::spike_buffer_shrink_spare, error_kind::BadProperty, unit_interval,
     "must be in [0, 1]"},
    {"structural_plasticity_update_interval", &K::structural_plasticity_update_interval, error_kind::BadProperty,
     above_zero, "must be > 0"},
    {"structural_plasticity", &K::structural_plasticity},
    {"structural_plasticity_threads", &K::structural_plasticity_threads},
    {"structural_plasticity_rules", &K::structural_plasticity_rules},
    {"eprop_update_interval", &K::eprop_update_interval, error_kind::KernelException, above_zero, "must be > 0"},
    {"eprop_learning_window", &K::eprop_learning_window, error_kind::KernelException, above_zero, "must be > 0"},
    {"buffer_size_spike_data", &K::buffer_size_spike_data, error_kind::BadProperty, two_a_process,
     "must be at least 2, for one process", beyond_spike_data},
    {"buffer_size_target_data", &K::buffer_size_target_data, error_kind::BadProperty, two_a_process,
     "must be at least 2, for one process", beyond_target_data},
    {"max_buffer_size_target_data", &K::max_buffer_size_target_data, error_kind::BadProperty, not_negative,
     "must be >= 0"},
    {"growth_factor_buffer_target_data", &K::growth_factor_buffer_target_data},
};

void assign(K& k, const plain_setting& s, const value& v) {
  const auto check = [&](double x) {
    if (s.allows != nullptr && !s.allows(x)) fail(s.refusal, s.name, v, s.range);
  };
  if (const auto* at = std::get_if<bool K::*>(&s.at)) {
    const auto* x = v.get_if<bool>();
    if (x == nullptr) fail(error_kind::TypeMismatch, s.name, v, "must be a bool");
    k.** at = *x;
  } else if (const auto* at = std::get_if<std::int64_t K::*>(&s.at)) {
    const auto* x = v.get_if<std::int64_t>();
    if (x == nullptr) fail(error_kind::TypeMismatch, s.name, v, "must be an integer");
    if (s.ignores != nullptr && s.ignores(k, static_cast<double>(*x))) return;
    check(static_cast<double>(*x));
    k.** at = *x;
  } else if (const auto* at = std::get_if<double K::*>(&s.at)) {
    const double x = real(s.name, v);
    check(x);
    k.** at = x;
  }
}

void require_early(const kernel_phase& phase, std::string_view key, const value& v) {
  const char* reason = phase.has_nodes        ? "nodes exist"
                       : phase.simulated      ? "the network was simulated"
                       : phase.models_changed ? "defaults of models were changed"
                                              : nullptr;
  if (reason != nullptr)
    fail(error_kind::KernelException, key, v,
         std::string("cannot be set any more: ") + reason + "; call ResetKernel first");
}

// Delay extrema that the user fixed stay on another grid, as wide as it needs: what was allowed stays allowed.
void keep_delays(K& k, const time_grid& before, const value& resolution) {
  const double low = before.to_ms(k.min_delay_steps), high = before.to_ms(k.max_delay_steps);
  k.min_delay_steps = k.time.steps_down(low);
  k.max_delay_steps = k.time.steps_up(high);
  const auto refuse = [&](const char* rule, const char* key, double ms) {
    fail(error_kind::BadDelay, "resolution", resolution,
         std::string("ms ") + rule + key + " = " + to_text(value(ms)) + " ms; set min_delay and max_delay with it");
  };
  if (k.min_delay_steps < 1) refuse("is above ", "min_delay", low);
  if (k.max_delay_steps > longest_delay) refuse("leaves too many steps, more than 2^21 - 1, in ", "max_delay", high);
}

void set_grid(K& k, const dictionary& changes, const kernel_phase& phase) {
  const auto* resolution = changes.find("resolution");
  const auto* tics = changes.find("tics_per_ms");
  if (tics != nullptr && !tics->is<std::int64_t>())
    fail(error_kind::TypeMismatch, "tics_per_ms", *tics, "must be an integer");
  if (tics != nullptr && resolution == nullptr)
    fail(error_kind::KernelException, "tics_per_ms", *tics, "can only be set together with resolution");
  if (resolution == nullptr) return;
  const double ms = real("resolution", *resolution);
  require_early(phase, "resolution", *resolution);
  const auto tics_per_ms = tics != nullptr ? *tics->get_if<std::int64_t>() : k.time.tics_per_ms();
  if (tics_per_ms < 1) fail(error_kind::KernelException, "tics_per_ms", *tics, "must be > 0");
  const double per_step = ms * static_cast<double>(tics_per_ms);
  if (!(per_step >= 1) || !(per_step < 1e15) || std::abs(per_step - std::round(per_step)) > 1e-9 * per_step)
    fail(error_kind::KernelException, "resolution", *resolution,
         "ms must be a whole number of tics and at least one (tics_per_ms = " + std::to_string(tics_per_ms) + ")");
  const time_grid before = k.time;
  k.time = time_grid(tics_per_ms, static_cast<std::int64_t>(std::round(per_step)));
  k.wfr_comm_interval = k.use_wfr ? std::max(k.wfr_comm_interval, k.time.resolution_ms()) : k.time.resolution_ms();
  if (k.min_delay_steps != 0 && !changes.contains("min_delay")) keep_delays(k, before, *resolution);
}

void set_delays(K& k, const dictionary& changes, const kernel_phase& phase) {
  const auto* low = changes.find("min_delay");
  const auto* high = changes.find("max_delay");
  if (low == nullptr && high == nullptr) return;
  const double min_ms = low != nullptr ? real("min_delay", *low) : 0,
               max_ms = high != nullptr ? real("max_delay", *high) : 0;
  if (low == nullptr || high == nullptr)
    throw api_error(error_kind::BadProperty, "SetKernelStatus: Both min_delay and max_delay have to be specified");
  if (phase.has_connections || phase.simulated)
    fail(error_kind::BadProperty, "min_delay", *low,
         std::string("ms cannot be set any more: ") +
             (phase.has_connections ? "connections exist" : "the network was simulated") + "; call ResetKernel first");
  const step_t min_steps = k.time.steps_down(min_ms), max_steps = k.time.steps_up(max_ms);
  if (min_steps < 1)
    fail(error_kind::BadDelay, "min_delay", *low,
         "ms: Delay must be greater than or equal to resolution, " + to_text(value(k.time.resolution_ms())) + " ms");
  if (!(max_ms >= min_ms)) fail(error_kind::BadDelay, "max_delay", *high, "ms must not be below min_delay");
  if (max_steps > longest_delay)
    fail(error_kind::BadDelay, "max_delay", *high, "ms is above the largest delay, 2^21 - 1 steps");
  k.min_delay_steps = min_steps;
  k.max_delay_steps = max_steps;
}

// VPs are counted on a rank, or on all.
void set_vps(K& k, const dictionary& changes, const kernel_phase& phase) {
  const auto read = [&](const char* key, std::int64_t present) {
    const auto* v = changes.find(key);
    const auto* n = v != nullptr ? v->get_if<std::int64_t>() : &present;
    if (n == nullptr) fail(error_kind::TypeMismatch, key, *v, "must be an integer");
    if (*n == present) return present;
    require_early(phase, key, *v);
    if (*n < 1 || *n > most_vps) fail(error_kind::BadProperty, key, *v, "must be in 1..4096");
    return *n;
  };
  const auto ranks = k.num_processes;
  k.total_num_virtual_procs = ranks * read("local_num_threads", k.local_num_threads());
  k.total_num_virtual_procs = read("total_num_virtual_procs", k.total_num_virtual_procs);
  const auto text = std::to_string(ranks);
  if (k.total_num_virtual_procs % ranks != 0)
    fail(error_kind::BadProperty, "total_num_virtual_procs", *changes.find("total_num_virtual_procs"),
         "must be a multiple of " + text + ", the number of ranks");
  if (k.total_num_virtual_procs > most_vps)
    fail(error_kind::BadProperty, "local_num_threads", *changes.find("local_num_threads"),
         "on " + text + " ranks is more than 4096 virtual processes");
}

const std::vector<std::string> rng_types{"Philox_32",   "Philox_64", "Threefry_32",
                                         "Threefry_64", "mt19937",   "mt19937_64"};

void set_random(K& k, const dictionary& changes) {
  if (const auto* v = changes.find("rng_seed")) {
    const auto* seed = v->get_if<std::int64_t>();
    if (seed == nullptr) fail(error_kind::TypeMismatch, "rng_seed", *v, "must be an integer");
    if (*seed < 1 || *seed > 0xffffffffLL) fail(error_kind::BadProperty, "rng_seed", *v, "must be in 1..2^32-1");
    k.rng_seed = static_cast<std::uint32_t>(*seed);
  }
  if (const auto* v = changes.find("rng_type")) {
    const auto* name = v->get_if<std::string>();
    if (name == nullptr) fail(error_kind::TypeMismatch, "rng_type", *v, "must be a string");
    if (std::find(rng_types.begin(), rng_types.end(), *name) == rng_types.end())
      fail(error_kind::BadProperty, "rng_type", *v, "is unknown" + did_you_mean(*name, rng_types));
    k.rng_type = *name;
  }
}

void set_paths(K& k, const dictionary& changes, std::vector<std::string>& log) {
  if (const auto* v = changes.find("data_path")) {
    const auto* path = v->get_if<std::string>();
    if (path == nullptr) fail(error_kind::TypeMismatch, "data_path", *v, "must be a string");
    struct stat about;
    if (path->find('\0') != std::string::npos ||
        (!path->empty() && (::stat(path->c_str(), &about) != 0 || !S_ISDIR(about.st_mode))))
      log.push_back("data_path = " + to_text(*v) + " is no folder; it stays \"" + k.data_path + "\"");
    else
      k.data_path = *path;
  }
  if (const auto* v = changes.find("data_prefix")) {
    const auto* prefix = v->get_if<std::string>();
    if (prefix == nullptr) fail(error_kind::TypeMismatch, "data_prefix", *v, "must be a string");
    if (prefix->find('/') != std::string::npos || prefix->find('\0') != std::string::npos)
      log.push_back("data_prefix must not contain a slash; it stays \"" + k.data_prefix + "\"");
    else
      k.data_prefix = *prefix;
  }
}

void set_waveform(K& k, const dictionary& changes, const kernel_phase& phase) {
  if (const auto* v = changes.find("use_wfr")) {
    const auto* x = v->get_if<bool>();
    if (x == nullptr) fail(error_kind::TypeMismatch, "use_wfr", *v, "must be a bool");
    if (phase.has_nodes) fail(error_kind::KernelException, "use_wfr", *v, "can only be set before nodes exist");
    k.use_wfr = *x;
    if (!*x) k.wfr_comm_interval = k.time.resolution_ms();
  }
  if (const auto* v = changes.find("wfr_comm_interval")) {
    const double ms = real("wfr_comm_interval", *v);
    if (!k.use_wfr) fail(error_kind::KernelException, "wfr_comm_interval", *v, "needs use_wfr");
    if (phase.has_connections)
      fail(error_kind::KernelException, "wfr_comm_interval", *v, "cannot be set once connections exist");
    if (!(ms >= k.time.resolution_ms()))
      fail(error_kind::KernelException, "wfr_comm_interval", *v, "ms must be at least the resolution");
    k.wfr_comm_interval = ms;
  }
}

// Updates come at whole steps.
void check_structural_interval(K& k, const dictionary& changes) {
  constexpr const char* key = "structural_plasticity_update_interval";
  double& ms = k.structural_plasticity_update_interval;
  const bool fits = ms >= k.time.resolution_ms() && k.time.on_grid(ms);
  if (const auto* v = changes.find(key); v != nullptr && !fits)
    fail(error_kind::BadProperty, key, *v,
         "ms must be a multiple of the resolution, " + to_text(value(k.time.resolution_ms())) + " ms");
  if (!fits) ms = k.time.to_ms(k.time.steps_up(ms));
}

const std::vector<std::string> special_keys{"resolution",      "tics_per_ms",       "min_delay",
                                            "max_delay",       "local_num_threads", "total_num_virtual_procs",
                                            "rng_seed",        "rng_type",          "data_path",
                                            "data_prefix",     "use_wfr",           "wfr_comm_interval",
                                            "biological_time", "verbosity",         "structural_plasticity_synapses"};

}  // namespace

// As the contract has it; results of this kernel do not depend on the number of virtual processes.
void check_structural_plasticity(const K& k) {
  if (!k.structural_plasticity) return;
  const auto refuse = [](const std::string& why) {
    throw api_error(error_kind::KernelException, "structural plasticity cannot be used with " + why);
  };
  if (k.local_num_threads() > 1 && !k.structural_plasticity_threads)
    refuse("several threads (local_num_threads = " + std::to_string(k.local_num_threads()) +
           "); volley.allow(structural_plasticity_threads=True) permits it");
  if (!k.keep_source_table) refuse("keep_source_table = False");
  if (!k.use_compressed_spikes) refuse("use_compressed_spikes = False");
}

kernel_settings rescaled(kernel_settings k, std::int64_t vps) {
  const auto refuse = [&](const std::string& rule) {
    throw api_error(error_kind::BadProperty, "rescale: n = " + std::to_string(vps) + " must be " + rule);
  };
  if (vps < 1 || vps > most_vps) refuse("in 1..4096");
  if (vps % k.num_processes != 0) refuse("a multiple of " + std::to_string(k.num_processes) + ", the number of ranks");
  k.total_num_virtual_procs = vps;
  check_structural_plasticity(k);
  return k;
}

kernel_settings kernel_settings::after_reset(std::int64_t default_vps) const {
  kernel_settings fresh;
  fresh.total_num_virtual_procs = default_vps;
  fresh.num_processes = num_processes;
  fresh.structural_plasticity_threads = structural_plasticity_threads;
  fresh.structural_plasticity_rules = structural_plasticity_rules;
  fresh.eprop_update_interval = eprop_update_interval;
  fresh.eprop_learning_window = eprop_learning_window;
  fresh.eprop_reset_neurons_on_update = eprop_reset_neurons_on_update;
  fresh.adaptive_target_buffers = adaptive_target_buffers;
  fresh.buffer_size_spike_data = buffer_size_spike_data;
  fresh.buffer_size_target_data = buffer_size_target_data;
  fresh.max_buffer_size_target_data = max_buffer_size_target_data;
  fresh.growth_factor_buffer_target_data = growth_factor_buffer_target_data;
  fresh.data_path = data_path;
  fresh.data_prefix = data_prefix;
  return fresh;
}

kernel_settings updated(const kernel_settings& from, const dictionary& changes, const kernel_phase& phase,
                        unknown_keys& unknown, std::vector<std::string>& log) {
  K k = from;
  for (const auto& [key, v] : changes) {
    const auto* setting = std::find_if(std::begin(plain_settings), std::end(plain_settings),
                                       [&](const auto& s) { return s.name == key; });
    if (setting != std::end(plain_settings)) {
      assign(k, *setting, v);
    } else if (std::find(special_keys.begin(), special_keys.end(), key) == special_keys.end()) {
      auto names = special_keys;
      for (const auto& s : plain_settings) names.emplace_back(s.name);
      unknown.add("kernel", key,
                  "SetKernelStatus: '" + key + "' is no kernel attribute that can be set" + did_you_mean(key, names),
                  error_kind::ValueError);
    }
  }
  // An interval alone may be set below the window that there is, which scripts set next, or never.
  if (changes.contains("eprop_learning_window") && k.eprop_learning_window > k.eprop_update_interval)
    throw api_error(error_kind::KernelException,
                    "SetKernelStatus: eprop_learning_window must not be above eprop_update_interval");
  set_grid(k, changes, phase);
  set_vps(k, changes, phase);
  set_delays(k, changes, phase);
  set_random(k, changes);
  set_paths(k, changes, log);
  set_waveform(k, changes, phase);
  check_structural_interval(k, changes);
  check_structural_plasticity(k);
  return k;
}

dictionary values_of(const kernel_settings& k) {
  dictionary values;
  for (const auto& s : plain_settings) std::visit([&](auto at) { values[s.name] = value(k.*at); }, s.at);
  values["resolution"] = k.time.resolution_ms();
  values["tics_per_ms"] = static_cast<double>(k.time.tics_per_ms());
  values["ms_per_tic"] = 1.0 / static_cast<double>(k.time.tics_per_ms());
  values["tics_per_step"] = k.time.tics_per_step();
  values["rng_seed"] = std::int64_t{k.rng_seed};
  values["rng_type"] = k.rng_type;
  values["rng_types"] = rng_types;
  values["total_num_virtual_procs"] = k.total_num_virtual_procs;
  values["local_num_threads"] = k.local_num_threads();
  values["data_path"] = k.data_path;
  values["data_prefix"] = k.data_prefix;
  values["use_wfr"] = k.use_wfr;
  values["wfr_comm_interval"] = k.wfr_comm_interval;
  return values;
}

}  // namespace volley::runtime
