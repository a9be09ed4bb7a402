"""The second session with a server's kernel: it looks, also while the first one simulates."""

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from ..marshalling import open_default
from ..session import kernel_link, link, session, using


class looking_link(kernel_link):
    """A link that changes nothing, not even when it is opened."""

    def apply_environment(self) -> None:
        """Where recorders write is for others to say."""


_lock = threading.Lock()
_second: list[kernel_link] = []


def kernel_is_served() -> bool:
    """Whether the kernel is in a server, which several sessions can use."""
    return bool(os.environ.get("VOLLEY_ADDRESS"))


@contextmanager
def observing() -> Iterator[None]:
    """Calls within look through the second session. A kernel inside this process has one only: they take the first, and
    wait for what it does."""
    if not kernel_is_served():
        yield
        return
    try:
        with using(_second_link()):
            hear_of_resets()
            yield
    except Exception as error:
        if "connection to the kernel is lost" in str(error):
            _second_link().close()
        raise


def hear_of_resets() -> None:
    """Other sessions may have reset the kernel; this one learns of it by an answer, and makes no stale collections."""
    if kernel_is_served():
        session().kernel_status(["to_do"])


def _second_link() -> kernel_link:
    with _lock:
        if not _second:
            _second.append(looking_link(open_default, link().log))
        return _second[0]
