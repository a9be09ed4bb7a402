"""The small SONATA circuit gives the spikes of the same network made by hand, on any number of virtual processes."""

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
