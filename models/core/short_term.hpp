// Short-term plasticity of what a source's spikes release, as several synapse models have it.
#pragma once
#include "models/core/field_table.hpp"
#include "models/core/math.hpp"
#include "models/core/propagators.hpp"

namespace volley::models {

/// What is left after t_ms of something that decays with tau_ms; nothing where that is 0.
template <class V> V left_after(V t_ms, V tau_ms) { return select(tau_ms == 0.0, V(0.0), exp(-t_ms / tau_ms)); }

/// Resources that are recovered (x), active (y) or inactive (z = 1 - x - y), and the share u of the recovered ones that
/// a spike makes active (Tsodyks, Uziel & Markram 2000, eqs. 3 and 4): what models of them have in common.
struct three_states {
  template <class V> struct params { V U = 0.5, tau_psc = 3, tau_rec = 800, tau_fac = 0; };
  template <class V> struct traces { V x = 1, y = 0, u = 0; };
  using P = params<double>;
  using T = traces<double>;

  /// All rows; `options` are bounds of u.
  template <class... Options> static constexpr auto rows(Options... options) {
    using namespace declare;
    return table(param("U", &P::U, none, "what a spike adds to u, as a share of 1 - u", non_negative, at_most(1)),
                 param("tau_psc", &P::tau_psc, ms, "time constant of active resources", positive),
                 param("tau_rec", &P::tau_rec, ms, "time constant of recovery", positive),
                 param("tau_fac", &P::tau_fac, ms, "time constant of facilitation; 0 for none", non_negative),
                 variable("x", &T::x, none, "share of the resources that is recovered"),
                 variable("y", &T::y, none, "share of the resources that is active"),
                 variable("u", &T::u, none, "share of the recovered that a spike uses", options...));
  }

  static const char* check(const P&, const T& k, double) { return k.x + k.y > 1 ? "x + y must be <= 1" : nullptr; }

  /// What is active becomes inactive, what is inactive recovers.
  template <class V> static traces<V> decayed(const params<V>& p, const traces<V>& k, V since_last_ms) {
    const V difference = -abs(since_last_ms / p.tau_rec - since_last_ms / p.tau_psc);
    const V slower = exp(-since_last_ms / max(p.tau_rec, p.tau_psc));
    const V passed_on = since_last_ms / p.tau_psc * slower *  // of what was active
                        select(difference == 0.0, V(1.0), expm1(difference) / difference);
    const V y = k.y * exp(-since_last_ms / p.tau_psc);
    const V z = (1.0 - k.x - k.y) * exp(-since_last_ms / p.tau_rec) + k.y * passed_on;
    return {.x = 1.0 - y - z, .y = y, .u = k.u * left_after<V>(since_last_ms, p.tau_fac)};
  }
  template <class V> static V used_share(const params<V>& p, const traces<V>& k) { return k.u + p.U * (1.0 - k.u); }
  template <class V> static traces<V> after_pre(const params<V>& p, const traces<V>& k) {
    const V share = used_share<V>(p, k), released = share * k.x;
    return {.x = k.x - released, .y = k.y + released, .u = share};
  }
  static double release(const P& p, const T& k) { return used_share<double>(p, k) * k.x; }
};

/// The share of the resources that a spike uses, from that of the spike before (Fuhrmann et al. 2002, eq. 4).
inline double next_share(double share, double U, double tau_fac_ms, double since_last_ms) {
  return U + share * (1 - U) * left_after(since_last_ms, tau_fac_ms);
}

}  // namespace volley::models
