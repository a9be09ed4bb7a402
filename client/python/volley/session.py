"""The one kernel behind the module: which session the verbs of this package talk to, and how its log reaches the terminal.

PyNEST is a module with one kernel, so a process has one ambient `kernel_link`. It is the only state that a module of this
package holds. The session is opened by the first call that needs it: embedded in this process, or, when the environment
variable VOLLEY_ADDRESS names a server ("unix:/path", "tcp:127.0.0.1:port", with VOLLEY_TOKEN), through a socket.
"""

import atexit
import os
from collections.abc import Callable

from .log import log
from .low_level import low_level_session


class kernel_link:
    """A session opened on first use, and the log of this process."""

    def __init__(self, open_session: Callable[[Callable[[int, str], None]], low_level_session], log_lines: log):
        """`open_session` gets the function that takes the kernel's log entries (severity, text)."""
        self._open_session = open_session
        self._session: low_level_session | None = None
        self.log = log_lines

    @property
    def session(self) -> low_level_session:
        """The session, opened if need be."""
        if self._session is None:
            self._session = self._open_session(self.log.write)
            self.apply_environment()
        return self._session

    def close(self) -> None:
        """Ends the session; the next call would open a new one, with an empty kernel."""
        self._session = None

    def apply_environment(self) -> None:
        """Where recorders write, as NEST_DATA_PATH and NEST_DATA_PREFIX say; on start and after each reset."""
        names = {"data_path": "NEST_DATA_PATH", "data_prefix": "NEST_DATA_PREFIX"}
        settings = {key: os.environ[name] for key, name in names.items() if name in os.environ}
        if settings:
            self._session.set_kernel_status(settings)


def open_session(write_log: Callable[[int, str], None], address: str) -> low_level_session:
    """A session with the kernel at an address; "" is one inside this process."""
    import _volley  # deferred: the rest of the package does not need it

    from . import marshalling

    return _volley.Session(
        address=address,
        token=os.environ.get("VOLLEY_TOKEN", ""),
        classes=marshalling.classes(),
        write_log=write_log,
    )


def _open_default(write_log: Callable[[int, str], None]) -> low_level_session:
    return open_session(write_log, os.environ.get("VOLLEY_ADDRESS", ""))


_current = kernel_link(_open_default, log())
atexit.register(_current.close)  # while Python still works: the kernel's threads are joined here, not during finalisation


def link() -> kernel_link:
    """The link of this process."""
    return _current


def session() -> low_level_session:
    """The session of this process, opened if need be."""
    return _current.session


def bind(new: kernel_link) -> kernel_link:
    """Makes another link the one of this process and returns the former. For tests, and for programs with two kernels."""
    global _current
    former, _current = _current, new
    return former
