"""Making the nodes of a SONATA network: one population per group of an HDF5 file, described by a CSV file of types."""

from dataclasses import dataclass, field
from itertools import groupby
from typing import Any

import numpy as np

from ..errors import NESTErrors
from ..node_collection import NodeCollection
from ..nodes import Create
from .files import group_at, integers, open_hdf5, place_of, rows_of
from .spike_files import spike_trains
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

_KINDS = ("point_neuron", "point_process", "virtual")


def read_nodes(config: dict[str, Any]) -> dict[str, "_neurons | _sources"]:
    """All populations by name, as their files and those of their inputs describe them: `create` makes the nodes of one.
    Position among them is the node id of the file.

    Errors: ValueError for model types that are no points, KernelException for files that contradict themselves.
    """
    populations: dict[str, _neurons | _sources] = {}
    for entry in config["networks"]["nodes"]:
        types = read_types(entry["node_types_file"], "node_type_id")
        kind = _model_type(types, entry["node_types_file"])
        with open_hdf5(entry["nodes_file"]) as file:
            groups = group_at(file, "nodes")
            for name in groups:
                if name in populations:
                    raise ValueError(f"'{entry['nodes_file']}': there is a population '{name}' already.")
                population = group_at(groups, name)
                count = rows_of(population, ["node_type_id"], ["node_id", "node_group_id", "node_group_index"])
                if kind == "virtual":
                    populations[name] = _sources(count)
                else:
                    populations[name] = _neurons(config, types, entry["node_types_file"], population, count)
    sources = {name: some for name, some in populations.items() if isinstance(some, _sources)}
    trains = spike_trains(config, {name: len(some) for name, some in sources.items()}, populations)
    for name, some in sources.items():
        some.trains = trains[name]
    return populations


def _model_type(types: dict[int, Row], name: str) -> str:
    kinds = {row.get("model_type") for row in types.values()}
    if len(kinds) != 1:
        raise ValueError(f"'{name}' must have exactly one model_type, not {sorted(map(str, kinds))}.")
    kind = kinds.pop()
    if kind not in _KINDS:
        raise ValueError(f"'{name}': model_type '{kind}' is not supported; use {', '.join(_KINDS)}.")
    return kind


@dataclass
class _sources:
    """Virtual nodes: a spike train each, in ms."""

    count: int
    trains: list[np.ndarray] = field(default_factory=list)

    def __len__(self) -> int:
        return self.count

    def create(self) -> NodeCollection:
        if self.count == 0:
            return NodeCollection()
        nodes = Create("spike_train_injector", self.count)
        nodes.set([{"allow_offgrid_times": True, "spike_times": times} for times in self.trains])
        return nodes


class _neurons:
    """The neurons of a population with their parameters: those of a type in columns of the CSV file and in its JSON
    file, those of a node in columns of the group that it belongs to. The node's own come last and count.
    """

    def __init__(self, config: dict[str, Any], types: dict[int, Row], types_file: str, population: Any, count: int):
        self._where = place_of(population)
        self._population = population
        folder = config.get("components", {}).get("point_neuron_models_dir")
        self._known = model_parameters()
        order = self._rows_by_id(count)
        present, self._type_of = types_present(integers(population, "node_type_id")[order], types, self._where)
        models = [self._model(types[type_id], type_id) for type_id in present]
        self._shared = [
            {**self._known.of_row(model, types[type_id], types_file), **dynamics(types[type_id], folder)}
            for type_id, model in zip(present, models)
        ]
        groups, rows = group_rows(population, "node", slice(0, count), count)
        self._group_of, self._row_of = groups[order], rows[order]
        self._stretches = []  # of one model each: (model, nodes, their parameters)
        begin = 0
        for model, stretch in groupby(models[position] for position in self._type_of.tolist()):
            end = begin + sum(1 for _ in stretch)
            self._stretches.append((model, begin, end, self._parameters(model, begin, end)))
            begin = end

    def __len__(self) -> int:
        return len(self._type_of)

    def create(self) -> NodeCollection:
        nodes = NodeCollection()
        for model, begin, end, params in self._stretches:
            nodes += self._create_some(model, begin, end, params)
        return nodes

    def _rows_by_id(self, count: int) -> np.ndarray:
        """Rows of the file in order of node id; without ids, as they are."""
        if "node_id" not in self._population:
            return np.arange(count)
        ids = integers(self._population, "node_id")
        order = np.argsort(ids, kind="stable")
        if not np.array_equal(ids[order], np.arange(count)):
            raise NESTErrors.KernelException(f"{self._where}: the ids of its {count} nodes are not 0 to {count - 1}.")
        return order

    def _model(self, row: Row, type_id: int) -> str:
        if "model_template" not in row:
            raise ValueError(f"{self._where}: node type {type_id} has no model_template, which names its model.")
        return model_name(row["model_template"])

    def _parameters(self, model: str, begin: int, end: int) -> Row:
        columns = self._shared_columns(model, begin, end)
        self._put_own(model, begin, end, columns)
        return {key: column[0] if _is_uniform(column) else column.tolist() for key, column in columns.items()}

    def _create_some(self, model: str, begin: int, end: int, params: Row) -> NodeCollection:
        nodes = Create(model, end - begin, params or None)
        for position, shared in enumerate(self._shared):
            lists = {key: value for key, value in shared.items() if isinstance(value, (list, dict))}
            members = np.flatnonzero(self._type_of[begin:end] == position)
            if lists and len(members):
                nodes[members].set(lists)
        return nodes

    def _shared_columns(self, model: str, begin: int, end: int) -> dict[str, np.ndarray]:
        """A value a node for each parameter that some type names; the default where another does not."""
        columns: dict[str, np.ndarray] = {}
        kinds = self._type_of[begin:end]
        for position in np.unique(kinds).tolist():
            for key, value in self._shared[position].items():
                if not isinstance(value, (list, dict)):
                    self._column(columns, model, key, value, end - begin)[kinds == position] = value
        return columns

    def _put_own(self, model: str, begin: int, end: int, columns: dict[str, np.ndarray]) -> None:
        groups, rows = self._group_of[begin:end], self._row_of[begin:end]
        for group_id in np.unique(groups).tolist():
            members = np.flatnonzero(groups == group_id)
            default_of = self._known.of(model).get
            explicit, other = group_columns(self._population, "node", group_id, rows[members], default_of)
            for key, values in {**other, **explicit}.items():
                self._column(columns, model, key, values[0].item(), end - begin)[members] = values

    def _column(self, columns: dict[str, np.ndarray], model: str, key: str, like: Any, count: int) -> np.ndarray:
        """The column of a parameter, at first with its default; `like`: for a name that Create will refuse."""
        if key not in columns:
            columns[key] = np.full(count, self._known.of(model).get(key, like), dtype=object)
        return columns[key]


def _is_uniform(column: np.ndarray) -> bool:
    return bool(np.all(column == column[0]))
