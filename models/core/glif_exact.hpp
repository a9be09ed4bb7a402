// What the glif models compute exactly (Teeter et al. 2018): thresholds, and the membrane of those with currents.
#pragma once
#include "models/core/glif.hpp"
#include "models/core/propagators.hpp"

namespace volley::models::glif {

template <class V> struct membrane { V decay, from_I, per_g, decay_voltage, followed, ratio; };

inline membrane<double> calibrate_membrane(const params<double>& p, double g, resolution h) {
  const double tau_m = p.C_m / g;
  return {exp(-h.ms / tau_m),
          -expm1(-h.ms / tau_m) / g,
          1 / g,
          exp(-p.th_voltage_decay * h.ms),
          p.th_voltage_index * propagator_exp(tau_m, 1 / p.th_voltage_decay, 1, h.ms),
          p.th_voltage_index / p.th_voltage_decay};
}

/// What follows when the potential got from V_before to s.V_m: the thresholds, and the spike.
template <class V, class Asc>
mask_of<V> fire(const params<V>& p, const derived<V>& d, state<V>& s, V V_before, mask_of<V> resting, Asc& currents) {
  s.threshold = select(resting, s.threshold, s.threshold_spike + s.threshold_voltage + p.V_th);
  const mask_of<V> spike = (s.V_m > s.threshold) & !resting;
  const mask_of<V> raised = p.spike_dependent_threshold > 0;
  currents.change([&](const auto& e, const auto& of, auto& c) {
    c.I = select(spike & (p.after_spike_currents > 0), e.asc_amps + of.refractory_decay * c.I, c.I);
  });
  s.V_m = select(spike, select(raised, p.voltage_reset_fraction * V_before + p.voltage_reset_add, p.V_reset), s.V_m);
  s.threshold_spike =
      select(spike & raised, s.threshold_spike * d.refractory_decay_spike + p.th_spike_add, s.threshold_spike);
  s.threshold = select(spike, s.threshold_spike + s.threshold_voltage + p.V_th, s.threshold);
  s.refractory = select(spike, d.refractory, max(s.refractory - 1, 0));
  return spike;
}

/// The threshold follows the potential that the current alone would drive from V_before on.
template <class V>
void follow(const params<V>& p, const membrane<V>& m, state<V>& s, V V_before, V I, mask_of<V> resting) {
  const V driven = I * m.per_g;
  const V moved =
      m.followed * (V_before - driven) + m.decay_voltage * (s.threshold_voltage - m.ratio * driven) + m.ratio * driven;
  s.threshold_voltage = select((p.adapting_threshold > 0) & !resting, moved, s.threshold_voltage);
}

/// One step of a membrane that the synapses bring to_V_m.
template <class V, class Asc> mask_of<V> advance(const params<V>& p, const derived<V>& d, const membrane<V>& m,
                                                 state<V>& s, V to_V_m, Asc& currents) {
  const mask_of<V> resting = s.refractory > 0;
  const V before = s.V_m;
  flow<V>(p, s, currents);
  s.threshold_spike = select(resting, s.threshold_spike, s.threshold_spike * d.decay_spike);
  const V I = s.I_stim + s.ASCurrents_sum;
  s.V_m = select(resting, s.V_m, (m.from_I * I + to_V_m) + m.decay * s.V_m);
  follow<V>(p, m, s, before, I, resting);
  return fire<V>(p, d, s, before, resting, currents);
}

}  // namespace volley::models::glif
