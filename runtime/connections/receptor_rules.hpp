// Which receptors a neuron model has for spikes and for currents.
#pragma once
#include <cstdint>
#include <string>

#include "models/core/neuron_model.hpp"

namespace volley::runtime {

/// True when the model takes spikes, or currents, on this receptor.
bool has_receptor(const models::neuron_model& model, std::int64_t receptor, bool currents);

/// Errors: IllegalConnection when the model, which users know as `name`, takes no such events at all,
/// IncompatibleReceptorType when the receptor is for the others, UnknownReceptorType when there is none.
void check_receptor(const models::neuron_model& model, const std::string& name, std::int64_t receptor, bool currents);

}  // namespace volley::runtime
