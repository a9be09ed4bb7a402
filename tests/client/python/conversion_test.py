"""What becomes of Python objects on their way to the kernel and back."""

import gc

import conversion_probe
import numpy as np
import pytest

import volley as v
from volley.marshalling import classes


def there_and_back(value):
    return conversion_probe.there_and_back(value, classes())


@pytest.mark.parametrize(
    "given, back",
    [
        (True, True),
        (np.True_, True),
        (5, 5),
        (np.int32(5), 5),
        (np.uint64(5), 5),
        (2.5, 2.5),
        (np.float32(2.5), 2.5),
        (np.float64(2.5), 2.5),
        ("a\u00e9\U0001f9e0", "a\u00e9\U0001f9e0"),
        (v.VerbosityLevel.ERROR, 30),
        ([], []),
        ((), []),
        (["a", "b"], ["a", "b"]),
        (np.array(["a", "b"]), ["a", "b"]),
        (np.array(["a", "b"], object), ["a", "b"]),
        (np.str_("a"), "a"),
        (np.array("a"), "a"),
        ([np.str_("a")], ["a"]),
        ([{"a": 1}, {}], [{"a": 1}, {}]),
        ({"a": {"b": 1}, "c": [1.0]}, {"a": {"b": 1}, "c": [1.0]}),
        (np.array(5), 5),
        (float("inf"), float("inf")),
        (2**63 - 1, 2**63 - 1),
        (-(2**63), -(2**63)),
    ],
)
def test_single_values(given, back):
    _, result = there_and_back(given)
    assert result == back and type(result) is type(back)


@pytest.mark.parametrize(
    "given, dtype",
    [
        ([1, 2], np.int64),
        ((1, 2), np.int64),
        ([True, False], bool),
        ([np.True_, np.False_], bool),
        ([True, 2], np.int64),
        (np.array([True, False]), bool),
        (np.array([], bool), bool),
        ([1.0, 2], np.float64),
        ([1, 2.5], np.float64),
        (np.array([1, 2], np.uint8), np.int64),
        (np.array([1, 2], np.float32), np.float64),
        (np.array([], np.int64), np.int64),
        (np.array([], float), np.float64),
        (np.arange(10)[::3], np.int64),
        ([np.float32(1), 2], np.float64),
        (np.array([1, True], object), np.int64),
        (np.array([1, 2.5], object), np.float64),
        (np.ones((2, 3)), np.float64),
    ],
)
def test_columns(given, dtype):
    _, result = there_and_back(given)
    assert result.dtype == dtype and np.array_equal(
        result, np.array([list(x) if np.ndim(x) else x for x in given], dtype)
    )


@pytest.mark.parametrize("size", [2, 100_000])
def test_columns_can_be_written_to_and_own_their_memory(size):
    given = np.arange(size, dtype=float) if size < 10 else np.arange(size, dtype=float).tolist()
    _, result = there_and_back(given)
    result -= 1.0
    del given
    gc.collect()
    assert result.flags.writeable and np.array_equal(result, np.arange(size) - 1.0)


@pytest.mark.parametrize(
    "given, error",
    [
        (None, AttributeError),
        (1j, AttributeError),
        ({1, 2}, AttributeError),
        (object(), AttributeError),
        (b"a", AttributeError),
        ([None], AttributeError),
        (np.array([None]), AttributeError),
        (np.array([b"a"]), AttributeError),
        (np.array([1j]), AttributeError),
        (2**63, OverflowError),
        (np.uint64(2**63), OverflowError),
        ([2**63], OverflowError),
        (np.array([2**63], np.uint64), OverflowError),
        ([1, "a"], TypeError),
        (["a", 1], TypeError),
        ([{}, 1], TypeError),
        ({5: 1}, TypeError),
        ([[1.0], 2.0], TypeError),
        ([1.0, [2.0]], AttributeError),
        (np.ones((2, 2, 2)), ValueError),
        ([v.random.uniform(), "a"], TypeError),
        ("\ud800", ValueError),
        (["\udfff"], ValueError),
        ({"\ud800": 1}, ValueError),
    ],
)
def test_what_the_kernel_does_not_take(given, error):
    with pytest.raises(error):
        there_and_back(given)


@pytest.mark.parametrize(
    "given",
    [
        [[1, 2], [3.5]],
        ([1, 2], np.array([3.5])),
        [[], [1.0, 2.0]],
        np.array([[1, 2], [3, 4]], object),
        [["a"], ["b", "c"]],
    ],
)
def test_lists_of_lists(given):
    kind, result = there_and_back(given)
    assert kind == "list" and [list(row) for row in result] == [list(row) for row in given]


def test_lists_of_matrices_of_one_shape_are_arrays_of_three_axes():
    _, result = there_and_back([np.ones((2, 3)), np.arange(6.0).reshape(2, 3)])
    assert result.shape == (2, 2, 3) and result.dtype == np.float64 and result.flags.writeable
    assert result[0].tolist() == [[1.0] * 3] * 2 and result[1, 1].tolist() == [3.0, 4.0, 5.0]
    _, result = there_and_back([np.ones((2, 3)), np.ones((3, 2))])
    assert isinstance(result, list) and [part.shape for part in result] == [(2, 3), (3, 2)]


def test_lists_of_parameters_and_collections(fake):
    nodes, drawn = v.Create("iaf_psc_alpha", 3), v.random.uniform()
    _, (first, second, third) = there_and_back([1.5, drawn, 2])
    assert first == 1.5 and second.terms == drawn.terms and third == 2
    assert there_and_back([nodes[:1], nodes[1:]])[1] == [nodes[:1], nodes[1:]]


def nested(levels):
    value = 1.0
    for _ in range(levels):
        value = {"a": value}
    return value


def test_nesting_ends_somewhere():
    assert there_and_back(nested(8))[1] == nested(8)
    circle = {}
    circle["a"] = [circle]
    ring = []
    ring.append(ring)
    for value in nested(9), nested(100_000), [nested(8)], circle, ring:
        with pytest.raises(ValueError, match="nested too deeply"):
            there_and_back(value)
    assert there_and_back(nested(8))[1] == nested(8)


def test_a_dictionary_has_so_many_keys():
    most = {str(i): i for i in range(1024)}
    assert there_and_back(most)[1] == most
    many = {str(i): i for i in range(1_000_000)}  # walking to each of them takes hours
    for given in many, {"a": many}, [many]:
        with pytest.raises(ValueError, match="a dictionary has 1000000 keys; it may have 1024"):
            there_and_back(given)


@pytest.mark.parametrize(
    "value, error, text",
    [
        (None, AttributeError, "a value of type NoneType cannot be given"),
        (2**63, OverflowError, "an integer is beyond the range of int64"),
        (-(2**63) - 1, OverflowError, "an integer is beyond the range of int64"),
        ("a\ud800", ValueError, r"the text 'a\\ud800' holds half of a surrogate pair"),
        ("x" * 100 + "\ud800", ValueError, r"the text 'x{59}\.\.\. holds half of a surrogate pair"),
    ],
)
def test_the_key_is_named(value, error, text):
    for given in value, [1, value] if isinstance(value, int) else [value]:
        with pytest.raises(error, match=f"'tau_m': {text}"):
            there_and_back({"C_m": 1.0, "tau_m": given})


def test_collections(fake):
    nodes = v.Create("iaf_psc_alpha", 10)[::3]
    kind, back = there_and_back(nodes)
    assert kind == "NodeCollection" and back == nodes


def test_parameters():
    given = v.math.redraw(v.random.normal(1.0, 2.0) * 2 + v.random.uniform_int(5), 0, 1)
    _, back = there_and_back(given)
    assert back.terms == given.terms


def forged(*terms):
    made = v.Parameter.__new__(v.Parameter)
    object.__setattr__(made, "terms", terms)
    return made


@pytest.mark.parametrize(
    "terms", [(), (("exp", (1,), ()),), (("constant", (), (1.0,)),) * 70_000], ids=["none", "ahead", "many"]
)
def test_parameters_that_no_function_makes(terms):
    with pytest.raises(v.NESTErrors.BadParameter):
        there_and_back(forged(*terms))


@pytest.mark.parametrize(
    "term", ["add", ("add",), ("add", (-1,), ()), ("add", (0.5,), ()), ("\ud800", (), ()), (1, 2, 3)]
)
def test_terms_of_parameters_that_are_none(term):
    with pytest.raises(TypeError, match="a term of a Parameter is"):
        there_and_back(forged(term))


def test_handles_that_no_kernel_gave_out(fake):
    nodes = v.NodeCollection._from_kernel
    for ranges in [(0, 5, 1)], [(1, 5, 0)], [(5, 1, 1)], [(1, 4, 2)], [(3, 4, 1), (1, 2, 1)], [(1, 3, 1), (3, 5, 1)]:
        with pytest.raises((ValueError, ZeroDivisionError)):
            there_and_back(nodes(0, ranges))
    for ranges in [(-1, 2, 1)], [(1, 3, -1)], [(-3, -1, 1)], [(1, 2**64, 1)]:
        with pytest.raises(ValueError, match="must ascend and begin at 1"):
            there_and_back(nodes(0, ranges))
    with pytest.raises(ValueError, match="counts resets"):
        there_and_back(nodes(-1, [(1, 2, 1)]))


def test_error_kinds():
    for kind, expected in (
        ("BadProperty", v.NESTErrors.BadProperty),
        ("builtins.IndexError", IndexError),
        ("?", v.NESTError),
    ):
        with pytest.raises(expected, match="because"):
            conversion_probe.raise_error(kind, "because", classes())
