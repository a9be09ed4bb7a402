"""A server of our own for the time of a script: `with served_kernel(vps):` before the first call of the API."""

import os
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_START_WITHIN_S = 10.0


@contextmanager
def served_kernel(vps: int, program: str = "volley-server") -> Iterator[int]:
    """Starts the server on a Unix socket and points VOLLEY_ADDRESS to it; yields its process id, ends it afterwards."""
    with tempfile.TemporaryDirectory(prefix="volley-") as folder:
        socket = Path(folder) / "socket"
        server = subprocess.Popen([program, "--socket", str(socket), "--vps", str(vps)], stdout=subprocess.DEVNULL)
        try:
            _wait_for(socket, server)
            os.environ["VOLLEY_ADDRESS"] = f"unix:{socket}"
            yield server.pid
        finally:
            server.terminate()
            server.wait()


def _wait_for(socket: Path, server: subprocess.Popen) -> None:
    deadline_s = time.monotonic() + _START_WITHIN_S
    while not socket.exists():
        if server.poll() is not None:
            raise RuntimeError(f"The server ended with code {server.returncode}.")
        if time.monotonic() > deadline_s:
            raise RuntimeError("The server did not open its socket.")
        time.sleep(0.01)
