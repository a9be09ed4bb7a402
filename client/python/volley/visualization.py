"""Pictures of networks as graphs, drawn by graphviz's program `dot` where it is installed."""

import shutil
import subprocess
from pathlib import Path

import numpy as np

from .node_collection import NodeCollection
from .session import session
from .synapse_collection import SynapseCollection

__all__ = ["plot_network"]

_SHAPES = {"neuron": "circle", "stimulator": "house", "recorder": "box"}
_EXCITATORY, _INHIBITORY = "#1f5fa8", "#c0392b"


def plot_network(nodes: NodeCollection, filename: str, ext_conns: bool = False, plot_modelnames: bool = False) -> None:
    """Draws `nodes`, and all connections that begin at them with their targets, into a .pdf or .png file.

    Neurons are circles, stimulators houses, recorders boxes; connections of negative weight are red and end in a dot.
    Errors: TypeError, ValueError (no nodes, another ending of the file), NotImplementedError (ext_conns,
    plot_modelnames), ImportError without graphviz, OSError for a file that cannot be written.
    """
    if not isinstance(nodes, NodeCollection):
        raise TypeError(f"plot_network takes a NodeCollection, not {type(nodes).__name__}.")
    if not nodes:
        raise ValueError("plot_network: the NodeCollection has no nodes to plot.")
    if ext_conns or plot_modelnames:
        raise NotImplementedError("plot_network: ext_conns and plot_modelnames are not supported.")
    suffix = Path(filename).suffix
    if suffix not in (".pdf", ".png"):
        raise ValueError(f"plot_network writes .pdf and .png files, not '{filename}'.")
    _draw(_graph(nodes), suffix[1:], filename)


def _graph(nodes: NodeCollection) -> str:
    """The network in graphviz's language."""
    found = session().get_connections(nodes, None, None, None)
    pairs, weights = _pairs(found)
    members = NodeCollection(np.union1d(np.asarray(nodes), pairs[:, 1]))
    kinds = session().node_values(members, ["element_type"])["element_type"]
    lines = [
        "digraph network {",
        '  node [fontname="Helvetica", fontsize=11, style=filled, fillcolor="#f2f2f2", color="#555555"];',
        *(f"  {node} [shape={_SHAPES.get(kind, 'ellipse')}];" for node, kind in zip(members.tolist(), kinds)),
    ]
    for (source, target), weight in zip(pairs.tolist(), weights):
        style = f'color="{_INHIBITORY}", arrowhead=dot' if weight < 0 else f'color="{_EXCITATORY}"'
        lines.append(f"  {source} -> {target} [{style}];")
    return "\n".join([*lines, "}"])


def _pairs(connections: SynapseCollection) -> tuple[np.ndarray, list[float]]:
    """Rows (source, target), each once, and the sum of the weights of their connections."""
    if len(connections) == 0:
        return np.empty((0, 2), np.int64), []
    rows = np.stack([connections._sources, connections._targets], axis=1)
    pairs, of_row = np.unique(rows, axis=0, return_inverse=True)
    weights = np.asarray(session().connection_values(connections, ["weight"])["weight"], dtype=float)
    return pairs, np.bincount(of_row, weights).tolist()


def _draw(graph: str, kind: str, filename: str) -> None:
    program = shutil.which("dot")
    if program is None:
        raise ImportError("plot_network needs graphviz (Debian's package graphviz), which is not installed.")
    ran = subprocess.run([program, f"-T{kind}", "-Gdpi=100"], input=graph.encode(), capture_output=True)
    if ran.returncode != 0:
        raise OSError(f"plot_network: dot failed: {ran.stderr.decode(errors='replace').strip()}")
    Path(filename).write_bytes(ran.stdout)
