"""Functions about nodes with positions: where they are, how far from each other, who is near, who is connected."""

from collections.abc import Iterable
from typing import Any

import numpy as np

from .connect_arguments import check_synapse_model
from .errors import NESTErrors
from .id_ranges import id_ranges
from .masks import Mask, points
from .node_collection import NodeCollection
from .session import session

__all__ = [
    "Displacement",
    "Distance",
    "FindCenterElement",
    "FindNearestElement",
    "GetPosition",
    "GetSourceNodes",
    "GetSourcePositions",
    "GetTargetNodes",
    "GetTargetPositions",
    "SelectNodesByMask",
]


def GetPosition(nodes: NodeCollection) -> list:
    """The coordinates of one node, or a list with those of each. Errors: TypeError, LayerExpected."""
    rows = session().get_positions(_nodes("GetPosition", nodes)).tolist()
    return rows[0] if len(nodes) == 1 else rows


def Displacement(from_arg: Any, to_arg: NodeCollection) -> list[list[float]]:
    """Vectors between points (an array is one point) or nodes and the nodes of `to_arg`, the shorter way round where
    space wraps. As many of both, or one of one. From points they lead to the nodes; between nodes, as PyNEST has it,
    they lead from `to_arg` to `from_arg`. Errors: TypeError, ValueError, LayerExpected."""
    return _displaced("Displacement", from_arg, to_arg, False).tolist()


def Distance(from_arg: Any, to_arg: NodeCollection) -> list[float]:
    """Lengths of `Displacement(from_arg, to_arg)`."""
    return _displaced("Distance", from_arg, to_arg, True).tolist()


def _displaced(verb: str, from_arg: Any, to_arg: Any, distances: bool) -> np.ndarray:
    to = _nodes(verb, to_arg)
    if isinstance(from_arg, NodeCollection):
        return session().displace(to, _nodes(verb, from_arg), distances)
    if not isinstance(from_arg, (list, tuple, np.ndarray)):
        raise TypeError(f"{verb}: from_arg must be a NodeCollection or a list of points.")
    return session().displace(points(verb, from_arg), to, distances)


def _nodes(verb: str, nodes: Any) -> NodeCollection:
    if not isinstance(nodes, NodeCollection):
        raise TypeError(f"{verb} takes a NodeCollection, not {type(nodes).__name__}.")
    if not nodes:
        raise NESTErrors.LayerExpected(f"{verb}: there are no nodes.")
    return nodes


def _collection(ids: np.ndarray, like: NodeCollection) -> NodeCollection:
    """Nodes of ascending ids."""
    return NodeCollection._of(like._generation, id_ranges.of_sorted(np.asarray(ids, dtype=np.int64)))


def FindCenterElement(layer: NodeCollection) -> NodeCollection:
    """The node nearest to the middle of the layer. Errors: TypeError, LayerExpected."""
    return _collection(session().find_nearest(_nodes("FindCenterElement", layer), None, False), layer)


def FindNearestElement(layer: NodeCollection, locations: Any, find_all: bool = False) -> Any:
    """The node nearest to a location, or a list with that of each; of several, the one with the lowest id.

    find_all: a list of all that are equally near, or a list of such lists. Errors: TypeError, ValueError.
    """
    if not isinstance(layer, NodeCollection):
        raise TypeError(f"FindNearestElement takes a NodeCollection, not {type(layer).__name__}.")
    if not isinstance(locations, Iterable) or isinstance(locations, (str, dict)):
        raise TypeError("FindNearestElement: locations must be a list of points.")
    if not layer:
        raise ValueError("FindNearestElement: the layer has no nodes.")
    places: Any = locations if isinstance(locations, np.ndarray) else list(locations)
    if len(places) == 0:
        return []
    rows = points("FindNearestElement", places)
    find_all = bool(find_all)
    found = session().find_nearest(layer, rows, find_all)
    nearest: list[Any] = [_singles(layer, ids) for ids in found] if find_all else _singles(layer, found)
    return nearest[0] if np.ndim(places[0]) == 0 else nearest


def _singles(layer: NodeCollection, ids: np.ndarray) -> list[NodeCollection]:
    return [layer._single(node_id) for node_id in np.asarray(ids).tolist()]


def SelectNodesByMask(layer: NodeCollection, anchor: Any, mask_obj: Mask) -> NodeCollection:
    """The nodes inside a mask whose origin is at `anchor`. Errors: TypeError, AttributeError (no mask), BadProperty,
    TypeMismatch (dimensions)."""
    if not isinstance(mask_obj, Mask):
        raise AttributeError(f"SelectNodesByMask: mask_obj must be a Mask, not {type(mask_obj).__name__}.")
    try:
        at = np.asarray(anchor, dtype=float)
    except (TypeError, ValueError):
        raise NESTErrors.BadProperty("SelectNodesByMask: anchor must be a list of 2 or 3 numbers.") from None
    chosen: NodeCollection = session().select_by_mask(_nodes("SelectNodesByMask", layer), at, mask_obj._described)
    return chosen


def GetTargetNodes(
    sources: NodeCollection, tgt_layer: NodeCollection, syn_model: str | None = None
) -> tuple[NodeCollection, ...]:
    """For each source its targets in the layer, each once. Errors: TypeError, UnknownSynapseType."""
    ends, others = _connected("GetTargetNodes", sources, tgt_layer, syn_model, "_sources", "_targets")
    return tuple(_collection(np.unique(mine), sources) for mine in _by_node(sources, ends, others))


def GetSourceNodes(
    src_layer: NodeCollection, targets: NodeCollection, syn_model: str | None = None
) -> tuple[NodeCollection, ...]:
    """For each target its sources in the layer, each once. Errors: TypeError, UnknownSynapseType."""
    ends, others = _connected("GetSourceNodes", src_layer, targets, syn_model, "_targets", "_sources")
    return tuple(_collection(np.unique(mine), targets) for mine in _by_node(targets, ends, others))


def GetTargetPositions(sources: NodeCollection, tgt_layer: NodeCollection, syn_model: str | None = None) -> list[list]:
    """For each source the positions of its targets in the layer, one a connection. Errors: TypeError, LayerExpected."""
    ends, others = _connected("GetTargetPositions", sources, tgt_layer, syn_model, "_sources", "_targets")
    return _positions(tgt_layer, _by_node(sources, ends, others))


def GetSourcePositions(src_layer: NodeCollection, targets: NodeCollection, syn_model: str | None = None) -> list[list]:
    """For each target the positions of its sources in the layer, one a connection. Errors: TypeError, LayerExpected."""
    ends, others = _connected("GetSourcePositions", src_layer, targets, syn_model, "_targets", "_sources")
    return _positions(src_layer, _by_node(targets, ends, others))


def _connected(
    verb: str, sources: Any, targets: Any, syn_model: str | None, ends: str, others: str
) -> tuple[np.ndarray, np.ndarray]:
    """Columns of the connections, sorted by the first."""
    for nodes in (sources, targets):
        if not isinstance(nodes, NodeCollection):
            raise TypeError(f"{verb} takes NodeCollections, not {type(nodes).__name__}.")
    check_synapse_model(verb, syn_model)
    if not sources or not targets:
        return np.empty(0, np.int64), np.empty(0, np.int64)
    found = session().get_connections(sources, targets, syn_model, None)
    first, second = getattr(found, ends), getattr(found, others)
    order = np.lexsort((second, first))
    return first[order], second[order]


def _by_node(nodes: NodeCollection, ends: np.ndarray, others: np.ndarray) -> list[np.ndarray]:
    ids = np.asarray(nodes)
    begins, stops = np.searchsorted(ends, ids, "left"), np.searchsorted(ends, ids, "right")
    return [others[begin:stop] for begin, stop in zip(begins.tolist(), stops.tolist())]


def _positions(layer: NodeCollection, groups: list[np.ndarray]) -> list[list]:
    rows, ids = session().get_positions(_nodes("GetPosition", layer)), np.asarray(layer)
    return [rows[np.searchsorted(ids, mine)].tolist() for mine in groups]
