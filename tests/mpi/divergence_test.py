"""Scripts that go apart end with an error that names what two ranks do, on every rank; none hangs."""

import json

import pytest
from conftest import lines, run_ranks

TELL = """
import nest, json
first = nest.Create("iaf_psc_alpha", 10)
try:
    %s
    told = ""
except nest.NESTErrors.KernelException as error:
    told = str(error)
print(json.dumps(told))
"""


def told(call, ranks=2, **more):
    """What all ranks were told; it is the same."""
    found = [json.loads(line) for line in lines(run_ranks(ranks, TELL % call, **more))]
    assert len(found) == ranks and len(set(found)) == 1, found
    return found[0]


@pytest.mark.parametrize(
    "call, named",
    [
        (
            'nest.Simulate(10.0) if nest.Rank() == 0 else nest.Create("parrot_neuron", 3)',
            'rank 0 calls Simulate(10.0), rank 1 calls Create("parrot_neuron", 3)',
        ),
        ("nest.Create('parrot_neuron', 3 + nest.Rank())", "rank 1 calls Create"),
        ("nest.Connect(first, first, syn_spec={'weight': 1.0 + nest.Rank()})", "with different arguments"),
        (
            "nest.ResetKernel() if nest.Rank() == 1 else nest.SyncProcesses()",
            "rank 0 calls SyncProcesses(), rank 1 calls ResetKernel()",
        ),
        (
            "nest.random.uniform(0.0, 1.0).GetValue() if nest.Rank() == 1 else None; nest.Simulate(1.0)",
            "drew random numbers",
        ),
    ],
)
def test_two_different_calls_are_named(call, named):
    assert named in told(call)


def test_the_first_rank_that_differs_is_named():
    assert "rank 2 calls Cleanup()" in told("nest.Cleanup() if nest.Rank() == 2 else nest.Prepare()", ranks=3)


def test_an_error_of_the_user_is_one_on_all_ranks():
    script = """
import nest
for call in (lambda: nest.Create("no_such_model"), lambda: nest.Simulate(-1.0), lambda: nest.Cleanup(),
             lambda: nest.set(local_num_threads=0)):
    try:
        call()
    except nest.NESTError as error:
        print(type(error).__name__)
nest.Create("iaf_psc_alpha", 4)
nest.Simulate(1.0)
print(nest.network_size)
"""
    assert lines(run_ranks(2, script)) == sorted(
        2 * ["UnknownModelName", "BadParameter", "KernelException", "BadProperty", "4"]
    )


def test_what_one_rank_cannot_do_no_rank_does(tmp_path):
    (tmp_path / "spike_recorder-2-1.dat").write_text("somebody else's")
    script = """
import nest
cells = nest.Create("iaf_psc_alpha")
nest.Connect(cells, nest.Create("spike_recorder", params={"record_to": "ascii"}))
try:
    nest.Simulate(1.0)
except nest.NESTErrors.IOError as error:
    print("refused", nest.biological_time)
nest.overwrite_files = True
nest.Simulate(1.0)
print("done", nest.biological_time)
"""
    assert lines(run_ranks(2, script, cwd=tmp_path)) == 2 * ["done 1.0"] + 2 * ["refused 0.0"]
