"""Functions that make and find nodes: Create, GetNodes, PrintNodes."""

import math
from collections.abc import Mapping
from numbers import Integral, Real
from typing import Any

import numpy as np

from .deprecation import deprecated
from .errors import NESTErrors
from .node_collection import NodeCollection
from .session import session
from .spatial import free, grid

__all__ = ["Create", "GetLocalNodeCollection", "GetNodes", "PrintNodes"]


def Create(model: str, n: int = 1, params: Any = None, positions: grid | free | None = None) -> NodeCollection:
    """Makes `n` nodes of a neuron or device model and returns them.

    positions: `nest.spatial.grid(...)` or `nest.spatial.free(...)`. A grid, and a list of positions, say how many nodes
    there are.

    params: a dictionary (a list is spread over the nodes where the parameter is a scalar, as a list of lists is where
    it is a list itself; Parameter objects are drawn for each node), or a list with one dictionary a node, which names
    what differs from the defaults. `Create(model, params)` is accepted too.
    Errors: UnknownModelName, BadParameterValue (n < 1), UnaccessedDictionaryEntry, BadProperty, TypeError, ValueError,
    OverflowError (n >= 2**63). A call that fails makes no nodes.
    """
    if not isinstance(model, str):
        raise TypeError(f"Create: model must be text, not {type(model).__name__}.")
    if isinstance(n, Mapping):
        if params is not None or positions is not None:
            raise ValueError("Create: n is a dictionary, so neither params nor positions may be given.")
        n, params = 1, n
    count = _count(n)
    if positions is None:
        return session().create(model, count, _node_parameters(count, params))
    if not isinstance(positions, (grid, free)):
        raise TypeError("Create: positions must be made by nest.spatial.grid or nest.spatial.free.")
    many = positions._count(count)
    return session().create(model, count, _node_parameters(many, params), positions._described())


def _count(n: Any) -> int:
    is_number = isinstance(n, (Real, np.number)) and not isinstance(n, bool)
    is_finite = is_number and (isinstance(n, Integral) or math.isfinite(n))
    if not is_finite or n != int(n):
        raise TypeError(f"Create: n must be a whole number, not {n!r}.")
    if n >= 2**63:
        raise OverflowError("Create: n is beyond the range of int64.")
    if n < 1:
        raise NESTErrors.BadParameterValue(f"Create: n must be at least 1, not {n}.")
    return int(n)


def _node_parameters(count: int, params: Any) -> Any:
    if params is None or isinstance(params, dict):
        return params or None
    if not isinstance(params, (list, tuple)) or not all(isinstance(entry, dict) for entry in params):
        raise TypeError("Create: params must be a dictionary or a list of dictionaries.")
    if len(params) != count:
        raise TypeError(f"Create: params holds {len(params)} dictionaries for {count} nodes.")
    return list(params)


def GetNodes(properties: dict[str, Any] = {}, local_only: bool = False) -> NodeCollection:
    """All nodes whose status has every entry of `properties`, with the same type and value.

    local_only: nodes of this rank; else all ranks must make the call, and get the same. Errors: TypeError.
    """
    if not isinstance(properties, Mapping):
        raise TypeError(f"GetNodes: properties must be a dictionary, not {type(properties).__name__}.")
    return session().match_nodes({**properties, "local": True} if local_only else dict(properties))


def PrintNodes() -> None:
    """Prints one line per range of nodes of one model."""
    everything = session().match_nodes({})
    parts = session().describe_nodes(everything) if everything else []
    width = len(str(parts[-1]["last"])) if parts else 0
    column = 2 * width + len(" .. ")
    print("\n".join(f"{_span(part, width):<{column}} {part['model']}" for part in parts))


def _span(part: dict[str, Any], width: int) -> str:
    first = f"{part['first']:>{width}}"
    return first if part["first"] == part["last"] else f"{first} .. {part['last']:>{width}}"


@deprecated("nc[nc.local]")
def GetLocalNodeCollection(nc: NodeCollection) -> NodeCollection:
    """The nodes of `nc` that live on this rank."""
    if not isinstance(nc, NodeCollection):
        raise TypeError("GetLocalNodeCollection takes a NodeCollection.")
    local = nc.local if len(nc) else ()
    return nc[list(local) if isinstance(local, tuple) else [local]]
