"""Reading and writing parameters of a NodeCollection: the shapes that PyNEST gives to the kernel's columns."""

from collections.abc import Iterable
from typing import Any

import numpy as np

from .errors import NESTErrors
from .low_level import node_handle
from .serialize import to_json
from .session import session


def lists(nodes: node_handle, keys: list[str]) -> dict[str, list]:
    """Per key one entry a node (None where a node lacks it, or lives on another rank); no keys: all. KeyError for a key
    that no node has."""
    columns = session().node_values(nodes, keys)
    values = {
        key: column.tolist() if isinstance(column, np.ndarray) else list(column) for key, column in columns.items()
    }
    for key in keys:
        if key not in values:
            raise KeyError(f"No node of this NodeCollection has a parameter '{key}'.")
    return values


def get(nodes: node_handle, params: tuple, output: str) -> Any:
    """See `NodeCollection.get`."""
    if len(nodes) == 0:
        raise ValueError("get() on an empty NodeCollection: it has no values.")
    if len(params) > 1:
        result, table = _get_path(nodes, params)
    else:
        result, table = _get_keys(nodes, params[0]) if params else _shaped(lists(nodes, []))
    if output == "pandas":
        return _data_frame(nodes, table)
    return to_json(result) if output == "json" else result


def _get_keys(nodes: node_handle, wanted: Any) -> tuple[Any, dict[str, list]]:
    if isinstance(wanted, str):
        table = lists(nodes, [wanted])
        return _one_or_all(table[wanted], tuple), table
    names = _names(wanted)
    return _shaped(lists(nodes, names) if names else {})


def _shaped(table: dict[str, list]) -> tuple[dict[str, Any], dict[str, list]]:
    return {key: _one_or_all(column, tuple) for key, column in table.items()}, table


def _get_path(nodes: node_handle, params: tuple) -> tuple[Any, dict[str, list]]:
    if len(params) != 2 or not isinstance(params[0], str):
        raise TypeError("A path has two levels: the name of a dictionary, and a name or a list of names in it.")
    outer, inner = params
    entries = lists(nodes, [outer])[outer]
    names = [inner] if isinstance(inner, str) else _names(inner)
    table = {name: [_member(entry, outer, name) for entry in entries] for name in names}
    shaped = {name: _one_or_all(column, list) for name, column in table.items()}
    return (shaped[inner] if isinstance(inner, str) else shaped), table


def _member(entry: Any, outer: str, name: str) -> Any:
    if entry is None:
        return None
    if not isinstance(entry, dict):
        raise TypeError(f"'{outer}' is not a dictionary, so it has no entry '{name}'; for two parameters give a list.")
    if name not in entry:
        raise KeyError(f"'{outer}' has no entry '{name}'; it has {', '.join(map(repr, entry))}.")
    return entry[name]


def _names(wanted: Any) -> list[str]:
    if not isinstance(wanted, Iterable):
        raise TypeError(f"Parameters are named by text or a list of texts, not by {type(wanted).__name__}.")
    names = list(wanted)
    if not all(isinstance(name, str) for name in names):
        raise TypeError("Parameters are named by text.")
    return names


def _one_or_all(column: list, shape: type) -> Any:
    return column[0] if len(column) == 1 else shape(column)


def _data_frame(nodes: node_handle, table: dict[str, list]) -> Any:
    import pandas

    index = nodes.tolist()
    return pandas.DataFrame({key: pandas.Series(column, index=index) for key, column in table.items()}, index=index)


def set_values(nodes: node_handle, params: Any, kwargs: dict[str, Any]) -> None:
    """See `NodeCollection.set`."""
    if params is not None and kwargs:
        raise TypeError("set() takes a dictionary or keywords, not both.")
    values = kwargs if params is None else params
    if len(nodes) == 0 or (isinstance(values, dict) and not values):
        return
    session().set_node_values(nodes, _for_kernel(nodes, values))


def _for_kernel(nodes: node_handle, values: Any) -> Any:
    if isinstance(values, dict):
        return values
    if not isinstance(values, (list, tuple)) or not all(isinstance(item, dict) for item in values):
        raise TypeError("set() takes a dictionary, or a list of dictionaries, or keywords.")
    if len(values) == 1:
        return values[0]
    if len(values) != len(nodes):
        raise NESTErrors.BadParameter(
            f"set() got {len(values)} dictionaries for {len(nodes)} nodes: give one, or one a node."
        )
    return list(values)
