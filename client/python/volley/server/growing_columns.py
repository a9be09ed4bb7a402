"""Columns that grow at the end and lose what is oldest."""

from collections.abc import Mapping

import numpy as np


class growing_columns:
    """Columns of equal length, of which the newest `most` entries are kept."""

    def __init__(self, most: int):
        self._most = most
        self._first = self._end = 0  # in the columns' memory
        self._memory: dict[str, np.ndarray] = {}
        self.taken = 0  # entries that were appended, ever

    def __len__(self) -> int:
        return self._end - self._first

    @property
    def dropped(self) -> int:
        """How many entries are not here any more."""
        return self.taken - len(self)

    def names(self) -> list[str]:
        """Of the columns."""
        return list(self._memory)

    def column(self, name: str) -> np.ndarray:
        """Its entries; none of a column that is not there."""
        return self._memory[name][self._first : self._end] if name in self._memory else np.empty(0)

    def append(self, part: Mapping[str, np.ndarray]) -> None:
        """More entries of all columns; the first part says which columns there are."""
        more = len(next(iter(part.values())))
        if not self._memory:
            self._memory = {name: np.empty(0, column.dtype) for name, column in part.items()}
        room = len(next(iter(self._memory.values())))
        if self._end + more > room:
            self._move(more)
        for name, memory in self._memory.items():
            memory[self._end : self._end + more] = part[name]
        self._end += more
        self.taken += more
        self._first = max(self._first, self._end - self._most)

    def _move(self, more: int) -> None:
        """To memory with room for as many again, so that moving costs little for each entry."""
        kept = len(self)
        room = 2 * (kept + more)
        for name in self._memory:
            memory = np.empty(room, self._memory[name].dtype)
            memory[:kept] = self.column(name)
            self._memory[name] = memory
        self._first, self._end = 0, kept
