"""Connecting a SONATA network: HDF5 files of edges, read in parts, described by CSV files of edge types."""

from collections.abc import Iterator, Mapping, Sized
from contextlib import ExitStack, contextmanager
from typing import Any, NamedTuple

import numpy as np

from ..connections import Connect
from ..errors import NESTErrors
from ..kernel import GetKernelStatus
from ..models import GetDefaults
from ..node_collection import NodeCollection
from ..parallel import NumProcesses
from ..session import session
from .files import column_at, distinct, group_at, integers, open_hdf5, place_of, rows_of
from .type_tables import (
    Row,
    dynamics,
    group_columns,
    group_rows,
    model_name,
    model_parameters,
    read_types,
    types_present,
)

_PARAMETERS = {"syn_weight": "weight", "delay": "delay", "receptor_type": "receptor_type"}

# Edges of a file that a kernel, of each rank, is told of before it places them. It keeps what it is told, several times
# what the connections will take. So that this does not count beside the network, the connections of big files are made
# and placed some sources after others: all of a source at once, since what comes later makes segments of its own in
# each row. Parts that have edges of several of these sweeps are read for each of them.
_EDGES_AT_ONCE = 2**23
_MOST_READINGS = 4  # of a part, on average


class edge_part(NamedTuple):
    """Some edges of a file, which were checked."""

    rows: slice
    alike: dict[str, Row]  # what all edges of a synapse model have alike


Sweeps = list[tuple[range, list[edge_part]]]


@contextmanager
def checked_edges(
    config: dict[str, Any], nodes: Mapping[str, Sized], part_size: int
) -> Iterator[list[tuple["edge_population", Sweeps]]]:
    """All enabled edge files, which are open in the context, read and checked; `part_size` edges of one at a time.

    nodes: the populations, of which only the size counts.
    Errors: BlockingIOError for a file that another process has locked, KernelException for one that contradicts itself.
    """
    with ExitStack() as open_files:
        populations = []
        for entry in config["networks"]["edges"]:
            if not entry.get("enabled", True):
                continue
            types = edge_types(config, entry)
            groups = group_at(open_files.enter_context(open_hdf5(entry["edges_file"])), "edges")
            populations += [edge_population(group_at(groups, name), types, nodes) for name in groups]
        yield [(population, _sweeps(population, part_size)) for population in populations]


def connect(edges: list[tuple["edge_population", Sweeps]], nodes: dict[str, NodeCollection]) -> None:
    """Makes the connections of checked edges. At most a part of a file is in memory at a time, and in the kernel,
    beside what is placed, eight million edges, or a quarter of a file that is not sorted by source.

    Of several ranks each takes the edges that end at its own nodes.
    """
    for population, sweeps in edges:
        sources, targets = nodes[population.source], nodes[population.target]
        pre, post = np.asarray(sources), np.asarray(targets)
        own = _ends_here(sources, targets)
        for some, parts in sweeps:
            for part in parts:
                for starts, ends, spec in population.calls(part, some, own):
                    if own is not None:
                        session().connect_arrays(pre[starts], post[ends], spec, of_rank=True)
                    elif len(starts):
                        Connect(pre[starts], post[ends], "one_to_one", spec)
            if len(sweeps) > 1:
                GetKernelStatus("num_connections")  # which places them


def _ends_here(sources: NodeCollection, targets: NodeCollection) -> np.ndarray | None:
    """Which targets live on this rank; None where their edges are given to all ranks: with one rank, with recorders,
    and with sources of several kinds.
    """
    if NumProcesses() == 1 or not _are_neurons(targets):
        return None
    of_one_kind = _are_neurons(sources) or len(_models(sources)) == 1
    return np.atleast_1d(targets.local) if of_one_kind else None


def _models(nodes: NodeCollection) -> set[str]:
    return {part["model"] for part in session().describe_nodes(nodes)}


def _are_neurons(nodes: NodeCollection) -> bool:
    return all(GetDefaults(model, "element_type") == "neuron" for model in _models(nodes))


def _sweeps(population: "edge_population", part_size: int) -> Sweeps:
    """Checks all edges. Returns the sources, by position, whose edges are to be made together, and the parts of the
    file that have some.
    """
    edges = np.zeros(population.n_sources, np.int64)
    parts, spans = [], []
    for begin in range(0, len(population), part_size):
        rows = slice(begin, min(begin + part_size, len(population)))
        starts = population.positions("source_node_id", rows)
        edges += np.bincount(starts, minlength=len(edges))
        spans.append((starts.min(), starts.max()))
        parts.append(population.checked(rows))

    def cut(n: int) -> Sweeps:
        last = np.searchsorted(np.cumsum(edges), len(population) / n * np.arange(1, n))
        ends = np.unique([*(last + 1), len(edges)]).tolist()
        return [
            (range(begin, end), [part for part, (low, high) in zip(parts, spans) if low < end and high >= begin])
            for begin, end in zip([0, *ends], ends)
        ]

    sweeps = cut(max(1, -(-len(population) // (_EDGES_AT_ONCE * NumProcesses()))))
    readings = sum(len(found) for _, found in sweeps)
    return sweeps if readings <= _MOST_READINGS * len(parts) else cut(_MOST_READINGS)


class edge_types:
    """What the CSV file of a population's edge types says: a synapse model each, and its parameters."""

    def __init__(self, config: dict[str, Any], entry: dict[str, Any]):
        folder = config.get("components", {}).get("synaptic_models_dir")
        name = entry.get("edge_types_file")
        self.rows = read_types(name, "edge_type_id") if name is not None and name != "NULL" else {}
        self.known = model_parameters()
        self._models = {key: model_name(row.get("model_template", "static_synapse")) for key, row in self.rows.items()}
        self._specs = {key: self._spec(row, self._models[key], str(name), folder) for key, row in self.rows.items()}

    def model(self, type_id: int) -> str:
        """The synapse model of a type."""
        return self._models[type_id]

    def spec(self, type_id: int) -> Row:
        """Its parameters."""
        return self._specs[type_id]

    def _spec(self, row: Row, model: str, name: str, folder: str | None) -> Row:
        shared = dynamics(row, folder)
        for key, value in shared.items():
            if not isinstance(value, (int, float)):
                raise ValueError(f"'{folder}/{row['dynamics_params']}': {key} is {value!r}; it must be a number.")
        return {**self.known.of_row(model, renamed(row), name), **shared}


def renamed(columns: Row) -> Row:
    """The columns by the names that Connect takes."""
    return {_PARAMETERS.get(name, name): column for name, column in columns.items()}


class edge_population:
    """The edges of one population of a file, between two populations of nodes."""

    def __init__(self, group: Any, types: edge_types, nodes: Mapping[str, Sized]):
        self.group = group
        self.types = types
        self.where = place_of(group)
        ends = "source_node_id", "target_node_id"
        self._count = rows_of(group, [*ends, "edge_type_id"], ["edge_group_id", "edge_group_index"])
        self.source, self.target = (self._population(name, nodes) for name in ends)
        self._sizes = {end: len(nodes[population]) for end, population in zip(ends, (self.source, self.target))}

    def __len__(self) -> int:
        return self._count

    @property
    def n_sources(self) -> int:
        """Nodes that may be sources."""
        return self._sizes["source_node_id"]

    def positions(self, name: str, part: slice) -> np.ndarray:
        """The nodes at one end of a range of edges, by position in their population."""
        positions = integers(self.group, name, part)
        size = self._sizes[name]
        for wrong in positions[(positions < 0) | (positions >= size)][:1]:
            raise NESTErrors.KernelException(f"{self.where}: {name} has the node {wrong} of a population of {size}.")
        return positions

    def checked(self, rows: slice) -> edge_part:
        """A range of edges, when all is read and found right."""
        part = _read_edges(self, rows)
        alike = {}
        for model in part.models():
            columns = self._columns(model, part, part.of(model, slice(None)), {})
            alike[model] = {key: column[0].item() for key, column in columns.items() if np.all(column == column[0])}
        return edge_part(rows, alike)

    def calls(
        self, part: edge_part, sources: range, own: np.ndarray | None = None
    ) -> Iterator[tuple[np.ndarray, np.ndarray, Row]]:
        """(sources, targets, syn_spec) for edges: one for each synapse model, in the order of the file, though there
        may be none of it among those that are wanted.

        Nodes are given by their position. sources: those whose edges are wanted; own: whether those to a target are.
        """
        read = _read_edges(self, part.rows)
        wanted: slice | np.ndarray = slice(None)
        if len(sources) < self.n_sources or own is not None:
            some = (read.starts >= sources.start) & (read.starts < sources.stop)
            wanted = np.flatnonzero(some if own is None else some & own[read.ends])
        for model, alike in part.alike.items():
            chosen = read.of(model, wanted)
            spec: Row = {"synapse_model": model, **alike, **self._columns(model, read, chosen, alike)}
            yield read.starts[chosen], read.ends[chosen], spec

    def _population(self, name: str, nodes: Mapping[str, Sized]) -> str:
        population = column_at(self.group, name).attrs.get("node_population")
        if population is None:
            raise NESTErrors.KernelException(f"{self.where}: {name} has no attribute node_population.")
        population = population.decode() if isinstance(population, bytes) else population
        if population not in nodes:
            raise NESTErrors.KernelException(f"{self.where}: there is no population '{population}' for {name}.")
        return population

    def _columns(
        self, model: str, read: "_read_edges", chosen: slice | np.ndarray, alike: Row
    ) -> dict[str, np.ndarray]:
        """A value for each chosen edge of each parameter of the model that some type or group names, but those that all
        edges have `alike`; its default elsewhere.
        """
        defaults = self.types.known.of(model)
        type_of, group_of, rows = read.type_of[chosen], read.group_of[chosen], read.rows[chosen]
        columns: dict[str, np.ndarray] = {}

        def put(key: str, members: slice | np.ndarray, values: Any, like: Any) -> None:
            if key in alike:
                return
            if key not in columns:
                default = defaults.get(key, like)
                columns[key] = np.full(len(type_of), default, dtype=None if isinstance(default, int) else float)
            columns[key][members] = values

        for position, type_id in enumerate(read.types):
            if self.types.model(type_id) == model:
                members = _entries(type_of, position, len(read.types))
                for key, value in self.types.spec(type_id).items():
                    put(key, members, value, value)
        for position, group_id in enumerate(read.groups):
            members = _entries(group_of, position, len(read.groups))
            explicit, other = group_columns(
                self.group, "edge", group_id, rows[members], lambda name: defaults.get(_PARAMETERS.get(name, name))
            )
            for key, values in renamed({**other, **explicit}).items():
                put(key, members, values, values[0].item() if len(values) else 0.0)
        return columns


class _read_edges:
    """The columns of some edges, as they are in the file, and what occurs in them."""

    def __init__(self, population: edge_population, part: slice):
        self.starts = population.positions("source_node_id", part)
        self.ends = population.positions("target_node_id", part)
        of_type = integers(population.group, "edge_type_id", part)
        self.types, self.type_of = types_present(of_type, population.types.rows, population.where)
        of_group, self.rows = group_rows(population.group, "edge", part, len(self.starts))
        self.groups, self.group_of = distinct(of_group)
        self._models = [population.types.model(type_id) for type_id in self.types]

    def models(self) -> list[str]:
        """Of the edges, in the order of their types."""
        return list(dict.fromkeys(self._models))

    def of(self, model: str, wanted: slice | np.ndarray) -> slice | np.ndarray:
        """Of the wanted edges those of a model."""
        of_model = np.array([name == model for name in self._models])
        if of_model.all():
            return wanted
        if isinstance(wanted, slice):
            return np.flatnonzero(of_model[self.type_of])
        return wanted[of_model[self.type_of[wanted]]]


def _entries(of: np.ndarray, position: int, different: int) -> slice | np.ndarray:
    """Those at one of some different positions."""
    return of == position if different > 1 else slice(None)
