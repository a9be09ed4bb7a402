"""SONATA configuration files: JSON with variables ("$NETWORK_DIR") that a manifest defines."""

from os import PathLike
from os.path import normpath
from pathlib import Path
from typing import Any

from .files import read_json

_SECTIONS = ("components", "inputs", "manifest", "networks", "output", "reports", "run")


def read_configuration(circuit: str | PathLike, simulation: str | PathLike | None) -> dict[str, Any]:
    """The circuit's configuration with its variables filled in; top-level entries of the simulation's replace its.

    A file that has no `networks` of its own may name the circuit's as `network`, and the simulation's as `simulation`.
    Errors: TypeError for what is no path, ValueError for a file that has something else where an object belongs.
    """
    merged = _read(circuit)
    if simulation is not None:
        merged.update(_read(simulation))
    if "networks" not in merged:
        parts = [_read(merged[key]) for key in ("network", "simulation") if isinstance(merged.get(key), str)]
        merged = {key: value for part in (*parts, merged) for key, value in part.items()}
    return merged


def _read(path: str | PathLike) -> dict[str, Any]:
    if not isinstance(path, (str, PathLike)):
        raise TypeError(f"SonataNetwork takes paths of JSON files, not {type(path).__name__}.")
    file = Path(path)
    content = read_json(file)
    for section in _SECTIONS:
        if not isinstance(content.get(section, {}), dict):
            raise ValueError(f"'{file}': '{section}' is a {type(content[section]).__name__}; it must be an object.")
    for name, value in content.get("manifest", {}).items():
        if not isinstance(value, str):
            raise ValueError(f"'{file}': the manifest's '{name}' is {value!r}; it must be a path.")
    return _filled(content, _variables(content.get("manifest", {}), file.absolute().parent))


def _variables(manifest: dict[str, str], folder: Path) -> dict[str, str]:
    """Absolute paths by variable; relative ones start at the file's folder, and variables may use each other."""
    special = {"${configdir}": str(folder), "${workingdir}": str(Path.cwd())}
    variables = {name: _filled(value, special) for name, value in manifest.items()}
    for _ in variables:  # each pass fills in at least one level
        variables = {name: _filled(value, variables) for name, value in variables.items()}
    return {name: normpath(folder / value) for name, value in variables.items()}


def _filled(content: Any, variables: dict[str, str]) -> Any:
    if isinstance(content, str):
        for name in sorted(variables, key=len, reverse=True):  # $INPUT_DIR before $INPUT
            content = content.replace(name, variables[name])
        return content
    if isinstance(content, list):
        return [_filled(item, variables) for item in content]
    if isinstance(content, dict):
        return {key: _filled(value, variables) for key, value in content.items()}
    return content
