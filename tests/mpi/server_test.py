"""`mpirun nest-server-mpi`: HTTP calls that all ranks make, their answers and errors, and the end of all."""

import importlib.util
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest
from conftest import run_ranks
from volley.server_instance import began

RANKS = 2
HAS_MPI4PY = importlib.util.find_spec("mpi4py") is not None
needs_mpi4py = pytest.mark.skipif(not HAS_MPI4PY, reason="there is no mpi4py (Debian package python3-mpi4py)")


def environment(folder, **more):
    kept = {key: value for key, value in os.environ.items() if not key.startswith("NEST_SERVER_")}
    paths = {"PYTHONPATH": os.pathsep.join(sys.path), "XDG_RUNTIME_DIR": str(folder)}
    return {**kept, **paths, "VOLLEY_MEMORY_LIMIT": "1G", "NEST_SERVER_ENABLE_EXEC_CALL": "true", **more}


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as free:
        return free.getsockname()[1]


class server:
    """A job of mpirun that serves, and what a client asks of it."""

    def __init__(self, folder, *options, **env):
        folder.chmod(0o700)
        self.port = free_port()
        command = ["mpirun", "--oversubscribe", "--allow-run-as-root", "-np", str(RANKS), sys.executable]
        self.job = subprocess.Popen(
            [*command, "-m", "volley.nest_server_mpi", "--port", str(self.port), *options],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            env=environment(folder, **env),
        )
        self.token_file = folder / f"volley/nest-server-127.0.0.1-{self.port}.http-token"
        line = next((line for line in self.job.stdout if line.startswith("VOLLEY_HTTP=")), "")
        assert f"http://127.0.0.1:{self.port} " in line and str(self.token_file) in line
        self.token = self.token_file.read_text().strip()

    def ask(self, path, content=None, token=None):
        """(status, content)"""
        headers = {"Content-Type": "application/json", "NESTServerAuth": token or self.token}
        body = None if content is None else json.dumps(content).encode()
        request = urllib.request.Request(f"http://127.0.0.1:{self.port}{path}", body, headers)
        try:
            with urllib.request.urlopen(request, timeout=60) as answer:
                return answer.status, json.load(answer)
        except urllib.error.HTTPError as refused:
            return refused.code, json.load(refused)

    def call(self, name, **keywords):
        status, told = self.ask(f"/api/{name}", keywords)
        assert status == 200, told
        return told

    def execute(self, source, wanted=None):
        return self.ask("/exec", {"source": source, "return": wanted})

    def ranks(self):
        """Their processes, the first rank's first."""
        children = Path(f"/proc/{self.job.pid}/task/{self.job.pid}/children").read_text().split()
        of = {int(pid): Path(f"/proc/{pid}/environ").read_text() for pid in children}
        return [pid for rank in range(RANKS) for pid, text in of.items() if f"OMPI_COMM_WORLD_RANK={rank}\0" in text]

    def end(self, number=signal.SIGTERM):
        """Tells the first rank; the job's exit code, and what it has said."""
        os.kill(self.ranks()[0], number)
        said, _ = self.job.communicate(timeout=30)
        return self.job.returncode, said


@pytest.fixture(scope="module")
def served(tmp_path_factory):
    one = server(tmp_path_factory.mktemp("served"))
    yield one
    assert one.end()[0] == 0 and not one.token_file.exists()


@pytest.fixture
def empty(served):
    served.call("ResetKernel")
    return served


@needs_mpi4py
def test_calls_make_one_network_and_answers_become_one(empty):
    assert empty.ask("/")[1]["mpi"] is True and empty.call("NumProcesses") == RANKS
    assert empty.call("Create", model="iaf_psc_alpha", n=4, params={"I_e": 600.0}) == [1, 2, 3, 4]
    assert empty.call("Create", model="spike_recorder") == [5]
    empty.call("Connect", pre=[1, 2, 3, 4], post=[5])
    empty.call("Connect", pre=[1], post=[2, 3], syn_spec={"weight": 2.0})
    empty.call("Simulate", t=50.0)
    events = empty.call("GetStatus", nodes=[5])[0]["events"]
    assert set(events["senders"]) == {1, 2, 3, 4} and len(events["times"]) == 16
    assert [one["local"] for one in empty.call("GetStatus", nodes=[1, 2])] == [True, True]
    assert all(value < -55.0 for value in empty.call("GetStatus", nodes=[1, 2, 3, 4], keys="V_m"))
    found = empty.call("GetConnections", source=[1], target=[2, 3])
    assert sorted(found["target"]) == [2, 3] and found["weight"] == [2.0, 2.0]
    assert empty.call("GetNodes") == [1, 2, 3, 4, 5]
    assert empty.ask("/api/biological_time") == (200, 50.0)


@needs_mpi4py
def test_who_has_no_token_is_refused(served):
    assert served.ask("/api/ResetKernel", {}, token="wrong")[0] == 403


@needs_mpi4py
def test_source_runs_on_all_ranks(empty):
    source = "n = nest.Create('iaf_psc_alpha', 3)\nnest.Simulate(1.0)\nprint(nest.Rank())\nk = nest.NumProcesses()"
    assert empty.execute(source, ["n", "k"]) == (200, {"stdout": "0\n", "data": {"n": [1, 2, 3], "k": RANKS}})
    assert empty.ask("/api/biological_time") == (200, 1.0)


@needs_mpi4py
@pytest.mark.parametrize(
    "source, message",
    [
        ("nest.Create('no_model')", "UnknownModelName (NESTError) at line 1: Create: 'no_model' is not a known"),
        ("if nest.Rank() == 1:\n    1 / 0", "ZeroDivisionError at line 2: division by zero (on rank 1)"),
        ("if nest.Rank() == 1:\n    1 / 0\nnest.Simulate(1.0)", "ZeroDivisionError at line 2: division by zero (on"),
        ("if nest.Rank() == 0:\n    1 / 0\nnest.Simulate(1.0)", "ZeroDivisionError at line 2: division by zero (on"),
        ("if nest.Rank() == 0:\n    nest.SyncProcesses()", "rank 1 has come to the end of the request"),
        ("if nest.Rank() == 1:\n    nest.Simulate(1.0)\n    nest.Simulate(1.0)", "rank 0 has come to the end of"),
    ],
)
def test_an_error_leaves_no_ranks_apart(empty, source, message):
    status, told = empty.execute(source)
    assert status == 400 and message in told["message"], told
    assert empty.call("Create", model="iaf_psc_alpha", n=2) == [1, 2]
    empty.call("Simulate", t=1.0)


@needs_mpi4py
def test_ranks_that_drew_unequally_are_told_until_a_reset(empty):
    status, told = empty.execute("if nest.Rank() == 0:\n    nest.random.uniform().GetValue()")
    assert status == 400 and "drew random numbers" in told["message"]
    empty.call("ResetKernel")
    assert empty.call("Create", model="iaf_psc_alpha") == [1]


@needs_mpi4py
@pytest.mark.parametrize("long", [("/api/Simulate", {"t": 1e8}), ("/exec", {"source": "nest.Simulate(1e8)"})])
def test_a_cancelled_run_ends_on_all_ranks(empty, long):
    empty.call("Create", model="iaf_psc_alpha", n=4)
    told = []
    asking = threading.Thread(target=lambda: told.append(empty.ask(*long)))
    asking.start()
    while not empty.ask("/live/cancel", {})[1]["cancelled"]:
        time.sleep(0.05)
    asking.join(30)
    assert told == [(409, {"message": "the call was cancelled"})]
    empty.call("Simulate", t=1.0)
    assert empty.ask("/api/biological_time")[1] < 1e8


@needs_mpi4py
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_the_end_of_the_first_rank_ends_a_run_and_all(tmp_path, number):
    one = server(tmp_path)
    one.call("Create", model="iaf_psc_alpha", n=4)
    body = json.dumps({"t": 1e8})
    head = f"POST /api/Simulate HTTP/1.0\r\nHost: localhost\r\nNESTServerAuth: {one.token}\r\n"
    with socket.create_connection(("127.0.0.1", one.port)) as client:
        client.sendall(f"{head}Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n{body}".encode())
        while one.ask("/live/state")[1]["job"] is None:
            time.sleep(0.05)
        code, said = one.end(number)
    assert code == 0, said
    assert not one.token_file.exists()


@needs_mpi4py
def test_ctrl_c_at_mpirun_ends_all(tmp_path):
    one = server(tmp_path)
    ranks = one.ranks()
    one.job.send_signal(signal.SIGINT)
    one.job.communicate(timeout=30)
    deadline = time.monotonic() + 10
    while any(began(pid) for pid in ranks):
        assert time.monotonic() < deadline
        time.sleep(0.05)
    assert not one.token_file.exists()


def run_command(*options, **env):
    script = f"import sys; from volley.nest_server_mpi import main; sys.exit(main({list(options)}))"
    return run_ranks(RANKS, script, timeout=60, **env)


@needs_mpi4py
def test_what_cannot_be_served_is_told_once_and_ends_all():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        done = run_command("-p", str(taken.getsockname()[1]))
    assert done.returncode != 0 and done.stderr.count("Address already in use") == 1, done.stderr
    done = run_command("-h", "0.0.0.0")
    assert done.returncode != 0 and done.stderr.count("--insecure allows it") == 1, done.stderr
    done = run_command(VOLLEY_MPI="off")
    assert done.returncode != 0 and "have a network each" in done.stderr, done.stderr


def test_without_mpi4py_it_says_so():
    script = "import sys; sys.modules['mpi4py'] = None; import volley.nest_server_mpi as n; sys.exit(n.main([]))"
    done = run_ranks(RANKS, script, timeout=60)
    assert done.returncode != 0 and done.stderr.count("install the Debian package python3-mpi4py") == 1, done.stderr


def test_calls_need_a_communicator():
    script = """
import nest
client = nest.server.app.test_client()
told = client.get("/api/Models", headers={"NESTServerAuth": nest.server.chosen.token})
print(told.status_code, told.json["message"])
"""
    done = run_ranks(RANKS, script)
    assert done.stdout.splitlines() == [
        "400 RuntimeError: this process is one of several ranks: set_mpi_comm says how to reach the others"
    ] * RANKS, done.stderr
