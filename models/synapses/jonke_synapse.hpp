// Spike-timing dependent plasticity with exponential weight dependence and an offset of each update (Jonke et al. 2017;
// Nessler et al. 2013); all parameters belong to the model.
//
//   the target spikes:  w changes by lambda (exp(mu_plus w) Kplus - beta)
//   the source spikes:  w changes by -lambda (alpha exp(mu_minus w) K_minus + beta)
//   w stays between 0 and Wmax
//   Kplus' = -Kplus / tau_plus, + 1 with each spike of the source
//   K_minus: the same of the target's spikes, with its tau_minus
#pragma once
#include "models/core/lanes.hpp"
#include "models/core/math.hpp"
#include "models/core/synapse.hpp"

namespace volley::synapses {
using namespace models::declare;

struct jonke_synapse {
  template <class V> struct params {
    V tau_plus = 20, lambda = 0.01, alpha = 1, beta = 0, mu_plus = 0, mu_minus = 0, Wmax = 100;
  };
  template <class V> struct traces { V Kplus = 0; };
  using P = params<double>;
  using T = traces<double>;

  static constexpr std::string_view name = "jonke_synapse";
  static constexpr std::string_view meaning =
      "spike-timing dependent plasticity with exponential weight dependence and an offset";
  static constexpr bool common_parameters = true, common_weight = false;
  static constexpr auto variants = labelled | compact;
  static constexpr auto fields =
      table(param("tau_plus", &P::tau_plus, ms, "time constant of potentiation"),
            param("lambda", &P::lambda, none, "step size"),
            param("alpha", &P::alpha, none, "depression relative to potentiation"),
            param("beta", &P::beta, none, "what each update takes off, in steps"),
            param("mu_plus", &P::mu_plus, none, "weight dependence exponent of potentiation"),
            param("mu_minus", &P::mu_minus, none, "weight dependence exponent of depression"),
            param("Wmax", &P::Wmax, none, "maximal weight"),
            variable("Kplus", &T::Kplus, none, "trace of the source's spikes", non_negative));
  static_assert(models::covers<P>(fields, models::part::params) && models::covers<T>(fields, models::part::state));

  static const char* check(const P&, const T&, double) { return nullptr; }

  template <class V> static traces<V> decayed(const params<V>& p, const traces<V>& k, V since_pre_ms) {
    return {k.Kplus * models::exp(since_pre_ms * (-1.0 / p.tau_plus))};
  }

  template <class V> static V bounded(const params<V>& p, V weight) {
    const V above = models::select(weight > 0, weight, V(0));
    return models::select(above < p.Wmax, above, p.Wmax);
  }

  template <class V> static V on_post(const params<V>& p, const traces<V>& k, V weight) {
    return bounded(p, weight + p.lambda * (models::exp(p.mu_plus * weight) * k.Kplus - p.beta));
  }

  template <class V> static V on_pre(const params<V>& p, const traces<V>&, V weight, V K_minus) {
    return bounded(p, weight - p.lambda * (p.alpha * models::exp(p.mu_minus * weight) * K_minus + p.beta));
  }

  template <class V> static traces<V> after_pre(const params<V>&, const traces<V>& k) { return {k.Kplus + 1}; }
};

}  // namespace volley::synapses
