"""Measures what a neuron and step, a synaptic event and the making of a synapse cost, for
client/python/volley/costs.py.

    ./volley run tests/bench/cost_table.py

One virtual process; networks are larger than the caches. Prints the table as Python.
"""

import argparse
import json

import adaptive_network
import nest

MS, DELAY_MS, SETTLING_MS = 300.0, 1.5, 12.0
RATES = 3.0, 30.0  # spikes/s, at which events are measured: what does not grow with them is the rows'
INHIBITORY = 0.2  # of the sources and of a target's inputs
DRIVE = {  # rate (Hz) and weight: adaptive steps depend on activity, other updates only on the presence of input
    **{model: drive[:2] for model, drive in adaptive_network.DRIVE.items()},
    **dict.fromkeys(("iaf_psc_alpha", "iaf_psc_delta", "iaf_psc_exp"), (8000.0, 1e-3)),
    "parrot_neuron": (10.0, 1.0),  # which sends what it gets
}
KINDS = "constant", "weights", "random_delays", "walked", "plastic"
PHASES = "deliver_spike_data", "update", "gather_spike_data"


def synapse(kind: str, sign: float) -> dict:
    drawn = nest.random.normal(sign * 1e-3, 1e-4)
    match kind:
        case "constant":
            return {"weight": sign * 1e-3, "delay": DELAY_MS}
        case "weights":
            return {"weight": drawn, "delay": DELAY_MS}
        case "random_delays":
            return {"weight": drawn, "delay": nest.math.redraw(nest.random.normal(DELAY_MS, 0.75), 0.1, 20.0)}
        case "walked":
            return {"synapse_model": "bernoulli_synapse", "p_transmit": 0.5, "weight": sign * 1e-3, "delay": DELAY_MS}
    return {"synapse_model": "stdp_synapse", "weight": sign * 1e-3, "Wmax": sign * 1e-2, "delay": DELAY_MS}


def times(*keys: str) -> list[float]:
    """s of each phase so far."""
    return [nest.GetKernelStatus(f"time_{key}") for key in keys]


def simulated() -> list[float]:
    """ns of each of PHASES for a step, once the network is under way."""
    nest.Simulate(SETTLING_MS)
    before = times(*PHASES)
    nest.Simulate(MS)
    return [1e9 * (after - b) / (MS / nest.resolution) for after, b in zip(times(*PHASES), before)]


def neuron_steps(model: str, n: int) -> tuple[float, float]:
    """(ns of a neuron and step under Poisson input, of the input)."""
    rate, weight = DRIVE[model]
    nest.ResetKernel()
    neurons = nest.Create(model, n)
    noise = nest.Create("poisson_generator", params={"rate": rate})
    nest.Connect(noise, neurons, syn_spec={"weight": weight, "delay": DELAY_MS})
    deliver, update, gather = simulated()
    return (update + gather) / n, deliver / n


def driven(n: int, indegree: int, kind: str | None, rate: float) -> tuple[float, float]:
    """(ns a step, spikes of the sources a step) where n parrots fire into as many targets, which fire as often for a
    reason of
    their own; None: into nothing."""
    nest.ResetKernel()
    sources, targets = nest.Create("parrot_neuron", n), nest.Create("iaf_psc_alpha", n)
    noise = nest.Create("poisson_generator", params={"rate": rate})
    nest.Connect(noise, sources, syn_spec={"delay": DELAY_MS})
    nest.Connect(noise, targets, syn_spec={"weight": 1500.0, "delay": DELAY_MS})  # a spike for each
    inhibitory = round(INHIBITORY * n)
    if kind:
        for part, inputs, sign in (
            (sources[inhibitory:], 1 - INHIBITORY, 1.0),
            (sources[:inhibitory], INHIBITORY, -1.0),
        ):
            nest.Connect(
                part, targets, {"rule": "fixed_indegree", "indegree": round(indegree * inputs)}, synapse(kind, sign)
            )
    return sum(simulated()), n * rate * 1e-3 * nest.resolution


def synapse_costs(kind: str, n: int, indegree: int) -> tuple[float, float, float, float]:
    """(ns an event, ns a target and step beside events, ns a synapse of construction, ns a neuron of construction)."""
    extra, events = [], []
    for rate in RATES:
        without = driven(n, indegree, None, rate)[0]
        ns, spikes = driven(n, indegree, kind, rate)
        extra.append(ns - without)
        events.append(spikes * indegree)
    create, connect = times("construction_create", "construction_connect")
    event = (extra[1] - extra[0]) / (events[1] - events[0])
    return event, (extra[0] - event * events[0]) / n, 1e9 * connect / (n * indegree), 1e9 * create / (2 * n)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--neurons", type=int, default=12500)
    parser.add_argument("--indegree", type=int, default=1250)
    a = parser.parse_args()
    models = {model: neuron_steps(model, 2 * a.neurons) for model in sorted(DRIVE)}
    costs = {kind: synapse_costs(kind, a.neurons, a.indegree) for kind in KINDS[:4]}
    costs["plastic"] = synapse_costs(
        "plastic", *(round((a.neurons * a.indegree) ** 0.5),) * 2
    )  # rows that reach most targets
    making = {kind: round(c[2], 1) for kind, c in costs.items()}
    table = {
        "NS_PER_NEURON_STEP": {model: round(c[0], 2) for model, c in models.items()},
        "NS_PER_RECEIVING_STEP": round(sum(costs[kind][1] for kind in KINDS[:3]) / 3, 2),
        "NS_PER_EVENT": {kind: round(c[0], 2) for kind, c in costs.items()},
        "NS_PER_GENERATED_STEP": round(models["iaf_psc_alpha"][1], 2),
        "NS_PER_SYNAPSE": {**making, "generated": making["constant"]},
        "NS_PER_NEURON": round(costs["constant"][3], 1),
    }
    for name, value in table.items():
        print(f"{name} = {json.dumps(value)}")


if __name__ == "__main__":
    main()
