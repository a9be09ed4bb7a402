"""`nest.server` as a module: over the kernel of its own process, and not imported before somebody asks for it."""

import os
import subprocess
import sys
import time

import nest
import pytest


@pytest.fixture
def client():
    """The application without sockets, with an empty kernel."""
    nest.ResetKernel()
    one = nest.server.app.test_client()
    one.environ_base["HTTP_NESTSERVERAUTH"] = nest.server.chosen.token
    return one


def run(script):
    env = {**os.environ, "PYTHONPATH": ":".join(sys.path), "PYNEST_QUIET": "1"}
    return subprocess.run([sys.executable, "-c", script], env=env, capture_output=True, text=True)


def test_it_is_imported_when_asked_for():
    script = "import sys, nest\nassert 'flask' not in sys.modules and 'server' in dir(nest)\n"
    assert run(script + "import nest.server\nassert nest.server.app and 'flask' in sys.modules").returncode == 0
    assert run(script + "nest.server.app").returncode == 0
    assert run("import volley\nvolley.server.app").returncode == 0


def test_without_flask_it_names_the_package():
    done = run("import sys\nsys.modules['flask'] = None\nimport nest\nnest.server")
    assert "ImportError" in done.stderr and "python3-flask" in done.stderr


def test_the_application_calls_the_kernel_of_this_process(client):
    made = client.post("/api/Create", json={"model": "iaf_psc_alpha", "n": 3, "params": {"I_e": 400.0}})
    assert made.json == [1, 2, 3] and nest.network_size == 3
    recorder = nest.Create("spike_recorder")
    assert client.post("/api/Connect", json=[[1, 2, 3], [4]]).status_code == 200
    assert client.post("/api/Simulate", json={"t": 100.0}).status_code == 200
    for _ in range(100):  # a network counts as built when it did not change for a while
        if rasters := client.get("/live/events").json["rasters"]:
            break
        time.sleep(0.1)
    assert rasters[0]["events"] == recorder.n_events > 0
    state = client.get("/live/state").json
    assert (state["now_ms"], state["running"]) == (100.0, False)
    assert client.get("/api/biological_time").json == 100.0
    assert client.get("/", headers={"NESTServerAuth": "x"}).status_code == 403


def test_arguments_named_nodes_become_collections(client):
    nest.Create("iaf_psc_alpha", 3)
    call, args, kwargs = nest.server.nestify("Connect", [[1, 2]], {"post": [3]})
    assert call is nest.Connect and args == [nest.NodeCollection([1, 2])] and kwargs["post"].tolist() == [3]
    call, args, kwargs = nest.server.nestify("GetConnections", [], {"source": None})
    assert kwargs == {"source": None}
    with pytest.raises(AttributeError):
        nest.server.nestify("Nonsense", [], {})


def test_source_runs_in_this_process(client):
    source = "import nest\nn = nest.Create('iaf_psc_alpha', 2)\nprint('hello')"
    assert nest.server.do_exec([], {"source": source, "return": "n"}) == {"stdout": "hello\n", "data": [1, 2]}
    assert nest.server.do_exec([], {"source": "x = 1"}) == {}
    assert nest.server.do_exec([], {"source": "x = 1", "return": ["x", "y"]}) == {"data": {"x": 1, "y": None}}
    assert client.post("/exec", json={"source": "x = 1"}).status_code == 403  # off unless it is asked for
