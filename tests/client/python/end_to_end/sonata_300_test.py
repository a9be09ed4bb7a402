"""The published SONATA circuit of 300 cells gives exactly the spikes of the reference, in VOLLEY_REFERENCE."""

import json
import os
from pathlib import Path

import numpy as np
import pytest

FOLDER = Path(os.environ["VOLLEY_REFERENCE"])
CIRCUIT = FOLDER / "data" / "sonata_300_pointneurons"


@pytest.mark.parametrize("vps", [1, 3])
def test_every_spike_is_the_published_one(nest, vps):
    expected = json.loads((FOLDER / "reference" / "sonata_300.json").read_text())
    nest.total_num_virtual_procs = vps
    network = nest.SonataNetwork(CIRCUIT / "circuit_config.json", CIRCUIT / "simulation_config.json")
    cells = network.BuildNetwork()["internal"]
    recorder = nest.Create("spike_recorder")
    nest.Connect(cells, recorder)
    network.Simulate()
    events = recorder.events
    senders = events["senders"] - cells.tolist()[0]
    assert len(senders) == expected["total_spikes"] == 18828
    assert np.bincount(senders, minlength=300).tolist() == expected["spikes_per_cell"]
    found = sorted(zip(events["times"].round(6).tolist(), senders.tolist()))
    assert found[:200] == sorted((time, cell) for cell, time in expected["first_200_spikes"])
