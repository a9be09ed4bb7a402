"""Connecting a SONATA network: HDF5 files of edges, read in parts, described by CSV files of edge types."""

from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any

import numpy as np

from ..connections import Connect
from ..errors import NESTErrors
from ..kernel import GetKernelStatus
from ..node_collection import NodeCollection
from .type_tables import (
    Row,
    dynamics,
    group_columns,
    group_rows,
    integers,
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


def connect_edges(config: dict[str, Any], nodes: dict[str, NodeCollection], part_size: int) -> None:
    """Makes the connections of all enabled edge files; at most `part_size` edges are in memory at a time, and in the
    kernel, beside what is placed, eight million, or a quarter of a file that is not sorted by source.

    All files are read and checked before the first connection is made.
    Errors: BlockingIOError for a file that another process has locked, KernelException for one that contradicts itself.
    """
    import h5py

    with ExitStack() as open_files:
        populations = []
        for entry in config["networks"]["edges"]:
            if not entry.get("enabled", True):
                continue
            types = edge_types(config, entry)
            file = open_files.enter_context(h5py.File(entry["edges_file"], "r"))
            populations += [edge_population(group, types, nodes) for group in file["edges"].values()]
        sweeps = [_sweeps(population, part_size) for population in populations]
        for population, of_population in zip(populations, sweeps):
            for sources, parts in of_population:
                for part in parts:
                    for pre, post, spec in population.calls(part, sources):
                        Connect(pre, post, "one_to_one", spec)
                if len(of_population) > 1:
                    GetKernelStatus("num_connections")  # which places them


def _sweeps(population: "edge_population", part_size: int) -> list[tuple[range, list[slice]]]:
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

    def cut(n: int) -> list[tuple[range, list[slice]]]:
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
        self._specs = {key: self._spec(row, self._models[key], folder) for key, row in self.rows.items()}

    def model(self, type_id: int) -> str:
        """The synapse model of a type."""
        return self._models[type_id]

    def spec(self, type_id: int) -> Row:
        """Its parameters."""
        return self._specs[type_id]

    def renamed(self, model: str, columns: Row) -> Row:
        """Those of the columns that are parameters of the model, by the names that Connect takes."""
        names = {name: _PARAMETERS.get(name, name) for name in columns}
        single = self.known.single(model, names.values())
        return {key: columns[name] for name, key in names.items() if key in single}

    def _spec(self, row: Row, model: str, folder: str | None) -> Row:
        return {**self.renamed(model, row), **dynamics(row, folder)}


class edge_population:
    """The edges of one population of a file, between two populations of nodes."""

    def __init__(self, group: Any, types: edge_types, nodes: dict[str, NodeCollection]):
        self._group = group
        self._types = types
        self._where = f"'{group.file.filename}': {group.name}"
        self._count = len(group["source_node_id"])
        for name in ("target_node_id", "edge_type_id", "edge_group_id", "edge_group_index"):
            if name in group and len(group[name]) != self._count:
                raise NESTErrors.KernelException(
                    f"{self._where}: source_node_id has {self._count} rows, but {name} has {len(group[name])}."
                )
        self._sources = np.asarray(self._nodes("source_node_id", nodes))
        self._targets = np.asarray(self._nodes("target_node_id", nodes))

    def __len__(self) -> int:
        return self._count

    @property
    def n_sources(self) -> int:
        """Nodes that may be sources."""
        return len(self._sources)

    def positions(self, name: str, part: slice) -> np.ndarray:
        """The nodes at one end of a range of edges, by position in their population."""
        positions = integers(self._group[name][part])
        size = len(self._sources if name == "source_node_id" else self._targets)
        for wrong in positions[(positions < 0) | (positions >= size)][:1]:
            raise NESTErrors.KernelException(f"{self._where}: {name} has the node {wrong} of a population of {size}.")
        return positions

    def calls(self, part: slice, sources: range | None = None) -> Iterator[tuple[np.ndarray, np.ndarray, Row]]:
        """(sources, targets, syn_spec) for a range of edges: one for each synapse model, in the order of the file.

        sources: those, by position, whose edges are wanted.
        """
        starts = self.positions("source_node_id", part)
        wanted: slice | np.ndarray = slice(None)
        if sources is not None and len(sources) < self.n_sources:
            wanted = np.flatnonzero((starts >= sources.start) & (starts < sources.stop))
        pre = self._sources[starts[wanted]]
        post = self._targets[self.positions("target_node_id", part)[wanted]]
        present, type_of = types_present(self._group["edge_type_id"][part][wanted], self._types.rows, self._where)
        groups, rows = (column[wanted] for column in group_rows(self._group, "edge", part, len(starts)))
        own = [self._own(group_id, groups, rows) for group_id in np.unique(groups).tolist()]
        models = [self._types.model(type_id) for type_id in present]
        for model in dict.fromkeys(models):
            chosen = np.isin(type_of, [i for i, name in enumerate(models) if name == model])
            columns = self._columns(model, present, type_of, [entry for entry in own if np.any(entry[0] & chosen)])
            spec = {key: _single_or_list(column[chosen]) for key, column in columns.items()}
            yield pre[chosen], post[chosen], {"synapse_model": model, **spec}

    def _nodes(self, name: str, nodes: dict[str, NodeCollection]) -> NodeCollection:
        population = self._group[name].attrs["node_population"]
        population = population.decode() if isinstance(population, bytes) else population
        if population not in nodes:
            raise NESTErrors.KernelException(f"{self._where}: there is no population '{population}' for {name}.")
        return nodes[population]

    def _own(self, group_id: int, groups: np.ndarray, rows: np.ndarray) -> tuple[np.ndarray, dict, dict]:
        """(edges of a group, the values that it gives to them: dynamics parameters, other numbers)."""
        members = groups == group_id
        return members, *group_columns(self._group, group_id, rows[members])

    def _columns(self, model: str, present: list[int], type_of: np.ndarray, own: list) -> dict[str, np.ndarray]:
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
                for key, value in self._types.spec(type_id).items():
                    column(key, value)[type_of == position] = value
        for members, explicit, other in own:
            for key, values in {**self._types.renamed(model, other), **explicit}.items():
                column(key, values[0].item())[members] = values
        return columns


def _single_or_list(column: np.ndarray) -> Any:
    return column[0].item() if np.all(column == column[0]) else column
