"""NEST Server's calls, from a plain HTTP client."""

import os
import subprocess
import sys
import threading
import time

import pytest


def test_a_network_is_built_and_run(fresh):
    neurons = fresh.call("Create", model="iaf_psc_alpha", n=10, params={"I_e": 400.0})
    recorder = fresh.call("Create", "spike_recorder")
    assert (neurons, recorder) == (list(range(1, 11)), [11])
    assert fresh.call("Connect", pre=neurons, post=recorder) is None
    assert fresh.call("Simulate", t=100.0) is None
    [status] = fresh.call("GetStatus", nodes=recorder)
    assert status["n_events"] == len(status["events"]["times"]) > 0
    assert fresh.call("GetStatus", neurons, "vp") == [0] * 10
    connections = fresh.call("GetConnections", source=neurons)
    assert len(connections) > 0
    assert fresh.call("GetKernelStatus", keys="biological_time") == 100.0


def test_third_factors_are_connected(fresh):
    neurons, third = fresh.call("Create", "iaf_psc_alpha", 3), fresh.call("Create", "parrot_neuron")
    pool = {"rule": "third_factor_bernoulli_with_pool", "p": 1.0}
    fresh.call("TripartiteConnect", neurons, neurons, third, "one_to_one", pool)
    assert fresh.call("GetConnections", source=third)["target"] == neurons


def test_versions_names_and_attributes(fresh):
    assert fresh.ask("/").body.keys() == {"nest", "mpi"}
    names = fresh.ask("/api").body
    assert names == sorted(names) and {"Create", "resolution", "Simulate"} <= set(names)
    assert fresh.ask("/api/resolution").body == 0.1
    assert fresh.ask("/api/min_update_time").body is None  # infinite, which JSON cannot say


def test_arguments_come_in_any_of_the_ways(fresh):
    assert fresh.ask("/api/Create", b'"iaf_psc_alpha"').body == [1]
    assert fresh.ask("/api/Create", ["iaf_psc_alpha", 2]).body == [2, 3]
    assert fresh.ask("/api/Create", {"args": ["iaf_psc_alpha"], "n": 2}).body == [4, 5]
    form = {"Content_Type": "application/x-www-form-urlencoded"}
    assert fresh.ask("/api/Create", b"model=iaf_psc_alpha", **form).body == [6]
    assert fresh.ask("/api/Create", b"args=parrot_neuron", **form).body == [7]
    assert fresh.ask("/api/GetDefaults?model=iaf_psc_alpha&keys=C_m").body == 250.0
    assert fresh.ask("/api/GetDefaults?args=iaf_psc_alpha&args=C_m&model=x").body == 250.0


def test_ids_are_good_after_somebody_else_has_reset_the_kernel(fresh):
    fresh.call("Create", "iaf_psc_alpha", 3)
    assert fresh.ask("/exec", {"source": "nest.ResetKernel()\nnest.Create('parrot_neuron', 2)"}).status == 200
    assert fresh.call("GetStatus", [1, 2], "model") == ["parrot_neuron"] * 2
    assert fresh.call("Connect", [1], [2]) is None


def test_functions_are_inspected(fresh):
    assert "Makes" in fresh.ask("/api/Create?inspect=getdoc").body["data"]
    assert fresh.ask("/api/Create?inspect=getmembers").status == 400


@pytest.mark.parametrize(
    "path, body, status, text",
    [
        ("/api/Create", {"model": "no_such_model"}, 400, "UnknownModelName (NESTError): "),
        ("/api/Create", {"model": "iaf_psc_alpha", "n": 0}, 400, "BadParameterValue (NESTError): "),
        ("/api/Create", {"modell": "iaf_psc_alpha"}, 400, "TypeError: "),
        ("/api/GetStatus", {"nodes": [99]}, 400, "UnknownNode (NESTError): "),
        ("/api/Nonsense", {}, 400, "AttributeError: 'Nonsense'"),
        ("/api/__class__", {}, 400, "AttributeError: "),
        ("/api/Install", {"module_name": "m"}, 400, "AttributeError: 'Install'"),
        ("/api/helpdesk", {}, 400, "AttributeError: "),
        ("/api/Simulate", {"t": "long"}, 400, "TypeError: "),
        ("/api/Simulate", {"t": -1.0}, 400, "BadParameter (NESTError): "),
        ("/api/Simulate", {}, 400, "TypeError: Simulate() missing"),
        ("/api/Run", {"t": 1.0, "u": 2.0}, 400, "TypeError: Run() got an unexpected"),
        ("/nowhere", {}, 404, "Not Found: "),
        ("/api/Create", b"{", 400, "ValueError: the body is no JSON"),
        ("/api/Create", b"7", 400, "ValueError: the body must be"),
        ("/api/Create", b'{"n": NaN}', 400, "ValueError: the body is no JSON"),
        ("/api/Create", b"\xff\xfe", 400, "ValueError: the body is no UTF-8"),
        ("/api/Create", b"[" * 100_000, 400, "ValueError: the body nests"),
        ("/exec", {}, 400, "KeyError: "),
    ],
    ids=range(19),
)
def test_mistakes_are_told_and_change_nothing(fresh, path, body, status, text):
    got = fresh.ask(path, body)
    assert got.status == status and got.body["message"].startswith(text), got.body
    assert fresh.call("GetKernelStatus", keys="network_size") == 0


def test_metrics_are_for_whoever_may_look(fresh):
    fresh.call("Create", "iaf_psc_alpha", 7)
    fresh.call("Simulate", 10.0)
    for token, headers in ((fresh.observe_token, {}), ("", {"Authorization": f"Bearer {fresh.observe_token}"})):
        got = fresh.ask("/metrics", token=token, **headers)
        assert got.status == 200 and got.headers["Content-Type"].startswith("text/plain; version=0.0.4")
        lines = got.body.decode().splitlines()
        assert "volley_nodes 7" in lines and "volley_biological_time_milliseconds 10.0" in lines
    assert fresh.ask("/metrics", token="", Authorization="Bearer x").status == 403


def test_other_kernels_of_the_server_are_looked_at(fresh):
    script = "import nest; nest.ResetKernel(); nest.Create('iaf_psc_alpha', 5); nest.Simulate(3.0)"
    env = {**os.environ, "PYTHONPATH": ":".join(sys.path), "VOLLEY_ADDRESS": fresh.address, "VOLLEY_KERNEL": "a"}
    subprocess.run([sys.executable, "-c", script], env=env, check=True)
    fresh.call("Create", "iaf_psc_alpha", 7)
    look = {"token": fresh.observe_token}
    assert fresh.ask("/live/state", **look).body["kernels"] == ["default", "a"]
    for kernel, nodes in ("", 7), ("a", 5), ("default", 7):
        state = fresh.ask(f"/live/state?kernel={kernel}", **look).body
        assert state["status"]["network_size"] == nodes, kernel
    assert fresh.ask("/live/state?kernel=a", **look).body["now_ms"] == 3.0
    lines = fresh.ask("/metrics", **look).body.decode().splitlines()
    assert 'volley_kernel_nodes{kernel="a"} 5.0' in lines and 'volley_kernel_nodes{kernel="default"} 7.0' in lines
    assert [one["name"] for one in fresh.ask("/api/kernels", **look).body] == ["a", "default"]
    assert fresh.ask("/api/drop_kernel", ["a"], **look).status == 403
    fresh.call("drop_kernel", "a")
    for _ in range(2):
        assert fresh.ask("/live/state?kernel=a", **look).status == 404, "who looks makes none"
    assert fresh.ask("/live/state", **look).body["kernels"] == ["default"]


def test_the_method_must_fit(fresh):
    assert fresh.ask("/", {}).status == 405
    assert fresh.ask("/api/Create", {}, method="DELETE").status == 405


def simulate_aside(server, path, body):
    """Sends a long call from another thread; its answer is appended to a list."""
    answers = []
    thread = threading.Thread(target=lambda: answers.append(server.ask(path, body)))
    thread.start()
    return thread, answers


def wait_until_it_runs(server):
    for _ in range(200):
        state = server.ask("/live/state", token=server.observe_token).body
        if state["running"] and state["now_ms"] > 0:
            return state
        time.sleep(0.05)
    raise AssertionError("nothing runs")


def make_busy_network(server):
    cells = server.call("Create", model="iaf_psc_alpha", n=1000, params={"I_e": 400.0})
    recorder = server.call("Create", "spike_recorder")
    server.call("Connect", pre=cells, post=recorder)
    server.call("Create", "correlation_detector")  # a recorder without events
    return recorder


@pytest.mark.parametrize("way", ["api", "exec"])
def test_a_run_is_watched_and_cancelled(fresh, way):
    recorder = make_busy_network(fresh)
    long = {"api": ("/api/Simulate", {"t": 1e8}), "exec": ("/exec", {"source": "nest.Simulate(1e8)"})}[way]
    thread, answers = simulate_aside(fresh, *long)
    state = wait_until_it_runs(fresh)
    assert 0 < state["now_ms"] < state["end_ms"] == 1e8 and state["job"]
    # Others look meanwhile, with either token, also by the plain calls; what changes something waits or is refused.
    assert fresh.call("GetKernelStatus", keys="to_do") > 0
    assert fresh.call("GetStatus", recorder, "n_events")[0] > 0
    looked = fresh.ask("/live/events", token=fresh.observe_token).body
    assert looked["rasters"][0]["events"] > 0 and looked["rates"]["populations"][0]["recorded"] == 1000
    assert fresh.ask("/live/cancel", {}, token=fresh.observe_token).status == 403
    assert fresh.ask("/live/cancel", {}).body == {"cancelled": True}
    thread.join(60)
    assert answers[0].status == 409 and "cancelled" in answers[0].body["message"]
    assert fresh.ask("/live/cancel", {}).body == {"cancelled": False}
    stopped_ms = fresh.call("GetKernelStatus", keys="biological_time")
    assert 0 < stopped_ms < 1e8
    fresh.call("Simulate", t=1.0)
    assert fresh.call("GetKernelStatus", keys="biological_time") == pytest.approx(stopped_ms + 1.0)


# A network that learns, under noise; prints what was recorded and learnt, as a digest.
SCRIPT = """
import hashlib
import nest
cells = nest.Create("iaf_psc_alpha", 400, {"V_m": nest.random.uniform(-70.0, -56.0)})
noise, current = nest.Create("poisson_generator", params={"rate": 9000.0}), nest.Create("noise_generator")
current.set(std=30.0, std_mod=20.0, frequency=20.0)
recorder, meter = nest.Create("spike_recorder"), nest.Create("multimeter", params={"record_from": ["V_m"]})
nest.Connect(noise, cells, syn_spec={"weight": 20.0, "delay": 1.5})
nest.Connect(current, cells, syn_spec={"delay": 1.5})
rule = {"rule": "fixed_indegree", "indegree": 40}
nest.Connect(cells, cells, rule, {"synapse_model": "stdp_synapse", "weight": 20.0, "delay": 1.5})
nest.Connect(cells, recorder)
nest.Connect(meter, cells[:5])
nest.Simulate(DURATION)
digest = hashlib.sha256()
for events, keys in (recorder.events, ("times", "senders")), (meter.events, ("times", "senders", "V_m")):
    for key in keys:
        digest.update(events[key].tobytes())
digest.update(repr(nest.GetConnections(cells, cells).get("weight")).encode())
digest.update(repr((current.get(["y_0", "y_1"]), cells.V_m)).encode())
print(recorder.n_events, digest.hexdigest())
"""


def test_the_run_of_another_program_is_watched_and_is_the_same_bits(fresh):
    command = [sys.executable, "-c", SCRIPT.replace("DURATION", "5000.0")]
    env = {**os.environ, "PYTHONPATH": ":".join(sys.path)}
    undisturbed = subprocess.run(command, env=env, capture_output=True, text=True, check=True).stdout.split()[-2:]
    assert int(undisturbed[0]) > 10000
    with subprocess.Popen(command, env={**env, "VOLLEY_ADDRESS": fresh.address}, stdout=subprocess.PIPE) as program:
        state = wait_until_it_runs(fresh)
        assert state["job"] is None and state["end_ms"] == 5000.0
        seen = []
        while program.poll() is None:
            seen.append(fresh.ask("/live/events", token=fresh.observe_token).body["now_ms"])
            for call in "GetKernelStatus", "GetConnections", "GetNodes":
                assert fresh.ask(f"/api/{call}", {}, token=fresh.observe_token).status == 200
            assert fresh.ask("/api/GetStatus", {"nodes": [1, 402, 404]}, token=fresh.observe_token).status == 200
        assert seen == sorted(seen) and len({now_ms for now_ms in seen if 0 < now_ms < 5000.0}) > 2
        assert program.stdout.read().decode().split()[-2:] == undisturbed


def test_the_network_is_summarised(fresh):
    make_busy_network(fresh)
    fresh.call("Simulate", t=5.0)
    for _ in range(100):
        network = fresh.ask("/live/network").body
        if network["populations"]:
            break
        time.sleep(0.1)
    assert [(p["model"], p["size"], p["kind"]) for p in network["populations"]] == [
        ("iaf_psc_alpha", 1000, "neuron"),
        ("spike_recorder", 1, "recorder"),
        ("correlation_detector", 1, "recorder"),
    ]
    [link] = network["projections"]
    assert (link["from"], link["to"], link["number"], link["synapse"]) == (0, 1, 1000, "static_synapse")
