"""Reading the text files that the ascii backend writes."""

import numpy as np


def read_columns(name: str) -> np.ndarray:
    """The numbers of a file as a 2-D array, one row a line; headings and comments are skipped."""
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
