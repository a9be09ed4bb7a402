"""Plots of recorded membrane potentials. matplotlib is imported when a plot is drawn.

ax: axes of matplotlib to draw into, which are then returned. Without it the traces go into the current axes, and their
lines are returned, as PyNEST does it.
"""

from collections.abc import Iterable
from typing import Any

import numpy as np

from .models import GetDefaults
from .node_collection import NodeCollection
from .recorded_files import read_columns, read_files

__all__ = ["from_device", "from_file"]


def from_file(fname: str | Iterable[str], title: str | None = None, grayscale: bool = False, *, ax: Any = None) -> Any:
    """Plots files with columns V, (id, V) or (id, time, V); returns one list of lines a trace, or `ax`.

    ValueError for more columns, or when no file has any potential.
    """
    names = [fname] if isinstance(fname, str) else list(fname)
    axes = _axes(ax)
    lines, in_ms = [], False
    for name in names:
        columns = read_columns(name)
        count = columns.shape[1]
        if columns.size == 0:  # the file of a silent virtual process
            continue
        if count > 3:
            raise ValueError(f"'{name}' must have one to three columns: V; id, V; or id, time, V.")
        ids = np.zeros(len(columns)) if count == 1 else columns[:, 0]
        in_ms = count == 3
        times = columns[:, 1] if in_ms else None
        lines += _plot(axes, _traces(ids, times, columns[:, -1], None), grayscale)
    if not lines:
        raise ValueError(f"There are no potentials in {', '.join(map(str, names))}.")
    _label(axes, title or f"Membrane potential from {', '.join(map(str, names))}", "Time (ms)" if in_ms else "Steps")
    return lines if ax is None else ax


def from_device(
    detec: NodeCollection,
    neurons: Any = None,
    title: str | None = None,
    grayscale: bool = False,
    timeunit: str = "ms",
    *,
    ax: Any = None,
) -> Any:
    """Plots V_m as one voltmeter or multimeter recorded it, for all neurons or those given; returns one list of lines a
    neuron, or `ax`.

    ValueError for several devices, no V_m, no data; TypeError for other devices. timeunit: "ms" or "s".
    """
    if len(detec) > 1:
        raise ValueError("from_device takes a single voltmeter or multimeter.")
    _check_device(detec)
    events = _events(detec)
    if len(events["V_m"]) == 0:
        raise ValueError("The device has recorded no potentials.")
    steps = detec.get("time_in_steps")
    times = events["times"] / 1000.0 if timeunit == "s" and not steps else events["times"]
    chosen = None if neurons is None else np.atleast_1d(np.asarray(neurons)).tolist()
    traces = _traces(events["senders"], times, events["V_m"], chosen)
    axes = _axes(ax)
    lines = _plot(axes, traces, grayscale)
    _label(axes, title or "Membrane potential", "Steps" if steps else f"Time ({timeunit})")
    return lines if ax is None else ax


def _check_device(device: NodeCollection) -> None:
    kind = GetDefaults(device.get("model"), "type_id")
    if kind not in ("voltmeter", "multimeter"):
        raise TypeError("from_device takes a voltmeter or a multimeter.")
    names = list(device.get("record_from"))
    if "V_m" not in names:
        raise ValueError("The multimeter does not record V_m.")
    if len(names) > 1 and device.get("record_to") != "memory":
        raise ValueError("A multimeter that records several quantities must record to memory.")


def _events(device: NodeCollection) -> dict[str, np.ndarray]:
    if device.get("record_to") == "memory":
        return device.get("events")
    columns = read_files(device.get("filenames"))
    if columns.size == 0:
        return {"senders": np.empty(0, int), "times": np.empty(0), "V_m": np.empty(0)}
    return {"senders": columns[:, 0].astype(int), "times": columns[:, 1], "V_m": columns[:, -1]}


def _traces(ids: np.ndarray, times: np.ndarray | None, values: np.ndarray, chosen: list | None) -> dict[int, tuple]:
    """Per neuron its times and values, in order of time."""
    traces: dict[int, tuple] = {}
    for neuron in np.unique(ids).tolist() if chosen is None else chosen:
        mine = np.flatnonzero(ids == neuron)
        if mine.size == 0:
            print(f"There are no potentials of neuron {neuron}.")
            continue
        at = np.arange(mine.size) if times is None else times[mine]
        order = np.argsort(at, kind="stable")
        traces[int(neuron)] = at[order], values[mine][order]
    return traces


def _axes(ax: Any) -> Any:
    if ax is not None:
        return ax
    import matplotlib.pyplot as plt

    return plt.gca()


def _plot(axes: Any, traces: dict[int, tuple], grayscale: bool) -> list:
    style = ("k",) if grayscale else ()
    return [axes.plot(times, values, *style, label=f"Neuron {neuron}") for neuron, (times, values) in traces.items()]


def _label(axes: Any, title: str, xlabel: str) -> None:
    axes.set_title(title)
    axes.set_xlabel(xlabel)
    axes.set_ylabel("Membrane potential (mV)")
    if axes.get_legend_handles_labels()[0]:
        axes.legend(loc="best")
