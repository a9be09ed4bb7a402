"""Parameter: expressions as flat terms, their domains, and what cannot be combined."""

import pickle

import numpy as np
import pytest

import volley as v
from volley import NESTErrors as E

UNIFORM = ("uniform", (), (0.0, 1.0))


def test_leaves():
    assert v.random.uniform().terms == (UNIFORM,)
    assert v.random.uniform_int(7).terms == (("uniformInt", (), (7.0,)),)
    assert v.random.normal(1.0, 2).terms == (("normal", (), (1.0, 2.0)),)
    assert v.random.exponential(3.0).terms == (("exponential", (), (3.0,)),)
    assert v.random.lognormal().terms == (("lognormal", (), (0.0, 1.0)),)
    assert v.CreateParameter("constant", {"value": 4}).terms == (("constant", (), (4.0,)),)


def test_a_parameter_used_twice_is_two_draws():
    x = v.random.uniform()
    assert (x - x).terms == (UNIFORM, UNIFORM, ("subtract", (0, 1), ()))


def test_terms_name_earlier_terms():
    x = 2.0 * (v.random.uniform() + 1)
    assert [term[0] for term in x.terms] == ["constant", "uniform", "constant", "add", "multiply"]
    assert x.terms[3][1] == (1, 2) and x.terms[4][1] == (0, 3)


@pytest.mark.parametrize(
    "make, operation",
    [
        (lambda x: x + 1, "add"),
        (lambda x: 1 - x, "subtract"),
        (lambda x: x * np.float64(2), "multiply"),
        (lambda x: np.float64(2) / x, "divide"),
        (lambda x: x**2, "power"),
        (lambda x: -x, "multiply"),
        (lambda x: x < 1, "less"),
        (lambda x: x <= 1, "lessEqual"),
        (lambda x: x == 1, "equal"),
        (lambda x: x != 1, "notEqual"),
        (lambda x: x >= 1, "greaterEqual"),
        (lambda x: x > 1, "greater"),
        (v.math.exp, "exp"),
        (v.math.sin, "sin"),
        (v.math.cos, "cos"),
        (lambda x: v.math.min(x, 1), "minimum"),
        (lambda x: v.math.max(x, 1), "maximum"),
        (lambda x: v.math.redraw(x, 0, 1), "redraw"),
        (lambda x: v.logic.conditional(x, x, 1), "conditional"),
    ],
)
def test_operations(make, operation):
    made = make(v.random.uniform())
    assert isinstance(made, v.Parameter) and made.terms[-1][0] == operation


@pytest.mark.parametrize(
    "make, error",
    [
        (lambda x: x**x, TypeError),
        (lambda x: x % 2, TypeError),
        (lambda x: x + "a", NotImplementedError),
        (lambda x: x < None, NotImplementedError),
        (lambda x: hash(x), TypeError),
        (lambda x: v.math.exp(1.0), TypeError),
        (lambda x: v.math.min(x, x), TypeError),
        (lambda x: v.math.redraw(x, 2, 1), E.BadParameterValue),
        (lambda x: v.logic.conditional(1.0, x, x), TypeError),
        (lambda x: v.logic.conditional(x, "a", x), TypeError),
        (lambda x: v.Parameter(5), TypeError),
        (lambda x: setattr(x, "terms", ()), AttributeError),
    ],
)
def test_what_cannot_be_combined(make, error):
    with pytest.raises(error):
        make(v.random.uniform())


@pytest.mark.parametrize(
    "name, specs, error",
    [
        ("nothing", {}, E.UndefinedName),
        ("uniform", {"mim": 0}, E.UnaccessedDictionaryEntry),
        ("uniform", {"min": 1.0, "max": 1.0}, E.BadProperty),
        ("normal", {"std": -1.0}, E.BadProperty),
        ("uniform_int", {"max": 0}, E.BadProperty),
        ("uniform_int", {"max": 1.5}, E.TypeMismatch),
        ("uniform_int", {}, E.BadParameterValue),
        ("exponential", {"beta": 0.0}, E.BadProperty),
        ("normal", {"mean": "a"}, E.TypeMismatch),
        ("gaussian", {"x": 1.0}, TypeError),
        ("distance", {"dimension": -1}, E.BadParameterValue),
    ],
)
def test_domains(fake, name, specs, error):
    with pytest.raises(error):
        v.CreateParameter(name, specs)


def test_an_unknown_key_may_be_a_warning(fake, capsys):
    fake.status["dict_miss_is_error"] = False
    assert v.CreateParameter("uniform", {"mim": 5.0, "max": 2.0}).terms == v.random.uniform(0.0, 2.0).terms
    assert "WARNING" in (said := capsys.readouterr().err) and "'mim'" in said


def test_the_nearest_name_is_told(fake):
    with pytest.raises(v.NESTError, match=r"did you mean 'min'\?$"):
        v.CreateParameter("uniform", {"mim": 0})


def test_spatial_leaves():
    distance = v.CreateParameter("distance", {})
    assert distance.is_spatial() and (1 + distance).is_spatial() and not v.random.uniform().is_spatial()
    assert v.CreateParameter("gaussian", {"x": distance, "std": 2.0}).terms[-1] == ("gaussian", (0,), (0.0, 2.0))


def test_values_come_from_the_kernel(fake):
    assert v.random.uniform().GetValue() == 0.5
    assert v.random.uniform().apply(v.Create("iaf_psc_alpha", 3)) == (0.5, 0.5, 0.5)
    with pytest.raises(TypeError):
        v.random.uniform().apply([1])


def test_pickling_and_text():
    x = v.math.exp(v.random.normal() * 2)
    assert pickle.loads(pickle.dumps(x)).terms == x.terms
    assert repr(x) == "Parameter(exp(multiply(normal(0, 1), 2)))"
