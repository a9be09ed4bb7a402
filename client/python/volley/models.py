"""Functions about models: defaults, copies and lists."""

from collections.abc import Iterable
from typing import Any

from .deprecation import deprecated
from .nearest_name import nearest_name
from .serialize import to_json
from .session import session

__all__ = ["ConnectionRules", "CopyModel", "GetDefaults", "Models", "SetDefaults"]


def GetDefaults(model: str, keys: Any = None, output: str = "") -> Any:
    """Default values of a node or synapse model or a recording backend.

    keys None: a dictionary; text: a value; several texts: a list of values in their order. output: "json".
    Errors: UnknownComponent, KeyError.
    """
    _check_text("GetDefaults", "model", model)
    defaults = session().get_defaults(model)
    values: Any
    if keys is None:
        values = defaults
    elif isinstance(keys, str) or not isinstance(keys, Iterable):
        values = _entry(model, defaults, keys)
    else:
        values = [_entry(model, defaults, key) for key in keys]
    return to_json(values) if output == "json" else values


def _entry(model: str, defaults: dict[str, Any], key: Any) -> Any:
    if key not in defaults:
        raise KeyError(f"GetDefaults: '{model}' has no '{key}'{nearest_name(key, defaults)}")
    return defaults[key]


def _check_text(verb: str, what: str, name: Any) -> None:
    if not isinstance(name, str):
        raise TypeError(f"{verb}: {what} must be text, not {type(name).__name__}.")


def SetDefaults(model: str, params: Any, val: Any = None) -> None:
    """Sets defaults of a model, by a dictionary, or by a name and a value; they count for what is made later.

    Errors: UnknownComponent, UnaccessedDictionaryEntry, BadProperty, TypeMismatch, TypeError, ValueError (a list for a
    single value, a Parameter).
    """
    _check_text("SetDefaults", "model", model)
    if val is not None:
        if not isinstance(params, str):
            raise TypeError("SetDefaults: with a value, the parameter must be named by text.")
        params = {params: val}
    if not isinstance(params, dict):
        raise TypeError("SetDefaults takes a dictionary, or a parameter's name and its value.")
    session().set_defaults(model, params)


def CopyModel(existing: str, new: str, params: dict[str, Any] | None = None) -> None:
    """Makes a model under a new name, with defaults of its own.

    Errors: UnknownModelName, NewModelNameExists, UnaccessedDictionaryEntry, TypeMismatch, BadProperty, TypeError.
    """
    _check_text("CopyModel", "existing", existing)
    _check_text("CopyModel", "new", new)
    if params is not None and not isinstance(params, dict):
        raise TypeError(f"CopyModel: params must be a dictionary, not {type(params).__name__}.")
    session().copy_model(existing, new, {} if params is None else params)


@deprecated("nest.node_models and nest.synapse_models")
def Models(mtype: str = "all", sel: str | None = None) -> tuple[str, ...]:
    """Names of node models, synapse models or all, those containing `sel`, sorted."""
    if mtype not in ("all", "nodes", "synapses"):
        raise ValueError(f"Models: mtype must be 'all', 'nodes' or 'synapses', not {mtype!r}.")
    status = session().kernel_status(["node_models", "synapse_models"])
    kinds = {"nodes": "node_models", "synapses": "synapse_models"}
    names = [name for kind, key in kinds.items() if mtype in ("all", kind) for name in status[key]]
    return tuple(sorted(name for name in names if sel is None or sel in name))


@deprecated("nest.connection_rules")
def ConnectionRules() -> tuple[str, ...]:
    """Names of the connection rules, sorted."""
    return tuple(sorted(session().kernel_status(["connection_rules"])["connection_rules"]))
