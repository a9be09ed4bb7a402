"""The kernel behind the door: a server on a Unix socket, which lives as long as the door."""

import ctypes
import os
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent
_ANNOUNCEMENT = "VOLLEY_ADDRESS="
_IDLE_HOURS = "100000"  # the door's own sessions wait for requests as long as it stands


def server_program() -> str | None:
    """The server's path: that of the package, or else the first on PATH."""
    own = _PACKAGE / "bin" / "volley-server"
    return str(own) if own.is_file() else shutil.which("volley-server")


@contextmanager
def kernel_process(program: str, options: list[str], ended: Callable[[int], None]) -> Iterator[str]:
    """Starts the server and yields its address; `ended(code)` is called if it ends by itself. RuntimeError when it does
    not listen."""
    if not any(option.split("=")[0] == "--idle-hours" for option in options):
        options = [*options, "--idle-hours", _IDLE_HOURS]
    process = subprocess.Popen([program, *options], stdout=subprocess.PIPE, text=True, preexec_fn=_set_out)
    try:
        address = _announced(process)
        threading.Thread(target=_watch, args=(process, ended), daemon=True).start()
        yield address
    finally:
        process.terminate()
        process.wait()


def die_with_parent() -> None:
    """This process is told to end when the thread that started it does."""
    pr_set_pdeathsig = 1
    ctypes.CDLL(None).prctl(pr_set_pdeathsig, signal.SIGTERM)


def _set_out() -> None:
    die_with_parent()
    os.setpgid(0, 0)  # Ctrl-C is for the door, which ends the kernel


def _announced(process: subprocess.Popen) -> str:
    """Where the server listens; what it says reaches the terminal too."""
    for line in process.stdout or ():
        sys.stdout.write(line)
        if line.startswith(_ANNOUNCEMENT + "unix:"):
            return line.removeprefix(_ANNOUNCEMENT).strip()
    raise RuntimeError(f"the kernel's server ended with code {process.wait()}")


def _watch(process: subprocess.Popen, ended: Callable[[int], None]) -> None:
    for line in process.stdout or ():
        sys.stdout.write(line)
        sys.stdout.flush()
    ended(process.wait())
