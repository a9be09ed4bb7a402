"""The types that `CreateParameter` knows: their keys, defaults and domains, checked where the user wrote them.

The kernel checks again when it evaluates; here a mistake is reported at the line that made it.
"""

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

from .errors import NESTErrors
from .nearest_name import nearest_name

_REQUIRED = object()


class parameter_type(NamedTuple):
    """Keys with defaults in the order of the wire, names of inner Parameters, and a check of the finished
    specification."""

    operation: str
    numbers: dict[str, Any]
    arguments: tuple[str, ...] = ()
    check: Callable[[dict[str, Any]], None] = lambda specs: None


def _need(condition: bool, text: str, kind: str = "BadProperty") -> None:
    if not condition:
        raise getattr(NESTErrors, kind)(text)


def _check_uniform(specs: dict[str, Any]) -> None:
    _need(specs["min"] < specs["max"], f"uniform: min {specs['min']} must be less than max {specs['max']}.")


def _check_uniform_int(specs: dict[str, Any]) -> None:
    top = specs["max"]
    whole = isinstance(top, (int, np.integer)) and not isinstance(top, bool)
    _need(whole, f"uniform_int: max must be an integer, not {top!r}.", "TypeMismatch")
    _need(top > 0, f"uniform_int: max must be greater than 0, not {top}.")


def _check_endpoint(specs: dict[str, Any]) -> None:
    _need(
        specs["synaptic_endpoint"] in (0, 1, 2), "position: synaptic_endpoint must be 0, 1 or 2.", "BadParameterValue"
    )
    _check_axis(specs, "position")


def _check_axis(specs: dict[str, Any], of: str) -> None:
    axis = specs["dimension"]
    whole = isinstance(axis, (int, np.integer)) and not isinstance(axis, bool)
    _need(whole, f"{of}: dimension must be an integer, not {axis!r}.", "TypeMismatch")
    _need(axis >= 0, f"{of}: dimension must not be negative.", "BadParameterValue")


def _positive(*keys: str) -> Callable[[dict[str, Any]], None]:
    def check(specs: dict[str, Any]) -> None:
        for key in keys:
            _need(specs[key] > 0, f"{key} must be greater than 0, not {specs[key]}.")

    return check


def _check_gaussian2d(specs: dict[str, Any]) -> None:
    _positive("std_x", "std_y")(specs)
    _need(-1 < specs["rho"] < 1, f"gaussian2d: rho must lie between -1 and 1, not {specs['rho']}.")


def _check_std(specs: dict[str, Any]) -> None:
    _need(specs["std"] >= 0, f"std must not be negative, not {specs['std']}.")


def _check_exponential(specs: dict[str, Any]) -> None:
    _need(specs["beta"] > 0, f"exponential: beta must be greater than 0, not {specs['beta']}.")


def _check_dimension(specs: dict[str, Any]) -> None:
    _check_axis(specs, "distance")


def _types() -> dict[str, parameter_type]:
    moments = {"mean": 0.0, "std": 1.0}
    plane = {"mean_x": 0.0, "mean_y": 0.0, "std_x": 1.0, "std_y": 1.0, "rho": 0.0}
    wave = {"theta": 0.0, "gamma": 1.0, "std": 1.0, "lam": 1.0, "psi": 0.0}
    return {
        "constant": parameter_type("constant", {"value": _REQUIRED}),
        "uniform": parameter_type("uniform", {"min": 0.0, "max": 1.0}, check=_check_uniform),
        "uniform_int": parameter_type("uniformInt", {"max": _REQUIRED}, check=_check_uniform_int),
        "normal": parameter_type("normal", moments, check=_check_std),
        "lognormal": parameter_type("lognormal", moments, check=_check_std),
        "exponential": parameter_type("exponential", {"beta": 1.0}, check=_check_exponential),
        "position": parameter_type("position", {"dimension": 0, "synaptic_endpoint": 0}, check=_check_endpoint),
        "distance": parameter_type("distance", {"dimension": 0}, check=_check_dimension),
        "gaussian": parameter_type("gaussian", moments, ("x",), _positive("std")),
        "gaussian2d": parameter_type("gaussian2d", plane, ("x", "y"), _check_gaussian2d),
        "gamma": parameter_type("gamma", {"kappa": 1.0, "theta": 1.0}, ("x",), _positive("kappa", "theta")),
        "exp_distribution": parameter_type("expDistribution", {"beta": 1.0}, ("x",), _positive("beta")),
        "gabor": parameter_type("gabor", wave, ("x", "y"), _positive("gamma", "std", "lam")),
    }


def parameter_term(
    name: str, specs: dict[str, Any], unaccessed: Callable[[str], None]
) -> tuple[str, list[Any], tuple[float, ...]]:
    """(operation, inner Parameters, numbers) of a specification. `unaccessed` is told of keys that the type lacks."""
    types = _types()
    if not isinstance(specs, dict):
        raise TypeError(f"CreateParameter: specs must be a dictionary, not {type(specs).__name__}.")
    if name not in types:
        raise NESTErrors.UndefinedName(f"'{name}' is not a type of Parameter{nearest_name(name, types) or '.'}")
    kind = types[name]
    known = set(kind.numbers) | set(kind.arguments)
    for key in specs:
        if key not in known:
            unaccessed(f"Unaccessed entry '{key}' for Parameter '{name}'{nearest_name(key, known) or '.'}")
    full = {**kind.numbers, **specs}
    for key in (*kind.arguments, *kind.numbers):
        if full.get(key, _REQUIRED) is _REQUIRED:
            raise NESTErrors.BadParameterValue(f"Parameter '{name}' needs '{key}'.")
    for key in kind.numbers:
        _check_number(name, key, full[key])
    kind.check(full)
    return kind.operation, [full[key] for key in kind.arguments], tuple(float(full[key]) for key in kind.numbers)


def _check_number(name: str, key: str, value: Any) -> None:
    if not isinstance(value, (int, float, np.number)):
        raise NESTErrors.TypeMismatch(f"'{key}' of Parameter '{name}' must be a number, not {type(value).__name__}.")
