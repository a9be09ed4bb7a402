"""Functions about models: defaults, copies and lists."""

from collections.abc import Iterable
from typing import Any

from .deprecation import deprecated
from .parameters import Parameter
from .serialize import to_json
from .session import session
from .spreading import is_list, is_scalar

__all__ = ["ConnectionRules", "CopyModel", "GetDefaults", "Models", "SetDefaults"]


def GetDefaults(model: str, keys: Any = None, output: str = "") -> Any:
    """Default values of a node or synapse model or a recording backend.

    keys None: a dictionary; text: a value; several texts: a list of values in their order. output: "json".
    Errors: UnknownComponent, KeyError.
    """
    if not isinstance(model, str):
        raise TypeError(f"GetDefaults: model must be text, not {type(model).__name__}.")
    if keys is not None and not isinstance(keys, Iterable):
        raise TypeError("GetDefaults: keys must be text or a list of texts.")
    values = session().get_defaults(model)
    if isinstance(keys, str):
        values = values[keys]
    elif keys is not None:
        values = [values[key] for key in keys]
    return to_json(values) if output == "json" else values


def SetDefaults(model: str, params: Any, val: Any = None) -> None:
    """Sets defaults of a model, by a dictionary, or by a name and a value; they count for what is made later.

    Errors: UnknownComponent, UnaccessedDictionaryEntry, BadProperty, TypeError, ValueError (a list for a scalar, a Parameter).
    """
    if val is not None:
        if not isinstance(params, str):
            raise TypeError("SetDefaults: with a value, the parameter must be named by text.")
        params = {params: val}
    if not isinstance(params, dict):
        raise TypeError("SetDefaults takes a dictionary, or a parameter's name and its value.")
    _check_values(model, params)
    session().set_defaults(model, params)


def _check_values(model: str, params: dict[str, Any]) -> None:
    for key, value in params.items():
        if isinstance(value, Parameter):
            raise ValueError(f"SetDefaults: '{key}' cannot be a Parameter; defaults are fixed values.")
        if is_list(value) and is_scalar(session().get_defaults(model)[key]):
            raise ValueError(f"SetDefaults: '{key}' of '{model}' is a single value, not a list.")


def CopyModel(existing: str, new: str, params: dict[str, Any] | None = None) -> None:
    """Makes a model under a new name, with defaults of its own.

    Errors: UnknownModelName, NewModelNameExists, UnaccessedDictionaryEntry, TypeMismatch, BadProperty.
    """
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
