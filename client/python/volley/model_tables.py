"""What the package knows of models without a kernel: `models.json`, which the build makes from the models' tables."""

import json
from functools import cache
from pathlib import Path
from typing import Any

__all__ = ["fields_of_every_neuron", "known_models", "model_table"]

_FILE = Path(__file__).parent / "models.json"


@cache
def _tables() -> dict[str, dict[str, Any]]:
    """Empty where the package runs from its sources."""
    return json.loads(_FILE.read_text(encoding="utf-8")) if _FILE.is_file() else {}


def known_models() -> list[str]:
    """Names of the built-in models, sorted."""
    return sorted(filter(None, _tables()))


def model_table(name: Any) -> dict[str, Any] | None:
    """{name, kind, meaning, about, equations, receptors, fields} of a built-in model; None for anything else.

    kind: "neuron", "stimulator", "recorder" or "synapse". `receptors`: numbers by name, where they have names. Each of
    `fields` has name, unit, meaning, kind ("param", "state" or "hidden"), range, default, recordable, read_only; one
    that is a dictionary has such fields as its `members`.
    """
    return _tables().get(name) if isinstance(name, str) and name else None


def fields_of_every_neuron() -> list[dict[str, Any]]:
    """Those that neurons have whatever their model."""
    return _tables().get("", {}).get("fields", [])
