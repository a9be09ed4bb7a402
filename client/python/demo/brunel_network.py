"""The balanced random network of Brunel (2000), in the words of PyNEST alone.

N. Brunel (2000), Dynamics of sparsely connected networks of excitatory and inhibitory spiking neurons, J. Comput.
Neurosci. 8, 183-208. At scale 1: 10,000 excitatory and 2,500 inhibitory neurons, each with 1,000 excitatory and 250
inhibitory inputs.
"""

from collections.abc import Callable
from math import e

import nest
from psp import peak_of_alpha_psp, peak_of_exponential_psp

ORDER = 2500  # a quarter of the excitatory neurons
TAU_M_MS, T_REF_MS, V_TH_MV, DELAY_MS = 20.0, 2.0, 20.0, 1.5
J_MV, G, ETA = 0.1, 5.0, 2.0  # excitatory PSP, relative inhibition, external rate relative to threshold
C_PF, TAU_SYN_MS = 250.0, 0.5
MODELS = {"delta": "iaf_psc_delta", "alpha": "iaf_psc_alpha", "exp": "iaf_psc_exp"}


def neuron(kind: str, inputs: int) -> tuple[dict, float, float]:
    """Parameters, excitatory weight (mV or pA), rate of all external input of a neuron (Hz), for the synapses of
    MODELS.

    Currents have the peak PSP of the jump of V; the external rate carries ETA times the charge that holds V at
    threshold.
    """
    params = {"C_m": 1.0, "tau_m": TAU_M_MS, "t_ref": T_REF_MS, "E_L": 0.0, "V_reset": 0.0, "V_m": 0.0, "V_th": V_TH_MV}
    psp_mv = J_MV * 1000.0 / inputs
    if kind == "delta":
        return params, psp_mv, ETA * V_TH_MV / (psp_mv * TAU_M_MS) * 1000.0
    params |= {"C_m": C_PF, "tau_syn_ex": TAU_SYN_MS, "tau_syn_in": TAU_SYN_MS}
    peak = peak_of_alpha_psp if kind == "alpha" else peak_of_exponential_psp
    weight = psp_mv / peak(TAU_M_MS, TAU_SYN_MS, C_PF)
    charge = weight * TAU_SYN_MS * (e if kind == "alpha" else 1.0)
    return params, weight, ETA * V_TH_MV * C_PF / (charge * TAU_M_MS) * 1000.0


def build(
    kind: str,
    scale: float,
    show: Callable = lambda fraction, what: None,
    spread: float = 0.0,
    delay_ms: float = DELAY_MS,
) -> tuple:
    """Makes the network; returns its excitatory and its inhibitory neurons. `show(fraction, what)` follows it.

    spread: relative standard deviation of the weights, one drawn for each synapse; 0: all have the mean.
    """
    order = round(ORDER * scale)
    inputs = 4 * order // 10
    params, weight, rate_hz = neuron(kind, inputs)
    show(0.0, "neurons")
    excitatory, inhibitory = (nest.Create(MODELS[kind], n, params) for n in (4 * order, order))
    everybody = excitatory + inhibitory
    noise = nest.Create("poisson_generator", params={"rate": rate_hz})
    show(0.02, "external input")
    nest.Connect(noise, everybody, syn_spec={"weight": weight, "delay": delay_ms})

    def connect(sources, count: int, mean: float) -> None:
        drawn = nest.random.normal(mean, spread * abs(mean)) if spread else mean
        nest.Connect(
            sources, everybody, {"rule": "fixed_indegree", "indegree": count}, {"weight": drawn, "delay": delay_ms}
        )

    show(0.05, "excitatory synapses")
    connect(excitatory, inputs, weight)
    show(0.8, "inhibitory synapses")
    connect(inhibitory, inputs // 4, -G * weight)
    return excitatory, inhibitory
