"""Tables of pandas, made from what nodes and connections say. pandas is imported when a table is made."""

from typing import TYPE_CHECKING, Any

import numpy as np

from .low_level import Entries, node_handle, synapse_handle
from .session import session

if TYPE_CHECKING:
    from pandas import DataFrame

_FIRST = ("source", "target", "synapse_model", "weight", "delay")


def events_frame(recorders: node_handle) -> "DataFrame":
    """One row an event, in order of time: `times`, `senders` and what else was recorded; with several recorders, the
    column `recorder` says by which.

    Errors: KeyError for nodes that record nothing in memory.
    """
    import pandas

    found = session().node_values(recorders, ["events"]).get("events", [])
    events = [(node_id, entry) for node_id, entry in zip(recorders.tolist(), found) if entry is not None]
    if not events:
        raise KeyError("No node of this NodeCollection has 'events': they are those of recorders.")
    frames = [_one_recorder(pandas, entry, node_id, len(recorders) > 1) for node_id, entry in events]
    joined = frames[0] if len(frames) == 1 else pandas.concat(frames)
    return joined.sort_values("times", kind="stable", ignore_index=True)


def _one_recorder(pandas: Any, events: Entries, node_id: int, is_named: bool) -> "DataFrame":
    names = sorted(events, key=lambda name: (name != "times", name != "senders"))
    frame = pandas.DataFrame({name: events[name] for name in names})
    if is_named:
        frame.insert(0, "recorder", np.full(len(frame), node_id))
    return frame


def connections_frame(connections: synapse_handle, keys: list[str]) -> "DataFrame":
    """One row a connection with the columns `keys`; no keys: all, where one lacks a key it has NaN or None.

    Errors: KeyError for a key that no connection has.
    """
    import pandas

    columns = session().connection_values(connections, keys) if len(connections._sources) else {}
    for key in keys:
        if key not in columns and len(connections._sources):
            raise KeyError(f"No connection of this SynapseCollection has a parameter '{key}'.")
    order = keys or sorted(columns, key=lambda name: _FIRST.index(name) if name in _FIRST else len(_FIRST))
    return pandas.DataFrame({key: columns.get(key, []) for key in order})
