"""Connections that are listed: the entries of sparse matrices, and tables with a row a connection.

Both are brought to columns of sources, targets and values. Neither scipy nor pandas is imported: what their objects can
do says what they are.
"""

from collections.abc import Iterable
from typing import Any

import numpy as np

from .connect_arguments import CollocatedSynapses, id_column, is_sparse

__all__ = ["has_sparse", "is_table", "sparse_connections", "table_connections"]

# What a table of connections tells, and nobody can give.
_TOLD = {"target_thread", "synapse_id", "port", "sizeof"}


def has_sparse(spec: dict[str, Any]) -> bool:
    return any(is_sparse(value) for value in spec.values())


def is_table(value: Any) -> bool:
    """True for tables of pandas."""
    return hasattr(type(value), "columns") and hasattr(type(value), "iloc")


def sparse_connections(pre: np.ndarray, post: np.ndarray, rule: dict[str, Any], spec: dict[str, Any]) -> tuple:
    """Sources, targets and values of a connection for each entry that a sparse matrix of `spec` stores, zeros
    included: a row is a target, a column a source. All of them store the same entries."""
    if rule != {"rule": "all_to_all"}:
        raise TypeError(
            f"Connect: a sparse matrix says itself which pairs are connected; it takes all_to_all alone, not {rule}."
        )
    matrices = {key: _canonical(key, value, post, pre) for key, value in spec.items() if is_sparse(value)}
    (first_key, first), *others = matrices.items()
    for key, matrix in others:
        if not np.array_equal(matrix.indptr, first.indptr) or not np.array_equal(matrix.indices, first.indices):
            raise ValueError(f"Connect: {key} and {first_key} must store the same entries.")
    rows = np.repeat(np.arange(len(post)), np.diff(first.indptr))
    return pre[first.indices], post[rows], {**spec, **{key: matrix.data for key, matrix in matrices.items()}}


def _canonical(key: str, value: Any, post: np.ndarray, pre: np.ndarray) -> Any:
    wanted = (len(post), len(pre))
    if tuple(value.shape) != wanted:
        raise ValueError(
            f"Connect: {key} is a sparse matrix of {_text(value.shape)}, must be {_text(wanted)}: a row for each "
            "target, a column for each source."
        )
    rows = value.tocsr()
    if not rows.has_canonical_format:  # entries that repeat stand for their sum
        rows = rows.copy()
        rows.sum_duplicates()
    return rows


def _text(shape: Iterable[int]) -> str:
    return " x ".join(map(str, shape))


def table_connections(table: Any, post: Any, conn_spec: Any, syn_spec: Any) -> tuple:
    """Sources, targets and values of a connection for each row: columns `source`, `target`, and parameters of the
    synapse. What `syn_spec` says holds for all rows."""
    if post is not None or conn_spec not in (None, "one_to_one", {"rule": "one_to_one"}):
        raise TypeError("Connect: a table says which nodes are connected; post and conn_spec cannot be given with it.")
    columns = {str(name): table[name] for name in table.columns}
    for end in ("source", "target"):
        if end not in columns:
            raise KeyError(f"Connect: the table has no column '{end}', but {list(columns)}.")
    sources, targets = (id_column(end, _plain(columns.pop(end))) for end in ("source", "target"))
    shared = _shared_values(syn_spec)
    spec: dict[str, Any] = {"synapse_model": "static_synapse", **shared}
    given = {name: column for name, column in columns.items() if name not in _TOLD and _is_given(name, column)}
    for name, column in given.items():
        key = "receptor_type" if name == "receptor" else name
        if key in shared:
            raise ValueError(f"Connect: {key} is in the table and in syn_spec.")
        spec[key] = _single_model(column) if key == "synapse_model" else _numbers(key, column)
    return sources, targets, spec


def _shared_values(syn_spec: Any) -> dict[str, Any]:
    if isinstance(syn_spec, CollocatedSynapses):
        raise ValueError("Connect: CollocatedSynapses cannot be used for connections given one by one.")
    if syn_spec is not None and not isinstance(syn_spec, (str, dict)):
        raise TypeError(f"syn_spec must be a model's name or a dictionary, not {type(syn_spec).__name__}.")
    return {"synapse_model": syn_spec} if isinstance(syn_spec, str) else dict(syn_spec or {})


def _is_given(name: str, column: Any) -> bool:
    """False for a column without values: a table of several models has those of all of them."""
    missing = np.asarray(column.isna())
    if missing.any() and not missing.all():
        raise ValueError(f"Connect: row {int(missing.argmax())} of the table has no {name}.")
    return len(column) == 0 or not missing.any()


def _plain(column: Any) -> np.ndarray:
    values = np.asarray(column)
    return np.array(values.tolist()) if values.dtype.kind == "O" else values


def _single_model(column: Any) -> str:
    models = column.unique().tolist()
    if len(models) > 1:
        raise ValueError(f"Connect: the rows of one synapse model at a time, not of {models}.")
    return models[0] if models else "static_synapse"


def _numbers(key: str, column: Any) -> np.ndarray:
    """Tables keep integers as floats where other rows have none: whole ones are integers again, which all parameters
    take."""
    values = _plain(column)
    if key in ("weight", "delay") or values.dtype.kind != "f":
        return values
    whole = np.all((values == np.floor(values)) & (np.abs(values) < 2.0**53))
    return values.astype(np.int64) if whole else values
