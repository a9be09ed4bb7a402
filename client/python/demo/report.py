"""What the demos print and write: a table, a raster, statistics of spikes, peak memory."""

import resource
from collections.abc import Iterable
from pathlib import Path

import numpy as np


def print_table(title: str, rows: Iterable[tuple[str, str]]) -> None:
    """Two columns below a title."""
    lines = list(rows)
    left, right = max(len(name) for name, _ in lines), max(len(value) for _, value in lines)
    rule = "-" * max(left + right + 3, len(title))
    print(f"\n{title}\n{rule}")
    for name, value in lines:
        print(f"{name:<{left}}   {value:>{right}}")
    print(rule)


def peak_memory_mb(processes: Iterable[int] = ()) -> float:
    """The largest resident memory of this process, and of others given by their ids, so far."""
    own_kb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return (own_kb + sum(map(_peak_kb, processes))) / 1024.0


def _peak_kb(process: int) -> int:
    for line in Path(f"/proc/{process}/status").read_text().splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1])
    return 0


def mean_cv(senders: np.ndarray, times_ms: np.ndarray) -> float:
    """The coefficient of variation of inter-spike intervals, mean over neurons with at least three spikes; NaN for
    none."""
    order = np.lexsort((times_ms, senders))
    trains = np.split(times_ms[order], np.flatnonzero(np.diff(senders[order])) + 1)
    intervals = [np.diff(train) for train in trains if len(train) > 2]
    return float(np.mean([np.std(gaps) / np.mean(gaps) for gaps in intervals])) if intervals else float("nan")


def write_spikes(path: Path, senders: np.ndarray, times_ms: np.ndarray) -> None:
    """Text, one spike a line in order of time: id, time in ms."""
    path.parent.mkdir(parents=True, exist_ok=True)
    order = np.lexsort((senders, times_ms))
    np.savetxt(path, np.column_stack([senders[order], times_ms[order]]), fmt=("%d", "%.4f"), header="sender time_ms")


Group = tuple[np.ndarray, np.ndarray, int]  # senders and times (ms) of the spikes, number of neurons recorded


def write_raster(path: Path, title: str, groups: dict[str, Group], from_ms: float, until_ms: float) -> None:
    """A raster plot of groups, one colour each and at most 200 neurons of a group, with the rates of all below."""
    import matplotlib

    matplotlib.use("Agg")
    import matplotlib.pyplot as plt

    path.parent.mkdir(parents=True, exist_ok=True)
    figure, (dots, rate) = plt.subplots(2, 1, sharex=True, height_ratios=[4, 1], figsize=(10, 7))
    edges = np.arange(from_ms, until_ms + 5.0, 5.0)
    below = 0
    for name, (senders, times_ms, count) in groups.items():
        rows = np.searchsorted(np.unique(senders), senders)
        shown = rows < 200
        dots.plot(times_ms[shown], below + rows[shown], ".", markersize=1.5, label=name)
        below += min(count, 200)
        spikes, _ = np.histogram(times_ms, edges)
        rate.step(edges[:-1], spikes / count / 5e-3, where="post", linewidth=0.8)
    dots.set(title=title, ylabel="neuron", xlim=(from_ms, until_ms))
    dots.legend(loc="upper right", markerscale=6)
    rate.set(xlabel="time (ms)", ylabel="rate (Hz)")
    figure.savefig(path, dpi=110, bbox_inches="tight")
    plt.close(figure)
