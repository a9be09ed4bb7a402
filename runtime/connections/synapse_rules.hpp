// Which numbers a synapse model takes.
#pragma once
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "models/core/synapse_model.hpp"

namespace volley::runtime {

/// Member of a model's parameter set by name, or -1.
std::int64_t member_of(const models::synapse_model& model, std::string_view name);

/// What is wrong with a set of parameters and traces and a weight: a parameter outside its range, or a combination that
/// the model forbids. Empty: nothing. What is legal at both ends of some intervals is legal between them.
std::string fault_of_synapse(const models::synapse_model& model, std::span<const double> set, double weight);
inline bool is_legal_synapse(const models::synapse_model& model, std::span<const double> set, double weight) {
  return fault_of_synapse(model, set, weight).empty();
}

/// Errors: BadProperty with the fault; `what` begins the message.
void check_synapse(const models::synapse_model& model, std::span<const double> set, double weight,
                   const std::string& what);

/// Errors: BadProperty for what is no number.
void check_weight(double weight, const std::string& what);

}  // namespace volley::runtime
