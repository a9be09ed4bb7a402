"""NodeCollection: slicing without clamping, masks, arithmetic, equality, texts, staleness."""

import pickle

import numpy as np
import pytest

import volley as v
from volley import NESTErrors

E = NESTErrors


@pytest.fixture
def ten(fake):
    return v.Create("iaf_psc_alpha", 10)


def test_is_made_from_ids_in_any_container(ten):
    for ids in ([2, 3, 5], (2, 3, 5), np.array([2, 3, 5], dtype=np.uint8), iter([2, 3, 5])):
        assert v.NodeCollection(ids).tolist() == [2, 3, 5]
    assert v.NodeCollection(range(1, 4)) == ten[:3]
    assert len(v.NodeCollection()) == 0 and not v.NodeCollection()


@pytest.mark.parametrize(
    "ids, error",
    [
        ([1, 1], E.BadProperty),
        ([2, 1], E.BadProperty),
        ([1, 99], E.UnknownNode),
        ([0, 1], E.UnknownNode),
        ([1.0], TypeError),
        ([True], TypeError),
        (["a"], TypeError),
        (5, TypeError),
        (np.array([1.5]), TypeError),
        (np.ones((2, 2), int), TypeError),
    ],
)
def test_refuses_other_ids(ten, ids, error):
    with pytest.raises(error):
        v.NodeCollection(ids)


def test_unknown_id_is_named(ten):
    with pytest.raises(v.NESTError, match="Node with id 99 does not exist."):
        v.NodeCollection([99])


def test_positions_and_slices(ten):
    assert ten[0].tolist() == [1] and ten[-1].tolist() == [10] and ten[np.int32(3)].tolist() == [4]
    assert ten[2:5].tolist() == [3, 4, 5]
    assert ten[::3].tolist() == [1, 4, 7, 10]
    assert ten[::3][1:].tolist() == [4, 7, 10]
    assert ten[-3:-1].tolist() == [8, 9]
    assert [one.tolist() for one in ten[8:]] == [[9], [10]]


@pytest.mark.parametrize(
    "key, error",
    [
        (10, IndexError),
        (-11, IndexError),
        (slice(0, 11), IndexError),
        (slice(-11, 5), IndexError),
        (slice(0, 5, 0), IndexError),
        (slice(5, 0, -1), IndexError),
        (slice(3, 3), E.BadParameter),
        (slice(5, 2), E.BadParameter),
        ("a", IndexError),
        (1.0, IndexError),
        ([0, 10], IndexError),
        ([1, 1], ValueError),
        ([2, 1], E.BadProperty),
        ([-1, 0], OverflowError),
        ([0, True], TypeError),
        ([np.True_], TypeError),
        ([1.0], TypeError),
        (np.array([[1, 2]]), TypeError),
        ([True] * 9, IndexError),
        (np.ones(11, bool), IndexError),
    ],
)
def test_bad_positions(ten, key, error):
    with pytest.raises(error):
        ten[key]


def test_lists_and_masks(ten):
    assert ten[[0, 4, 9]].tolist() == [1, 5, 10]
    assert ten[np.array([2, 3])].tolist() == [3, 4]
    assert ten[[True, False] * 5].tolist() == [1, 3, 5, 7, 9]
    assert ten[np.zeros(10, bool)].tolist() == [] and ten[[]].tolist() == []


def test_union(ten):
    more = v.Create("parrot_neuron", 5)
    assert (more + ten).tolist() == list(range(1, 16))
    assert sum([ten[:2], more[3:]]).tolist() == [1, 2, 14, 15]
    assert (ten + v.NodeCollection()) == ten
    with pytest.raises(E.BadProperty):
        ten[:5] + ten[4:]
    with pytest.raises(TypeError):
        ten + [1]


def test_sliced_composites_are_not_joined(ten):
    more = v.Create("parrot_neuron", 5)
    for sliced in ((ten + more)[5:12], more[::2]):
        with pytest.raises(E.BadProperty):
            sliced + ten[:1]
    assert (ten[5:8] + ten[:1]).tolist() == [1, 6, 7, 8]  # a slice of one model is an ordinary collection


def test_equality_and_membership(ten):
    assert ten == v.NodeCollection(range(1, 11)) and ten[:5] != ten[5:]
    assert ten[::9] == v.NodeCollection([1, 10])
    assert 3 in ten and 11 not in ten and 2 not in ten[::2]
    assert ten.index(3) == 2 and ten[::3].index(7) == 2
    with pytest.raises(ValueError):
        ten[::3].index(2)
    with pytest.raises(NotImplementedError):
        ten == [1]
    with pytest.raises(TypeError):
        hash(ten)


def test_arrays(ten):
    assert np.array(ten[:3]).tolist() == [1, 2, 3] and np.asarray(ten).dtype == np.int64
    assert np.asarray(ten, dtype=float).dtype == float
    assert ten._to_array() == {"All": list(range(1, 11))}
    assert ten._to_array("rank") == {"Rank 0": list(range(1, 11))}


def test_texts(ten):
    assert repr(ten) == "NodeCollection(metadata=None, model=iaf_psc_alpha, size=10, first=1, last=10)"
    assert str(ten[3]) == "NodeCollection(metadata=None, model=iaf_psc_alpha, size=1, first=4)"
    assert repr(v.NodeCollection()) == "NodeCollection(<empty>)"
    lines = repr(ten + v.Create("parrot_neuron", 2)).splitlines()
    assert lines[0] == "NodeCollection(metadata=None,"
    assert [line.strip() for line in lines[1:]] == [
        "model=iaf_psc_alpha, size=10, first=1, last=10;",
        "model=parrot_neuron, size=2, first=11, last=12;)",
    ]
    assert "size=5, first=1, last=9, step=2" in repr(ten[::2])


@pytest.mark.parametrize(
    "use",
    [
        len,
        list,
        repr,
        lambda n: n[0],
        lambda n: n[:2],
        lambda n: n + 0,
        lambda n: n + n,
        lambda n: 1 in n,
        lambda n: n.tolist(),
        lambda n: n.get(),
        lambda n: n.V_m,
        lambda n: n.set(V_m=1.0),
        lambda n: v.Connect(n, n),
        lambda n: v.GetConnections(n),
    ],
)
def test_is_stale_after_a_reset(ten, use):
    v.ResetKernel()
    with pytest.raises(v.NESTError, match="InvalidNodeCollection"):
        use(ten)


def test_comparisons_span_resets(ten):
    v.ResetKernel()
    again = v.Create("iaf_psc_alpha", 10)
    assert ten == ten and not ten != ten
    assert again != ten and ten != again and again == v.NodeCollection(again.tolist())


@pytest.mark.parametrize("zero", [0, 0.0, np.int64(0), np.float64(0.0)])
def test_zero_joins_as_nothing(ten, zero):
    assert ten + zero == ten and sum([ten[:5], ten[5:]]) == ten and 0.0 + ten == ten
    for other in (1, 0.5, "0", None):
        with pytest.raises(TypeError):
            ten + other


def test_survives_pickling(ten):
    assert pickle.loads(pickle.dumps(ten[::2])) == ten[::2]
