"""Measures what a neuron and step, a synaptic event and the making of a synapse cost, for client/python/volley/costs.py.

    ./volley run tests/bench/cost_table.py

One virtual process; networks are larger than the caches. Prints the table as Python.
"""

import argparse
import json

import nest

MS, DELAY_MS = 300.0, 1.5
MODELS = "hh_psc_alpha", "iaf_cond_exp", "iaf_psc_alpha", "iaf_psc_delta", "iaf_psc_exp", "parrot_neuron"
SYNAPSES = {
    "constant": {"weight": 1e-3, "delay": DELAY_MS},
    "weights": {"weight": nest.random.normal(1e-3, 1e-4), "delay": DELAY_MS},
    "random_delays": {
        "weight": nest.random.normal(1e-3, 1e-4),
        "delay": nest.math.redraw(nest.random.normal(DELAY_MS, 0.75), 0.1, 20.0),
    },
    "plastic": {"synapse_model": "stdp_synapse", "weight": 1e-3, "delay": DELAY_MS},
}


def seconds(*keys: str) -> list[float]:
    return [nest.GetKernelStatus(f"time_{key}") for key in keys]


def neuron_step_ns(model: str, n: int) -> float:
    """The update of neurons that get no input."""
    nest.ResetKernel()
    nest.SetKernelStatus({"min_delay": DELAY_MS, "max_delay": DELAY_MS})
    nest.Create(model, n)
    nest.Simulate(MS)
    return 1e9 * seconds("update")[0] / (n * MS / nest.resolution)


def generated_ns(n: int) -> float:
    """A step of a neuron's own Poisson spikes."""
    nest.ResetKernel()
    neurons, noise = nest.Create("iaf_psc_alpha", n), nest.Create("poisson_generator", params={"rate": 10000.0})
    nest.Connect(noise, neurons, syn_spec={"weight": 1e-3, "delay": DELAY_MS})
    nest.Simulate(MS)
    return 1e9 * seconds("deliver_spike_data")[0] / (n * MS / nest.resolution)


def driven(n: int, indegree: int, kind: str | None) -> list[float]:
    """[s of Create, s of Connect, s of delivery] where n parrots fire at 10 spikes/s into as many targets, which fire as often
    for a reason of their own; None: into nothing."""
    nest.ResetKernel()
    sources, targets = nest.Create("parrot_neuron", n), nest.Create("iaf_psc_alpha", n)
    noise = nest.Create("poisson_generator", params={"rate": 10.0})
    nest.Connect(noise, sources, syn_spec={"delay": DELAY_MS})
    nest.Connect(noise, targets, syn_spec={"weight": 5000.0, "delay": DELAY_MS})
    if kind:
        nest.Connect(sources, targets, {"rule": "fixed_indegree", "indegree": indegree}, SYNAPSES[kind])
    nest.Simulate(MS)
    return seconds("construction_create", "construction_connect", "deliver_spike_data")


def synapse_costs(kind: str, n: int, indegree: int) -> tuple[float, float, float]:
    """(ns an event, ns a synapse of construction, ns a neuron of construction)."""
    without = driven(n, indegree, None)[2]
    create, connect, deliver = driven(n, indegree, kind)
    events = nest.local_spike_counter / 2 * indegree
    return 1e9 * (deliver - without) / events, 1e9 * connect / (n * indegree), 1e9 * create / (2 * n)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--neurons", type=int, default=10000)
    parser.add_argument("--indegree", type=int, default=1000)
    a = parser.parse_args()
    generated = generated_ns(a.neurons)
    costs = {kind: synapse_costs(kind, a.neurons, a.indegree) for kind in SYNAPSES}
    table = {
        "NS_PER_NEURON_STEP": {model: round(neuron_step_ns(model, a.neurons), 2) for model in MODELS},
        "NS_PER_EVENT": {kind: round(c[0], 2) for kind, c in costs.items()},
        "NS_PER_GENERATED_STEP": round(generated, 2),
        "NS_PER_SYNAPSE": {**{kind: round(c[1], 1) for kind, c in costs.items()}, "generated": round(costs["constant"][1], 1)},
        "NS_PER_NEURON": round(costs["constant"][2], 1),
    }
    for name, value in table.items():
        print(f"{name} = {json.dumps(value)}")


if __name__ == "__main__":
    main()
