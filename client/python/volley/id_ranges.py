"""Ascending node ids as a few ranges, so that a million neurons cost as much as one. Pure values, no kernel.

A range is (first, last, step), both ends included. Ranges of one `id_ranges` are ascending and do not overlap.
"""

from bisect import bisect_right
from collections.abc import Iterable, Iterator
from itertools import accumulate, pairwise

import numpy as np

Range = tuple[int, int, int]


def _size(r: Range) -> int:
    return (r[1] - r[0]) // r[2] + 1


class id_ranges:
    """An immutable, ordered set of ids. Positions count from 0; bounds are the caller's duty unless said otherwise."""

    __slots__ = ("ranges", "_ends")

    def __init__(self, ranges: Iterable[Range] = ()):
        self.ranges = tuple((int(first), int(last), int(step)) for first, last, step in ranges)
        self._ends = tuple(accumulate(map(_size, self.ranges)))

    @classmethod
    def of_sorted(cls, ids: np.ndarray) -> "id_ranges":
        """From a strictly ascending integer array: one range per run of consecutive ids."""
        if ids.size == 0:
            return cls()
        breaks = np.flatnonzero(np.diff(ids) != 1)
        firsts = ids[np.append(0, breaks + 1)]
        lasts = ids[np.append(breaks, ids.size - 1)]
        return cls((first, last, 1) for first, last in zip(firsts.tolist(), lasts.tolist()))

    def __len__(self) -> int:
        return self._ends[-1] if self._ends else 0

    def __iter__(self) -> Iterator[int]:
        for first, last, step in self.ranges:
            yield from range(first, last + 1, step)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, id_ranges):
            return NotImplemented
        if self.ranges == other.ranges:
            return True
        return len(self) == len(other) and bool(np.array_equal(self.to_array(), other.to_array()))

    __hash__ = None  # type: ignore[assignment]

    def __contains__(self, node_id: int) -> bool:
        return self.index(node_id) is not None

    def to_array(self) -> np.ndarray:
        """All ids, int64."""
        parts = [np.arange(first, last + 1, step, dtype=np.int64) for first, last, step in self.ranges]
        return np.concatenate(parts) if parts else np.empty(0, dtype=np.int64)

    def index(self, node_id: int) -> int | None:
        """The position of an id, None when it is not a member."""
        at = bisect_right(self.ranges, node_id, key=lambda r: r[0]) - 1
        if at < 0:
            return None
        first, last, step = self.ranges[at]
        if node_id > last or (node_id - first) % step:
            return None
        return (self._ends[at - 1] if at else 0) + (node_id - first) // step

    def at(self, position: int) -> int:
        """The id at a position in [0, len)."""
        at = bisect_right(self._ends, position)
        begin = self._ends[at - 1] if at else 0
        first, _, step = self.ranges[at]
        return first + (position - begin) * step

    def sliced(self, start: int, stop: int, stride: int) -> "id_ranges":
        """The members at positions start, start + stride, ... below stop; 0 <= start, stop <= len, stride >= 1."""
        return id_ranges(self._pieces(start, stop, stride))

    def _pieces(self, start: int, stop: int, stride: int) -> Iterator[Range]:
        begin = 0
        for (first, _, step), end in zip(self.ranges, self._ends):
            if begin >= stop:
                return
            skip = max(start - begin, (start - begin) % stride)  # position of the first member taken from this range
            taken_end = min(stop, end) - begin
            if skip < taken_end:
                count = (taken_end - 1 - skip) // stride + 1
                piece_first = first + skip * step
                piece_step = step * stride if count > 1 else 1
                yield piece_first, piece_first + (count - 1) * piece_step, piece_step
            begin = end

    def strided(self) -> bool:
        """True when some range skips ids."""
        return any(step != 1 for _, _, step in self.ranges)

    def union(self, other: "id_ranges") -> "id_ranges | None":
        """All ids of both, neighbours merged; None when they share an id. Neither may be strided."""
        merged: list[Range] = sorted(self.ranges + other.ranges)
        if any(a[1] >= b[0] for a, b in pairwise(merged)):
            return None
        joined: list[Range] = []
        for first, last, _ in merged:
            if joined and joined[-1][1] + 1 == first:
                joined[-1] = (joined[-1][0], last, 1)
            else:
                joined.append((first, last, 1))
        return id_ranges(joined)
