"""Node sets of SONATA: names for populations and for some of their nodes."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from .files import read_json


@dataclass
class chosen_nodes:
    """Nodes of one population. ids: ascending positions in it; None: all."""

    population: str
    ids: np.ndarray | None = None

    def mask(self, ids: np.ndarray) -> np.ndarray:
        """Which of the ids are chosen."""
        return np.ones(len(ids), bool) if self.ids is None else np.isin(ids, self.ids)


def read_node_sets(config: dict[str, Any]) -> dict[str, Any]:
    """The file of node sets. Circuits are published without it when their node sets are populations."""
    try:
        return read_json(config["node_sets_file"])
    except (KeyError, FileNotFoundError):
        return {}


def node_set(what: Any, known: dict[str, Any]) -> chosen_nodes:
    """What a configuration means: the name of a node set or of a population, or {"population": ..., "node_id": [...]}.

    Errors: ValueError for a set that is chosen otherwise (by properties of nodes, or of several sets).
    """
    entry = known.get(what, what) if isinstance(what, str) else what
    if isinstance(entry, str):
        return chosen_nodes(entry)
    extra = set(entry) - {"population", "node_id", "node_ids"} if isinstance(entry, dict) else {"a list of sets"}
    ids = np.atleast_1d(() if extra else entry.get("node_id", entry.get("node_ids", ())))
    if extra or not isinstance(entry.get("population"), str) or ids.size and ids.dtype.kind not in "iu":
        raise ValueError(f"The node set {what!r} is not given by a population and ids of its nodes: {entry!r}.")
    return chosen_nodes(entry["population"], np.unique(ids) if {"node_id", "node_ids"} & set(entry) else None)
