"""Parameter: a value the kernel computes for each node or connection, as an expression of numbers and random draws.

A Parameter is a flat tuple of terms (operation, arguments, numbers) in order of evaluation; arguments are positions of
earlier terms, and the last term is the value. Operations bear the names of `protocol/values.capnp`.
"""

from numbers import Real
from typing import Any

import numpy as np

from .errors import NESTErrors
from .log import VerbosityLevel
from .node_collection import NodeCollection
from .parameter_types import parameter_term
from .session import link, session

__all__ = ["CreateParameter", "Parameter"]

Term = tuple[str, tuple[int, ...], tuple[float, ...]]

_SPATIAL = {"position", "distance", "gaussian", "gaussian2d", "gamma", "expDistribution", "gabor"}


class Parameter:
    """An immutable expression, drawn anew for every use: `x - x` of a random x is not 0.

    Made by `CreateParameter`, `nest.random` and arithmetic; comparisons give Parameters of value 1.0 or 0.0.
    """

    __slots__ = ("terms",)
    terms: tuple[Term, ...]
    __hash__ = None  # type: ignore[assignment]
    __array_ufunc__ = None  # numpy scalars on the left leave the operation to us

    def __init__(self, datum: Any):
        if not isinstance(datum, tuple) or not datum:
            raise TypeError("A Parameter is made by CreateParameter or nest.random, not from a value.")
        object.__setattr__(self, "terms", datum)

    def __setattr__(self, name: str, value: Any) -> None:
        raise AttributeError("A Parameter cannot be changed.")

    def __reduce__(self):
        return Parameter, (self.terms,)

    def __add__(self, other: Any) -> "Parameter":
        return joined("add", self, operand(other))

    def __radd__(self, other: Any) -> "Parameter":
        return joined("add", operand(other), self)

    def __sub__(self, other: Any) -> "Parameter":
        return joined("subtract", self, operand(other))

    def __rsub__(self, other: Any) -> "Parameter":
        return joined("subtract", operand(other), self)

    def __mul__(self, other: Any) -> "Parameter":
        return joined("multiply", self, operand(other))

    def __rmul__(self, other: Any) -> "Parameter":
        return joined("multiply", operand(other), self)

    def __truediv__(self, other: Any) -> "Parameter":
        return joined("divide", self, operand(other))

    def __rtruediv__(self, other: Any) -> "Parameter":
        return joined("divide", operand(other), self)

    def __pow__(self, exponent: Any) -> "Parameter":
        if not is_number(exponent):
            raise TypeError("The exponent of a Parameter must be a number.")
        return joined("power", self, numbers=(exponent,))

    def __neg__(self) -> "Parameter":
        return joined("multiply", constant(-1.0), self)

    def __pos__(self) -> "Parameter":
        return self

    def __lt__(self, other: Any) -> "Parameter":
        return joined("less", self, operand(other))

    def __le__(self, other: Any) -> "Parameter":
        return joined("lessEqual", self, operand(other))

    def __eq__(self, other: Any) -> "Parameter":  # type: ignore[override]
        return joined("equal", self, operand(other))

    def __ne__(self, other: Any) -> "Parameter":  # type: ignore[override]
        return joined("notEqual", self, operand(other))

    def __ge__(self, other: Any) -> "Parameter":
        return joined("greaterEqual", self, operand(other))

    def __gt__(self, other: Any) -> "Parameter":
        return joined("greater", self, operand(other))

    def GetValue(self) -> float:
        """Draws one value. Errors: BadParameterValue or KernelException for what needs a position."""
        return session().evaluate(self, None, None)

    def is_spatial(self) -> bool:
        """True when some part depends on positions."""
        return any(operation in _SPATIAL for operation, _, _ in self.terms)

    def apply(self, spatial_nc: NodeCollection, positions: Any = None) -> tuple[float, ...]:
        """One value a node of `spatial_nc`; or, with a list of positions, one for the only node and each of them.

        Errors: TypeError, ValueError, BadProperty (dimensions), and those of `GetValue`.
        """
        if not isinstance(spatial_nc, NodeCollection):
            raise TypeError("apply() takes a NodeCollection.")
        if positions is None:
            return tuple(np.asarray(session().evaluate(self, spatial_nc, None)).tolist())
        return tuple(np.asarray(session().evaluate(self, spatial_nc, _target_rows(spatial_nc, positions))).tolist())

    def __repr__(self) -> str:
        return f"Parameter({_text(self.terms)})"


def _target_rows(node: NodeCollection, positions: Any) -> np.ndarray:
    if len(node) != 1:
        raise ValueError(f"apply() with positions takes exactly one node, not {len(node)}.")
    if not isinstance(positions, (list, tuple, np.ndarray)):
        raise TypeError("apply(): positions must be a list of points.")
    if not all(isinstance(point, (list, tuple, np.ndarray)) for point in positions):
        raise TypeError("apply(): positions must be a list of points, each a list of coordinates.")
    if len({len(point) for point in positions}) > 1:
        raise ValueError("apply(): all positions must have as many coordinates.")
    return np.asarray(positions, dtype=float)


def is_number(value: Any) -> bool:
    """True for what can stand for a constant."""
    return isinstance(value, (Real, np.number, np.bool_))


def operand(value: Any) -> Parameter:
    """A Parameter as it is, a number as a constant; other types raise NotImplementedError."""
    if isinstance(value, Parameter):
        return value
    if not is_number(value):
        raise NotImplementedError(f"A Parameter cannot be combined with {type(value).__name__}.")
    return constant(value)


def constant(value: float) -> Parameter:
    """The Parameter that is always `value`."""
    return Parameter((("constant", (), (float(value),)),))


def joined(operation: str, *arguments: Parameter, numbers: tuple = ()) -> Parameter:
    """`operation` over other Parameters."""
    terms: list[Term] = []
    results = []
    for argument in arguments:
        offset = len(terms)
        terms += [(name, tuple(at + offset for at in inputs), values) for name, inputs, values in argument.terms]
        results.append(len(terms) - 1)
    terms.append((operation, tuple(results), tuple(map(float, numbers))))
    return Parameter(tuple(terms))


def CreateParameter(parametertype: str, specs: dict[str, Any]) -> Parameter:
    """A Parameter of a type ("constant", "uniform", "normal", "distance", ...) with its specification.

    Errors: UndefinedName (type), UnaccessedDictionaryEntry (key, unless `dict_miss_is_error` is False), BadProperty,
    BadParameterValue, TypeMismatch (value).
    """
    operation, arguments, numbers = parameter_term(parametertype, specs, _unaccessed)
    return joined(operation, *map(_argument, arguments), numbers=numbers)


def _unaccessed(text: str) -> None:
    if session().kernel_status(["dict_miss_is_error"])["dict_miss_is_error"]:
        raise NESTErrors.UnaccessedDictionaryEntry(text)
    link().log.write(VerbosityLevel.WARNING, text)


def _argument(value: Any) -> Parameter:
    if not isinstance(value, Parameter):
        raise TypeError(f"x and y of a spatial distribution must be Parameters, not {type(value).__name__}.")
    return value


def _text(terms: tuple[Term, ...]) -> str:
    if len(terms) > 12:
        return f"{terms[-1][0]} of {len(terms)} terms"
    texts: list[str] = []
    for operation, inputs, numbers in terms:
        parts = [texts[at] for at in inputs] + [f"{number:g}" for number in numbers]
        texts.append(parts[0] if operation == "constant" else f"{operation}({', '.join(parts)})")
    return texts[-1]
