// Short-term plasticity of what a source's spikes release, as several synapse models have it.
#pragma once
#include "models/core/math.hpp"
#include "models/core/propagators.hpp"

namespace volley::models {

/// What is left after t_ms of something that decays with tau_ms; nothing where that is 0.
inline double left_after(double t_ms, double tau_ms) { return tau_ms == 0 ? 0.0 : exp(-t_ms / tau_ms); }

/// Resources that are recovered (x), active (y) or inactive (z = 1 - x - y), and the share u of the recovered ones that
/// a spike makes active (Tsodyks, Uziel & Markram 2000, eqs. 3 and 4). P has U and the times tau_psc, tau_rec and
/// tau_fac, T has x, y and u.
template <class P, class T> struct three_states {
  /// After t_ms without a spike: what is active becomes inactive, what is inactive recovers.
  static T without_spikes(const P& p, const T& k, double t_ms) {
    const double passed_on = propagator_exp(p.tau_psc, p.tau_rec, p.tau_psc, t_ms);  // of what was active
    const double y = k.y * exp(-t_ms / p.tau_psc);
    const double z = (1 - k.x - k.y) * exp(-t_ms / p.tau_rec) + k.y * passed_on;
    return {.x = 1 - y - z, .y = y, .u = k.u * left_after(t_ms, p.tau_fac)};
  }

  /// At a spike.
  static double used_share(const P& p, const T& k) { return k.u + p.U * (1 - k.u); }
  static double released(const P& p, const T& k) { return used_share(p, k) * k.x; }
  static T after_spike(const P& p, const T& k) {
    return {.x = k.x - released(p, k), .y = k.y + released(p, k), .u = used_share(p, k)};
  }
};

/// The share of the resources that a spike uses, from that of the spike before (Fuhrmann et al. 2002, eq. 4).
inline double next_share(double share, double U, double tau_fac_ms, double since_last_ms) {
  return U + share * (1 - U) * left_after(since_last_ms, tau_fac_ms);
}

}  // namespace volley::models
