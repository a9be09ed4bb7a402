"""Values of the API as what can be compared bit by bit, and where two of them differ.

Frozen: numbers and texts as they are (floats as their bits), arrays as (dtype, shape, bytes), collections as their ids.
What depends on the number of virtual processes, on the clock or on the machine is left out.
"""

import struct
from typing import Any

import numpy as np

# Entries of status dictionaries that two kernels with the same network need not share.
LEFT_OUT = {
    "vp",
    "thread",
    "thread_local_id",
    "target_thread",
    "total_num_virtual_procs",
    "local_num_threads",
    "filenames",
    "memory_size",
    "min_update_time",
    "max_update_time",
    "build_info",
    "memory_limit",
    "data_path",
}
_PREFIXES = (
    "time_construction",
    "time_simulate",
    "time_deliver",
    "time_update",
    "time_gather",
    "time_exchange",
    "memory_",
)


def left_out(key: Any) -> bool:
    return isinstance(key, str) and (key in LEFT_OUT or key.startswith(_PREFIXES))


def frozen(value: Any) -> Any:
    """`value` without what may differ, comparable by `==`."""
    if isinstance(value, float):
        return ("float", struct.pack("<d", value))
    if isinstance(value, np.ndarray):
        return ("array", value.dtype.str, value.shape, value.tobytes())
    if isinstance(value, dict):
        return {key: frozen(item) for key, item in value.items() if not left_out(key)}
    if isinstance(value, (list, tuple)):
        return [type(value).__name__, *map(frozen, value)]
    if isinstance(value, (type(None), bool, int, str, bytes)):
        return value
    return _object(value)


def _object(value: Any) -> Any:
    kind = type(value).__name__
    if isinstance(value, np.generic):
        return (kind, value.tobytes())
    if kind == "NodeCollection":
        return (kind, tuple(value._ids.ranges))
    if kind == "SynapseCollection":
        return (kind, *(getattr(value, name).tobytes() for name in ("_sources", "_targets", "_models", "_ports")))
    return (kind, repr(value))


def thawed(value: Any) -> str:
    """A frozen value for a message."""
    if isinstance(value, tuple) and value and value[0] == "float":
        return repr(struct.unpack("<d", value[1])[0])
    if isinstance(value, tuple) and value and value[0] == "array":
        return str(np.frombuffer(value[3], np.dtype(value[1])).reshape(value[2]).tolist())
    if isinstance(value, tuple) and value and value[0] == "SynapseCollection":
        return str(list(zip(*(np.frombuffer(column, np.int64).tolist() for column in value[1:]))))
    if isinstance(value, list):
        return f"[{', '.join(map(thawed, value[1:]))}]"
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key}: {thawed(item)}" for key, item in value.items()) + "}"
    return str(value)


def difference(a: Any, b: Any, path: str = "") -> str | None:
    """Where two frozen values differ and how; None where they do not."""
    if a == b:
        return None
    if isinstance(a, dict) and isinstance(b, dict):
        for key in {**a, **b}:
            if key not in a or key not in b:
                return f"{path}.{key} is there in one only: {thawed((a if key in a else b)[key])}"
            if found := difference(a[key], b[key], f"{path}.{key}"):
                return found
    if isinstance(a, list) and isinstance(b, list) and len(a) == len(b):
        pairs = enumerate(zip(a[1:], b[1:]))
        return (
            next(found for i, (x, y) in pairs if (found := difference(x, y, f"{path}[{i}]")))
            if a[0] == b[0]
            else f"{path}: {a[0]} and {b[0]}"
        )
    return f"{path}: {_short(thawed(a))} and {_short(thawed(b))}"


def _short(text: str) -> str:
    return text if len(text) < 400 else text[:200] + " ... " + text[-190:]
