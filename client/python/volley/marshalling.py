"""Sessions with a kernel, and what the extension must know of this package's classes to build and read instances."""

import os
from collections.abc import Callable
from typing import NamedTuple

from .errors import NESTError, exception_for
from .low_level import low_level_session
from .node_collection import NodeCollection
from .parameters import Parameter
from .session import Opener
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


def open_session(
    write_log: Callable[[int, str], None], address: str, first_generation: int = 1, kernel: str = ""
) -> low_level_session:
    """A session with the kernel of a name (see `connect`) at an address; "" is one inside this process, which counts
    its resets from `first_generation` on. `write_log` gets the kernel's log.
    """
    import _volley  # deferred: the rest of the package does not need it

    return _volley.Session(
        address=address,
        token=os.environ.get("VOLLEY_TOKEN", ""),
        kernel=kernel,
        classes=classes(),
        write_log=write_log,
        first_generation=first_generation,
    )


def opener(address: str, kernel: str = "") -> Opener:
    """Opens sessions with a kernel for a `kernel_link`.

    Errors of it: NESTError for a second session with a server's kernel, which its first one uses.
    """

    def open_it(write_log: Callable[[int, str], None], first_generation: int) -> low_level_session:
        if address and first_generation != 1:
            raise NESTError(
                f"This process was forked from one that uses the kernel at {address}, as VOLLEY_ADDRESS says; start a "
                "process for each client, or leave the kernels inside."
            )
        return open_session(write_log, address, first_generation, kernel)

    return open_it


def open_default(write_log: Callable[[int, str], None], first_generation: int) -> low_level_session:
    """A session with the kernel that VOLLEY_ADDRESS ("unix:/path", "tcp:host:port", "tls:host:port") and VOLLEY_KERNEL
    name, or inside."""
    named = os.environ.get("VOLLEY_ADDRESS", ""), os.environ.get("VOLLEY_KERNEL", "")
    return opener(*named)(write_log, first_generation)
