"""Which names of the package are used on behalf of others, through HTTP or in restricted code: all of its listing, but
for what is refused for a reason. What is not in the listing is not served."""

import inspect
import sys
from collections.abc import Iterator
from functools import cache
from types import ModuleType
from typing import Any

from .kernel_attributes import kernel_attributes
from .restricted import public_names

# Only read: observers may call them, also while a simulation runs. Functions that are not named here are taken to
# change the network.
READING = frozenset(
    """
    ConnectionRules Displacement Distance FindCenterElement FindNearestElement GetConnections GetDefaults
    GetKernelStatus GetLocalNodeCollection GetLocalVPs GetNodes GetPosition GetSourceNodes GetSourcePositions GetStatus
    GetTargetNodes GetTargetPositions Models NodeCollection NumProcesses Rank SelectNodesByMask get get_verbosity help
    kernels
    """.split()
)

# Run the network: they can be cancelled, and take their time.
RUNNING = frozenset({"Run", "Simulate"})

# Functions whose results cannot be sent, or mean nothing to somebody else: for code only, as all classes are.
_ONLY_IN_CODE = frozenset("CreateMask CreateParameter RunManager serialize_data to_json".split())

_REFUSED = {
    **dict.fromkeys(("PrintNodes", "authors", "message", "sysinfo"), "it writes to the server's terminal"),
    **dict.fromkeys(("raster_plot", "visualization", "voltage_trace"), "it draws, and reads files"),
    "connect": "the server's kernel is its own",
    "get_argv": "it tells how the server was started",
    "helpdesk": "it opens a window",
    "ll_api": "it is the inside of the package",
    "set_communicator": "the server's communicator is its own",
}
_FILES = frozenset("config file filename fname module_name network outname path".split())
_FIGURES = frozenset({"ax", "fig"})


def refusal_of(name: str) -> str:
    """Why a name of the listing is not served; "" when it is."""
    return _refusal(name, getattr(_package(), name))


def why_not(name: str) -> str:
    """What a request is told for a name that is not among `served_names()`."""
    if name in _package().__all__:
        return f"'{name}' is not served: {refusal_of(name) or 'what it gives cannot be sent'}"
    return f"'{name}' is not among the names that are served; GET /api lists them"


@cache
def served_names() -> frozenset[str]:
    """The functions and attributes that /api knows."""
    found = {name for name, thing in _served() if not isinstance(thing, (ModuleType, type))}
    return frozenset(found - _ONLY_IN_CODE | {"NodeCollection"} | kernel_attributes().keys())


@cache
def observer_names() -> frozenset[str]:
    """Those that change nothing."""
    return served_names() & (READING | kernel_attributes().keys())


def names_in_code() -> frozenset[str]:
    """What restricted code sees of the package, without its modules. `help` waits for a terminal."""
    found = {name for name, thing in _served() if not isinstance(thing, ModuleType)}
    return frozenset(found - {"help"} | kernel_attributes().keys())


def modules_in_code() -> dict[str, list[str]]:
    """Modules of the package that restricted code sees, and their names."""
    modules = {name: thing for name, thing in _served() if isinstance(thing, ModuleType)}
    return {
        name: [inner for inner in public_names(thing) if not _refusal(inner, getattr(thing, inner))]
        for name, thing in modules.items()
    }


def _package() -> Any:
    return sys.modules[__package__]


def _served() -> Iterator[tuple[str, Any]]:
    package = _package()
    for name in package.__all__:
        thing = getattr(package, name)
        if not _refusal(name, thing):
            yield name, thing


def _refusal(name: str, thing: Any) -> str:
    if name in _REFUSED:
        return _REFUSED[name]
    parameters = _parameters(thing)
    if parameters & _FILES:
        return "it reads or writes files, or runs what is in them"
    return "it draws" if parameters & _FIGURES else ""


def _parameters(thing: Any) -> set[str]:
    if isinstance(thing, type) and issubclass(thing, BaseException) or not callable(thing):
        return set()
    try:
        return set(inspect.signature(thing).parameters)
    except (TypeError, ValueError):  # a class without a signature, an enumeration
        return set()
