"""Turning results of the API into plain Python values and JSON text."""

import json
from typing import Any

import numpy as np


def serialize_data(data: Any) -> Any:
    """`data` with arrays and NodeCollections as lists, SynapseCollections as dictionaries, numpy scalars as Python
    ones.

    A class of the package says by its method `_plain` what stands for an instance.

    Lists, tuples (as lists) and dictionaries are converted member by member; anything else stays as it is.
    """
    if hasattr(type(data), "_plain"):
        return serialize_data(data._plain())
    if isinstance(data, np.ndarray):
        return data.tolist()
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
