// The values of synapse models and connections as PyNEST dictionaries.
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "runtime/base/error.hpp"
#include "runtime/base/ordinals.hpp"
#include "runtime/base/unknown_keys.hpp"
#include "runtime/connections/delay_limits.hpp"
#include "runtime/connections/synapse_rules.hpp"
#include "runtime/kernel/model_registry.hpp"
#include "runtime/rules/projection.hpp"
#include "runtime/rules/rule.hpp"

namespace volley::runtime {

/// A call that gives a model's defaults, and the errors that only it has.
struct defaults_call {
  std::string what;         ///< begins messages: "SetDefaults: iaf_psc_exp"
  error_kind not_single;    ///< for a list or a Parameter where a single value belongs
  error_kind unknown_list;  ///< for a list under a key that the model does not know

  static defaults_call set_defaults(const std::string& model);
  static defaults_call copy_model(const std::string& model);

  /// Errors: not_single, unless `v` may stand where the model has `present`.
  void require_single(const std::string& key, const value& v, const value& present) const;
  /// Tells of a key that the model does not know.
  void add_unknown(unknown_keys& unknown, const std::string& owner, const std::string& key, const value& v,
                   std::string text) const;
};

/// The synaptic elements at both ends of a connection.
struct element_names {
  std::string pre, post;
  bool operator==(const element_names&) const = default;
  template <class Snapshot> void snapshot(Snapshot& s) { s(pre, post); }
};

/// What a syn_spec asks for, checked: the synapse model and the numbers of every connection.
struct synapse_spec {
  store_ordinal model;
  connection_number weight, delay_ms, receptor = 0.0;
  std::vector<std::pair<std::uint32_t, connection_number>> parameters;  ///< by member of the parameter set
  bool gives_delay = false;                                             ///< else it is the model's
  bool needs_trial = false;               ///< numbers that are drawn may be some that the model refuses
  std::optional<element_names> elements;  ///< that the connections occupy
};

/// The elements that a syn_spec names: at both ends or none. `what` begins messages. Errors: TypeMismatch, BadProperty.
std::optional<element_names> elements_of(const dictionary& spec, const std::string& what);

/// Reads a syn_spec. `shape`: the legal shape of arrays of the rule, empty where arrays are impossible; `pairs`: arrays
/// of that many entries, for connections given one by one; `limits`: of delays that are not drawn. Errors as contract
/// section 10.1.
///
/// Whether a weight goes with the model's parameters is judged for each connection where the spec names a receptor or a
/// parameter, however its numbers are given. A weight alone is taken as it is, as by the kernel whose API this is.
synapse_spec parse_synapse(const dictionary& spec, const model_registry& models,
                           const std::optional<array_shape>& shape, std::optional<std::uint64_t> pairs,
                           const time_grid& time, const delay_limits& limits, unknown_keys& unknown);

/// GetDefaults of a synapse model, without the count of its connections.
dictionary values_of(const synapse_entry& entry, store_ordinal id);

/// SetDefaults or CopyModel: the entry with `changes` applied. Errors: UnaccessedDictionaryEntry, TypeMismatch,
/// BadProperty, BadDelay, and those of the call.
synapse_entry updated(const synapse_entry& entry, const dictionary& changes, const time_grid& time,
                      const defaults_call& call, unknown_keys& unknown);

}  // namespace volley::runtime
