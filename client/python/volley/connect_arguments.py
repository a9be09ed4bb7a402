"""The forms in which Connect takes rules, synapses and populations, brought to the one form that the kernel takes."""

from collections.abc import Iterable
from typing import Any

import numpy as np

from .errors import NESTErrors
from .masks import mask_dictionary
from .node_collection import NodeCollection


# What TripartiteConnect takes as third_factor_conn_spec. nest.connection_rules are those of Connect.
THIRD_FACTOR_RULES = ("third_factor_bernoulli_with_pool",)


class CollocatedSynapses:
    """Several synapse specifications that Connect uses together for every pair it chooses."""

    def __init__(self, *args: dict[str, Any]):
        self.syn_specs = args

    def __len__(self) -> int:
        return len(self.syn_specs)


def rule_dictionary(spec: Any, what: str = "conn_spec", otherwise: str | None = "all_to_all") -> dict[str, Any]:
    """A specification with its rule by name, as a dictionary of the kernel's own; the caller's stays as it is."""
    if spec is None and otherwise is not None:
        return {"rule": otherwise}
    if isinstance(spec, str):
        return {"rule": spec}
    if not isinstance(spec, dict):
        raise TypeError(f"{what} must be a rule's name or a dictionary, not {type(spec).__name__}.")
    if "rule" not in spec:
        raise KeyError(f"{what} needs the key 'rule'.")
    if not isinstance(spec["rule"], str):
        raise TypeError(f"{what}: 'rule' must be text.")
    return {key: mask_dictionary(value) for key, value in spec.items()}


def synapse_dictionaries(syn_spec: Any) -> list[dict[str, Any]]:
    """syn_spec as one dictionary per collocated synapse, each with its synapse_model."""
    if isinstance(syn_spec, CollocatedSynapses):
        specs = [_synapse_dictionary(spec) for spec in syn_spec.syn_specs]
        for key, value in (item for spec in specs for item in spec.items()):
            if is_sparse(value) or (is_list(value) and not isinstance(value, NodeCollection)):
                raise ValueError(f"CollocatedSynapses takes no arrays, but '{key}' is one.")
        return specs
    return [_synapse_dictionary(syn_spec)]


def _synapse_dictionary(spec: Any) -> dict[str, Any]:
    if spec is None:
        return {"synapse_model": "static_synapse"}
    if isinstance(spec, str):
        return {"synapse_model": spec}
    if not isinstance(spec, dict):
        raise TypeError(
            f"syn_spec must be a model's name, a dictionary or CollocatedSynapses, not {type(spec).__name__}."
        )
    full = {"synapse_model": "static_synapse", **spec}
    if not isinstance(full["synapse_model"], str):
        raise TypeError("syn_spec: 'synapse_model' must be text.")
    return full


def check_synapse_model(verb: str, name: Any) -> None:
    """That `name` may be asked for: text, or None for any. Errors: TypeError, UnknownSynapseType."""
    if name is not None and not isinstance(name, str):
        raise TypeError(f"{verb}: the synapse model must be named by text, not by {type(name).__name__}.")
    if name == "":  # which the kernel takes for any
        raise NESTErrors.UnknownSynapseType(f"{verb}: '' is no synapse model; None stands for all of them.")


def is_list(value: Any) -> bool:
    """True for what could hold one value a connection."""
    return hasattr(value, "__len__") and hasattr(value, "__getitem__") and not isinstance(value, (str, bytes, dict))


def is_sparse(value: Any) -> bool:
    """True for matrices and arrays of scipy.sparse, which need not be installed."""
    return hasattr(type(value), "tocsr") and hasattr(type(value), "nnz")


def arrays_of_lists(spec: dict[str, Any]) -> dict[str, Any]:
    """`spec` with its lists as arrays, so that those of two dimensions are matrices; the kernel judges their shapes."""
    lists = {key: value for key, value in spec.items() if is_list(value) and not isinstance(value, NodeCollection)}
    return {**spec, **{key: _array(key, value) for key, value in lists.items()}}


def _array(key: str, values: Any) -> np.ndarray:
    try:
        return np.asarray(values)
    except ValueError:
        raise ValueError(f"syn_spec: '{key}' has rows of different lengths.") from None


def id_column(name: str, nodes: Any) -> np.ndarray:
    """Node ids of a population as an int64 column; they may repeat and need no order."""
    if isinstance(nodes, (str, bytes, dict)) or not isinstance(nodes, Iterable):
        raise TypeError(
            f"Connect: {name} must be a NodeCollection or a sequence of node ids, not {type(nodes).__name__}."
        )
    try:
        column = np.asarray(nodes if hasattr(nodes, "__array__") else list(nodes))
    except ValueError:  # rows of different lengths
        column = np.empty((0, 0))
    if column.ndim != 1:
        raise ValueError(f"Connect: {name} must have one dimension.")
    if column.size and column.dtype.kind not in "iu":
        raise TypeError(f"Connect: {name} must hold integer node ids.")
    return column.astype(np.int64, copy=False)


def strictly_ascending(ids: np.ndarray) -> bool:
    """True when ids can form a NodeCollection."""
    return bool(np.all(ids[1:] > ids[:-1]))
