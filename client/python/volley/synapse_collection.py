"""SynapseCollection: connections of the kernel as columns, with their parameters as attributes."""

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

import numpy as np

from .data_frames import connections_frame
from .errors import NESTErrors
from .pair_distances import distances
from .rank_launch import is_one_of_several
from .serialize import to_json
from .session import session
from .synapse_table import table_text

if TYPE_CHECKING:
    from pandas import DataFrame

_COLUMNS = ("_sources", "_targets", "_models", "_ports")
_OWN = (*_COLUMNS, "_generation", "_distance", "print_full")


class SynapseCollection:
    """Connections, as `GetConnections` returns them. A name is (model, source, target, number among equals).

    `SynapseCollection()` is empty; users do not build others. `print_full` makes `str` show all rows.
    """

    __slots__ = _OWN
    _sources: np.ndarray
    _targets: np.ndarray
    _models: np.ndarray
    _ports: np.ndarray
    _generation: int
    _distance: list[float] | None
    print_full: bool
    __hash__ = None  # type: ignore[assignment]

    def __init__(self, data: "SynapseCollection | list[SynapseCollection] | None" = None):
        parts = [] if data is None else [data] if isinstance(data, SynapseCollection) else data
        if not isinstance(parts, (list, tuple)) or not all(isinstance(part, SynapseCollection) for part in parts):
            raise TypeError("A SynapseCollection is made by GetConnections, not from other data.")
        columns = [
            np.concatenate([np.empty(0, np.int64), *(getattr(part, name) for part in parts)]) for name in _COLUMNS
        ]
        generation = parts[0]._generation if parts else session().generation
        self._fill(generation, columns)

    @classmethod
    def _from_kernel(cls, generation: int, sources, targets, models, ports) -> "SynapseCollection":
        """What the kernel returned: int64 columns of equal length."""
        made = cls.__new__(cls)
        made._fill(generation, (sources, targets, models, ports))
        return made

    def _fill(self, generation: int, columns: Iterable[np.ndarray]) -> None:
        for name, column in zip(_COLUMNS, columns):
            object.__setattr__(self, name, column)
        for name, value in (("_generation", generation), ("_distance", None), ("print_full", False)):
            object.__setattr__(self, name, value)

    def __reduce__(self):
        return SynapseCollection._from_kernel, (self._generation, *(getattr(self, name) for name in _COLUMNS))

    def _stale(self) -> bool:
        return self._generation != session().generation

    # --- a sequence of one-connection collections ---------------------------------------------------------------

    def __len__(self) -> int:
        return len(self._sources)

    def __iter__(self) -> Iterator["SynapseCollection"]:
        return (self[position] for position in range(len(self)))

    def __getitem__(self, key: int | slice) -> "SynapseCollection":
        if isinstance(key, slice):
            return self._rows(key)
        if not isinstance(key, (int, np.integer)) or isinstance(key, bool):
            raise TypeError(f"SynapseCollection indices are integers or slices, not {type(key).__name__}.")
        position = key + len(self) if key < 0 else key
        if not 0 <= position < len(self):
            raise IndexError(f"SynapseCollection index {key} is outside a collection of {len(self)} connections.")
        return self._rows(slice(position, position + 1))

    def _rows(self, rows: slice) -> "SynapseCollection":
        return SynapseCollection._from_kernel(self._generation, *(getattr(self, name)[rows] for name in _COLUMNS))

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, SynapseCollection):
            raise NotImplementedError(f"A SynapseCollection cannot be compared with {type(other).__name__}.")
        same = all(np.array_equal(getattr(self, name), getattr(other, name)) for name in _COLUMNS)
        return same and (len(self) == 0 or self._generation == other._generation)

    def sources(self) -> Iterator[int]:
        """Source ids."""
        return iter(self._sources.tolist())

    def targets(self) -> Iterator[int]:
        """Target ids."""
        return iter(self._targets.tolist())

    def disconnect(self) -> None:
        """Removes these connections; InexistentConnection when one is gone already."""
        if self._stale() and len(self):
            raise NESTErrors.InexistentConnection("These connections ended with the last ResetKernel.")
        if len(self):
            session().disconnect_connections(self)

    def __str__(self) -> str:
        return table_text(self, self.print_full)

    def __repr__(self) -> str:
        return str(self)

    # --- parameters ---------------------------------------------------------------------------------------------

    def get(self, keys: Any = None, output: str = "") -> Any:
        """Values of the connections.

        keys None: a dictionary of lists; text: a list, empty where no connection has the key; several texts: a
        dictionary of lists. One connection gives single values instead of lists. output: "pandas" (indexed by source)
        or "json". Errors: KeyError for a key that one connection, or any of several keys that no connection, has.
        """
        if keys is not None and not isinstance(keys, Iterable):
            raise TypeError(f"Parameters are named by text or a list of texts, not by {type(keys).__name__}.")
        names = [] if keys is None else [keys] if isinstance(keys, str) else list(keys)
        if not all(isinstance(name, str) for name in names):
            raise TypeError("Parameters are named by texts.")
        if len(self) == 0 or self._stale():
            return self._empty_result(keys, output)
        asks = keys is None or len(names) > 0
        table = self._table(names, required=not isinstance(keys, str) or len(self) == 1) if asks else {}
        if output == "pandas":
            import pandas

            return pandas.DataFrame(table, index=self._sources.tolist())
        shaped = {name: column[0] if len(self) == 1 else column for name, column in table.items()}
        result = shaped.get(keys, []) if isinstance(keys, str) else shaped
        return to_json(result) if output == "json" else result

    _plain = get

    def _empty_result(self, keys: Any, output: str) -> Any:
        if output == "pandas":
            import pandas

            return pandas.DataFrame()
        if output == "json":
            return "{}"
        return () if isinstance(keys, str) else {}

    def _table(self, names: list[str], required: bool) -> dict[str, list]:
        """Per key a list with one entry a connection, None where a model lacks it."""
        try:
            columns = session().connection_values(self, names)
        except KeyError:
            if required:
                raise
            columns = {}
        return {
            name: column.tolist() if isinstance(column, np.ndarray) else list(column)
            for name, column in columns.items()
        }

    def set(self, params: Any = None, **kwargs: Any) -> None:
        """Sets parameters: a dictionary (single values or one value a connection), a list with one dictionary a
        connection, each with the keys that are to change, or keywords."""
        if params is not None and kwargs:
            raise TypeError("set() takes a dictionary or keywords, not both.")
        values = kwargs if params is None else params
        if not isinstance(values, dict) and not _is_list_of_dictionaries(values, len(self)):
            raise TypeError("set() takes a dictionary, or a list with one dictionary a connection, or keywords.")
        if len(self) == 0 or len(values) == 0 or self._stale():
            return
        if isinstance(values, dict):
            _refuse_values_of_all_ranks(values, len(self))
        session().set_connection_values(self, values if isinstance(values, dict) else _as_columns(values))

    def to_pandas(self, keys: str | Iterable[str] | None = None) -> "DataFrame":
        """The connections as a table of pandas: one row a connection, with the columns `keys` (text, or a list of
        texts), or all parameters."""
        names = [] if keys is None else [keys] if isinstance(keys, str) else list(keys)
        return connections_frame(self[:0] if self._stale() else self, names)

    @property
    def distance(self) -> list[float]:
        """Distance between source and target; NaN without positions."""
        found = self._distance
        if found is None:
            found = distances(self._sources, self._targets).tolist()
            object.__setattr__(self, "_distance", found)
        return found

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(f"SynapseCollection has no attribute '{name}'.")
        return self.get(name)

    def __setattr__(self, name: str, value: Any) -> None:
        if name == "print_full":
            object.__setattr__(self, name, value)
        else:
            self.set({name: value})

    def __dir__(self) -> list[str]:
        """Methods and parameters, for completion; one connection a model is asked."""
        names = {*object.__dir__(self)}
        if len(self) and not self._stale():
            _, firsts = np.unique(self._models, return_index=True)
            names |= {key for first in firsts.tolist() for key in session().connection_values(self[first], [])}
        return sorted(names)


def _as_columns(dictionaries: list[dict]) -> dict[str, list] | list[dict]:
    """One dictionary of columns, which costs less to hand over, where all of them give numbers for the same keys."""
    keys = dictionaries[0].keys()
    if not all(item.keys() == keys for item in dictionaries):
        return list(dictionaries)
    columns = {key: [item[key] for item in dictionaries] for key in keys}
    numbers = all(isinstance(value, (int, float)) for column in columns.values() for value in column)
    return columns if numbers else list(dictionaries)


def _refuse_values_of_all_ranks(values: dict, count: int) -> None:
    """NotImplementedError on one of several ranks, for a list that is not one of its own connections."""
    for key, value in values.items():
        if is_one_of_several() and isinstance(value, (list, tuple, np.ndarray)) and len(value) != count:
            raise NotImplementedError(
                f"set: '{key}' has {len(value)} values, and this rank {count} of the connections: each rank sets "
                "its own"
            )


def _is_list_of_dictionaries(values: Any, count: int) -> bool:
    return isinstance(values, (list, tuple)) and len(values) == count and all(isinstance(item, dict) for item in values)
