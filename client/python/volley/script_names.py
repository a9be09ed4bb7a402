"""What a script asks of `nest`, read from its syntax tree: names, models, rules, parameters. Nothing is run."""

import ast
from collections import Counter
from collections.abc import Iterator
from typing import NamedTuple

__all__ = ["Use", "uses_of"]

# Verbs whose first argument names a model, and the position of the dictionary that has parameters of it.
_MODEL_VERBS = {"Create": 2, "CopyModel": 2, "SetDefaults": 1, "GetDefaults": None}
_KEYS = {"synapse_model": "synapse", "rule": "rule"}
# What verbs take as text: its kind, the argument's name and place.
_OF_PAIRS = (("rule", "conn_spec", 2), ("synapse", "syn_spec", 3))
_CONNECTION_VERBS = {
    "Connect": _OF_PAIRS,
    "Disconnect": _OF_PAIRS,
    "GetConnections": (("synapse", "synapse_model", 2),),
    "TripartiteConnect": (("rule", "conn_spec", 3), ("rule", "third_factor_conn_spec", 4)),
}


class Use(NamedTuple):
    """Something that a script asks for.

    kind: "name" (`text` is dotted, below nest), "setting" (an attribute of the kernel that is set), "model", "synapse",
    "rule", "parameter" (of the model `owner`), or "copy" (a model that the script makes from `owner`).
    """

    line: int
    kind: str
    text: str
    owner: str = ""


def uses_of(source: str) -> Iterator[Use]:
    """In order of their lines. SyntaxError for what is no Python."""
    tree = ast.parse(source)
    names = _imported_names(tree)
    texts = _constants(tree)
    found = {use for node in ast.walk(tree) for use in _uses(node, names, texts)}
    return iter(sorted(found))


def _imported_names(tree: ast.AST) -> dict[str, str]:
    """Name in the script -> what it stands for, as a dotted path below nest ("" is nest itself)."""
    names: dict[str, str] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                top, _, path = alias.name.partition(".")
                if top == "nest":
                    names |= {alias.asname: path} if alias.asname else {"nest": ""}
        elif isinstance(node, ast.ImportFrom) and not node.level and (node.module or "").split(".")[0] == "nest":
            base = (node.module or "").partition(".")[2]
            names |= {a.asname or a.name: f"{base}.{a.name}".lstrip(".") for a in node.names if a.name != "*"}
    return names


def _constants(tree: ast.AST) -> dict[str, str]:
    """Variables that are assigned once in the whole script, and that a text."""
    nodes = list(ast.walk(tree))
    stored = Counter(node.id for node in nodes if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store))
    assigned = (
        (target.id, node.value.value)
        for node in nodes
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant)
        for target in node.targets
        if isinstance(target, ast.Name)
    )
    return {name: text for name, text in assigned if stored[name] == 1 and isinstance(text, str)}


def _uses(node: ast.AST, names: dict[str, str], texts: dict[str, str]) -> Iterator[Use]:
    if isinstance(node, ast.ImportFrom | ast.Import):
        yield from _imported(node)
    elif isinstance(node, ast.Attribute | ast.Name):
        path = _path(node, names)
        if path:
            yield Use(node.lineno, "setting" if isinstance(node.ctx, ast.Store) else "name", path)
    elif isinstance(node, ast.Call):
        yield from _called(node, _path(node.func, names), texts)
    elif isinstance(node, ast.Dict):
        for key, value in _entries(node):
            if key in _KEYS and (text := _text(value, texts)):
                yield Use(value.lineno, _KEYS[key], text)


def _imported(node: ast.ImportFrom | ast.Import) -> Iterator[Use]:
    if isinstance(node, ast.Import):
        paths = [alias.name for alias in node.names]
    else:
        paths = [f"{node.module}.{alias.name}" for alias in node.names if alias.name != "*" and not node.level]
    for path in paths:
        top, _, below = path.partition(".")
        if top == "nest" and below:
            yield Use(node.lineno, "name", below)


def _path(node: ast.AST, names: dict[str, str]) -> str | None:
    """The dotted path below nest that an expression stands for; None for another one."""
    if isinstance(node, ast.Name):
        return names.get(node.id)
    if isinstance(node, ast.Attribute):
        base = _path(node.value, names)
        return None if base is None else f"{base}.{node.attr}".lstrip(".")
    return None


def _called(call: ast.Call, verb: str | None, texts: dict[str, str]) -> Iterator[Use]:
    if not verb:
        return
    keywords = {word.arg: word.value for word in call.keywords if word.arg}
    if verb in _MODEL_VERBS:
        yield from _of_model(call, verb, keywords, texts)
    elif verb in _CONNECTION_VERBS:
        yield from _of_connections(call, verb, keywords, texts)
    elif verb == "set":
        yield from (Use(value.lineno, "setting", name) for name, value in keywords.items())
    elif verb == "SetKernelStatus" and call.args and isinstance(call.args[0], ast.Dict):
        yield from (Use(value.lineno, "setting", key) for key, value in _entries(call.args[0]))


def _of_model(call: ast.Call, verb: str, keywords: dict[str, ast.expr], texts: dict[str, str]) -> Iterator[Use]:
    name = call.args[0] if call.args else keywords.get("existing" if verb == "CopyModel" else "model")
    model = _text(name, texts)
    if not model:
        return
    yield Use(call.lineno, "model", model)
    if verb == "CopyModel" and (copy := _text(call.args[1] if len(call.args) > 1 else keywords.get("new"), texts)):
        yield Use(call.lineno, "copy", copy, model)
    at = _MODEL_VERBS[verb]
    params = keywords.get("params") or (call.args[at] if at is not None and len(call.args) > at else None)
    if verb == "Create" and len(call.args) > 1 and isinstance(call.args[1], ast.Dict):
        params = call.args[1]
    if isinstance(params, ast.Dict):
        yield from (Use(value.lineno, "parameter", key, model) for key, value in _entries(params))


def _of_connections(call: ast.Call, verb: str, keywords: dict[str, ast.expr], texts: dict[str, str]) -> Iterator[Use]:
    """Rules and models that are given as text; those in dictionaries are found as such."""
    for kind, word, at in _CONNECTION_VERBS[verb]:
        value = keywords.get(word) or (call.args[at] if len(call.args) > at else None)
        if text := _text(value, texts):
            yield Use(call.lineno, kind, text)


def _entries(node: ast.Dict) -> Iterator[tuple[str, ast.expr]]:
    for key, value in zip(node.keys, node.values):
        if isinstance(key, ast.Constant) and isinstance(key.value, str):
            yield key.value, value


def _text(node: ast.AST | None, texts: dict[str, str]) -> str | None:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    return texts.get(node.id) if isinstance(node, ast.Name) else None
