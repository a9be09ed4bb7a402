"""Distances between sources and targets of connections, whatever layers they lie in."""

from typing import Any, NamedTuple

import numpy as np

from .id_ranges import id_ranges
from .node_collection import NodeCollection
from .session import session


def distances(sources: np.ndarray, targets: np.ndarray) -> np.ndarray:
    """One a pair of ids, in the space of the target's layer; NaN where an end has no position."""
    if len(sources) == 0:
        return np.empty(0)
    from_ids, from_row = np.unique(sources, return_inverse=True)
    to_ids, to_row = np.unique(targets, return_inverse=True)
    start, end = _placed(from_ids), _placed(to_ids)
    apart = end.positions[to_row] - start.positions[from_row]
    apart -= end.turns[to_row] * np.floor(apart * end.per_turn[to_row] + 0.5)
    found = np.sqrt((apart**2).sum(axis=1))
    found[start.dimensions[from_row] != end.dimensions[to_row]] = np.nan
    return found


class _nodes(NamedTuple):
    """A row a node. positions: NaN without one, 0 beyond the dimensions; turns: lengths after which space repeats, or
    0; per_turn: the reciprocals, or 0."""

    positions: np.ndarray
    dimensions: np.ndarray
    turns: np.ndarray
    per_turn: np.ndarray


def _placed(ids: np.ndarray) -> _nodes:
    """REQUIRES: ascending, distinct ids."""
    positions, turns, per_turn = np.full((len(ids), 3), np.nan), np.zeros((len(ids), 3)), np.zeros((len(ids), 3))
    dimensions = np.zeros(len(ids), np.int64)
    for members in _layers(ids):
        rows = session().get_positions(_collection(ids[members]))
        d = rows.shape[1]
        positions[members], dimensions[members] = 0.0, d
        positions[members, :d] = rows
        space = session().describe_space(_collection(ids[members][:1]))
        if space is not None and space["edge_wrap"]:
            turns[members, :d], per_turn[members, :d] = space["extent"], 1 / np.asarray(space["extent"])
    return _nodes(positions, dimensions, turns, per_turn)


def _layers(ids: np.ndarray) -> list[Any]:
    """Which of the ids lie in each layer."""
    members: dict[int, list[np.ndarray]] = {}
    for part in session().describe_nodes(_collection(ids)):
        if "layer" in part:
            between = slice(*np.searchsorted(ids, [part["first"], part["last"] + 1]))
            own = np.arange(between.start, between.stop)
            members.setdefault(part["layer"], []).append(own[(ids[between] - part["first"]) % part["step"] == 0])
    return [np.concatenate(parts) for parts in members.values()]


def _collection(ids: np.ndarray) -> NodeCollection:
    return NodeCollection._of(session().generation, id_ranges.of_sorted(ids))
