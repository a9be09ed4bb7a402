"""Reading the text files that the ascii backend writes: one a virtual process, which may have nothing to tell."""

from collections.abc import Iterable
from os import PathLike

import numpy as np


def read_files(names: Iterable[str]) -> np.ndarray:
    """The numbers of several files as one 2-D array, without rows and columns when no file has any.

    Errors: ValueError for files with different numbers of columns.
    """
    tables = [table for table in map(read_columns, names) if table.size]
    if len({table.shape[1] for table in tables}) > 1:
        raise ValueError("The files have different numbers of columns; they are no recordings of one kind.")
    return np.concatenate(tables) if tables else np.empty((0, 0))


def read_columns(name: str | PathLike) -> np.ndarray:
    """The numbers of a file as a 2-D array, one row a line; headings and comments are skipped. Errors: TypeError for
    what is no name, OSError, ValueError."""
    if not isinstance(name, (str, PathLike)):  # numbers would be open files of the process
        raise TypeError(f"Files are named by text or paths, not by {type(name).__name__}.")
    rows = []
    with open(name) as lines:
        for line in lines:
            try:
                rows.append([float(text) for text in line.split()])
            except ValueError:  # a heading
                continue
    rows = [row for row in rows if row]
    if len({len(row) for row in rows}) > 1:
        raise ValueError(f"'{name}' has lines of different lengths.")
    return np.array(rows, dtype=float).reshape(len(rows), -1 if rows else 0)
