#include "runtime/kernel/model_registry.hpp"

#include <algorithm>

#include "runtime/base/nearest_name.hpp"

namespace volley::runtime {
namespace {

template <class Id, class Entries> std::optional<Id> find(const Entries& entries, std::string_view name) {
  const auto at = std::find_if(entries.begin(), entries.end(), [&](const auto& e) { return e.name == name; });
  if (at == entries.end()) return std::nullopt;
  return Id(at - entries.begin());
}

template <class Entries> std::vector<std::string> sorted_names(const Entries& entries) {
  std::vector<std::string> names;
  for (const auto& e : entries) names.push_back(e.name);
  std::sort(names.begin(), names.end());
  return names;
}

api_error unknown(error_kind kind, const char* call, std::string_view name, const char* what,
                  const std::vector<std::string>& names) {
  return api_error(
      kind, std::string(call) + ": '" + std::string(name) + "' is not a known " + what + did_you_mean(name, names));
}

}  // namespace

const char* node_model::element_type() const {
  if (neuron() != nullptr || is_injector(*device())) return "neuron";
  return is_recorder(*device()) && !is_relay(*device()) ? "recorder" : "stimulator";
}

model_registry::model_registry(const model_catalog& catalog, const time_grid& time) {
  for (const auto& m : catalog.neurons) nodes_.push_back({std::string(m.name), std::string(m.name), attributes(m)});
  for (const auto& d : device_kinds())
    nodes_.push_back({std::string(d.name), std::string(d.name), on_grid(d.defaults, time)});
  for (const auto& s : catalog.synapses) {
    auto& entry =
        synapses_.emplace_back(std::string(s.name), &s, std::vector<double>(s.defaults.begin(), s.defaults.end()));
    entry.weight = s.default_weight;
    entry.delay_ms = time.to_ms(time.steps_up(entry.delay_ms));
  }
}

std::optional<std::uint32_t> model_registry::find_node(std::string_view name) const {
  return find<std::uint32_t>(nodes_, name);
}
std::optional<store_ordinal> model_registry::find_synapse(std::string_view name) const {
  return find<store_ordinal>(synapses_, name);
}
std::vector<std::string> model_registry::node_names() const { return sorted_names(nodes_); }
std::vector<std::string> model_registry::synapse_names() const { return sorted_names(synapses_); }

std::uint32_t model_registry::known_node(std::string_view name, const char* call) const {
  if (const auto id = find_node(name)) return *id;
  throw unknown(error_kind::UnknownModelName, call, name, "model name", node_names());
}

store_ordinal model_registry::known_synapse(std::string_view name, const char* call) const {
  if (const auto id = find_synapse(name)) return *id;
  throw unknown(error_kind::UnknownSynapseType, call, name, "synapse model", synapse_names());
}

store_ordinal model_registry::known_synapse(std::string_view name, const char* call, error_kind kind) const {
  if (const auto id = find_synapse(name)) return *id;
  auto names = node_names();
  for (auto& synapse : synapse_names()) names.push_back(std::move(synapse));
  throw unknown(kind, call, name, "model name", names);
}

std::uint32_t model_registry::copy_node(std::uint32_t id, std::string name) {
  nodes_.push_back(node_model(nodes_[id]));
  nodes_.back().name = std::move(name);
  return static_cast<std::uint32_t>(nodes_.size() - 1);
}

store_ordinal model_registry::copy_synapse(store_ordinal id, std::string name) {
  synapses_.push_back(synapse_entry(synapse(id)));
  synapses_.back().name = std::move(name);
  return store_ordinal(synapses_.size() - 1);
}

}  // namespace volley::runtime
