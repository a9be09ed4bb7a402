"""Starts and watches the process that programs run in: its end and its silence are faults of the program."""

import contextlib
import json
import os
import selectors
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from faults import fault

PLACE_BYTES = 64


class theatre:
    """Judges programs, each as if it were the first. Use as a context manager."""

    def __init__(self, server: str, patience_s: float = 60.0):
        """`server`: the server program; `patience_s`: after this a program hangs."""
        self._server, self._patience_s = server, patience_s
        self._place = tempfile.NamedTemporaryFile(prefix="volley-place-")
        self._stage: subprocess.Popen | None = None

    def __enter__(self) -> "theatre":
        return self

    def __exit__(self, *unused) -> None:
        self.close()
        self._place.close()

    def close(self) -> None:
        """Ends the process; the next program starts a new one."""
        if self._stage is not None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self._stage.pid, signal.SIGKILL)  # its servers too
            self._stage.wait()
            self._stage = None

    def judge(self, program: list[str]) -> list[fault]:
        stage = self._started()
        try:
            stage.stdin.write(json.dumps(program) + "\n")
            stage.stdin.flush()
            answer = self._answer(stage)
        except BrokenPipeError:
            answer = ""
        if not answer:
            return [self._ended(stage)]
        found = json.loads(answer)
        faults = [fault(*one) for one in found["faults"]]
        if found["lost"]:
            faults = [fault("a kernel is lost", *self._where(), found["lost"])]
            self.close()
        return faults

    def _started(self) -> subprocess.Popen:
        if self._stage is None:
            self._place.truncate(0)
            self._place.truncate(PLACE_BYTES)
            self._errors = tempfile.TemporaryFile()
            script = Path(__file__).with_name("stage.py")
            self._stage = subprocess.Popen(
                [sys.executable, str(script), self._place.name, self._server],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=self._errors,
                text=True,
                start_new_session=True,
            )
            if not self._stage.stdout.readline():
                raise RuntimeError(f"The kernels cannot be started: {self._last_words()}")
        return self._stage

    def _answer(self, stage: subprocess.Popen) -> str:
        with selectors.DefaultSelector() as ready:
            ready.register(stage.stdout, selectors.EVENT_READ)
            while not ready.select(self._patience_s):
                if not _is_stopped(stage.pid):
                    return ""
            return stage.stdout.readline()

    def _ended(self, stage: subprocess.Popen) -> fault:
        """The fault of a process that gave no answer."""
        line, where = self._where()
        try:
            code = stage.wait(5)
            ended = fault("the process ended", line, where, f"with {_ending(code)}:\n{self._last_words()}")
        except subprocess.TimeoutExpired:
            stage.send_signal(signal.SIGUSR1)
            time.sleep(1)
            ended = fault("the process hangs", line, where, f"for {self._patience_s:g} s:\n{self._last_words()}")
        self.close()
        return ended

    def _where(self) -> tuple[int, str]:
        number, _, name = Path(self._place.name).read_bytes().rstrip(b" \0").decode().partition(" ")
        return int(number or 0), name

    def _last_words(self) -> str:
        self._errors.seek(0)
        return self._errors.read()[-1500:].decode(errors="replace").strip()


def _is_stopped(process: int) -> bool:
    """Whether somebody has stopped it by a signal: then it does not hang."""
    return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] == "T"


def _ending(code: int) -> str:
    return signal.Signals(-code).name if code < 0 else f"code {code}"
