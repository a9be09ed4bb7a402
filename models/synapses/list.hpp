// All synapse models: adding one is an include and a name here, its file, and its test. The order is that of the
// loops and of the ids, and so of GetConnections and of the sums of what arrives (docs/ARCHITECTURE.md).
#pragma once
#include "models/synapses/static_synapse.hpp"
#include "models/synapses/stdp_pl_synapse_hom.hpp"
#include "models/synapses/stdp_synapse.hpp"

namespace volley::synapses {

template <class... Models> struct model_list {};

using all = model_list<static_synapse, static_synapse_hom_w, stdp_pl_synapse_hom, stdp_synapse>;

}  // namespace volley::synapses
