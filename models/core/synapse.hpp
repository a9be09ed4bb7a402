// What a synapse model declares, and its description with the types erased for those who look models up by name.
//
// A model is a struct with `params<V>` (equal for all connections of a cohort), `traces<V>` (depend on the source's spikes
// alone, shared by a cohort: connections born together with equal parameters), one weight a connection, a table of fields,
// and, where the weight changes, four pure functions:
//   decayed(params, traces, since_pre_ms): the traces that long after the source's last spike, if no other has come;
//   on_post(params, traces, weight): the weight after a spike of the target, where `traces` are decayed to it; called in
//       order for each such spike since the source's last one;
//   on_pre(params, traces, weight, K_minus): the weight after a spike of the source; it is also what is transmitted;
//   after_pre(params, traces): the traces after that spike, from those decayed to it.
#pragma once
#include <cmath>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "models/core/field_table.hpp"

namespace volley::models {

/// Whether the weights of model M change.
template <class M> concept plastic = requires { &M::template on_pre<double>; };
/// Whether they change by spikes of the target: histories are kept for such models alone.
template <class M> concept reads_targets = plastic<M> && requires { &M::template on_post<double>; };

struct synapse_model {
  std::string_view name;
  std::string_view meaning;
  std::span<const field> fields;       ///< part::params are parameters, part::state are traces; the weight has no row
  std::size_t n_params = 0, n_traces = 0;
  std::vector<double> defaults;        ///< params, then traces
  bool plastic = false;
  bool reads_targets = false;
  std::uint32_t kernel = 0;            ///< position of its loop among those of runtime/loops/loops.hpp
  bool common_parameters = false;      ///< params belong to the model, not to connections
  bool common_weight = false;          ///< so does the weight
  const char* (*check)(const double* params, const double* traces, double weight) = nullptr;  ///< null: legal
};

/// The description of model M, whose loop stands at position `kernel`.
template <class M> synapse_model describe_synapse(std::uint32_t kernel) {
  using P = typename M::template params<double>;
  using T = typename M::template traces<double>;
  synapse_model m;
  m.name = M::name;
  m.meaning = M::meaning;
  m.fields = M::fields;
  m.n_params = columns_of<P>;
  m.n_traces = columns_of<T>;
  const auto params = values_of(P{});
  const auto traces = values_of(T{});
  m.defaults.assign(params.begin(), params.end());
  m.defaults.insert(m.defaults.end(), traces.begin(), traces.end());
  m.plastic = plastic<M>;
  m.reads_targets = reads_targets<M>;
  m.kernel = kernel;
  m.common_parameters = M::common_parameters;
  m.common_weight = M::common_weight;
  m.check = [](const double* params, const double* traces, double weight) -> const char* {
    return M::check(from_values<P>(params), from_values<T>(traces), weight);
  };
  return m;
}

/// Member of the values of a connection that a field stands for: parameters, then traces.
inline std::size_t member_of(const synapse_model& m, const field& f) {
  return static_cast<std::size_t>(f.column) + (f.where == part::state ? m.n_params : 0);
}

/// Whether a connection may have these values (parameters, then traces) and this weight.
inline bool is_legal(const synapse_model& m, const double* values, double weight) {
  if (std::isnan(weight)) return false;
  for (const field& f : m.fields) {
    const double x = values[member_of(m, f)];
    if (std::isnan(x) || (f.range == bound::positive && !(x > 0)) || (f.range == bound::non_negative && !(x >= 0))) return false;
  }
  return m.check(values, values + m.n_params, weight) == nullptr;
}

}  // namespace volley::models
