"""Modules of models over workers: the bits of one process, whatever happens to who has them and to who has not."""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from conftest import PROGRAM
from waiting_client import WAIT, waiting_client

MODULE = Path(os.environ["VOLLEY_TEST_MODULE"]).absolute()

SCRIPT = (
    """
import nest, sys
nest.ResetKernel()
nest.set(total_num_virtual_procs=4, rng_seed=5)
nest.Install("my_models")
noise = nest.Create("poisson_generator", 1, {"rate": 9000.0})
parrots, counting = nest.Create("parrot_neuron", 10), nest.Create("every_nth", 40, {"n": nest.random.uniform(2.0, 9.0)})
cells = nest.Create("iaf_psc_alpha", 20)
spikes = nest.Create("spike_recorder")
nest.Connect(noise, parrots)
nest.Connect(parrots, counting, {"rule": "fixed_indegree", "indegree": 3}, {"delay": 1.5})
fading = {"synapse_model": "fading_synapse", "weight": nest.random.uniform(200.0, 400.0), "fade": 0.9995}
nest.Connect(counting, cells, {"rule": "fixed_indegree", "indegree": 4}, fading)
nest.Connect(counting + cells, spikes)
nest.Simulate(1.0)
"""
    + WAIT
    + """
for _ in range(int(sys.argv[2])):
    nest.Simulate(float(sys.argv[1]))
events = spikes.get("events")
rows = sorted(zip(events["times"].tolist(), events["senders"].tolist()))
weights = nest.GetConnections(counting, cells).weight
print(len(rows), hash(tuple(rows)), hash(tuple(counting.counted)), hash(tuple(weights)), nest.biological_time)
"""
)
LONG, MANY = ("4000", "2"), ("20", "300")
WORKERS = "import nest, json\nprint(json.dumps(nest.GetKernelStatus('workers')))"
REFUSED = """
import nest
nest.GetKernelStatus()  # asks virtual processes
try:
    nest.Install("my_models")
except nest.NESTErrors.DynamicModuleManagementError as error:
    print(error)
assert nest.GetKernelStatus("modules") == [] and "every_nth" not in nest.node_models
nest.Create("iaf_psc_alpha", 9)
nest.Simulate(5.0)
"""


class client(waiting_client):
    def __init__(self, arguments=LONG, **environment):
        super().__init__(SCRIPT, arguments, **environment)

    def said(self):
        """The line of results."""
        return super().said().splitlines()[-1]


def folder_of(place, content=MODULE):
    """A folder with the module, that of an operator."""
    place.mkdir(mode=0o755)
    if content is not None:
        shutil.copy(content, place / MODULE.name)
        (place / MODULE.name).chmod(0o755)
    return place


@pytest.fixture
def modules(tmp_path):
    return folder_of(tmp_path / "modules")


@pytest.fixture
def cluster(start, modules):
    """Starts clusters that have the module, on the server and on `workers`."""

    def start_one(workers, serve=(), **options):
        return start(workers, serve=("--modules", modules, *serve), join=("--modules", modules), **options)

    return start_one


@pytest.fixture(scope="module")
def expected(tmp_path_factory):
    """What the script says in a process of its own, by its arguments."""
    folder = str(folder_of(tmp_path_factory.mktemp("alone") / "modules"))
    said = {one: client(one, VOLLEY_MODULES=folder).go_on().said() for one in (LONG, MANY)}
    assert all(int(text.split()[0]) > 1000 for text in said.values())
    return said


def workers(many, kernel=""):
    """By number."""
    done = many.run(WORKERS, environment={"VOLLEY_KERNEL": kernel})
    assert done.returncode == 0, done.stderr
    return {one["number"]: one for one in json.loads(done.stdout)}


def has_module(process):
    return MODULE.name in Path(f"/proc/{process.pid}/maps").read_text()


def log_of(process):
    """All that it has said; it ends with that."""
    process.kill()
    return process.stdout.read()


@pytest.mark.parametrize("hosts", [False, True])
def test_a_network_over_workers_has_the_bits_of_one_process(cluster, expected, hosts):
    many = cluster(2, hosts=hosts)
    ours = client(VOLLEY_ADDRESS=many.address)
    assert all(workers(many)[number]["vps"] > 0 for number in (1, 2))
    everybody = [many.server, *many.workers]
    assert all(map(has_module, everybody))
    assert ours.go_on().said() == expected[LONG]
    assert many.run("import nest\nnest.ResetKernel()\nassert 'every_nth' not in nest.node_models").returncode == 0
    deadline = time.monotonic() + 20
    while any(map(has_module, everybody)) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not any(map(has_module, everybody)), "it left with the reset"
    assert client(VOLLEY_ADDRESS=many.address).go_on().said() == expected[LONG]


def test_a_killed_worker_costs_no_bit(cluster, expected):
    many = cluster(3)
    ours = client(VOLLEY_ADDRESS=many.address).go_on()
    time.sleep(0.5)
    many.workers[1].kill()
    assert ours.said() == expected[LONG]
    assert workers(many)[2]["state"] == "lost"


@pytest.mark.parametrize("calls", [LONG, MANY])
def test_a_drained_worker_costs_no_bit(cluster, expected, calls):
    many = cluster(3)
    ours = client(calls, VOLLEY_ADDRESS=many.address).go_on()
    time.sleep(0.3)
    many.workers[1].send_signal(signal.SIGTERM)
    assert ours.said() == expected[calls]
    assert many.workers[1].wait(20) == 0


def test_whoever_joins_with_the_module_gets_vps_and_whoever_has_none_does_not(cluster, expected, modules):
    many = cluster(1)
    ours = client(MANY, VOLLEY_ADDRESS=many.address)
    without, with_it = many.join(), many.join("--modules", modules)
    many.workers += [without, with_it]
    assert ours.go_on().said() == expected[MANY]
    now = workers(many)
    assert now[2]["vps"] == 0 and now[2]["state"] == "waiting"
    assert now[3]["vps"] > 0
    other = "import nest\nnest.ResetKernel()\nnest.set(total_num_virtual_procs=3)\nnest.Create('iaf_psc_alpha', 9)"
    assert many.run(other).returncode == 0
    assert workers(many)[2]["vps"] > 0, "other networks need no module"
    why = "the module 'my_models' cannot be loaded: this process was started without --modules"
    assert f"this worker gets no virtual processes of a kernel: Install: {why}" in log_of(without)
    told = [line for line in log_of(many.server).splitlines() if why in line]
    assert len(told) == 1 and told[0].startswith("volley-server: the kernel default: worker 2 (process ")
    assert "gets no virtual processes" in told[0]


@pytest.mark.parametrize("lack", ["folder", "file", "bytes", "list"])
def test_one_worker_that_cannot_load_it_makes_install_fail(start, modules, tmp_path, lack):
    many = start(1, serve=("--modules", modules), join=("--modules", modules))
    other = folder_of(tmp_path / "other", None if lack == "file" else MODULE)
    if lack == "bytes":
        with open(other / MODULE.name, "ab") as file:
            file.write(b"more")
    if lack == "list":
        (other / "allowed.sha256").touch(0o644)
    many.workers.append(many.join(*([] if lack == "folder" else ["--modules", other])))
    done = many.run(REFUSED)
    why = {
        "folder": "this process was started without --modules",
        "file": "has none of this name",
        "bytes": "is not the one that the kernel has: its SHA-256 is another",
        "list": "it is not in the operator's list",
    }[lack]
    assert done.returncode == 0, done.stderr
    assert f"Install: the module 'my_models' cannot be loaded: " in done.stdout and why in done.stdout
    assert f", says worker 2 (process {many.workers[1].pid} at 127.0.0.1)" in done.stdout
    assert {one["vps"] for one in workers(many).values()} != {0}
    assert not any(has_module(one) for one in [many.server, *many.workers]), "nobody keeps it"


def test_kernels_with_and_without_modules_share_workers(cluster, expected):
    many = cluster(2)
    ours = client(VOLLEY_ADDRESS=many.address, VOLLEY_KERNEL="a")
    theirs = client(MANY, VOLLEY_ADDRESS=many.address, VOLLEY_KERNEL="b")
    for one in ours, theirs:
        one.go_on()
    without = "import nest\nnest.Create('iaf_psc_alpha', 9)\nnest.Simulate(50.0)\nnest.ResetKernel()"
    for _ in range(3):
        done = many.run(without, environment={"VOLLEY_KERNEL": "c"})
        assert done.returncode == 0, done.stderr
    many.workers[0].kill()
    assert ours.said() == expected[LONG] and theirs.said() == expected[MANY]


@pytest.mark.parametrize("checkpoint", ["0", "0.05"])
def test_a_supervisor_that_starts_again_has_the_module_and_its_network(start, expected, modules, checkpoint):
    serve = ("--modules", modules, "--state", "state", "--checkpoint", checkpoint)
    many = start(2, serve=serve, join=("--modules", modules))
    ours = client(MANY, VOLLEY_ADDRESS=many.address).go_on()
    time.sleep(1.0)
    log_of(many.server)
    many.server.wait()
    many.start_server("--workers-listen", many.door, "--workers-only", *serve)
    many.workers.append(many.join())  # it has none
    assert ours.said() == expected[MANY]
    vps = {number: one["vps"] for number, one in workers(many).items()}
    assert sorted(vps.values()) == [0, 2, 2]


@pytest.mark.parametrize("checkpoint, why", [("0", "are not the ones"), ("0.05", "is not the one")])
def test_a_supervisor_does_not_go_on_with_another_file(start, modules, checkpoint, why):
    """Its models may be others."""
    serve = ("--modules", modules, "--state", "state", "--checkpoint", checkpoint)
    many = start(1, serve=serve, join=("--modules", modules))
    ours = client(MANY, VOLLEY_ADDRESS=many.address).go_on()
    while checkpoint != "0" and not list((many.folder / "state").glob("log-[1-9]*")):
        time.sleep(0.01)
    log_of(many.server)
    many.server.wait()
    with open(modules / "my_models.so", "ab") as file:
        file.write(b"more")
    many.start_server("--workers-listen", many.door, *serve)
    assert many.server.wait(timeout=30) != 0
    assert f"{why} that the kernel ha" in many.server.stdout.read()
    ours.process.kill()


def test_volley_up_passes_the_folder_on(modules, tmp_path):
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "volley-server").symlink_to(PROGRAM)
    environment = {**os.environ, "PATH": f"{tmp_path}/bin:{os.environ['PATH']}", "XDG_RUNTIME_DIR": str(tmp_path)}
    root = tmp_path / "records"
    root.mkdir()

    def volley(*arguments):
        command = [sys.executable, "-m", "volley", *arguments]
        return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=90)

    try:
        up = volley("up", "2", "--vps", "4", "--modules", str(modules), "--data-root", str(root))
        assert up.returncode == 0, up.stdout + up.stderr
        address = f"unix:{tmp_path}/volley/cluster-default.sock"
        script = "import nest\nnest.Install('my_models')\nnest.Create('every_nth', 9)\nnest.Simulate(5.0)"
        environment["VOLLEY_ADDRESS"] = address
        done = subprocess.run([sys.executable, "-c", script], env=environment, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
        del environment["VOLLEY_ADDRESS"]
        told = json.loads(volley("status", "--json").stdout)["workers"]
        assert [one["vps"] for one in told] == [2, 2]
    finally:
        volley("down")
