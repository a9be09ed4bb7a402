"""One performance of a program on one kernel: what each line gave or was refused with, and what stands in the end."""

import ast
import contextlib
import io
import math
import re
import warnings
from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

import forgery
import nest
import numpy as np
from frozen import frozen
from kernels import kernel


_ADDRESS = re.compile(r"0x[0-9a-f]+")


class outcome(NamedTuple):
    """Of a line. refusal: "" or the exception's class; value: the frozen result, or the exception's text."""

    refusal: str
    value: Any


class line:
    """A line, ready to be performed many times."""

    def __init__(self, text: str):
        self.text = text
        tree = ast.parse(text).body[0]
        self.name = (
            tree.targets[0].id if isinstance(tree, ast.Assign) and isinstance(tree.targets[0], ast.Name) else None
        )
        self._gives = self.name is not None or isinstance(tree, ast.Expr)
        source = ast.Expression(tree.value) if self._gives else ast.Module([tree], [])
        self._code = compile(source, "<program>", "eval" if self._gives else "exec")

    def perform(self, names: dict[str, Any], clean: Callable[[str], str]) -> outcome:
        out = io.StringIO()
        try:
            with contextlib.redirect_stdout(out):
                value = eval(self._code, names)  # noqa: S307  the lines are ours
        except Exception as refused:
            return outcome(type(refused).__qualname__, _comparable(refused, clean))
        if self.name is not None:
            names[self.name] = value
        return outcome("", frozen(out.getvalue() if "PrintNodes" in self.text else value) if self._gives else None)


def _comparable(refused: Exception, clean: Callable[[str], str]) -> str:
    """The text without addresses and folders; what memory a network takes depends on the layout."""
    return (
        "too large" if isinstance(refused, MemoryError) and str(refused) else _ADDRESS.sub("0x0", clean(str(refused)))
    )


class performance(NamedTuple):
    """outcomes: one a line, None where it was left out."""

    outcomes: list[outcome | None]
    end: Any
    changed: list[tuple[range, Any, Any]]


def perform(
    lines: list[line],
    on: kernel,
    at: Callable[[int], None],
    left_out: frozenset[int] = frozenset(),
    watched: Iterable[range] = (),
) -> performance:
    """Performs the lines in an empty network. `at(i)` is told before line i; before and after each range of lines in
    `watched` the state is read.

    `changed` holds (range, state before, state after) of watched lines that changed something.
    """
    on.enter()
    names = {"nest": nest, "np": np, "nan": math.nan, "inf": math.inf, **vars(forgery), "session": on.link.session}
    models = changed_models(lines)
    begins, ends = {some.start: some for some in watched}, {some.stop: some for some in watched}
    outcomes, changed = [], []
    known = None  # the state, while nothing has happened since it was read
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for i, one in enumerate(lines):
            at(i)
            known = (known or state(on, models)) if i in begins else known
            outcomes.append(None if i in left_out else one.perform(names, on.without_paths))
            if i + 1 in ends:
                before, known = known, state(on, models)
                changed += [(ends[i + 1], before, known)] if known != before else []
                known = known if i + 1 in begins else None
        at(len(lines))
        return performance(outcomes, state(on, models) | {"log": _log(on)}, changed)


def _log(on: kernel) -> list[list[str]]:
    return [[str(severity), on.without_paths(text)] for severity, text in on.link.log.entries]


def changed_models(lines: list[line]) -> list[str]:
    """Names that could be models, in the lines that change models."""
    changes = [ast.parse(one.text) for one in lines if "SetDefaults" in one.text or "CopyModel" in one.text]
    constants = (node.value for tree in changes for node in ast.walk(tree) if isinstance(node, ast.Constant))
    return sorted({text for text in constants if isinstance(text, str) and text.isidentifier()})


def state(on: kernel, models: list[str]) -> dict[str, Any]:
    """All that a script can see, frozen: the kernel's status, nodes, connections, defaults of these models, files."""
    session = on.link.session
    status = session.kernel_status([])
    known = {*status["node_models"], *status["synapse_models"]}
    seen = {
        "status": frozen(status),
        "defaults": {name: frozen(session.get_defaults(name)) for name in models if name in known},
    }
    nodes = session.match_nodes({})
    seen["nodes"] = frozen(session.node_values(nodes, [])) if len(nodes) else {}
    if status["keep_source_table"]:
        connections = session.get_connections(None, None, None, None)
        seen["connections"] = frozen(session.connection_values(connections, []))
    seen["files"] = on.files()
    return seen
