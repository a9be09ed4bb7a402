// The kernel attributes that users set: types, ranges, and when they may change. Attributes that the kernel derives
// (sizes, delays, names of models) are not here.
#pragma once
#include <cstdint>
#include <limits>
#include <string>
#include <string_view>

#include "runtime/base/time.hpp"
#include "runtime/base/unknown_keys.hpp"
#include "runtime/values/value.hpp"

namespace volley::runtime {

struct kernel_settings {
  static constexpr double infinity = std::numeric_limits<double>::infinity();

  // Reset by ResetKernel
  time_grid time;
  std::uint32_t rng_seed = 143202461;
  std::string rng_type = "mt19937_64";
  std::int64_t total_num_virtual_procs = 1;
  bool overwrite_files = false, dict_miss_is_error = true, print_time = false, use_compressed_spikes = true,
       keep_source_table = true;
  double update_time_limit = infinity;
  bool use_wfr = true;
  double wfr_comm_interval = 1.0, wfr_tol = 1e-4;
  std::int64_t wfr_max_iterations = 15, wfr_interpolation_order = 3;
  double structural_plasticity_update_interval = 10000.0;
  bool structural_plasticity = false;  ///< EnableStructuralPlasticity
  double spike_buffer_grow_extra = 0.5, spike_buffer_shrink_limit = 0.2, spike_buffer_shrink_spare = 0.1;
  // Delay extrema that the user fixed, in steps; 0: they follow the network.
  step_t min_delay_steps = 0, max_delay_steps = 0;

  // Kept by ResetKernel
  std::int64_t num_processes = 1;              ///< ranks; nobody sets it
  bool structural_plasticity_threads = false;  ///< it may be on with several virtual processes
  bool structural_plasticity_rules = false;    ///< synaptic elements may be connected by rules that draw
  double eprop_update_interval = 1000.0, eprop_learning_window = 1000.0;
  bool eprop_reset_neurons_on_update = true;
  bool adaptive_target_buffers = true;
  std::int64_t buffer_size_spike_data = 2, buffer_size_target_data = 2, max_buffer_size_target_data = 16777216;
  double growth_factor_buffer_target_data = 1.5;
  std::string data_path, data_prefix;

  std::int64_t local_num_threads() const { return total_num_virtual_procs / num_processes; }
  /// Values of a fresh kernel, with what ResetKernel keeps.
  kernel_settings after_reset(std::int64_t default_vps) const;
  bool operator==(const kernel_settings&) const = default;
  template <class Snapshot> void snapshot(Snapshot& s) {
    s(time, rng_seed, rng_type, total_num_virtual_procs, overwrite_files, dict_miss_is_error, print_time,
      use_compressed_spikes, keep_source_table, update_time_limit, use_wfr, wfr_comm_interval, wfr_tol,
      wfr_max_iterations, wfr_interpolation_order, structural_plasticity_update_interval, structural_plasticity,
      spike_buffer_grow_extra, spike_buffer_shrink_limit, spike_buffer_shrink_spare, min_delay_steps, max_delay_steps,
      structural_plasticity_threads, structural_plasticity_rules, eprop_update_interval, eprop_learning_window,
      eprop_reset_neurons_on_update, adaptive_target_buffers, buffer_size_spike_data, buffer_size_target_data,
      max_buffer_size_target_data, growth_factor_buffer_target_data, data_path, data_prefix);
  }
};

/// What decides whether an attribute may change now.
struct kernel_phase {
  bool has_nodes = false, has_connections = false, simulated = false, models_changed = false;
};

/// The settings with `changes` applied; nothing happens to `from`. `log` gets refusals that are no errors.
/// Errors: builtins.ValueError for keys that are unknown or read-only, TypeMismatch, KernelException, BadProperty,
/// BadDelay.
kernel_settings updated(const kernel_settings& from, const dictionary& changes, const kernel_phase& phase,
                        unknown_keys& unknown, std::vector<std::string>& log);

/// The settings with another number of virtual processes, whatever there is already. Errors: BadProperty, and those of
/// check_structural_plasticity().
kernel_settings rescaled(kernel_settings from, std::int64_t vps);
/// Errors: KernelException where structural plasticity is on with what it cannot be used with.
void check_structural_plasticity(const kernel_settings&);

/// Every setting as users see it.
dictionary values_of(const kernel_settings&);

}  // namespace volley::runtime
