// Short-term depression and facilitation (Tsodyks, Uziel & Markram 2000): each spike uses part of the resources of its
// source, which are active for a while and then recover.
//
//   x + y + z = 1: resources that are recovered, active, inactive
//   between spikes:     x' = z / tau_rec,  y' = -y / tau_psc,  u' = -u / tau_fac (0 where tau_fac is)
//   the source spikes:  u grows by U (1 - u); then u x becomes active, and weight u x is transmitted
#pragma once
#include "models/core/short_term.hpp"
#include "models/core/synapse.hpp"

namespace volley::synapses {
using namespace models::declare;

struct tsodyks_synapse {
  template <class V> struct params { V U = 0.5, tau_psc = 3, tau_rec = 800, tau_fac = 0; };
  template <class V> struct traces { V x = 1, y = 0, u = 0; };
  using P = params<double>;
  using T = traces<double>;
  using resources = models::three_states<P, T>;

  static constexpr std::string_view name = "tsodyks_synapse";
  static constexpr std::string_view meaning = "short-term depression and facilitation with three states of resources";
  static constexpr bool common_parameters = false, common_weight = false;
  static constexpr auto variants = labelled | compact;
  static constexpr auto fields =
      table(param("U", &P::U, none, "what a spike adds to u, as a share of 1 - u", non_negative, at_most(1)),
            param("tau_psc", &P::tau_psc, ms, "time constant of active resources", positive),
            param("tau_rec", &P::tau_rec, ms, "time constant of recovery", positive),
            param("tau_fac", &P::tau_fac, ms, "time constant of facilitation; 0 for none", non_negative),
            variable("x", &T::x, none, "share of the resources that is recovered"),
            variable("y", &T::y, none, "share of the resources that is active"),
            variable("u", &T::u, none, "share of the recovered that a spike uses", non_negative, at_most(1)));
  static_assert(models::covers<P>(fields, models::part::params) && models::covers<T>(fields, models::part::state));

  static const char* check(const P&, const T& k, double) { return k.x + k.y > 1 ? "x + y must be <= 1" : nullptr; }

  static T decayed(const P& p, const T& k, double since_last_ms) {
    return resources::without_spikes(p, k, since_last_ms);
  }
  static double release(const P& p, const T& k) { return resources::released(p, k); }
  static T after_pre(const P& p, const T& k) { return resources::after_spike(p, k); }
};

}  // namespace volley::synapses
