#include "models/catalog.hpp"

#include <algorithm>

#include "models/neurons/list.hpp"
#include "models/synapses/static_synapse.hpp"
#include "models/synapses/stdp_pl_synapse_hom.hpp"
#include "models/synapses/stdp_synapse.hpp"

namespace volley::models {

namespace {

template <class... Models> std::vector<neuron_model> describe_all(neurons::model_list<Models...>) {
  std::uint32_t kernel = 0;
  return {describe_neuron<Models>(kernel++)...};  // braces: evaluated from left to right
}

}  // namespace

std::vector<neuron_model> built_in_neurons() {
  auto models = describe_all(neurons::all{});
  std::ranges::sort(models, {}, &neuron_model::name);
  return models;
}

std::vector<synapse_model> built_in_synapses() {
  return {describe_synapse<synapses::static_synapse>(), describe_synapse<synapses::static_synapse_hom_w>(),
          describe_synapse<synapses::stdp_pl_synapse_hom>(), describe_synapse<synapses::stdp_synapse>()};
}

}  // namespace volley::models
