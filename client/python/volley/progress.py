"""A line on the terminal that shows how far a piece of work is."""

import sys
import time
from types import TracebackType
from typing import TextIO

_WIDTH = 28


class progress_bar:
    """Draws `label [####....] 45 %  note` in place; on a stream that is no terminal, only the last line, once.

    Use as a context manager: the line is closed at the end. Drawn at most 10 times per second.
    """

    def __init__(self, label: str, stream: TextIO | None = None):
        self._label = label
        self._stream = sys.stdout if stream is None else stream
        self._drawn_at_s = 0.0
        self._last_line = ""

    def __enter__(self) -> "progress_bar":
        return self

    def __exit__(self, kind: type | None, error: BaseException | None, trace: TracebackType | None) -> None:
        if self._stream.isatty():
            self._write(self._last_line, "\n")
        elif self._last_line:
            self._stream.write(self._last_line + "\n")
        self._stream.flush()

    def show(self, fraction: float, note: str = "") -> None:
        """Shows a fraction in [0, 1] of the work as done."""
        filled = round(_WIDTH * min(max(fraction, 0.0), 1.0))
        bar = "#" * filled + "." * (_WIDTH - filled)
        self._last_line = f"{self._label:<11} [{bar}] {100 * fraction:3.0f} %  {note}".rstrip()
        now_s = time.monotonic()
        if self._stream.isatty() and (now_s - self._drawn_at_s > 0.1 or fraction >= 1.0):
            self._drawn_at_s = now_s
            self._write(self._last_line, "")

    def run(self, began_ms: float, now_ms: float, end_ms: float, wall_s: float) -> None:
        """Shows a simulation: biological times in ms, wall-clock time since it began in s."""
        done_ms = now_ms - began_ms
        factor = 1e3 * wall_s / done_ms if done_ms > 0 else 0.0
        remaining_s = (end_ms - now_ms) * factor / 1e3
        fraction = done_ms / (end_ms - began_ms) if end_ms > began_ms else 1.0
        self.show(fraction, f"{now_ms:.0f} of {end_ms:.0f} ms, real-time factor {factor:.2f}, ETA {remaining_s:.1f} s")

    def _write(self, line: str, end: str) -> None:
        self._stream.write(f"\r{line}\033[K{end}")
        self._stream.flush()
