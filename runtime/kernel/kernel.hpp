// One network with its clock, as the supervisor holds it: names and ids, models, settings, and the validation of every
// call. What only the shards know (values, connections, events) it asks of them: a call becomes a chain of steps that run
// on every shard at once. Whoever drives the kernel carries the steps; a loop over shards in one thread will do.
#pragma once
#include <any>
#include <cstdint>
#include <exception>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <variant>
#include <vector>

#include "runtime/exchange/exchange.hpp"
#include "runtime/footprint/footprint.hpp"
#include "runtime/footprint/memory_limit.hpp"
#include "runtime/kernel/kernel_settings.hpp"
#include "runtime/kernel/model_registry.hpp"
#include "runtime/kernel/request.hpp"
#include "runtime/kernel/synapse_values.hpp"
#include "runtime/shard/connection_query.hpp"
#include "runtime/shard/shard.hpp"

namespace volley::runtime {

struct shard_step;
struct run_step;

/// A call is answered, or goes on with a step.
using outcome = std::variant<api::answer, std::unique_ptr<shard_step>, std::unique_ptr<run_step>>;

/// Something to do on every shard at once, and how the call goes on.
struct shard_step {
  std::function<std::any(shard&)> each;                          ///< may throw; shared by all shards, so it must not change
  std::function<outcome(std::vector<std::any>)> then;            ///< what `each` returned, by VP
  std::function<outcome(std::exception_ptr)> failed;             ///< some `each` threw: the first by VP. Null: the call fails
};

/// The outcome of `first` with `then` applied to its answer, however many steps it takes.
outcome and_then(outcome first, std::function<outcome(api::answer)> then);

/// A stretch of simulation.
struct run_step {
  step_t steps = 0;
  std::function<outcome(stop_reason, step_t now, std::exception_ptr)> then;
};

struct kernel_options {
  std::int64_t default_vps = 1;
  record_files* files = nullptr;   ///< REQUIRES: outlives the kernel
  std::string data_path, data_prefix;
  std::uint64_t memory_limit = no_memory_limit;  ///< bytes that the network may take, see runtime/footprint/memory_limit.hpp
  bool dry_run = false;            ///< calls are checked and counted; no neuron or connection is made and no step computed
};

class kernel {
 public:
  /// T_max: the steps that end before 2^60 tics.
  step_t max_steps() const { return (std::int64_t{1} << 60) / settings_.time.tics_per_step() - 1; }

  explicit kernel(kernel_options options, const model_catalog& catalog = built_in_models());
  ~kernel();

  /// Begins a call. A call that fails (now or in a step) is an answer with failed_call, and has changed nothing.
  outcome call(const api::request& r);

  std::uint32_t n_vps() const { return static_cast<std::uint32_t>(settings_.total_num_virtual_procs); }
  /// Counts the times that all shards were replaced by empty ones: the driver makes them anew with make_shard().
  std::uint64_t shard_epoch() const { return shard_epoch_; }
  std::unique_ptr<shard> make_shard(std::uint32_t vp) const;
  std::uint64_t generation() const { return generation_; }
  step_t now() const { return now_; }
  step_t interval_steps() const;
  const time_grid& time() const { return settings_.time; }
  /// True once a run has begun: the exchange's interval is fixed.
  bool simulated() const { return simulated_; }

 private:
  enum class source_kind { spikes, generated_spikes, currents, meter };

  struct node_block {
    std::uint64_t first, last;
    std::uint32_t model;        ///< id in the registry
    std::int64_t device = -1;   ///< position of the first in devices_; negative: neurons
    std::set<std::size_t> varied = {};  ///< columns of parameters with a value a node
    std::shared_ptr<const attributes> like = nullptr;  ///< dry run: the values of all its nodes
  };
  /// A Create call, checked as far as nothing need be drawn for it.
  struct new_nodes {
    std::uint32_t model;
    std::uint64_t first, last;
    dictionary values;
    std::set<std::size_t> varied;
    planned_nodes plan;
  };
  struct device_entry {
    std::uint64_t id;
    std::uint32_t model;
    device_params params;
    std::uint32_t position;     ///< among the shards' stimulators or recorders
    bool connected = false, frozen = false;
    bool cleared = false;       ///< only on the way to the shards: n_events was set to 0
  };

  // kernel_nodes.cpp
  outcome begin(const api::create_nodes&);
  outcome begin(const api::describe_nodes&);
  outcome begin(const api::get_node_values&);
  outcome begin(const api::set_node_values&);
  outcome begin(const api::match_nodes&);
  outcome begin(const api::evaluate&);
  // kernel_models.cpp
  outcome begin(const api::get_defaults&);
  outcome begin(const api::set_defaults&);
  outcome begin(const api::copy_model&);
  // kernel_connect.cpp
  outcome begin(const api::connect&);
  outcome begin(const api::connect_arrays&);
  // kernel_connections.cpp
  outcome begin(const api::disconnect&);
  outcome begin(const api::disconnect_connections&);
  outcome begin(const api::get_connections&);
  outcome begin(const api::get_connection_values&);
  outcome begin(const api::set_connection_values&);
  // kernel_status.cpp
  outcome begin(const api::get_kernel_status&);
  outcome begin(const api::set_kernel_status&);
  // kernel_run.cpp
  outcome begin(const api::reset_kernel&);
  outcome begin(const api::prepare&);
  outcome begin(const api::run&);
  outcome begin(const api::cleanup&);
  outcome begin(const api::simulate&);
  outcome begin(const api::cancel&) { return done(); }

  api::answer done(api::result r = {}) const { return {generation_, std::move(r), {}}; }
  api::answer failure(std::exception_ptr reason) const { return {generation_, api::failed_call{std::move(reason)}, {}}; }
  /// A call that adds to the network: its time counts in `seconds`, and a refused one leaves the draws of later calls alone.
  outcome build_by(double& seconds, std::function<outcome()> begin_it);
  /// A step whose continuation may throw.
  outcome on_shards(std::function<std::any(shard&)> each, std::function<outcome(std::vector<std::any>)> then,
                    std::function<outcome(std::exception_ptr)> failed = nullptr);

  // nodes
  const node_block& block_of(std::uint64_t id) const;  ///< throws UnknownNode
  void check_nodes(const node_set& nodes, const char* what) const;
  std::uint64_t network_size() const { return blocks_.empty() ? 0 : blocks_.back().last; }
  device_entry* find_device(std::uint64_t id);
  const device_entry* find_device(std::uint64_t id) const;
  dictionary common_values(std::uint64_t id, const node_block& block) const;
  device_context context(const device_entry* entry) const;
  outcome create_neurons(const new_nodes&);
  outcome create_devices(const new_nodes&);
  dictionary drawn_values(const dictionary& values, const node_set& nodes, std::uint32_t call, const char* what) const;
  void set_device(device_entry& entry, const dictionary& values, std::uint64_t i, std::uint64_t n, const std::string& what) const;
  bool device_emits_currents(const device_entry& entry) const;
  std::vector<std::string> recordables_of(const attributes& a) const;
  std::vector<std::string> file_names(const device_entry& entry) const;
  outcome apply_devices(std::vector<device_entry> changed, std::function<outcome()> then);
  recorder_spec recorder_of(const device_entry& entry) const;
  stimulator stimulator_of(const device_entry& entry) const;

  // models
  dictionary node_defaults(std::uint32_t id) const;
  void change_node_defaults(node_model& m, const dictionary& values, const std::string& what);
  void check_weight_recorder(const synapse_entry& entry, const std::string& what) const;
  outcome store_defaults(std::uint32_t id);

  // connections
  outcome when_built(std::function<outcome()> then);
  source_kind kind_of_sources(const node_set& nodes) const;
  void check_targets(const node_set& nodes, source_kind from, std::int64_t receptor) const;
  bool are_recorders(const node_set& targets) const;
  void check_new_delays(const connection_number& delay_ms) const;
  node_set set_of(std::vector<std::uint64_t> ids) const;
  projection projection_of(const synapse_spec& spec, source_kind from) const;
  outcome link(std::vector<projection> projections, source_kind from);
  outcome connect_recorders(const rule_spec& rule, const std::vector<synapse_spec>& specs, source_kind from);
  void check_connections(const api::connection_columns& c, const char* what) const;
  outcome read(const api::connection_columns& c, const char* what, std::function<outcome(std::vector<connection_values>)> then);
  std::vector<connection_change> changes_of(const api::connection_columns& handles, const dictionary& values,
                                            const std::vector<connection_values>& rows) const;
  outcome apply(std::vector<connection_change> changes);
  void check_sampled(const device_entry& meter, const node_set& nodes) const;
  /// Calls visit(block, some id of it) for each block that has nodes of the set.
  template <class Visit> void for_each_block(const node_set& nodes, Visit&& visit) const {
    for (const auto& r : nodes.ranges)
      for (auto id = r.first; id <= r.last;) {
        const auto& block = block_of(id);
        visit(block, id);
        id = r.step == 1 || block.last >= r.last ? block.last + 1 : id + ((block.last - id) / r.step + 1) * r.step;
      }
  }
  void note_delays(const delay_extrema& d) { extrema_.include(d); }
  std::pair<step_t, step_t> delay_range() const;
  std::uint32_t next_call() { return ++calls_; }

  // memory
  row_plan rows() const;
  /// Refuses a call that would bring the network to `bytes`. Errors: builtins.MemoryError.
  void require_memory(double bytes, const std::string& what) const;
  std::set<std::size_t> varied_by(const models::neuron_model& model, const dictionary& values) const;
  /// Parameters that got a value a node after Create.
  void note_varied(const node_set& nodes, const dictionary& values);
  planned_connections plan_of(const projection& p, source_kind from) const;
  /// The reason, or a MemoryError with the text where memory was refused.
  static std::exception_ptr named(std::exception_ptr reason, const std::string& what);
  dictionary footprint_status() const;

  // kernel_dry_run.cpp
  attributes first_values(const attributes& like, const dictionary& values) const;
  outcome plan_neurons(const new_nodes&);
  outcome plan_links(const std::vector<planned_connections>& plans);
  bool has_devices(const node_set& nodes) const;
  void plan_values(const node_set& nodes, const dictionary& values);
  void put_planned_values(const node_set& nodes, node_columns& to) const;

  // run
  outcome make_ready(std::function<outcome()> then);
  outcome run_for(double ms, const char* what, std::function<outcome()> then);
  dictionary full_status() const;
  kernel_phase phase() const;
  void require_alive() const;

  kernel_options options_;
  const model_catalog& catalog_;
  model_registry models_;
  kernel_settings settings_;
  std::vector<node_block> blocks_;
  std::vector<device_entry> devices_;
  std::uint32_t n_stimulators_ = 0, n_recorders_ = 0;
  std::size_t n_taps_ = 0;
  std::map<std::uint32_t, std::vector<node_set>> sampled_;  ///< nodes of each meter, by its position among the recorders
  std::uint64_t generation_ = 1, shard_epoch_ = 1;
  std::uint32_t calls_ = 0;          ///< ordinal of calls that draw, since the seed was set
  bool models_changed_ = false;

  step_t now_ = 0;
  bool prepared_ = false;            ///< between Prepare and Cleanup
  bool simulated_ = false;
  bool inconsistent_ = false;        ///< a run failed: only ResetKernel helps
  bool dirty_ = true;                ///< structure or values changed since the shards were prepared
  bool pending_ = false;             ///< connections wait to be placed
  footprint network_;                ///< what the calls so far asked for
  delay_extrema extrema_;
  std::uint64_t n_connections_ = 0;
  std::uint64_t spikes_last_run_ = 0, spikes_before_run_ = 0, spikes_total_ = 0;
  // Wall clock since the last reset: of Create calls, of Connect calls with the building they ask for, of runs.
  double create_s_ = 0, connect_s_ = 0, simulate_s_ = 0;
};

}  // namespace volley::runtime
