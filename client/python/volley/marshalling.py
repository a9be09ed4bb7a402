"""What the extension needs to know of this package's classes, to build and to read their instances."""

from collections.abc import Callable
from typing import NamedTuple

from .errors import exception_for
from .node_collection import NodeCollection
from .parameters import Parameter
from .synapse_collection import SynapseCollection


class class_table(NamedTuple):
    """Handed to `_volley.Session`, so that the extension imports nothing by name and keeps no globals.

    nodes: `_from_kernel(generation, [(first, last, step), ...])`; read through `_generation` and `_ids.ranges`.
    synapses: `_from_kernel(generation, sources, targets, models, ports)`; read through the same names with "_".
    parameter: read through `terms`: ((operation, (argument, ...), (number, ...)), ...).
    exception_for: the class of an error kind.
    """

    nodes: type = NodeCollection
    synapses: type = SynapseCollection
    parameter: type = Parameter
    exception_for: Callable[[str], type[Exception]] = exception_for


def classes() -> class_table:
    """The classes of this package."""
    return class_table()
