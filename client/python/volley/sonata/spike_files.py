"""Spike trains for virtual nodes: HDF5 or CSV files that the configuration's `inputs` section names."""

from pathlib import Path
from typing import Any

import numpy as np

from .node_sets import node_set, read_node_sets

_MS = {"ms": 1.0, "s": 1000.0}


def spike_trains(config: dict[str, Any], population: str, count: int) -> list[np.ndarray]:
    """Per node of the population its spike times in ms, ascending; nodes without input have none.

    Errors: ValueError for a file that is not of a known form, or names a node that the population does not have.
    """
    known = read_node_sets(config)
    ids, times = [np.empty(0, np.int64)], [np.empty(0)]
    for section in config.get("inputs", {}).values():
        wanted = node_set(section["node_set"], known) if section.get("input_type", "spikes") == "spikes" else None
        if wanted is None or wanted.population != population:
            continue
        file_ids, file_times = _read(section["input_file"], population)
        if np.any((file_ids < 0) | (file_ids >= count)):
            raise ValueError(
                f"'{section['input_file']}' has spikes of nodes that '{population}' ({count}) does not have."
            )
        chosen = wanted.mask(file_ids)
        ids.append(file_ids[chosen])
        times.append(file_times[chosen])
    all_ids, all_times = np.concatenate(ids), np.concatenate(times)
    order = np.lexsort((all_times, all_ids))
    ends = np.searchsorted(all_ids[order], np.arange(1, count))
    return np.split(all_times[order], ends) if count else []


def _read(name: str, population: str) -> tuple[np.ndarray, np.ndarray]:
    return _read_csv(name, population) if Path(name).suffix == ".csv" else _read_hdf5(name, population)


def _read_hdf5(name: str, population: str) -> tuple[np.ndarray, np.ndarray]:
    import h5py

    with h5py.File(name, "r") as file:
        spikes = file["spikes"]
        group = spikes[population] if population in spikes else spikes
        ids = [key for key in ("node_ids", "gids") if key in group]
        if not ids or "timestamps" not in group:
            raise ValueError(f"'{name}' has neither spikes of '{population}' nor of nodes without a population.")
        unit = group["timestamps"].attrs.get("units", "ms")
        unit = unit.decode() if isinstance(unit, bytes) else unit
        if unit not in _MS:
            raise ValueError(f"'{name}': the unit of time is '{unit}', not ms or s.")
        return group[ids[0]][:].astype(np.int64), group["timestamps"][:].astype(float) * _MS[unit]


def _read_csv(name: str, population: str) -> tuple[np.ndarray, np.ndarray]:
    import pandas

    table = pandas.read_csv(name, sep=r"[\s,]+", engine="python")
    ids = [key for key in ("node_ids", "gids") if key in table]
    if not ids or "timestamps" not in table:
        raise ValueError(f"'{name}' lacks the columns timestamps and node_ids.")
    if "population" in table:
        table = table[table["population"] == population]
    return table[ids[0]].to_numpy(np.int64), table["timestamps"].to_numpy(float)
