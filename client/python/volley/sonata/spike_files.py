"""Spike trains for virtual nodes: HDF5 files that the configuration's `inputs` section names."""

import json
from typing import Any

import numpy as np


def spike_trains(config: dict[str, Any], population: str, count: int) -> list[np.ndarray]:
    """Per node of the population its spike times in ms, ascending; nodes without input have none."""
    ids, times = [np.empty(0, np.int64)], [np.empty(0)]
    for section in config.get("inputs", {}).values():
        if section.get("input_type", "spikes") == "spikes" and _population(config, section) == population:
            file_ids, file_times = _read(section["input_file"], population)
            ids.append(file_ids)
            times.append(file_times)
    all_ids, all_times = np.concatenate(ids), np.concatenate(times)
    order = np.lexsort((all_times, all_ids))
    ends = np.searchsorted(all_ids[order], np.arange(1, count))
    return np.split(all_times[order], ends) if count else []


def _population(config: dict[str, Any], section: dict[str, Any]) -> str | None:
    """The population that a node set stands for: its own name, or that of an entry in the node sets file."""
    node_set = section["node_set"]
    if isinstance(node_set, str) and "node_sets_file" in config:
        try:
            with open(config["node_sets_file"]) as file:
                node_set = json.load(file).get(node_set, node_set)
        except FileNotFoundError:  # circuits are published without the file when their node sets are populations
            pass
    return node_set.get("population") if isinstance(node_set, dict) else node_set


def _read(name: str, population: str) -> tuple[np.ndarray, np.ndarray]:
    import h5py

    with h5py.File(name, "r") as file:
        spikes = file["spikes"]
        if population in spikes:
            group, id_name = spikes[population], "node_ids"
        else:
            group, id_name = spikes, "gids"
        return group[id_name][:].astype(np.int64), group["timestamps"][:].astype(float)
