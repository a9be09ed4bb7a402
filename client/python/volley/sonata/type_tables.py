"""The CSV files of SONATA that describe types of nodes and edges, with the JSON files they refer to."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from ..errors import NESTErrors
from ..models import GetDefaults
from .files import column_at, distinct, group_at, integers, place_of, read_json, read_table

Row = dict[str, Any]

# Entries of defaults that are facts of a model or a node, whatever a column of the same name may mean.
_FACTS = {
    "available",
    "capacity",
    "element_type",
    "elementsize",
    "frozen",
    "global_id",
    "has_delay",
    "instantiations",
    "local",
    "model",
    "model_id",
    "node_uses_wfr",
    "num_connections",
    "requires_symmetric",
    "sizeof",
    "synapse_model",
    "synapse_modelid",
    "thread",
    "thread_local_id",
    "type_id",
    "vp",
}


def read_types(csv_file: str, id_column: str) -> dict[int, Row]:
    """Per type id its columns that have a value, as text or numbers. The file is separated by white space.

    Errors: ValueError where the column of ids is missing, an id is no integer, or stands there twice.
    """
    table = read_table(csv_file, sep=r"\s+")
    if id_column not in table:
        raise ValueError(f"'{csv_file}' has no column '{id_column}'.")
    for key in table[id_column].tolist():
        if not str(key).lstrip("+-").isdecimal():
            raise ValueError(f"'{csv_file}': the {id_column} '{key}' is no integer.")
    table = table.set_index(id_column)
    if not table.index.is_unique:
        raise ValueError(f"'{csv_file}' describes type {table.index[table.index.duplicated()][0]} twice.")
    return {
        int(key): {name: _plain(value) for name, value in row.items() if _given(value)} for key, row in table.iterrows()
    }


def dynamics(row: Row, folder: str | None) -> Row:
    """The model parameters in the JSON file that a type names, empty without one."""
    name = row.get("dynamics_params")
    if name is None:
        return {}
    if folder is None:
        raise KeyError(f"The configuration has no components folder for '{name}'.")
    return read_json(Path(folder) / str(name))


def model_name(template: str) -> str:
    """The name of a model that a template names: "nest:iaf_psc_alpha"."""
    return template.removeprefix("nest:")


class model_parameters:
    """Defaults of models: which names are those of parameters, and what counts where nothing else is given."""

    def __init__(self) -> None:
        self._defaults: dict[str, Row] = {}

    def of(self, model: str) -> Row:
        """The parameters of a model with their defaults."""
        if model not in self._defaults:
            known = GetDefaults(model)
            self._defaults[model] = {key: value for key, value in known.items() if key not in _FACTS}
        return self._defaults[model]

    def of_row(self, model: str, row: Row, csv_file: str) -> Row:
        """The columns of a type that are parameters of the model with one value. Errors: ValueError for a text."""
        defaults = self.of(model)
        given = {name: value for name, value in row.items() if isinstance(defaults.get(name), (int, float))}
        for name, value in given.items():
            if isinstance(value, str):
                raise ValueError(f"'{csv_file}': {name} is '{value}'; it must be a number.")
        return given


def types_present(ids: np.ndarray, types: dict[int, Row], where: str) -> tuple[list[int], np.ndarray]:
    """(type ids that occur, position among these of each entry). Errors: KernelException for one that has no row."""
    present, position = distinct(ids)
    unknown = [type_id for type_id in present if type_id not in types]
    if unknown:
        raise NESTErrors.KernelException(
            f"{where} has elements of type {unknown[0]}, which its CSV file does not list."
        )
    return present, position


def group_rows(population: Any, kind: str, part: slice | np.ndarray, count: int) -> tuple[np.ndarray, np.ndarray]:
    """(group, row in its columns) of elements of a population of `count`; without the two datasets the one group, in
    order.
    """
    if f"{kind}_group_id" in population:
        group_ids = integers(population, f"{kind}_group_id", part)
    else:
        groups = [int(key) for key in population if key.isdecimal()]
        group_ids = np.full(count, groups[0] if groups else 0)
        if len(groups) > 1:
            raise NESTErrors.KernelException(
                f"{place_of(population)} has {len(groups)} groups, but no {kind}_group_id."
            )
    if f"{kind}_group_index" in population:
        return group_ids, integers(population, f"{kind}_group_index", part)
    rows = np.arange(part.start, part.stop) if isinstance(part, slice) else np.asarray(part)
    return group_ids, rows


def group_columns(
    population: Any, kind: str, group_id: int, rows: np.ndarray, default_of: Callable[[str], Any]
) -> tuple[dict, dict]:
    """({dynamics parameter: values}, {other parameter: values}) of a group at some of its rows.

    default_of: the default of what is a parameter, else None. Errors: KernelException for a group that the file
    lacks, a column that does not have a number for each of the rows, and a parameter that does not have one value.
    """
    if f"{kind}_group_id" not in population and str(group_id) not in population:
        return {}, {}
    group = group_at(population, str(group_id))
    explicit = group_at(group, "dynamics_params") if "dynamics_params" in group else {}
    other = {}
    for name in group:
        default = default_of(name)
        if default is not None and not isinstance(default, (int, float)):
            raise NESTErrors.KernelException(f"{place_of(group, name)} cannot be given: it takes more than a number.")
        if default is not None:
            other[name] = _values(column_at(group, name), rows)
    return {name: _values(column_at(explicit, name), rows) for name in explicit}, other


def _values(column: Any, rows: np.ndarray) -> np.ndarray:
    if not len(rows):
        return column[:0]
    first, last = int(rows.min()), int(rows.max())
    if first < 0 or last >= len(column):
        row = first if first < 0 else last
        raise NESTErrors.KernelException(f"{place_of(column)} has {len(column)} rows, but row {row} is asked for.")
    values = column[first : last + 1]  # HDF5 reads ranges far faster than lists of rows
    in_order = len(values) == len(rows) and bool(np.all(rows[1:] > rows[:-1]))
    return values if in_order else values[rows - first]


def _given(value: Any) -> bool:
    return value == value and value not in ("NULL", "NONE", "None")  # NaN is not equal to itself


def _plain(value: Any) -> Any:
    return value.item() if hasattr(value, "item") else value
