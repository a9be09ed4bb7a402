// What the neurons of generalised leaky integrate-and-fire type share (Teeter et al. 2018): five levels, chosen by
// three flags. Potentials count from E_L.
//
//   none: level 1;  spike_dependent_threshold: 2;  after_spike_currents: 3;  the two: 4;  with adapting_threshold: 5
//   I_asc = sum over j of I_j;  I_j' = -asc_decay_j I_j
//   a spike: I_j = asc_amps_j + asc_r_j I_j exp(-asc_decay_j t_ref)
//   threshold = V_th + th_s + th_v;  th_s' = -th_spike_decay th_s;  th_s jumps by th_spike_add with a spike
//   th_v' = th_voltage_index (V_m - E_L) - th_voltage_decay th_v
//   V_m > threshold: a spike; t_ref later V_m = V_reset, or with a spike-dependent threshold
//   V_m = E_L + voltage_reset_fraction (V_m - E_L) + voltage_reset_add
#pragma once
#include "models/core/lists.hpp"
#include "models/core/neuron.hpp"

namespace volley::models::glif {

inline constexpr double default_V_th = -51.68 + 78.85;  // from E_L; shown as -51.68, to the bit

template <class V> struct params {
  V V_th = default_V_th, E_L = -78.85, C_m = 58.72, t_ref = 3.75, V_reset = 0, th_spike_add = 0.37;
  V th_spike_decay = 0.009, voltage_reset_fraction = 0.2, voltage_reset_add = 18.51, th_voltage_index = 0.005;
  V th_voltage_decay = 0.09;
  V spike_dependent_threshold = 0, after_spike_currents = 0, adapting_threshold = 0;
};
template <class V> struct state {
  V V_m = 0, threshold_spike = 0, threshold_voltage = 0, threshold = default_V_th, ASCurrents_sum = 0, I_stim = 0;
  V refractory = 0, began = 0;
};
template <class V> struct derived { V decay_spike, refractory_decay_spike, refractory, h; };

constexpr auto rows() {
  using namespace declare;
  using P = params<double>;
  using S = state<double>;
  return table(
      param("V_th", &P::V_th, mV, "threshold of a neuron that never fired", relative_to(&P::E_L)),
      param("E_L", &P::E_L, mV, "resting potential"), param("C_m", &P::C_m, pF, "membrane capacitance", positive),
      param("t_ref", &P::t_ref, ms, "refractory period", positive),
      param("V_reset", &P::V_reset, mV, "reset potential of levels 1 and 3", relative_to(&P::E_L), below(&P::V_th)),
      param("th_spike_add", &P::th_spike_add, mV, "what a spike adds to the threshold"),
      param("th_spike_decay", &P::th_spike_decay, "1/ms", "rate at which that decays"),
      param("voltage_reset_fraction", &P::voltage_reset_fraction, none,
            "share of the potential that is left after a spike"),
      param("voltage_reset_add", &P::voltage_reset_add, mV, "what a spike adds to the potential"),
      param("th_voltage_index", &P::th_voltage_index, "1/ms", "how fast the threshold follows the potential"),
      param("th_voltage_decay", &P::th_voltage_decay, "1/ms", "rate at which that decays"),
      flag("spike_dependent_threshold", &P::spike_dependent_threshold, "spikes raise the threshold (levels 2, 4, 5)"),
      flag("after_spike_currents", &P::after_spike_currents, "spikes set off currents (levels 3, 4, 5)"),
      flag("adapting_threshold", &P::adapting_threshold, "the threshold follows the potential (level 5)"),
      variable("V_m", &S::V_m, mV, "membrane potential", relative_to(&P::E_L), recordable),
      variable("threshold_spike", &S::threshold_spike, mV, "what spikes added to the threshold", recordable,
               needs(&P::spike_dependent_threshold)),
      variable("threshold_voltage", &S::threshold_voltage, mV, "what the potential added to the threshold", recordable,
               needs(&P::adapting_threshold)),
      internal("threshold", &S::threshold, mV, "the threshold", relative_to(&P::E_L), recordable),
      internal("ASCurrents_sum", &S::ASCurrents_sum, pA, "currents after spikes", recordable),
      internal("I", &S::I_stim, pA, "current that arrived in the last step", recordable),
      internal("refractory", &S::refractory, none, "steps of refractoriness left"),
      internal("began", &S::began, none, "whether there was a step"));
}

inline const char* check(const params<double>& p) {
  const bool spike = p.spike_dependent_threshold != 0, currents = p.after_spike_currents != 0;
  if (p.adapting_threshold != 0 && !(spike && currents))
    return "adapting_threshold needs spike_dependent_threshold and after_spike_currents";
  // What a level does not read may have any value.
  if (spike && !(p.th_spike_decay > 0)) return "th_spike_decay must be > 0 where spikes raise the threshold";
  if (spike && !(p.voltage_reset_fraction >= 0 && p.voltage_reset_fraction <= 1))
    return "voltage_reset_fraction must be >= 0 and <= 1 where spikes raise the threshold";
  if (p.adapting_threshold != 0 && !(p.th_voltage_decay > 0))
    return "th_voltage_decay must be > 0 where the threshold follows the potential";
  return nullptr;
}

inline derived<double> calibrate(const params<double>& p, resolution h) {
  const double decay = p.spike_dependent_threshold != 0 ? p.th_spike_decay : 0;
  return {exp(-decay * h.ms), exp(-decay * p.t_ref), h.steps(p.t_ref), h.ms};
}

/// The currents that spikes set off.
struct asc {
  template <class V> struct params { V asc_init = 0, asc_decay = 1, asc_amps = 0, asc_r = 0; };
  template <class V> struct state { V I = 0; };
  template <class V> struct derived { V decay, mean, refractory_decay; };  // mean of a step by its begin
  template <class V> struct input {};
  using E = params<double>;

  static constexpr auto fields =
      declare::table(declare::param("asc_init", &E::asc_init, declare::pA, "currents at the begin"),
                     declare::param("asc_decay", &E::asc_decay, "1/ms", "rates at which they decay", declare::positive),
                     declare::param("asc_amps", &E::asc_amps, declare::pA, "currents that a spike sets off"),
                     declare::param("asc_r", &E::asc_r, declare::none, "share of the currents that a spike leaves",
                                    declare::non_negative),
                     declare::variable("ASCurrents", &state<double>::I, declare::pA, "currents after spikes",
                                       declare::needs(&glif::params<double>::after_spike_currents)));
  static constexpr auto defaults() { return std::array{E{0, 0.003, -9.18, 1}, E{0, 0.1, -198.94, 1}}; }
  template <class P> static derived<double> calibrate(const P& p, const E& e, resolution h) {
    const double decay = e.asc_decay * h.ms;
    return {exp(-decay), -expm1(-decay) / decay, e.asc_r * exp(-e.asc_decay * p.t_ref)};
  }
};

/// The currents after spikes: their mean over the step, and what is left at its end. They stand still while the neuron
/// rests.
template <class V, class Asc> void flow(const params<V>& p, state<V>& s, Asc& currents) {
  const mask_of<V> flows = (p.after_spike_currents > 0) & !(s.refractory > 0);
  V sum = 0.0;
  currents.change([&](const auto& e, const auto& d, auto& c) {
    const V I = select((s.began == 0.0) & (c.I == 0.0), e.asc_init, c.I);
    sum = sum + d.mean * I;
    c.I = select(flows, I * d.decay, c.I);
  });
  s.ASCurrents_sum = select(flows, sum, s.ASCurrents_sum);
  s.began = 1.0;
}

}  // namespace volley::models::glif
