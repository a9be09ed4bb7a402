"""Neurons whose equations are integrated with adaptive steps, driven by Poisson spikes and sparsely coupled: nearly all
of the
time goes into their update. In the words of PyNEST alone."""

import nest

NEURONS, INPUTS, DELAY_MS = 5000, 10, 1.5
DRIVE = {  # by model: rate (Hz), weight of the drive, weight of the recurrent connections
    "iaf_cond_exp": (8000.0, 3.5, 0.5),  # nS
    "hh_psc_alpha": (8000.0, 160.0, 5.0),  # pA
}


def build(model: str, scale: float) -> tuple:
    """Makes the network; returns its neurons."""
    rate_hz, weight, recurrent = DRIVE[model]
    neurons = nest.Create(model, round(NEURONS * scale))
    noise = nest.Create("poisson_generator", params={"rate": rate_hz})
    nest.Connect(noise, neurons, syn_spec={"weight": weight, "delay": DELAY_MS})
    nest.Connect(
        neurons, neurons, {"rule": "fixed_indegree", "indegree": INPUTS}, {"weight": recurrent, "delay": DELAY_MS}
    )
    return (neurons,)
