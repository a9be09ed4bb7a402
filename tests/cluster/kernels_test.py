"""Several kernels over the same workers: each has the bits that it has alone, whatever happens to another."""

import contextlib
import json
import os
import signal
import time
from pathlib import Path

import pytest
from waiting_client import WAIT, waiting_client

SCRIPT = (
    """
import nest, sys
seed, ms, times = int(sys.argv[1]), float(sys.argv[2]), int(sys.argv[3])
nest.ResetKernel()
nest.set(total_num_virtual_procs=4, rng_seed=seed)
noise = nest.Create("poisson_generator", 1, {"rate": 9000.0})
cells = nest.Create("iaf_psc_alpha", 60)
spikes = nest.Create("spike_recorder")
nest.Connect(noise, cells, syn_spec={"weight": 8.0})
nest.Connect(cells, cells, {"rule": "fixed_indegree", "indegree": 6}, {"weight": 20.0, "delay": 1.5})
nest.Connect(cells, spikes)
nest.Simulate(1.0)
"""
    + WAIT
    + """
for _ in range(times):
    nest.Simulate(ms)
events = spikes.get("events")
rows = sorted(zip(events["times"].tolist(), events["senders"].tolist()))
print(len(rows), hash(tuple(rows)), hash(tuple(cells.get("V_m"))), nest.biological_time)
"""
)
LONG, MANY = ("10000", "4"), ("20", "800")
KERNELS = {"a": ("7", *LONG), "b": ("8", *MANY)}
WORKERS = "import nest, json\nprint(json.dumps(nest.GetKernelStatus('workers')))"


def client(address: str, kernel: str, arguments: tuple[str, ...]) -> waiting_client:
    """A script on one kernel."""
    return waiting_client(SCRIPT, arguments, VOLLEY_ADDRESS=address, VOLLEY_KERNEL=kernel)


@pytest.fixture(scope="module")
def expected():
    """What each kernel says in a process without workers."""
    alone = {name: client("", "", arguments) for name, arguments in KERNELS.items()}
    for one in alone.values():
        one.go_on()
    said = {name: one.said() for name, one in alone.items()}
    assert all(int(text.split()[0]) > 100 for text in said.values()) and said["a"] != said["b"]
    return said


def begin(many):
    clients = {name: client(many.address, name, arguments) for name, arguments in KERNELS.items()}
    for one in clients.values():
        one.go_on()
    return clients


def kernel(many, name, script):
    done = many.run(script, environment={"VOLLEY_KERNEL": name})
    assert done.returncode == 0, done.stderr
    return done.stdout


def vps(many, name):
    """Of a kernel on each worker, by number; None: it is there no more."""
    return {one["number"]: one.get("vps") for one in json.loads(kernel(many, name, WORKERS))}


def links(worker):
    """Sockets of a worker's process: of its doors, to its supervisor, and to other workers."""
    sockets = 0
    for one in Path(f"/proc/{worker.pid}/fd").iterdir():
        with contextlib.suppress(FileNotFoundError):  # closed since it was listed
            sockets += os.readlink(one).startswith("socket:")
    return sockets


def soon(done, seconds=20):
    end = time.monotonic() + seconds
    while not done() and time.monotonic() < end:
        time.sleep(0.05)
    return done()


def test_two_kernels_run_at_once_with_the_bits_they_have_alone(start, expected):
    many = start(2)
    clients = begin(many)
    assert vps(many, "a") == vps(many, "b") == {1: 2, 2: 2}
    assert {name: one.said() for name, one in clients.items()} == expected


def test_one_that_is_dropped_in_its_run_does_not_touch_the_other(start, expected):
    many = start(2)
    clients = begin(many)
    kernel(many, "", "import volley\nvolley.drop_kernel('b')")
    assert "kernel b is gone: it was dropped" in clients["b"].said()
    assert clients["a"].said() == expected["a"]
    again = client(many.address, "b", KERNELS["b"])
    again.go_on()
    assert again.said() == expected["b"]


def test_a_killed_worker_costs_neither_a_bit(start, expected):
    many = start(3)
    clients = begin(many)
    time.sleep(0.5)
    many.workers[1].kill()
    assert {name: one.said() for name, one in clients.items()} == expected
    for name in KERNELS:
        assert vps(many, name)[2] is None


@pytest.mark.parametrize("by_signal", [False, True])
def test_a_worker_is_drained_from_all_kernels(start, expected, by_signal):
    many = start(3)
    clients = begin(many)
    if by_signal:
        many.workers[1].send_signal(signal.SIGTERM)
    else:
        script = f"from volley.marshalling import open_session as o\no(print, '{many.address}').drain(2)"
        assert many.run(script).returncode == 0
    assert {name: one.said() for name, one in clients.items()} == expected
    assert many.workers[1].wait(20) == 0
    for name in KERNELS:
        assert vps(many, name)[2] is None
    late = client(many.address, "c", KERNELS["a"])
    late.go_on()
    assert late.said() == expected["a"]
    assert vps(many, "c") == {1: 2, 3: 2}


def test_an_own_kernel_ends_with_its_session_and_leaves_nothing_on_workers(start, expected):
    many = start(2)
    ours = client(many.address, "a", KERNELS["a"])
    before = [links(one) for one in many.workers]
    own = client(many.address, "own", KERNELS["b"])
    assert [links(one) for one in many.workers] == [count + 1 for count in before]
    own.process.kill()
    own.process.wait()
    assert soon(lambda: [links(one) for one in many.workers] == before)
    assert "own" not in kernel(many, "", "import volley\nprint([one['name'] for one in volley.kernels()])")
    ours.go_on()
    assert ours.said() == expected["a"]
    assert vps(many, "") == {1: 0, 2: 0}
