"""The forms in which Connect takes rules, synapses and populations, brought to the one form that the kernel takes."""

from collections.abc import Iterable
from typing import Any

import numpy as np

from .errors import NESTErrors
from .node_collection import NodeCollection
from .parameters import Parameter
from .spreading import is_list


class CollocatedSynapses:
    """Several synapse specifications that Connect uses together for every pair it chooses."""

    def __init__(self, *args: dict[str, Any]):
        self.syn_specs = args

    def __len__(self) -> int:
        return len(self.syn_specs)


def rule_dictionary(conn_spec: Any) -> dict[str, Any]:
    """conn_spec with its rule by name, as a dictionary of the kernel's own; the caller's stays as it is."""
    if conn_spec is None:
        return {"rule": "all_to_all"}
    if isinstance(conn_spec, str):
        return {"rule": conn_spec}
    if not isinstance(conn_spec, dict):
        raise TypeError(f"conn_spec must be a rule's name or a dictionary, not {type(conn_spec).__name__}.")
    if "rule" not in conn_spec:
        raise KeyError("conn_spec needs the key 'rule'.")
    if not isinstance(conn_spec["rule"], str):
        raise TypeError("conn_spec: 'rule' must be text.")
    return dict(conn_spec)


def synapse_dictionaries(syn_spec: Any) -> list[dict[str, Any]]:
    """syn_spec as one dictionary per collocated synapse, each with its synapse_model."""
    if isinstance(syn_spec, CollocatedSynapses):
        specs = [_synapse_dictionary(spec) for spec in syn_spec.syn_specs]
        for key, value in (item for spec in specs for item in spec.items()):
            if is_list(value) and not isinstance(value, NodeCollection):
                raise ValueError(f"CollocatedSynapses takes no arrays, but '{key}' is one.")
        return specs
    return [_synapse_dictionary(syn_spec)]


def _synapse_dictionary(spec: Any) -> dict[str, Any]:
    if spec is None:
        return {"synapse_model": "static_synapse"}
    if isinstance(spec, str):
        return {"synapse_model": spec}
    if not isinstance(spec, dict):
        raise TypeError(f"syn_spec must be a model's name, a dictionary or CollocatedSynapses, not {type(spec).__name__}.")
    full = {"synapse_model": "static_synapse", **spec}
    if not isinstance(full["synapse_model"], str):
        raise TypeError("syn_spec: 'synapse_model' must be text.")
    return full


def shaped_arrays(spec: dict[str, Any], rule: dict[str, Any], n_sources: int, n_targets: int) -> dict[str, Any]:
    """`spec` with its lists as arrays of the shape the rule asks for (rows are targets, or sources for fixed_outdegree).

    Raises ValueError for a wrong length, TypeError for a wrong number of dimensions or a rule that takes no arrays.
    """
    arrays = {
        key: _shaped(key, value, rule, n_sources, n_targets)
        for key, value in spec.items()
        if is_list(value) and not isinstance(value, NodeCollection)
    }
    return {**spec, **arrays}


def _shaped(key: str, value: Any, rule: dict[str, Any], n_sources: int, n_targets: int) -> np.ndarray:
    array = np.asarray(value)
    wanted = _array_shape(key, rule, n_sources, n_targets)
    if array.ndim != len(wanted):
        raise TypeError(
            f"'{key}' has {array.ndim} dimensions, but rule '{rule['rule']}' takes an array of {len(wanted)}: {wanted}."
        )
    if array.shape != wanted:
        raise ValueError(f"'{key}' has shape {array.shape}, but rule '{rule['rule']}' needs {wanted} here.")
    return array


def _array_shape(key: str, rule: dict[str, Any], n_sources: int, n_targets: int) -> tuple[int, ...]:
    name = rule["rule"]
    if name == "one_to_one":
        return (n_sources,)
    if name == "all_to_all":
        return (n_targets, n_sources)
    sizes = {"fixed_indegree": ("indegree", n_targets), "fixed_outdegree": ("outdegree", n_sources)}
    if name in sizes:
        degree, rows = sizes[name]
        return (rows, _whole(rule, degree, key))
    if name == "fixed_total_number":
        return (_whole(rule, "N", key),)
    raise TypeError(f"'{key}' is an array, but rule '{name}' takes none.")


def _whole(rule: dict[str, Any], name: str, key: str) -> int:
    number = rule.get(name)
    if isinstance(number, Parameter):
        raise TypeError(f"'{key}' is an array, which needs '{name}' to be a number.")
    if number is None:
        raise IndexError(f"Rule '{rule['rule']}' needs '{name}'.")
    if not isinstance(number, (int, np.integer)):
        raise NESTErrors.TypeMismatch(f"Rule '{rule['rule']}': '{name}' must be an integer, not {number!r}.")
    return int(number)


def id_column(name: str, nodes: Any) -> np.ndarray:
    """Node ids of a population as an int64 column; they may repeat and need no order."""
    if isinstance(nodes, (str, bytes, dict)) or not isinstance(nodes, Iterable):
        raise TypeError(f"Connect: {name} must be a NodeCollection or a sequence of node ids, not {type(nodes).__name__}.")
    column = nodes if isinstance(nodes, np.ndarray) else np.asarray(list(nodes))
    if column.ndim != 1:
        raise ValueError(f"Connect: {name} must have one dimension.")
    if column.size and column.dtype.kind not in "iu":
        raise TypeError(f"Connect: {name} must hold integer node ids.")
    return column.astype(np.int64, copy=False)


def strictly_ascending(ids: np.ndarray) -> bool:
    """True when ids can form a NodeCollection."""
    return bool(np.all(ids[1:] > ids[:-1]))


def array_synapse(spec: dict[str, Any], count: int) -> dict[str, Any]:
    """`spec` for connections given one by one: single values, and columns of `count` entries."""
    for key in ("weights", "delays"):
        if key in spec:
            raise ValueError(f"Connect: the key is '{key[:-1]}', not '{key}'.")
    return {key: _array_value(key, value, count) for key, value in spec.items()}


def _array_value(key: str, value: Any, count: int) -> Any:
    if isinstance(value, Parameter):
        raise TypeError(f"Connect: '{key}' must be a number or an array when connections are given one by one.")
    if not is_list(value):
        if key == "receptor_type" and not isinstance(value, (int, np.integer)):
            raise NESTErrors.BadParameter("Connect: 'receptor_type' must be an integer.")
        return value
    column = np.asarray(value)
    if column.shape != (count,):
        raise ValueError(f"Connect: '{key}' has shape {column.shape}, but there are {count} connections.")
    if key == "receptor_type" and column.dtype.kind not in "iu":
        raise NESTErrors.BadParameter("Connect: 'receptor_type' must hold integers.")
    return column
