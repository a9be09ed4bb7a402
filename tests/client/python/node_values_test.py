"""get, set and attributes of NodeCollections, and parameters of Create."""

import json

import numpy as np
import pytest

import volley as v
from volley import NESTErrors as E


def test_shapes_of_get(fake):
    two, one = v.Create("iaf_psc_alpha", 2), v.Create("poisson_generator")
    assert one.get("rate") == 0.0 and one.rate == 0.0
    assert two.get("C_m") == (250.0, 250.0) and two.C_m == (250.0, 250.0)
    assert two.get(["C_m", "V_m"]) == {"C_m": (250.0, 250.0), "V_m": (-70.0, -70.0)}
    assert one.get(["rate"]) == {"rate": 0.0}
    everything = (two + one).get()
    assert everything["rate"] == (None, None, 0.0) and everything["C_m"] == (250.0, 250.0, None)


def test_paths(fake):
    recorders = v.Create("spike_recorder", 2) + v.Create("parrot_neuron")
    for node_id in (1, 2):
        fake.nodes[node_id]["events"] = {"times": np.array([1.0, 2.0]), "senders": np.array([7, 8])}
    assert recorders[0].get("events", "times").tolist() == [1.0, 2.0]
    assert recorders.get("events", "times")[2] is None and len(recorders.get("events", "times")) == 3
    both = recorders[0].get("events", ["times", "senders"])
    assert both["senders"].tolist() == [7, 8]
    with pytest.raises(KeyError):
        recorders.get("events", "nothing")
    with pytest.raises(TypeError):
        recorders.get("model", "times")  # not a dictionary: two names are a path, not two parameters
    for path in (("a", "b", "c"), (["a"], "b"), ("events", 1)):
        with pytest.raises(TypeError):
            recorders.get(*path)


@pytest.mark.parametrize("keys", [[], (), np.array([], str)])
def test_no_keys_ask_for_nothing(fake, keys):
    two = v.Create("iaf_psc_alpha", 2)
    assert two.get(keys) == {} and two[0].get(keys) == {} and two.get(keys, output="json") == "{}"
    assert two.get(keys, output="pandas").index.tolist() == [1, 2]


@pytest.mark.parametrize(
    "keys, error", [("nothing", KeyError), (["V_m", "nothing"], KeyError), (5, TypeError), ([5], TypeError)]
)
def test_bad_keys(fake, keys, error):
    with pytest.raises(error):
        v.Create("iaf_psc_alpha", 2).get(keys)


def test_empty_collections_have_no_values(fake):
    nobody = v.NodeCollection()
    with pytest.raises(ValueError):
        nobody.get()
    with pytest.raises(AttributeError):
        nobody.V_m
    nobody.set(V_m=1.0)
    assert fake.calls == []


def test_attributes(fake):
    nodes = v.Create("iaf_psc_alpha", 2)
    nodes.V_m = -60.0
    assert nodes.V_m == (-60.0, -60.0)
    with pytest.raises(KeyError):
        nodes.nothing
    with pytest.raises(E.UnaccessedDictionaryEntry):
        nodes.nothing = 1
    assert nodes.spatial is None
    assert not hasattr(nodes, "_hidden") and not hasattr(nodes, "__len_hint__")


def test_other_outputs(fake):
    nodes = v.Create("iaf_psc_alpha", 2)
    assert json.loads(nodes.get("V_m", output="json")) == [-70.0, -70.0]
    table = nodes.get(["V_m", "C_m"], output="pandas")
    assert table.index.tolist() == [1, 2] and table["C_m"].tolist() == [250.0, 250.0]
    with pytest.raises(TypeError):
        nodes.get("V_m", format="json")


@pytest.mark.parametrize(
    "values", [{"V_m": [1.0, 2.0, 3.0], "C_m": 1.0}, {"tag": ["a", "b"]}, {"nothing": [1.0]}, {"V_m": np.array([1.0])}]
)
def test_the_kernel_spreads_lists_and_is_asked_nothing_before(fake, monkeypatch, values):
    monkeypatch.setattr(fake, "_assign", lambda nodes, given: None)
    for question in ("get_defaults", "node_values", "kernel_status"):
        monkeypatch.delattr(type(fake), question)
    nodes = v.Create("iaf_psc_alpha", 3, values)
    nodes.set(values)
    assert fake.calls == [("create", "iaf_psc_alpha", 3, values), ("set_node_values", [1, 2, 3], values)]


def test_one_dictionary_a_node(fake):
    nodes = v.Create("iaf_psc_alpha", 2, [{"V_m": 1.0}, {"V_m": 2.0}])
    assert nodes.V_m == (1.0, 2.0)
    nodes.set([{"V_m": 3.0}])
    assert nodes.V_m == (3.0, 3.0)
    for bad, error in (([{}, {}, {}], E.BadParameter), ([{}, 1], TypeError), (5, TypeError)):
        with pytest.raises(error):
            nodes.set(bad)
    with pytest.raises(TypeError):
        nodes.set({"V_m": 1.0}, C_m=2.0)
    nodes.set()
    nodes.set({})


@pytest.mark.parametrize(
    "arguments, error",
    [
        (("nothing",), E.UnknownModelName),
        ((5,), TypeError),
        (("parrot_neuron", 0), E.BadParameterValue),
        (("parrot_neuron", -1), E.BadParameterValue),
        (("parrot_neuron", 2**63), OverflowError),
        (("parrot_neuron", 1e300), OverflowError),
        (("parrot_neuron", float("nan")), TypeError),
        (("parrot_neuron", float("inf")), TypeError),
        (("parrot_neuron", 1.5), TypeError),
        (("parrot_neuron", "2"), TypeError),
        (("parrot_neuron", {}, {}), ValueError),
        (("parrot_neuron", 2, [{}]), TypeError),
        (("parrot_neuron", 2, ()), TypeError),
        (("parrot_neuron", 2, 5), TypeError),
        (("parrot_neuron", 1, {"nothing": 1}), E.UnaccessedDictionaryEntry),
        (("parrot_neuron", 1, None, [0, 0]), TypeError),
    ],
)
def test_bad_create(fake, arguments, error):
    with pytest.raises(error):
        v.Create(*arguments)


def test_forms_of_create(fake):
    assert len(v.Create("parrot_neuron", 5.0)) == 5 and len(v.Create("parrot_neuron", np.int64(2))) == 2
    assert v.Create("iaf_psc_alpha", {"V_m": -50.0}).V_m == -50.0
    drawn = v.random.uniform()
    v.Create("iaf_psc_alpha", 2, {"V_m": drawn})
    assert fake.calls[-1][3]["V_m"] is drawn  # the kernel draws, for each node


def test_get_nodes(fake):
    v.Create("iaf_psc_alpha", 3)
    v.Create("parrot_neuron", 2)
    assert v.GetNodes().tolist() == [1, 2, 3, 4, 5] and v.GetNodes({"model": "parrot_neuron"}, True).tolist() == [4, 5]


def test_print_nodes(fake, capsys):
    v.Create("iaf_psc_alpha", 9)
    v.Create("parrot_neuron")
    v.PrintNodes()
    assert capsys.readouterr().out == " 1 ..  9 iaf_psc_alpha\n10       parrot_neuron\n"


def test_print_nodes_of_single_nodes(fake, capsys):
    v.PrintNodes()
    assert capsys.readouterr().out == "\n"
    v.Create("iaf_psc_alpha")
    v.PrintNodes()
    assert capsys.readouterr().out == "1      iaf_psc_alpha\n"
