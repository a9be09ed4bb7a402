// The description of a synapse model with its types erased: what the runtime reads, and what catalogs list. Built
// from the model's struct (describe_synapse.hpp); nobody writes one by hand.
#pragma once
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "models/core/field_table.hpp"
#include "models/core/walk.hpp"

namespace volley::models {

struct synapse_model {
  std::string_view name;
  std::string_view meaning;
  /// part::params are parameters, part::state are traces, part::connection are variables; the weight has no row.
  std::span<const field> fields;
  std::size_t n_params = 0, n_traces = 0;  ///< the label counts as the last parameter
  std::size_t n_variables = 0;             ///< of each connection, beside its weight
  std::span<const double> defaults;        ///< params, then traces, then variables
  double default_weight = 1;
  bool plastic = false;             ///< weights change, or are not what is transmitted, by a rule in vectors
  bool reads_targets = false;       ///< the spikes of targets are kept for it
  bool sends_apart = false;         ///< what it transmits is not the weight
  std::uint32_t loop = 0;           ///< position of its loop among those of runtime/loops/loops.hpp
  const void* own_loops = nullptr;  ///< of a model that came with a module, which has them (runtime/loops/module.hpp)
  bool common_parameters = false;   ///< params belong to the model, not to connections
  bool common_weight = false;       ///< so does the weight
  bool labelled = false;            ///< each connection has a label
  std::int16_t lead = field::nowhere;  ///< the parameter that delays are shorter by than their steps, in ms
  bool compact = false;                ///< connections end on receptor 0 of targets below compact_targets
  const char* (*check)(const double* params, const double* traces, double weight) = nullptr;  ///< null: legal
  /// Of plastic models: moves traces on over a spike.
  void (*after_pre)(const double* params, double* traces, double since_last_ms) = nullptr;
  /// Of these, for one connection: the weight after a spike of the target (null where the rule reads none), so long
  /// after the source's last; what a spike of the source keeps and sends.
  double (*on_post)(const double* params, const double* traces, double since_pre_ms, double weight) = nullptr;
  transmission<double> (*on_pre)(const double* params, const double* traces, double weight, double K_minus) = nullptr;
  /// Where weights are transmitted by a factor that follows from the source's spikes: the factor, and the traces after
  /// that spike. `first`: it is the source's first one.
  double (*release)(const double* params, double* traces, double since_last_ms, bool first) = nullptr;
  /// Where connections are gone through one by one: what those of a cohort share at a spike, and the traces after it.
  void (*at_spike)(const double* params, double* traces, double since_last_ms, bool first, double* chances) = nullptr;
  walk_connections walk = nullptr;
  std::size_t n_chances = 0, n_draws = 0;
};

/// How many nodes of a virtual process compact models can have as targets.
inline constexpr std::uint64_t compact_targets = (1u << 16) - 1;
/// What a connection is labelled with where nobody gives a label.
inline constexpr double no_label = -1;

/// The description of model M, whose loop stands at position `loop`. Defined in describe_synapse.hpp.
template <class M> synapse_model describe_synapse(std::uint32_t loop);
/// The same, and behind it those of its variants, compact before labelled. Instantiated once for each model of the
/// catalog: whoever includes this file alone needs no model.
template <class M> std::vector<synapse_model> describe_synapse_names(std::uint32_t loop);

/// Whether all that a spike does is to transmit the weight.
inline bool is_static(const synapse_model& m) { return !m.plastic && m.release == nullptr && m.walk == nullptr; }

/// Bytes of a connection, without what it shares with others: its target, where weights change its own, and variables.
inline std::size_t bytes_of_connection(const synapse_model& m) {
  return sizeof(std::uint16_t) + (m.n_variables + (m.plastic ? 1 : 0)) * sizeof(double);
}

/// Whether connections have sets of parameters and traces, be it empty ones.
inline bool has_sets(const synapse_model& m) { return !is_static(m) || m.n_params + m.n_traces != 0; }

/// Member of the values of a connection that a field stands for: parameters, then traces, then variables.
inline std::size_t member_of(const synapse_model& m, const field& f) {
  const auto first = f.where == part::state ? m.n_params : f.where == part::connection ? m.n_params + m.n_traces : 0;
  return first + static_cast<std::size_t>(f.column);
}

/// Whether a field is the label of a connection.
inline bool is_label(const synapse_model& m, const field& f) {
  return m.labelled && f.where == part::params && member_of(m, f) == m.n_params - 1;
}

/// Whether all connections of the model share what the field stands for.
inline bool is_common(const synapse_model& m, const field& f) {
  return m.common_parameters && f.where == part::params && !is_label(m, f);
}

/// Whether a connection may have these values (parameters, then traces, then variables) and this weight.
inline bool is_legal(const synapse_model& m, const double* values, double weight) {
  if (__builtin_isnan(weight)) return false;
  for (const field& f : m.fields) {
    const double x = values[member_of(m, f)];
    if (!is_label(m, f) && !is_within(f, x)) return false;  // nor a not-a-number
  }
  return m.check(values, values + m.n_params, weight) == nullptr;
}

}  // namespace volley::models
