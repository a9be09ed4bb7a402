// The PyNEST verbs in C++: one session with one kernel, inside this process or behind a socket.
#pragma once
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "client/cpp/error.hpp"
#include "client/cpp/events.hpp"
#include "client/cpp/node_collection.hpp"
#include "client/cpp/parameter.hpp"
#include "client/cpp/synapse_collection.hpp"
#include "client/cpp/value.hpp"

namespace volley::client {

class channel;
class conversation;

/// conn_spec: the name of a rule, or a dictionary whose key "rule" names it.
struct connection_rule {
  Dictionary spec;
  connection_rule(const char* rule) : spec{{"rule", rule}} {}
  connection_rule(const std::string& rule) : spec{{"rule", rule}} {}
  connection_rule(Dictionary with_rule) : spec(std::move(with_rule)) {}
};

/// syn_spec: the name of a synapse model, a dictionary with the key "synapse_model" (static_synapse without), or
/// several such dictionaries, which are collocated: every chosen pair gets all of them.
struct synapse_spec {
  std::vector<Dictionary> specs;
  synapse_spec(const char* model) : specs{Dictionary{{"synapse_model", model}}} {}
  synapse_spec(const std::string& model) : specs{Dictionary{{"synapse_model", model}}} {}
  synapse_spec(Dictionary spec) : specs{std::move(spec)} {}
  synapse_spec(std::vector<Dictionary> collocated) : specs(std::move(collocated)) {}
};

/// syn_specs of TripartiteConnect: of the connections of its rule, of those into third-factor nodes and out of them.
struct tripartite_synapses {
  synapse_spec primary = "static_synapse", third_in = "static_synapse", third_out = "static_synapse";
};

/// Nodes of one model with consecutive ids.
struct node_part {
  node_range ids;
  std::string model;
  std::int64_t model_id;
};

/// What the verbs mean is PyNEST's contract; times are in ms. Every call throws client::error with the name of PyNEST's
/// exception, and a call that throws has changed nothing. Copies share the session, which ends with the last copy or
/// collection. Thread safety: calls from several threads run one after another; only cancel() does not wait.
class Session {
 public:
  /// To the server that the environment variable VOLLEY_ADDRESS names (token: VOLLEY_TOKEN, kernel: VOLLEY_KERNEL),
  /// else a kernel inside this process. Throws connection_lost when no server is there.
  Session();
  /// "" (inside this process), "unix:/path", "tcp:host:port" or "tls:host:port"; a TCP server asks for its token.
  /// `kernel`: the name of one of the server's, which is made if it is not there; "": the one named "default"; "own": a
  /// new one, which ends with this session. Throws KernelException for one that is not to be had.
  explicit Session(const std::string& address, const std::string& token = "", const std::string& kernel = "");
  /// Over any channel.
  explicit Session(std::unique_ptr<channel> to_kernel, const std::string& token = "");

  // ---- nodes
  /// `params`: a dictionary for all, or a list of one dictionary a node.
  NodeCollection Create(const std::string& model, std::int64_t n = 1, const Value& params = {});
  /// Nodes with positions: spatial::grid or spatial::free (client/cpp/spatial.hpp). A grid, and a list of positions,
  /// say how many nodes there are.
  NodeCollection CreateSpatial(const std::string& model, const Dictionary& positions, std::int64_t n = 1,
                               const Value& params = {});
  /// Nodes whose properties equal every entry.
  NodeCollection GetNodes(const Dictionary& properties = {});
  /// The nodes of ascending, distinct ids. Throws BadProperty, UnknownNode.
  NodeCollection nodes(std::span<const std::uint64_t> ids);
  /// The collection by model.
  std::vector<node_part> describe(const NodeCollection& nodes);

  // ---- connections
  void Connect(const NodeCollection& pre, const NodeCollection& post, const connection_rule& rule = "all_to_all",
               const synapse_spec& synapses = "static_synapse");
  /// Connects `pre` to `post`; `third_rule` says in which of the connections a node of `third` takes part, which gets a
  /// connection from the source and has one to the target.
  void TripartiteConnect(const NodeCollection& pre, const NodeCollection& post, const NodeCollection& third,
                         const connection_rule& rule, const connection_rule& third_rule,
                         const tripartite_synapses& synapses = {});
  /// One connection an entry; ids may repeat. `synapse`: scalars or columns of the same length. With `of_rank`, those
  /// that end on this rank: all ranks call it, each with its own, and with the same scalars. Errors:
  /// builtins.ValueError for arrays of different lengths.
  void ConnectArrays(std::span<const std::int64_t> sources, std::span<const std::int64_t> targets,
                     const Dictionary& synapse = {}, bool of_rank = false);
  void Disconnect(const NodeCollection& pre, const NodeCollection& post, const connection_rule& rule = "one_to_one",
                  const synapse_spec& synapse = "static_synapse");
  void Disconnect(const SynapseCollection& connections) { connections.disconnect(); }
  /// Absent nodes: any. An empty model, the label -1: all.
  SynapseCollection GetConnections(const std::optional<NodeCollection>& source = {},
                                   const std::optional<NodeCollection>& target = {},
                                   const std::string& synapse_model = "", std::int64_t synapse_label = -1);

  // ---- space
  /// {network_size, center, extent, edge_wrap, and shape or positions}; none for nodes without positions.
  std::optional<Dictionary> spatial(const NodeCollection& nodes);
  /// A row a node. Throws LayerExpected.
  Matrix GetPosition(const NodeCollection& nodes);
  /// Rows, as many of both or one of one: from points, `to` - `from`; between nodes, as PyNEST has it, `from` - `to`.
  /// Throws ValueError, LayerExpected.
  Matrix Displacement(const NodeCollection& from, const NodeCollection& to);
  Matrix Displacement(const Matrix& from, const NodeCollection& to);
  Column<double> Distance(const NodeCollection& from, const NodeCollection& to);
  Column<double> Distance(const Matrix& from, const NodeCollection& to);
  NodeCollection FindCenterElement(const NodeCollection& layer);
  /// The node nearest to each location (rows), the one with the lowest id of several.
  std::vector<NodeCollection> FindNearestElement(const NodeCollection& layer, const Matrix& locations);
  /// All nodes that are equally near.
  std::vector<NodeCollection> FindAllNearestElements(const NodeCollection& layer, const Matrix& locations);
  /// `mask`: spatial::circular and its like.
  NodeCollection SelectNodesByMask(const NodeCollection& layer, const std::vector<double>& anchor,
                                   const Dictionary& mask);
  /// Throws what is wrong with a mask.
  void CheckMask(const Dictionary& mask);
  /// Which points (rows) lie in a mask at the origin.
  Booleans Inside(const Dictionary& mask, const Matrix& points);
  /// For each source its targets in the layer, and the other way round; of any model where `synapse_model` is empty.
  std::vector<NodeCollection> GetTargetNodes(const NodeCollection& sources, const NodeCollection& layer,
                                             const std::string& synapse_model = "");
  std::vector<NodeCollection> GetSourceNodes(const NodeCollection& layer, const NodeCollection& targets,
                                             const std::string& synapse_model = "");

  // ---- models
  Dictionary GetDefaults(const std::string& model);
  Value GetDefaults(const std::string& model, const std::string& key) { return GetDefaults(model).at(key); }
  void SetDefaults(const std::string& model, const Dictionary& params);
  void CopyModel(const std::string& existing, const std::string& copy, const Dictionary& params = {});

  // ---- the kernel
  Dictionary GetKernelStatus(const std::vector<std::string>& keys = {});
  Value GetKernelStatus(const std::string& key) { return GetKernelStatus(std::vector{key}).at(key); }
  void SetKernelStatus(const Dictionary& params);
  void ResetKernel();
  /// Loads the models of a shared library. Throws DynamicModuleManagementError.
  void Install(const std::string& module);

  // ---- simulation
  void Prepare();
  void Run(double duration_ms);
  void Cleanup();
  void Simulate(double duration_ms);
  /// Ends the running Run or Simulate at the next interval's end; that call then returns, with all data kept. Nothing
  /// happens when none runs.
  void cancel();
  /// Replaces the listeners for progress, log and interrupts.
  void listen(listeners to);

  // ---- saved networks
  /// The whole network into a file, at any time but in a run: Load goes on with the same bits. A kernel in a server
  /// writes below its folder of recorded data. Throws IOError: the file exists and the kernel attribute overwrite_files
  /// is false, or the disk refuses.
  void Save(const std::string& path);
  /// In place of the network that there is, on as many virtual processes as the kernel has. Collections made before are
  /// stale. Throws IOError for a file that is cut off, damaged, of a build that computes other numbers or of other
  /// models, MemoryError; then nothing has changed.
  void Load(const std::string& path);
  /// What a saved file holds, after a look at all of it. Throws IOError.
  Dictionary DescribeSaved(const std::string& path);
  /// The same network on so many virtual processes: collections stay, and it goes on with the same bits. Recorders that
  /// write files begin new ones. Throws KernelException between Prepare and Cleanup and after a failed run, BadProperty
  /// outside 1..4096 or where that is no multiple of the ranks, MemoryError; then nothing has changed.
  void rescale(std::int64_t vps);
  /// The virtual processes of a worker of the server go to the others, also while a run is on; then it ends.
  /// Needs the role admin. Returns when that has begun. Throws KernelException where it cannot be.
  void drain(std::uint32_t worker);

  // ---- kernels of the server
  /// Of each {name, number, here, own, sessions, nodes, vps, biological_time (ms), running, memory (bytes), lost,
  /// gone}: `here` is this session's, `own` one that ends with a session; `lost` says why its network is, until
  /// ResetKernel; `gone` why the kernel cannot go on.
  std::vector<Dictionary> kernels();
  /// It ends, with its network and its sessions. Needs the role admin for another one than this session's. Throws
  /// KernelException for the default one, and for one that is not there.
  void drop_kernel(const std::string& name);

  // ---- structural plasticity
  /// From now on runs make and remove connections as synaptic elements grow. With several virtual processes only where
  /// the kernel attribute structural_plasticity_threads is true. Where structural_plasticity_rules is true, Connect
  /// takes synaptic elements with every rule.
  void EnableStructuralPlasticity();
  void DisableStructuralPlasticity();

  // ---- parameters
  double GetValue(const Parameter& parameter);
  /// One value a node.
  Column<double> apply(const Parameter& parameter, const NodeCollection& nodes);
  /// One value for the node and each target (rows of coordinates).
  Column<double> apply(const Parameter& parameter, const NodeCollection& node, const Matrix& targets);

  /// Counts the kernel's resets; collections of an earlier generation are stale.
  std::uint64_t generation() const;
  std::string server_version() const;

 private:
  std::shared_ptr<conversation> kernel_;
};

}  // namespace volley::client
