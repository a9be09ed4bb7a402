"""Lists given as node parameters: one value a node, or one vector for all nodes.

A list is spread over the nodes when the model's parameter is a scalar; as soon as one key of a dictionary is spread, all
its lists are. Text and nested dictionaries always count as one value.
"""

from collections.abc import Callable
from numbers import Number
from typing import Any

import numpy as np


def is_list(value: Any) -> bool:
    """True for what could hold one value a node."""
    return hasattr(value, "__len__") and hasattr(value, "__getitem__") and not isinstance(value, (str, bytes, dict))


def is_scalar(value: Any) -> bool:
    """True for a parameter's value that is one number, truth value or text."""
    return isinstance(value, (Number, str, np.generic))


def spread(params: dict[str, Any], count: int, current: Callable[[list[str]], dict[str, Any]]) -> Any:
    """`params` as the kernel takes it: a dictionary of single values and columns, or a list with one dictionary a node.

    `current(keys)` gives present values of these keys for one node (absent when unknown); it is asked only if `params` holds
    lists. Raises IndexError for a list shorter than `count`, ValueError for a longer one.
    """
    lists = [key for key, value in params.items() if is_list(value)]
    if not lists:
        return params
    present = current(lists)
    if not any(is_scalar(present.get(key)) for key in lists):
        return params
    for key in lists:
        check_length(key, len(params[key]), count, "nodes")
    numbers = {key: np.asarray(params[key]) for key in lists if is_scalar(present.get(key))}
    if len(numbers) == len(lists) and all(column.ndim == 1 and column.dtype.kind in "iuf" for column in numbers.values()):
        return {**params, **numbers}  # the kernel spreads columns itself
    columns = {key: _items(params[key]) if key in lists else [value] * count for key, value in params.items()}
    return [dict(zip(columns, row)) for row in zip(*columns.values())]


def check_length(key: str, length: int, count: int, things: str) -> None:
    """Raises IndexError when a list is shorter than the number of nodes or connections, ValueError when it is longer."""
    if length != count:
        kind = IndexError if length < count else ValueError
        raise kind(f"'{key}' has {length} values for {count} {things}: give one value each, or a single one for all.")


def _items(values: Any) -> list:
    return values.tolist() if hasattr(values, "tolist") else list(values)
