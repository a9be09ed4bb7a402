"""`volley up`, `status`, `drain` and `down`."""

import json
import os
import signal
import subprocess
import sys
import time

import pytest
from conftest import PROGRAM
from volley.local_cluster import core_shares
from volley.server_instance import began


@pytest.fixture
def volley(tmp_path):
    """Runs a command of the installed package, whose programs and runtime folder are the test's own."""
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "volley-server").symlink_to(PROGRAM)
    environment = {
        **os.environ,
        "PATH": f"{tmp_path}/bin:{os.environ['PATH']}",
        "XDG_RUNTIME_DIR": str(tmp_path),
        "VOLLEY_MEMORY_LIMIT": "1G",
    }

    def run(*arguments: str, code: int = 0) -> str:
        command = [sys.executable, "-m", "volley", *arguments]
        done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=90)
        assert done.returncode == code, done.stdout + done.stderr
        return done.stdout + done.stderr

    yield run
    subprocess.run([sys.executable, "-m", "volley", "down"], env=environment, capture_output=True, timeout=60)


def test_a_cluster_comes_up_tells_of_itself_and_goes_down(volley, tmp_path):
    said = volley("up", "2", "--vps", "5")
    assert "2 workers, 5 virtual processes" in said
    export = next(line for line in said.splitlines() if line.startswith("export VOLLEY_ADDRESS="))
    address = export.removeprefix("export VOLLEY_ADDRESS=")
    script = "import nest; nest.Create('iaf_psc_alpha', 10); nest.Simulate(10.0)"
    subprocess.run(
        [sys.executable, "-c", script], env={**os.environ, "VOLLEY_ADDRESS": address}, check=True, timeout=60
    )
    status = json.loads(volley("status", "--json"))
    assert status["vps"] == 5 and status["nodes"] == 10 and status["biological_time_ms"] == 10.0
    assert sorted(worker["vps"] for worker in status["workers"]) == [2, 3]
    assert "10 nodes on 5 virtual processes" in volley("status")
    assert "is up already" in volley("up", "1", code=1)
    for wrong in "-1", "one", str(2**32):
        volley("drain", wrong, code=2)
    assert "Worker 1 has left" in volley("drain", "1")
    assert "the only one left" in volley("drain", "2", code=1)
    assert [one["state"] for one in json.loads(volley("status", "--json"))["workers"]] == ["holding", "left"]
    assert "is down" in volley("down")
    assert "is down" in volley("status", code=1)
    assert not list((tmp_path / "volley").glob("*.json"))


def test_a_cluster_whose_supervisor_died_comes_up_again_with_its_state(volley, tmp_path):
    up = "up", "2", "--vps", "2", "--state", str(tmp_path / "state")
    volley(*up)
    script = "import nest; nest.Create('iaf_psc_alpha', 10); nest.Simulate(10.0)"
    address = f"unix:{tmp_path}/volley/cluster-default.sock"
    subprocess.run([sys.executable, "-c", script], env={**os.environ, "VOLLEY_ADDRESS": address}, check=True)
    supervisor, *workers = [pid for pid, _ in json.loads((tmp_path / "volley" / "cluster-default.json").read_text())]
    os.kill(supervisor, signal.SIGKILL)
    while began(supervisor):
        time.sleep(0.01)
    assert "is down" in volley("status", code=1)
    volley(*up)
    assert not any(began(pid) for pid in workers), "those that waited were ended"
    status = json.loads(volley("status", "--json"))
    assert status["nodes"] == 10 and status["biological_time_ms"] == 10.0 and len(status["workers"]) == 2
    assert "is down" in volley("down")


def test_each_worker_has_its_share_of_the_cores():
    assert core_shares([0, 1, 2, 3], 2) == [[0, 2], [1, 3]]
    assert core_shares([4, 6], 3) == [[4], [6], [4]]


def test_what_makes_no_sense_is_refused(volley):
    assert "expected a number" in volley("up", "0", code=2)
    assert "--name" in volley("status", "--name", "../x", code=1)
