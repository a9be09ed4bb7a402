// Leaky integrate-and-fire neuron of three compartments in a row, soma, proximal and distal dendrite, with alpha-shaped
// synaptic conductances that peak at the weight (Meffin, Burkitt & Grayden 2004). Integrated by an adaptive
// Runge-Kutta-Fehlberg 4(5) scheme.
//
//   of each compartment c, with a conductance g_cn to each of its neighbours n (g_sp, g_pd):
//   C_m V_m' = -g_L (V_m - E_L) - g_ex (V_m - E_ex) - g_in (V_m - E_in) - sum over n of g_cn (V_m - V_m of n)
//              + I_stim + I_e
//   g_s' = dg_s - g_s / tau_syn_s;  dg_s' = -dg_s / tau_syn_s;  dg_s jumps by e w / tau_syn_s with each spike
//   V_m of the soma >= V_th: a spike, then it is V_reset for t_ref, and those of the dendrites stay where they are
#pragma once
#include <numbers>

#include "models/core/groups.hpp"
#include "models/core/neuron.hpp"
#include "models/core/rkf45.hpp"

namespace volley::neurons {
using namespace models::declare;

struct iaf_cond_alpha_mc {
  template <class V> struct compartment {
    V g_L = 10, C_m = 150, E_ex = 0, E_in = -85, E_L = -70, tau_syn_ex = 0.5, tau_syn_in = 2, I_e = 0;
  };
  template <class V> struct compartment_state { V V_m = -70, dg_ex = 0, g_ex = 0, dg_in = 0, g_in = 0, I_stim = 0; };
  template <class V> struct compartment_derived { V per_C_m, rate_ex, rate_in, jump_ex, jump_in; };

  template <class V> struct params {
    V V_th = -55, V_reset = -60, t_ref = 2, g_sp = 2.5, g_pd = 1;
    compartment<V> soma{}, proximal{.g_L = 5, .C_m = 75}, distal{};
  };
  template <class V> struct state {
    V refractory = 0, sub_step = 0;
    compartment_state<V> soma{}, proximal{}, distal{};
  };
  template <class V> struct derived {
    V refractory, h;
    compartment_derived<V> soma, proximal, distal;
  };
  template <class V> struct input {
    V soma_ex, soma_in, proximal_ex, proximal_in, distal_ex, distal_in, soma_current, proximal_current, distal_current;
  };
  using C = compartment<double>;
  using CS = compartment_state<double>;
  using P = params<double>;
  using S = state<double>;
  using D = derived<double>;
  using I = input<double>;

  static constexpr double tolerance = 1e-3;  // mV, nS and nS/ms per sub-step
  static double t_ref_remaining(const P&, const D& d, const S& s) { return s.refractory * d.h; }

  static constexpr std::string_view name = "iaf_cond_alpha_mc";
  static constexpr std::string_view meaning = "leaky integrate-and-fire neuron of three compartments with conductances";
  static constexpr auto of_compartment =
      table(param("g_L", &C::g_L, nS, "leak conductance"), param("C_m", &C::C_m, pF, "capacitance", positive),
            param("E_ex", &C::E_ex, mV, "excitatory reversal potential"),
            param("E_in", &C::E_in, mV, "inhibitory reversal potential"),
            param("E_L", &C::E_L, mV, "leak reversal potential"),
            param("tau_syn_ex", &C::tau_syn_ex, ms, "rise time of the excitatory conductance", positive),
            param("tau_syn_in", &C::tau_syn_in, ms, "rise time of the inhibitory conductance", positive),
            param("I_e", &C::I_e, pA, "constant input current"), variable("V_m", &CS::V_m, mV, "potential", recordable),
            internal("dg_ex", &CS::dg_ex, "nS/ms", "slope of the excitatory conductance before it falls"),
            internal("g_ex", &CS::g_ex, nS, "excitatory conductance", recordable),
            internal("dg_in", &CS::dg_in, "nS/ms", "slope of the inhibitory conductance before it falls"),
            internal("g_in", &CS::g_in, nS, "inhibitory conductance", recordable),
            internal("I_stim", &CS::I_stim, pA, "current that arrived in the last step"));
  static constexpr auto fields =
      join(table(param("V_th", &P::V_th, mV, "spike threshold of the soma"),
                 param("V_reset", &P::V_reset, mV, "reset potential of the soma", below(&P::V_th)),
                 param("t_ref", &P::t_ref, ms, "refractory period", non_negative),
                 param("g_sp", &P::g_sp, nS, "conductance between soma and proximal dendrite"),
                 param("g_pd", &P::g_pd, nS, "conductance between proximal and distal dendrite"),
                 computed<t_ref_remaining>("t_ref_remaining", ms, "refractory time left", recordable),
                 internal("refractory", &S::refractory, none, "steps of refractoriness left"),
                 internal("sub_step", &S::sub_step, ms, "size of the integrator's last sub-step")),
           group<of_compartment, 's'>("soma", "the soma", &P::soma, &S::soma),
           group<of_compartment, 'p'>("proximal", "the proximal dendrite", &P::proximal, &S::proximal),
           group<of_compartment, 'd'>("distal", "the distal dendrite", &P::distal, &S::distal));
  static_assert(covers<P>(fields, part::params) && covers<S>(fields, part::state));

  static constexpr auto receptor_types = names_of_receptors(
      receptor_name{"soma_exc", 1}, receptor_name{"soma_inh", 2}, receptor_name{"proximal_exc", 3},
      receptor_name{"proximal_inh", 4}, receptor_name{"distal_exc", 5}, receptor_name{"distal_inh", 6},
      receptor_name{"soma_curr", 7}, receptor_name{"proximal_curr", 8}, receptor_name{"distal_curr", 9});
  static constexpr auto channels =
      inputs(sum(&I::soma_ex, 1), sum(&I::soma_in, 2), sum(&I::proximal_ex, 3), sum(&I::proximal_in, 4),
             sum(&I::distal_ex, 5), sum(&I::distal_in, 6), current(7, &I::soma_current),
             current(8, &I::proximal_current), current(9, &I::distal_current));

  static compartment_derived<double> calibrate_compartment(const C& c) {
    using std::numbers::e;
    return {1 / c.C_m, 1 / c.tau_syn_ex, 1 / c.tau_syn_in, e / c.tau_syn_ex, e / c.tau_syn_in};
  }
  static D calibrate(const P& p, resolution h) {
    return {h.steps(p.t_ref), h.ms, calibrate_compartment(p.soma), calibrate_compartment(p.proximal),
            calibrate_compartment(p.distal)};
  }

  static constexpr std::size_t unknowns = 5;  // of a compartment: V_m, dg_ex, g_ex, dg_in, g_in
  template <class V> using all = std::array<V, 3 * unknowns>;

  /// Puts the slopes of a compartment at V_m, whose neighbours take the current `lost`.
  template <class V> static void slope_of(const compartment<V>& p, const compartment_derived<V>& d,
                                          const compartment_state<V>& s, mask_of<V> resting, V V_m, const V* y, V lost,
                                          V* to) {
    const V dg_ex = y[1], g_ex = y[2], dg_in = y[3], g_in = y[4];
    const V I = (s.I_stim + p.I_e) - p.g_L * (V_m - p.E_L) - g_ex * (V_m - p.E_ex) - g_in * (V_m - p.E_in) - lost;
    to[0] = select(resting, V(0.0), I * d.per_C_m);
    to[1] = -dg_ex * d.rate_ex;
    to[2] = dg_ex - g_ex * d.rate_ex;
    to[3] = -dg_in * d.rate_in;
    to[4] = dg_in - g_in * d.rate_in;
  }
  /// The end of a step: what arrives acts from the next one on.
  template <class V> static compartment_state<V> arrive(const compartment_derived<V>& d, const V* y, V ex, V in, V I) {
    return {y[0], y[1] + d.jump_ex * ex, y[2], y[3] + d.jump_in * in, y[4], I};
  }

  template <class V> static mask_of<V> step(const params<V>& p, const derived<V>& d, state<V>& s, const input<V>& in) {
    const auto resting = s.refractory > 0;
    const auto slope = [&](const all<V>& y) {
      // What the soma loses stops at the threshold, what its neighbour gets does not: measured on the reference.
      const V v_s = min(y[0], p.V_th), v_p = y[unknowns], v_d = y[2 * unknowns];
      const V to_d = p.g_pd * (v_p - v_d);
      all<V> to;
      slope_of<V>(p.soma, d.soma, s.soma, resting, v_s, &y[0], p.g_sp * (v_s - v_p), &to[0]);
      slope_of<V>(p.proximal, d.proximal, s.proximal, resting, v_p, &y[unknowns], p.g_sp * (v_p - y[0]) + to_d,
                  &to[unknowns]);
      slope_of<V>(p.distal, d.distal, s.distal, resting, v_d, &y[2 * unknowns], -to_d, &to[2 * unknowns]);
      return to;
    };
    const auto &a = s.soma, &b = s.proximal, &c = s.distal;
    all<V> y{a.V_m,   a.dg_ex, a.g_ex, a.dg_in, a.g_in, b.V_m,   b.dg_ex, b.g_ex,
             b.dg_in, b.g_in,  c.V_m,  c.dg_ex, c.g_ex, c.dg_in, c.g_in};
    models::rkf45(y, s.sub_step, d.h, tolerance, slope);
    const auto spike = (y[0] >= p.V_th) & !resting;
    y[0] = select(resting | spike, p.V_reset, y[0]);
    s.refractory = select(spike, d.refractory, max(s.refractory - 1, 0));
    s.soma = arrive<V>(d.soma, &y[0], in.soma_ex, in.soma_in, in.soma_current);
    s.proximal = arrive<V>(d.proximal, &y[unknowns], in.proximal_ex, in.proximal_in, in.proximal_current);
    s.distal = arrive<V>(d.distal, &y[2 * unknowns], in.distal_ex, in.distal_in, in.distal_current);
    return spike;
  }
};

}  // namespace volley::neurons
