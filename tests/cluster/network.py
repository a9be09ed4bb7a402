"""A network with all that can go wrong between processes: plastic and static connections, drawn weights, recorders of
three kinds, runs in pieces, changes in between, refused calls. Prints a digest of all it can read; the first argument
is the number of virtual processes."""

import hashlib
import json
import sys

import nest
import numpy as np


def build():
    """Nodes and connections."""
    cells = nest.Create("iaf_psc_alpha", 60, {"I_e": 380.0, "V_m": nest.random.uniform(-70.0, -56.0)})
    parrots = nest.Create("parrot_neuron", 5)
    noise = nest.Create("poisson_generator", 1, {"rate": 9000.0})
    spikes = nest.Create("spike_recorder")
    meter = nest.Create("multimeter", 1, {"record_from": ["V_m"], "interval": 0.7})
    weights = nest.Create("weight_recorder")
    nest.CopyModel("stdp_synapse", "watched", {"weight_recorder": weights, "Wmax": 100.0})
    nest.Connect(noise, parrots, syn_spec={"delay": 1.5})
    drawn = {"weight": nest.random.normal(20.0, 5.0), "delay": nest.random.uniform(1.0, 3.0)}
    nest.Connect(parrots, cells, {"rule": "fixed_indegree", "indegree": 3}, drawn)
    nest.Connect(cells, cells, {"rule": "fixed_total_number", "N": 300}, {"synapse_model": "watched", "weight": 25.0})
    nest.Connect(cells, cells, {"rule": "pairwise_bernoulli", "p": 0.1}, {"weight": -12.0, "delay": 1.2})
    nest.Connect(cells, spikes)
    nest.Connect(meter, cells[::7])
    return cells, spikes, meter, weights


def digest_of(columns):
    """Of numbers in an order that does not depend on who recorded them."""
    rows = np.array([np.asarray(column, dtype=float) for column in columns])
    rows = rows[:, np.lexsort(rows[::-1])]
    return hashlib.sha256(rows.tobytes()).hexdigest()[:16]


def facts(cells, spikes, meter, weights):
    """All that is to be the same."""
    events = [device.get("events") for device in (spikes, meter, weights)]
    conns = nest.GetConnections().get(["source", "target", "weight", "delay"])
    return {
        "spikes": len(events[0]["times"]),
        "spike_bits": digest_of([events[0]["senders"], events[0]["times"]]),
        "meter_bits": digest_of([events[1]["senders"], events[1]["times"], events[1]["V_m"]]),
        "weight_bits": digest_of([events[2][key] for key in ("senders", "targets", "times", "weights")]),
        "connection_bits": digest_of([conns[key] for key in ("source", "target", "weight", "delay")]),
        "state_bits": digest_of([cells.get("V_m")]),
        "time": nest.biological_time,
        "counted": nest.local_spike_counter,
    }


def main():
    nest.ResetKernel()
    nest.set(total_num_virtual_procs=int(sys.argv[1]), rng_seed=77)
    cells, spikes, meter, weights = build()
    nest.Simulate(30.0)
    for wrong in {"V_m": 3, "no_such": 1}, {"C_m": -1.0}:
        try:
            cells.set(wrong)
        except nest.NESTError:
            pass
    cells[:10].set({"I_e": 500.0})
    nest.GetConnections(cells[:5], cells).set({"weight": 31.0})
    with nest.RunManager():
        for milliseconds in 0.3, 7.1, 12.6:
            nest.Run(milliseconds)
    nest.Simulate(40.0)
    print(json.dumps(facts(cells, spikes, meter, weights)))


if __name__ == "__main__":
    main()
