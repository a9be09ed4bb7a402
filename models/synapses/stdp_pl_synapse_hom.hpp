// Spike-timing dependent plasticity with power-law potentiation and multiplicative depression (Morrison et al. 2007,
// eq. 5); all parameters belong to the model.
//
//   the target spikes:  w grows by lambda w^mu Kplus
//   the source spikes:  w shrinks by lambda alpha w K_minus, to 0 at most
//   Kplus' = -Kplus / tau_plus, + 1 with each spike of the source
//   K_minus: the same of the target's spikes, with its tau_minus
#pragma once
#include "models/core/lanes.hpp"
#include "models/core/math.hpp"
#include "models/core/synapse.hpp"

namespace volley::synapses {
using namespace models::declare;

struct stdp_pl_synapse_hom {
  template <class V> struct params { V tau_plus = 20, lambda = 0.1, alpha = 1, mu = 0.4; };
  template <class V> struct traces { V Kplus = 0; };
  using P = params<double>;
  using T = traces<double>;

  static constexpr std::string_view name = "stdp_pl_synapse_hom";
  static constexpr std::string_view meaning = "spike-timing dependent plasticity with power-law potentiation";
  static constexpr bool common_parameters = true, common_weight = false;
  static constexpr auto variants = labelled | compact;
  static constexpr auto fields = table(param("tau_plus", &P::tau_plus, ms, "time constant of potentiation", positive),
                                       param("lambda", &P::lambda, none, "step size"),
                                       param("alpha", &P::alpha, none, "depression relative to potentiation"),
                                       param("mu", &P::mu, none, "weight dependence exponent of potentiation"),
                                       variable("Kplus", &T::Kplus, none, "trace of the source's spikes"));
  static_assert(models::covers<P>(fields, models::part::params) && models::covers<T>(fields, models::part::state));

  static const char* check(const P&, const T&, double) { return nullptr; }

  template <class V> static traces<V> decayed(const params<V>& p, const traces<V>& k, V since_pre_ms) {
    return {k.Kplus * models::exp(since_pre_ms * (-1.0 / p.tau_plus))};
  }

  template <class V> static V on_post(const params<V>& p, const traces<V>& k, V weight) {
    return weight + p.lambda * models::pow(weight, p.mu) * k.Kplus;
  }

  template <class V> static V on_pre(const params<V>& p, const traces<V>&, V weight, V K_minus) {
    const V shrunk = weight - weight * p.lambda * p.alpha * K_minus;
    return models::select(shrunk > 0, shrunk, V(0));
  }

  template <class V> static traces<V> after_pre(const params<V>&, const traces<V>& k) { return {k.Kplus + 1}; }
};

}  // namespace volley::synapses
