"""Connecting a SONATA network: HDF5 files of edges, read in parts, described by CSV files of edge types."""

from collections.abc import Iterator
from typing import Any

import numpy as np

from ..connections import Connect
from ..errors import NESTErrors
from ..node_collection import NodeCollection
from .type_tables import dynamics, read_types

_FROM_CSV = {
    "model_template": "synapse_model",
    "syn_weight": "weight",
    "delay": "delay",
    "receptor_type": "receptor_type",
}
_FROM_GROUP = {"syn_weight": "weight", "delay": "delay", "receptor_type": "receptor_type"}


def connect_edges(config: dict[str, Any], nodes: dict[str, NodeCollection], part_size: int) -> None:
    """Makes the connections of all enabled edge files; at most `part_size` edges are in memory at a time."""
    import h5py

    folder = config.get("components", {}).get("synaptic_models_dir")
    for entry in config["networks"]["edges"]:
        if not entry.get("enabled", True):
            continue
        types = {
            key: _synapse(row, folder) for key, row in read_types(entry["edge_types_file"], "edge_type_id").items()
        }
        with h5py.File(entry["edges_file"], "r") as file:
            for name, population in file["edges"].items():
                _connect_population(name, population, types, nodes, part_size)


def _synapse(row: dict[str, Any], folder: str | None) -> dict[str, Any]:
    """The syn_spec of an edge type."""
    columns = {key: row[name] for name, key in _FROM_CSV.items() if name in row}
    if "receptor_type" in columns:
        columns["receptor_type"] = int(columns["receptor_type"])  # read as a float where another row has none
    return {"synapse_model": "static_synapse", **columns, **dynamics(row, folder)}


def _connect_population(
    name: str, population: Any, types: dict[int, dict[str, Any]], nodes: dict[str, NodeCollection], part_size: int
) -> None:
    group = _only_group(name, population)
    sources = np.asarray(nodes[_population_of(population["source_node_id"])])
    targets = np.asarray(nodes[_population_of(population["target_node_id"])])
    for part in _parts(len(population["source_node_id"]), part_size):
        pre = sources[population["source_node_id"][part]]
        post = targets[population["target_node_id"][part]]
        type_ids = population["edge_type_id"][part]
        own = _group_columns(population, group, part)
        for chosen, spec in _synapse_groups(types, type_ids, own):
            Connect(pre[chosen], post[chosen], "one_to_one", spec)


def _only_group(name: str, population: Any) -> Any:
    groups = [key for key in population if key.isdecimal()]
    if len(groups) > 1:
        raise NESTErrors.NotImplemented(f"Edge population '{name}' has {len(groups)} groups; one is supported.")
    return population[groups[0]] if groups else {}


def _population_of(dataset: Any) -> str:
    name = dataset.attrs["node_population"]
    return name.decode() if isinstance(name, bytes) else name


def _parts(count: int, size: int) -> Iterator[slice]:
    return (slice(begin, min(begin + size, count)) for begin in range(0, count, size))


def _group_columns(population: Any, group: Any, part: slice) -> dict[str, np.ndarray]:
    """Columns that give a value to each edge of the part; they override those of the types."""
    columns = {key: group[name] for name, key in _FROM_GROUP.items() if name in group}
    columns.update(group.get("dynamics_params", {}))
    if not columns:
        return {}
    rows = population["edge_group_index"][part].astype(np.int64)
    first = rows.min()
    window = slice(first, rows.max() + 1)  # HDF5 reads ranges far faster than lists of rows
    return {key: column[window][rows - first] for key, column in columns.items()}


def _synapse_groups(
    types: dict[int, dict[str, Any]], type_ids: np.ndarray, own: dict[str, np.ndarray]
) -> Iterator[tuple[np.ndarray, dict[str, Any]]]:
    """(edges of the part, their syn_spec): one group per synapse model and set of parameters."""
    present, type_of_edge = np.unique(type_ids, return_inverse=True)
    groups: dict[tuple, list[int]] = {}  # positions in `present` by model and keys
    for position, type_id in enumerate(present.tolist()):
        spec = types[type_id]
        groups.setdefault((spec["synapse_model"], *sorted(spec)), []).append(position)
    for (model, *keys), members in groups.items():
        chosen = np.flatnonzero(np.isin(type_of_edge, members))
        syn_spec: dict[str, Any] = {"synapse_model": model}
        for key in set(keys) - {"synapse_model"} - set(own):
            by_type = np.array([types[type_id].get(key, 0) for type_id in present.tolist()])
            uniform = np.all(by_type[members] == by_type[members[0]])
            syn_spec[key] = by_type[members[0]].item() if uniform else by_type[type_of_edge[chosen]]
        syn_spec.update({key: column[chosen] for key, column in own.items()})
        yield chosen, syn_spec
