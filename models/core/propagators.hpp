// Exact propagators of a leaky membrane driven by exponential and alpha-shaped currents over one step (Rotter &
// Diesmann 1999), in forms that stay accurate when the time constants are equal or nearly so. V: a single number.
#pragma once
#include <type_traits>

#include "models/core/math.hpp"

namespace volley::models {

namespace detail {

/// Integral of u e^(x u) over u in [0, 1], for x <= 0.
template <value_like V> V first_moment(V x) {
  if (x < -0.5) return (exp(x) * (x - 1.0) + 1.0) / (x * x);
  V sum = 0.0, power = 1.0;
  for (int k = 0; k < 16; ++k) {
    sum += power / static_cast<double>(k + 2);
    power *= x / static_cast<double>(k + 1);
  }
  return sum;
}

}  // namespace detail

/// mV at the end of a step per pA of an exponential current at its begin.
template <value_like V> V propagator_exp(V tau_syn_ms, std::type_identity_t<V> tau_m_ms, std::type_identity_t<V> C_m_pF,
                                         std::type_identity_t<V> h_ms) {
  const V x = h_ms / tau_m_ms - h_ms / tau_syn_ms;
  const V decay = exp(-h_ms / (x < 0.0 ? tau_m_ms : tau_syn_ms));  // the slower of the two: nothing overflows
  const V lag = x < 0.0 ? x : -x;
  return h_ms / C_m_pF * decay * (lag == 0.0 ? V(1.0) : expm1(lag) / lag);
}

/// mV at the end of a step per pA/ms of the derivative of an alpha-shaped current at its begin.
template <value_like V> V propagator_alpha(V tau_syn_ms, std::type_identity_t<V> tau_m_ms,
                                           std::type_identity_t<V> C_m_pF, std::type_identity_t<V> h_ms) {
  const V x = h_ms / tau_m_ms - h_ms / tau_syn_ms;
  const V decay = exp(-h_ms / (x < 0.0 ? tau_m_ms : tau_syn_ms));
  // Seen from the other end of the step the weight is 1 - u.
  if (x < 0.0) return h_ms * h_ms / C_m_pF * decay * detail::first_moment(x);
  const V shape = x == 0.0 ? V(0.5) : -expm1(-x) / x - detail::first_moment(-x);
  return h_ms * h_ms / C_m_pF * decay * shape;
}

/// Peak of (exp(-t / decay) - exp(-t / rise)) / (1 / rise - 1 / decay), whose limit for equal times is t exp(-t /
/// decay): there the slope exp(-t / decay) is what decays, the value / rise.
inline double beta_peak(double tau_rise_ms, double tau_decay_ms) {
  const double share = tau_decay_ms / tau_rise_ms;
  return tau_rise_ms * exp(share == 1 ? -1.0 : -log(share) / (share - 1));
}

}  // namespace volley::models
