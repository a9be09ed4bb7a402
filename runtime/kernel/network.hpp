// One network with its clock: what calls build, change and read. Calls are free functions, an area a file (calls.hpp).
#pragma once
#include <algorithm>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "runtime/base/layout.hpp"
#include "runtime/base/ordinals.hpp"
#include "runtime/connections/delay_extrema.hpp"
#include "runtime/devices/record_file.hpp"
#include "runtime/devices/sonata_report.hpp"
#include "runtime/exchange/update_times.hpp"
#include "runtime/footprint/footprint.hpp"
#include "runtime/footprint/memory_limit.hpp"
#include "runtime/footprint/memory_share.hpp"
#include "runtime/kernel/creation_order.hpp"
#include "runtime/kernel/kernel_settings.hpp"
#include "runtime/kernel/model_registry.hpp"
#include "runtime/kernel/node_table.hpp"
#include "runtime/kernel/structural_synapses.hpp"
#include "runtime/rules/listed_pairs.hpp"
#include "runtime/values/id_intervals.hpp"
#include "runtime/values/value.hpp"

namespace volley::runtime {

/// Where modules of models are (runtime/kernel/modules.hpp).
class module_files {
 public:
  struct file {
    std::string path;                            ///< to load it from
    std::string digest = {};                     ///< SHA-256 of what is there; empty: nobody asks for it
    std::shared_ptr<const void> kept = nullptr;  ///< the path is good as long as this is kept; null: for ever
  };
  virtual ~module_files() = default;
  /// Errors: DynamicModuleManagementError.
  virtual file find(const std::string& name) const = 0;
};

class network_files;  // runtime/kernel/network_files.hpp

struct kernel_options {
  std::int64_t default_vps = 1;
  record_files* files = nullptr;  ///< REQUIRES: outlives the kernel
  std::string data_path, data_prefix;
  std::uint64_t memory_limit =
      no_memory_limit;  ///< bytes that the network may take, see runtime/footprint/memory_limit.hpp
  std::shared_ptr<memory_share> memory = nullptr;  ///< of what several kernels may take together; null: it is alone
  bool dry_run = false;  ///< calls are checked and counted; no neuron or connection is made and no step computed
  std::uint64_t first_generation = 1;     ///< what counts the resets begins here
  rank_place rank = {};                   ///< several: each has a kernel, and the VPs that it holds
  const module_files* modules = nullptr;  ///< REQUIRES: outlives the kernel; null: none may be loaded
  network_files* networks = nullptr;      ///< REQUIRES: outlives the kernel; null: none are saved
  bool replays = false;                   ///< calls are made again: files that they made are made anew
};

struct device_entry {
  std::uint64_t id = 0;
  std::uint32_t model = 0;
  device_params params;
  std::uint32_t position = 0;  ///< among the shards' stimulators or recorders, whichever it is
  stimulator_ordinal as_stimulator() const { return stimulator_ordinal(position); }
  recorder_ordinal as_recorder() const { return recorder_ordinal(position); }
  bool connected = false, frozen = false;
  bool cleared = false;                   ///< only on the way to the shards: n_events was set to 0
  std::uint64_t nodes_when_enrolled = 0;  ///< of the network when the device was told to write files; 0: it was not
  double n_trains = 0;                    ///< connections that it keeps a train for, as they are expected
  std::uint64_t n_reported = 0;           ///< events that are in a report and nowhere else
  template <class Snapshot> void snapshot(Snapshot& s) {
    s(id, model, params, position, connected, frozen, nodes_when_enrolled, n_trains, n_reported);
  }
};

/// A recorder's reports, which have the events of all VPs. A run writes to one of them, on the first rank.
struct report_files {
  std::map<std::string, sonata_report> by_path;
  std::string path;
  bool is_open = false;               ///< between Prepare and Cleanup, on all ranks
  std::unique_ptr<record_file> file;  ///< of the first rank
  template <class Snapshot> void snapshot(Snapshot& s) { s(by_path, path, is_open); }
};

struct device_table {
  std::vector<device_entry> entries;  ///< by id
  std::uint32_t stimulators = 0, recorders = 0;
  std::map<recorder_ordinal, id_intervals> sampled;  ///< nodes of each meter
  std::map<recorder_ordinal, report_files> reports;  ///< of the runs so far
};

/// What may come next.
enum class run_state : std::uint8_t {
  at_rest,   ///< Prepare, Simulate
  prepared,  ///< Run, Cleanup
  failed,    ///< a run failed: all else, so that it can be looked at, until ResetKernel
  lost       ///< a shard is lost, or could not do what was decided: only ResetKernel
};

/// What the shards have to do before a run.
enum class shard_work : std::uint8_t { none, prepare, build_and_prepare };

struct network {
  /// REQUIRES: the catalog outlives the network.
  network(kernel_options started_with, const model_catalog& of_build);

  std::uint32_t n_vps() const { return static_cast<std::uint32_t>(settings.total_num_virtual_procs); }
  /// Those of this rank.
  std::uint32_t n_vps_here() const { return n_vps() / options.rank.count; }
  /// True for a node that lives on this rank.
  bool holds(std::uint64_t id) const { return options.rank.holds_vp(id % n_vps()); }

  kernel_options options;
  const model_catalog* build_catalog;  ///< without modules
  std::shared_ptr<const model_catalog> catalog;
  std::vector<std::string> modules;  ///< loaded ones
  kernel_settings settings;
  model_registry models;
  node_table nodes;
  device_table devices;
  std::vector<structural_synapse> structural;
  footprint size;  ///< what the calls so far asked for
  delay_extrema extrema;
  std::map<store_ordinal, creation_order> creation;
  std::uint32_t connect_calls = 0;  ///< since the last reset
  std::uint64_t n_connections = 0;
  std::uint64_t n_connections_here = 0;  ///< on this rank
  std::uint64_t generation = 1, shard_epoch = 1;
  std::uint32_t calls = 0;  ///< ordinal of calls that draw, since the seed was set
  bool models_changed = false;

  step_t now = 0;         ///< while a run rests, where it is
  step_t steps_left = 0;  ///< of a run that rests
  step_t clocked = 0;     ///< the end of the last run: up to there devices have their values that go with the clock
  run_state state = run_state::at_rest;
  bool has_run = false;
  std::uint64_t nodes_prepared = 0;  ///< how many nodes there were when a run was prepared
  shard_work due = shard_work::prepare;
  /// The shards of this rank have built what is due, for a call of its own.
  bool built_here = false;
  /// Structure or values have changed.
  void require(shard_work work) {
    due = std::max(due, work);
    if (work == shard_work::build_and_prepare) built_here = false;
  }
  bool alone = false;                           ///< the call at hand is of this rank alone: others know nothing of it
  std::optional<listed_pairs> listed_on_ranks;  ///< the pairs of the call at hand, where each rank gives its own
  std::uint64_t spikes_last_run = 0, spikes_before_run = 0, spikes_total = 0;  ///< on this rank
  bool preparation_failed = false;  ///< Cleanup is allowed though nothing is prepared
  update_times times;               ///< of updates since the last reset
  // Wall clock since the last reset: of Create calls, of Connect calls with the building they ask for, of runs.
  double create_s = 0, connect_s = 0, simulate_s = 0;

  // What the driver tells.
  std::string lost_because;  ///< of a lost network
  value workers, cluster;    ///< the processes that hold the shards, and what became of them; none: there is one
};

}  // namespace volley::runtime
