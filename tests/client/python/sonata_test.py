"""SonataNetwork: what it asks the kernel for, given the small circuit, and the errors of wrong files."""

import json
import shutil
from pathlib import Path

import h5py
import numpy as np
import pytest

import volley as v
from volley.sonata.configuration import read_configuration

TINY = Path(__file__).parent / "tiny_sonata"


@pytest.fixture
def network(fake):
    fake.models["iaf_psc_exp"] = dict(fake.models["iaf_psc_alpha"])
    for model in ("iaf_psc_alpha", "iaf_psc_exp"):
        fake.models[model].update(tau_m=10.0, t_ref=2.0, V_th=-55.0)
    return v.SonataNetwork(TINY / "circuit.json", str(TINY / "simulation.json"))


def test_construction_sets_the_resolution(fake, network):
    assert fake.calls == [("set_kernel_status", {"resolution": 0.1})]
    assert network.config["run"]["tstop"] == 100.0 and network.node_collections == {}
    assert network.config["networks"]["nodes"][0]["nodes_file"] == str(TINY / "cells_nodes.h5")


def test_nodes_are_in_order_of_their_id(network):
    cells = network.Create()["cells"]
    assert len(cells) == 12 and len(network.node_collections["sources"]) == 4
    assert cells.model == ("iaf_psc_alpha",) * 5 + ("iaf_psc_exp",) * 3 + ("iaf_psc_alpha",) * 4
    assert cells.tau_m == (8.0,) * 5 + (10.0,) * 3 + (20.0,) * 4
    assert cells.V_th == (-55.0,) * 8 + (-56.0, -57.0, -58.0, -59.0)


def test_sources_get_their_spikes(network):
    sources = network.Create()["sources"]
    trains = sources.spike_times
    assert sources.allow_offgrid_times == (True,) * 4 and sum(map(len, trains)) == 40
    assert all(np.all(np.diff(train) >= 0) for train in trains)
    with h5py.File(TINY / "spikes.h5") as file:
        ids, times = file["spikes/sources/node_ids"][:], file["spikes/sources/timestamps"][:]
    assert [train.tolist() for train in trains] == [sorted(times[ids == i]) for i in range(4)]


@pytest.mark.parametrize("part", [None, 7])
def test_edges_of_each_part_go_by_model_and_keys(fake, network, part):
    nodes = network.BuildNetwork(part)
    first_cell, first_source = nodes["cells"][0].tolist()[0], nodes["sources"][0].tolist()[0]
    with h5py.File(TINY / "cells_cells_edges.h5") as file:
        edges = file["edges/cells_to_cells"]
        weights, delays = edges["0/syn_weight"][:][::-1], edges["0/delay"][:][::-1]
        pairs = zip(edges["source_node_id"][:] + first_cell, edges["target_node_id"][:] + first_cell, weights, delays)
        wanted = sorted(tuple(float(number) for number in pair) for pair in pairs)
    inner = [c for c in fake.connections if c["source"] < first_source]
    assert sorted((c["source"], c["target"], c["weight"], c["delay"]) for c in inner) == wanted

    outer = [c for c in fake.connections if c["source"] >= first_source]
    kinds = {0: ("static_synapse", 900.0, 1.0), 1: ("static_synapse", 1200.0, 2.5), 2: ("stdp_synapse", 1000.0, 1.0)}
    assert len(outer) == 48
    for c in outer:
        kind = (c["source"] - first_source + c["target"] - first_cell) % 3
        assert (c["synapse_model"], c["weight"], c["delay"]) == kinds[kind]
        assert kind != 2 or (c["Wmax"], c["lambda"]) == (5000.0, 0.05)


def test_edges_of_big_files_are_placed_some_sources_at_a_time(fake, network, monkeypatch):
    def made_by(at_once):
        """(connections by source, how many there are whenever they are placed)"""
        monkeypatch.setattr("volley.sonata.edge_files._EDGES_AT_ONCE", at_once)
        fake.connections.clear()
        placed = []
        place = "volley.sonata.edge_files.GetKernelStatus"
        monkeypatch.setattr(place, lambda key: placed.append(len(fake.connections)))
        network.Connect(7)
        by_source = {}
        for one in fake.connections:
            by_source.setdefault(one["source"], []).append(one)
        return by_source, placed

    network.Create()
    whole, never = made_by(60)
    assert never == [] and sum(map(len, whole.values())) == 108
    some, placed = made_by(20)
    assert some == whole, "those of a source in the order of the file"
    assert len(placed) == 6 and placed[2] == 60 and placed[5] == 108, "three times a file"
    assert all(10 < more < 30 for more in np.diff(placed))
    bounds = [0, *placed]
    ends = [{one["source"] for one in fake.connections[a:b]} for a, b in zip(bounds, bounds[1:])]
    assert sum(map(len, ends)) == len(whole), "all of a source at once"
    assert len(made_by(1)[1]) == 2 * 4


def test_simulates_for_tstop(fake, network):
    network.BuildNetwork()
    network.Simulate()
    assert fake.calls[-1] == ("run", 100.0)


def test_order_of_calls(network):
    with pytest.raises(RuntimeError):
        network.Connect()
    with pytest.raises(RuntimeError):
        network.Simulate()
    network.Create()
    for size, error in ((1.5, TypeError), ("a", TypeError), (0, ValueError), (-1, ValueError)):
        with pytest.raises(error):
            network.Connect(size)


def test_variables_use_each_other_and_may_begin_alike(tmp_path):
    manifest = {"$IN": "$INPUT/deep", "$INPUT": "$BASE/inputs", "$BASE": "${configdir}/..", "$HERE": "."}
    (tmp_path / "a.json").write_text(
        json.dumps({"manifest": manifest, "files": ["$IN/x", {"y": "$INPUT/y"}, "$HERE/z"], "n": 5})
    )
    content = read_configuration(tmp_path / "a.json", None)
    assert content["files"] == [
        f"{tmp_path.parent}/inputs/deep/x",
        {"y": f"{tmp_path.parent}/inputs/y"},
        f"{tmp_path}/z",
    ]
    assert content["n"] == 5


@pytest.mark.parametrize(
    "changes, error",
    [
        ({"target_simulator": "other"}, ValueError),
        ({"target_simulator": None}, KeyError),
        ({"target_simulator": 5}, ValueError),
        ({"run": {"tstop": 1.0}}, ValueError),
    ],
)
def test_bad_configurations(fake, tmp_path, changes, error):
    content = {**json.loads((TINY / "circuit.json").read_text()), "run": {"dt": 0.1}, **changes}
    content = {key: value for key, value in content.items() if value is not None}
    (tmp_path / "circuit.json").write_text(json.dumps(content))
    with pytest.raises(error):
        v.SonataNetwork(tmp_path / "circuit.json")


DEEP = '{"a": ' * 100_000 + "1" + "}" * 100_000
WRONG_TEXTS = ["[]", "null", "{", '{"run": null}', '{"inputs": []}', '{"manifest": {"$A": 1}}', DEEP]


@pytest.mark.parametrize("text", [*WRONG_TEXTS, '{"a": ' + "[" * 250 + "]" * 250 + "}"])
def test_what_is_no_configuration_is_told_of_by_name(fake, tmp_path, text):
    (tmp_path / "circuit.json").write_text(text)
    with pytest.raises(ValueError, match="circuit.json"):
        v.SonataNetwork(tmp_path / "circuit.json")


def test_only_paths_are_taken(fake):
    for bad in ({}, 5, None):
        with pytest.raises(TypeError):
            v.SonataNetwork(bad)


@pytest.fixture
def changed(fake, network, tmp_path):
    """The small circuit, to be changed; `build(folder)` makes its nodes and connections."""
    folder = tmp_path / "tiny"
    shutil.copytree(TINY, folder)
    return folder


def build(folder):
    network = v.SonataNetwork(folder / "circuit.json", folder / "simulation.json")
    return network.BuildNetwork()


@pytest.mark.parametrize("second", ["biophysical", "virtual"])
def test_one_supported_model_type_a_file(changed, second):
    types = changed / "cells_node_types.csv"
    types.chmod(0o644)
    text = types.read_text()
    types.write_text(
        text.replace("point_neuron", second) if second == "biophysical" else text.replace("point_neuron", second, 1)
    )
    with pytest.raises(ValueError):
        build(changed)


def test_run_without_an_end(fake, changed):
    (changed / "simulation.json").chmod(0o644)
    content = json.loads((changed / "simulation.json").read_text())
    content["run"] = {"dt": 0.1}
    (changed / "simulation.json").write_text(json.dumps(content))
    network = v.SonataNetwork(changed / "circuit.json", changed / "simulation.json")
    network.BuildNetwork()
    with pytest.raises(ValueError):
        network.Simulate()


def test_node_sets_may_name_the_population(changed):
    (changed / "simulation.json").chmod(0o644)
    content = json.loads((changed / "simulation.json").read_text())
    content["node_sets_file"] = str(changed / "sets.json")
    content["inputs"]["trains"]["node_set"] = "outside"
    (changed / "simulation.json").write_text(json.dumps(content))
    (changed / "sets.json").write_text(json.dumps({"outside": {"population": "sources"}}))
    assert sum(map(len, build(changed)["sources"].spike_times)) == 40
