// The models of one kernel by name: the built-in ones and the copies users make, with their defaults.
#pragma once
#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "models/core/neuron_model.hpp"
#include "models/core/synapse_model.hpp"
#include "runtime/base/error.hpp"
#include "runtime/base/ordinals.hpp"
#include "runtime/devices/device_values.hpp"
#include "runtime/nodes/attributes.hpp"
#include "runtime/shard/model_catalog.hpp"

namespace volley::runtime {

struct node_model {
  std::string name;
  std::string type;  ///< name of the built-in model it comes from
  std::variant<attributes, device_params> defaults;

  const attributes* neuron() const { return std::get_if<attributes>(&defaults); }
  const device_params* device() const { return std::get_if<device_params>(&defaults); }
  const char* element_type() const;
};

struct synapse_entry {
  std::string name;
  const models::synapse_model* model;
  std::vector<double> defaults;  ///< parameters, then first traces, then first variables
  double weight = 1.0, delay_ms = 1.0;
  std::int64_t receptor_type = 0;
  std::uint64_t weight_recorder = 0;  ///< node id; 0: none
};

class model_registry {
 public:
  static constexpr std::size_t max_synapse_models = 511;

  /// The built-in models. Defaults that are times are times of the grid: rounded up where it has no such time.
  model_registry(const model_catalog& catalog, const time_grid& time);

  const std::deque<node_model>& nodes() const { return nodes_; }
  const std::deque<synapse_entry>& synapses() const { return synapses_; }
  node_model& node(std::uint32_t id) { return nodes_[id]; }
  synapse_entry& synapse(store_ordinal id) { return synapses_[id.index()]; }
  const node_model& node(std::uint32_t id) const { return nodes_[id]; }
  const synapse_entry& synapse(store_ordinal id) const { return synapses_[id.index()]; }

  /// By name; none where there is no such model.
  std::optional<std::uint32_t> find_node(std::string_view name) const;
  std::optional<store_ordinal> find_synapse(std::string_view name) const;
  std::vector<std::string> node_names() const;     ///< sorted
  std::vector<std::string> synapse_names() const;  ///< sorted

  /// By name; `call` begins messages. Errors: UnknownModelName, UnknownSynapseType.
  std::uint32_t known_node(std::string_view name, const char* call) const;
  store_ordinal known_synapse(std::string_view name, const char* call) const;
  /// The same where the name may be that of a node model just as well, which has been looked for. Errors: `kind`.
  store_ordinal known_synapse(std::string_view name, const char* call, error_kind kind) const;

  std::uint32_t copy_node(std::uint32_t id, std::string name);
  store_ordinal copy_synapse(store_ordinal id, std::string name);

 private:
  std::deque<node_model> nodes_;
  std::deque<synapse_entry> synapses_;
};

}  // namespace volley::runtime
