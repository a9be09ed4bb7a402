"""Jobs of mpirun on this machine."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).resolve().parent
os.environ["PYNEST_QUIET"] = "1"
for name in [name for name in os.environ if name.startswith("VOLLEY_") and name != "VOLLEY_SERVER"]:
    del os.environ[name]

if shutil.which("mpirun") is None:
    pytest.skip("there is no mpirun", allow_module_level=True)


def run_ranks(
    ranks: int, script: str | Path, *arguments: str, cwd: Path | None = None, timeout: float = 120, **env: str
) -> subprocess.CompletedProcess:
    """The script on so many ranks; it ends, one way or the other."""
    program = ["-c", script] if isinstance(script, str) else [str(script)]
    command = ["mpirun", "--oversubscribe", "--allow-run-as-root", "-np", str(ranks), sys.executable, *program]
    return subprocess.run(
        [*command, *arguments],
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
