// All models this build knows. Whoever needs them builds the lists once and hands them down; nothing registers itself.
#pragma once
#include <vector>

#include "models/core/neuron_model.hpp"
#include "models/core/synapse_model.hpp"

namespace volley::models {

/// The descriptions of all neuron models, sorted by name. A model's `loop` is its position in neurons::all.
std::vector<neuron_model> built_in_neurons();

/// The descriptions of all synapse models, in the order of synapses::all, variants behind their model: that of their
/// ids and of GetConnections. A model's `loop` is its position in synapses::all.
std::vector<synapse_model> built_in_synapses();

}  // namespace volley::models
