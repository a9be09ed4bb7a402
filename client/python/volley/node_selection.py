"""Choosing nodes by a list, tuple or array: positions or one truth value a node, with the contract's errors."""

from typing import Any

import numpy as np

from .errors import NESTErrors


def positions_of(key: Any, size: int) -> np.ndarray:
    """Ascending positions (int64) that `key` chooses among `size` nodes."""
    if len(key) == 0:
        return np.empty(0, dtype=np.int64)
    if _is_mask(key):
        return _positions_of_mask(key, size)
    column = _integers(key)
    if column[column < 0].size:
        raise OverflowError("Negative positions cannot be used in a list that selects from a NodeCollection.")
    if column.max() >= size:
        raise IndexError(f"Position {column.max()} is outside a NodeCollection of {size} nodes.")
    steps = np.diff(column)
    if np.unique(column).size != column.size:
        raise ValueError("All positions that select from a NodeCollection must be unique.")
    if np.any(steps < 0):
        raise NESTErrors.BadProperty("Positions that select from a NodeCollection must be in ascending order.")
    return column.astype(np.int64)


def _is_mask(key: Any) -> bool:
    if isinstance(key, np.ndarray):
        return key.dtype.kind == "b"
    return all(isinstance(item, bool) for item in key)


def _positions_of_mask(key: Any, size: int) -> np.ndarray:
    mask = np.asarray(key)
    if mask.ndim != 1:
        raise TypeError("A mask that selects from a NodeCollection must have one dimension.")
    if mask.size != size:
        raise IndexError(f"A mask of {mask.size} truth values cannot select from {size} nodes.")
    return np.flatnonzero(mask)


def _integers(key: Any) -> np.ndarray:
    whole = (
        key.dtype.kind in "iu"
        if isinstance(key, np.ndarray)
        else all(isinstance(item, (int, np.integer)) and not isinstance(item, bool) for item in key)
    )
    if not whole:
        raise TypeError("A list that selects from a NodeCollection holds integers only, or truth values only.")
    column = np.asarray(key)
    if column.ndim != 1:
        raise TypeError("A list that selects from a NodeCollection must have one dimension.")
    return column
