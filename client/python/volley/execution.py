"""Running source text with the package at hand: what `nest.server.do_exec` does, in this process or in a child.

A child has its own session with the kernel of a server, limits of memory and time, and dies alone.
"""

import contextlib
import importlib
import io
import re
import sys
import traceback
from collections.abc import Callable
from typing import Any

from .restricted import compile_restricted, public_names, public_part, safe_builtins
from .serialize import serialize_data
from .served_names import modules_in_code, names_in_code

FILE = "<source>"
_PRINTED_LIMIT = 1 << 20
_IMPORT = re.compile(r"\s*import\s+([\w.]+)(?:\s+as\s+(\w+))?\s*$")
_FROM = re.compile(r"\s*from\s+([\w.]+)\s+import\s+(\w+)(?:\s+as\s+(\w+))?\s*$")


class printed(io.StringIO):
    """What code prints, up to a limit."""

    def write(self, text: str) -> int:
        if self.tell() + len(text) > _PRINTED_LIMIT:
            raise MemoryError(f"the source prints more than {_PRINTED_LIMIT} characters")
        return super().write(text)


def execute(source: str, wanted: Any, modules: str, restricted: bool) -> dict[str, Any]:
    """Runs `source`; gives {"stdout": what it printed, if anything} and, unless `wanted` is None, {"data": the value of
    the variable of this name, or a dictionary for a list of names; None for unknown ones}.

    Import lines of the source are left out: `modules` ("import nest; import numpy as np") are there already.
    """
    if not isinstance(source, str):
        raise TypeError(f"the source must be text, not {type(source).__name__}")
    output = printed()
    namespace = _modules(modules, restricted)
    source = _without_imports(source)
    if restricted:
        namespace["__builtins__"] = {**safe_builtins(), "print": _print_to(output)}
        exec(compile_restricted(source, FILE), namespace)
    else:
        with contextlib.redirect_stdout(output):
            exec(compile(source, FILE, "exec"), namespace)
    return _result(namespace, wanted, output.getvalue())


def _result(namespace: dict[str, Any], wanted: Any, text: str) -> dict[str, Any]:
    result: dict[str, Any] = {"stdout": text} if text else {}
    if isinstance(wanted, (list, tuple)):
        result["data"] = {str(name): serialize_data(namespace.get(name)) for name in wanted}
    elif wanted is not None:
        result["data"] = serialize_data(namespace.get(wanted))
    return result


def _without_imports(source: str) -> str:
    lines = source.split("\n")
    return "\n".join(f"#{line}" if line.lstrip().startswith(("import ", "from ")) else line for line in lines)


def _print_to(output: io.StringIO) -> Callable[..., None]:
    def print_there(*values: Any, sep: str = " ", end: str = "\n") -> None:
        output.write(sep.join(map(str, values)) + end)

    return print_there


def _modules(lines: str, restricted: bool) -> dict[str, Any]:
    """The namespace that lines such as "import numpy as np" make."""
    namespace = {}
    for line in re.split(r"[;\n]", lines):
        if match := _IMPORT.match(line):
            name = match[1] if match[2] else match[1].split(".")[0]
            importlib.import_module(match[1])
            namespace[match[2] or name] = _seen(sys.modules[name], restricted)
        elif match := _FROM.match(line):
            namespace[match[3] or match[2]] = getattr(_seen(importlib.import_module(match[1]), restricted), match[2])
        elif line.strip():
            raise ValueError(f"NEST_SERVER_MODULES: '{line.strip()}' is no import of one module")
    return namespace


def _seen(module: Any, restricted: bool) -> Any:
    if not restricted:
        return module
    if module.__name__ not in ("nest", "volley"):
        return public_part(module, public_names(module))
    parts = {name: public_part(getattr(module, name), names) for name, names in modules_in_code().items()}
    return public_part(module, names_in_code(), parts)


def line_of(error: BaseException) -> int | None:
    """The line of the source where an error came up."""
    if isinstance(error, SyntaxError) and error.filename == FILE:
        return error.lineno
    lines = [frame.lineno for frame in traceback.extract_tb(error.__traceback__) if frame.filename == FILE]
    return lines[-1] if lines else None
