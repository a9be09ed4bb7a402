"""What recorders have heard, as it grows: what is new is read, for no longer than a sixth of the time."""

import time
from typing import Any

import numpy as np

from ..node_collection import NodeCollection
from ..session import session
from .growing_columns import growing_columns

MOST_RECORDERS = 6  # of each kind
ROWS = 260  # of a raster: senders beyond that are thinned out
DOTS = 30000  # in one answer
TRACES = 6
POINTS = 20000  # of a trace in one answer
KEPT = 1_000_000  # events of a recorder, the newest
PART = 200_000  # events that are read at once
REST = 5  # times as long as reading took, nothing is read


class recorder:
    """One recorder's events, the newest of them: times in ms, ids, and for a multimeter its quantities."""

    def __init__(self, node: int, model: str):
        self.node, self.model = node, model
        self.record_to = "memory"
        self._next_s = 0.0
        self._forget()

    def _forget(self) -> None:
        self.count = 0  # of all that were recorded
        self._seen = 0  # of these, what is here or was left out
        self.events = growing_columns(KEPT)
        self.ids = np.empty(0, np.int64)  # of senders, ascending
        self.from_ms = 0.0  # from this time on all events are here,
        self.read_ms = 0.0  # up to this one
        self._last_ms = -1.0  # of the events that are here

    def refresh(self, now_ms: float, resolution_ms: float, at_rest: bool) -> None:
        """Reads what there is more at `now_ms` or later: a part of it, if it is much."""
        nodes = NodeCollection([self.node])
        status = session().node_values(nodes, ["n_events", "record_to"])
        count, self.record_to = int(status["n_events"][0]), str(status["record_to"][0])
        if count < self.count or now_ms < self.read_ms:
            self._forget()  # somebody has cleared it
        self.count = count
        if self.record_to != "memory" or count == self._seen:
            self._seen, self.read_ms = count, now_ms
            return
        began_s = time.monotonic()
        if began_s < self._next_s and not at_rest:
            return
        if count - self._seen > KEPT:
            self._skip(now_ms)
        number = self._take(_in_ms(_events(nodes, self._last_ms), resolution_ms))
        if number < PART:
            self._seen, self.read_ms = count, now_ms
        else:
            self._seen, self.read_ms = self._seen + number, min(now_ms, self._last_ms)
        self._next_s = time.monotonic() + REST * (time.monotonic() - began_s)

    def _skip(self, now_ms: float) -> None:
        """There is more than is kept: what is old, by the mean rate, is not read at all."""
        self._last_ms = max(self._last_ms, now_ms - (now_ms - self.read_ms) * KEPT / (self.count - self._seen))
        self._seen = self.count - KEPT
        self.events = growing_columns(KEPT)
        self.from_ms = self._last_ms

    def _take(self, part: dict[str, np.ndarray]) -> int:
        """Keeps what was read; how many events that were."""
        number = len(part.get("times", ()))
        if number:
            self.events.append(part)
            self.ids = np.union1d(self.ids, part["senders"])
            self._last_ms = float(part["times"][-1])
        if self.events.dropped:
            self.from_ms = float(self.times()[0])
        return number

    @property
    def quantities(self) -> list[str]:
        """What a multimeter records."""
        return [key for key in self.events.names() if key not in ("times", "senders")]

    def times(self) -> np.ndarray:
        """In ms, ascending."""
        return self.events.column("times")

    def between(self, after_ms: float, until_ms: float = np.inf) -> slice:
        """The events later than one time and up to another."""
        first, end = np.searchsorted(self.times(), [after_ms, until_ms], side="right")
        return slice(int(first), int(end))

    def senders(self) -> np.ndarray:
        """Ids."""
        return self.events.column("senders")


def _events(nodes: NodeCollection, after_ms: float) -> dict[str, Any]:
    events = session().node_values(nodes, ["events"], after_ms, PART)["events"]
    return events[0] if isinstance(events, (list, tuple)) and events else events if isinstance(events, dict) else {}


def _in_ms(events: dict[str, Any], resolution_ms: float) -> dict[str, np.ndarray]:
    """Times in ms, though a recorder may give steps and offsets; without what nobody looks at."""
    columns = {key: np.asarray(value) for key, value in events.items() if key != "offsets"}
    if "offsets" in events:
        columns["times"] = columns["times"] * resolution_ms - np.asarray(events["offsets"])
    return columns


def dots(of: recorder, after_ms: float, until_ms: float) -> dict[str, Any]:
    """Spikes later than `after_ms`, up to `until_ms`: {"ids": the rows of the raster from below, "times", "rows" (ids),
    "until"}."""
    stride = 1  # a power of two, so that what is shown once is among what was shown before
    while len(of.ids) > ROWS * stride:
        stride *= 2
    shown = of.ids[of.ids % stride == 0]
    news = of.between(after_ms, until_ms)
    times, rows = of.times()[news], of.senders()[news]
    times, rows = times[rows % stride == 0][-DOTS:], rows[rows % stride == 0][-DOTS:]
    return {
        "ids": shown.tolist(),
        "senders": len(of.ids),
        "times": np.round(times, 3).tolist(),
        "rows": rows.tolist(),
        "until": until_ms,
    }


def binned(times: np.ndarray, first: int, until_ms: float, bin_ms: float) -> list[int]:
    """Spikes a bin, from a bin's number on, in those that are over. A spike at t is of the step that ends at t."""
    bins = max(0, int(np.floor(until_ms / bin_ms + 1e-9)) - first)
    place = np.ceil(times / bin_ms - 1e-9).astype(np.int64) - 1 - first
    return np.bincount(place[(place >= 0) & (place < bins)], minlength=bins).tolist()


def traces(of: recorder, after_ms: float, until_ms: float) -> list[dict[str, Any]]:
    """The first quantity of a multimeter for a few nodes, later than `after_ms` and up to `until_ms`."""
    if not of.quantities:
        return []
    name = "V_m" if "V_m" in of.quantities else of.quantities[0]
    news = of.between(after_ms, until_ms)
    senders, times, values = of.senders()[news], of.times()[news], of.events.column(name)[news]
    result = []
    for node in of.ids[:TRACES].tolist():
        t, v = times[senders == node][-POINTS:], values[senders == node][-POINTS:]
        # Samples show an interval late, so what comes next begins behind the last of them.
        until = float(t[-1]) if len(t) else after_ms
        shown = {"node": node, "quantity": name, "until": until}
        result.append({**shown, "times": np.round(t, 3).tolist(), "values": v.tolist()})
    return result
