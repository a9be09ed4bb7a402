"""The client of a fault test: a plastic network with noise and recorders, run in one long piece among short ones, with
calls in between that change it, are refused, or only look. Says how far it is, and at the end a digest of all it can
read. Arguments: virtual processes, neurons, milliseconds, a file for its spikes, and `ascii` to record to files, too.
"""

import json
import sys
from pathlib import Path

import nest
import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "cluster"))
from network import facts

PIECES = (0.02, 0.1, 0.001, 0.02, 0.6, 0.02, 0.05)  # of the time; the rest comes last


def build(neurons: int, to_files: bool):
    cells = nest.Create("iaf_psc_alpha", neurons, {"I_e": 300.0, "V_m": nest.random.uniform(-70.0, -56.0)})
    noise = nest.Create("poisson_generator", 1, {"rate": 8000.0})
    spikes = nest.Create("spike_recorder")
    meter = nest.Create("multimeter", 1, {"record_from": ["V_m"], "interval": 5.0})
    weights = nest.Create("weight_recorder")
    nest.CopyModel("stdp_synapse", "watched", {"weight_recorder": weights, "Wmax": 100.0})
    indegree = {"rule": "fixed_indegree", "indegree": min(40, neurons // 4)}
    plastic = {"synapse_model": "stdp_synapse", "weight": 8.0, "delay": nest.random.uniform(1.0, 3.0)}
    excitatory, inhibitory = cells[: neurons * 4 // 5], cells[neurons * 4 // 5 :]
    nest.Connect(noise, cells, syn_spec={"weight": 10.0, "delay": 1.0})
    nest.Connect(excitatory, cells, indegree, plastic)
    nest.Connect(inhibitory, cells, {**indegree, "indegree": indegree["indegree"] // 4}, {"weight": -40.0})
    nest.Connect(cells[:4], cells[4:8], "all_to_all", {"synapse_model": "watched", "weight": 20.0})
    nest.Connect(cells, spikes)
    nest.Connect(meter, cells[::20])
    if to_files:
        nest.Connect(cells, nest.Create("spike_recorder", 1, {"record_to": "ascii", "label": "files"}))
    return cells, spikes, meter, weights


def change(cells, number: int) -> None:
    """Between two pieces."""
    try:
        cells.set({"C_m": -1.0})
    except nest.NESTError:
        pass
    cells[number::7].set({"I_e": 300.0 + 10 * number})
    nest.GetConnections(cells[:3], cells).set({"weight": 9.0 + number})
    cells.get("V_m")


def main() -> None:
    vps, neurons, milliseconds, file, *further = sys.argv[1:]
    nest.ResetKernel()
    nest.set(total_num_virtual_procs=int(vps), rng_seed=11, overwrite_files="ascii" in further)
    cells, *devices = build(int(neurons), "ascii" in further)
    print("built", flush=True)
    for number, share in enumerate((*PIECES, 1 - sum(PIECES))):
        nest.Simulate(round(share * float(milliseconds), 1))
        print("at", nest.biological_time, flush=True)
        change(cells, number)
    found = facts(cells, *devices)
    events = devices[0].get("events")
    np.save(file, np.array([events["senders"], events["times"]]))
    print(json.dumps(found), flush=True)


if __name__ == "__main__":
    try:
        main()
    except nest.NESTError as error:
        print(json.dumps({"error": f"{type(error).__name__}: {error}"}), flush=True)
        sys.exit(3)
