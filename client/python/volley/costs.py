"""What a network's parts cost in time, as measured; `volley.estimate` multiplies.

Source: a run of `./volley run tests/bench/cost_table.py`, one virtual process on a shared x86_64 machine with two cores, 2026-11. Other
machines differ by their memory more than by their clock; run it there to replace the numbers. Costs of an event are those of
rows longer than a cache line, into targets that fit into the cache of the core.
"""

NS_PER_NEURON_STEP = {
    "hh_psc_alpha": 49.6, "iaf_cond_exp": 17.4, "iaf_psc_alpha": 0.98, "iaf_psc_delta": 0.69, "iaf_psc_exp": 0.9,
    "parrot_neuron": 0.32,
}
NS_PER_EVENT = {"constant": 0.71, "weights": 1.5, "random_delays": 2.6, "plastic": 5.3}  # by class of delivery
NS_PER_GENERATED_STEP = 1.07  # a generator's connection, at every step
NS_PER_SYNAPSE = {"constant": 5.8, "weights": 27.3, "random_delays": 24.2, "plastic": 5.3, "generated": 5.8}  # to make one
NS_PER_NEURON = 4.2  # to make one
