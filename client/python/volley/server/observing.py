"""The second session with a server's kernel: it looks, also while the first one simulates. And those with other
kernels of the server."""

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from ..marshalling import open_default, opener
from ..session import kernel_link, link, session, using


class looking_link(kernel_link):
    """A link that changes nothing, not even when it is opened."""

    def apply_environment(self) -> None:
        """Where recorders write is for others to say."""


_lock = threading.Lock()
_looking: dict[str, kernel_link] = {}  # by the name of the kernel; "": the door's own


def kernel_is_served() -> bool:
    """Whether the kernel is in a server, which several sessions can use."""
    return bool(os.environ.get("VOLLEY_ADDRESS"))


def is_lost(error: Exception) -> bool:
    """Whether a session has ended with its server, or its kernel."""
    return "connection to" in str(error) and " is lost: " in str(error)


@contextmanager
def observing(kernel: str = "") -> Iterator[None]:
    """Calls within look through a second session, with the door's kernel or another one of `kernel_names`. A kernel
    inside this process has one session only: they take the first, and wait for what it does."""
    if not kernel_is_served():
        yield
        return
    with _through(_looking_link(kernel)):
        hear_of_resets()
        yield


@contextmanager
def _through(looking: kernel_link) -> Iterator[None]:
    try:
        with using(looking):
            yield
    except Exception as error:
        if is_lost(error):
            looking.close()
        raise


def kernel_names() -> list[str]:
    """Those of the server, the door's own first. No kernel is asked."""
    if not kernel_is_served():
        return []
    with _through(_looking_link("")):
        there = [one for one in session().list_kernels() if not one["gone"]]
    return [one["name"] for one in sorted(there, key=lambda one: not one["here"])]


def hear_of_resets() -> None:
    """Other sessions may have reset the kernel; this one learns of it by an answer, and makes no stale collections."""
    if kernel_is_served():
        session().kernel_status(["to_do"])


def _looking_link(kernel: str) -> kernel_link:
    with _lock:
        if kernel not in _looking:
            how = opener(os.environ["VOLLEY_ADDRESS"], kernel) if kernel else open_default
            _looking[kernel] = looking_link(how, link().log)
        return _looking[kernel]
