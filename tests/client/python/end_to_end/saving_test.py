"""Networks saved and loaded: they go on as if nothing had happened, in this process, in another one, on as many virtual
processes as somebody likes. Files that are not whole are refused."""

import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

SERVED = os.environ.get("VOLLEY_MODE") == "served"


def build(nest):
    """Nodes 1 ... 40 are cells, 41 is noise, 42 to 44 record spikes, potentials and weights."""
    cells = nest.Create("iaf_psc_alpha", 40, {"V_m": nest.random.uniform(-70.0, -56.0), "I_e": 390.0})
    noise = nest.Create("poisson_generator", 1, {"rate": 5000.0})
    spikes = nest.Create("spike_recorder")
    meter = nest.Create("multimeter", 1, {"record_from": ["V_m"], "interval": 0.3})
    weights = nest.Create("weight_recorder")
    nest.CopyModel("stdp_synapse", "watched", {"weight_recorder": weights})
    nest.Connect(noise, cells, syn_spec={"weight": 20.0, "delay": 1.5})
    nest.Connect(cells, cells, {"rule": "fixed_indegree", "indegree": 5}, {"synapse_model": "watched", "weight": 20.0})
    delays = nest.random.uniform(0.5, 3.0)
    nest.Connect(cells, cells, {"rule": "fixed_indegree", "indegree": 5}, {"weight": -9.0, "delay": delays})
    nest.Connect(cells, spikes)
    nest.Connect(meter, cells[::5])


def told(nest):
    """Every number of the network, in an order of its own."""
    rows = {}
    for device, keys in {42: ["times", "senders"], 43: ["times", "senders", "V_m"]}.items():
        events = nest.NodeCollection([device]).get("events")
        rows[device] = sorted(zip(*(np.asarray(events[key]).tolist() for key in keys)))
    conns = nest.GetConnections(synapse_model="watched").get(["source", "target", "weight", "delay"])
    rows["weights"] = sorted(zip(*conns.values()))
    rows["V_m"] = list(nest.NodeCollection(range(1, 41)).get("V_m"))
    rows["time"] = nest.biological_time
    rows["draw"] = nest.random.uniform().GetValue()
    return rows


def second_half(nest):
    nest.NodeCollection([41]).set(rate=7000.0)
    nest.Simulate(9.4)


@pytest.fixture
def expected(nest):
    build(nest)
    nest.Simulate(20.3)
    second_half(nest)
    found = told(nest)
    assert len(found[42]) > 50
    nest.ResetKernel()
    return found


@pytest.mark.parametrize("vps, others", [(1, 3), (3, 1), (2, 2)])
def test_a_loaded_network_goes_on(nest, tmp_path, expected, vps, others):
    file = tmp_path / "half.volley"
    nest.total_num_virtual_procs = vps
    build(nest)
    nest.Simulate(20.3)
    nest.Save(file)
    nest.ResetKernel()
    nest.total_num_virtual_procs = others
    old = nest.Create("iaf_psc_alpha")
    nest.Load(file)
    with pytest.raises(nest.NESTError, match="ResetKernel|generation|stale"):
        old.get("V_m")
    assert nest.total_num_virtual_procs == others and nest.network_size == 44
    second_half(nest)
    assert told(nest) == expected


@pytest.mark.skipif(SERVED, reason="another process has another kernel where kernels are in processes")
def test_another_process_goes_on(nest, tmp_path, expected):
    file = tmp_path / "half.volley"
    build(nest)
    nest.Simulate(20.3)
    nest.Save(file)
    script = f"""
import json, sys
sys.path.insert(0, {str(Path(__file__).parent)!r})
import nest, saving_test
nest.total_num_virtual_procs = 2
nest.Load({str(file)!r})
saving_test.second_half(nest)
print(json.dumps({{str(key): rows for key, rows in saving_test.told(nest).items()}}))
"""
    environment = {**os.environ, "PYTHONPATH": ":".join(sys.path), "PYNEST_QUIET": "1"}
    done = subprocess.run(
        [sys.executable, "-c", script], env=environment, capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert found == json.loads(json.dumps({str(key): rows for key, rows in expected.items()}))


def test_saving_between_runs_changes_nothing(nest, tmp_path, expected):
    build(nest)
    nest.set(overwrite_files=True)
    with nest.RunManager():
        for milliseconds in 5.2, 9.9, 5.2:
            nest.Run(milliseconds)
            nest.Save(tmp_path / "again.volley")
    second_half(nest)
    assert told(nest) == expected


def test_a_file_tells_what_it_holds(nest, tmp_path):
    build(nest)
    nest.Simulate(2.0)
    nest.Save(tmp_path / "x")
    facts = nest.DescribeSaved(tmp_path / "x")
    assert facts["network_size"] == 44 and facts["nodes"]["iaf_psc_alpha"] == 40
    assert facts["connections"]["watched"] == 200 and facts["biological_time"] == 2.0
    assert facts["release"] == nest.__version__ and facts["total_num_virtual_procs"] == 1


def test_files_that_are_there_are_not_replaced_unless_told(nest, tmp_path):
    file = tmp_path / "x.volley"
    nest.Create("iaf_psc_alpha", 3)
    nest.Save(file)
    before = file.read_bytes()
    nest.Create("iaf_psc_alpha", 3)
    with pytest.raises(nest.NESTErrors.IOError, match="overwrite_files"):
        nest.Save(file)
    assert file.read_bytes() == before
    nest.set(overwrite_files=True)
    nest.Save(file)
    assert nest.DescribeSaved(file)["network_size"] == 6
    assert [entry.name for entry in tmp_path.iterdir()] == ["x.volley"], "nothing else is left"


def test_what_is_no_whole_file_is_refused_and_nothing_has_changed(nest, tmp_path):
    nest.Create("iaf_psc_alpha", 5)
    nest.Save(tmp_path / "x")
    whole = (tmp_path / "x").read_bytes()
    nest.Create("iaf_psc_alpha")
    wrong = {
        "gone": None,
        "short": whole[:-9],
        "changed": whole[: len(whole) // 2] + bytes([whole[len(whole) // 2] ^ 1]) + whole[len(whole) // 2 + 1 :],
        "longer": whole + b"x",
        "empty": b"",
        "text": b"nodes: 5",
    }
    for name, content in wrong.items():
        if content is not None:
            (tmp_path / name).write_bytes(content)
        for call in nest.Load, nest.DescribeSaved:
            with pytest.raises(nest.NESTErrors.IOError, match=name):
                call(tmp_path / name)
        assert nest.network_size == 6
    nest.Load(tmp_path / "x")
    assert nest.network_size == 5


@pytest.mark.parametrize("path", [3, None, b"x", ["x"]])
def test_files_are_named_by_text(nest, path):
    for call in nest.Save, nest.Load, nest.DescribeSaved:
        with pytest.raises(TypeError, match="named by text"):
            call(path)


@pytest.mark.skipif(not SERVED, reason="who runs a kernel may write where he likes")
def test_a_server_keeps_networks_in_its_folder(nest, tmp_path):
    nest.Create("iaf_psc_alpha")
    for path in "/tmp/elsewhere", "../x", str(tmp_path / "a b"), "no_folder/x":
        for call in nest.Save, nest.Load:
            with pytest.raises(nest.NESTErrors.IOError):
                call(path)


@pytest.mark.skipif(SERVED, reason="the command looks at files itself")
def test_the_command_tells_what_a_file_holds(nest, tmp_path):
    build(nest)
    nest.Save(tmp_path / "x")
    environment = {**os.environ, "PYTHONPATH": ":".join(sys.path)}

    def run(*arguments):
        command = [sys.executable, "-m", "volley", "info", *arguments]
        return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60, check=False)

    done = run(str(tmp_path / "x"))
    assert done.returncode == 0, done.stderr
    assert "network_size             44" in done.stdout and "  iaf_psc_alpha          40" in done.stdout
    done = run(str(tmp_path / "gone"))
    assert done.returncode == 1 and "cannot be read" in done.stderr
    assert run().returncode == 1
