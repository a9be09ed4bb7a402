"""What a network does depends neither on how many workers compute it, nor on how many virtual processes it has."""

import json
import os
import subprocess
import sys

import pytest
from conftest import HERE

NETWORK = HERE / "network.py"


def result_of(done: subprocess.CompletedProcess):
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.fixture(scope="module")
def expected():
    """One process, one VP."""
    alone = {key: value for key, value in os.environ.items() if key != "VOLLEY_ADDRESS"}
    command = [sys.executable, str(NETWORK), "1"]
    found = result_of(subprocess.run(command, env=alone, capture_output=True, text=True, timeout=120))
    assert found["spikes"] > 200 and found["time"] == 90.0
    return found


@pytest.mark.parametrize("workers", [1, 2, 4])
def test_workers_compute_the_bits_of_one_process(start, expected, workers):
    many = start(workers)
    for vps in 1, 2, 7, 16:
        assert result_of(many.run(NETWORK, str(vps))) == expected, f"{workers} workers, {vps} VPs"


def test_so_does_a_server_that_is_a_worker_itself(start, expected):
    many = start(2, hosts=True)
    for vps in 3, 1, 8:
        assert result_of(many.run(NETWORK, str(vps))) == expected, f"{vps} VPs"
