"""Turning results of the API into plain Python values and JSON text."""

import json
from typing import Any

import numpy as np


def serialize_data(data: Any) -> Any:
    """`data` with arrays and NodeCollections as lists, SynapseCollections as dictionaries, numpy scalars as Python ones.

    Lists, tuples (as lists) and dictionaries are converted member by member; anything else stays as it is.
    """
    from .node_collection import NodeCollection  # here, because collections use to_json themselves
    from .synapse_collection import SynapseCollection

    if isinstance(data, (np.ndarray, NodeCollection)):
        return data.tolist()
    if isinstance(data, SynapseCollection):
        return serialize_data(data.get())
    if isinstance(data, np.generic):
        return data.item()
    if isinstance(data, (list, tuple)):
        return [serialize_data(item) for item in data]
    if isinstance(data, dict):
        return {serialize_data(key): serialize_data(value) for key, value in data.items()}
    return data


def to_json(data: Any, **kwargs: Any) -> str:
    """`serialize_data(data)` as JSON text; keywords go to `json.dumps`."""
    return json.dumps(serialize_data(data), **kwargs)
