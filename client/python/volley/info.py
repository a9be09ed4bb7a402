"""Functions that tell about the kernel, and the status functions of old scripts."""

import os
import pydoc
import sys
import webbrowser
from pathlib import Path
from typing import Any

from .deprecation import deprecated
from .errors import NESTError
from .kernel import GetKernelStatus
from .log import VerbosityLevel
from .model_pages import text_of_table, text_page
from .model_tables import known_models
from .models import GetDefaults
from .nearest_name import nearest_name
from .serialize import to_json
from .session import link

__all__ = [
    "GetStatus",
    "SetStatus",
    "VerbosityLevel",
    "authors",
    "get_argv",
    "get_verbosity",
    "help",
    "helpdesk",
    "message",
    "set_verbosity",
    "sysinfo",
]


def help(obj: str | None = None, return_text: bool = False) -> str | None:
    """Shows the page of a model (equations, parameters, units, defaults), or this package's text; returns it if
    `return_text`. A copy has the page of the model it was copied from; models of modules have one while the module is
    loaded. Unknown names are told.
    """
    if obj is None:
        print(sys.modules[__package__].__doc__)
        return None
    text = text_page(obj) or _page_of_kernel(obj)
    if text is None:
        print(f"There is no help for '{obj}'{nearest_name(obj, known_models()) or '.'}")
        return None
    if return_text:
        return text
    pydoc.pager(text)
    return None


def _page_of_kernel(name: Any) -> str | None:
    """The page of a model that the kernel has besides: a copy, or one of a module; None for what is no model."""
    try:
        origin = GetDefaults(name).get("type_id", "")
        if (page := text_page(origin)) is not None:
            return page
        of_modules = {table["name"]: table for table in GetKernelStatus("module_models")}
    except (NESTError, TypeError, KeyError):  # a server of before knows no such key
        return None
    return text_of_table(of_modules[origin]) if origin in of_modules else None


def helpdesk() -> None:
    """Opens the documentation in the default browser; FileNotFoundError when it is not installed."""
    page = _documents() / "index.html"
    if not page.is_file():
        raise FileNotFoundError(f"The documentation is not installed: {page} does not exist.")
    webbrowser.open_new(page.as_uri())


def _documents() -> Path:
    return Path(GetKernelStatus("build_info")["docdir"]) / "html"


def message(
    message: str,
    severity: VerbosityLevel = VerbosityLevel.INFO,
    *,
    function: str | None = None,
    filename: str | None = None,
    lineno: int | None = None,
) -> None:
    """Writes a message to the log. Place names come from the caller unless given; ALL and QUIET are no severities."""
    assert severity not in (VerbosityLevel.ALL, VerbosityLevel.QUIET), "ALL and QUIET are thresholds, not severities."
    caller = sys._getframe(1)
    file = os.path.basename(filename or caller.f_code.co_filename)
    place = f"{file}:{lineno or caller.f_lineno} @ {function or caller.f_code.co_name}"
    link().log.write(severity, message, place)


@deprecated("nest.verbosity")
def get_verbosity() -> int:
    """The log's threshold."""
    return int(link().log.threshold)


@deprecated("nest.verbosity")
def set_verbosity(level: str) -> None:
    """Sets the log's threshold by a name such as "M_WARNING"."""
    link().log.threshold = getattr(VerbosityLevel, level.split("_")[1])


@deprecated("the method get")
def GetStatus(nodes_or_conns: Any, keys: Any = None, output: str = "") -> Any:
    """One entry an element: dictionaries (no keys), values (one key), or tuples of values (several keys); a tuple or
    JSON."""
    if len(nodes_or_conns) == 0:
        return "[]" if output == "json" else ()
    names = [keys] if isinstance(keys, str) else None if keys is None else list(keys)
    table = nodes_or_conns.get() if names is None else nodes_or_conns.get(names)
    columns = {key: [value] if len(nodes_or_conns) == 1 else value for key, value in table.items()}
    if isinstance(keys, str):
        result = tuple(columns[keys])
    elif names is None:
        result = tuple(dict(zip(columns, row)) for row in zip(*columns.values()))
    else:
        result = tuple(zip(*(columns[name] for name in names))) if names else ((),) * len(nodes_or_conns)
    return to_json(result) if output == "json" else result


@deprecated("the method set")
def SetStatus(nodes_or_conns: Any, params: Any, val: Any = None) -> None:
    """Sets parameters by a dictionary, or by a name and a value."""
    nodes_or_conns.set(params if val is None else {params: val})


def authors() -> None:
    """Prints who wrote this program."""
    print("Volley is written by its contributors; the history of the repository names them.")


def get_argv() -> list[str]:
    """The arguments the program was started with."""
    return list(sys.argv)


def sysinfo() -> None:
    """Prints facts about build and platform."""
    for key, value in GetKernelStatus("build_info").items():
        print(f"{key:<24} {value}")
