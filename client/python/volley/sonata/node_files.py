"""Making the nodes of a SONATA network: one population per group of an HDF5 file, described by a CSV file of types."""

from itertools import groupby
from typing import Any

import numpy as np

from ..errors import NESTErrors
from ..node_collection import NodeCollection
from ..nodes import Create
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


def create_nodes(config: dict[str, Any]) -> dict[str, NodeCollection]:
    """Makes all nodes and returns them by population. Position in a collection is the node id of the file.

    Errors: ValueError for model types that are no points, KernelException for files that contradict themselves.
    """
    import h5py

    collections: dict[str, NodeCollection] = {}
    for entry in config["networks"]["nodes"]:
        types = read_types(entry["node_types_file"], "node_type_id")
        kind = _model_type(types, entry["node_types_file"])
        with h5py.File(entry["nodes_file"], "r") as file:
            for name, population in file["nodes"].items():
                if name in collections:
                    raise ValueError(f"'{entry['nodes_file']}': there is a population '{name}' already.")
                if kind == "virtual":
                    collections[name] = _create_virtual(config, name, len(population["node_type_id"]))
                else:
                    collections[name] = _neurons(config, types, population).create()
    return collections


def _model_type(types: dict[int, Row], name: str) -> str:
    kinds = {row.get("model_type") for row in types.values()}
    if len(kinds) != 1:
        raise ValueError(f"'{name}' must have exactly one model_type, not {sorted(map(str, kinds))}.")
    kind = kinds.pop()
    if kind not in _KINDS:
        raise ValueError(f"'{name}': model_type '{kind}' is not supported; use {', '.join(_KINDS)}.")
    return kind


def _create_virtual(config: dict[str, Any], name: str, count: int) -> NodeCollection:
    if count == 0:
        return NodeCollection()
    nodes = Create("spike_train_injector", count)
    trains = spike_trains(config, name, count)
    nodes.set([{"allow_offgrid_times": True, "spike_times": times} for times in trains])
    return nodes


class _neurons:
    """The neurons of a population with their parameters: those of a type in columns of the CSV file and in its JSON
    file, those of a node in columns of the group that it belongs to. The node's own come last and count.
    """

    def __init__(self, config: dict[str, Any], types: dict[int, Row], population: Any):
        self._where = f"'{population.file.filename}': {population.name}"
        self._population = population
        self._folder = config.get("components", {}).get("point_neuron_models_dir")
        self._known = model_parameters()
        type_ids = population["node_type_id"][:]
        self._order = self._rows_by_id(len(type_ids))
        present, self._type_of = types_present(type_ids[self._order], types, self._where)
        self._models = [self._model(types[type_id], type_id) for type_id in present]
        self._shared = [self._of_type(types[type_id], model) for type_id, model in zip(present, self._models)]
        self._group_of, self._row_of = group_rows(population, "node", slice(0, len(type_ids)), len(type_ids))
        self._group_of, self._row_of = self._group_of[self._order], self._row_of[self._order]

    def create(self) -> NodeCollection:
        """Makes them, a call for each stretch of one model."""
        nodes = NodeCollection()
        begin = 0
        for model, stretch in groupby(self._models[position] for position in self._type_of.tolist()):
            count = sum(1 for _ in stretch)
            nodes += self._create_some(model, begin, begin + count)
            begin += count
        return nodes

    def _rows_by_id(self, count: int) -> np.ndarray:
        """Rows of the file in order of node id; without ids, as they are."""
        if "node_id" not in self._population:
            return np.arange(count)
        ids = self._population["node_id"][:]
        order = np.argsort(ids, kind="stable")
        if not np.array_equal(ids[order], np.arange(count)):
            raise NESTErrors.KernelException(f"{self._where}: the ids of its {count} nodes are not 0 to {count - 1}.")
        return order

    def _model(self, row: Row, type_id: int) -> str:
        if "model_template" not in row:
            raise ValueError(f"{self._where}: node type {type_id} has no model_template, which names its model.")
        return model_name(row["model_template"])

    def _of_type(self, row: Row, model: str) -> Row:
        columns = {key: row[key] for key in self._known.single(model, row)}
        return {**columns, **dynamics(row, self._folder)}

    def _create_some(self, model: str, begin: int, end: int) -> NodeCollection:
        columns = self._shared_columns(model, begin, end)
        self._put_own(model, begin, end, columns)
        params = {key: column[0] if _is_uniform(column) else column.tolist() for key, column in columns.items()}
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
            explicit, other = group_columns(self._population, group_id, rows[members])
            own = {**{key: other[key] for key in self._known.single(model, other)}, **explicit}
            for key, values in own.items():
                self._column(columns, model, key, values[0].item(), end - begin)[members] = values

    def _column(self, columns: dict[str, np.ndarray], model: str, key: str, like: Any, count: int) -> np.ndarray:
        """The column of a parameter, at first with its default; `like`: for a name that Create will refuse."""
        if key not in columns:
            columns[key] = np.full(count, self._known.of(model).get(key, like), dtype=object)
        return columns[key]


def _is_uniform(column: np.ndarray) -> bool:
    return bool(np.all(column == column[0]))
