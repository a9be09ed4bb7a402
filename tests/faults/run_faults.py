"""Lets faults happen to real clusters and prints what became of them: each network is to end with the spikes, state,
weights and records of one that nothing happened to, or with an error that names what happened."""

import argparse
import random
import sys
import time

from catalogue import LONG, QUICK, ROWS, changes, kills
from stage import broken, not_offered, outcome, size, skipped, stage

HEAD = ("row", "fault", "injected", "detected", "recovered", "lost", "duplicated", "verdict")
COLUMNS = "{:>3}  {:58}  {:>8}  {:>8}  {:>9}  {:>6}  {:>10}  {}"


def main() -> int:
    options = _options()
    network = LONG if options.long else QUICK
    network = size(options.vps or network.vps, options.neurons or network.neurons, options.ms or network.milliseconds)
    references: dict = {}
    print(COLUMNS.format(*HEAD), flush=True)
    for many, number, what in (kills, options.kills, "kills"), (changes, options.changes, "joins and leaves"):
        if number:
            return _bulk(many, number, what, options, network, references)
    failures = 0
    for time_ in range(options.times):
        for one in ROWS:
            if options.rows and one.number not in options.rows:
                continue
            seed = options.seed + time_
            end, verdict = _play(one.play, seed * 1000 + one.number, network, options.patience, references)
            failures += verdict.startswith("FAILS")
            _tell(one.number, one.fault, end, f"{verdict}{f', seed {seed}' if verdict.startswith('FAILS') else ''}")
    return 1 if failures else 0


def _play(play, seed: int, network: size, patience_s: float, references: dict) -> tuple[outcome, str]:
    try:
        with stage(seed, network, patience_s, references) as here:
            end = play(here)
            return end, f"holds{f' ({end.note})' if end.note else ''}"
    except not_offered as why:
        return outcome(), f"not offered: {why}"
    except skipped as why:
        return outcome(), f"skipped: {why}"
    except broken as how:
        return outcome(), f"FAILS: {how}"
    except Exception as fault:  # of the tool: the other rows are of use, too
        return outcome(), f"FAILS: the test itself: {type(fault).__name__}: {fault}"


def _bulk(many, number: int, what: str, options: argparse.Namespace, network: size, references: dict) -> int:
    """Many of the same in many runs."""
    left, done, failures, draw = number, 0, 0, random.Random(options.seed)
    detected: list[float] = []
    recovered: list[float] = []
    began = time.monotonic()
    for run in range(options.runs):
        share = round(left / (options.runs - run))
        left -= share
        play = lambda here: many(here, share, options.workers)  # noqa: E731
        end, verdict = _play(play, draw.randrange(10**9), network, options.patience, references)
        failures += verdict.startswith("FAILS")
        done += end.injected
        detected += end.detected_s
        recovered += end.recovered_s
        _tell(1, f"run {run + 1} of {options.runs}: {what}", end, verdict)
    print(
        f"{done} {what} in {options.runs} runs, {failures} of which fail; detected after {_share(detected, 0.5)}, "
        f"recovered after {_share(recovered, 0.5)} (median), {_share(recovered, 0.99)} (99 %), "
        f"{_share(recovered, 1)} (worst); {time.monotonic() - began:.0f} s"
    )
    return 1 if failures else 0


def _share(seconds: list[float], share: float) -> str:
    return f"{sorted(seconds)[min(int(share * len(seconds)), len(seconds) - 1)]:.2f} s" if seconds else "-"


def _tell(number: int, fault: str, end: outcome, verdict: str) -> None:
    counted = (end.lost, end.repeated) if verdict.startswith("holds") else ("-", "-")
    took = _share(end.detected_s, 1), _share(end.recovered_s, 1)
    print(COLUMNS.format(number, fault[:58], end.injected or "-", *took, *counted, verdict), flush=True)


def _rows(text: str) -> set[int]:
    rows: set[int] = set()
    for part in text.split(","):
        first, _, last = part.partition("-")
        rows.update(range(int(first), int(last or first) + 1))
    return rows


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="./volley fault-test", description=__doc__)
    parser.add_argument("--rows", type=_rows, metavar="N,N-N", help="of the table in docs/faults.md (default: all)")
    parser.add_argument("--seed", type=int, default=1, help="who is hit, and when")
    parser.add_argument("--times", type=int, default=1, help="each row so often, with the next seed each time")
    parser.add_argument("--kills", type=int, default=0, help="so many kill -9 of workers instead of the rows")
    parser.add_argument("--changes", type=int, default=0, help="so many workers join or leave instead")
    parser.add_argument("--runs", type=int, default=10, help="in so many runs of the network")
    parser.add_argument("--workers", type=int, default=4, help="of each of these")
    parser.add_argument("--long", action="store_true", help="a larger network and a longer time")
    parser.add_argument("--vps", type=int, help="virtual processes of the network")
    parser.add_argument("--neurons", type=int, help="of the network")
    parser.add_argument("--ms", type=float, help="of the network's time")
    parser.add_argument("--patience", type=float, default=120.0, metavar="S", help="a run that takes longer hangs")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
