// Neuron of the thalamocortical system (Hill & Tononi 2005) with a threshold that spikes raise, four kinds of receptors
// whose conductances rise and decay, and four intrinsic currents. Currents are counted in mV, conductances without a
// unit. Integrated by an adaptive Runge-Kutta-Fehlberg 4(5) scheme.
//
//   tau_m V_m' = -g_NaL (V_m - E_Na) - g_KL (V_m - E_K) + I_syn + I_NaP + I_KNa + I_T + I_h + I_stim,
//   for t_ref after a spike with -(V_m - E_K) tau_m / tau_spike added
//   theta' = -(theta - theta_eq) / tau_theta;  V_m >= theta: a spike, then both are E_Na
//   I_syn = -sum over r of g_r (V_m - E_rev_r), that of NMDA times m;  g_r peaks at g_peak_r w after a spike
//   g_r' = dg_r - g_r / tau_decay_r;  dg_r' = -dg_r / tau_rise_r
//   m = A m_fast + (1 - A) m_slow,  A = 0.51 - 0.0028 V_m;  m_s' = (m_eq - m_s) / tau_Mg_s, and m_s is m_eq at most
//   m_eq = 1 / (1 + exp(-S_act (V_m - V_act)));  instant_unblock_NMDA: m = m_eq
//   I_NaP = -g_peak m^N (V_m - E_rev),  m = 1 / (1 + exp(-(V_m + 55.7) / 7.7))
//   I_KNa = -g_peak (V_m - E_rev) / (1 + (0.25 / D)^3.5)
//   D' = (D_eq - D) / tau_D,  D_eq = 0.001 + tau_D 0.025 / (1 + exp(-(V_m + 10) / 5))
//   I_T = -g_peak m^N h (V_m - E_rev);  x' = (x_eq - x) / tau_x for m and h
//   m_eq = 1 / (1 + exp(-(V_m + 59) / 6.2)),  h_eq = 1 / (1 + exp((V_m + 83) / 4))
//   tau_m = 0.13 + 0.22 / (exp(-(V_m + 132) / 16.7) + exp((V_m + 16.8) / 18.2))
//   tau_h = 8.2 + (56.6 + 0.27 exp((V_m + 115.2) / 5)) / (1 + exp((V_m + 86) / 3.2))
//   I_h = -g_peak m (V_m - E_rev);  m' = (m_eq - m) / tau,  m_eq = 1 / (1 + exp((V_m + 75) / 5.5)),
//   tau = 1 / (exp(-14.59 - 0.086 V_m) + exp(-1.87 + 0.0701 V_m))
#pragma once
#include "models/core/neuron.hpp"
#include "models/core/propagators.hpp"
#include "models/core/rkf45.hpp"

namespace volley::neurons {
using namespace models::declare;

struct ht_neuron {
  template <class V> struct params {
    V E_Na = 30, E_K = -90, g_NaL = 0.2, g_KL = 1, tau_m = 16, theta_eq = -51, tau_theta = 2, tau_spike = 1.75;
    V t_ref = 2;
    V g_peak_AMPA = 0.1, tau_rise_AMPA = 0.5, tau_decay_AMPA = 2.4, E_rev_AMPA = 0;
    V g_peak_NMDA = 0.075, tau_rise_NMDA = 4, tau_decay_NMDA = 40, E_rev_NMDA = 0, V_act_NMDA = -25.57;
    V S_act_NMDA = 0.081, tau_Mg_slow_NMDA = 22.7, tau_Mg_fast_NMDA = 0.68, instant_unblock_NMDA = 0;
    V g_peak_GABA_A = 0.33, tau_rise_GABA_A = 1, tau_decay_GABA_A = 7, E_rev_GABA_A = -70;
    V g_peak_GABA_B = 0.0132, tau_rise_GABA_B = 60, tau_decay_GABA_B = 200, E_rev_GABA_B = -90;
    V g_peak_NaP = 1, E_rev_NaP = 30, N_NaP = 3, g_peak_KNa = 1, E_rev_KNa = -90, tau_D_KNa = 1250;
    V g_peak_T = 1, E_rev_T = 0, N_T = 2, g_peak_h = 1, E_rev_h = -40, voltage_clamp = 0;
  };
  template <class V> struct state {
    V V_m = -70, theta = -51;
    V dg_AMPA = 0, g_AMPA = 0, dg_NMDA = 0, G_NMDA = 0, dg_GABA_A = 0, g_GABA_A = 0, dg_GABA_B = 0, g_GABA_B = 0;
    // In equilibrium at -70 mV.
    V m_fast = 0.026627301184638463, m_slow = 0.026627301184638463, m_h = 0.2871859013825026;
    V D = 0.00119200545631921, m_T = 0.1450215950687922, h_T = 0.03732688734412946;
    V I_NaP = 0, I_KNa = 0, I_T = 0, I_h = 0, I_stim = 0, refractory = 0, sub_step = 0;
  };
  template <class V> struct synapse { V rise, decay, jump; };  // rates, and what dg jumps by
  template <class V> struct derived {
    synapse<V> AMPA, NMDA, GABA_A, GABA_B;
    V per_tau_m, per_tau_theta, per_tau_spike, per_tau_slow, per_tau_fast, per_tau_D, refractory, h;
  };
  template <class V> struct input { V AMPA, NMDA, GABA_A, GABA_B, current; };
  using P = params<double>;
  using S = state<double>;
  using D = derived<double>;
  using I = input<double>;

  /// 1 / (1 + exp(-x)).
  template <class V> static V risen(V x) { return 1.0 / (1.0 + exp(-x)); }

  /// The share of NMDA channels that magnesium does not block, and its equilibrium.
  template <class V> struct unblocked { V now, fast, slow, equilibrium; };
  template <class V> static unblocked<V> unblocked_at(const params<V>& p, V V_m, V m_fast, V m_slow) {
    const V m_eq = risen<V>(p.S_act_NMDA * (V_m - p.V_act_NMDA)), share = 0.51 - 0.0028 * V_m;
    const V fast = min(m_fast, m_eq), slow = min(m_slow, m_eq);
    return {select(p.instant_unblock_NMDA > 0, m_eq, share * fast + (1.0 - share) * slow), fast, slow, m_eq};
  }
  static double g_NMDA(const P& p, const D&, const S& s) {
    return s.G_NMDA * unblocked_at<double>(p, s.V_m, s.m_fast, s.m_slow).now;
  }

  static constexpr double tolerance = 1e-3;  // of each unknown per sub-step
  static constexpr refusal refuses_with = refusal::BadParameter;

  static constexpr std::string_view name = "ht_neuron";
  static constexpr std::string_view meaning = "neuron of the thalamocortical system with intrinsic currents";
  static constexpr auto fields = table(
      param("E_Na", &P::E_Na, mV, "reversal potential of sodium; potential of a spike"),
      param("E_K", &P::E_K, mV, "reversal potential of potassium"),
      param("g_NaL", &P::g_NaL, none, "leak conductance of sodium", non_negative),
      param("g_KL", &P::g_KL, none, "leak conductance of potassium", non_negative),
      param("tau_m", &P::tau_m, ms, "membrane time constant", positive),
      param("theta_eq", &P::theta_eq, mV, "threshold of a neuron that does not fire"),
      param("tau_theta", &P::tau_theta, ms, "time constant of the threshold", positive),
      param("tau_spike", &P::tau_spike, ms, "time constant of the current that ends a spike", positive),
      param("t_ref", &P::t_ref, ms, "how long that current flows", non_negative),
      param("g_peak_AMPA", &P::g_peak_AMPA, none, "peak conductance of AMPA receptors", non_negative),
      param("tau_rise_AMPA", &P::tau_rise_AMPA, ms, "its rise time", positive, below(&P::tau_decay_AMPA)),
      param("tau_decay_AMPA", &P::tau_decay_AMPA, ms, "its decay time", positive),
      param("E_rev_AMPA", &P::E_rev_AMPA, mV, "its reversal potential"),
      param("g_peak_NMDA", &P::g_peak_NMDA, none, "peak conductance of NMDA receptors", non_negative),
      param("tau_rise_NMDA", &P::tau_rise_NMDA, ms, "its rise time", positive, below(&P::tau_decay_NMDA)),
      param("tau_decay_NMDA", &P::tau_decay_NMDA, ms, "its decay time", positive),
      param("E_rev_NMDA", &P::E_rev_NMDA, mV, "its reversal potential"),
      param("V_act_NMDA", &P::V_act_NMDA, mV, "potential at which half of the NMDA channels are free of magnesium"),
      param("S_act_NMDA", &P::S_act_NMDA, "1/mV", "how steeply they get free", non_negative),
      param("tau_Mg_slow_NMDA", &P::tau_Mg_slow_NMDA, ms, "time constant of getting free, slow part", positive),
      param("tau_Mg_fast_NMDA", &P::tau_Mg_fast_NMDA, ms, "time constant of getting free, fast part", positive),
      flag("instant_unblock_NMDA", &P::instant_unblock_NMDA, "they get free at once"),
      param("g_peak_GABA_A", &P::g_peak_GABA_A, none, "peak conductance of GABA_A receptors", non_negative),
      param("tau_rise_GABA_A", &P::tau_rise_GABA_A, ms, "its rise time", positive, below(&P::tau_decay_GABA_A)),
      param("tau_decay_GABA_A", &P::tau_decay_GABA_A, ms, "its decay time", positive),
      param("E_rev_GABA_A", &P::E_rev_GABA_A, mV, "its reversal potential"),
      param("g_peak_GABA_B", &P::g_peak_GABA_B, none, "peak conductance of GABA_B receptors", non_negative),
      param("tau_rise_GABA_B", &P::tau_rise_GABA_B, ms, "its rise time", positive, below(&P::tau_decay_GABA_B)),
      param("tau_decay_GABA_B", &P::tau_decay_GABA_B, ms, "its decay time", positive),
      param("E_rev_GABA_B", &P::E_rev_GABA_B, mV, "its reversal potential"),
      param("g_peak_NaP", &P::g_peak_NaP, none, "peak conductance of the persistent sodium current", non_negative),
      param("E_rev_NaP", &P::E_rev_NaP, mV, "its reversal potential"),
      param("N_NaP", &P::N_NaP, none, "exponent of its activation"),
      param("g_peak_KNa", &P::g_peak_KNa, none, "peak conductance of the potassium current after depolarisation",
            non_negative),
      param("E_rev_KNa", &P::E_rev_KNa, mV, "its reversal potential"),
      param("tau_D_KNa", &P::tau_D_KNa, ms, "time constant of what activates it", positive),
      param("g_peak_T", &P::g_peak_T, none, "peak conductance of the low-threshold calcium current", non_negative),
      param("E_rev_T", &P::E_rev_T, mV, "its reversal potential"),
      param("N_T", &P::N_T, none, "exponent of its activation"),
      param("g_peak_h", &P::g_peak_h, none, "peak conductance of the pacemaker current", non_negative),
      param("E_rev_h", &P::E_rev_h, mV, "its reversal potential"),
      flag("voltage_clamp", &P::voltage_clamp, "the potential is held"),
      variable("V_m", &S::V_m, mV, "membrane potential", recordable),
      variable("theta", &S::theta, mV, "spike threshold", recordable),
      internal("dg_AMPA", &S::dg_AMPA, "1/ms", "slope of the AMPA conductance before it falls"),
      internal("g_AMPA", &S::g_AMPA, none, "conductance of AMPA receptors", recordable),
      internal("dg_NMDA", &S::dg_NMDA, "1/ms", "slope of the NMDA conductance before it falls"),
      internal("G_NMDA", &S::G_NMDA, none, "conductance of NMDA receptors without the block"),
      computed<g_NMDA>("g_NMDA", none, "conductance of NMDA receptors", recordable),
      internal("dg_GABA_A", &S::dg_GABA_A, "1/ms", "slope of the GABA_A conductance before it falls"),
      internal("g_GABA_A", &S::g_GABA_A, none, "conductance of GABA_A receptors", recordable),
      internal("dg_GABA_B", &S::dg_GABA_B, "1/ms", "slope of the GABA_B conductance before it falls"),
      internal("g_GABA_B", &S::g_GABA_B, none, "conductance of GABA_B receptors", recordable),
      internal("m_fast_NMDA", &S::m_fast, none, "share of free NMDA channels, fast part"),
      internal("m_slow_NMDA", &S::m_slow, none, "share of free NMDA channels, slow part"),
      internal("m_h", &S::m_h, none, "activation of I_h"), internal("D_KNa", &S::D, none, "what activates I_KNa"),
      internal("m_T", &S::m_T, none, "activation of I_T"), internal("h_T", &S::h_T, none, "inactivation of I_T"),
      internal("I_NaP", &S::I_NaP, mV, "persistent sodium current", recordable),
      internal("I_KNa", &S::I_KNa, mV, "potassium current after depolarisation", recordable),
      internal("I_T", &S::I_T, mV, "low-threshold calcium current", recordable),
      internal("I_h", &S::I_h, mV, "pacemaker current", recordable),
      internal("I_stim", &S::I_stim, mV, "current that arrived in the last step"),
      internal("refractory", &S::refractory, none, "steps left of the current that ends a spike"),
      internal("sub_step", &S::sub_step, ms, "size of the integrator's last sub-step"));
  static_assert(covers<P>(fields, part::params) && covers<S>(fields, part::state));

  static constexpr auto receptor_types = names_of_receptors(receptor_name{"AMPA", 1}, receptor_name{"NMDA", 2},
                                                            receptor_name{"GABA_A", 3}, receptor_name{"GABA_B", 4});
  static constexpr auto channels =
      inputs(sum(&I::AMPA, 1), sum(&I::NMDA, 2), sum(&I::GABA_A, 3), sum(&I::GABA_B, 4), current(&I::current));

  static D calibrate(const P& p, resolution h) {
    const auto of = [](double tau_rise, double tau_decay, double g_peak) -> synapse<double> {
      return {1 / tau_rise, 1 / tau_decay, g_peak / models::beta_peak(tau_rise, tau_decay)};
    };
    return {.AMPA = of(p.tau_rise_AMPA, p.tau_decay_AMPA, p.g_peak_AMPA),
            .NMDA = of(p.tau_rise_NMDA, p.tau_decay_NMDA, p.g_peak_NMDA),
            .GABA_A = of(p.tau_rise_GABA_A, p.tau_decay_GABA_A, p.g_peak_GABA_A),
            .GABA_B = of(p.tau_rise_GABA_B, p.tau_decay_GABA_B, p.g_peak_GABA_B),
            .per_tau_m = 1 / p.tau_m,
            .per_tau_theta = 1 / p.tau_theta,
            .per_tau_spike = 1 / p.tau_spike,
            .per_tau_slow = 1 / p.tau_Mg_slow_NMDA,
            .per_tau_fast = 1 / p.tau_Mg_fast_NMDA,
            .per_tau_D = 1 / p.tau_D_KNa,
            .refractory = h.steps(p.t_ref),
            .h = h.ms};
  }

  // What is integrated, in this order: the first 16 members of the state.
  template <class V> using unknowns = std::array<V, 16>;
  template <class V> struct currents { V NaP, KNa, T, h; };

  template <class V> static currents<V> currents_at(const params<V>& p, const unknowns<V>& y) {
    const V V_m = y[0], m_h = y[12], of_D = y[13], m_T = y[14], h_T = y[15];
    const V m_NaP = risen<V>((V_m + 55.7) * (1 / 7.7));
    return {-p.g_peak_NaP * pow(m_NaP, p.N_NaP) * (V_m - p.E_rev_NaP),
            -p.g_peak_KNa * (V_m - p.E_rev_KNa) / (1.0 + pow(0.25 / of_D, V(3.5))),
            -p.g_peak_T * pow(m_T, p.N_T) * h_T * (V_m - p.E_rev_T), -p.g_peak_h * m_h * (V_m - p.E_rev_h)};
  }

  /// The synaptic current, and the slopes of what blocks NMDA channels.
  template <class V> static V synaptic(const params<V>& p, const derived<V>& d, const unknowns<V>& y, unknowns<V>& to) {
    const V V_m = y[0];
    const auto m = unblocked_at<V>(p, V_m, y[10], y[11]);
    to[10] = (m.equilibrium - m.fast) * d.per_tau_fast;
    to[11] = (m.equilibrium - m.slow) * d.per_tau_slow;
    return -y[3] * (V_m - p.E_rev_AMPA) - y[5] * m.now * (V_m - p.E_rev_NMDA) - y[7] * (V_m - p.E_rev_GABA_A) -
           y[9] * (V_m - p.E_rev_GABA_B);
  }
  template <class V> static void fall(const synapse<V>& of, const V* y, V* to) {
    to[0] = -y[0] * of.rise;
    to[1] = y[0] - y[1] * of.decay;
  }
  /// The slopes of the gates of intrinsic currents.
  template <class V> static void relax(const params<V>& p, const derived<V>& d, const unknowns<V>& y, unknowns<V>& to) {
    const V V_m = y[0];
    const V tau_m = 0.13 + 0.22 / (exp(-(V_m + 132.0) * (1 / 16.7)) + exp((V_m + 16.8) * (1 / 18.2)));
    const V tau_h = 8.2 + (56.6 + 0.27 * exp((V_m + 115.2) * 0.2)) / (1.0 + exp((V_m + 86.0) * (1 / 3.2)));
    to[12] = (risen<V>(-(V_m + 75.0) * (1 / 5.5)) - y[12]) * (exp(-14.59 - 0.086 * V_m) + exp(0.0701 * V_m - 1.87));
    to[13] = (0.001 + p.tau_D_KNa * 0.025 * risen<V>((V_m + 10.0) * 0.2) - y[13]) * d.per_tau_D;
    to[14] = (risen<V>((V_m + 59.0) * (1 / 6.2)) - y[14]) / tau_m;
    to[15] = (risen<V>(-(V_m + 83.0) * 0.25) - y[15]) / tau_h;
  }

  template <class V> static mask_of<V> step(const params<V>& p, const derived<V>& d, state<V>& s, const input<V>& in) {
    const auto slope = [&](const unknowns<V>& y) __attribute__((noinline)) {
      unknowns<V> to;
      const auto [NaP, KNa, T, h] = currents_at<V>(p, y);
      const V I = -p.g_NaL * (y[0] - p.E_Na) - p.g_KL * (y[0] - p.E_K) + synaptic<V>(p, d, y, to) + NaP + KNa + T + h;
      const V I_spike = select(s.refractory > 0, (p.E_K - y[0]) * d.per_tau_spike, V(0.0));
      to[0] = select(p.voltage_clamp > 0, V(0.0), (I + s.I_stim) * d.per_tau_m + I_spike);
      to[1] = (p.theta_eq - y[1]) * d.per_tau_theta;
      fall<V>(d.AMPA, &y[2], &to[2]);
      fall<V>(d.NMDA, &y[4], &to[4]);
      fall<V>(d.GABA_A, &y[6], &to[6]);
      fall<V>(d.GABA_B, &y[8], &to[8]);
      relax<V>(p, d, y, to);
      return to;
    };
    unknowns<V> y{s.V_m,       s.theta,    s.dg_AMPA, s.g_AMPA, s.dg_NMDA, s.G_NMDA, s.dg_GABA_A, s.g_GABA_A,
                  s.dg_GABA_B, s.g_GABA_B, s.m_fast,  s.m_slow, s.m_h,     s.D,      s.m_T,       s.h_T};
    models::rkf45(y, s.sub_step, d.h, tolerance, slope);
    const auto I = currents_at<V>(p, y);
    const auto m = unblocked_at<V>(p, y[0], y[10], y[11]);  // the block is instantaneous
    const auto spike = (y[0] >= y[1]) & !(s.refractory > 0);
    s = {select(spike, p.E_Na, y[0]),
         select(spike, p.E_Na, y[1]),
         y[2] + d.AMPA.jump * in.AMPA,
         y[3],
         y[4] + d.NMDA.jump * in.NMDA,
         y[5],
         y[6] + d.GABA_A.jump * in.GABA_A,
         y[7],
         y[8] + d.GABA_B.jump * in.GABA_B,
         y[9],
         m.fast,
         m.slow,
         y[12],
         y[13],
         y[14],
         y[15],
         I.NaP,
         I.KNa,
         I.T,
         I.h,
         in.current,
         select(spike, d.refractory, max(s.refractory - 1, 0)),
         s.sub_step};
    return spike;
  }
};

}  // namespace volley::neurons
