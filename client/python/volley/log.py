"""The log of the kernel on this terminal: levels, threshold and the layout of a line."""

import sys
from datetime import datetime
from enum import IntEnum


class VerbosityLevel(IntEnum):
    """Severities of log entries. What reaches `nest.verbosity` is printed; ALL and QUIET are thresholds only."""

    ALL = 0
    DEBUG = 5
    STATUS = 7
    INFO = 10
    PROGRESS = 15
    DEPRECATED = 18
    WARNING = 20
    ERROR = 30
    FATAL = 40
    QUIET = 100


class log:
    """Prints entries at or above a threshold: below WARNING to stdout, others to stderr."""

    def __init__(self, threshold: VerbosityLevel = VerbosityLevel.INFO):
        self.threshold = threshold

    def write(self, severity: int, text: str, place: str = "") -> None:
        """One entry. `place` ("file:line @ function") is shown while the threshold is at most DEBUG."""
        if severity < self.threshold:
            return
        stream = sys.stdout if severity < VerbosityLevel.WARNING else sys.stderr
        stamp = f"{datetime.now():%Y-%m-%d %H:%M:%S}"
        if place and self.threshold <= VerbosityLevel.DEBUG:
            stamp += f" {place}"
        print(f"[{_name(severity)}] [{stamp}] {text}", file=stream, flush=True)


def _name(severity: int) -> str:
    try:
        return VerbosityLevel(severity).name
    except ValueError:
        return str(severity)
