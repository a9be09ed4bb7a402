"""Networks beyond the memory limit (VOLLEY_MEMORY_LIMIT, here 256 MiB) are refused before anything is allocated."""

import subprocess
import sys
from os import environ

import pytest

LIMIT = 256 * 2**20


def refusal(call) -> str:
    """The message of a call that is refused: at once, for what it asks for would take hours."""
    with pytest.raises(MemoryError) as refused:
        call()
    return str(refused.value)


def test_neurons_that_cannot_fit(nest):
    text = refusal(lambda: nest.Create("iaf_psc_alpha", 10**12))
    assert "Create" in text and str(10**12) in text and "TB" in text and "268.4 MB" in text
    assert nest.network_size == 0 and nest.GetKernelStatus("memory_limit") == LIMIT


@pytest.mark.parametrize(
    "rule",
    [
        "all_to_all",
        {"rule": "fixed_indegree", "indegree": 10**5},
        {"rule": "fixed_total_number", "N": 10**11},
        {"rule": "pairwise_bernoulli", "p": 0.3},
    ],
    ids=str,
)
def test_connections_that_cannot_fit(nest, rule):
    nest.total_num_virtual_procs = 2
    neurons = nest.Create("parrot_neuron", 10**6)
    text = refusal(lambda: nest.Connect(neurons, neurons, rule))
    assert "Connect" in text and "000000 connections" in text and "268.4 MB" in text
    assert nest.num_connections == 0
    nest.Connect(neurons, neurons, "one_to_one")
    nest.Simulate(1.0)
    assert nest.num_connections == 10**6


@pytest.mark.parametrize("vps", [1, 3])
def test_a_run_ends_when_recorders_have_filled_the_memory(nest, vps):
    nest.total_num_virtual_procs = vps
    neurons = nest.Create("iaf_psc_delta", 20_000)
    meter = nest.Create("multimeter", {"record_from": ["V_m"], "interval": 0.1})
    nest.Connect(meter, neurons)
    text = refusal(lambda: nest.Simulate(1e4))
    ended = nest.biological_time
    assert "ended at" in text and "n_events" in text and 10 < ended < 100
    assert meter.n_events * 20 > 200e6
    meter.n_events = 0
    nest.Simulate(1.0)
    assert nest.biological_time == ended + 1.0 and meter.n_events > 0


def test_a_wrong_limit_is_an_error_that_names_it():
    script = "import nest; nest.ResetKernel()"
    environment = {**environ, "VOLLEY_MEMORY_LIMIT": "much", "VOLLEY_ADDRESS": "", "PYTHONPATH": ":".join(sys.path)}
    done = subprocess.run([sys.executable, "-c", script], env=environment, capture_output=True, text=True)
    assert "ValueError: VOLLEY_MEMORY_LIMIT" in done.stderr and "much" in done.stderr
