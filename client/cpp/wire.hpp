// Requests as message bodies, and what comes back as values. The only file of the client that knows Cap'n Proto is
// wire.cpp.
#pragma once
#include <cstdint>
#include <limits>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <variant>
#include <vector>

#include "client/cpp/error.hpp"
#include "client/cpp/events.hpp"
#include "client/cpp/node_collection.hpp"
#include "client/cpp/synapse_collection.hpp"
#include "client/cpp/value.hpp"
#include "protocol/words.hpp"

namespace volley::client::wire {

using protocol::body;
using keys = std::vector<std::string>;

/// `kernel`: its name; `knows`: its identity, by who comes back.
body hello(const std::string& token, const std::string& key = {}, const std::string& kernel = {},
           std::uint64_t knows = 0);

/// `params`: none, a dictionary, or one dictionary a node.
/// `positions`: none, or a dictionary.
body create_nodes(const std::string& model, std::int64_t count, const Value& params, const Value& positions = {});
/// Several synapse dictionaries are collocated.
body connect(const NodeCollection& sources, const NodeCollection& targets, const Dictionary& rule,
             std::span<const Dictionary> synapses);
body tripartite_connect(const NodeCollection& sources, const NodeCollection& targets, const NodeCollection& third,
                        const Dictionary& rule, const Dictionary& third_rule, std::span<const Dictionary> primary,
                        std::span<const Dictionary> third_in, std::span<const Dictionary> third_out);
/// `of_rank`: those that end on this rank; each rank has its own.
body connect_arrays(std::span<const std::int64_t> sources, std::span<const std::int64_t> targets,
                    const Dictionary& synapse, bool of_rank = false);
body disconnect(const NodeCollection& sources, const NodeCollection& targets, const Dictionary& rule,
                const Dictionary& synapse);
body disconnect(const SynapseCollection& connections);
/// Null: any. An empty model and a negative label: all.
body get_connections(const NodeCollection* sources, const NodeCollection* targets, const std::string& synapse_model,
                     std::int64_t label);
/// No keys: all.
body get_connection_values(const SynapseCollection& connections, const keys& wanted);
body set_connection_values(const SynapseCollection& connections, const Value& values);
body describe_nodes(const NodeCollection& nodes);
/// Of the events in a recorder's memory, those later than a time, and of these the first so many, with all that have
/// the last one's time.
struct event_part {
  double after_ms = -1;
  std::uint64_t most = std::numeric_limits<std::uint64_t>::max();
};
body get_node_values(const NodeCollection& nodes, const keys& wanted, const event_part& events = {});
body set_node_values(const NodeCollection& nodes, const Value& values);
body match_nodes(const Dictionary& properties);
body get_defaults(const std::string& model);
body set_defaults(const std::string& model, const Dictionary& values);
body copy_model(const std::string& existing, const std::string& copy, const Dictionary& values);
body get_kernel_status(const keys& wanted);
body set_kernel_status(const Dictionary& values);
body reset_kernel();
body prepare();
body run(double duration_ms);
body cleanup();
body simulate(double duration_ms);
body cancel();
/// Null nodes: one value. Targets: none, or rows of coordinates.
body evaluate(const Parameter& expression, const NodeCollection* nodes, const Value& targets = {});
body describe_space(const NodeCollection& nodes);
body get_positions(const NodeCollection& nodes);
/// Null nodes: from points, rows of coordinates.
body displace(const NodeCollection* from, const Value& points, const NodeCollection& to, bool distances);
/// No locations: the middle of the layer.
body find_nearest(const NodeCollection& layer, const Value& locations, bool all);
body select_by_mask(const NodeCollection& layer, const Value& anchor, const Dictionary& mask);
/// No points: only whether it is a mask.
body test_mask(const Dictionary& mask, const Value& points);
body save(const std::string& path);
body load(const std::string& path);
body describe_saved(const std::string& path);
body rescale(std::int64_t vps);
body drain(std::uint32_t worker);
body list_kernels();
body drop_kernel(const std::string& name);

struct welcome {
  std::uint64_t session = 0, kernel = 0, generation = 0;
  std::string version;
  std::uint64_t identity = 0;
  bool lasting = false;
  std::uint64_t changes = 0;
};

struct reply {
  std::uint64_t generation = 0;
  std::vector<log_entry> log;
  /// monostate: done, nothing to return.
  std::variant<std::monostate, error, NodeCollection, SynapseCollection, Value> outcome;
  std::uint64_t changes = 0;
  std::uint64_t paged_words = 0;  ///< not 0: the reply is a message of that size, to be had in pages
};

using event = std::variant<progress, log_entry>;

// All throw protocol::malformed. Columns of the results share the body; collections belong to `kernel`.
welcome read_welcome(const body& content);
error read_error(const body& content);
reply read_reply(const body& content, const std::shared_ptr<conversation>& kernel);
event read_event(const body& content);

}  // namespace volley::client::wire
