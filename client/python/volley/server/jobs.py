"""What takes its time: simulations, and source text in a child process. One at a time; each can be watched, is
cancelled on request and ended in time."""

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from ..session import session
from .answers import refused
from .settings import server_settings

_LAST_WORDS_S = 5.0  # of a child that is asked to end


class jobs:
    """Thread safety: any thread."""

    def __init__(self, settings: server_settings):
        self._settings = settings
        self._turn = threading.Lock()  # held while a job runs
        self._lock = threading.Lock()  # guards the following
        self._end: Callable[[], None] | None = None  # ends the running job
        self._changes = 0  # jobs that have begun, and that have ended
        self._what = ""
        self._ended_because = ""
        self._progress: tuple[float, ...] | None = None

    def run(self, call: str, duration_ms: float) -> None:
        """Simulate or Run. Errors as theirs; 409 when it was cancelled, 408 when it took too long."""
        here = session()
        verb = here.simulate if call == "Simulate" else here.run
        with self._job(call, lambda: self._insist(here.cancel)):
            verb(duration_ms, self._report)
            self._tell_end()

    def run_here(self, source: Callable[[], Any]) -> Any:
        """The result of source text in this process: what it simulates is cancelled; nothing else of it can be."""
        with self._job("exec", lambda: self._insist(session().cancel)):
            result = source()
            self._tell_end()
        return result

    def run_source(self, question: dict[str, Any]) -> dict[str, Any]:
        """The answer of a child process (see `execution_child`)."""
        limits = {"bytes": self._settings.source_bytes, "seconds": self._settings.call_s}
        child = subprocess.Popen(
            [sys.executable, "-m", "volley.execution_child"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env={**os.environ, "PYNEST_QUIET": "1"},
            start_new_session=True,
        )
        with self._job("exec", lambda: _end(child)):
            text, _ = child.communicate(json.dumps({**question, **limits}).encode())
            self._tell_end()
        try:
            return json.loads(text)
        except ValueError:
            raise refused(400, f"the source ended its process (code {child.returncode})") from None

    def cancel(self) -> bool:
        """Ends the running job, at the next interval's end of a simulation. False when none runs."""
        return self._stop("the call was cancelled")

    def state(self) -> dict[str, Any] | None:
        """What runs: {"call", "began_ms", "now_ms", "end_ms", "wall_s"}, the times when they are known."""
        with self._lock:
            if self._end is None:
                return None
            times = self._progress or (None,) * 4
            return {"call": self._what, **dict(zip(("began_ms", "now_ms", "end_ms", "wall_s"), times))}

    def changes(self) -> int:
        """How many times a job has begun or ended."""
        with self._lock:
            return self._changes

    @contextmanager
    def _job(self, what: str, end: Callable[[], None]) -> Iterator[None]:
        with self._turn:
            with self._lock:
                self._what, self._end, self._ended_because, self._progress = what, end, "", None
                self._changes += 1
            late = f"the call took longer than {self._settings.call_s:g} s and was ended"
            watch = threading.Timer(self._settings.call_s, self._stop, [late])
            watch.daemon = True
            watch.start()
            try:
                yield
            finally:
                watch.cancel()
                with self._lock:
                    self._end = None
                    self._changes += 1

    def _stop(self, because: str) -> bool:
        with self._lock:
            if self._end is None:
                return False
            self._ended_because, end = because, self._end
        end()
        return True

    def _insist(self, cancel: Callable[[], None]) -> None:
        """A cancel that comes before the simulation has begun is not heard: it is said until the job has ended."""

        def say(end: Callable[[], None] | None) -> None:
            while end is not None:
                with self._lock:  # so that it does not reach the next job
                    if self._end is not end:
                        return
                    cancel()
                time.sleep(0.1)

        threading.Thread(target=say, args=(self._end,), daemon=True).start()

    def _tell_end(self) -> None:
        if self._ended_because:
            raise refused(409 if "cancelled" in self._ended_because else 408, self._ended_because)

    def _report(self, *times: float) -> None:
        with self._lock:
            self._progress = times


def _end(child: subprocess.Popen) -> None:
    """Ctrl-C, so that a simulation ends with its data; then the hard way."""
    child.send_signal(signal.SIGINT)

    def kill() -> None:
        deadline = time.monotonic() + _LAST_WORDS_S
        while child.poll() is None and time.monotonic() < deadline:
            time.sleep(0.05)
        child.kill()

    threading.Thread(target=kill, daemon=True).start()
