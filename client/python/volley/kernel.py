"""The status of the kernel: GetKernelStatus, SetKernelStatus and their short forms `get` and `set`.

The verbosity is the log's threshold of this process, and build_info describes it; both are added here.
"""

import warnings
from collections.abc import Callable, Iterable, Mapping
from functools import cache
from typing import Any

from .build_info import build_info
from .kernel_attributes import kernel_attribute, kernel_attributes
from .log import VerbosityLevel
from .nearest_name import nearest_name
from .session import link, session
from .version import __version__

__all__ = ["GetKernelStatus", "SetKernelStatus", "get", "set", "set_communicator"]


def GetKernelStatus(keys: Any = None) -> Any:
    """keys None: a dictionary; text: a value; several texts: a tuple of values in their order. Unknown keys: KeyError.

    Beyond the attributes of the kernel there are, all counted from the last ResetKernel on:
    `time_construction_create`, `time_construction_connect` (with the building that Connect puts off), `time_simulate`:
    wall clock in s. The last covers all runs (NEST counts anew with each Prepare or Simulate; a script that subtracts
    an earlier reading gets the same). `time_deliver_spike_data`, `time_update`, `time_gather_spike_data`,
    `time_exchange_wait`: how long the virtual process that was slowest in it was at it, in s; the last is the time
    spent waiting for the others. NEST has the first three, as a value a thread, where it was built with detailed
    timers. `memory_nodes`, `memory_connections`, `memory_events` (recorded events and queues): bytes of all virtual
    processes.
    """
    if keys is None:
        return {**session().kernel_status([]), **{key: fact() for key, fact in _own_facts().items()}}
    if isinstance(keys, str):
        return _values([keys])[0]
    if not isinstance(keys, Iterable):
        raise TypeError(f"GetKernelStatus: keys must be text or a list of texts, not {type(keys).__name__}.")
    names = list(keys)
    if not all(isinstance(name, str) for name in names):
        raise TypeError("GetKernelStatus: keys must be texts.")
    return tuple(_values(names))


def _values(keys: list[str]) -> list[Any]:
    own = _own_facts()
    wanted = [key for key in keys if key not in own]
    status = session().kernel_status(wanted) if wanted else {}
    return [own[key]() if key in own else status[key] for key in keys]


def _own_facts() -> dict[str, Callable[[], Any]]:
    """Entries of the status that this process knows and the kernel does not."""
    return {"verbosity": lambda: link().log.threshold, "build_info": lambda: build_info(__version__)}


def SetKernelStatus(params: dict[str, Any]) -> None:
    """Sets attributes of the kernel in one call, so that pairs that belong together can be set.

    Unknown or read-only keys: ValueError, or a warning when `dict_miss_is_error` is False (they are then removed from
    `params`). Errors of values: TypeMismatch, BadProperty, KernelException; a rejected call changes nothing.
    """
    if not isinstance(params, Mapping):
        raise TypeError(f"SetKernelStatus takes a dictionary, not {type(params).__name__}.")
    for key in [key for key in params if not _settable(key)]:
        _refuse(params, key)
    send_status(params)


def send_status(params: Mapping[str, Any]) -> None:
    """Sends settable attributes to the kernel, and the verbosity to the log."""
    level = VerbosityLevel(params["verbosity"]) if "verbosity" in params else None
    values = {key: value for key, value in params.items() if key != "verbosity"}
    if values:
        session().set_kernel_status(values)
    if level is not None:
        link().log.threshold = level


def get(*keys: str) -> Any:
    """No key: the whole status; one: its value; several: a tuple."""
    if not keys:
        return GetKernelStatus()
    return GetKernelStatus(keys[0] if len(keys) == 1 else keys)


def set(**kwargs: Any) -> None:
    """`SetKernelStatus` with keywords."""
    SetKernelStatus(kwargs)


def set_communicator(comm: Any) -> None:
    """Takes an mpi4py communicator of all ranks; without effect where there is one. mpi4py must have been imported
    before. NotImplementedError for a communicator of some ranks alone."""
    import sys

    if "mpi4py" not in sys.modules:
        raise ModuleNotFoundError("set_communicator needs mpi4py, imported before nest.")
    status = session().kernel_status(["num_processes", "mpi_rank"])
    ranks, rank = status["num_processes"], status["mpi_rank"]
    if ranks > 1 and (comm.Get_size(), comm.Get_rank()) != (ranks, rank):
        raise NotImplementedError(
            f"The kernel's ranks are the {ranks} that mpirun has started, in their order; a communicator of others is "
            "not supported."
        )


@cache
def _attributes() -> dict[str, kernel_attribute]:
    return kernel_attributes()


def _settable(key: str) -> bool:
    attribute = _attributes().get(key)
    return attribute is not None and not attribute._readonly


def _refuse(params: dict[str, Any], key: str) -> None:
    is_known = key in _attributes()
    reason = "cannot be changed." if is_known else f"is not an attribute of the kernel{nearest_attribute(key)}"
    text = f"SetKernelStatus: '{key}' {reason}"
    strict = params["dict_miss_is_error"] if "dict_miss_is_error" in params else GetKernelStatus("dict_miss_is_error")
    if strict:
        raise ValueError(text)
    warnings.warn(text, stacklevel=3)
    del params[key]


def nearest_attribute(key: Any) -> str:
    """The end of a message about a name that the kernel does not have."""
    return nearest_name(key, _attributes()) or "."
