// Spike-timing dependent plasticity with all-to-all pairs and power-law weight dependence (Guetig et al. 2003); all
// parameters belong to the model.
//
//   the target spikes:  w / Wmax grows by lambda (1 - w / Wmax)^mu_plus Kplus, to 1 at most
//   the source spikes:  w / Wmax shrinks by alpha lambda (w / Wmax)^mu_minus K_minus, to 0 at most
//   Kplus' = -Kplus / tau_plus, + 1 with each spike of the source
//   K_minus: the same of the target's spikes, with its tau_minus
#pragma once
#include "models/core/lanes.hpp"
#include "models/core/math.hpp"
#include "models/core/synapse.hpp"

namespace volley::synapses {
using namespace models::declare;

struct stdp_synapse_hom {
  template <class V> struct params {
    V tau_plus = 20, lambda = 0.01, alpha = 1, mu_plus = 1, mu_minus = 1, Wmax = 100;
  };
  template <class V> struct traces { V Kplus = 0; };
  using P = params<double>;
  using T = traces<double>;

  static constexpr std::string_view name = "stdp_synapse_hom";
  static constexpr std::string_view meaning =
      "spike-timing dependent plasticity, all pairs, power-law weight dependence, equal parameters";
  static constexpr bool common_parameters = true, common_weight = false;
  static constexpr auto variants = labelled | compact;
  static constexpr auto fields =
      table(param("tau_plus", &P::tau_plus, ms, "time constant of potentiation"),
            param("lambda", &P::lambda, none, "step size"),
            param("alpha", &P::alpha, none, "depression relative to potentiation"),
            param("mu_plus", &P::mu_plus, none, "weight dependence exponent of potentiation"),
            param("mu_minus", &P::mu_minus, none, "weight dependence exponent of depression"),
            param("Wmax", &P::Wmax, none, "maximal weight"),
            variable("Kplus", &T::Kplus, none, "trace of the source's spikes"));
  static_assert(models::covers<P>(fields, models::part::params) && models::covers<T>(fields, models::part::state));

  static const char* check(const P&, const T&, double) { return nullptr; }

  template <class V> static traces<V> decayed(const params<V>& p, const traces<V>& k, V since_pre_ms) {
    return {k.Kplus * models::exp(since_pre_ms * (-1.0 / p.tau_plus))};
  }

  template <class V> static V on_post(const params<V>& p, const traces<V>& k, V weight) {
    const V w = weight / p.Wmax;
    const V grown = w + p.lambda * models::pow(1 - w, p.mu_plus) * k.Kplus;
    return models::select(grown < 1, grown * p.Wmax, p.Wmax);
  }

  template <class V> static V on_pre(const params<V>& p, const traces<V>&, V weight, V K_minus) {
    const V w = weight / p.Wmax;
    const V shrunk = w - p.alpha * p.lambda * models::pow(w, p.mu_minus) * K_minus;
    return models::select(shrunk > 0, shrunk * p.Wmax, V(0));
  }

  template <class V> static traces<V> after_pre(const params<V>&, const traces<V>& k) { return {k.Kplus + 1}; }
};

}  // namespace volley::synapses
