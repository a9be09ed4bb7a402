"""The CSV files of SONATA that describe types of nodes and edges, with the JSON files they refer to."""

import json
from pathlib import Path
from typing import Any


def read_types(csv_file: str, id_column: str) -> dict[int, dict[str, Any]]:
    """Per type id its columns that have a value, as text or numbers. The file is separated by white space."""
    import pandas

    table = pandas.read_csv(csv_file, sep=r"\s+").set_index(id_column)
    return {
        int(key): {name: _plain(value) for name, value in row.items() if _given(value)} for key, row in table.iterrows()
    }


def dynamics(row: dict[str, Any], folder: str | None) -> dict[str, Any]:
    """The model parameters in the JSON file that a type names, empty without one."""
    name = row.get("dynamics_params")
    if name is None:
        return {}
    if folder is None:
        raise KeyError(f"The configuration has no components folder for '{name}'.")
    return json.loads((Path(folder) / name).read_text())


def _given(value: Any) -> bool:
    return value == value and value not in ("NULL", "NONE", "None")  # NaN is not equal to itself


def _plain(value: Any) -> Any:
    return value.item() if hasattr(value, "item") else value
