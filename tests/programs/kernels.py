"""The kernels that a program runs on: with one and with three virtual processes, in this process and behind a socket.
"""

import ctypes
import os
import signal
import subprocess
from pathlib import Path

from volley.log import VerbosityLevel, log
from volley.marshalling import open_session
from volley.session import bind, kernel_link

# ResetKernel keeps them; a program must not see what another one left.
_KEPT_BY_RESET = (
    "eprop_update_interval",
    "eprop_learning_window",
    "eprop_reset_neurons_on_update",
    "adaptive_target_buffers",
    "data_prefix",
    "buffer_size_spike_data",
    "buffer_size_target_data",
    "max_buffer_size_target_data",
    "growth_factor_buffer_target_data",
)


class kept_log(log):
    """Keeps the kernel's entries instead of printing them."""

    def __init__(self):
        super().__init__()
        self.entries: list[tuple[int, str]] = []

    def write(self, severity: int, text: str, place: str = "") -> None:
        self.entries.append((severity, text))


class kernel:
    """One kernel with a folder for its recorders."""

    def __init__(self, vps: int, folder: Path, server: str | None):
        """`server`: the program to start one with, or None for a kernel in this process."""
        self.name = f"{vps} VP{'s' if vps > 1 else ''} {'served' if server else 'embedded'}"
        self.folder = folder / self.name.replace(" ", "_")
        self._records = self.folder / "records"
        self._records.mkdir(parents=True)
        self.process = _serve(server, vps, self.folder) if server else None
        os.environ["VOLLEY_VPS"] = str(vps)
        address = f"unix:{self.folder}/socket" if server else ""
        self.link = kernel_link(lambda write, first: open_session(write, address, first), kept_log())
        self._settings = self.link.session.kernel_status(list(_KEPT_BY_RESET))

    def enter(self) -> None:
        """An empty network, and the verbs of this process talk to it."""
        bind(self.link)
        self.link.log.entries.clear()
        self.link.log.threshold = VerbosityLevel.INFO
        for file in self._records.iterdir():
            file.unlink()
        self.link.session.reset_kernel()
        # Results do not depend on the number of threads.
        growth = {"structural_plasticity_threads": True, "structural_plasticity_rules": True}
        self.link.session.set_kernel_status({**self._settings, **growth, "data_path": str(self._records)})

    def without_paths(self, text: str) -> str:
        return text.replace(str(self.folder), "FOLDER")

    def files(self) -> dict[str, list[str]]:
        """What recorders wrote: the rows of all virtual processes, by the device's part of the name."""
        rows: dict[str, list[str]] = {}
        for file in self._records.iterdir():
            device, _, ending = file.name.rpartition("-")
            lines = file.read_text(errors="replace").splitlines()[3:]
            rows.setdefault(f"{device}.{ending.rpartition('.')[2]}", []).extend(lines)
        return {name: sorted(lines) for name, lines in rows.items()}

    def dead(self) -> str | None:
        """How its server ended, if it did."""
        if self.process is None or self.process.poll() is None:
            return None
        return f"the server ended with {self.process.returncode}: {self.process.stderr.read()[-2000:].strip()}"

    def close(self) -> None:
        self.link.close()
        if self.process is not None:
            self.process.kill()
            self.process.wait()


def _die_with_parent() -> None:
    """Whatever ends this process, its servers end with it."""
    pr_set_pdeathsig = 1
    ctypes.CDLL(None).prctl(pr_set_pdeathsig, signal.SIGKILL)


def _serve(program: str, vps: int, folder: Path) -> subprocess.Popen:
    command = [
        program,
        "--socket",
        f"{folder}/socket",
        "--vps",
        str(vps),
        "--data-root",
        str(folder),
        "--requests-per-second",
        "1e6",
    ]
    server = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, preexec_fn=_die_with_parent
    )
    for line in server.stdout:
        if line.startswith("VOLLEY_ADDRESS="):
            return server
    raise RuntimeError(f"the server ended with {server.wait()} before it listened: {server.stderr.read()}")
