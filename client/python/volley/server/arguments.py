"""From requests to calls of the package: arguments as NEST Server takes them, and ids as NodeCollections."""

import inspect
import json
from collections.abc import Callable
from typing import Any

import flask
import volley

NESTING_LIMIT = 32
NODE_NAMES = frozenset(
    """
    nodes source target pre post third nodes_or_conns nc sources targets layer source_layer target_layer src_layer
    tgt_layer src_nrn tgt_nrn from_arg to_arg
    """.split()
)


def decode(request: flask.Request) -> tuple[list[Any], dict[str, Any]]:
    """Positional and keyword arguments: of a JSON body (text: one argument; a list: positional; an object: keywords,
    with the positional ones under "args"), else of a form, else of the query. ValueError for what cannot be read."""
    if request.is_json and (body := request.get_data()):
        return _of_json(_parse(body))
    fields = request.form if request.form else request.args
    if "args" in fields:
        return fields.getlist("args"), {}
    return [], fields.to_dict()


def _parse(body: bytes) -> Any:
    if _depth(body) > NESTING_LIMIT:
        raise ValueError(f"the body nests values more than {NESTING_LIMIT} deep")
    try:
        return json.loads(body.decode("utf-8"), parse_constant=_no_number)
    except UnicodeDecodeError:
        raise ValueError("the body is no UTF-8 text") from None
    except json.JSONDecodeError as error:
        raise ValueError(f"the body is no JSON: {error}") from None


def _no_number(text: str) -> None:
    raise ValueError(f"the body is no JSON: {text} is no number")


def _depth(body: bytes) -> int:
    """How deep brackets nest, whether they are in texts or not: never less than the values do."""
    depth = deepest = 0
    for byte in body.translate(None, delete=bytes(set(range(256)) - set(b"[]{}"))):
        depth += 1 if byte in b"[{" else -1
        deepest = max(deepest, depth)
    return deepest


def _of_json(content: Any) -> tuple[list[Any], dict[str, Any]]:
    if isinstance(content, str):
        return ([content] if content else []), {}
    if isinstance(content, list):
        return content, {}
    if not isinstance(content, dict):
        raise ValueError("the body must be an object, a list or a text")
    keywords = dict(content)
    positional = keywords.pop("args", [])
    return (positional if isinstance(positional, list) else [positional]), keywords


def nestify(call_name: str, args: list[Any], kwargs: dict[str, Any]) -> tuple[Callable, list[Any], dict[str, Any]]:
    """The function of this name, and its arguments with ids of nodes as NodeCollections. AttributeError for an unknown
    name."""
    call = getattr(volley, call_name)
    names = _parameter_names(call, len(args))
    if "nodes" in kwargs and "nodes_or_conns" in names:  # as older clients say
        kwargs = {("nodes_or_conns" if name == "nodes" else name): value for name, value in kwargs.items()}
    args = [_nodes(value) if name in NODE_NAMES else value for name, value in zip(names, args)] + args[len(names) :]
    return call, args, {name: _nodes(value) if name in NODE_NAMES else value for name, value in kwargs.items()}


def _parameter_names(call: Callable, count: int) -> list[str]:
    """The names of the parameters; of *args, each takes nodes."""
    try:
        parameters = inspect.signature(call).parameters.values()
    except (TypeError, ValueError):
        return []
    names: list[str] = []
    for parameter in parameters:
        is_many = parameter.kind is inspect.Parameter.VAR_POSITIONAL
        names += ["nodes"] * max(0, count - len(names)) if is_many else [parameter.name]
    return names


def _nodes(value: Any) -> Any:
    if isinstance(value, bool) or not isinstance(value, (int, list, tuple)):
        return value
    return volley.NodeCollection([value] if isinstance(value, int) else value)
