"""Functions kept for old scripts: each warns once per process and goes on."""

import functools
import warnings
from collections.abc import Callable


def deprecated(replacement: str) -> Callable[[Callable], Callable]:
    """Marks a function as deprecated; `replacement` is what to write instead."""

    def mark(function: Callable) -> Callable:
        @functools.cache
        def warn_once() -> None:
            text = f"{function.__name__} is deprecated, use {replacement} instead."
            warnings.warn(text, stacklevel=3)

        @functools.wraps(function)
        def call(*args, **kwargs):
            warn_once()
            return function(*args, **kwargs)

        return call

    return mark
