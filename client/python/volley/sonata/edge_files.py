"""Connecting a SONATA network: HDF5 files of edges, read in parts, described by CSV files of edge types."""

from collections.abc import Iterator, Mapping, Sized
from contextlib import ExitStack, contextmanager
from typing import Any

import numpy as np

from ..connections import Connect
from ..errors import NESTErrors
from ..kernel import GetKernelStatus
from ..node_collection import NodeCollection
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

# Edges of a file that a kernel is told of before it places them. It keeps what it is told, several times what the
# connections will take. So that this does not count beside the network, the connections of big files are made and
# placed some sources after others: all of a source at once, since what comes later makes segments of its own in each
# row. Parts that have edges of several of these sweeps are read for each of them.
_EDGES_AT_ONCE = 2**23
_MOST_READINGS = 4  # of a part, on average


Sweeps = list[tuple[range, list[slice]]]


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
    """
    for population, sweeps in edges:
        pre, post = np.asarray(nodes[population.source]), np.asarray(nodes[population.target])
        for sources, parts in sweeps:
            for part in parts:
                for starts, ends, spec in population.calls(part, sources):
                    Connect(pre[starts], post[ends], "one_to_one", spec)
            if len(sweeps) > 1:
                GetKernelStatus("num_connections")  # which places them


def _sweeps(population: "edge_population", part_size: int) -> Sweeps:
    """Checks all edges. Returns the sources, by position, whose edges are to be made together, and the parts of the
    file that have some.
    """
    edges = np.zeros(population.n_sources, np.int64)
    parts = [slice(begin, min(begin + part_size, len(population))) for begin in range(0, len(population), part_size)]
    spans = []
    for part in parts:
        starts = population.positions("source_node_id", part)
        edges += np.bincount(starts, minlength=len(edges))
        spans.append((starts.min(), starts.max()))
        for _ in population.calls(part):
            pass

    def cut(n: int) -> Sweeps:
        last = np.searchsorted(np.cumsum(edges), len(population) / n * np.arange(1, n))
        ends = np.unique([*(last + 1), len(edges)]).tolist()
        return [
            (range(begin, end), [part for part, (low, high) in zip(parts, spans) if low < end and high >= begin])
            for begin, end in zip([0, *ends], ends)
        ]

    sweeps = cut(max(1, -(-len(population) // _EDGES_AT_ONCE)))
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
        self._group = group
        self._types = types
        self._where = place_of(group)
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
        positions = integers(self._group, name, part)
        size = self._sizes[name]
        for wrong in positions[(positions < 0) | (positions >= size)][:1]:
            raise NESTErrors.KernelException(f"{self._where}: {name} has the node {wrong} of a population of {size}.")
        return positions

    def calls(self, part: slice, sources: range | None = None) -> Iterator[tuple[np.ndarray, np.ndarray, Row]]:
        """(sources, targets, syn_spec) for a range of edges: one for each synapse model, in the order of the file.

        Nodes are given by their position. sources: those whose edges are wanted.
        """
        starts = self.positions("source_node_id", part)
        wanted: slice | np.ndarray = slice(None)
        if sources is not None and len(sources) < self.n_sources:
            wanted = np.flatnonzero((starts >= sources.start) & (starts < sources.stop))
        pre, post = starts[wanted], self.positions("target_node_id", part)[wanted]
        types = integers(self._group, "edge_type_id", part)[wanted]
        present, type_of = types_present(types, self._types.rows, self._where)
        groups, rows = (column[wanted] for column in group_rows(self._group, "edge", part, len(starts)))
        models = [self._types.model(type_id) for type_id in present]
        for model in dict.fromkeys(models):
            of_model = np.array([name == model for name in models])
            chosen = slice(None) if of_model.all() else of_model[type_of]
            columns = self._columns(model, present, type_of[chosen], groups[chosen], rows[chosen])
            spec = {key: _single_or_list(column) for key, column in columns.items()}
            yield pre[chosen], post[chosen], {"synapse_model": model, **spec}

    def _population(self, name: str, nodes: Mapping[str, Sized]) -> str:
        population = column_at(self._group, name).attrs.get("node_population")
        if population is None:
            raise NESTErrors.KernelException(f"{self._where}: {name} has no attribute node_population.")
        population = population.decode() if isinstance(population, bytes) else population
        if population not in nodes:
            raise NESTErrors.KernelException(f"{self._where}: there is no population '{population}' for {name}.")
        return population

    def _columns(
        self, model: str, present: list[int], type_of: np.ndarray, groups: np.ndarray, rows: np.ndarray
    ) -> dict[str, np.ndarray]:
        """A value an edge for each parameter of the model that some type or group names; its default elsewhere."""
        defaults = self._types.known.of(model)
        columns: dict[str, np.ndarray] = {}

        def column(key: str, like: Any) -> np.ndarray:
            if key not in columns:
                default = defaults.get(key, like)
                columns[key] = np.full(len(type_of), default, dtype=None if isinstance(default, int) else float)
            return columns[key]

        for position, type_id in enumerate(present):
            if self._types.model(type_id) == model:
                members = _entries(type_of, position, len(present))
                for key, value in self._types.spec(type_id).items():
                    column(key, value)[members] = value
        group_ids, group_of = distinct(groups)
        for position, group_id in enumerate(group_ids):
            members = _entries(group_of, position, len(group_ids))
            explicit, other = group_columns(
                self._group, "edge", group_id, rows[members], lambda name: defaults.get(_PARAMETERS.get(name, name))
            )
            for key, values in renamed({**other, **explicit}).items():
                column(key, values[0].item())[members] = values
        return columns


def _entries(of: np.ndarray, position: int, different: int) -> slice | np.ndarray:
    """Those at one of some different positions."""
    return of == position if different > 1 else slice(None)


def _single_or_list(column: np.ndarray) -> Any:
    return column[0].item() if np.all(column == column[0]) else column
