// What shards are told, and what they answer, as data. An order is the same for all shards of a kernel; each does its
// part.
//
// There are three classes. A *change* may be refused: it is tried on all shards first, then kept or dropped on all.
// *Work* can be done again without harm. A *question* changes nothing. shard/obey.hpp says how each is done.
#pragma once
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "runtime/base/ordinals.hpp"
#include "runtime/base/time.hpp"
#include "runtime/connections/connection_trial.hpp"
#include "runtime/connections/delay_extrema.hpp"
#include "runtime/connections/row_editor.hpp"
#include "runtime/devices/event_log.hpp"
#include "runtime/devices/recorder.hpp"
#include "runtime/devices/stimulator.hpp"
#include "runtime/growth/element_counts.hpp"
#include "runtime/nodes/attributes.hpp"
#include "runtime/rules/projection.hpp"
#include "runtime/shard/found_connections.hpp"
#include "runtime/shard/run_plan.hpp"
#include "runtime/shard/saved_parts.hpp"
#include "runtime/shard/shard_measures.hpp"
#include "runtime/shard/tap.hpp"
#include "runtime/space/layer.hpp"
#include "runtime/values/connection_columns.hpp"
#include "runtime/values/node_columns.hpp"

namespace volley::runtime {

// ---- what shards answer

namespace replies {

/// What a shard counts.
struct tally {
  std::uint64_t connections = 0, spikes = 0;
  delay_extrema delays;
  bool is_full = false;  ///< after a run: recorders keep more than there is room for
  template <class Snapshot> void snapshot(Snapshot& s) { s(connections, spikes, delays, is_full); }
};
/// The events of some recorders, in the order of the question. Logs and results of a shard in this process are read
/// where they are: they hold until the next order.
struct events {
  struct share {
    std::shared_ptr<const event_log> log;
    std::uint64_t recorded = 0;
    std::shared_ptr<const detector> results = nullptr;  ///< of a detector that lives here
    template <class Snapshot> void snapshot(Snapshot& s) { s(log, recorded, results); }
  };
  std::vector<share> shares;
  template <class Snapshot> void snapshot(Snapshot& s) { s(shares); }
};
struct measures {
  shard_times times;
  shard_bytes bytes;
  template <class Snapshot> void snapshot(Snapshot& s) { s(times, bytes); }
};

}  // namespace replies

struct reply : std::variant<std::monostate, replies::tally, std::vector<found_connection>, connection_values,
                            std::vector<column_part>, replies::events, replies::measures, std::vector<element_counts>,
                            saved_bytes> {
  using variant::variant;
  reply();
  reply(const reply&);
  reply(reply&&) noexcept;
  reply& operator=(const reply&);
  reply& operator=(reply&&) noexcept;
  ~reply();
  void snapshot(snapshot_writer&) const;
  void snapshot(snapshot_reader&);
};

/// Each says in `answer` what comes back from a shard that obeys.
namespace orders {

// ---- changes

/// The nodes of one Create call of a neuron model.
struct add_nodes {
  using answer = std::monostate;
  std::uint64_t first = 0, last = 0;
  std::uint32_t model = 0;              ///< position in the catalog
  std::vector<column_image> prototype;  ///< the values of the model's defaults
  dictionary values;                    ///< scalars, lists with one entry a node, Parameters
  value_reading how;
  double now_ms = 0;
  layer_ref where = nullptr;  ///< null: without positions
  template <class Snapshot> void snapshot(Snapshot& s) { s(first, last, model, prototype, values, how, now_ms, where); }
};

struct add_devices {
  using answer = std::monostate;
  std::vector<stimulator> stimulators;
  bool injectors = false;  ///< their spikes travel with those of neurons
  std::vector<recorder_spec> recorders;
  template <class Snapshot> void snapshot(Snapshot& s) { s(stimulators, injectors, recorders); }
};

/// New values of nodes: neurons by value, devices as they are to be.
struct set_nodes {
  using answer = std::monostate;
  struct recorder_setting {
    recorder_ordinal position;
    recorder_spec spec;
    bool clears = false;  ///< forgets its events
    template <class Snapshot> void snapshot(Snapshot& s) { s(position, spec, clears); }
  };
  node_set nodes;
  dictionary values;  ///< scalars, lists with one entry a node of `nodes`, Parameters
  value_reading how;
  double now_ms = 0;
  std::vector<std::pair<stimulator_ordinal, stimulator>> stimulators;
  std::vector<recorder_setting> recorders;
  step_t now = 0;
  template <class Snapshot> void snapshot(Snapshot& s) { s(nodes, values, how, now_ms, stimulators, recorders, now); }
};

/// The connections of one Connect call.
struct connect {
  using answer = std::monostate;
  std::vector<projection> projections;
  std::vector<connection_trial> trials;  ///< of the projections
  std::vector<tap> taps;
  step_t now = 0;
  std::vector<element_use> uses = {};  ///< synaptic elements that the connections occupy
  template <class Snapshot> void snapshot(Snapshot& s) {
    s(projections, trials, taps, now, uses);
    if constexpr (Snapshot::loads)
      if (trials.size() != projections.size()) s.refuse();
  }
};

struct edit_connections {
  using answer = replies::tally;
  std::string what;  ///< begins messages: "set"
  connection_columns list;
  connection_edit edit;
  std::map<store_ordinal, std::string> names;  ///< of the synapse models in the list
  step_t now = 0;
  std::vector<element_use> uses = {};  ///< what removed connections leave
  template <class Snapshot> void snapshot(Snapshot& s) { s(what, list, edit, names, now, uses); }
};

struct remove_pairs {
  using answer = replies::tally;
  pair_removal pairs;
  step_t now = 0;
  std::vector<element_use> uses = {};  ///< what the connections leave
  template <class Snapshot> void snapshot(Snapshot& s) { s(pairs, now, uses); }
};

/// The common properties of a synapse model; a model that is new gets a store.
struct set_store {
  using answer = std::monostate;
  store_ordinal store;
  std::optional<std::uint32_t> made_from;  ///< position in the catalog of what a new model, the next, is made from
  std::vector<double> defaults;
  std::optional<double> weight;                          ///< of all connections
  recorder_ordinal recorder = recorder_ordinal::none();  ///< the weight_recorder
  step_t now = 0;
  template <class Snapshot> void snapshot(Snapshot& s) { s(store, made_from, defaults, weight, recorder, now); }
};

/// The end of a structural update: vacant elements go by their share.
struct decay_vacant {
  using answer = std::monostate;
  template <class Snapshot> void snapshot(Snapshot&) {}
};

/// The network that came beside the one there is takes its place.
struct become_loaded {
  using answer = replies::tally;
  template <class Snapshot> void snapshot(Snapshot&) {}
};

// ---- work

struct build {
  using answer = replies::tally;
  time_grid time;
  template <class Snapshot> void snapshot(Snapshot& s) { s(time); }
};

struct prepare {
  using answer = std::monostate;
  run_plan plan;
  bool overwrite_files = false;
  std::vector<std::pair<recorder_ordinal, std::vector<std::string>>> files;  ///< one a VP
  std::uint64_t room_for_records = any_room;                                 ///< bytes on each VP
  template <class Snapshot> void snapshot(Snapshot& s) { s(plan, overwrite_files, files, room_for_records); }
};

/// Hands on what was recorded.
struct end_run {
  using answer = replies::tally;
  bool close_files = false;
  std::optional<step_t> grow_to = {};  ///< synaptic elements grow until this step
  template <class Snapshot> void snapshot(Snapshot& s) { s(close_files, grow_to); }
};

/// Synaptic elements grow until `now`; tells what nodes have of some.
struct grow_elements {
  using answer = std::vector<element_counts>;
  step_t now = 0;
  std::vector<std::string> names;
  template <class Snapshot> void snapshot(Snapshot& s) { s(now, names); }
};

/// A saved network is to come beside the one that there is, which changes nothing of that.
struct begin_load {
  using answer = std::monostate;
  std::uint32_t saved_vps = 0;
  step_t now = 0;
  std::vector<saved_block> blocks;
  std::vector<std::byte> common;  ///< that part
  bool goes_on = false;           ///< on the same layout, with its files
  template <class Snapshot> void snapshot(Snapshot& s) { s(saved_vps, now, blocks, common, goes_on); }
};
/// A part of it, by saved VP.
struct load_part {
  using answer = std::monostate;
  saved_part what;
  std::vector<std::vector<std::byte>> by_vp;
  template <class Snapshot> void snapshot(Snapshot& s) { s(what, by_vp); }
};
/// What has come is forgotten.
struct forget_loaded {
  using answer = std::monostate;
  template <class Snapshot> void snapshot(Snapshot&) {}
};

// ---- questions

/// A part of the network as it is saved.
struct save_part {
  using answer = saved_bytes;
  saved_part what;
  step_t now = 0;
  template <class Snapshot> void snapshot(Snapshot& s) { s(what, now); }
};
struct size_of_store {
  using answer = replies::tally;
  store_ordinal store;
  template <class Snapshot> void snapshot(Snapshot& s) { s(store); }
};
struct find_connections {
  using answer = std::vector<found_connection>;
  connection_filter filter;
  template <class Snapshot> void snapshot(Snapshot& s) { s(filter); }
};
struct read_connections {
  using answer = connection_values;
  connection_columns list;
  bool with_parameters = false;
  template <class Snapshot> void snapshot(Snapshot& s) { s(list, with_parameters); }
};
struct read_nodes {
  using answer = std::vector<column_part>;
  node_set nodes;
  std::vector<std::string> keys;  ///< none: all
  step_t now = 0;
  template <class Snapshot> void snapshot(Snapshot& s) { s(nodes, keys, now); }
};
struct read_events {
  using answer = replies::events;
  std::vector<recorder_ordinal> recorders;
  template <class Snapshot> void snapshot(Snapshot& s) { s(recorders); }
};
struct measure {
  using answer = replies::measures;
  template <class Snapshot> void snapshot(Snapshot&) {}
};

}  // namespace orders

struct order
    : std::variant<orders::add_nodes, orders::add_devices, orders::set_nodes, orders::connect, orders::edit_connections,
                   orders::remove_pairs, orders::set_store, orders::decay_vacant, orders::become_loaded, orders::build,
                   orders::prepare, orders::end_run, orders::grow_elements, orders::begin_load, orders::load_part,
                   orders::forget_loaded, orders::save_part, orders::size_of_store, orders::find_connections,
                   orders::read_connections, orders::read_nodes, orders::read_events, orders::measure> {
  using variant::variant;
  order();
  order(const order&);
  order(order&&) noexcept;
  order& operator=(const order&);
  order& operator=(order&&) noexcept;
  ~order();
  void snapshot(snapshot_writer&) const;
  void snapshot(snapshot_reader&);
};

/// True for orders that are only tried: keep or drop must follow.
bool is_change(const order&);
/// True for orders that change nothing.
bool is_question(const order&);
/// True when the reply is of the kind that the order asks for.
bool answers(const reply&, const order&);

}  // namespace volley::runtime
