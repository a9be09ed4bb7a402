"""The small SONATA circuit gives the spikes of the same network made by hand, on any number of virtual processes."""

import json
import shutil
from pathlib import Path

import h5py
import numpy as np
import pytest

TINY = Path(__file__).parents[1] / "tiny_sonata"


def record(nest, cells):
    recorder = nest.Create("spike_recorder")
    nest.Connect(cells, recorder)
    return recorder


def spikes(recorder, first):
    events = recorder.events
    return sorted(zip(events["times"].tolist(), (events["senders"] - first).tolist()))


def from_files(nest, vps=1, part=None):
    nest.ResetKernel()
    nest.total_num_virtual_procs = vps
    network = nest.SonataNetwork(TINY / "circuit.json", TINY / "simulation.json")
    cells = network.BuildNetwork(part)["cells"]
    recorder = record(nest, cells)
    network.Simulate()
    return spikes(recorder, cells.tolist()[0])


def by_hand(nest):
    nest.ResetKernel()
    fast, slow = {"tau_m": 8.0, "t_ref": 1.0}, {"tau_m": 20.0}
    cells = nest.Create("iaf_psc_alpha", 5, fast) + nest.Create("iaf_psc_exp", 3)
    cells += nest.Create("iaf_psc_alpha", 4, {**slow, "V_th": [-56.0, -57.0, -58.0, -59.0]})
    with h5py.File(TINY / "spikes.h5") as file:
        ids, times = file["spikes/sources/node_ids"][:], file["spikes/sources/timestamps"][:]
    sources = nest.Create("spike_train_injector", 4)
    for i, source in enumerate(sources):
        source.set(allow_offgrid_times=True, spike_times=np.sort(times[ids == i]))
    with h5py.File(TINY / "cells_cells_edges.h5") as file:
        edges = file["edges/cells_to_cells"]
        rows = [edges[name][:] for name in ("source_node_id", "target_node_id")]
        rows += [edges["0"][name][:][::-1] for name in ("syn_weight", "delay")]
    for pre, post, weight, delay in zip(*rows):
        nest.Connect(cells[int(pre)], cells[int(post)], syn_spec={"weight": weight, "delay": delay})
    plastic = {"synapse_model": "stdp_synapse", "weight": 1000.0, "delay": 1.0, "Wmax": 5000.0, "lambda": 0.05}
    kinds = [{"weight": 900.0, "delay": 1.0}, {"weight": 1200.0, "delay": 2.5}, plastic]
    for i in range(4):
        for j in range(12):
            nest.Connect(sources[i], cells[j], syn_spec=kinds[(i + j) % 3])
    recorder = record(nest, cells)
    nest.Simulate(100.0)
    return spikes(recorder, 1)


def test_equals_the_network_made_by_hand(nest):
    found = from_files(nest)
    assert len(found) > 20 and found == by_hand(nest)


@pytest.mark.parametrize("vps, part", [(3, None), (1, 7), (2, 11)])
def test_does_not_depend_on_layout_or_size_of_parts(nest, vps, part):
    assert from_files(nest, vps, part) == from_files(nest)


def recorded(nest, folder, vps):
    """What the small circuit's files of spikes and samples have, and what recorders in memory have."""
    nest.ResetKernel()
    nest.total_num_virtual_procs = vps
    network = nest.SonataNetwork(folder / "circuit.json", folder / "simulation.json")
    cells = network.BuildNetwork()["cells"]
    made = network.Record()
    spikes, meter = record(nest, cells), nest.Create("voltmeter", params={"interval": 0.5})
    nest.Connect(meter, cells[[1, 8]])
    network.Simulate()
    assert made["spikes"].n_events == spikes.n_events > 20 and set(made) == {"spikes", "potential"}
    with h5py.File(folder / "output/spikes.h5") as file:
        assert list(file["spikes"]) == ["cells"]
        group = file["spikes/cells"]
        assert (group["node_ids"][:] + cells[0].global_id).tolist() == spikes.events["senders"].tolist()
        assert group["timestamps"][:].tolist() == spikes.events["times"].tolist()
    with h5py.File(folder / "output/potential.h5") as file:
        report = file["report/cells"]
        assert report["mapping/node_ids"][:].tolist() == [1, 8]
        assert report["mapping/time"][:].tolist() == [0.5, 0.5 + 0.5 * len(report["data"]), 0.5]
        assert report["data"][:].ravel().tolist() == meter.events["V_m"].tolist()
    return (folder / "output/spikes.h5").read_bytes(), (folder / "output/potential.h5").read_bytes()


def test_what_a_configuration_asks_for_is_recorded_in_its_files(nest, tmp_path):
    folder = tmp_path / "tiny"
    shutil.copytree(TINY, folder)
    for file in folder.rglob("*"):
        file.chmod(0o755)
    simulation = json.loads((folder / "simulation.json").read_text())
    simulation["output"] = {
        "output_dir": str(folder / "output"),
        "spikes_file": "spikes.h5",
        "overwrite_output_dir": True,
        "spikes_sort_order": "time",
    }
    simulation["node_sets_file"] = str(folder / "sets.json")
    (folder / "sets.json").write_text(json.dumps({"two": {"population": "cells", "node_id": [8, 1]}}))
    potential = {"cells": "two", "variable_name": "V_m", "module": "membrane_report", "dt": 0.5}
    simulation["reports"] = {"potential": potential, "other": {**potential, "enabled": False}}
    (folder / "simulation.json").write_text(json.dumps(simulation))
    files = recorded(nest, folder, 1)
    assert recorded(nest, folder, 3) == files


def test_types_of_one_model_name_what_differs(nest, tmp_path):
    folder = tmp_path / "tiny"
    shutil.copytree(TINY, folder)
    for file in folder.rglob("*"):
        file.chmod(0o755)
    with h5py.File(folder / "cells_nodes.h5", "a") as file:
        file["nodes/cells/node_type_id"][:] = [7, 9] * 6
    (folder / "models" / "fast.json").write_text(json.dumps({"tau_m": 8.0}))
    (folder / "models" / "slow.json").write_text(json.dumps({"C_m": 99.0, "t_ref": 1}))
    edges = "edge_type_id model_template syn_weight delay receptor_type dynamics_params\n"
    edges += "5 static_synapse 900.0 1.0 NULL NULL\n6 static_synapse 1200.0 2.5 0 NULL\n"
    edges += "7 stdp_synapse 1000.0 1.0 NULL plastic.json\n"
    (folder / "sources_cells_edge_types.csv").write_text(edges)
    network = nest.SonataNetwork(folder / "circuit.json", folder / "simulation.json")
    nodes = network.BuildNetwork()
    cells = nodes["cells"].get(["tau_m", "C_m", "t_ref"])
    by_type = set(zip(cells["tau_m"], cells["C_m"], cells["t_ref"]))
    assert by_type == {(8.0, 250.0, 2.0), (10.0, 99.0, 1.0)} and len(nest.GetConnections(nodes["sources"])) == 48
