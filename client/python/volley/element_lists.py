"""Compartments and Receptors: the parts of a node of many compartments, as a list that grows by `+=`.

    cm.compartments += {"parent_idx": 0, "params": {...}}

sends the new part to the node at once. The statement then assigns what `+=` gave, which is None, and a NodeCollection
takes that for nothing to do.
"""

from typing import Any

from .low_level import node_handle

__all__ = ["Compartments", "Receptors", "plain_elements", "wrapped"]


class _element_list:
    """Dictionaries, one a part, and the node that has them. What is added is sent to the node by `_adds`."""

    _adds = ""

    def __init__(self, node_collection: Any, elements: list[dict] | tuple[dict, ...]):
        name = type(self).__name__
        if not isinstance(node_collection, node_handle):
            raise TypeError(f"{name} belong to a NodeCollection, not to {type(node_collection).__name__}.")
        if not isinstance(elements, (list, tuple)):
            raise TypeError(f"{name} are a list or tuple of dictionaries, not {type(elements).__name__}.")
        self.node_collection: Any = node_collection
        self.elements = tuple(elements)

    def __add__(self, other: Any) -> "_element_list":
        return type(self)(self.node_collection, (*self.elements, *self._additional(other)))

    def __iadd__(self, other: Any) -> None:  # type: ignore[misc]  # see the file's head
        self.node_collection.set({self._adds: list(self._additional(other))})

    def _additional(self, other: Any) -> tuple[dict, ...]:
        name = type(self).__name__
        if isinstance(other, type(self)):
            return other.elements
        if isinstance(other, dict):
            return (other,)
        if not isinstance(other, (list, tuple)):
            raise NotImplementedError(f"{name} can be joined with dictionaries, not with {type(other).__name__}.")
        if not all(isinstance(element, dict) for element in other):
            raise TypeError(f"{name} are dictionaries, and what is added holds something else.")
        return tuple(other)

    def __getitem__(self, key: int) -> dict:
        return self.elements[key]

    def __len__(self) -> int:
        return len(self.elements)

    def get_tuple(self) -> tuple[dict, ...]:
        """The dictionaries."""
        return self.elements

    _plain = get_tuple

    def __str__(self) -> str:
        return str(self.elements)

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.elements!r})"


class Compartments(_element_list):
    """The compartments of a node, each with its parent, in order of their index."""

    _adds = "add_compartments"


class Receptors(_element_list):
    """The receptors of a node, each with its compartment, in order of their index."""

    _adds = "add_receptors"


_WRAPPERS: dict[str, type[_element_list]] = {"compartments": Compartments, "receptors": Receptors}


def wrapped(nodes: Any, key: str, values: Any) -> Any:
    """What `get(key)` gives: the lists of `compartments` and `receptors` in their classes, anything else as it is."""
    kind = _WRAPPERS.get(key)
    if kind is None:
        return values
    if len(nodes) == 1:
        return values if values is None else kind(nodes, values)
    return tuple(value if value is None else kind(node, value) for node, value in zip(nodes, values))


def plain_elements(values: Any) -> Any:
    """`values` of a `set` with the lists of `compartments` and `receptors` as lists of dictionaries, for the kernel.

    An entry that is None says that `+=` has done its work, and falls away.
    """
    if isinstance(values, (list, tuple)):
        return [plain_elements(item) for item in values]
    if not isinstance(values, dict) or _WRAPPERS.keys().isdisjoint(values):
        return values
    return {key: _plain_list(key, value) for key, value in values.items() if key not in _WRAPPERS or value is not None}


def _plain_list(key: str, value: Any) -> Any:
    if key not in _WRAPPERS:
        return value
    if isinstance(value, _element_list):
        return list(value.elements)
    return [value] if isinstance(value, dict) else value
