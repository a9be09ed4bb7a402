"""Pictures of layers, their connections and masks. matplotlib is imported when a plot is drawn."""

from typing import Any

import numpy as np

from .layers import GetSourcePositions, GetTargetPositions, _nodes
from .errors import NESTErrors
from .masks import plain_mask
from .node_collection import NodeCollection
from .parameters import Parameter
from .session import session

__all__ = ["PlotLayer", "PlotProbabilityParameter", "PlotSources", "PlotTargets"]


def PlotLayer(
    layer: NodeCollection, fig: Any = None, nodecolor: Any = "b", nodesize: float = 20, ax: Any = None
) -> Any:
    """Draws the nodes of a layer; returns the figure, or `ax` where it is given. Errors: TypeError, LayerExpected."""
    rows = session().get_positions(_nodes("PlotLayer", layer))
    axes = _axes("PlotLayer", fig, ax, rows.shape[1])
    axes.scatter(*rows.T, s=nodesize, c=nodecolor)
    _frame(axes, layer)
    return axes.figure if ax is None else ax


def PlotTargets(
    src_nrn: NodeCollection,
    tgt_layer: NodeCollection,
    syn_type: str | None = None,
    fig: Any = None,
    mask: Any = None,
    probability_parameter: Parameter | None = None,
    src_color: Any = "red",
    src_size: float = 50,
    tgt_color: Any = "blue",
    tgt_size: float = 20,
    mask_color: Any = "yellow",
    probability_cmap: str = "Greens",
    ax: Any = None,
) -> Any:
    """Draws the targets of one source; mask and probability in the plane only. Returns the figure, or `ax`."""
    _single("PlotTargets", src_nrn)
    rows = GetTargetPositions(src_nrn, _nodes("PlotTargets", tgt_layer), syn_type)[0]
    looks = (tgt_color, tgt_size, src_color, src_size)
    overlay = (mask, probability_parameter, mask_color, probability_cmap)
    return _plot_ends("PlotTargets", src_nrn, tgt_layer, rows, looks, fig, ax, overlay)


def PlotSources(
    src_layer: NodeCollection,
    tgt_nrn: NodeCollection,
    syn_type: str | None = None,
    fig: Any = None,
    mask: Any = None,
    probability_parameter: Parameter | None = None,
    tgt_color: Any = "red",
    tgt_size: float = 50,
    src_color: Any = "blue",
    src_size: float = 20,
    mask_color: Any = "yellow",
    probability_cmap: str = "Greens",
    ax: Any = None,
) -> Any:
    """Draws the sources of one target; mask and probability in the plane only. Returns the figure, or `ax`."""
    _single("PlotSources", tgt_nrn)
    rows = GetSourcePositions(_nodes("PlotSources", src_layer), tgt_nrn, syn_type)[0]
    looks = (src_color, src_size, tgt_color, tgt_size)
    overlay = (mask, probability_parameter, mask_color, probability_cmap)
    return _plot_ends("PlotSources", tgt_nrn, src_layer, rows, looks, fig, ax, overlay)


def _single(verb: str, node: Any) -> None:
    if not isinstance(node, NodeCollection) or len(node) != 1:
        raise TypeError(f"{verb} draws the connections of a single node.")


def _plot_ends(verb: str, node: Any, layer: Any, rows: list, looks: tuple, fig: Any, ax: Any, overlay: tuple) -> Any:
    """The nodes at the other ends of one node's connections, and the node."""
    color, size, own_color, own_size = looks
    own = session().get_positions(node)
    if own.shape[1] != len(session().describe_space(layer)["center"]):
        raise NESTErrors.BadProperty(f"{verb}: the node and the layer have different numbers of dimensions.")
    if overlay[0] is not None:
        plain_mask(verb, overlay[0])
    _check_parameter(verb, overlay[1])
    axes = _axes(verb, fig, ax, own.shape[1])
    if rows:
        axes.scatter(*np.asarray(rows).T, s=size, c=color, zorder=3)
    axes.scatter(*own.T, s=own_size, c=own_color, zorder=4, label="node", alpha=0.8)
    _frame(axes, layer)
    mask, probability, mask_color, cmap = overlay
    if own.shape[1] == 2 and (mask is not None or probability is not None):
        center, half = _center_and_half(layer)
        edges = [center[0] - half[0], center[0] + half[0], center[1] - half[1], center[1] + half[1]]
        PlotProbabilityParameter(node, probability, mask, edges, ax=axes, prob_cmap=cmap, mask_color=mask_color)
    return axes.figure if ax is None else ax


def PlotProbabilityParameter(
    source: NodeCollection,
    parameter: Parameter | None = None,
    mask: Any = None,
    edges: Any = (-0.5, 0.5, -0.5, 0.5),
    shape: Any = (100, 100),
    ax: Any = None,
    prob_cmap: str = "Greens",
    mask_color: Any = "yellow",
) -> Any:
    """Draws the values of a Parameter for pairs of `source` and points of the plane, and the outline of a mask at it.

    edges: left, right, lower, upper; shape: points along both. Returns `ax` where it is given. Errors: ValueError for
    neither a Parameter nor a mask, and for edges and shapes that are none; TypeError.
    """
    verb = "PlotProbabilityParameter"
    if parameter is None and mask is None:
        raise ValueError(f"{verb} draws a Parameter or a mask; neither is given.")
    _single(verb, source)
    _check_parameter(verb, parameter)
    described = None if mask is None else plain_mask(verb, mask)
    left, right, lower, upper = _numbers(verb, "edges", edges, 4)
    points = [int(n) for n in _numbers(verb, "shape", shape, 2)]
    if min(points) < 1:
        raise ValueError(f"{verb}: shape must be two numbers of points, not {points}.")
    own = session().get_positions(source)[0]
    if len(own) != 2:
        raise ValueError(f"{verb} draws in the plane; the source has three coordinates.")
    axes = _axes(verb, None, ax, 2)
    if parameter is not None:
        _draw_values(axes, source, parameter, (left, right, lower, upper), points, prob_cmap)
    if described is not None:
        for patch in _outlines(described, own, mask_color):
            axes.add_patch(patch)
    axes.set_xlim(left, right)
    axes.set_ylim(lower, upper)
    axes.set_aspect("equal", "box")
    return ax


def _draw_values(axes: Any, source: Any, parameter: Parameter, edges: tuple, shape: Any, cmap: str) -> None:
    left, right, lower, upper = edges
    xs, ys = np.meshgrid(np.linspace(left, right, shape[0]), np.linspace(lower, upper, shape[1]))
    values = session().evaluate(parameter, source, np.column_stack([xs.ravel(), ys.ravel()]))
    picture = np.clip(np.asarray(values).reshape(xs.shape), 0.0, 1.0)
    image = axes.imshow(picture, origin="lower", extent=edges, cmap=cmap, vmin=0.0, vmax=1.0, zorder=1)
    axes.figure.colorbar(image, ax=axes, fraction=0.046)


def _check_parameter(verb: str, given: Any) -> None:
    if given is not None and not isinstance(given, Parameter):
        raise TypeError(f"{verb}: the probability must be a Parameter, not {type(given).__name__}.")


def _numbers(verb: str, what: str, given: Any, count: int) -> list[float]:
    try:
        row = np.asarray(given, dtype=float)
    except (TypeError, ValueError):
        row = np.empty(0)
    if row.shape != (count,) or not np.all(np.isfinite(row)):
        raise ValueError(f"{verb}: {what} must be {count} numbers, not {given!r}.")
    return row.tolist()


def _outlines(described: dict[str, Any], origin: np.ndarray, color: Any) -> list:
    """The outlines of a mask's parts."""
    from matplotlib import patches

    look = {"fc": "none", "ec": color, "lw": 3, "zorder": 2}
    at = origin + np.asarray(described.get("anchor", (0.0, 0.0)), dtype=float)
    found = []
    for kind, specs in described.items():
        if kind in ("and", "or", "without"):
            found += [patch for part in specs for patch in _outlines(part, at, color)]
        elif kind == "circular":
            found.append(patches.Circle(at, specs["radius"], **look))
        elif kind == "doughnut":
            found += [patches.Circle(at, specs[name], **look) for name in ("inner_radius", "outer_radius")]
        elif kind == "rectangular":
            low, high = np.asarray(specs["lower_left"], float), np.asarray(specs["upper_right"], float)
            turn = specs.get("azimuth_angle", 0.0)
            found.append(patches.Polygon(at + _turned(_corners(low, high), (low + high) / 2, turn), **look))
        elif kind == "elliptical":
            middle = at + np.asarray(specs.get("anchor", (0.0, 0.0)), float)
            turn = specs.get("azimuth_angle", 0.0)
            found.append(patches.Ellipse(middle, specs["major_axis"], specs["minor_axis"], angle=turn, **look))
        elif kind != "anchor":
            raise ValueError(f"A mask of type '{kind}' cannot be drawn in the plane.")
    return found


def _corners(low: np.ndarray, high: np.ndarray) -> np.ndarray:
    return np.array([low, (high[0], low[1]), high, (low[0], high[1])])


def _turned(points: np.ndarray, middle: np.ndarray, degrees: float) -> np.ndarray:
    angle = np.deg2rad(degrees)
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    return (points - middle) @ turn.T + middle


def _axes(verb: str, fig: Any, ax: Any, dimensions: int) -> Any:
    if ax is not None:
        return ax
    import matplotlib.pyplot as plt

    if fig is None:
        fig = plt.figure()
    if not hasattr(type(fig), "add_subplot"):
        raise TypeError(f"{verb}: fig must be a figure of matplotlib, not {type(fig).__name__}.")
    if fig.axes:
        return fig.gca()
    return fig.add_subplot(111, projection="3d" if dimensions == 3 else None)


def _center_and_half(layer: NodeCollection) -> tuple[np.ndarray, np.ndarray]:
    space = session().describe_space(layer)
    return np.asarray(space["center"]), np.asarray(space["extent"]) / 2


def _frame(axes: Any, layer: NodeCollection) -> None:
    """The layer's extent with some room around it."""
    center, half = _center_and_half(layer)
    limits = (axes.set_xlim, axes.set_ylim, getattr(axes, "set_zlim", None))
    for set_limits, middle, side in zip(limits, center, half):
        set_limits(middle - 1.1 * side, middle + 1.1 * side)
    if len(center) == 2:
        axes.set_aspect("equal", "box")
