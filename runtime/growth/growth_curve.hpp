// Growth curves: how fast synaptic elements grow at the calcium concentration of their neuron (Butz and van Ooyen
// 2013).
//
//   linear:    dz/dt = rate (1 - Ca / eps)
//   gaussian:  dz/dt = rate (2 exp(-((Ca - xi) / zeta)^2) - 1), xi = (eta + eps) / 2, zeta = (eta - eps) / (2 sqrt(ln
//   2)) sigmoid:   dz/dt = rate (2 / (1 + exp((Ca - eps) / psi)) - 1)
//
// Between spikes calcium decays: dCa/dt = -Ca / tau_Ca. The linear curve is integrated exactly, the others by Euler
// steps of the resolution, which calcium takes, too. Elements are never fewer than 0.
#pragma once
#include <array>
#include <cstdint>
#include <string_view>

#include "runtime/base/time.hpp"

namespace volley::runtime {

enum class growth_curve : std::uint8_t { gaussian, linear, sigmoid };

/// As PyNEST spells them, by enumerator.
inline constexpr std::array<std::string_view, 3> growth_curves{"gaussian", "linear", "sigmoid"};

struct growth {
  growth_curve curve = growth_curve::linear;
  double rate = 1;  ///< per ms
  double eta = 0.1, eps = 0.7, psi = 0.1;
};

/// A stretch of time without spikes: calcium when it begins, and how it decays.
struct quiet_time {
  double Ca = 0, tau_Ca_ms = 1;
  step_t steps = 0;
  double resolution_ms = 1;
};

/// How many of `z` elements there are at the end of the stretch.
double grown(const growth& how, double z, const quiet_time& stretch);

}  // namespace volley::runtime
