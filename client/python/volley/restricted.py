"""Python for code that came from elsewhere: what it may say, the built-in functions it gets, modules cut down to their
public names.

This keeps honest code from accidents and makes the usual ways out of a namespace errors. It is no wall against an
attacker: who lets strangers run code puts the process in a container of its own.
"""

import ast
import builtins
import types
from collections.abc import Iterable
from typing import Any

_BUILTINS = """
    abs all any bool bytes callable chr complex dict divmod enumerate filter float frozenset hash hex int isinstance
    issubclass iter len list map max min next oct ord pow range repr reversed round set slice sorted str sum tuple zip
    True False None ArithmeticError AssertionError AttributeError Exception IndexError KeyError LookupError MemoryError
    NameError OverflowError RuntimeError StopIteration TypeError ValueError ZeroDivisionError
""".split()

# Attributes that lead from a value to frames and code, name attributes by text, or write files.
_CLOSED_ATTRIBUTES = frozenset(
    """
    format format_map tb_frame tb_next gi_frame gi_code gi_yieldfrom cr_frame cr_code cr_await ag_frame ag_code f_back
    f_builtins f_code f_globals f_locals f_trace co_code tofile dump dumps ctypes mro
    """.split()
)
_CLOSED_STATEMENTS = {
    ast.Import: "import",
    ast.ImportFrom: "import",
    ast.ClassDef: "class",
    ast.AsyncFunctionDef: "async",
    ast.AsyncFor: "async",
    ast.AsyncWith: "async",
    ast.Await: "await",
    ast.Match: "match",
}
_NAMES = {ast.Name: "id", ast.Attribute: "attr", ast.FunctionDef: "name", ast.arg: "arg", ast.ExceptHandler: "name"}


def compile_restricted(source: str, filename: str) -> types.CodeType:
    """The code, if it says nothing that is closed; otherwise SyntaxError with the line."""
    tree = ast.parse(source, filename)
    for node in ast.walk(tree):
        reason = _refusal(node)
        if reason:
            raise SyntaxError(f"{reason} is not allowed in restricted code", (filename, node.lineno, 1, ""))
    return compile(tree, filename, "exec")


def _refusal(node: ast.AST) -> str:
    for kind, word in _CLOSED_STATEMENTS.items():
        if isinstance(node, kind):
            return f"'{word}'"
    name = getattr(node, _NAMES[type(node)]) if type(node) in _NAMES else None
    if name and name.startswith("_") and name != "_":
        return f"the name '{name}', which begins with an underscore,"
    if isinstance(node, ast.Attribute) and name in _CLOSED_ATTRIBUTES:
        return f"the attribute '{name}'"
    return ""


def safe_builtins() -> dict[str, Any]:
    """The built-in functions and exceptions that restricted code gets; `print` comes with its namespace."""
    return {name: getattr(builtins, name) for name in _BUILTINS}


class public_part:
    """A module as restricted code sees it: some of its names, to read or, if the module allows, to assign."""

    __slots__ = ("_get", "_set", "_names")

    def __init__(self, module: Any, names: Iterable[str], parts: dict[str, "public_part"] | None = None):
        """`parts` are modules within it, cut down themselves."""
        inner = {} if parts is None else parts
        known = frozenset(names) | frozenset(inner)
        object.__setattr__(self, "_names", known)
        object.__setattr__(self, "_get", lambda name: inner[name] if name in inner else getattr(module, name))
        object.__setattr__(self, "_set", lambda name, value: setattr(module, name, value))

    def __getattr__(self, name: str) -> Any:
        if name not in self._names:
            raise AttributeError(f"restricted code has no '{name}' of this module")
        return self._get(name)

    def __setattr__(self, name: str, value: Any) -> None:
        if name not in self._names:
            raise AttributeError(f"restricted code cannot set '{name}' of this module")
        self._set(name, value)

    def __dir__(self) -> list[str]:
        return sorted(self._names)


def public_names(module: Any) -> list[str]:
    """What a module says is public, without the modules in it."""
    names = getattr(module, "__all__", None) or [name for name in dir(module) if not name.startswith("_")]
    return [
        name
        for name in names
        if not name.startswith("_") and not isinstance(getattr(module, name, None), types.ModuleType)
    ]
