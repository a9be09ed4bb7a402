"""Connections that are listed: entries of sparse matrices, and tables with a row a connection."""

import numpy as np
import pandas
import pytest
from scipy import sparse

import volley as v
from volley import NESTErrors as E


@pytest.fixture
def five(fake):
    return v.Create("iaf_psc_alpha", 5)


def made(fake):
    """Sources, targets and values of the last call, with plain lists."""
    name, sources, targets, spec = fake.calls[-1]
    assert name == "connect_arrays"
    return sources, targets, {key: x.tolist() if isinstance(x, np.ndarray) else x for key, x in spec.items()}


@pytest.mark.parametrize("form", ["csr", "csc", "coo", "lil", "dok", "dia", "bsr"])
def test_entries_of_sparse_matrices_are_connections(fake, five, form):
    dense = np.array([[0.0, 2.0], [3.0, 0.0], [4.0, 5.0]])
    v.Connect(five[:2], five[2:], syn_spec={"weight": sparse.csr_matrix(dense).asformat(form), "delay": 1.5})
    sources, targets, spec = made(fake)
    stored = [(s, t, w) for s, t, w in zip(sources, targets, spec["weight"]) if w != 0]  # some forms keep zeros
    assert stored == [(2, 3, 2.0), (1, 4, 3.0), (1, 5, 4.0), (2, 5, 5.0)]
    assert spec["delay"] == 1.5 and spec["synapse_model"] == "static_synapse"


def test_zeros_that_are_stored_count_and_entries_that_repeat_are_summed(fake, five):
    matrix = sparse.csr_matrix(([0.0, 1.0, 2.0], [1, 0, 0], [0, 1, 3]), shape=(2, 2))
    v.Connect([2, 1], [5, 5], "all_to_all", {"weight": matrix})  # ids in any order
    assert made(fake) == ([1, 2], [5, 5], {"synapse_model": "static_synapse", "weight": [0.0, 3.0]})
    assert matrix.data.tolist() == [0.0, 1.0, 2.0]


def test_several_matrices_store_the_same_entries(fake, five):
    weight, delay = sparse.eye(5, format="csr") * 2.0, sparse.eye(5, format="csc") * 1.5
    found = v.Connect(five, five, syn_spec={"weight": weight, "delay": delay}, return_synapsecollection=True)
    assert found.weight == [2.0] * 5 and found.delay == [1.5] * 5
    with pytest.raises(ValueError, match="delay and weight must store the same entries"):
        v.Connect(five, five, syn_spec={"weight": weight, "delay": sparse.eye(5, k=1)})


@pytest.mark.parametrize(
    "rule, synapse, error, text",
    [
        (None, {"weight": sparse.eye(3)}, ValueError, "3 x 3, must be 5 x 5"),
        ("one_to_one", {"weight": sparse.eye(5)}, TypeError, "sparse matrix"),
        ({"rule": "all_to_all", "allow_autapses": False}, {"weight": sparse.eye(5)}, TypeError, "sparse matrix"),
        (None, {"weights": sparse.eye(5)}, ValueError, "'weight'"),
        (None, {"weight": sparse.eye(5), "synapse_model": "nothing"}, E.UnknownSynapseType, "nothing"),
        (None, v.CollocatedSynapses({"weight": sparse.eye(5)}), ValueError, "takes no arrays"),
    ],
)
def test_bad_matrices(fake, five, rule, synapse, error, text):
    with pytest.raises(error, match=text):
        v.Connect(five, five, rule, synapse)
    assert not fake.connections


def test_nothing_to_connect_is_no_error(fake, five):
    v.Connect(five, five, syn_spec={"weight": sparse.csr_matrix((5, 5))})
    v.Connect(pandas.DataFrame({"source": [], "target": []}, dtype=int))
    assert [name for name, *_ in fake.calls] == ["create"]


def test_rows_of_tables_are_connections(fake, five):
    table = pandas.DataFrame({"source": [1, 1, 3], "target": [3, 3, 1], "weight": [1.0, 2.0, 3.0]}, index=[7, 8, 9])
    v.Connect(table)
    assert made(fake) == ([1, 1, 3], [3, 3, 1], {"synapse_model": "static_synapse", "weight": [1.0, 2.0, 3.0]})
    v.Connect(table[["source", "target"]], syn_spec="stdp_synapse")
    assert made(fake)[2] == {"synapse_model": "stdp_synapse"}
    v.Connect(table, conn_spec="one_to_one", syn_spec={"delay": 2.0})
    assert made(fake)[2] == {"synapse_model": "static_synapse", "delay": 2.0, "weight": [1.0, 2.0, 3.0]}


def test_what_tables_of_connections_say_can_be_given_again(fake, five):
    told = {"target_thread": 0, "synapse_id": 3, "port": [0, 1], "sizeof": 40, "synapse_model": "stdp_synapse"}
    other_rows = {"receptor": [0.0, 2.0], "Wmax": [100.5, 200.0], "tau": [None, None], "spread": [np.nan, np.nan]}
    v.Connect(pandas.DataFrame({"source": [1, 2], "target": [3, 4], **told, **other_rows, "delay": [1.0, 2.0]}))
    spec = made(fake)[2]
    assert spec == {
        "synapse_model": "stdp_synapse",
        "receptor_type": [0, 2],
        "Wmax": [100.5, 200.0],
        "delay": [1.0, 2.0],
    }
    assert fake.calls[-1][3]["receptor_type"].dtype == np.int64 and fake.calls[-1][3]["delay"].dtype == np.float64


_TABLE = pandas.DataFrame({"source": [1, 2], "target": [3, 4], "weight": [1.0, 2.0]})


@pytest.mark.parametrize(
    "arguments, error, text",
    [
        ((_TABLE, [1, 2]), TypeError, "post and conn_spec"),
        ((_TABLE, None, "all_to_all"), TypeError, "post and conn_spec"),
        ((_TABLE.drop(columns="target"),), KeyError, "no column 'target'"),
        ((_TABLE, None, None, {"weight": 1.0}), ValueError, "weight is in the table and in syn_spec"),
        ((_TABLE, None, None, 5), TypeError, "syn_spec must be"),
        ((_TABLE, None, None, v.CollocatedSynapses({})), ValueError, "CollocatedSynapses"),
        ((_TABLE, None, None, None, True), ValueError, "cannot be returned"),
        ((_TABLE.assign(synapse_model=["static_synapse", "stdp_synapse"]),), ValueError, "one synapse model at a time"),
        ((_TABLE.assign(synapse_model="nothing"),), E.UnknownSynapseType, "nothing"),
        ((_TABLE.assign(delay=[1.0, np.nan]),), ValueError, "row 1 of the table has no delay"),
        ((_TABLE.assign(source=[1.0, 2.0]),), TypeError, "source must hold integer node ids"),
        ((_TABLE.rename(columns={"weight": "weights"}),), ValueError, "'weight'"),
    ],
)
def test_bad_tables(fake, five, arguments, error, text):
    with pytest.raises(error, match=text):
        v.Connect(*arguments)
    assert not fake.connections


def test_nodes_alone_connect_nothing(fake, five):
    with pytest.raises(TypeError, match="post must be"):
        v.Connect(five)
    assert not fake.connections


def test_columns_of_integers_with_gaps_elsewhere_are_integers(fake, five):
    column = pandas.array([1, 2, None], dtype="Int64")
    table = pandas.DataFrame({"source": column, "target": column, "receptor_type": column, 4: 5.0})
    v.Connect(table[:2].drop(columns=4))
    assert made(fake) == ([1, 2], [1, 2], {"synapse_model": "static_synapse", "receptor_type": [1, 2]})
    v.Connect(table[:2])
    assert made(fake)[2]["4"] == [5, 5]  # which the kernel refuses
    with pytest.raises(TypeError, match="source must hold integer node ids"):
        v.Connect(table)


def test_columns_of_tables_are_ids_and_values(fake, five):
    v.Connect(_TABLE.source, _TABLE.target, "one_to_one", {"weight": _TABLE.weight})
    assert made(fake) == ([1, 2], [3, 4], {"synapse_model": "static_synapse", "weight": [1.0, 2.0]})
