"""Jobs of mpirun on this machine."""

import atexit
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

HERE = Path(__file__).resolve().parent
os.environ["PYNEST_QUIET"] = "1"
for name in [name for name in os.environ if name.startswith("VOLLEY_") and name != "VOLLEY_SERVER"]:
    del os.environ[name]

# Open MPI names what it leaves in folders that all share by numbers of processes, and these repeat in sandboxes.
_apart = tempfile.mkdtemp(prefix="ranks")
atexit.register(shutil.rmtree, _apart, ignore_errors=True)
os.environ["OMPI_MCA_orte_tmpdir_base"] = os.environ["OMPI_MCA_btl_vader_backing_directory"] = _apart

if shutil.which("mpirun") is None:
    pytest.skip("there is no mpirun", allow_module_level=True)


def run_ranks(
    ranks: int, script: str | Path, *arguments: str, cwd: Path | None = None, timeout: float = 120, **env: str
) -> subprocess.CompletedProcess:
    """The script on so many ranks; it ends, one way or the other."""
    python = [sys.executable, *(["-c", script] if isinstance(script, str) else [str(script)])]
    return run_program(ranks, *python, *arguments, cwd=cwd, timeout=timeout, **env)


def run_program(
    ranks: int, *command: str, cwd: Path | None = None, timeout: float = 120, **env: str
) -> subprocess.CompletedProcess:
    """So many processes of it; they end, one way or the other."""
    return subprocess.run(
        ["mpirun", "--oversubscribe", "--allow-run-as-root", "-np", str(ranks), *command],
        capture_output=True,
        text=True,
        timeout=timeout,
        cwd=cwd,
        env={**os.environ, "VOLLEY_MEMORY_LIMIT": "1G", **env},
    )


def lines(done: subprocess.CompletedProcess) -> list[str]:
    """What all ranks of a job that went well have printed, sorted."""
    assert done.returncode == 0, done.stdout + done.stderr
    return sorted(done.stdout.splitlines())
