// Which numbers a synapse model takes.
#pragma once
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "models/core/synapse_model.hpp"

namespace volley::runtime {

/// A property of a synapse model.
struct synapse_property {
  const models::field* field;
  std::uint32_t member;  ///< parameters, then traces, then variables
  bool is_common;        ///< belongs to all synapses of the model
};
std::optional<synapse_property> find_property(const models::synapse_model& model, std::string_view name);
/// The field of a member of parameter sets. REQUIRES: there is one.
const models::field& field_of(const models::synapse_model& model, std::uint32_t member);
/// One that each connection has for itself.
std::optional<synapse_property> find_own_property(const models::synapse_model& model, std::string_view name);

/// What is wrong with a set of parameters and traces and a weight: a parameter outside its range, or a combination that
/// the model forbids. Empty: nothing. What is legal at both ends of some intervals is legal between them.
std::string fault_of_synapse(const models::synapse_model& model, std::span<const double> set, double weight);
inline bool is_legal_synapse(const models::synapse_model& model, std::span<const double> set, double weight) {
  return fault_of_synapse(model, set, weight).empty();
}

/// Errors: BadProperty with the fault; `what` begins the message.
void check_synapse(const models::synapse_model& model, std::span<const double> set, double weight,
                   const std::string& what);

/// What a number that users give to one connection must be besides: whole where the field takes integers, and for
/// labels one that can be given; the default, no label, cannot. Errors: TypeMismatch, BadProperty.
void check_own(const models::synapse_model& model, const models::field& f, double x, const std::string& what);

/// Errors: BadProperty for a model without labels.
void require_labelled(const models::synapse_model& model, const std::string& what);

/// Errors: BadProperty for what is no number.
void check_weight(double weight, const std::string& what);

}  // namespace volley::runtime
