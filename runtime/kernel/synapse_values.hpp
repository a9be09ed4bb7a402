// The values of synapse models and connections as PyNEST dictionaries.
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "runtime/connections/delay_limits.hpp"
#include "runtime/kernel/model_registry.hpp"
#include "runtime/rules/projection.hpp"
#include "runtime/rules/rule.hpp"

namespace volley::runtime {

/// What a syn_spec asks for, checked: the synapse model and the numbers of every connection.
struct synapse_spec {
  std::uint32_t model = 0;
  std::int64_t receptor = 0;
  connection_number weight, delay_ms;
  std::vector<std::pair<std::uint32_t, connection_number>> parameters;  ///< by member of the parameter set
};

/// Reads a syn_spec. `shape`: the legal shape of arrays of the rule, empty where arrays are impossible; `pairs`: arrays
/// of that many entries, for connections given one by one; `limits`: of delays that are not drawn. Errors as contract
/// section 10.1.
synapse_spec parse_synapse(const dictionary& spec, const model_registry& models, const std::optional<array_shape>& shape,
                           std::optional<std::uint64_t> pairs, const time_grid& time, const delay_limits& limits);

/// Member of a model's parameter set by name, or -1.
std::int64_t member_of(const models::synapse_model& model, std::string_view name);

/// GetDefaults of a synapse model, without the count of its connections.
dictionary values_of(const synapse_entry& entry, std::uint32_t id);

/// SetDefaults: the entry with `changes` applied. Errors: UnaccessedDictionaryEntry, TypeMismatch, BadProperty, BadDelay.
synapse_entry updated(const synapse_entry& entry, const dictionary& changes, const time_grid& time, const std::string& what);

/// Errors: BadProperty where the model forbids the combination.
void check_synapse(const models::synapse_model& model, const std::vector<double>& set, double weight, const std::string& what);

}  // namespace volley::runtime
