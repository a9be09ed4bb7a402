"""What a network's parts cost in time, as measured; `volley.estimate` multiplies.

Source: means of two runs of `./volley run tests/bench/cost_table.py`, one virtual process on a shared x86_64 machine with two cores, 2026-11. Other
machines differ by their memory more than by their clock; run it there to replace the numbers. Costs of an event are those of
rows longer than a cache line, into targets that fit into the cache of the core.
"""

NS_PER_NEURON_STEP = {
    "hh_psc_alpha": 53.5, "iaf_cond_exp": 18.0, "iaf_psc_alpha": 0.93, "iaf_psc_delta": 0.71, "iaf_psc_exp": 1.1,
    "parrot_neuron": 0.41,
}
NS_PER_EVENT = {"constant": 1.1, "weights": 1.5, "random_delays": 2.7, "plastic": 28.3}  # by class of delivery
NS_PER_GENERATED_STEP = 6.8  # a generator's connection, at every step
NS_PER_SYNAPSE = {"constant": 7.3, "weights": 44.5, "random_delays": 85.0, "plastic": 13.4, "generated": 7.3}  # to make one
NS_PER_NEURON = 5.0  # to make one
