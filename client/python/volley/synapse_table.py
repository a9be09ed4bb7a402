"""The table that `print(synapse_collection)` shows."""

from typing import Protocol


class tabulated(Protocol):
    """What a table is drawn of: a SynapseCollection."""

    def __len__(self) -> int:
        ...

    def __getitem__(self, rows: slice) -> "tabulated":
        ...

    def _stale(self) -> bool:
        ...

    def _table(self, names: list[str], required: bool) -> dict[str, list]:
        ...


_KEYS = ("source", "target", "synapse_model", "weight", "delay")
_HEADINGS = ("source", "target", "synapse model", "weight", "delay")
_MAX_ROWS = 35
_ROWS_AT_ENDS = 15


def table_text(connections: tabulated, full: bool) -> str:
    """One row a connection; 35 or more are cut to the first and last 15 unless `full`."""
    if len(connections) == 0 or connections._stale():
        return "The synapse collection does not contain any connections."
    if full or len(connections) < _MAX_ROWS:
        rows = _rows(connections)
    else:
        gap = ["⋮ "] * len(_KEYS)
        rows = [*_rows(connections[:_ROWS_AT_ENDS]), gap, *_rows(connections[-_ROWS_AT_ENDS:])]
    widths = [max(len(heading) + 2, *map(len, column)) for heading, column in zip(_HEADINGS, zip(*rows))]
    lines = [" ".join(heading.center(width) for heading, width in zip(_HEADINGS, widths))]
    lines.append(" ".join("-" * width for width in widths))
    indents = [widths[0] - 1, *widths[1:]]  # numbers end a place before the headings' rules do
    lines += [" ".join(text.rjust(width) for text, width in zip(row, indents)) for row in rows]
    return "\n".join(lines)


def _rows(connections: tabulated) -> list[list[str]]:
    table = connections._table(list(_KEYS), required=False)
    missing = [None] * len(connections)
    return [[_text(value) for value in row] for row in zip(*(table.get(key, missing) for key in _KEYS))]


def _text(value: object) -> str:
    if value is None:
        return ""
    return f"{value:#.4g}" if isinstance(value, float) else str(value)
