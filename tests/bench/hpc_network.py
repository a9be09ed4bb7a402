"""The balanced network with plastic excitatory synapses that is run on large machines, in the words of PyNEST alone.

A. Morrison, A. Aertsen and M. Diesmann (2007), Spike-timing-dependent plasticity in balanced random networks, Neural
Comput. 19, 1437-1467; parameters of S. Kunkel et al. (2014), Spiking network simulation code for petascale computers,
Front. Neuroinform. 8:78. At scale 1: 11,250 neurons with 11,250 inputs each; inputs grow with the neurons and weights
shrink.
"""

from math import e

import nest
from psp import peak_of_alpha_psp

EXCITATORY, INHIBITORY = 9000, 2250
TAU_M_MS, TAU_SYN_MS, C_PF, V_TH_MV, DELAY_MS = 10.0, 0.32582722403722841, 250.0, 20.0, 1.5
PSP_MV, G, ETA = 0.14, -5.0, 1.685
NEURON = {
    "C_m": C_PF,
    "tau_m": TAU_M_MS,
    "tau_syn_ex": TAU_SYN_MS,
    "tau_syn_in": TAU_SYN_MS,
    "t_ref": 0.5,
    "tau_minus": 30.0,
    "E_L": 0.0,
    "V_reset": 0.0,
    "V_th": V_TH_MV,
}
STDP = {"alpha": 0.0513, "lambda": 0.1, "mu": 0.4, "tau_plus": 15.0}


def build(scale: float) -> tuple:
    """Makes the network; returns its excitatory and its inhibitory neurons."""
    counts = round(EXCITATORY * scale), round(INHIBITORY * scale)
    weight = PSP_MV / scale / peak_of_alpha_psp(TAU_M_MS, TAU_SYN_MS, C_PF)
    rate_hz = ETA * V_TH_MV * C_PF / (weight * e * TAU_M_MS * TAU_SYN_MS) * 1e3
    excitatory, inhibitory = (
        nest.Create("iaf_psc_alpha", n, {**NEURON, "V_m": nest.random.normal(5.7, 7.2)}) for n in counts
    )
    everybody = excitatory + inhibitory
    noise = nest.Create("poisson_generator", params={"rate": rate_hz})
    nest.Connect(noise, everybody, syn_spec={"weight": weight, "delay": DELAY_MS})
    nest.CopyModel("stdp_pl_synapse_hom", "plastic", STDP)

    def connect(sources, targets, model: str, mean: float) -> None:
        rule = {"rule": "fixed_indegree", "indegree": len(sources)}
        nest.Connect(sources, targets, rule, {"synapse_model": model, "weight": mean, "delay": DELAY_MS})

    connect(excitatory, excitatory, "plastic", weight)
    connect(inhibitory, excitatory, "static_synapse", G * weight)
    connect(excitatory, inhibitory, "static_synapse", weight)
    connect(inhibitory, inhibitory, "static_synapse", G * weight)
    return excitatory, inhibitory
