"""The network as a picture can show it: populations, and what runs between them. Exact for small networks; for large
ones the connections are those of a sample of each population, counted up."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from ..node_collection import NodeCollection
from ..session import session
from ..synapse_collection import SynapseCollection

EXACT_CONNECTIONS = 200_000  # up to so many, all are read
SAMPLE = 24  # nodes of a population beyond that
MOST_POPULATIONS = 40
_VALUES_SAMPLE = 64  # connections of a group whose weights and delays are read


@dataclass
class population:
    """Nodes of one model, made one after another; or, where there are very many of those, all of a model."""

    model: str
    kind: str  # "neuron", "stimulator", "recorder"
    ranges: list[tuple[int, int, int]]

    @property
    def size(self) -> int:
        """How many nodes."""
        return sum((last - first) // step + 1 for first, last, step in self.ranges)

    def some(self, count: int) -> list[int]:
        """Up to `count` ids, spread evenly."""
        ids = np.concatenate([np.arange(first, last + 1, step) for first, last, step in self.ranges])
        return ids[np.unique(np.linspace(0, len(ids) - 1, min(count, len(ids))).astype(int))].tolist()

    def holds(self, ids: np.ndarray) -> np.ndarray:
        """Which of the ids are of it."""
        mine = np.zeros(len(ids), dtype=bool)
        for first, last, step in self.ranges:
            mine |= (ids >= first) & (ids <= last) & ((ids - first) % step == 0)
        return mine

    def described(self) -> dict[str, Any]:
        """For the page."""
        first, last = self.ranges[0][0], self.ranges[-1][1]
        return {"model": self.model, "kind": self.kind, "size": self.size, "first": first, "last": last}


def populations() -> list[population]:
    """All nodes, in the order of their ids."""
    everything = session().match_nodes({})
    runs = session().describe_nodes(everything) if len(everything) else []
    groups: dict[Any, list] = {}
    for position, run in enumerate(runs):
        key = position if len(runs) <= MOST_POPULATIONS else run["model"]
        groups.setdefault(key, []).append(run)
    return [_population(members) for members in groups.values()]


def _population(runs: list[dict[str, Any]]) -> population:
    ranges = [(run["first"], run["last"], run.get("step", 1) or 1) for run in runs]
    first = NodeCollection([ranges[0][0]])
    kind = session().node_values(first, ["element_type"])["element_type"][0]
    return population(runs[0]["model"], str(kind), ranges)


class _places:
    """Which population an id belongs to."""

    def __init__(self, of: list[population]):
        rows = sorted((first, index) for index, one in enumerate(of) for first, _, _ in one.ranges)
        self._firsts = np.array([row[0] for row in rows])
        self._indices = np.array([row[1] for row in rows])

    def __call__(self, ids: np.ndarray) -> np.ndarray:
        return self._indices[np.searchsorted(self._firsts, ids, side="right") - 1]


def projections(of: list[population], n_connections: int) -> list[dict[str, Any]]:
    """Connections by (population, population, synapse model): {"from", "to", "synapse", "number", "exact", "weight",
    "delay"}; the last two are means over a few."""
    if not of or n_connections == 0:
        return []
    place = _places(of)
    if n_connections <= EXACT_CONNECTIONS:
        return _grouped(session().get_connections(None, None, None, None), place, [1.0] * len(of), True)
    found = []
    for index, one in enumerate(of):
        ids = one.some(SAMPLE)
        some = session().get_connections(NodeCollection(ids), None, None, None)
        scale = [one.size / len(ids) if index == i else 1.0 for i in range(len(of))]
        found += _grouped(some, place, scale, len(ids) == one.size)
    return found


def _grouped(found: SynapseCollection, place: _places, scale: list[float], exact: bool) -> list[dict[str, Any]]:
    if len(found) == 0:
        return []
    sources, targets = place(found._sources), place(found._targets)
    keys = np.stack([sources, targets, np.asarray(found._models)], axis=1)
    unique, first, group, counts = np.unique(keys, axis=0, return_index=True, return_inverse=True, return_counts=True)
    order = np.argsort(group.reshape(-1), kind="stable")
    begins = np.concatenate([[0], np.cumsum(counts)[:-1]])
    result = []
    for key, begin, count in zip(unique, begins, counts):
        members = order[begin : begin + count]
        some = members[np.unique(np.linspace(0, count - 1, min(count, _VALUES_SAMPLE)).astype(int))]
        number = round(float(count) * scale[key[0]])
        ends = {"from": int(key[0]), "to": int(key[1]), "number": number, "exact": exact}
        result.append({**ends, **_values(found, some)})
    return result


def _values(found: SynapseCollection, members: np.ndarray) -> dict[str, Any]:
    columns = (found._sources, found._targets, found._models, found._ports)
    some = SynapseCollection._from_kernel(found._generation, *(np.ascontiguousarray(c[members]) for c in columns))
    values = session().connection_values(some, ["synapse_model", "weight", "delay"])
    means = {key: float(np.mean([v for v in values[key] if v is not None] or [0.0])) for key in ("weight", "delay")}
    return {"synapse": str(values["synapse_model"][0]), **means}
