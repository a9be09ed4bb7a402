"""Nodes and connections of layers as text files."""

from pathlib import Path
from typing import Any

import numpy as np

from .connect_arguments import check_synapse_model
from .errors import NESTErrors
from .layers import _nodes
from .node_collection import NodeCollection
from .node_values import lists
from .session import session

__all__ = ["DumpLayerConnections", "DumpLayerNodes"]


def DumpLayerNodes(layer: NodeCollection, outname: str) -> None:
    """Writes a line for each node: id and coordinates; each of several ranks those of its own, in a file that has its
    number in the name. Errors: TypeError, LayerExpected, OSError."""
    rows = session().get_positions(_nodes("DumpLayerNodes", layer))
    table = np.column_stack([np.asarray(layer), rows])
    if _ranks() > 1:
        table = table[np.array(lists(layer, ["local"])["local"])]
    _write(outname, table, ids=1)


def DumpLayerConnections(
    source_layer: NodeCollection, target_layer: NodeCollection, synapse_model: str, outname: str
) -> None:
    """Writes a line for each connection of a synapse model: source, target, weight, delay, and the vector from source
    to target; each of several ranks those of its own, in a file that has its number in the name. Errors: TypeError,
    LayerExpected, UnknownSynapseType, OSError."""
    for nodes in (source_layer, target_layer):
        _nodes("DumpLayerConnections", nodes)
    if not isinstance(synapse_model, str):
        raise TypeError(f"DumpLayerConnections: synapse_model must be text, not {type(synapse_model).__name__}.")
    check_synapse_model("DumpLayerConnections", synapse_model)
    found = session().get_connections(source_layer, target_layer, synapse_model, None)
    frame = session().describe_space(target_layer)
    ends, starts = _rows(target_layer, found._targets), _rows(source_layer, found._sources)
    if ends.shape != starts.shape:
        raise NESTErrors.BadProperty("DumpLayerConnections: the layers have different numbers of dimensions.")
    apart = ends - starts
    if frame["edge_wrap"]:
        apart -= frame["extent"] * np.floor(apart / frame["extent"] + 0.5)
    values = session().connection_values(found, ["weight", "delay"]) if len(found) else {"weight": [], "delay": []}
    table = np.column_stack([found._sources, found._targets, values["weight"], values["delay"], apart])
    _write(outname, table, ids=2)


def _rows(layer: NodeCollection, ids: np.ndarray) -> np.ndarray:
    return session().get_positions(layer)[np.searchsorted(np.asarray(layer), ids)]


def _ranks() -> int:
    return session().kernel_status(["num_processes"])["num_processes"]


def _write(outname: Any, table: np.ndarray, ids: int) -> None:
    if _ranks() > 1:
        name = Path(outname)
        outname = name.with_name(f"{name.stem}-{session().kernel_status(['mpi_rank'])['mpi_rank']}{name.suffix}")
    np.savetxt(outname, table, fmt=" ".join(["%d"] * ids + ["%.12g"] * (table.shape[1] - ids)))
