"""SynapseCollection: a sequence with parameters, and its table."""

import json
import pickle

import numpy as np
import pytest

import volley as v


@pytest.fixture
def six(fake):
    nodes = v.Create("iaf_psc_alpha", 5)
    return v.Connect(nodes[:2], nodes[2:], syn_spec={"weight": 2.5}, return_synapsecollection=True)


def test_is_a_sequence(six):
    assert len(six) == 6 and six and not v.SynapseCollection()
    assert list(six.sources()) == [1, 2] * 3 and list(six.targets()) == [3, 3, 4, 4, 5, 5]
    assert [len(one) for one in six] == [1] * 6
    assert six[-1].target == 5 and six[np.int64(1)].source == 2
    assert len(six[1:100:2]) == 3  # slices clamp, unlike those of nodes
    for position in (6, -7):
        with pytest.raises(IndexError):
            six[position]
    with pytest.raises(TypeError):
        six["a"]


def test_equality(six):
    assert six == v.GetConnections() and six[0] != six[1]
    with pytest.raises(NotImplementedError):
        six == [1]
    with pytest.raises(TypeError):
        v.SynapseCollection([1, 2])
    assert pickle.loads(pickle.dumps(six)) == six


def test_connections_of_another_network_are_others(six):
    v.ResetKernel()
    nodes = v.Create("iaf_psc_alpha", 5)
    assert six != v.Connect(nodes[:2], nodes[2:], return_synapsecollection=True)


def test_shapes_of_get(six):
    assert six.get("weight") == [2.5] * 6 and six[0].get("weight") == 2.5
    assert six.get(["source", "delay"]) == {"source": [1, 2] * 3, "delay": [1.0] * 6}
    assert six[0].get(("source", "target")) == {"source": 1, "target": 3}
    assert six.get()["synapse_model"] == ["static_synapse"] * 6
    assert six.weight == [2.5] * 6
    assert json.loads(six.get("weight", output="json")) == [2.5] * 6
    assert six.get(["target"], output="pandas").index.tolist() == [1, 2] * 3
    assert np.isnan(six.distance).all()


def test_unknown_keys(six):
    assert six.get("nothing") == []
    with pytest.raises(KeyError):
        six[0].get("nothing")
    with pytest.raises(KeyError):
        six.get(["weight", "nothing"])
    with pytest.raises(TypeError):
        six.get(5)


def test_set(six):
    six.weight = 3.0
    six.set(delay=[1.0, 2.0, 3.0, 4.0, 5.0, 6.0])
    six[:2].set([{"weight": 7.0}, {"weight": 8.0}])
    assert six.weight == [7.0, 8.0, 3.0, 3.0, 3.0, 3.0] and six.delay[5] == 6.0
    for bad in ([{}], 5):
        with pytest.raises(TypeError):
            six.set(bad)
    with pytest.raises(TypeError):
        six.set({"weight": 1.0}, delay=1.0)


@pytest.mark.parametrize("reset", [False, True])
def test_empty_and_stale_collections_have_no_values(fake, six, reset):
    if reset:
        v.ResetKernel()
        nothing = six
    else:
        nothing = v.SynapseCollection()
    assert nothing.get() == {} and nothing.get("weight") == () and nothing.get(output="json") == "{}"
    assert nothing.get(output="pandas").empty
    nothing.set(weight=1.0)
    assert str(nothing) == "The synapse collection does not contain any connections."


def test_no_keys_ask_for_nothing(six):
    assert six.get([]) == {} and six[0].get(()) == {} and six.get([], output="json") == "{}"


def test_table(six):
    assert (
        str(six[:2])
        == repr(six[:2])
        == (
            " source   target   synapse model   weight   delay \n"
            "-------- -------- --------------- -------- -------\n"
            "      1        3  static_synapse    2.500   1.000\n"
            "      2        3  static_synapse    2.500   1.000"
        )
    )


def test_tables_are_as_wide_as_their_longest_name(fake):
    name = "a_synapse_model_of_mine"
    v.CopyModel("static_synapse", name)
    nodes = v.Create("iaf_psc_alpha", 2)
    v.Connect(nodes, nodes, "one_to_one", {"synapse_model": name, "weight": -12345.678})
    assert str(v.GetConnections()).splitlines() == [
        " source   target       synapse model        weight    delay ",
        "-------- -------- ----------------------- ---------- -------",
        "      1        1 a_synapse_model_of_mine -1.235e+04   1.000",
        "      2        2 a_synapse_model_of_mine -1.235e+04   1.000",
    ]


def test_long_tables_are_cut(fake):
    nodes = v.Create("iaf_psc_alpha", 6)
    many = v.Connect(nodes, nodes, return_synapsecollection=True)
    lines = str(many).splitlines()
    assert len(lines) == 33 and set(lines[17].split()) == {"⋮"}
    many.print_full = True
    assert len(str(many).splitlines()) == 38
    assert len(str(many[:34]).splitlines()) == 36
