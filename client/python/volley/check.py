"""`volley check SCRIPT...`: says what of scripts is not supported, line by line, without running them.

What is computed (a model's name that a function returns) is not seen.
"""

import os
import sys
from collections.abc import Iterable, Iterator
from difflib import get_close_matches
from types import ModuleType
from typing import Any

from .connect_arguments import THIRD_FACTOR_RULES
from .errors import NESTErrors
from .kernel_attributes import kernel_attribute
from .model_tables import model_table
from .script_names import Use, uses_of

__all__ = ["main", "unsupported"]

# Keys of nodes that GetDefaults does not show.
_KEYS_OF_NODES = {"clear", "synaptic_elements_param", "filenames", "precision", "file_extension", "n_events", "frozen"}


def main(files: list[str]) -> int:
    """Prints what is not supported; 0 when nothing is found."""
    if not files:
        print("volley: check needs a script: volley check SCRIPT...", file=sys.stderr)
        return 1
    complaints = [line for file in files for line in _check_file(file)]
    for line in complaints:
        print(line)
    if not complaints:
        print(f"{', '.join(files)}: nothing found that is not supported")
    return 1 if complaints else 0


def _check_file(file: str) -> Iterator[str]:
    try:
        with open(file, encoding="utf-8") as text:
            source = text.read()
        for line, complaint in unsupported(source):
            yield f"{file}:{line}: {complaint}"
    except SyntaxError as error:
        yield f"{file}:{error.lineno}: no Python: {error.msg}"
    except (OSError, ValueError) as error:
        yield f"{file}: {error}"


def unsupported(source: str) -> Iterator[tuple[int, str]]:
    """(line, what is not supported) of a script's text. SyntaxError for what is no Python."""
    uses = list(uses_of(source))
    listing = _listing_of_this_build()
    copies = {use.text: use.owner for use in uses if use.kind == "copy"}
    judged = dict.fromkeys((use.line, listing.judge(use, copies)) for use in uses)
    yield from ((line, complaint) for line, complaint in judged if complaint)


class _listing:
    """What this build has."""

    def __init__(self, nest: Any):
        self._nest = nest
        self._nodes: list[str] = nest.node_models
        self._synapses: list[str] = nest.synapse_models
        self._rules: list[str] = [*nest.connection_rules, *THIRD_FACTOR_RULES]

    def judge(self, use: Use, copies: dict[str, str]) -> str | None:
        """What is wrong with a use, if anything is; `copies` are models that the script makes itself."""
        if use.kind == "name":
            return self._judge_path(use.text)
        if use.kind == "setting":
            return self._judge_setting(use.text)
        if use.kind == "parameter":
            return self._judge_parameter(use, copies)
        listed: dict[str, tuple[str, list[str]]] = {
            "rule": ("connection rule", self._rules),
            "synapse": ("synapse model", [*self._synapses, *copies]),
            "model": ("model", [*self._nodes, *self._synapses, *copies, "ascii", "memory", "screen"]),
        }
        return _missing(use.text, *listed[use.kind]) if use.kind in listed else None

    def _judge_path(self, path: str) -> str | None:
        thing, seen = self._nest, "nest"
        for name in path.split("."):
            if name not in dir(thing) and not hasattr(type(thing), name):
                return _missing(name, f"name of {seen}", dir(thing))
            if isinstance(getattr(type(thing), name, None), kernel_attribute):
                return None
            thing, seen = getattr(thing, name), f"{seen}.{name}"
            if not isinstance(thing, ModuleType) and thing is not NESTErrors:
                return None
        return None

    def _judge_setting(self, name: str) -> str | None:
        attribute = getattr(type(self._nest), name, None)
        if not isinstance(attribute, kernel_attribute):
            names = [n for n, a in vars(type(self._nest)).items() if isinstance(a, kernel_attribute)]
            return _missing(name, "attribute of the kernel", names)
        return f"nest.{name} cannot be set" if attribute._readonly else None

    def _judge_parameter(self, use: Use, copies: dict[str, str]) -> str | None:
        model = use.owner
        while model in copies and model not in self._nodes and copies[model] != model:
            model = copies[model]
        try:
            known = {*self._nest.GetDefaults(model), *_KEYS_OF_NODES}
        except self._nest.NESTError:
            return None  # the model itself is complained about
        table = model_table(model) or {"fields": []}
        known |= {field["name"] for field in table["fields"]}
        return _missing(use.text, f"parameter of {model}", known)


def _listing_of_this_build() -> _listing:
    os.environ.setdefault("PYNEST_QUIET", "1")
    import nest

    return _listing(nest)


def _missing(name: str, kind: str, known: Iterable[str]) -> str | None:
    names = list(known)
    if name in names:
        return None
    close = get_close_matches(name, names, n=1, cutoff=0.75)
    hint = f"; did you mean {close[0]}?" if close else ""
    return f"{name} is no {kind} here{hint}"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
