"""Where nodes are: positions for `Create`, and Parameters that read positions.

`pos.x` is the position of a node that is given a value; `source_pos.x`, `target_pos.x` and `distance` are those of the
ends while nodes are connected.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np

from .parameters import CreateParameter, Parameter

__all__ = ["distance", "free", "grid", "pos", "source_pos", "target_pos"]


class grid:
    """Nodes in the middle of the cells of a grid, column by column from the top down.

    shape: columns and rows (and planes). extent: 1 in each dimension unless given. edge_wrap: space goes on at the far
    side. `Create` refuses what is not positive.
    """

    def __init__(
        self,
        shape: Sequence[int],
        center: Sequence[float] | None = None,
        extent: Sequence[float] | None = None,
        edge_wrap: bool = False,
    ):
        if not isinstance(shape, (list, tuple, np.ndarray)):
            raise TypeError(f"spatial.grid: shape must be a list of integers, not {type(shape).__name__}.")
        self.shape, self.center, self.extent, self.edge_wrap = shape, center, extent, edge_wrap

    def _described(self) -> dict[str, Any]:
        """As the kernel takes it."""
        return _given(shape=list(self.shape), center=self.center, extent=self.extent, edge_wrap=self.edge_wrap)

    def _count(self, asked: int) -> int:
        """How many nodes there are, where `Create` was asked for so many."""
        if asked != 1:
            raise ValueError("Create: a grid's shape says how many nodes there are; n cannot be given.")
        whole = all(isinstance(side, (int, np.integer)) for side in self.shape)
        return int(np.prod([int(side) for side in self.shape], dtype=object)) if whole else 1


class free:
    """Nodes at any place: a list of points, a list with a Parameter for each dimension, or one Parameter for all
    `num_dimensions` (or those of `extent`).

    Errors: TypeError, ValueError (neither 2 nor 3 dimensions). `Create` refuses points outside of the extent.
    """

    def __init__(
        self,
        pos: Any,
        extent: Sequence[float] | None = None,
        edge_wrap: bool = False,
        num_dimensions: int | None = None,
    ):
        if extent is not None and num_dimensions is not None:
            raise TypeError("spatial.free: extent says how many dimensions there are; num_dimensions cannot be given.")
        self.pos = _coordinates(pos, extent, num_dimensions)
        self.extent, self.edge_wrap = extent, edge_wrap

    def _described(self) -> dict[str, Any]:
        """As the kernel takes it."""
        positions = list(self.pos) if _is_drawn(self.pos) else _rows(self.pos)
        return _given(positions=positions, extent=self.extent, edge_wrap=self.edge_wrap)

    def _count(self, asked: int) -> int:
        """How many nodes there are, where `Create` was asked for so many."""
        return asked if _is_drawn(self.pos) else len(self.pos)


def _coordinates(pos: Any, extent: Any, num_dimensions: int | None) -> Any:
    if isinstance(pos, Parameter):
        if extent is None and num_dimensions is None:
            raise TypeError("spatial.free: one Parameter needs num_dimensions, or an extent.")
        dimensions = num_dimensions if extent is None else len(extent)
        if dimensions not in (2, 3):
            raise ValueError(f"spatial.free: there are 2 or 3 dimensions, not {dimensions}.")
        return [pos] * dimensions
    if not isinstance(pos, (list, tuple, np.ndarray)):
        raise TypeError(f"spatial.free: pos must be a list of points or Parameters, not {type(pos).__name__}.")
    if num_dimensions is not None:
        raise TypeError("spatial.free: the points say how many dimensions there are; num_dimensions cannot be given.")
    if len(pos) > 0 and all(isinstance(part, Parameter) for part in pos) and len(pos) not in (2, 3):
        raise ValueError(f"spatial.free: there must be 2 or 3 Parameters, not {len(pos)}.")
    return pos


def _is_drawn(pos: Any) -> bool:
    """Whether there is a Parameter for each of a few dimensions; long lists are not looked through."""
    return any(isinstance(part, Parameter) for part in pos[:4])


def _rows(points: Any) -> Any:
    """Points as an array; as they are where they have none, and the kernel says why."""
    try:
        array = np.asarray(points, dtype=float)
    except (TypeError, ValueError):
        return points
    return array if array.ndim == 2 and len(array) > 0 else points


def _given(**entries: Any) -> dict[str, Any]:
    return {key: value for key, value in entries.items() if value is not None}


def _coordinate(dimension: int, endpoint: int) -> Parameter:
    return CreateParameter("position", {"dimension": dimension, "synaptic_endpoint": endpoint})


class pos:
    """The position of the node that is given a value."""

    x, y, z = _coordinate(0, 0), _coordinate(1, 0), _coordinate(2, 0)

    @staticmethod
    def n(dimension: int) -> Parameter:
        """The coordinate in a dimension, 0 for x."""
        return _coordinate(dimension, 0)


class source_pos:
    """The position of the source, while nodes are connected."""

    x, y, z = _coordinate(0, 1), _coordinate(1, 1), _coordinate(2, 1)

    @staticmethod
    def n(dimension: int) -> Parameter:
        """The coordinate in a dimension, 0 for x."""
        return _coordinate(dimension, 1)


class target_pos:
    """The position of the target, while nodes are connected."""

    x, y, z = _coordinate(0, 2), _coordinate(1, 2), _coordinate(2, 2)

    @staticmethod
    def n(dimension: int) -> Parameter:
        """The coordinate in a dimension, 0 for x."""
        return _coordinate(dimension, 2)


def _distance(dimension: int) -> Parameter:
    return CreateParameter("distance", {"dimension": dimension})


class _distance_parameter(Parameter):
    """The distance between source and target; x, y, z: along one axis, never negative."""

    __slots__ = ()
    x, y, z = _distance(1), _distance(2), _distance(3)

    @staticmethod
    def n(dimension: int) -> Parameter:
        """0: the distance itself, 1 to 3: along x, y, z."""
        return _distance(dimension)


distance = _distance_parameter(_distance(0).terms)
