"""NodeCollection: an ordered set of nodes of the kernel, with their parameters as attributes."""

import operator
from collections.abc import Iterable, Iterator
from itertools import compress
from typing import TYPE_CHECKING, Any

import numpy as np

from . import node_values
from .data_frames import events_frame
from .element_lists import plain_elements, wrapped
from .errors import NESTErrors
from .id_ranges import Range, id_ranges
from .node_selection import positions_of
from .session import session

if TYPE_CHECKING:
    from pandas import DataFrame

# Entries of GetDefaults that nodes do not have.
_OF_MODELS_ONLY = {"available", "capacity", "elementsize", "instantiations", "type_id"}

_SLOTS = ("_generation", "_ids", "_sliced")


class NodeCollection:
    """Nodes in ascending order of id; cheap for any number of them. Handles die with `ResetKernel`.

    `NodeCollection(ids)` takes strictly ascending, unique integers that exist; `NodeCollection()` is empty.
    Indexing and iterating give collections again, not integers. Every parameter of the nodes is an attribute.
    """

    __slots__ = _SLOTS
    _generation: int
    _ids: id_ranges
    _sliced: bool
    __hash__ = None  # type: ignore[assignment]

    def __init__(self, data: Iterable[int] | None = None):
        kernel = session()
        ids = id_ranges() if data is None else _checked_ids(data)
        self._fill(kernel.generation, ids)
        if ids:
            kernel.describe_nodes(self)  # raises UnknownNode for an id outside the network

    @classmethod
    def _from_kernel(cls, generation: int, ranges: Iterable[Range]) -> "NodeCollection":
        """What the kernel returned: ranges of existing nodes in the kernel's incarnation `generation`."""
        return cls._of(generation, id_ranges(ranges))

    @classmethod
    def _of(cls, generation: int, ids: id_ranges, sliced: bool = False) -> "NodeCollection":
        made = cls.__new__(cls)
        made._fill(generation, ids, sliced)
        return made

    def _fill(self, generation: int, ids: id_ranges, sliced: bool = False) -> None:
        for name, value in zip(_SLOTS, (generation, ids, sliced)):
            object.__setattr__(self, name, value)

    def __reduce__(self):
        return NodeCollection._of, (self._generation, self._ids, self._sliced)

    def _live(self) -> id_ranges:
        """The ids; raises when the kernel was reset since."""
        if self._ids and self._generation != session().generation:
            raise NESTErrors.KernelException(
                "InvalidNodeCollection: this NodeCollection was made before the last ResetKernel, its nodes are gone."
            )
        return self._ids

    # --- a sequence of one-node collections ---------------------------------------------------------------------

    def __len__(self) -> int:
        return len(self._live())

    def __bool__(self) -> bool:
        return len(self) > 0

    def __iter__(self) -> Iterator["NodeCollection"]:
        for node_id in self._live():
            yield self._single(node_id)

    def _single(self, node_id: int) -> "NodeCollection":
        return NodeCollection._of(self._generation, id_ranges([(node_id, node_id, 1)]))

    def __getitem__(self, key: Any) -> "NodeCollection":
        """By position, slice (bounds never clamp), ascending positions, or one truth value a node."""
        ids = self._live()
        if isinstance(key, slice):
            return self._slice(key)
        if isinstance(key, (int, np.integer)) and not isinstance(key, bool):
            position = key + len(ids) if key < 0 else key
            if not 0 <= position < len(ids):
                raise IndexError(f"NodeCollection index {key} is outside a collection of {len(ids)} nodes.")
            return self._single(ids.at(int(position)))
        if isinstance(key, (list, tuple, np.ndarray)):
            chosen = ids.to_array()[positions_of(key, len(ids))]
            return NodeCollection._of(self._generation, id_ranges.of_sorted(chosen))
        raise IndexError(
            f"NodeCollection indices are integers, slices, lists, tuples or arrays, not {type(key).__name__}."
        )

    def _slice(self, key: slice) -> "NodeCollection":
        ids = self._ids
        step = 1 if key.step is None else operator.index(key.step)
        if step < 1:
            raise IndexError(f"The step of a NodeCollection slice must be at least 1, not {step}.")
        start = _bound(key.start, 0, len(ids))
        stop = _bound(key.stop, len(ids), len(ids))
        if start >= stop:
            raise NESTErrors.BadParameter(f"The slice {start}:{stop} of a NodeCollection of {len(ids)} nodes is empty.")
        return NodeCollection._of(self._generation, ids.sliced(start, stop, step), sliced=True)

    def __contains__(self, node_id: int) -> bool:
        return operator.index(node_id) in self._live()

    def index(self, node_id: int) -> int:
        """The position of a node id; ValueError when it is not a member."""
        position = self._live().index(operator.index(node_id))
        if position is None:
            raise ValueError(f"Node id {node_id} is not in this NodeCollection.")
        return position

    # --- set operations -----------------------------------------------------------------------------------------

    def __add__(self, other: Any) -> "NodeCollection":
        mine = self._live()
        if isinstance(other, (int, float, np.number)) and other == 0:  # what sum() begins with
            return self
        if not isinstance(other, NodeCollection):
            raise TypeError(
                f"A NodeCollection can be joined with a NodeCollection only, not with {type(other).__name__}."
            )
        others = other._live()
        if not mine or not others:
            return other if not mine else self
        if self._sliced_composite() or other._sliced_composite():
            raise NESTErrors.BadProperty("A sliced composite NodeCollection cannot be joined with another one.")
        if not self._shares_layer(other):
            raise NESTErrors.BadProperty("Nodes with positions can be joined with others of their layer only.")
        joined = mine.union(others)
        if joined is None:
            raise NESTErrors.BadProperty("The two NodeCollections overlap: they share at least one node.")
        return NodeCollection._of(self._generation, joined)

    __radd__ = __add__

    def _shares_layer(self, other: "NodeCollection") -> bool:
        """Whether both lie in one layer, or in none; the nodes of one collection are taken to do so."""
        first = np.unique([self._ids.at(0), other._ids.at(0)])
        both = NodeCollection._of(self._generation, id_ranges.of_sorted(first))
        return len({part.get("layer") for part in session().describe_nodes(both)}) == 1

    def _sliced_composite(self) -> bool:
        return self._sliced and (self._ids.strided() or len(self._primitives()) > 1)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, NodeCollection):
            raise NotImplementedError(f"A NodeCollection cannot be compared with {type(other).__name__}.")
        same_kernel = self._generation == other._generation or not self._ids
        return same_kernel and self._ids == other._ids  # no matter whether the nodes are there still

    # --- conversions --------------------------------------------------------------------------------------------

    def tolist(self) -> list[int]:
        """All ids."""
        return self._live().to_array().tolist()

    _plain = tolist

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> np.ndarray:
        return self._live().to_array().astype(dtype or np.int64, copy=False)

    def _to_array(self, selection: str = "all") -> dict[Any, list[int]]:
        """Ids grouped by "all", "rank" or "thread", to look at a layout."""
        if selection == "all":
            return {"All": self.tolist()}
        if selection == "rank":
            rank = session().kernel_status(["mpi_rank"])["mpi_rank"]
            return {f"Rank {rank}": list(compress(self.tolist(), node_values.lists(self, ["local"])["local"]))}
        if selection == "thread":
            groups: dict[int, list[int]] = {}
            for node_id, thread in zip(self.tolist(), node_values.lists(self, ["thread"])["thread"]):
                if thread is not None:  # of this rank
                    groups.setdefault(thread, []).append(node_id)
            return groups
        raise ValueError(f"selection must be 'all', 'rank' or 'thread', not {selection!r}.")

    def _primitives(self) -> list[dict[str, Any]]:
        """Runs of nodes of one model: dictionaries with first, last, step, model."""
        return session().describe_nodes(self)

    def __repr__(self) -> str:
        if not self._live():
            return "NodeCollection(<empty>)"
        parts = self._primitives()
        metadata = "spatial" if "layer" in parts[0] else "None"
        if len(parts) == 1 and parts[0]["step"] == 1:
            return f"NodeCollection(metadata={metadata}, {_primitive_text(parts[0])})"
        lines = "".join(f"\n               {_primitive_text(part)};" for part in parts)
        return f"NodeCollection(metadata={metadata},{lines})"

    # --- parameters ---------------------------------------------------------------------------------------------

    def get(self, *params: Any, output: str = "") -> Any:
        """Values of the nodes.

        No argument: all keys. One key: a value (one node) or a tuple. A list of keys: a dictionary of those. Two
        arguments are a path into a nested dictionary, as in `get("events", "times")`. output: "pandas" or "json".
        """
        values = node_values.get(self, params, output)
        is_one_key = len(params) == 1 and isinstance(params[0], str) and not output
        return wrapped(self, params[0], values) if is_one_key else values

    def set(self, params: Any = None, **kwargs: Any) -> None:
        """Sets parameters: a dictionary (lists are spread over the nodes where the parameter is a scalar), a list of
        dictionaries (one a node, each with the keys that are to change, or one for all), or keywords."""
        node_values.set_values(self, plain_elements(params), plain_elements(kwargs))

    def to_pandas(self, keys: str | Iterable[str] | None = None) -> "DataFrame":
        """The nodes as a table of pandas.

        keys "events": what recorders recorded, one row an event. Otherwise one row a node, with the columns `keys`
        (text, or a list of texts), or all parameters.
        """
        if keys is not None and not isinstance(keys, str):
            keys = list(keys)
        if keys == "events":
            return events_frame(self)
        return self.get(*(() if keys is None else (keys,)), output="pandas")

    @property
    def spatial(self) -> dict[str, Any] | None:
        """The layer that these nodes lie in: network_size, center, extent, edge_wrap, and shape (of a grid) or
        positions (of these nodes); None without positions."""
        if not self:
            return None
        told = session().describe_space(self)
        return told if told is None else {key: _as_tuples(value) for key, value in told.items()}

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_") or not self:
            raise AttributeError(f"NodeCollection has no attribute '{name}'.")
        return self.get(name)

    def __setattr__(self, name: str, value: Any) -> None:
        self.set({name: value})

    def __dir__(self) -> list[str]:
        """Methods and parameters, for completion. The parameters are those of the models: no node is asked."""
        names = {*object.__dir__(self)}
        if self._ids and self._generation == session().generation:
            models = {part["model"] for part in self._primitives()}
            names |= {key for model in models for key in session().get_defaults(model)} - _OF_MODELS_ONLY
        return sorted(names)


def _as_tuples(value: Any) -> Any:
    if not isinstance(value, np.ndarray):
        return value
    return tuple(map(tuple, value.tolist())) if value.ndim == 2 else tuple(value.tolist())


def _checked_ids(data: Iterable[int]) -> id_ranges:
    if isinstance(data, (str, bytes, dict)) or not hasattr(data, "__iter__"):
        raise TypeError(f"A NodeCollection is made from integer node ids, not from {type(data).__name__}.")
    ids: Any = data if isinstance(data, np.ndarray) else list(data)
    if len(ids) == 0:
        return id_ranges()
    whole = ids.dtype.kind in "iu" if isinstance(ids, np.ndarray) else all(_is_integer(node_id) for node_id in ids)
    column = np.asarray(ids if whole else ())
    if not whole or column.ndim != 1:
        raise TypeError("A NodeCollection is made from a flat sequence of integer node ids.")
    if np.any(column[1:] <= column[:-1]):
        raise NESTErrors.BadProperty("The ids of a NodeCollection must be unique and in ascending order.")
    if column[0] < 1:
        raise NESTErrors.UnknownNode(f"Node with id {column[0]} does not exist.")
    return id_ranges.of_sorted(column.astype(np.int64))


def _is_integer(value: Any) -> bool:
    return isinstance(value, (int, np.integer)) and not isinstance(value, bool)


def _bound(given: Any, default: int, size: int) -> int:
    if given is None:
        return default
    bound = operator.index(given)
    bound += size if bound < 0 else 0
    if not 0 <= bound <= size:
        raise IndexError(f"The slice bound {given} is outside a NodeCollection of {size} nodes.")
    return bound


def _primitive_text(part: dict[str, Any]) -> str:
    size = (part["last"] - part["first"]) // part["step"] + 1
    text = f"model={part['model']}, size={size}, first={part['first']}"
    if size > 1:
        text += f", last={part['last']}"
    if part["step"] != 1:
        text += f", step={part['step']}"
    return text
