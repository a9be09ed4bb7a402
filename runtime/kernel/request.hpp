// What a client asks of a kernel and what it gets back, as values of the runtime.
#pragma once
#include <cstdint>
#include <exception>
#include <limits>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "runtime/values/connection_columns.hpp"
#include "runtime/values/value.hpp"

namespace volley::runtime::api {

using runtime::connection_columns;

struct create_nodes {
  std::string model;
  std::int64_t count = 1;
  value parameters;      ///< none, a dictionary, or a list of one dictionary a node
  value positions = {};  ///< none, or a dictionary (runtime/space/position_spec.hpp)
};
struct connect {
  node_set sources, targets;
  dictionary rule;
  std::vector<dictionary> synapses;
};
struct connect_arrays {
  std::vector<std::int64_t> sources, targets;  ///< of equal length
  dictionary synapse;
  /// Those that end on this rank: each rank has others, as many values, and the same where one is for all.
  bool of_rank = false;
};
/// third_in: from sources to third-factor nodes; third_out: from these to targets.
struct tripartite_connect {
  node_set sources, targets, third;
  dictionary rule, third_rule;
  std::vector<dictionary> primary, third_in, third_out;
};
struct disconnect {
  node_set sources, targets;
  dictionary rule, synapse;
};
struct disconnect_connections {
  connection_columns connections;
};
struct get_connections {
  std::optional<node_set> sources, targets;  ///< nothing: any
  std::string synapse_model;                 ///< empty: all
  std::optional<std::int64_t> label;         ///< nothing: all
};
struct get_connection_values {
  connection_columns connections;
  std::vector<std::string> keys;  ///< none: all
};
struct set_connection_values {
  connection_columns connections;
  value values;
};
struct describe_nodes {
  node_set nodes;
};
/// Of the events in a recorder's memory, those later than a time, and of these the first so many, with all that have
/// the last one's time.
struct event_part {
  double after_ms = -1;
  std::uint64_t most = std::numeric_limits<std::uint64_t>::max();
  bool operator==(const event_part&) const = default;
};
struct get_node_values {
  node_set nodes;
  std::vector<std::string> keys;  ///< none: all
  event_part events{};
};
struct set_node_values {
  node_set nodes;
  value values;
};
struct match_nodes {
  dictionary properties;
};
struct get_defaults {
  std::string model;
};
struct set_defaults {
  std::string model;
  dictionary values;
};
struct copy_model {
  std::string existing, copy;
  dictionary values;
};
struct get_kernel_status {
  std::vector<std::string> keys;  ///< none: all
};
struct set_kernel_status {
  dictionary values;
};
struct reset_kernel {};
struct prepare {};
struct run {
  double time_ms = 0;
};
struct cleanup {};
struct simulate {
  double time_ms = 0;
};
struct cancel {};
struct evaluate {
  parameter_ref expression;
  std::optional<node_set> nodes;  ///< nothing: one value (GetValue)
  value targets = {};             ///< none: a value a node; rows of coordinates: a value for the node and each of them
};
/// The layer of some nodes, as NodeCollection.spatial tells it; none where there is none.
struct describe_space {
  node_set nodes;
};
struct get_positions {
  node_set nodes;
};
/// From nodes, or from points where there are none, to nodes: as many of both, or one of one.
struct displace {
  node_set from;
  value points;
  node_set to;
  bool distances = false;  ///< else vectors
};
struct find_nearest {
  node_set layer;
  value locations;  ///< none: the middle of the layer
  bool all = false;
};
struct select_by_mask {
  node_set layer;
  value anchor;
  dictionary mask;
};
/// Which of some points (rows) lie in a mask at the origin; none: only whether it is one.
struct test_mask {
  dictionary mask;
  value points;
};

/// The network goes into a file, or comes out of one in place of what there is.
struct save {
  std::string path;
};
struct load {
  std::string path;
};
/// What a saved file holds.
struct describe_saved {
  std::string path;
};

/// The same network on another number of virtual processes.
struct rescale {
  std::int64_t vps = 1;
};
/// The virtual processes of a worker go to others; then it ends.
struct drain {
  std::uint32_t worker = 0;
};

/// What kernels the server has. Sessions answer this and the next one, not a kernel.
struct list_kernels {};
/// The kernel of this name ends.
struct drop_kernel {
  std::string name;
};

/// In the order of protocol/api.capnp.
using request = std::variant<create_nodes, connect, connect_arrays, disconnect, disconnect_connections, get_connections,
                             get_connection_values, set_connection_values, describe_nodes, get_node_values,
                             set_node_values, match_nodes, get_defaults, set_defaults, copy_model, get_kernel_status,
                             set_kernel_status, reset_kernel, prepare, run, cleanup, simulate, cancel, evaluate,
                             describe_space, get_positions, displace, find_nearest, select_by_mask, test_mask,
                             tripartite_connect, save, load, describe_saved, rescale, drain, list_kernels, drop_kernel>;

/// Numbers of nest.VerbosityLevel.
inline constexpr std::int32_t log_warning = 20, log_error = 30;

struct log_line {
  std::int32_t severity = 0;  ///< numbers of nest.VerbosityLevel
  std::string text;
  bool operator==(const log_line&) const = default;
};

/// A call that failed carries what was thrown, to be named for the user at the session.
struct failed_call {
  std::exception_ptr reason;
};

/// Nothing, new or found nodes, found connections, or a value.
using result = std::variant<std::monostate, node_set, connection_columns, value, failed_call>;

struct answer {
  std::uint64_t generation = 0;  ///< resets of the kernel so far
  result outcome;
  std::vector<log_line> log;
  std::uint64_t changes = 0;  ///< calls that have changed the kernel, where somebody counts them
};

/// A job on its way.
struct job_progress {
  double began_ms = 0, now_ms = 0, end_ms = 0;
  double wall_s = 0;
  std::uint64_t spikes = 0;
};

}  // namespace volley::runtime::api
