"""A server of our own for the time of a script: `with served_kernel(vps):` before the first call of the API."""

import os
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager

_ANNOUNCEMENT = "VOLLEY_ADDRESS="


@contextmanager
def served_kernel(vps: int, program: str = "volley-server", options: tuple[str, ...] = ()) -> Iterator[int]:
    """Starts the server on a Unix socket and points VOLLEY_ADDRESS to it; yields its process id, ends it afterwards."""
    with tempfile.TemporaryDirectory(prefix="volley-") as folder:
        command = [program, "--socket", f"{folder}/socket", "--vps", str(vps), *options]
        # A session of its own: Ctrl-C is for the script, which cancels its run; the server goes on.
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, start_new_session=True) as server:
            try:
                os.environ["VOLLEY_ADDRESS"] = _announced_address(server)
                yield server.pid
            finally:
                server.terminate()


def _announced_address(server: subprocess.Popen) -> str:
    """Where the server listens, as it says once it does."""
    for line in server.stdout:
        if line.startswith(_ANNOUNCEMENT):
            return line.removeprefix(_ANNOUNCEMENT).strip()
    raise RuntimeError(f"The server ended with code {server.wait()} before it listened.")
