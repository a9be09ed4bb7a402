"""Reading the JSON, CSV and HDF5 files of SONATA: what is wrong in one is said with its name."""

import json
from collections.abc import Iterable
from os import PathLike
from pathlib import Path
from typing import Any

import numpy as np

from ..errors import NESTErrors

_DEEPEST = 200  # objects and lists within each other
_FEW_NUMBERS = 2**16  # for a table of them


def read_json(name: str | PathLike) -> dict[str, Any]:
    """The object in a file. Errors: ValueError where it has none."""
    try:
        content = json.loads(Path(name).read_text())
    except RecursionError:
        raise ValueError(f"'{name}': there are more than {_DEEPEST} levels.") from None
    except ValueError as error:
        raise ValueError(f"'{name}': {error}") from None
    if not isinstance(content, dict):
        raise ValueError(f"'{name}' has a {type(content).__name__}, no object.")
    level: list[Any] = [content]
    for _ in range(_DEEPEST):
        inner = [item.values() if isinstance(item, dict) else item for item in level if isinstance(item, (dict, list))]
        level = [item for items in inner for item in items]
    if level:
        raise ValueError(f"'{name}': there are more than {_DEEPEST} levels.")
    return content


def read_table(name: str, **form: Any) -> Any:
    """The table in a CSV file. Errors: ValueError."""
    import pandas

    try:
        return pandas.read_csv(name, **form)
    except ValueError as error:
        raise ValueError(f"'{name}': {error}") from None


def open_hdf5(name: str) -> Any:
    """The file. Errors: OSError, of which BlockingIOError for one that another process has locked."""
    import h5py

    try:
        return h5py.File(name, "r")
    except OSError as error:
        raise type(error)(f"'{name}': {error}") from None


def place_of(item: Any, name: str = "") -> str:
    """How messages name what is in a file, or should be."""
    return f"'{item.file.filename}': {item.name.rstrip('/')}{name and '/'}{name}"


def group_at(parent: Any, name: str) -> Any:
    """A group within another. Errors: KernelException where there is none."""
    item = parent.get(name)
    if not hasattr(item, "items"):
        raise NESTErrors.KernelException(f"{place_of(parent, name)} is {_what(item)}; it must be a group.")
    return item


def column_at(group: Any, name: str) -> Any:
    """A column of a group. Errors: KernelException for what is no dataset of numbers in one dimension."""
    item = group.get(name)
    if not hasattr(item, "dtype") or item.dtype.kind not in "biuf" or item.ndim != 1:
        raise NESTErrors.KernelException(f"{place_of(group, name)} is {_what(item)}; it must be a column of numbers.")
    return item


def rows_of(population: Any, names: Iterable[str], optional: Iterable[str]) -> int:
    """Rows that some columns have alike. Errors: KernelException."""
    first, *others = [*names, *(name for name in optional if name in population)]
    count = len(column_at(population, first))
    for name in others:
        rows = len(column_at(population, name))
        if rows != count:
            raise NESTErrors.KernelException(
                f"{place_of(population)}: {first} has {count} rows, but {name} has {rows}."
            )
    return count


def integers(population: Any, name: str, part: slice | np.ndarray = slice(None)) -> np.ndarray:
    """Rows of a column of whole numbers. Errors: KernelException."""
    return whole(column_at(population, name)[part], place_of(population, name))


def whole(column: np.ndarray, place: str) -> np.ndarray:
    """Whole numbers with a sign: those of a column, where it has 64 bits of them, else a copy.

    Errors: KernelException for fractions.
    """
    if column.dtype == np.uint64:
        return column.view(np.int64)
    if column.dtype.kind in "biu":
        return column.astype(np.int64, copy=False)
    with np.errstate(invalid="ignore"):
        numbers = column.astype(np.int64, copy=False)
    for wrong in column[numbers != column][:1]:
        raise NESTErrors.KernelException(f"{place} has {wrong}, which is no whole number.")
    return numbers


def distinct(numbers: np.ndarray) -> tuple[list[int], np.ndarray]:
    """(whole numbers that occur, ascending, position among these of each entry)."""
    low, high = (int(numbers.min()), int(numbers.max())) if len(numbers) else (0, 0)
    if low == high and len(numbers):
        return [low], np.zeros(len(numbers), np.intp)
    if high - low >= _FEW_NUMBERS:
        present, position = np.unique(numbers, return_inverse=True)
        return present.tolist(), position
    # No need to sort what fits into a table.
    shifted = numbers - low
    present = np.flatnonzero(np.bincount(shifted))
    places = np.zeros(high - low + 1, np.intp)
    places[present] = np.arange(len(present))
    return (present + low).tolist(), places[shifted]


def _what(item: Any) -> str:
    import h5py

    if item is None:
        return "missing"
    if not hasattr(item, "dtype"):
        return "a group"
    return f"{'text' if h5py.check_string_dtype(item.dtype) else item.dtype} of shape {item.shape}"
