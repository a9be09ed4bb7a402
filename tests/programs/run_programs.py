"""Runs random programs on kernels of several layouts and prints the faults as short scripts."""

import argparse
import re
import sys
import time
from collections import Counter
from pathlib import Path

from author import program
from report import report
from theatre import theatre


def main() -> int:
    options = _options()
    seen: Counter[str] = Counter()
    began_s = time.monotonic()
    with theatre(options.server, options.patience) as here:
        for done, seed in enumerate(range(options.first, options.first + options.count), start=1):
            lines = [text for text in program(seed) if not options.without or not re.search(options.without, text)]
            for found in here.judge(lines):
                name = found.signature(lines)
                seen[name] += 1
                if seen[name] == 1:
                    here.close()  # nothing of former programs
                    _tell(report(here.judge, seed, lines, found, options.attempts), seed, options.save)
            if done % 200 == 0:
                print(
                    f"{done} programs, {time.monotonic() - began_s:.0f} s, {len(seen)} kinds of faults",
                    file=sys.stderr,
                    flush=True,
                )
    for name, count in seen.most_common():
        print(f"{count:5} x {name}")
    print(f"{options.count} programs from seed {options.first}: {len(seen)} kinds of faults")
    return 1 if seen else 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="./volley fuzz-programs", description=__doc__)
    parser.add_argument("--count", type=int, default=1000, help="how many programs")
    parser.add_argument(
        "--first", type=int, default=1, metavar="SEED", help="the first seed; the next programs have the next seeds"
    )
    parser.add_argument("--without", default="", metavar="REGEX", help="lines that match are left out of the programs")
    parser.add_argument("--server", default="volley-server", help="the server's program")
    parser.add_argument("--patience", type=float, default=60.0, metavar="S", help="a program that takes longer hangs")
    parser.add_argument("--attempts", type=int, default=300, help="tries to make a program with a fault shorter")
    parser.add_argument("--save", type=Path, metavar="FOLDER", help="also write the scripts to files there")
    return parser.parse_args()


def _tell(text: str, seed: int, folder: Path | None) -> None:
    print(text, flush=True)
    if folder is not None:
        folder.mkdir(parents=True, exist_ok=True)
        with (folder / f"{seed}.py").open("a") as file:
            file.write(text)


if __name__ == "__main__":
    sys.exit(main())
