// Leaky membrane with exponential synaptic currents that is never reset. Its threshold follows the potential, and each
// spike raises it on two time scales (Yamauchi, Kim & Shinomoto 2011). Integrated exactly (Rotter & Diesmann 1999).
//
//   V_m' = -(V_m - E_L) / tau_m + (I_syn_ex + I_syn_in + I_stim + I_e) / C_m
//   I_syn_s' = -I_syn_s / tau_syn_s;  I_syn_s jumps by w with each spike
//   V_th = omega + V_th_alpha_1 + V_th_alpha_2 + V_th_v;  V_th_alpha_i' = -V_th_alpha_i / tau_i
//   V_th_v(t) = beta times the integral of s exp(-s / tau_v) V_m'(t - s) over s >= 0
//   V_m >= V_th: a spike, if the last one is t_ref ago;  V_th_alpha_i jumps by alpha_i
#pragma once
#include "models/core/neuron.hpp"
#include "models/core/propagators.hpp"

namespace volley::neurons {
using namespace models::declare;

struct amat2_psc_exp {
  template <class V> struct params {
    V tau_m = 10, C_m = 200, t_ref = 2, E_L = -70, I_e = 0, tau_syn_ex = 1, tau_syn_in = 3;
    V tau_1 = 10, tau_2 = 200, tau_v = 5, alpha_1 = 10, alpha_2 = 0, beta = 0, omega = 5;
  };
  // th_v is the slope of the potential seen through beta s exp(-s / tau_v), dth_v through beta exp(-s / tau_v).
  template <class V> struct state {
    V V_m = 0, I_ex = 0, I_in = 0, th_1 = 0, th_2 = 0, dth_v = 0, th_v = 0, I_stim = 0, silent = 0;
  };
  template <class V> struct row { V dc, ex, in, V_m; };  // what a step adds for each unit of these at its begin
  template <class V> struct derived {
    row<V> to_V, to_dth, to_th;
    V decay_ex, decay_in, decay_1, decay_2, decay_v, th_from_dth, silent;
  };
  template <class V> struct input { V ex, in, current; };
  using P = params<double>;
  using S = state<double>;
  using I = input<double>;

  static double threshold(const P& p, const S& s) { return p.E_L + p.omega + s.th_1 + s.th_2 + s.th_v; }

  static constexpr std::string_view name = "amat2_psc_exp";
  static constexpr std::string_view meaning =
      "neuron without reset, with a threshold that follows the potential and adapts on two time scales";
  static constexpr auto fields =
      table(param("tau_m", &P::tau_m, ms, "membrane time constant", positive),
            param("C_m", &P::C_m, pF, "membrane capacitance", positive),
            param("t_ref", &P::t_ref, ms, "time after a spike without another", positive),
            param("E_L", &P::E_L, mV, "resting potential"), param("I_e", &P::I_e, pA, "constant input current"),
            param("tau_syn_ex", &P::tau_syn_ex, ms, "decay time of excitatory currents", positive),
            param("tau_syn_in", &P::tau_syn_in, ms, "decay time of inhibitory currents", positive),
            param("tau_1", &P::tau_1, ms, "decay time of the threshold's fast part", positive),
            param("tau_2", &P::tau_2, ms, "decay time of the threshold's slow part", positive),
            param("tau_v", &P::tau_v, ms, "time constant of the part that follows the potential", positive),
            param("alpha_1", &P::alpha_1, mV, "jump of the fast part at a spike"),
            param("alpha_2", &P::alpha_2, mV, "jump of the slow part at a spike"),
            param("beta", &P::beta, "1/ms", "weight of the part that follows the potential"),
            param("omega", &P::omega, mV, "threshold at rest", relative_to(&P::E_L)),
            variable("V_m", &S::V_m, mV, "membrane potential", relative_to(&P::E_L), recordable),
            computed<threshold>("V_th", mV, "threshold", recordable),
            variable("V_th_alpha_1", &S::th_1, mV, "fast part of the threshold"),
            variable("V_th_alpha_2", &S::th_2, mV, "slow part of the threshold"),
            variable("V_th_v", &S::th_v, mV, "part of the threshold that follows the potential", recordable),
            internal("V_th_dv", &S::dth_v, "mV/ms", "its slope before decay"),
            internal("I_syn_ex", &S::I_ex, pA, "excitatory synaptic current", recordable),
            internal("I_syn_in", &S::I_in, pA, "inhibitory synaptic current", recordable),
            internal("I_stim", &S::I_stim, pA, "current that arrived in the last step"),
            internal("silent", &S::silent, none, "steps without a spike left"));
  static_assert(covers<P>(fields, part::params) && covers<S>(fields, part::state));
  static constexpr auto channels = inputs(by_sign(&I::ex, &I::in), current(&I::current));

  static const char* check(const P& p) {
    const auto is_of_current = [&](double tau) { return tau == p.tau_syn_ex || tau == p.tau_syn_in; };
    if (is_of_current(p.tau_m)) return "tau_m must differ from tau_syn_ex and tau_syn_in";
    return p.tau_v == p.tau_m || is_of_current(p.tau_v) ? "tau_v must differ from tau_m, tau_syn_ex and tau_syn_in"
                                                        : nullptr;
  }

  static derived<double> calibrate(const P& p, resolution h) {
    // Slopes of the potential that begin as 1 and decay with tau, seen through one of the kernels of the state.
    const auto seen = [&](auto through) -> row<double> {
      const double leak = through(p.tau_m);
      const auto current = [&](double tau) {
        return (leak / p.tau_m - through(tau) / tau) / ((1 / p.tau_m - 1 / tau) * p.C_m);
      };
      return {leak / p.C_m, current(p.tau_syn_ex), current(p.tau_syn_in), -leak / p.tau_m};
    };
    const double decay_v = exp(-h.ms / p.tau_v);
    return {
        .to_V = {-p.tau_m / p.C_m * expm1(-h.ms / p.tau_m), models::propagator_exp(p.tau_syn_ex, p.tau_m, p.C_m, h.ms),
                 models::propagator_exp(p.tau_syn_in, p.tau_m, p.C_m, h.ms), exp(-h.ms / p.tau_m)},
        .to_dth = seen([&](double tau) { return p.beta * models::propagator_exp(tau, p.tau_v, 1, h.ms); }),
        .to_th = seen([&](double tau) { return p.beta * models::propagator_alpha(p.tau_v, tau, 1, h.ms); }),
        .decay_ex = exp(-h.ms / p.tau_syn_ex),
        .decay_in = exp(-h.ms / p.tau_syn_in),
        .decay_1 = exp(-h.ms / p.tau_1),
        .decay_2 = exp(-h.ms / p.tau_2),
        .decay_v = decay_v,
        .th_from_dth = h.ms * decay_v,
        .silent = h.steps(p.t_ref)};
  }

  template <class V> static mask_of<V> step(const params<V>& p, const derived<V>& d, state<V>& s, const input<V>& in) {
    const V I = s.I_stim + p.I_e;
    const auto moved = [&](const row<V>& to) { return to.dc * I + (to.ex * s.I_ex + to.in * s.I_in) + to.V_m * s.V_m; };
    s.th_v = moved(d.to_th) + (d.th_from_dth * s.dth_v + d.decay_v * s.th_v);
    s.dth_v = moved(d.to_dth) + d.decay_v * s.dth_v;
    s.V_m = moved(d.to_V);
    s.I_ex = in.ex + d.decay_ex * s.I_ex;
    s.I_in = in.in + d.decay_in * s.I_in;
    s.I_stim = in.current;
    s.th_1 = d.decay_1 * s.th_1;
    s.th_2 = d.decay_2 * s.th_2;
    const auto spike = (s.V_m >= p.omega + s.th_1 + s.th_2 + s.th_v) & !(s.silent > 0);
    s.silent = select(spike, d.silent, max(s.silent - 1, 0));
    s.th_1 = select(spike, s.th_1 + p.alpha_1, s.th_1);
    s.th_2 = select(spike, s.th_2 + p.alpha_2, s.th_2);
    return spike;
  }
};

}  // namespace volley::neurons
