// From a neuron model's struct to its description.
#pragma once
#include <type_traits>
#include <utility>

#include "models/core/neuron_model.hpp"

namespace volley::models {

namespace detail {

template <class T> constexpr auto defaults_of = values_of(T{});

template <class M> void calibrate(const double* params, resolution h, double* derived) {
  const auto result = values_of(M::calibrate(from_values<typename M::template params<double>>(params), h));
  for (std::size_t i = 0; i < result.size(); ++i) derived[i] = result[i];
}

template <class M> const char* check(const double* params) {
  using P = typename M::template params<double>;
  if constexpr (requires(const P& p) { M::check(p); })
    return M::check(from_values<P>(params));
  else
    return nullptr;
}

/// What M::step returns; More: draws<V>& where it takes some.
template <class M, class V, class... More> using stepped = decltype(M::step(
    std::declval<const typename M::template params<V>&>(), std::declval<const typename M::template derived<V>&>(),
    std::declval<typename M::template state<V>&>(), std::declval<const typename M::template input<V>&>(),
    std::declval<More>()...));

template <class M> constexpr emission emission_of() {
  if constexpr (requires { typename stepped<M, double>; })
    return std::is_same_v<stepped<M, double>, double> ? emission::counts : emission::spikes;
  else
    return std::is_same_v<stepped<M, double, draws<double>&>, double> ? emission::counts : emission::spikes;
}

}  // namespace detail

namespace detail {

template <class M> constexpr refusal refusal_by() {
  if constexpr (requires { M::refuses_with; })
    return M::refuses_with;
  else
    return refusal::BadProperty;
}

template <class M> constexpr bool takes_meters() {
  if constexpr (requires { M::takes_meters; }) return M::takes_meters;
  for (const field& f : M::fields)
    if (f.is_recordable) return true;
  return false;
}

template <class M> constexpr std::int16_t threshold_of() {
  if constexpr (requires { M::threshold_member; })
    return column_of(M::threshold_member);
  else
    return field::nowhere;
}

}  // namespace detail

template <class M> neuron_model describe_neuron(std::uint32_t loop) {
  static_assert(consistent(M::fields), "`below` compares members that are stored relative to the same parameter");
  return {.name = M::name,
          .meaning = M::meaning,
          .fields = M::fields,
          .channels = M::channels,
          .default_params = detail::defaults_of<typename M::template params<double>>,
          .default_state = detail::defaults_of<typename M::template state<double>>,
          .derived = columns_of<typename M::template derived<double>>,
          .inputs = columns_of<typename M::template input<double>>,
          .emits = detail::emission_of<M>(),
          .loop = loop,
          .calibrate = detail::calibrate<M>,
          .check = detail::check<M>,
          .refuses_with = detail::refusal_by<M>(),
          .takes_meters = detail::takes_meters<M>(),
          .threshold = detail::threshold_of<M>()};
}

}  // namespace volley::models
