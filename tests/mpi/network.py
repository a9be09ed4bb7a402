"""A network with plastic and static connections, drawn values, recorders of all kinds, runs in pieces, local changes
and refused calls. Each rank writes what it can read of its part into a file; `merged` joins those of all."""

import hashlib
import json
import sys

import numpy as np


def build(nest):
    """Nodes and connections."""
    cells = nest.Create("iaf_psc_alpha", 60, {"I_e": 380.0, "V_m": nest.random.uniform(-70.0, -56.0)})
    parrots = nest.Create("parrot_neuron", 5)
    noise = nest.Create("poisson_generator", 1, {"rate": 9000.0})
    spikes = nest.Create("spike_recorder")
    meter = nest.Create("multimeter", 1, {"record_from": ["V_m"], "interval": 0.7})
    weights = nest.Create("weight_recorder")
    files = nest.Create("spike_recorder", 1, {"record_to": "ascii", "label": "spikes"})
    report = nest.Create("spike_recorder", 1, {"record_to": "sonata", "label": "all"})
    nest.CopyModel("stdp_synapse", "watched", {"weight_recorder": weights, "Wmax": 100.0})
    nest.Connect(noise, parrots, syn_spec={"delay": 1.5})
    drawn = {"weight": nest.random.normal(20.0, 5.0), "delay": nest.random.uniform(1.0, 3.0)}
    nest.Connect(parrots, cells, {"rule": "fixed_indegree", "indegree": 3}, drawn)
    nest.Connect(cells, cells, {"rule": "fixed_total_number", "N": 300}, {"synapse_model": "watched", "weight": 25.0})
    nest.Connect(cells, cells, {"rule": "pairwise_bernoulli", "p": 0.1}, {"weight": -12.0, "delay": 1.2})
    for recorder in (spikes, files, report):
        nest.Connect(cells, recorder)
    nest.Connect(meter, cells[::7])
    return cells, spikes, meter, weights, files


def change_own_part(nest, cells):
    """As scripts for several ranks do: each sets what lives with it, one node after the other."""
    for cell in cells[10:20]:
        if cell.local:
            cell.V_m = -58.0 - 0.1 * (cell.global_id % 7)
    own = nest.GetConnections(cells[:5], cells)
    if len(own):
        own.set({"weight": 31.0})


def parts(nest, cells, spikes, meter, weights, files):
    """Rows of numbers by name."""
    events = {"spikes": (spikes, ["senders", "times"]), "meter": (meter, ["senders", "times", "V_m"])}
    events["weights"] = weights, ["senders", "targets", "times", "weights"]
    found = {}
    for name, (device, keys) in events.items():
        recorded = device.get("events")
        found[name] = np.array([np.asarray(recorded[key], dtype=float) for key in keys]).T.tolist()
    own = nest.GetConnections()
    table = own.get(["source", "target", "weight", "delay"])
    found["connections"] = [list(row) for row in zip(*(np.atleast_1d(table[key]).tolist() for key in table))]
    found["state"] = [[i, v] for i, v in zip(cells.tolist(), cells.get("V_m")) if v is not None]
    lines = [line for name in files.filenames for line in open(name) if line[0].isdigit()]
    found["ascii"] = [[float(word) for word in line.split()] for line in lines]
    found["counts"] = [[nest.local_spike_counter, nest.num_connections, spikes.n_events]]
    return found


def digest(rows):
    """Of numbers in an order that does not depend on who has them."""
    table = np.array(sorted(rows), dtype=float)
    return hashlib.sha256(table.tobytes()).hexdigest()[:16]


def merged(folder):
    """Digests of the parts of all ranks, and sums of what they count."""
    all_parts = [json.loads(file.read_text()) for file in folder.glob("part-*.json")]
    names = all_parts[0]["parts"].keys() - {"counts"}
    whole = {name: digest([row for one in all_parts for row in one["parts"][name]]) for name in names}
    whole["counts"] = np.sum([one["parts"]["counts"][0] for one in all_parts], axis=0).tolist()
    (whole["time"],) = {one["time"] for one in all_parts}
    return whole


def first_half(nest):
    """To 30 ms, with calls that are refused."""
    cells, *_ = build(nest)
    nest.Simulate(30.0)
    for wrong in {"V_m": 3, "no_such": 1}, {"C_m": -1.0}:
        try:
            cells.set(wrong)
        except nest.NESTError:
            pass
    try:
        nest.Connect(cells, cells, {"rule": "fixed_indegree", "indegree": 3}, {"delay": 1e9})
    except nest.NESTError:
        pass
    change_own_part(nest, cells)


def second_half(nest):
    """On to 90 ms; what can be read then."""
    with nest.RunManager():
        for milliseconds in 0.3, 7.1, 12.6:
            nest.Run(milliseconds)
    nest.Simulate(40.0)
    recorders = (nest.NodeCollection([number]) for number in range(67, 71))
    return {"parts": parts(nest, nest.NodeCollection(range(1, 61)), *recorders), "time": nest.biological_time}


def main():
    """VPS; then nothing, or `first FILE` or `second FILE` for one half."""
    import nest

    vps, *half = sys.argv[1:]
    nest.ResetKernel()
    nest.set(total_num_virtual_procs=int(vps), rng_seed=77, overwrite_files=True)
    if half[:1] == ["second"]:
        nest.Load(half[1])
    else:
        first_half(nest)
    if half[:1] == ["first"]:
        nest.Save(half[1])
        return
    found = second_half(nest)
    with open(f"part-{nest.Rank()}.json", "w") as file:
        json.dump(found, file)


if __name__ == "__main__":
    main()
