// What models exist in a build: the same in all processes of a kernel, which name models by their positions here.
#pragma once
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "models/core/neuron_model.hpp"
#include "models/core/synapse_model.hpp"
#include "runtime/base/contract.hpp"

namespace volley::runtime {

/// A module, as the processes of a kernel tell each other of it.
struct module_name {
  std::string name;
  std::string digest;  ///< SHA-256 of the file, in hexadecimal digits; empty: any
  bool operator==(const module_name&) const = default;
  template <class Snapshot> void snapshot(Snapshot& s) { s(name, digest); }
};

struct loaded_module : module_name {
  std::shared_ptr<const void> library;
};

/// Made once and handed down; one with the models of modules lasts until a reset.
struct model_catalog {
  std::vector<models::neuron_model> neurons;
  std::vector<models::synapse_model> synapses;
  std::vector<loaded_module> modules = {};  ///< that some of these came with

  /// REQUIRES: the model is one of these, whatever lists its cells have, else broken_contract.
  std::uint32_t number_of(const models::neuron_model& m) const {
    expects(m.loop < neurons.size() && neurons[m.loop].name == m.name, "a model is one of the catalog");
    return m.loop;
  }
  std::uint32_t number_of(const models::synapse_model& m) const { return position(synapses, m); }

 private:
  template <class Model> static std::uint32_t position(const std::vector<Model>& all, const Model& one) {
    const auto at = &one - all.data();
    expects(0 <= at && at < std::ssize(all), "a model is one of the catalog");
    return static_cast<std::uint32_t>(at);
  }
};

const model_catalog& built_in_models();

}  // namespace volley::runtime
