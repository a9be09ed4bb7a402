// The description of a synapse model with its types erased: what the runtime reads, and what catalogs list. Built
// from the model's struct (describe_synapse.hpp); nobody writes one by hand.
#pragma once
#include <cstdint>
#include <span>
#include <string_view>

#include "models/core/field_table.hpp"

namespace volley::models {

struct synapse_model {
  std::string_view name;
  std::string_view meaning;
  std::span<const field> fields;  ///< part::params are parameters, part::state are traces; the weight has no row
  std::size_t n_params = 0, n_traces = 0;
  std::span<const double> defaults;  ///< params, then traces
  double default_weight = 1;
  bool plastic = false;
  bool reads_targets = false;      ///< the spikes of targets are kept for it
  bool sends_apart = false;        ///< what it transmits is not the weight
  std::uint32_t loop = 0;          ///< position of its loop among those of runtime/loops/loops.hpp
  bool common_parameters = false;  ///< params belong to the model, not to connections
  bool common_weight = false;      ///< so does the weight
  const char* (*check)(const double* params, const double* traces, double weight) = nullptr;  ///< null: legal
  void (*after_pre)(const double* params, double* traces,
                    double since_last_ms) = nullptr;  ///< moves traces on over a spike
};

/// The description of model M, whose loop stands at position `loop`. Defined in describe_synapse.hpp, and
/// instantiated once for each model of the catalog: whoever includes this file alone needs no model.
template <class M> synapse_model describe_synapse(std::uint32_t loop);

/// Member of the values of a connection that a field stands for: parameters, then traces.
inline std::size_t member_of(const synapse_model& m, const field& f) {
  return static_cast<std::size_t>(f.column) + (f.where == part::state ? m.n_params : 0);
}

/// Whether a connection may have these values (parameters, then traces) and this weight.
inline bool is_legal(const synapse_model& m, const double* values, double weight) {
  if (__builtin_isnan(weight)) return false;
  for (const field& f : m.fields) {
    const double x = values[member_of(m, f)];
    if (!is_within(f, x)) return false;  // nor a not-a-number
  }
  return m.check(values, values + m.n_params, weight) == nullptr;
}

}  // namespace volley::models
