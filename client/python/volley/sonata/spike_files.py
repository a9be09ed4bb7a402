"""Spike trains for virtual nodes: HDF5 or CSV files that the configuration's `inputs` section names."""

from collections.abc import Collection
from pathlib import Path
from typing import Any

import numpy as np

from ..nearest_name import nearest_name
from .files import column_at, group_at, integers, open_hdf5, read_table, whole
from .node_sets import node_set, read_node_sets

_MS = {"ms": 1.0, "s": 1000.0}


def spike_trains(
    config: dict[str, Any], sources: dict[str, int], populations: Collection[str]
) -> dict[str, list[np.ndarray]]:
    """For each population of virtual nodes, per node its spike times in ms, ascending; nodes without input have none.

    sources: the sizes of these populations; populations: the names of all.
    Errors: ValueError for an input of no such population, or a file that is not of a known form, names a node that the
    population does not have, or a time that is not after 0.
    """
    known = read_node_sets(config)
    spikes = {name: [(np.empty(0, np.int64), np.empty(0))] for name in sources}
    for name, section in config.get("inputs", {}).items():
        if section.get("input_type", "spikes") != "spikes":
            continue
        wanted = node_set(section.get("node_set"), known)
        population, file = wanted.population, section["input_file"]
        if population not in sources:
            what = "is not virtual" if population in populations else "is neither a node set nor a population"
            near = nearest_name(population, [*known, *sources])
            raise ValueError(f"The input '{name}' is for '{population}', which {what}{near or '.'}")
        ids, times = _read(file, population)
        count = sources[population]
        if np.any((ids < 0) | (ids >= count)):
            raise ValueError(f"'{file}' has spikes of nodes that '{population}' ({count}) does not have.")
        if wanted.ids is not None and np.any((wanted.ids < 0) | (wanted.ids >= count)):
            raise ValueError(f"The input '{name}' is for nodes that '{population}' ({count}) does not have.")
        chosen = wanted.mask(ids)
        for time in times[chosen & ~((times > 0) & (times < np.inf))][:1]:
            raise ValueError(f"'{file}' has a spike at {time} ms; it must be after 0.")
        spikes[population].append((ids[chosen], times[chosen]))
    return {name: _trains(some, sources[name]) for name, some in spikes.items()}


def _trains(inputs: list[tuple[np.ndarray, np.ndarray]], count: int) -> list[np.ndarray]:
    ids, times = (np.concatenate(column) for column in zip(*inputs))
    order = np.lexsort((times, ids))
    return np.split(times[order], np.searchsorted(ids[order], np.arange(1, count))) if count else []


def _read(name: str, population: str) -> tuple[np.ndarray, np.ndarray]:
    ids, times = _read_csv(name, population) if Path(name).suffix == ".csv" else _read_hdf5(name, population)
    if len(ids) != len(times):
        raise ValueError(f"'{name}' has {len(ids)} nodes for {len(times)} times.")
    return ids, times


def _read_hdf5(name: str, population: str) -> tuple[np.ndarray, np.ndarray]:
    with open_hdf5(name) as file:
        spikes = group_at(file, "spikes")
        group = group_at(spikes, population) if population in spikes else spikes
        ids = [key for key in ("node_ids", "gids") if key in group]
        if not ids or "timestamps" not in group:
            raise ValueError(f"'{name}' has neither spikes of '{population}' nor of nodes without a population.")
        times = column_at(group, "timestamps")
        unit = times.attrs.get("units", "ms")
        unit = unit.decode() if isinstance(unit, bytes) else unit
        if unit not in _MS:
            raise ValueError(f"'{name}': the unit of time is '{unit}', not ms or s.")
        return integers(group, ids[0]), times[:].astype(float) * _MS[unit]


def _read_csv(name: str, population: str) -> tuple[np.ndarray, np.ndarray]:
    table = read_table(name, sep=r"[\s,]+", engine="python")
    ids = [key for key in ("node_ids", "gids") if key in table]
    if not ids or "timestamps" not in table:
        raise ValueError(f"'{name}' lacks the columns timestamps and node_ids.")
    if "population" in table:
        table = table[table["population"] == population]
    try:
        nodes, times = (table[key].to_numpy(float) for key in (ids[0], "timestamps"))
    except ValueError as error:
        raise ValueError(f"'{name}': {error}") from None
    return whole(nodes, f"'{name}': {ids[0]}"), times
