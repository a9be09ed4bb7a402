// Short-term depression and facilitation from spike to spike (Tsodyks & Markram 1997; Fuhrmann et al. 2002, eqs. 4 and
// 5; Maass & Markram 2002).
//
//   each spike of the source but the first, t after the one before:
//     x = 1 + (x - x u - 1) exp(-t / tau_rec)
//     u = U + u (1 - U) exp(-t / tau_fac), U where tau_fac is 0
//   at each spike weight u x is transmitted
#pragma once
#include "models/core/short_term.hpp"
#include "models/core/synapse.hpp"

namespace volley::synapses {
using namespace models::declare;

struct tsodyks2_synapse {
  template <class V> struct params { V U = 0.5, tau_rec = 800, tau_fac = 0; };
  template <class V> struct traces { V x = 1, u = 0.5; };
  using P = params<double>;
  using T = traces<double>;

  static constexpr std::string_view name = "tsodyks2_synapse";
  static constexpr std::string_view meaning = "short-term depression and facilitation from spike to spike";
  static constexpr bool common_parameters = false, common_weight = false;
  static constexpr auto variants = labelled | compact;
  static constexpr bool waits_for_first_spike = true;
  static constexpr auto fields =
      table(param("U", &P::U, none, "share of the resources that a spike uses, without facilitation", non_negative,
                  at_most(1)),
            param("tau_rec", &P::tau_rec, ms, "time constant of recovery", positive),
            param("tau_fac", &P::tau_fac, ms, "time constant of facilitation; 0 for none", non_negative),
            variable("x", &T::x, none, "share of the resources that is there at a spike"),
            variable("u", &T::u, none, "share of these that the spike uses", non_negative, at_most(1)));
  static_assert(models::covers<P>(fields, models::part::params) && models::covers<T>(fields, models::part::state));

  static const char* check(const P&, const T&, double) { return nullptr; }

  static T decayed(const P& p, const T& k, double since_last_ms) {
    return {.x = 1 + (k.x - k.x * k.u - 1) * models::exp(-since_last_ms / p.tau_rec),
            .u = models::next_share(k.u, p.U, p.tau_fac, since_last_ms)};
  }
  static double release(const P&, const T& k) { return k.u * k.x; }
};

}  // namespace volley::synapses
