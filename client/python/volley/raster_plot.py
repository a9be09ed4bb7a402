"""Raster plots of spikes, with a histogram of the rate below. matplotlib is imported when a plot is drawn.

Keywords of all plots: hist (True: the rate below), hist_binwidth (ms), grayscale, title, xlabel, and ax: axes of
matplotlib to draw into, which are then returned. Without `ax` there is a new figure, and the lines of the dots are
returned, as PyNEST does it.
"""

from collections.abc import Iterable
from typing import Any

import numpy as np

from .models import GetDefaults
from .node_collection import NodeCollection
from .recorded_files import read_files

__all__ = ["extract_events", "from_data", "from_device", "from_file", "from_file_numpy", "from_file_pandas"]


def extract_events(data: np.ndarray, time: Any = None, sel: Iterable[int] | None = None) -> np.ndarray:
    """Rows (id, time) of `data` with t < time[0], or time[0] <= t < time[1], and an id in `sel`."""
    rows = np.asarray(data, dtype=float).reshape(-1, np.shape(data)[-1] if np.size(data) else 2)
    keep = np.ones(len(rows), dtype=bool)
    if time is not None:
        bounds = np.atleast_1d(time)
        low, high = (0.0, bounds[0]) if bounds.size == 1 else (bounds[0], bounds[-1])
        keep &= (rows[:, 1] >= low) & (rows[:, 1] < high)
    if sel is not None:
        keep &= np.isin(rows[:, 0], list(sel))
    return rows[keep]


def from_data(data: Any, sel: Iterable[int] | None = None, **kwargs: Any) -> Any:
    """Plots rows (id, time): dots for the ids in `sel` (default all), the rate of all. ValueError without rows."""
    rows = np.asarray(data, dtype=float)
    if rows.size == 0:
        raise ValueError("There are no spikes to plot.")
    chosen = rows if sel is None else extract_events(rows, sel=sel)
    return _plot(rows[:, 1], chosen[:, 1], chosen[:, 0], **kwargs)


def from_file(fname: str | Iterable[str], **kwargs: Any) -> Any:
    """Plots spikes that the ascii backend recorded; several files are joined. ValueError when none has a spike."""
    names = [fname] if isinstance(fname, str) else fname
    if not isinstance(names, (list, tuple)):
        print("from_file takes the name of a file, or a list or tuple of names.")
        return None
    return from_data(read_files(names)[:, :2], **kwargs)


def from_file_numpy(fname: Iterable[str], **kwargs: Any) -> Any:
    """`from_file` for a list of names."""
    return from_file(list(fname), **kwargs)


def from_file_pandas(fname: Iterable[str], **kwargs: Any) -> Any:
    """`from_file` for a list of names."""
    return from_file(list(fname), **kwargs)


def from_device(detec: NodeCollection, **kwargs: Any) -> Any:
    """Plots what a spike_recorder has recorded, in memory or in files.

    TypeError for other devices, ValueError for no spikes or another backend.
    """
    if len(detec) != 1 or GetDefaults(detec.get("model"), "type_id") != "spike_recorder":
        raise TypeError("from_device takes a single spike_recorder.")
    backend = detec.get("record_to")
    if backend == "ascii":
        return from_file(list(detec.get("filenames")), **kwargs)
    if backend != "memory":
        raise ValueError(f"Spikes recorded to '{backend}' cannot be plotted; use 'memory' or 'ascii'.")
    times, senders = detec.get("events", "times"), detec.get("events", "senders")
    if len(times) == 0:
        raise ValueError("The spike_recorder has no spikes to plot.")
    kwargs.setdefault("title", f"Raster plot from device '{detec.get('global_id')}'")
    kwargs.setdefault("xlabel", "Steps" if detec.get("time_in_steps") else "Time (ms)")
    return _plot(times, times, senders, **kwargs)


def _plot(
    all_times: np.ndarray,
    times: np.ndarray,
    ids: np.ndarray,
    hist: bool = True,
    hist_binwidth: float = 5.0,
    grayscale: bool = False,
    title: str | None = None,
    xlabel: str | None = None,
    ax: Any = None,
) -> Any:
    """Dots (times, ids), and the rate of `all_times` in bins of `hist_binwidth`; returns the lines of the dots, or
    `ax`."""
    dots, bottom = _panels(ax, hist)
    lines = dots.plot(times, ids, "." if not grayscale else "k.", markersize=2)
    dots.set_ylabel("Neuron ID")
    dots.set_title(title or "Raster plot")
    if hist:
        _plot_rate(bottom, all_times, len(np.unique(ids)), hist_binwidth, grayscale)
    bottom.set_xlabel(xlabel or "Time (ms)")
    return lines if ax is None else ax


def _panels(ax: Any, hist: bool) -> tuple[Any, Any]:
    """Axes for the dots, and those below for the rate, which are the same without one."""
    if ax is None:
        import matplotlib.pyplot as plt

        _, panels = plt.subplots(2 if hist else 1, 1, sharex=True, squeeze=False, height_ratios=[4, 1] if hist else [1])
        return panels[0, 0], panels[-1, 0]
    if not hist:
        return ax, ax
    from mpl_toolkits.axes_grid1 import make_axes_locatable

    below = make_axes_locatable(ax).append_axes("bottom", size="25%", pad=0.15, sharex=ax)
    ax.tick_params(labelbottom=False)
    return ax, below


def _plot_rate(panel: Any, times: np.ndarray, neurons: int, width_ms: float, grayscale: bool) -> None:
    edges = np.arange(np.min(times), np.max(times) + 2 * width_ms, width_ms)
    counts, _ = np.histogram(times, edges)
    rates = 1000.0 * counts / (width_ms * max(neurons, 1))
    panel.stairs(rates, edges, fill=True, color="gray" if grayscale else "tab:blue")  # one shape, however many bins
    panel.set_ylabel("Rate (Hz)")
