"""Of a SONATA circuit each rank makes the edges that end at its own nodes, and all have the network of one process."""

import json
import shutil

import h5py
import numpy as np
import pytest
from conftest import HERE, lines, run_ranks

CIRCUIT = HERE.parent / "client" / "python" / "tiny_sonata"

# Writes the connections and spikes of a rank.
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
table = found.get(["source", "target", "synapse_model", "weight", "delay", "port", "receptor"]) if len(found) else {}
rows = list(zip(*(np.atleast_1d(column).tolist() for column in table.values())))
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


def built(circuit, ranks, vps, at_once=0, part=1000):
    """(connections of a source in their order, all spikes, delays)"""
    lines(run_ranks(ranks, BUILD, str(vps), str(at_once), str(part), cwd=circuit))
    parts = [json.loads((circuit / f"part-{rank}.json").read_text()) for rank in range(ranks)]
    by_pair = {}
    for rows, *_ in parts:
        for source, target, *values in rows:
            by_pair.setdefault((source, target), []).append(values)
    (delays,) = {tuple(delays) for *_, delays in parts}
    return by_pair, sorted(tuple(spike) for _, spikes, _ in parts for spike in spikes), delays


def test_networks_are_those_of_one_process(circuit):
    whole = built(circuit, 1, 3)
    assert sum(map(len, whole[0].values())) == 108 + 12 and len(whole[1]) > 20
    assert built(circuit, 2, 2) == whole
    assert built(circuit, 3, 6, at_once=20, part=7) == whole


def test_ranks_without_edges_take_part(circuit):
    """All edges end at one node."""
    with h5py.File(circuit / "cells_cells_edges.h5", "a") as file:
        file["edges/cells_to_cells/target_node_id"][...] = 3
    whole = built(circuit, 1, 1)
    assert built(circuit, 3, 3, part=7) == whole


def test_sources_of_several_kinds_are_told_to_all(circuit):
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
    assert built(circuit, 2, 2) == built(circuit, 1, 2)


def test_wrong_edges_end_all_scripts(circuit):
    with h5py.File(circuit / "cells_cells_edges.h5", "a") as file:
        file["edges/cells_to_cells/target_node_id"][...] = np.arange(1000, 1060)
    done = run_ranks(2, BUILD, "2", "0", "7", cwd=circuit)
    assert done.returncode != 0
    assert done.stderr.count("target_node_id has the node 1000 of a population of") == 2
