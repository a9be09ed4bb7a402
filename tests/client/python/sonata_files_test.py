"""What SonataNetwork makes of the files of a circuit: groups, types, columns, inputs; and the errors of wrong files."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import h5py
import numpy as np
import pytest

import volley as v
from volley.sonata.edge_files import edge_population
from volley.sonata.files import distinct
from volley.sonata.node_sets import node_set, read_node_sets

TINY = Path(__file__).parent / "tiny_sonata"
LOCK = "import fcntl, sys; f = open(sys.argv[1]); fcntl.flock(f, fcntl.LOCK_EX); print('locked', flush=True); input()"


@pytest.fixture
def tiny(fake, tmp_path):
    """A copy of the small circuit, to be changed."""
    fake.models["iaf_psc_exp"] = dict(fake.models["iaf_psc_alpha"])
    for model in ("iaf_psc_alpha", "iaf_psc_exp"):
        fake.models[model].update(tau_m=10.0, t_ref=2.0, V_th=-55.0, model_id=3)
    fake.synapses["stdp_synapse"]["lambda"] = 0.01
    folder = tmp_path / "tiny"
    shutil.copytree(TINY, folder)
    for file in folder.rglob("*"):
        file.chmod(0o755)
    return folder


def network_in(folder):
    return v.SonataNetwork(folder / "circuit.json", folder / "simulation.json")


def edges_of(folder):
    return h5py.File(folder / "cells_cells_edges.h5", "a")


def change_simulation(folder, **entries):
    content = json.loads((folder / "simulation.json").read_text())
    content.update(entries)
    (folder / "simulation.json").write_text(json.dumps(content))


def inner(fake, nodes):
    """Connections between cells, in the order of their making."""
    first_source = nodes["sources"][0].tolist()[0]
    return [c for c in fake.connections if c["source"] < first_source]


# ---- edges


@pytest.mark.parametrize("order, most", [("source_node_id", 1), ("target_node_id", 4), (None, 4)])
def test_parts_are_read_where_they_have_edges_of_some_sources(fake, tiny, monkeypatch, order, most):
    with edges_of(tiny) as file:
        edges = file["edges/cells_to_cells"]
        if order is not None:
            rows = np.argsort(edges[order][:], kind="stable")
            for name in ("source_node_id", "target_node_id", "edge_type_id", "edge_group_id", "edge_group_index"):
                edges[name][:] = edges[name][:][rows]
    network = network_in(tiny)
    nodes = network.Create()

    def made(at_once, part):
        """(connections by source, readings of a part of the file on average, but the one that checks it)"""
        fake.connections.clear()
        read = []
        monkeypatch.setattr("volley.sonata.edge_files._EDGES_AT_ONCE", at_once)
        calls = edge_population.calls
        with monkeypatch.context() as patch:
            patch.setattr(edge_population, "calls", lambda of, *given: read.append(len(of)) or calls(of, *given))
            network.Connect(part)
        return sorted(inner(fake, nodes), key=lambda c: c["source"]), read.count(60) / -(-60 // part)

    whole, _ = made(60, 60)
    for at_once in (20, 10, 5):
        some, readings = made(at_once, 5)
        assert some == whole, "those of a source in the order of the file"
        assert 1 <= readings <= most + (order == "source_node_id")  # sweeps may end within a part


@pytest.mark.parametrize("numbers", [[], [7], [3, -2, 3, 9], [0, 2**40, -(2**62), 2**40]], ids=str)
def test_numbers_that_occur_among_many(numbers):
    present, position = distinct(np.array(numbers, np.int64))
    assert present == sorted(set(numbers))
    assert [present[p] for p in position] == numbers


def test_rows_of_columns_come_in_any_order(fake, tiny):
    with edges_of(tiny) as file:
        edges = file["edges/cells_to_cells"]
        rows = np.random.default_rng(1).permutation(60)
        edges["edge_group_index"][...] = rows
        expected = edges["0/syn_weight"][:][rows]
    assert [c["weight"] for c in inner(fake, network_in(tiny).BuildNetwork())] == expected.tolist()


@pytest.mark.parametrize("part", [None, 13])
def test_each_group_of_edges_has_columns_of_its_own(fake, tiny, part):
    with edges_of(tiny) as file:
        edges = file["edges/cells_to_cells"]
        groups = np.arange(60) % 3
        edges["edge_group_id"][...] = groups
        edges["edge_group_index"][...] = np.arange(60) // 3
        edges["1/delay"] = np.linspace(3.0, 4.9, 20)
        edges["2/dynamics_params/weight"] = -np.arange(20.0)
        expected = [(edges["0/syn_weight"][i // 3], edges["0/delay"][i // 3]) for i in range(60)]
        expected[1::3] = [(1.0, delay) for delay in edges["1/delay"][:]]
        expected[2::3] = [(-float(i // 3), 1.5 + 0.5 * (i % 2)) for i in range(2, 60, 3)]  # delays of the types
    found = [(c["weight"], c["delay"]) for c in inner(fake, network_in(tiny).BuildNetwork(part))]
    assert np.allclose(found, expected)


def test_one_group_needs_neither_ids_nor_positions(fake, tiny):
    with edges_of(tiny) as file:
        edges = file["edges/cells_to_cells"]
        weights = edges["0/syn_weight"][:]
        del edges["edge_group_id"], edges["edge_group_index"]
    assert [c["weight"] for c in inner(fake, network_in(tiny).BuildNetwork(7))] == weights.tolist()


def test_columns_that_name_parameters_count(fake, tiny):
    (tiny / "cells_cells_edge_types.csv").write_text(
        "edge_type_id model_template Wmax target_query\n1 nest:stdp_synapse 7.0 x\n2 nest:stdp_synapse NULL y\n"
    )
    with edges_of(tiny) as file:
        edges = file["edges/cells_to_cells"]
        types = edges["edge_type_id"][:]
        edges["0/lambda"] = np.linspace(0.0, 0.059, 60)
        edges["0/distance"] = np.zeros(60)  # no parameter of the model
    made = inner(fake, network_in(tiny).BuildNetwork())
    assert [c["synapse_model"] for c in made] == ["stdp_synapse"] * 60
    assert [c["Wmax"] for c in made] == [7.0 if kind == 1 else 100.0 for kind in types]
    assert np.allclose([c["lambda"] for c in made], np.linspace(0.059, 0.0, 60))  # by position in the group
    assert "distance" not in made[0] and "target_query" not in made[0]


def test_edges_of_a_model_are_made_in_the_order_of_the_file(fake, tiny):
    with h5py.File(tiny / "sources_cells_edges.h5") as file:
        targets = file["edges/sources_to_cells/target_node_id"][:]
    nodes = network_in(tiny).BuildNetwork()
    first_cell = nodes["cells"][0].tolist()[0]
    made = [c["target"] - first_cell for c in fake.connections if c["synapse_model"] == "static_synapse"][60:]
    kinds = [(source + target) % 3 for source in range(4) for target in range(12)]
    assert made == [target for target, kind in zip(targets, kinds) if kind != 2]


def shorter(edges):
    del edges["target_node_id"]
    edges["target_node_id"] = np.zeros(59, int)


def strange_node(edges):
    edges["target_node_id"][57] = 12


def strange_type(edges):
    edges["edge_type_id"][58] = 77


def strange_row(edges):
    edges["edge_group_index"][59] = 60


def strange_population(edges):
    edges["source_node_id"].attrs["node_population"] = "elsewhere"


def no_population(edges):
    del edges["source_node_id"].attrs["node_population"]


def strange_group(edges):
    edges["edge_group_id"][59] = 4


def no_group(edges):
    del edges["0"]


def put(name, values):
    """Replaces a column, whose attributes stay."""

    def wrong(population):
        attributes = dict(population[name].attrs) if name in population else {}
        if name in population:
            del population[name]
        if values is not None:
            population[name] = values
            population[name].attrs.update(attributes)

    return wrong


WRONG_COLUMNS = [["1.0"] * 60, np.ones((60, 2)), np.ones(60, complex), 5.0, np.ones(58)]
WRONG_EDGES = [shorter, strange_node, strange_type, strange_row, strange_population, no_population]
WRONG_EDGES += [strange_group, no_group]
WRONG_EDGES += [put(f"0/{name}", column) for column in WRONG_COLUMNS for name in ("syn_weight", "delay", "Wmax")]
WRONG_EDGES += [put("0/dynamics_params/weight", column) for column in WRONG_COLUMNS]
WRONG_EDGES += [put("source_node_id", column) for column in (None, 3, [0.5] * 60, [np.nan] * 60, ["a"] * 60)]
WRONG_EDGES += [put(name, np.full(60, 0.5)) for name in ("edge_type_id", "edge_group_id", "edge_group_index")]


@pytest.mark.parametrize("wrong", WRONG_EDGES)
def test_files_that_contradict_themselves_make_no_connection(fake, tiny, wrong):
    text = (tiny / "cells_cells_edge_types.csv").read_text().replace("2 static", "2 stdp")
    (tiny / "cells_cells_edge_types.csv").write_text(text)
    with edges_of(tiny) as file:
        wrong(file["edges/cells_to_cells"])
    network = network_in(tiny)
    with pytest.raises(v.NESTErrors.KernelException, match="cells_cells_edges.h5': /edges/cells_to_cells"):
        network.BuildNetwork(10)
    assert fake.nodes == {} and network.node_collections == {}
    network.Create()
    with pytest.raises(v.NESTErrors.KernelException, match="cells_cells_edges.h5': /edges/cells_to_cells"):
        network.Connect(10)
    assert fake.connections == []


def test_what_is_wrong_with_a_column_is_told(fake, tiny):
    with edges_of(tiny) as file:
        put("0/delay", np.ones((60, 2)))(file["edges/cells_to_cells"])
    told = "cells_to_cells/0/delay is float64 of shape \\(60, 2\\); it must be a column of numbers"
    with pytest.raises(v.NESTErrors.KernelException, match=told):
        network_in(tiny).BuildNetwork()


def test_columns_that_are_no_parameters_may_be_anything(fake, tiny):
    with edges_of(tiny) as file:
        edges = file["edges/cells_to_cells"]
        edges["0/Wmax"] = ["a parameter", "of other models"]
        edges["0/afferent_section_pos"], edges["0/names/first"] = np.zeros((2, 3)), "a"
        put("target_node_id", edges["target_node_id"][:].astype(float))(edges)  # whole numbers, though
    with h5py.File(tiny / "cells_nodes.h5", "a") as file:
        file["nodes/cells/0/morphology"] = ["a", "b"]
    assert len(inner(fake, network_in(tiny).BuildNetwork())) == 60


def test_a_locked_file_is_told_of(fake, tiny):
    network = network_in(tiny)
    network.Create()
    locker = [sys.executable, "-c", LOCK, str(tiny / "sources_cells_edges.h5")]
    with subprocess.Popen(locker, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdout.readline() == b"locked\n"
        with pytest.raises(BlockingIOError):
            network.Connect()
        process.communicate(b"\n")
    assert fake.connections == []


# ---- nodes


def test_columns_and_groups_of_nodes_count(fake, tiny):
    (tiny / "cells_node_types.csv").write_text(
        "node_type_id model_type model_template dynamics_params t_ref model_id\n"
        "7 point_neuron nest:iaf_psc_alpha fast.json 5.0 1\n"  # t_ref stands in fast.json, too
        "8 point_neuron nest:iaf_psc_exp NULL 4.0 1\n"
        "9 point_neuron nest:iaf_psc_alpha slow.json NULL 1\n"
    )
    with h5py.File(tiny / "cells_nodes.h5", "a") as file:
        file["nodes/cells/0/V_th"] = np.linspace(-50.0, -43.0, 8)
        file["nodes/cells/0/x"] = np.zeros(8)  # no parameter
    cells = network_in(tiny).Create()["cells"]
    assert cells.t_ref == (1.0,) * 5 + (4.0,) * 3 + (2.0,) * 4
    assert np.allclose(cells.V_th, [*np.linspace(-50.0, -43.0, 8), -56.0, -57.0, -58.0, -59.0])
    assert cells.model_id == (3,) * 12


def test_lists_of_a_type_go_to_its_nodes(fake, tiny):
    fake.models["iaf_psc_alpha"]["tau_syn"] = [2.0]
    (tiny / "models" / "slow.json").write_text(json.dumps({"tau_m": 20.0, "tau_syn": [1.0, 3.0]}))
    cells = network_in(tiny).Create()["cells"]
    assert cells[8:].tau_syn == ([1.0, 3.0],) * 4 and cells[0].tau_syn == [2.0]


def test_unknown_parameters_are_refused_by_name(fake, tiny):
    (tiny / "models" / "slow.json").write_text(json.dumps({"tau_n": 20.0}))
    with pytest.raises(v.NESTErrors.UnaccessedDictionaryEntry, match="tau_n"):
        network_in(tiny).Create()


def two_with_one_id(nodes):
    nodes["node_id"][0] = 1


def no_such_type(nodes):
    nodes["node_type_id"][0] = 5


def no_such_row(nodes):
    nodes["node_group_index"][0] = 9


def no_such_group(nodes):
    nodes["node_group_id"][0] = 2


WRONG_NODES = [two_with_one_id, no_such_type, no_such_row, no_such_group]
WRONG_NODES += [put("0/V_th", column) for column in WRONG_COLUMNS[:-1] + [np.ones(7)]]
WRONG_NODES += [put("1/dynamics_params/V_th", column) for column in WRONG_COLUMNS[:-1] + [np.ones(3)]]
WRONG_NODES += [put("0/tau_syn", np.ones(8)), put("node_group_index", np.zeros(11, int)), put("node_type_id", None)]
WRONG_NODES += [put("node_id", np.arange(12) + 0.5), put("node_group_id", 0)]


@pytest.mark.parametrize("wrong", WRONG_NODES)
def test_files_of_nodes_that_contradict_themselves(fake, tiny, wrong):
    fake.models["iaf_psc_alpha"]["tau_syn"] = [2.0]
    with h5py.File(tiny / "cells_nodes.h5", "a") as file:
        file["nodes/cells/0/V_th"] = np.full(8, -50.0)
        wrong(file["nodes/cells"])
    with pytest.raises(v.NESTErrors.KernelException, match="cells_nodes.h5': /nodes/cells"):
        network_in(tiny).Create()
    assert fake.nodes == {}


def test_a_type_is_described_once(fake, tiny):
    with open(tiny / "cells_node_types.csv", "a") as file:
        file.write("7 point_neuron nest:iaf_psc_exp NULL\n")
    with pytest.raises(ValueError, match="type 7 twice"):
        network_in(tiny).Create()


@pytest.mark.parametrize(
    "file, text, told",
    [
        ("cells_node_types.csv", "node_type_id model_type\n7.5 point_neuron\n", "node_type_id '7.5' is no integer"),
        ("cells_cells_edge_types.csv", "edge_type_id\n1\nx\n", "edge_type_id 'x' is no integer"),
        ("cells_cells_edge_types.csv", "edge_type_id delay\n1 fast\n2 2.0\n", "delay is 'fast'; it must be a number"),
        ("cells_cells_edge_types.csv", "", "No columns"),
        ("models/plastic.json", '{"Wmax": [1, 2]}', "Wmax is .* must be a number"),
        ("models/plastic.json", "[1]", "list, no object"),
        ("models/plastic.json", "{", "Expecting"),
    ],
)
def test_texts_where_numbers_belong(fake, tiny, file, text, told):
    (tiny / file).write_text(text)
    with pytest.raises(ValueError, match=f"{file}'.*{told}"):
        network_in(tiny).BuildNetwork()
    assert fake.nodes == {}


# ---- inputs


def write_csv(folder):
    lines = ["timestamps population node_ids", "3.0 sources 1", "1.0 sources 1", "2.0 others 1", "9.0 sources 3"]
    (folder / "spikes.csv").write_text("\n".join(lines) + "\n")
    return {"input_type": "spikes", "module": "csv", "input_file": str(folder / "spikes.csv"), "node_set": "sources"}


def test_spikes_may_come_in_text(fake, tiny):
    change_simulation(tiny, inputs={"trains": write_csv(tiny)})
    trains = network_in(tiny).Create()["sources"].spike_times
    assert [train.tolist() for train in trains] == [[], [1.0, 3.0], [], [9.0]]


def test_inputs_add_up_and_may_be_for_some_nodes(fake, tiny):
    section = write_csv(tiny)
    some = {**section, "node_set": {"population": "sources", "node_id": [3]}}
    change_simulation(tiny, inputs={"all": section, "again": some, "current": {"input_type": "current_clamp"}})
    trains = network_in(tiny).Create()["sources"].spike_times
    assert [train.tolist() for train in trains] == [[], [1.0, 3.0], [], [9.0, 9.0]]


def test_seconds_and_files_without_populations(fake, tiny):
    with h5py.File(tiny / "spikes.h5", "w") as file:
        file["spikes/gids"], file["spikes/timestamps"] = [2, 0], [0.5, 0.25]
        file["spikes/timestamps"].attrs["units"] = "s"
    trains = network_in(tiny).Create()["sources"].spike_times
    assert [train.tolist() for train in trains] == [[250.0], [], [500.0], []]


@pytest.mark.parametrize("time, node", [(5, 4), (5, -1), (5, "x"), (5, 0.5), ("x", 1), (0, 1), ("inf", 1), ("nan", 1)])
def test_spikes_that_cannot_be(fake, tiny, time, node):
    section = write_csv(tiny)
    with open(tiny / "spikes.csv", "a") as file:
        file.write(f"{time} sources {node}\n")
    change_simulation(tiny, inputs={"trains": section})
    with pytest.raises((ValueError, v.NESTErrors.KernelException), match="spikes.csv"):
        network_in(tiny).Create()
    assert fake.nodes == {}


@pytest.mark.parametrize(
    "name, column",
    [("node_ids", [0] * 39), ("node_ids", 0), ("node_ids", [0.5] * 40), ("timestamps", ["a"] * 40), ("node_ids", None)],
)
def test_spikes_in_wrong_columns(fake, tiny, name, column):
    with h5py.File(tiny / "spikes.h5", "a") as file:
        put(name, column)(file["spikes/sources"])
    with pytest.raises((ValueError, v.NESTErrors.KernelException), match="spikes.h5"):
        network_in(tiny).BuildNetwork()
    assert fake.nodes == {}


@pytest.mark.parametrize(
    "node_set, told",
    [
        ("source", "'source', which is neither a node set nor a population; did you mean 'sources'?"),
        ("cells", "'cells', which is not virtual"),
        ({"population": "sources", "node_id": [4]}, "nodes that 'sources' .4. does not have"),
        ({"population": "sources", "node_id": [1.5]}, "ids of its nodes"),
        (None, "node set None"),
    ],
)
def test_inputs_of_no_virtual_nodes(fake, tiny, node_set, told):
    change_simulation(tiny, inputs={"trains": {**write_csv(tiny), "node_set": node_set}})
    with pytest.raises(ValueError, match=told.replace("?", "[?]")):
        network_in(tiny).BuildNetwork()
    assert fake.nodes == {}


def test_node_sets_are_populations_or_some_of_their_nodes():
    known = {"some": {"population": "cells", "node_id": [5, 2, 5]}, "alias": "cells", "excited": {"ei": "e"}}
    assert node_set("some", known).ids.tolist() == [2, 5]
    assert node_set("alias", known).population == node_set("cells", {}).population == "cells"
    assert node_set("some", known).mask(np.array([1, 2, 5])).tolist() == [False, True, True]
    for wrong in ("excited", ["some", "alias"]):
        with pytest.raises(ValueError):
            node_set(wrong, known)
    assert read_node_sets({"node_sets_file": "/nowhere/sets.json"}) == {}


# ---- configurations


def test_a_configuration_may_name_its_parts(fake, tiny):
    (tiny / "config.json").write_text(
        json.dumps({"network": "$N", "simulation": "$S", "manifest": {"$N": "circuit.json", "$S": "simulation.json"}})
    )
    network = v.SonataNetwork(tiny / "config.json")
    assert network.config["run"]["tstop"] == 100.0 and len(network.config["networks"]["edges"]) == 3
    assert len(network.BuildNetwork()["cells"]) == 12


@pytest.mark.parametrize(
    "changes, error",
    [
        ({"output": {"spikes_file": "s.h5", "spikes_sort_order": "gid"}}, ValueError),
        ({"reports": {"a": {"cells": "nobody", "variable_name": "V_m"}}}, KeyError),
        ({"reports": {"a": {"cells": "cells", "variable_name": "V_m", "module": "extracellular"}}}, ValueError),
    ],
)
def test_what_cannot_be_recorded_is_refused(fake, tiny, changes, error):
    change_simulation(tiny, **changes)
    network = network_in(tiny)
    with pytest.raises(RuntimeError):
        network.Record()
    network.Create()
    with pytest.raises(error):
        network.Record()
    assert len(fake.nodes) == 16


def test_recorders_are_made_as_the_configuration_says(fake, tiny):
    for model, params in (("spike_recorder", {}), ("multimeter", {"interval": 1.0, "start": 0.0, "stop": 1e300})):
        fake.models[model].update(file_name="", populations=[], first_nodes=[], **params)
    report = {"cells": {"population": "cells", "node_id": [2, 0]}, "variable_name": "V_m", "end_time": 50.0}
    change_simulation(tiny, output={"output_dir": str(tiny / "out"), "spikes_file": "s.h5"}, reports={"v": report})
    network = network_in(tiny)
    network.Create()
    made = network.Record()
    assert made["spikes"].file_name == f"{tiny}/out/s.h5" and made["spikes"].populations == ["cells"]
    assert made["spikes"].first_nodes == made["v"].first_nodes == [1] and (tiny / "out").is_dir()
    assert (made["v"].interval, made["v"].stop, made["v"].record_from) == (0.1, 50.0, ["V_m"])
    meter = made["v"].global_id
    assert [c["target"] for c in fake.connections if c["source"] == meter] == [1, 3]
    assert sum(c["target"] == made["spikes"].global_id for c in fake.connections) == 12
    assert ("set_kernel_status", {"overwrite_files": True}) not in fake.calls


def test_a_wrong_size_of_parts_makes_no_node(fake, tiny):
    with pytest.raises(ValueError):
        network_in(tiny).BuildNetwork(0)
    assert fake.nodes == {}
