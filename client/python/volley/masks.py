"""Mask: a region that is laid over a layer with its origin at a node."""

from typing import Any

import numpy as np

from .session import session

__all__ = ["CreateMask", "Mask"]


class Mask:
    """Made by `CreateMask`; `&`, `|` and `-` give what is in both, in either, and in the first alone."""

    __slots__ = ("_described",)

    def __init__(self, datum: Any):
        if not isinstance(datum, _description):
            raise TypeError("A Mask is made by CreateMask, not from a value.")
        self._described = dict(datum)

    def __reduce__(self):
        return _mask, (self._described,)

    def __repr__(self) -> str:
        return f"Mask({self._described})"

    def __and__(self, other: Any) -> "Mask":
        return self._joined("and", other)

    def __or__(self, other: Any) -> "Mask":
        return self._joined("or", other)

    def __sub__(self, other: Any) -> "Mask":
        return self._joined("without", other)

    def _joined(self, how: str, other: Any) -> "Mask":
        if not isinstance(other, Mask):
            raise NotImplementedError(f"A Mask cannot be combined with {type(other).__name__}.")
        return _checked({how: [self._described, other._described]})

    def Inside(self, point: Any) -> bool:
        """True for a point inside, the mask's origin being that of space. Errors: KernelException for a grid mask, or a
        point of other dimensions; ValueError for no point."""
        return bool(session().test_mask(self._described, points("Mask.Inside", [point]))[0])


class _description(dict):
    """What the kernel found to be a mask."""


def _mask(described: dict[str, Any]) -> Mask:
    return Mask(_description(described))


def _checked(described: dict[str, Any]) -> Mask:
    session().test_mask(described, None)
    return _mask(described)


def CreateMask(masktype: str, specs: dict[str, Any], anchor: Any = None) -> Mask:
    """A mask of a type: rectangular, circular, doughnut, elliptical; box, spherical, ellipsoidal; grid.

    anchor: where its origin is, seen from the node it is laid at. Errors: BadProperty, UnaccessedDictionaryEntry,
    TypeError.
    """
    if not isinstance(masktype, str):
        raise TypeError(f"CreateMask: masktype must be text, not {type(masktype).__name__}.")
    if not isinstance(specs, dict):
        raise TypeError(f"CreateMask: specs must be a dictionary, not {type(specs).__name__}.")
    return _checked({masktype: specs} if anchor is None else {masktype: specs, "anchor": anchor})


def points(verb: str, rows: Any) -> np.ndarray:
    """Rows of coordinates; a single point is one row. Errors: ValueError."""
    try:
        table = np.asarray(rows, dtype=float)
    except (TypeError, ValueError):
        raise ValueError(f"{verb}: points must be lists of as many coordinates each.") from None
    return table[np.newaxis] if table.ndim == 1 else table


def plain_mask(verb: str, mask: Any) -> dict[str, Any]:
    """The description of a mask, or of a dictionary {type: specification} as Connect takes it. Errors: TypeError, those
    of CreateMask."""
    if isinstance(mask, Mask):
        return mask._described
    if not isinstance(mask, dict):
        raise TypeError(f"{verb}: mask must be a Mask or a dictionary, not {type(mask).__name__}.")
    return _checked(mask)._described


def mask_dictionary(mask: Any) -> Any:
    """A mask as the kernel takes it: a Mask's description, or the dictionary that is there."""
    return mask._described if isinstance(mask, Mask) else mask
