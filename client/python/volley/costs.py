"""What a network's parts cost in time, as measured; `volley.estimate` multiplies.

Source: medians of runs of `./volley run tests/bench/cost_table.py`, one virtual process on a shared x86_64 machine with
two cores, 2026-11. Other machines differ by their memory more than by their clock; run it there to replace the numbers.
Costs of an event are those of rows longer than a cache line; a plastic one's, of targets that spike as often as their
sources. What is walked through was measured later, beside the static ones, and is given by its ratio to them.
"""

NS_PER_NEURON_STEP = {
    "hh_psc_alpha": 226.8,
    "iaf_cond_exp": 20.8,
    "iaf_psc_alpha": 1.31,
    "iaf_psc_delta": 0.74,
    "iaf_psc_exp": 1.51,
    "parrot_neuron": 0.47,
}
NS_PER_RECEIVING_STEP = 0.22  # a neuron with connections, at every step, beside their events
NS_PER_EVENT = {  # by class of delivery
    "constant": 0.67,
    "weights": 1.76,
    "random_delays": 3.11,
    "plastic": 10.5,
    "walked": 9.3,
}
NS_PER_GENERATED_STEP = 1.06  # a generator's connection, at every step
NS_PER_SYNAPSE = {
    "constant": 5.3,
    "weights": 17.3,
    "random_delays": 23.5,
    "plastic": 8.4,
    "walked": 6.9,
    "generated": 5.3,
}  # to make one
NS_PER_NEURON = 4.2  # to make one
