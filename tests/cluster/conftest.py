"""Real clusters of real processes on this machine."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).resolve().parent
PROGRAM = os.path.abspath(os.environ.get("VOLLEY_SERVER", "volley-server"))
STARTS_WITHIN_S = 60
os.environ["PYNEST_QUIET"] = "1"  # of all clients here


class cluster:
    """A supervisor and its workers, one lane each."""

    def __init__(self, folder: Path, workers: int, hosts: bool = False, serve=(), join=()):
        self.folder = folder
        only = [] if hosts else ["--workers-only"]
        self.address = f"unix:{folder / 's'}"
        self.start_server("--workers-listen", "127.0.0.1:0", *only, *serve)
        self.workers = [self.join(*join) for _ in range(workers)]

    def start_server(self, *options: str) -> None:
        self.server = self._start(["--socket", str(self.folder / "s"), *options])
        self.said = [self.server.stdout.readline()]
        while self.said[-1] and not self.said[-1].startswith("VOLLEY_WORKERS="):
            self.said.append(self.server.stdout.readline())
        self.door = self.said[-1].split()[0].removeprefix("VOLLEY_WORKERS=")

    def _start(self, options: list[str]) -> subprocess.Popen:
        return subprocess.Popen(
            [PROGRAM, *options],
            cwd=self.folder,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            env={**os.environ, "VOLLEY_MEMORY_LIMIT": "1G"},
        )

    def join(self, *options: str) -> subprocess.Popen:
        """A worker, once it is let in."""
        token = ["--token-file", str(self.folder / "s.workers")]
        worker = self._start(["worker", "--join", self.door, *token, "--lanes", "1", *options])
        line = worker.stdout.readline()
        assert "computes" in line, line
        return worker

    def run(
        self, script: str | Path, *arguments: str, timeout: float = 120, environment=()
    ) -> subprocess.CompletedProcess:
        """A client."""
        command = [sys.executable, str(script), *arguments]
        if isinstance(script, str):
            command = [sys.executable, "-c", script, *arguments]
        environment = {**os.environ, "VOLLEY_ADDRESS": self.address, **dict(environment)}
        return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=timeout)

    def end(self) -> None:
        for one in [self.server, *self.workers]:
            if one.poll() is None:
                one.kill()
            one.wait()
            one.stdout.close()


@pytest.fixture
def start(tmp_path):
    """Starts clusters, which end with the test."""
    started = []

    def start_one(workers: int, hosts: bool = False, **options) -> cluster:
        folder = tmp_path / str(len(started))
        folder.mkdir()
        started.append(cluster(folder, workers, hosts, **options))
        return started[-1]

    yield start_one
    for one in started:
        one.end()
