// From a synapse model's struct to its description.
#pragma once
#include "models/core/synapse.hpp"
#include "models/core/synapse_model.hpp"

namespace volley::models {

namespace detail {

/// Default parameters, then traces.
template <class M> constexpr auto synapse_defaults() {
  constexpr auto params = values_of(typename M::template params<double>{});
  constexpr auto traces = values_of(typename M::template traces<double>{});
  std::array<double, params.size() + traces.size()> all{};
  std::size_t n = 0;
  for (const double x : params) all[n++] = x;
  for (const double x : traces) all[n++] = x;
  return all;
}

template <class M> constexpr auto defaults_of_synapse = synapse_defaults<M>();

template <class M> const char* check_synapse(const double* params, const double* traces, double weight) {
  using P = typename M::template params<double>;
  using T = typename M::template traces<double>;
  return M::check(from_values<P>(params), from_values<T>(traces), weight);
}

template <class M> void after_pre(const double* params, double* traces, double since_last_ms) {
  using T = typename M::template traces<double>;
  const auto p = from_values<typename M::template params<double>>(params);
  const auto next = values_of(M::after_pre(p, M::decayed(p, from_values<T>(traces), since_last_ms)));
  for (std::size_t i = 0; i < next.size(); ++i) traces[i] = next[i];
}

}  // namespace detail

template <class M> synapse_model describe_synapse(std::uint32_t loop) {
  synapse_model m{.name = M::name,
                  .meaning = M::meaning,
                  .fields = M::fields,
                  .n_params = columns_of<typename M::template params<double>>,
                  .n_traces = columns_of<typename M::template traces<double>>,
                  .defaults = detail::defaults_of_synapse<M>,
                  .plastic = plastic<M>,
                  .reads_targets = reads_targets<M>,
                  .sends_apart = sends_apart<M>,
                  .loop = loop,
                  .common_parameters = M::common_parameters,
                  .common_weight = M::common_weight,
                  .check = detail::check_synapse<M>};
  if constexpr (requires { M::default_weight; }) m.default_weight = M::default_weight;
  if constexpr (plastic<M>) m.after_pre = detail::after_pre<M>;
  return m;
}

}  // namespace volley::models
