"""The cortical microcircuit of Potjans and Diesmann (2014) from its published numbers, in the words of PyNEST alone.

T. C. Potjans and M. Diesmann (2014), The cell-type specific cortical microcircuit: relating structure and activity in a
full-scale spiking network model, Cereb. Cortex 24, 785-806. Below full scale neurons and inputs shrink alike; weights
grow by the root and a constant current replaces the missing mean, with the published rates (S. J. van Albada et al.
2015).
"""

from collections.abc import Callable
from math import sqrt

import nest
import numpy as np
from psp import peak_of_exponential_psp

POPULATIONS = ("L2/3 E", "L2/3 I", "L4 E", "L4 I", "L5 E", "L5 I", "L6 E", "L6 I")
NEURONS = np.array([20683, 5834, 21915, 5479, 4850, 1065, 14395, 2948])
PUBLISHED_HZ = np.array([0.86, 2.80, 4.45, 5.93, 7.59, 8.64, 1.09, 7.88])
EXTERNAL_INPUTS = np.array([1600, 1500, 2100, 1900, 2000, 1900, 2900, 2100])
EXTERNAL_HZ = 8.0
PROBABILITY = np.array(
    [  # rows are targets, columns sources
        [0.1009, 0.1689, 0.0437, 0.0818, 0.0323, 0.0000, 0.0076, 0.0000],
        [0.1346, 0.1371, 0.0316, 0.0515, 0.0755, 0.0000, 0.0042, 0.0000],
        [0.0077, 0.0059, 0.0497, 0.1350, 0.0067, 0.0003, 0.0453, 0.0000],
        [0.0691, 0.0029, 0.0794, 0.1597, 0.0033, 0.0000, 0.1057, 0.0000],
        [0.1004, 0.0622, 0.0505, 0.0057, 0.0831, 0.3726, 0.0204, 0.0000],
        [0.0548, 0.0269, 0.0257, 0.0022, 0.0600, 0.3158, 0.0086, 0.0000],
        [0.0156, 0.0066, 0.0211, 0.0166, 0.0572, 0.0197, 0.0396, 0.2252],
        [0.0364, 0.0010, 0.0034, 0.0005, 0.0277, 0.0080, 0.0658, 0.1443],
    ]
)
TAU_M_MS, TAU_SYN_MS, C_PF = 10.0, 0.5, 250.0
NEURON = {
    "C_m": C_PF,
    "tau_m": TAU_M_MS,
    "tau_syn_ex": TAU_SYN_MS,
    "tau_syn_in": TAU_SYN_MS,
    "t_ref": 2.0,
    "E_L": -65.0,
    "V_reset": -65.0,
    "V_th": -50.0,
}
PSP_MV, G, SPREAD = 0.15, -4.0, 0.1  # excitatory PSP, relative inhibition, relative standard deviation of weights
DELAY_MS, DELAY_SPREAD = (1.5, 0.8), 0.5  # of excitatory and inhibitory connections


def full_synapses() -> np.ndarray:
    """Synapses between populations at full scale, so that a pair is connected at least once with the probability."""
    pairs = np.outer(NEURONS, NEURONS)
    return np.log(1.0 - PROBABILITY) / np.log(1.0 - 1.0 / pairs)


def unit_weight_pa() -> float:
    """The exponential current whose PSP peaks at PSP_MV."""
    return PSP_MV / peak_of_exponential_psp(TAU_M_MS, TAU_SYN_MS, C_PF)


def full_weights_pa() -> np.ndarray:
    """Mean weights at full scale, rows are targets; L4 E to L2/3 E is doubled."""
    weights = np.tile([1.0, G] * 4, (8, 1)) * unit_weight_pa()
    weights[0, 2] *= 2.0
    return weights


def missing_current_pa(scale: float) -> np.ndarray:
    """The mean input that smaller in-degrees with weights larger by the root do not deliver."""
    per_neuron = full_synapses() / NEURONS[:, None]
    inner = (full_weights_pa() * per_neuron) @ PUBLISHED_HZ
    outer = unit_weight_pa() * EXTERNAL_INPUTS * EXTERNAL_HZ
    return 1e-3 * TAU_SYN_MS * (1.0 - sqrt(scale)) * (inner + outer)


def build(scale: float, show: Callable = lambda fraction, what: None) -> list:
    """Makes the circuit; returns its populations. `show(fraction, what)` follows it."""
    currents = missing_current_pa(scale)
    populations = [
        nest.Create("iaf_psc_exp", round(n * scale), {**NEURON, "I_e": current, "V_m": nest.random.normal(-58.0, 10.0)})
        for n, current in zip(NEURONS.tolist(), currents.tolist())
    ]
    connect_outside(populations, scale)
    for target in range(8):
        show((1 + target) / 9, f"inputs of {POPULATIONS[target]}")
        for source in range(8):
            connect_pair(populations, source, target, scale)
    return populations


def connect_outside(populations: list, scale: float) -> None:
    weight = unit_weight_pa() / sqrt(scale)
    for population, inputs in zip(populations, EXTERNAL_INPUTS.tolist()):
        noise = nest.Create("poisson_generator", params={"rate": inputs * scale * EXTERNAL_HZ})
        nest.Connect(noise, population, syn_spec={"weight": weight, "delay": DELAY_MS[0]})


def connect_pair(populations: list, source: int, target: int, scale: float) -> None:
    """One projection: a fixed number of synapses, weights and delays drawn from cut normal distributions."""
    count = round(full_synapses()[target, source] * scale**2)
    if count == 0:
        return
    mean = full_weights_pa()[target, source] / sqrt(scale)
    low, high = (0.0, np.inf) if mean > 0 else (-np.inf, 0.0)
    delay = DELAY_MS[source % 2]
    shortest = 0.5 * nest.resolution
    nest.Connect(
        populations[source],
        populations[target],
        {"rule": "fixed_total_number", "N": count},
        {
            "weight": nest.math.redraw(nest.random.normal(mean, SPREAD * abs(mean)), low, high),
            "delay": nest.math.redraw(nest.random.normal(delay, DELAY_SPREAD * delay), shortest, np.inf),
        },
    )
