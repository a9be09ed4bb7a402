"""What the dashboard shows, read through the session that looks. Pages that look at once share what was read."""

import threading
import time
from typing import Any

import numpy as np

from ..cluster_status import cluster_status
from ..session import session
from ..version import __version__
from .answers import refused
from .jobs import jobs
from .network_summary import population, populations, projections
from .observing import kernel_is_served, kernel_names, observing
from .recordings import MOST_RECORDERS, binned, dots, recorder, traces

_FRESH_S = 0.1  # what is younger is not read again
_SETTLED_S = 1.5  # a network that did not change for so long is built
_BINS_MS = (1.0, 2.0, 5.0, 10.0, 20.0, 50.0, 100.0, 200.0, 500.0, 1000.0)
_BINS = 150  # about so many in what is shown

_CHEAP = [
    "biological_time",
    "to_do",
    "resolution",
    "local_spike_counter",
    "network_size",
    "prepared",
    "total_num_virtual_procs",
    "rng_seed",
    "time_construction_create",
    "time_construction_connect",
]
_BUILT = ["num_connections", "min_delay", "memory_nodes", "memory_connections", "memory_events"]


def _keeps_events_of_nodes(model: str) -> bool:
    """Whether a recorder's events are spikes, states or samples; those of a weight_recorder are weights, and a detector
    has none."""
    return model != "weight_recorder" and "events" in session().get_defaults(model)


class watch:
    """Thread safety: any thread."""

    def __init__(self, work: jobs, kernel: str = ""):
        """`work`: what the door runs in the kernel; "" is the door's own."""
        self._jobs = work
        self._kernel = kernel
        self._lock = threading.Lock()  # guards the following
        self._read_s = self._changed_s = 0.0
        self._read_at: tuple[int, int] = (-1, -1)  # the kernel's generation, and the changes of jobs
        self._status: dict[str, Any] = {}
        self._built: dict[str, Any] = {}
        self._version: tuple = ()  # of the network
        self._seen: tuple = ()
        self._network: dict[str, Any] = {"populations": [], "projections": []}
        self._populations: list[population] = []
        self._recorders: list[recorder] = []
        self._began_ms = 0.0  # of the run that is on
        self._last_rest_ms = 0.0
        self._generation = 0

    def state(self) -> dict[str, Any]:
        """Where the kernel is."""
        names = kernel_names()
        with self._lock:
            self._look()
            job = self._jobs.state()
            status = {**self._status, **self._built}
            now_ms, resolution = status.get("biological_time", 0.0), status.get("resolution", 0.1)
            end_ms = now_ms + status.get("to_do", 0) * resolution
            if job and job["now_ms"] is not None and job["end_ms"] is not None:
                now_ms, end_ms = max(now_ms, job["now_ms"]), job["end_ms"]
            return {
                "version": __version__,
                "kernels": names,
                "generation": self._generation,
                "running": bool(job) or status.get("to_do", 0) > 0,
                "job": job,
                "began_ms": self._began_ms,
                "now_ms": now_ms,
                "end_ms": end_ms,
                "clock_s": self._read_s,
                "network": self._network_number(),
                "status": {key: value for key, value in status.items() if not key.startswith("time_")},
            }

    def cluster(self) -> dict[str, Any]:
        """What the kernel and its workers do. 503 while a kernel inside this process simulates."""
        with self._lock:
            if self._is_busy():
                raise refused(503, "the kernel simulates, and has no server of its own that could be asked")
            with observing(self._kernel):
                return cluster_status(session())

    def network(self) -> dict[str, Any]:
        """Populations and projections."""
        with self._lock:
            self._look()
            return {"network": self._network_number(), **self._network}

    def events(self, have: dict[int, float], last_ms: float) -> dict[str, Any]:
        """What recorders have heard after a time (that of each in `have`): dots of rasters and traces; and the rates of
        the last so many ms."""
        with self._lock:
            self._look()
            now_ms = self._status.get("biological_time", 0.0)
            if not self._is_busy():
                with observing(self._kernel):
                    for one in self._recorders:
                        one.refresh(now_ms, self._status["resolution"], at_rest=not self._status.get("to_do", 0))
            until_ms = min((one.read_ms for one in self._recorders), default=now_ms)  # one axis for all
            spiking = [one for one in self._recorders if one.model == "spike_recorder"]
            return {
                "generation": self._generation,
                "now_ms": until_ms,
                "rasters": [
                    {**self._described(one), **dots(one, have.get(one.node, -1.0), until_ms)} for one in spiking
                ],
                "rates": self._rates(spiking, until_ms, last_ms),
                "traces": [
                    {**self._described(one), **trace}
                    for one in self._recorders
                    if one not in spiking
                    for trace in traces(one, have.get(one.node, -1.0), until_ms)
                ],
            }

    # ---- REQUIRES: the lock is held

    def _is_busy(self) -> bool:
        """A kernel inside this process that simulates cannot be asked anything."""
        return not kernel_is_served() and self._jobs.state() is not None

    def _look(self) -> None:
        at = (session().generation, self._jobs.changes())
        is_fresh = self._read_at == at and time.monotonic() - self._read_s < _FRESH_S
        if is_fresh or self._is_busy():
            return
        with observing(self._kernel):
            self._status = session().kernel_status(_CHEAP)
            if session().generation != self._generation:  # the kernel was reset
                self._forget()
            self._generation = session().generation
            self._read_at, self._read_s = at, time.monotonic()
            self._note_run()
            if self._is_settled():
                self._read_network()

    def _note_run(self) -> None:
        now_ms, rests = self._status["biological_time"], self._status["to_do"] == 0
        if rests:
            self._last_rest_ms = self._began_ms = now_ms
        else:
            self._began_ms = min(self._last_rest_ms, now_ms)

    def _is_settled(self) -> bool:
        """Asking for the number of connections builds those that were asked for so far, so a network in the making is
        let alone."""
        seen = (
            self._generation,
            self._status["network_size"],
            self._status["time_construction_create"],
            self._status["time_construction_connect"],
        )
        if seen != self._seen:
            self._seen, self._changed_s = seen, time.monotonic()
        is_quiet = time.monotonic() - self._changed_s > _SETTLED_S
        return self._status["to_do"] > 0 or self._status["prepared"] or is_quiet

    def _forget(self) -> None:
        self._built, self._version, self._recorders, self._populations = {}, (), [], []
        self._network = {"populations": [], "projections": []}

    def _read_network(self) -> None:
        self._built = session().kernel_status(_BUILT)
        version = (self._generation, self._status["network_size"], self._built["num_connections"])
        if version == self._version:
            return
        self._populations = populations()
        links = projections(self._populations, self._built["num_connections"])
        self._network = {"populations": [one.described() for one in self._populations], "projections": links}
        self._version = version
        self._recorders = self._find_recorders()

    def _find_recorders(self) -> list[recorder]:
        known = {(one.node, one.model): one for one in self._recorders}
        found: list[recorder] = []
        counts: dict[str, int] = {}
        for one in self._populations:
            if one.kind != "recorder" or not _keeps_events_of_nodes(one.model):
                continue
            for node in one.some(MOST_RECORDERS):
                counts[one.model] = counts.get(one.model, 0) + 1
                if counts[one.model] <= MOST_RECORDERS:
                    found.append(known.get((node, one.model)) or recorder(node, one.model))
        return found

    def _network_number(self) -> str:
        return "-".join(map(str, self._version))

    @staticmethod
    def _described(one: recorder) -> dict[str, Any]:
        return {"recorder": one.node, "model": one.model, "events": one.count, "record_to": one.record_to}

    def _rates(self, spiking: list[recorder], until_ms: float, last_ms: float) -> dict[str, Any]:
        """Spikes by population and bin, in bins that are over; `first` is the first bin's number."""
        from_ms = max(0.0, until_ms - last_ms, *(one.from_ms for one in spiking))
        bin_ms = next((b for b in _BINS_MS if (until_ms - from_ms) / b <= _BINS), _BINS_MS[-1])
        first = int(from_ms // bin_ms)
        rows = []
        for index, one in enumerate(self._populations):
            if one.kind != "neuron":
                continue
            times, heard = self._spikes_of(one, spiking, from_ms - bin_ms)
            if heard:
                counts = binned(times, first, until_ms, bin_ms)
                rows.append({"population": index, "recorded": heard, "counts": counts})
        return {"bin_ms": bin_ms, "first": first, "populations": rows}

    def _spikes_of(self, one: population, spiking: list[recorder], after_ms: float) -> tuple[np.ndarray, int]:
        """The times of a population's spikes, from the recorder that hears most of it; and how many nodes that are."""
        best, heard = np.empty(0), 0
        for listener in spiking:
            count = int(np.count_nonzero(one.holds(listener.ids)))
            count = max(count, self._connected(one, listener) if count else 0)
            if count > heard:
                news = listener.between(after_ms)
                best, heard = listener.times()[news][one.holds(listener.senders()[news])], count
        return best, heard

    def _connected(self, one: population, to: recorder) -> int:
        """How many nodes of a population a recorder hears, as the connections tell."""
        number = 0
        for link in self._network["projections"]:
            target = self._populations[link["to"]]
            holds = any(first <= to.node <= last for first, last, _ in target.ranges)
            if self._populations[link["from"]] is one and holds:
                number = max(number, link["number"] // target.size)
        return min(number, one.size)
