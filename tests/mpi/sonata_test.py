"""Of a SONATA circuit each rank makes the edges that end at its own nodes, and all have the network of one process; in
Python, and in C++ (sonata_ranks.cpp).
"""

import json
import os
import shutil
from pathlib import Path

import h5py
import numpy as np
import pytest
from conftest import HERE, lines, run_program, run_ranks

CIRCUIT = HERE.parent / "client" / "python" / "tiny_sonata"
CLIENTS = ["Python", "C++"]
PROGRAM = str(Path(os.environ["SONATA_RANKS"]).absolute())

# With the number of VPs, edges at once and edges a part (0: as it is), writes the connections and spikes of a rank.
BUILD = """
import json, sys
import numpy as np
import nest
from volley.session import session

nest.ResetKernel()
nest.set(total_num_virtual_procs=int(sys.argv[1]), rng_seed=3)
if sys.argv[2] != "0":
    import volley.sonata.edge_files
    volley.sonata.edge_files._EDGES_AT_ONCE = int(sys.argv[2])
network = nest.SonataNetwork("circuit.json", "simulation.json")
network.BuildNetwork(int(sys.argv[3]))
cells = network.node_collections["cells"]
recorder = nest.Create("spike_recorder")
nest.Connect(cells, recorder)
found = nest.GetConnections()
keys = ["source", "target", "synapse_model", "weight", "delay", "port", "receptor"] if len(found) else []
rows = list(zip(*(np.atleast_1d(found.get(key)).tolist() for key in keys)))
network.Simulate()
events = recorder.events
spikes = sorted(zip(events["times"].tolist(), events["senders"].tolist()))
with open(f"part-{nest.Rank()}.json", "w") as file:
    json.dump([rows, spikes, [nest.min_delay, nest.max_delay]], file)
"""


@pytest.fixture
def circuit(tmp_path):
    folder = tmp_path / "circuit"
    shutil.copytree(CIRCUIT, folder)
    for file in folder.rglob("*"):
        file.chmod(0o755)
    return folder


def run(client, circuit, ranks, *arguments):
    if client == "C++":
        return run_program(ranks, PROGRAM, *map(str, arguments), cwd=circuit)
    return run_ranks(ranks, BUILD, *map(str, arguments), cwd=circuit)


def built(client, circuit, ranks, vps, at_once=0, part=1000):
    """(connections of a source in their order, all spikes, delays)"""
    lines(run(client, circuit, ranks, vps, at_once, part))
    parts = [json.loads((circuit / f"part-{rank}.json").read_text()) for rank in range(ranks)]
    by_pair = {}
    for rows, *_ in parts:
        for source, target, *values in rows:
            by_pair.setdefault((source, target), []).append(values)
    (delays,) = {tuple(delays) for *_, delays in parts}
    return by_pair, sorted(tuple(spike) for _, spikes, _ in parts for spike in spikes), delays


@pytest.mark.parametrize("client", CLIENTS)
def test_networks_are_those_of_one_process(client, circuit):
    whole = built("Python", circuit, 1, 3)
    assert sum(map(len, whole[0].values())) == 108 + 12 and len(whole[1]) > 20
    assert built(client, circuit, 2, 2) == whole
    assert built(client, circuit, 3, 6, at_once=20, part=7) == whole


@pytest.mark.parametrize("client", CLIENTS)
def test_ranks_without_edges_take_part(client, circuit):
    """All edges end at one node."""
    with h5py.File(circuit / "cells_cells_edges.h5", "a") as file:
        file["edges/cells_to_cells/target_node_id"][...] = 3
    whole = built("Python", circuit, 1, 1)
    assert built(client, circuit, 3, 3, part=7) == whole


@pytest.mark.parametrize("client", CLIENTS)
def test_types_may_come_in_any_order(client, circuit):
    """With two synapse models; those that a rank or a sweep leaves out are anywhere between."""
    with h5py.File(circuit / "sources_cells_edges.h5", "a") as file:
        types = file["edges/sources_to_cells/edge_type_id"]
        types[...] = np.random.default_rng(3).choice([5, 7], len(types), p=[0.3, 0.7])
    whole = built("Python", circuit, 1, 1)
    assert built(client, circuit, 1, 1, at_once=20, part=30) == whole
    assert built(client, circuit, 2, 2) == whole


@pytest.mark.parametrize("client", CLIENTS)
def test_sources_of_several_kinds_are_told_to_all(client, circuit):
    (circuit / "sources_node_types.csv").write_text(
        "node_type_id model_type model_template\n"
        "1 point_neuron nest:iaf_psc_alpha\n"
        "2 point_neuron nest:poisson_generator\n"
    )
    with h5py.File(circuit / "sources_nodes.h5", "a") as file:
        file["nodes/sources/node_type_id"][1::2] = 2
    with h5py.File(circuit / "sources_cells_edges.h5", "a") as file:
        file["edges/sources_to_cells/edge_type_id"][...] = 5  # devices drive no stdp_synapse
    simulation = json.loads((circuit / "simulation.json").read_text())
    (circuit / "simulation.json").write_text(json.dumps({**simulation, "inputs": {}}))
    assert built(client, circuit, 2, 2) == built("Python", circuit, 1, 2)


@pytest.mark.parametrize("client", CLIENTS)
def test_wrong_edges_end_all_scripts(client, circuit):
    with h5py.File(circuit / "cells_cells_edges.h5", "a") as file:
        file["edges/cells_to_cells/target_node_id"][...] = np.arange(1000, 1060)
    done = run(client, circuit, 2, 2, 0, 7)
    assert done.returncode != 0
    assert done.stderr.count("target_node_id has the node 1000 of a population of") == 2
