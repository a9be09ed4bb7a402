"""Postsynaptic potentials of a leaky membrane, in mV for a current of 1 pA."""

from math import e

import numpy as np


def peak_of_alpha_psp(tau_m_ms: float, tau_syn_ms: float, C_pF: float) -> float:
    """The peak for a current that rises to 1 pA at tau_syn, from the closed solution sampled every 0.1 us."""
    t = np.arange(0.0, tau_m_ms, 1e-4)
    rate = 1.0 / tau_syn_ms - 1.0 / tau_m_ms
    decay = np.exp(-t / tau_syn_ms)
    return float(np.max(e / (tau_syn_ms * C_pF) * ((np.exp(-t / tau_m_ms) - decay) / rate**2 - t * decay / rate)))


def peak_of_exponential_psp(tau_m_ms: float, tau_syn_ms: float, C_pF: float) -> float:
    """The peak for a current that jumps to 1 pA and decays with tau_syn."""
    ratio, difference = tau_m_ms / tau_syn_ms, tau_m_ms - tau_syn_ms
    peak = ratio ** (-tau_syn_ms / difference) - ratio ** (-tau_m_ms / difference)
    return tau_m_ms * tau_syn_ms * peak / (C_pF * difference)
