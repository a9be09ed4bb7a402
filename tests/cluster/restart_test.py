"""The server's process is killed at many points of a script and started again: the script goes on and ends with the
same bits."""

import json
import os
import random
import subprocess
import sys
import threading
import time
from subprocess import PIPE, STDOUT

import h5py
import pytest
from conftest import HERE, PROGRAM

SCRIPT = HERE / "restart_script.py"
VPS, LONG_MS = 3, 400.0


class lasting_server:
    """A server with a folder of state, started again whenever it was killed."""

    def __init__(self, folder, *options):
        self.folder = folder
        self.options = options
        self.process = None
        self.start()

    def start(self):
        command = [PROGRAM, "--socket", str(self.folder / "s"), "--state", str(self.folder / "state"), *self.options]
        environment = {**os.environ, "VOLLEY_MEMORY_LIMIT": "1G"}
        self.process = subprocess.Popen(command, cwd=self.folder, env=environment, stdout=subprocess.PIPE, text=True)
        assert self.process.stdout.readline().startswith("volley-server"), self.process.wait()

    def kill(self):
        self.process.kill()
        self.process.wait()
        self.process.stdout.close()

    def client(self, milliseconds=LONG_MS):
        environment = {**os.environ, "VOLLEY_ADDRESS": f"unix:{self.folder / 's'}"}
        command = [sys.executable, str(SCRIPT), str(VPS), str(milliseconds)]
        return subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


@pytest.fixture
def serve(tmp_path):
    """Starts servers, each in a folder of its own, which end with the test."""
    started = []

    def start(*options):
        folder = tmp_path / str(len(started))
        folder.mkdir()
        started.append(lasting_server(folder, *options))
        return started[-1]

    yield start
    for one in started:
        if one.process.poll() is None:
            one.kill()


def result_of(client):
    out, err = client.communicate(timeout=240)
    assert client.returncode == 0, err
    return json.loads(out)


@pytest.fixture(scope="module")
def expected(tmp_path_factory):
    """What a kernel in the script's own process ends with."""
    environment = {key: value for key, value in os.environ.items() if key != "VOLLEY_ADDRESS"}
    done = subprocess.run(
        [sys.executable, str(SCRIPT), str(VPS), str(LONG_MS)],
        env=environment,
        cwd=tmp_path_factory.mktemp("alone"),
        capture_output=True,
        text=True,
        timeout=240,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


STEPS = ["build", "first", "set", "pieces", "last", "read"]


@pytest.mark.parametrize("checkpoint", ["0", "0.05"])
@pytest.mark.parametrize("step", STEPS)
def test_a_script_goes_on_with_another_process(serve, expected, step, checkpoint):
    server = serve("--checkpoint", checkpoint)
    client = server.client()
    for line in client.stderr:
        if line.startswith(f"step {step}"):
            break
    time.sleep(0.02)
    server.kill()
    server.start()
    assert result_of(client) == expected


def test_many_deaths_at_any_time_change_nothing(serve, expected):
    draw = random.Random(20)
    server = serve("--checkpoint", "0.1")
    client = server.client()
    result = []
    waiter = threading.Thread(target=lambda: result.append(client.communicate(timeout=300)))
    waiter.start()
    deaths = 0
    while waiter.is_alive() and deaths < 20:
        time.sleep(draw.uniform(0.05, 0.6))
        server.kill()
        deaths += 1
        server.start()
    waiter.join()
    out, err = result[0]
    assert client.returncode == 0, err
    assert json.loads(out) == expected
    assert deaths > 0


@pytest.mark.parametrize("backend", ["ascii", "sonata"])
def test_recorded_files_go_on_from_a_checkpoint(serve, backend):
    script = f"""
import sys
sys.path.insert(0, {str(HERE)!r})
import nest
from network import build
nest.ResetKernel()
nest.set(total_num_virtual_procs={VPS}, rng_seed=77)
cells, spikes, meter, weights = build()
recorders = [spikes, meter, weights] if {backend == "ascii"} else [spikes, meter]
for device in recorders:
    device.set(record_to={backend!r}, label=device.model)
nest.Simulate(200.0)
print("first", flush=True)
nest.Simulate(2000.0)
print(spikes.n_events, weights.n_events, nest.local_spike_counter)
"""
    said = []
    for dies in False, True:
        server = serve("--checkpoint", "0.1")
        environment = {**os.environ, "VOLLEY_ADDRESS": f"unix:{server.folder / 's'}"}
        client = subprocess.Popen([sys.executable, "-c", script], env=environment, stdout=PIPE, text=True)
        assert client.stdout.readline() == "first\n"
        if dies:
            while not list((server.folder / "state").glob("checkpoint-*")):
                time.sleep(0.01)
            time.sleep(0.1)
            server.kill()
            server.start()
        told = client.communicate(timeout=240)[0]
        look = "import nest; nest.GetKernelStatus('biological_time')"  # answered when all is written again
        subprocess.run([sys.executable, "-c", look], env=environment, check=True, timeout=60)
        files = [file for file in server.folder.iterdir() if file.suffix in (".dat", ".h5")]
        said.append((told, {file.name: content_of(file) for file in files}))
    assert len(said[0][1]) == (3 * VPS if backend == "ascii" else 2)
    assert said[1] == said[0] and said[0][0]


def test_a_network_that_was_loaded_is_kept_before_its_file_is_saved_over(serve):
    def run(*lines):
        environment = {**os.environ, "VOLLEY_ADDRESS": f"unix:{server.folder / 's'}"}
        script = "\n".join(["import nest", "nest.overwrite_files = True", *lines, "print(nest.network_size)"])
        command = [sys.executable, "-c", script]
        return int(subprocess.run(command, env=environment, stdout=PIPE, check=True, timeout=60).stdout.split()[-1])

    server = serve("--checkpoint", "0")
    assert run("nest.Create('parrot_neuron', 4)", "nest.Save('saved')", "nest.Load('saved')") == 4
    server.kill()
    for file in (server.folder / "state").iterdir():  # as if it had died before
        if file.name.startswith("checkpoint-") or file.name in ("log-1", "log-2"):
            file.unlink()
    server.start()
    assert run("nest.Create('parrot_neuron', 5)", "nest.Save('saved')") == 9
    server.kill()
    server.start()
    assert run() == 9


def content_of(file):
    if file.suffix == ".dat":
        return file.read_text()
    columns = {}

    def keep(name, what):
        if isinstance(what, h5py.Dataset):
            columns[name] = what[()].tobytes()

    with h5py.File(file) as recorded:
        recorded.visititems(keep)
    return columns


def test_a_client_that_nobody_answers_is_told_what_is_known(serve):
    server = serve()
    os.environ["VOLLEY_RECONNECT_SECONDS"] = "0.5"
    try:
        client = server.client()
    finally:
        del os.environ["VOLLEY_RECONNECT_SECONDS"]
    for line in client.stderr:
        if line.startswith("step first"):
            break
    server.kill()
    err = client.communicate(timeout=60)[1]
    assert client.returncode != 0
    assert "whether the call that was on its way is done is not known" in err


def test_another_kernel_at_the_same_address_is_refused(serve, tmp_path):
    server = serve()
    client = server.client()
    for line in client.stderr:
        if line.startswith("step first"):
            break
    server.kill()
    (server.folder / "state").rename(tmp_path / "elsewhere")
    server.start()
    err = client.communicate(timeout=60)[1]
    assert client.returncode != 0
    assert "the network of this session is gone" in err


def test_a_folder_belongs_to_one_server(serve):
    server = serve()
    command = [PROGRAM, "--socket", str(server.folder / "t"), "--state", str(server.folder / "state")]
    second = subprocess.run(command, capture_output=True, text=True, timeout=20)
    assert second.returncode == 1
    assert "belongs to a server that runs already" in second.stderr


def test_workers_come_back_to_a_supervisor_that_does(tmp_path, expected):
    folder = tmp_path / "cluster"
    folder.mkdir()
    workers = []
    server = lasting_server(folder, "--workers-listen", "127.0.0.1:0", "--workers-only", "--checkpoint", "0.2")
    try:
        door = next(line for line in server.process.stdout if line.startswith("VOLLEY_WORKERS="))
        door = door.split()[0].removeprefix("VOLLEY_WORKERS=")
        server.options = ("--workers-listen", door, *server.options[2:])
        for _ in range(2):
            command = [PROGRAM, "worker", "--join", door, "--token-file", "s.workers", "--lanes", "1", "--wait", "10"]
            workers.append(subprocess.Popen(command, cwd=folder, stdout=PIPE, stderr=STDOUT, text=True))
            assert "worker" in workers[-1].stdout.readline()
        client = server.client()
        for line in client.stderr:
            if line.startswith("step last"):
                break
        time.sleep(0.3)
        server.kill()
        server.start()
        assert result_of(client) == expected
        for one in workers:
            assert "waiting 10 s for one at 127.0.0.1" in one.stdout.readline()
            assert "joined again: worker" in one.stdout.readline()
        server.kill()
        for one in workers:
            assert one.wait(40) == 1
            assert "and none came back" in one.stdout.read()
    finally:
        for one in [server.process, *workers]:
            if one.poll() is None:
                one.kill()
            one.wait()
            one.stdout.close()
