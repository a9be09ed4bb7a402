"""The process that runs source text for a server: reads {"source", "return", "modules", "restricted", "bytes",
"seconds"} as JSON, writes {"result"} or {"error", "text", "line", "kernel"}.

Its memory and its processor time are limited, and it cannot write files; who started it ends it in time. What it does
to the network it does through its own session with the kernel.
"""

import json
import resource
import sys
from typing import Any

from .errors import NESTError
from .execution import execute, line_of
from .kernel_process import die_with_parent


def _limit(memory_bytes: int, seconds: float) -> None:
    resource.setrlimit(resource.RLIMIT_AS, (memory_bytes, memory_bytes))
    resource.setrlimit(resource.RLIMIT_CPU, (int(seconds) + 1, int(seconds) + 2))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def answer(question: dict[str, Any]) -> dict[str, Any]:
    """Runs what is asked; errors are told, not raised."""
    try:
        return {"result": execute(question["source"], question["return"], question["modules"], question["restricted"])}
    except BaseException as error:  # also the interrupt of a cancel, and the exit of a script
        kind = type(error).__name__
        return {"error": kind, "text": str(error), "line": line_of(error), "kernel": isinstance(error, NESTError)}


def main() -> None:
    """One question, one answer."""
    die_with_parent()
    question = json.load(sys.stdin)
    out = sys.stdout
    sys.stdout = sys.stderr  # what the kernel logs
    _limit(question["bytes"], question["seconds"])
    json.dump(answer(question), out, default=str)
    out.flush()


if __name__ == "__main__":
    main()
