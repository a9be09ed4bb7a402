"""The one kernel behind the module: which session the verbs of this package talk to, and how its log reaches the
terminal.

PyNEST is a module with one kernel, so a process has one ambient `kernel_link`. It is the only state that a module of
this package holds. The package binds one to the opener of `marshalling`; the session is opened by the first call that
needs it.
"""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from .errors import NESTError
from .log import log
from .low_level import low_level_session

Opener = Callable[[Callable[[int, str], None], int], low_level_session]


class kernel_link:
    """A session opened on first use, and the log of this process."""

    def __init__(self, open_session: Opener, log_lines: log | None = None):
        """`open_session` gets the function that takes the kernel's log entries (severity, text), and the number at
        which a kernel inside this process begins to count its resets."""
        self._open_session = open_session
        self._session: low_level_session | None = None
        self._opened_by = 0
        self.log = log_lines or log()

    @property
    def session(self) -> low_level_session:
        """The session, opened if need be. A process that was forked from the one that opened it cannot use it."""
        if self._session is None:
            self._open(1)
        elif self._is_forked():
            raise NESTError(
                "This process was forked from the one that holds the kernel, which it cannot use; ResetKernel() gives "
                "it a kernel of its own."
            )
        assert self._session is not None
        return self._session

    def reset(self) -> None:
        """An empty network; in a forked process, that of a kernel of its own."""
        if self._session is not None and self._is_forked():
            self._open(self._session.generation + 1)  # so that what the parent's calls returned is stale
        else:
            self.session.reset_kernel()
            self.apply_environment()

    def _is_forked(self) -> bool:
        return self._opened_by != os.getpid()

    def _open(self, first_generation: int) -> None:
        self._session = self._open_session(self.log.write, first_generation)
        self._opened_by = os.getpid()
        self.apply_environment()

    def close(self) -> None:
        """Ends the session; the next call would open a new one, with an empty kernel."""
        self._session = None

    def apply_environment(self) -> None:
        """Where recorders write, as NEST_DATA_PATH and NEST_DATA_PREFIX say; on start and after each reset."""
        names = {"data_path": "NEST_DATA_PATH", "data_prefix": "NEST_DATA_PREFIX"}
        settings = {key: os.environ[name] for key, name in names.items() if name in os.environ}
        if settings and self._session is not None:
            self._session.set_kernel_status(settings)


def _open_nothing(write_log: Callable[[int, str], None], first_generation: int) -> low_level_session:
    raise RuntimeError("No kernel is bound to the package.")


_current = kernel_link(_open_nothing)
_lent: ContextVar[kernel_link | None] = ContextVar("_lent", default=None)


def link() -> kernel_link:
    """The link of this process, or the one that this thread is `using`."""
    return _lent.get() or _current


def session() -> low_level_session:
    """The session of this link, opened if need be."""
    return link().session


@contextmanager
def using(other: kernel_link) -> Iterator[None]:
    """`with using(other):` the calls of this thread go through another link."""
    token = _lent.set(other)
    try:
        yield
    finally:
        _lent.reset(token)


def bind(new: kernel_link) -> kernel_link:
    """Makes another link the one of this process and returns the former. For tests and programs with two kernels."""
    global _current
    former, _current = _current, new
    return former
