"""A network is the same on any number of ranks, bit for bit, and so are the files that it writes."""

import json
import subprocess
import sys

import pytest
from conftest import HERE, lines, run_ranks
from network import merged

NETWORK = HERE / "network.py"


@pytest.fixture(scope="module")
def expected(tmp_path_factory):
    """One process, and its report."""
    folder = tmp_path_factory.mktemp("alone")
    command = [sys.executable, str(NETWORK), "1"]
    subprocess.run(command, check=True, timeout=120, cwd=folder)
    found = merged(folder)
    assert found["counts"][2] > 200 and found["time"] == 90.0
    return found, next(folder.glob("all-*.h5")).read_bytes()


@pytest.mark.parametrize("ranks, vps", [(1, 2), (2, 2), (2, 6), (3, 3)])
def test_ranks_compute_the_bits_of_one_process(expected, tmp_path, ranks, vps):
    lines(run_ranks(ranks, NETWORK, str(vps), cwd=tmp_path))
    found = merged(tmp_path)
    whole, report = expected
    assert found == whole
    assert len(list(tmp_path.glob("spikes-*.dat"))) == vps, "a file a virtual process"
    (file,) = tmp_path.glob("all-*.h5")
    assert file.read_bytes() == report, "one report of all ranks"


GROWTH = """
import nest, json
nest.set(rng_seed=5)
nest.structural_plasticity_update_interval = 10.0
nest.structural_plasticity_synapses = {"s": {"synapse_model": "static_synapse", "post_synaptic_element": "den",
                                             "pre_synaptic_element": "ax", "weight": 5.0, "delay": 1.0}}
curve = {"growth_curve": "linear", "growth_rate": 0.05, "eps": 0.5, "continuous": False}
cells = nest.Create("iaf_psc_alpha", 20, {"synaptic_elements": {"ax": dict(curve), "den": dict(curve)},
                                          "I_e": nest.random.uniform(300.0, 500.0)})
nest.EnableStructuralPlasticity()
nest.Simulate(100.0)
found = nest.GetConnections()
print(json.dumps(sorted(zip(found.sources(), found.targets()))))
"""


def test_connections_that_grow_are_the_same(tmp_path):
    def connections(ranks):
        return sorted(pair for line in lines(run_ranks(ranks, GROWTH, cwd=tmp_path)) for pair in json.loads(line))

    alone = connections(1)
    assert len(alone) > 5
    assert connections(2) == alone
