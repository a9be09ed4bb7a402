"""The process that programs run in: reads programs from stdin, one JSON a line, and answers with their faults.

What it is at is written to a file that outlives it, so that who started it knows where it ended.
"""

import faulthandler
import json
import mmap
import os
import resource
import signal
import sys
import tempfile
from pathlib import Path

from theatre import PLACE_BYTES

_MEMORY_BYTES = 16 << 30  # a call that asks for more is refused instead of pressing on the machine


def main(place_file: str, server: str) -> None:
    faulthandler.enable()
    faulthandler.register(signal.SIGUSR1)  # who thinks this process hangs asks where
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)  # recorders may print
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    os.environ.update(PYNEST_QUIET="1", VOLLEY_MEMORY_LIMIT="1G")
    from comparison import judge
    from kernels import kernel

    with open(place_file, "r+b") as file, tempfile.TemporaryDirectory(prefix="volley-programs-") as folder:
        place = mmap.mmap(file.fileno(), PLACE_BYTES)

        def at(name: str, number: int) -> None:
            place[:] = f"{number} {name}".encode().ljust(PLACE_BYTES)

        kernels = [kernel(vps, Path(folder), program) for program in (None, server) for vps in (1, 3)]
        # Not of the servers: AddressSanitizer's addresses are 14 TiB.
        resource.setrlimit(resource.RLIMIT_AS, (_MEMORY_BYTES, _MEMORY_BYTES))
        print("ready", file=answers, flush=True)
        for request in sys.stdin:
            faults, lost = [], ""
            try:
                faults = judge(json.loads(request), kernels, at)
            except Exception as broken:  # the state could not be read: what comes next would say nothing
                lost = f"{type(broken).__name__}: {broken}"
            lost = next(filter(None, (one.dead() for one in kernels)), lost)
            print(json.dumps({"faults": faults, "lost": lost}), file=answers, flush=True)
        for one in kernels:
            one.close()


if __name__ == "__main__":
    main(*sys.argv[1:])
