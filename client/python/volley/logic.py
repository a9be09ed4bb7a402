"""Choice between Parameters."""

from .parameters import Parameter, is_number, joined, operand

__all__ = ["conditional"]


def conditional(condition: Parameter, param_if_true: Parameter | float, param_if_false: Parameter | float) -> Parameter:
    """`param_if_true` where the condition is not 0, else `param_if_false`. Only the chosen branch is drawn."""
    if not isinstance(condition, Parameter):
        raise TypeError(f"conditional: the condition must be a Parameter, not {type(condition).__name__}.")
    for branch in (param_if_true, param_if_false):
        if not isinstance(branch, Parameter) and not is_number(branch):
            raise TypeError(f"conditional: a branch must be a Parameter or a number, not {type(branch).__name__}.")
    return joined("conditional", condition, operand(param_if_true), operand(param_if_false))
