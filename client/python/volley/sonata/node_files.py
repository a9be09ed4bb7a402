"""Making the nodes of a SONATA network: one population per group of an HDF5 file, described by a CSV file of types."""

from itertools import groupby
from typing import Any

import numpy as np

from ..node_collection import NodeCollection
from ..nodes import Create
from .spike_files import spike_trains
from .type_tables import dynamics, read_types


def create_nodes(config: dict[str, Any]) -> dict[str, NodeCollection]:
    """Makes all nodes and returns them by population. Position in a collection is the node id of the file."""
    import h5py

    collections = {}
    for entry in config["networks"]["nodes"]:
        types = read_types(entry["node_types_file"], "node_type_id")
        kind = _model_type(types, entry["node_types_file"])
        with h5py.File(entry["nodes_file"], "r") as file:
            for name, population in file["nodes"].items():
                if kind == "virtual":
                    collections[name] = _create_virtual(config, name, len(population["node_type_id"]))
                else:
                    collections[name] = _create_neurons(config, types, population)
    return collections


def _model_type(types: dict[int, dict[str, Any]], name: str) -> str:
    kinds = {row.get("model_type") for row in types.values()}
    if len(kinds) != 1:
        raise ValueError(f"'{name}' must have exactly one model_type, not {sorted(map(str, kinds))}.")
    kind = kinds.pop()
    if kind not in ("point_neuron", "point_process", "virtual"):
        raise ValueError(f"'{name}': model_type '{kind}' is not supported; use point_neuron, point_process or virtual.")
    return kind


def _create_virtual(config: dict[str, Any], name: str, count: int) -> NodeCollection:
    nodes = Create("spike_train_injector", count)
    trains = spike_trains(config, name, count)
    nodes.set([{"allow_offgrid_times": True, "spike_times": times} for times in trains])
    return nodes


def _create_neurons(config: dict[str, Any], types: dict[int, dict[str, Any]], population: Any) -> NodeCollection:
    type_ids = population["node_type_id"][:]
    rows = _order(population, len(type_ids))
    type_ids = type_ids[rows].tolist()
    folder = config.get("components", {}).get("point_neuron_models_dir")
    shared = {type_id: dynamics(types[type_id], folder) for type_id in set(type_ids)}
    own: dict[int, dict[str, Any]] = _own_parameters(population, rows)
    nodes = NodeCollection()
    position = 0
    for model, run in groupby(type_ids, key=lambda type_id: _model(types[type_id])):
        params = [{**shared[type_id], **own.get(position + i, {})} for i, type_id in enumerate(run)]
        nodes += Create(model, len(params), params if any(params) else None)
        position += len(params)
    return nodes


def _order(population: Any, count: int) -> np.ndarray:
    """Rows of the file in order of node id; without ids, or in their order, as they are."""
    return np.argsort(population["node_id"][:], kind="stable") if "node_id" in population else np.arange(count)


def _model(row: dict[str, Any]) -> str:
    return row["model_template"].removeprefix("nest:")


def _own_parameters(population: Any, rows: np.ndarray) -> dict[int, dict[str, Any]]:
    """Per node position the parameters that the file gives to this node alone."""
    own: dict[int, dict[str, Any]] = {}
    if "node_group_id" not in population:
        return own
    group_ids = population["node_group_id"][:][rows]
    group_indices = population["node_group_index"][:][rows]
    for group_id in np.unique(group_ids).tolist():
        values = population.get(f"{group_id}/dynamics_params", {})
        members = np.flatnonzero(group_ids == group_id)
        for key, column in values.items():
            for position, value in zip(members.tolist(), column[:][group_indices[members]].tolist()):
                own.setdefault(position, {})[key] = value
    return own
