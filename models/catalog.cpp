#include "models/catalog.hpp"

#include <algorithm>

#include "models/neurons/list.hpp"
#include "models/synapses/list.hpp"

namespace volley::models {

namespace {

template <class... Models> std::vector<neuron_model> describe_all(neurons::model_list<Models...>) {
  std::uint32_t loop = 0;
  return {describe_neuron<Models>(loop++)...};  // braces: evaluated from left to right
}

template <class... Models> std::vector<synapse_model> describe_all(synapses::model_list<Models...>) {
  std::uint32_t loop = 0;
  std::vector<synapse_model> models;
  const auto append = [&](std::vector<synapse_model> names) {
    models.insert(models.end(), names.begin(), names.end());
  };
  (append(describe_synapse_names<Models>(loop++)), ...);
  return models;
}

}  // namespace

std::vector<neuron_model> built_in_neurons() {
  auto models = describe_all(neurons::all{});
  std::ranges::sort(models, {}, &neuron_model::name);
  return models;
}

std::vector<synapse_model> built_in_synapses() { return describe_all(synapses::all{}); }

}  // namespace volley::models
