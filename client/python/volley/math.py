"""Functions of Parameters."""

from .errors import NESTErrors
from .parameters import Parameter, is_number, joined

__all__ = ["cos", "exp", "max", "min", "redraw", "sin"]


def exp(parameter: Parameter) -> Parameter:
    """e to the power of the Parameter."""
    return joined("exp", _checked("exp", parameter))


def sin(parameter: Parameter) -> Parameter:
    """Sine of the Parameter, in radians."""
    return joined("sin", _checked("sin", parameter))


def cos(parameter: Parameter) -> Parameter:
    """Cosine of the Parameter, in radians."""
    return joined("cos", _checked("cos", parameter))


def min(parameter: Parameter, value: float) -> Parameter:
    """The smaller of the Parameter and a number."""
    return joined("minimum", _checked("min", parameter), numbers=(_number("min", value),))


def max(parameter: Parameter, value: float) -> Parameter:
    """The larger of the Parameter and a number."""
    return joined("maximum", _checked("max", parameter), numbers=(_number("max", value),))


def redraw(parameter: Parameter, min: float, max: float) -> Parameter:
    """Draws the Parameter again until it lies in [min, max]; gives up with KernelException after 1000 attempts."""
    low, high = _number("redraw", min), _number("redraw", max)
    if low > high:
        raise NESTErrors.BadParameterValue(f"redraw: min {low} must not exceed max {high}.")
    return joined("redraw", _checked("redraw", parameter), numbers=(low, high))


def _checked(name: str, parameter: Parameter) -> Parameter:
    if not isinstance(parameter, Parameter):
        raise TypeError(f"{name}: the first argument must be a Parameter, not {type(parameter).__name__}.")
    return parameter


def _number(name: str, value: float) -> float:
    if not is_number(value):
        raise TypeError(f"{name}: bounds must be numbers, not {type(value).__name__}.")
    return value
