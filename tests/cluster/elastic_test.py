"""Workers that join and leave while a network is there cost no bit, and neither does another number of virtual
processes."""

import json
import signal
import threading
import time

import pytest
from disturbed import BUILD, run

WORKERS = "import nest, json\nprint(json.dumps({key: nest.GetKernelStatus(key) for key in ('workers', 'cluster')}))"
NETWORK = BUILD + "nest.Simulate(5000.0)\n"
DIGEST = """
nest.Simulate(50.0)
print(nest.total_num_virtual_procs, nest.biological_time, hash(tuple(cells.get("V_m"))))
"""


def workers(many):
    """By number."""
    done = many.run(WORKERS)
    assert done.returncode == 0, done.stderr
    return {one["number"]: one for one in json.loads(done.stdout)["workers"]}


def moves(many):
    return json.loads(many.run(WORKERS).stdout)["cluster"]["moves"]


def drain(many, number):
    return many.run(f"from volley.marshalling import open_session as o\no(print, '{many.address}').drain({number})")


@pytest.fixture(scope="module")
def expected(tmp_path_factory):
    """What a run says that nobody disturbs, by its calls."""
    from conftest import cluster

    many = cluster(tmp_path_factory.mktemp("calm"), 2)
    said = {calls: run(many, lambda: None, *calls).stdout for calls in CALLS}
    many.end()
    assert all(int(text.split()[0]) > 100 for text in said.values())
    return said


# A server that computes by itself is the fastest, and its run is to last until another has joined.
LONG, ALONE, MANY = (100_000.0, 1), (300_000.0, 1), (100.0, 100)
CALLS = [LONG, ALONE, MANY]


@pytest.mark.parametrize("hosts, calls", [(False, LONG), (True, ALONE), (False, MANY), (True, MANY)])
def test_whoever_joins_in_a_run_gets_vps(start, expected, calls, hosts):
    many = start(0 if hosts else 2, hosts=hosts)
    done = run(many, lambda: many.workers.append(many.join()), *calls)
    assert done.stdout == expected[calls], done.stderr
    newest = max(workers(many).values(), key=lambda one: one["number"])
    assert newest["state"] == "holding" and newest["vps"] > 0
    assert moves(many) >= 1


@pytest.mark.parametrize("calls", [LONG, MANY])
@pytest.mark.parametrize("by_signal", [False, True])
def test_a_drained_worker_ends_in_a_run_and_changes_nothing(start, expected, calls, by_signal):
    many = start(3)
    end = (lambda: many.workers[1].send_signal(signal.SIGTERM)) if by_signal else (lambda: drain(many, 2))
    done = run(many, end, *calls)
    assert done.stdout == expected[calls], done.stderr
    assert many.workers[1].wait(20) == 0
    assert workers(many)[2]["state"] == "left"


def test_a_worker_is_drained_at_rest_and_the_only_one_is_not(start):
    many = start(2)
    script = NETWORK + "open('built', 'w').close()\nimport os, time\nwhile not os.path.exists('go'): time.sleep(0.05)\n"
    script = f"import os\nos.chdir({str(many.folder)!r})\n" + script + DIGEST
    texts = []
    for drains in False, True:
        for name in "built", "go":
            (many.folder / name).unlink(missing_ok=True)
        run_script = lambda: texts.append(many.run(script, "", "", "").stdout)  # noqa: E731
        client = threading.Thread(target=run_script, daemon=True)
        client.start()
        while not (many.folder / "built").exists():
            time.sleep(0.05)
        if drains:
            assert drain(many, 1).returncode == 0
            assert many.workers[0].wait(20) == 0
            assert [one["vps"] for one in workers(many).values() if one["state"] == "holding"] == [4]
            assert "the only one left" in drain(many, 2).stderr
            assert "there is no worker 9" in drain(many, 9).stderr
        (many.folder / "go").touch()
        client.join()
    assert texts[0] == texts[1] != ""


def test_joins_drains_and_losses_at_once(start, expected):
    many = start(3)

    def disturb():
        many.workers.append(many.join())
        many.workers[0].send_signal(signal.SIGTERM)
        time.sleep(0.3)
        many.workers[1].kill()

    done = run(many, disturb, *LONG)
    assert done.stdout == expected[LONG], done.stderr


@pytest.mark.parametrize("vps", [1, 3, 16])
def test_a_network_is_rescaled_over_workers(start, vps):
    many = start(2)
    calm = many.run(NETWORK + DIGEST)
    other = many.run(NETWORK + f"import volley\nvolley.rescale({vps})\n" + DIGEST)
    assert other.stdout.split() == [str(vps), *calm.stdout.split()[1:]], other.stderr
    assert sum(one.get("vps", 0) for one in workers(many).values()) == vps
