"""What a network's parts cost in time, as measured; `volley.estimate` multiplies.

Source: a run of `./volley run tests/bench/cost_table.py`, one virtual process on a shared x86_64 machine with two cores, 2026-11. Other
machines differ by their memory more than by their clock; run it there to replace the numbers. Costs of an event are those of
rows longer than a cache line, into targets that fit into the cache of the core.
"""

NS_PER_NEURON_STEP = {
    "hh_psc_alpha": 51.4, "iaf_cond_exp": 17.5, "iaf_psc_alpha": 0.97, "iaf_psc_delta": 0.71, "iaf_psc_exp": 0.93,
    "parrot_neuron": 0.35,
}
NS_PER_EVENT = {"constant": 0.55, "weights": 1.18, "random_delays": 1.95, "plastic": 9.7}  # by class of delivery
NS_PER_GENERATED_STEP = 1.09  # a generator's connection, at every step
NS_PER_SYNAPSE = {"constant": 5.4, "weights": 18.1, "random_delays": 29.9, "plastic": 10.0, "generated": 5.4}  # to make one
NS_PER_NEURON = 5.4  # to make one
