"""Handles and values as no kernel gives them out, for programs that try them; and what must hold."""

from collections.abc import Callable
from functools import cache
from typing import Any

import numpy as np
from volley.node_collection import NodeCollection
from volley.parameters import Parameter
from volley.session import session
from volley.synapse_collection import SynapseCollection


def nodes_of(*ranges: tuple[int, int, int]) -> NodeCollection:
    return NodeCollection._from_kernel(session().generation, ranges)


def synapses_of(*columns: list[int]) -> SynapseCollection:
    """Sources, targets, models, ports."""
    return SynapseCollection._from_kernel(session().generation, *(np.array(column, np.int64) for column in columns))


def expression(*terms: tuple) -> Parameter:
    made = Parameter.__new__(Parameter)
    object.__setattr__(made, "terms", terms)
    return made


@cache
def nested(depth: int) -> dict[str, Any]:
    inner: dict[str, Any] = {}
    for _ in range(depth):
        inner = {"a": inner}
    return inner


def sure(holds: Callable[[], Any]) -> None:
    """For what must work if the program is to say anything: an AssertionError is no refusal, whatever the reason."""
    try:
        held = holds()
    except Exception as reason:
        raise AssertionError(f"{type(reason).__name__}: {reason}") from reason
    assert held
