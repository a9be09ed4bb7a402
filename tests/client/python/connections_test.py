"""Connect, Disconnect, GetConnections: the forms of their arguments and the errors of wrong ones."""

import numpy as np
import pytest

import volley as v
from volley import NESTErrors as E


@pytest.fixture
def five(fake):
    return v.Create("iaf_psc_alpha", 5)


def test_short_forms_are_spelled_out(fake, five):
    v.Connect(five[:1], five[1:3])
    v.Connect(five[:2], five[2:4], "one_to_one", "stdp_synapse")
    v.Connect(five, five, {"rule": "fixed_indegree", "indegree": 2}, {"weight": 2.0})
    static = {"synapse_model": "static_synapse"}
    assert fake.calls[1:] == [
        ("connect", [1], [2, 3], {"rule": "all_to_all"}, [static]),
        ("connect", [1, 2], [3, 4], {"rule": "one_to_one"}, [{"synapse_model": "stdp_synapse"}]),
        (
            "connect",
            [1, 2, 3, 4, 5],
            [1, 2, 3, 4, 5],
            {"rule": "fixed_indegree", "indegree": 2},
            [{**static, "weight": 2.0}],
        ),
    ]


def test_callers_dictionaries_stay_as_they_are(five):
    rule, synapse = {"rule": "one_to_one"}, {"weight": [1.0] * 5}
    v.Connect(five, five, rule, synapse)
    assert rule == {"rule": "one_to_one"} and synapse == {"weight": [1.0] * 5}


def test_collocated_synapses(fake, five):
    both = v.CollocatedSynapses({"weight": 1.0}, {"synapse_model": "stdp_synapse"})
    assert len(both) == 2 and both.syn_specs[0] == {"weight": 1.0}
    found = v.Connect(five[:1], five[1:2], "one_to_one", both, return_synapsecollection=True)
    assert found.synapse_model == ["static_synapse", "stdp_synapse"]
    with pytest.raises(ValueError):
        v.Connect(five, five, "one_to_one", v.CollocatedSynapses({"weight": [1.0] * 5}))


def test_parts_of_tripartite_connections_are_spelled_out(fake, five):
    specs = {"third_in": {"weight": 2.0}, "third_out": v.CollocatedSynapses({}, "stdp_synapse")}
    v.TripartiteConnect(five[:2], five[2:4], five[4:], "one_to_one", {"rule": "with_pool", "p": 0.5}, specs)
    static, stdp = {"synapse_model": "static_synapse"}, {"synapse_model": "stdp_synapse"}
    assert fake.calls[-1] == (
        "tripartite_connect",
        [1, 2],
        [3, 4],
        [5],
        {"rule": "one_to_one"},
        {"rule": "with_pool", "p": 0.5},
        [static],
        [{**static, "weight": 2.0}],
        [static, stdp],
    )
    assert list(specs) == ["third_in", "third_out"], "the caller's stays as it is"


def test_wrong_tripartite_connections(five):
    def wrong(error, *arguments):
        with pytest.raises(error):
            v.TripartiteConnect(*arguments)

    for place in range(3):
        ends = [five, five, five]
        ends[place] = [1, 2]
        wrong(TypeError, *ends, "one_to_one", "with_pool")
    wrong(TypeError, five, five, five, "one_to_one", None)
    wrong(TypeError, five, five, five, "one_to_one", {"rule": 1})
    wrong(KeyError, five, five, five, "one_to_one", {"p": 0.5})
    wrong(ValueError, five, five, five, "one_to_one", "with_pool", {"third": "static_synapse"})
    wrong(TypeError, five, five, five, "one_to_one", "with_pool", "static_synapse")


def test_ascending_ids_become_collections(fake, five):
    v.Connect([1, 2], np.array([3, 4]))
    assert fake.calls[-1][0] == "connect"
    v.Connect(iter([1, 2]), (3, 4), "one_to_one")
    assert fake.calls[-1][:3] == ("connect", [1, 2], [3, 4])


def test_repeated_ids_are_connected_one_by_one(fake, five):
    v.Connect([1, 1, 2], [3, 3, 1], "one_to_one", {"weight": [1.0, 2.0, 3.0], "delay": 1.5})
    name, sources, targets, synapse = fake.calls[-1]
    assert (name, sources, targets) == ("connect_arrays", [1, 1, 2], [3, 3, 1])
    assert synapse["weight"].tolist() == [1.0, 2.0, 3.0] and synapse["delay"] == 1.5
    v.Connect(np.array([1, 2]), np.array([3, 4]), {"rule": "one_to_one"}, {"weight": np.array([5.0, 6.0])})
    assert fake.calls[-1][0] == "connect_arrays"


@pytest.mark.parametrize(
    "pre, post, rule, synapse, error",
    [
        ([1, 1], [2, 3], None, None, ValueError),
        ([1, 1], [2, 3], "all_to_all", None, ValueError),
        ([1, 1, 2], [2, 3], "one_to_one", None, ValueError),
        ([[1, 1]], [[2, 3]], "one_to_one", None, ValueError),
        ([1.0, 1.0], [2, 3], "one_to_one", None, TypeError),
        (5, [1], None, None, TypeError),
        ("abc", [1], None, None, TypeError),
        ([1, 1], [2, 3], "one_to_one", {"weights": [1.0, 2.0]}, ValueError),
        ([1, 1], [2, 3], "one_to_one", {"delays": [1.0, 2.0]}, ValueError),
        ([1, 9], [2, 3], None, None, E.UnknownNode),
        ([], [1], None, None, E.IllegalConnection),
    ],
)
def test_bad_ids(five, pre, post, rule, synapse, error):
    with pytest.raises(error):
        v.Connect(pre, post, rule, synapse)


def test_arrays_cannot_return_their_connections(five):
    with pytest.raises(ValueError):
        v.Connect([1, 1], [2, 3], "one_to_one", return_synapsecollection=True)


@pytest.mark.parametrize(
    "rule, synapse, error",
    [
        (5, None, TypeError),
        ({"p": 1}, None, KeyError),
        ({"rule": 5}, None, TypeError),
        (None, 5, TypeError),
        (None, {"synapse_model": 5}, TypeError),
        (None, "nothing", E.UnknownSynapseType),
    ],
)
def test_bad_specifications(five, rule, synapse, error):
    with pytest.raises(error):
        v.Connect(five, five, rule, synapse)


def test_empty_populations(five):
    with pytest.raises(E.IllegalConnection, match="Creation of connection is not possible"):
        v.Connect(five, v.NodeCollection())


@pytest.mark.parametrize("weights", [[[1, 2], [3, 4]], ((1.0, 2.0), (3.0, 4.0)), [np.array([1.0, 2.0]), [3, 4]]])
def test_lists_become_arrays_whose_shape_the_kernel_judges(fake, five, weights):
    v.Connect(five[:2], five[3:], syn_spec={"weight": weights, "receptor_type": [[0, 1], [1, 0]]})
    given = fake.calls[-1][4][0]
    assert given["weight"].tolist() == [[1, 2], [3, 4]] and given["receptor_type"].dtype.kind == "i"
    v.Connect(five[:3], five[3:], {"rule": "fixed_indegree", "indegree": 5}, {"weight": [1.0]})
    assert fake.calls[-1][4][0]["weight"].shape == (1,)
    with pytest.raises(ValueError, match="'weight' has rows of different lengths"):
        v.Connect(five[:2], five[3:], syn_spec={"weight": [[1.0, 2.0], [3.0]]})


def test_get_connections(five):
    v.Connect(five[:2], five[2:])
    v.Connect(five[:1], five[2:3], syn_spec="stdp_synapse")
    assert len(v.GetConnections()) == 7
    assert v.GetConnections(five[0], five[2]).synapse_model == ["static_synapse", "stdp_synapse"]
    assert len(v.GetConnections(synapse_model="stdp_synapse")) == 1
    assert len(v.GetConnections(v.NodeCollection())) == 0


@pytest.mark.parametrize(
    "filters, error",
    [
        ({"source": [1]}, TypeError),
        ({"target": 1}, TypeError),
        ({"synapse_model": 5}, TypeError),
        ({"synapse_label": "a"}, TypeError),
        ({"synapse_model": "nothing"}, E.UnknownSynapseType),
        ({"synapse_model": ""}, E.UnknownSynapseType),
    ],
)
def test_bad_filters(five, filters, error):
    with pytest.raises(error):
        v.GetConnections(**filters)


def test_disconnect(fake, five):
    v.Connect(five[:2], five[2:4])
    v.Disconnect(five[:2], five[2:4])
    static = {"synapse_model": "static_synapse"}
    assert fake.calls[-1] == ("disconnect", [1, 2], [3, 4], {"rule": "one_to_one"}, static)
    v.Disconnect(five[:2], five[2:4], "all_to_all", "stdp_synapse")
    assert fake.calls[-1][3:] == ({"rule": "all_to_all"}, {"synapse_model": "stdp_synapse"})
    some = v.GetConnections(five[0])
    v.Disconnect(some)
    assert len(v.GetConnections()) == 2
    with pytest.raises(E.InexistentConnection):
        some.disconnect()


def test_bad_disconnects(five):
    connections = v.Connect(five, five, return_synapsecollection=True)
    with pytest.raises(ValueError):
        v.Disconnect(connections, conn_spec="one_to_one")
    for arguments in ((), (five,), (five, [1]), (connections, five), (five, five, None, None, None)):
        with pytest.raises(TypeError):
            v.Disconnect(*arguments)
    with pytest.raises(E.BadProperty):
        v.Disconnect(five, five, "one_to_one", v.CollocatedSynapses())
