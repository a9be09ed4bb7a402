"""Measures what an interval costs where two processes meet in it, beside two virtual processes of one: two ranks of
mpirun, and two workers over TCP.

    ./volley run tests/bench/intervals.py [--rounds N] [--repeats N] [--spikes S ...]

A few neurons, and intervals of one step, so that nearly all of the time is spent on meeting. With S spikes an interval
and virtual process. The least of several rounds, since whatever else runs on the machine only adds; the median of
several repeats, in which the three take turns.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable

INTERVALS = 20_000
RANKS_BAR_US, WORKERS_BAR_US = 5.0, 20.0  # what another process may cost
MPIRUN = ["mpirun", "--allow-run-as-root", "--oversubscribe", "-np", "2"]
CLUSTER = "intervals"


def build(spikes: int):
    """A network whose virtual processes send so many spikes an interval: neurons that fire in each step."""
    import nest

    nest.set(total_num_virtual_procs=2, min_delay=0.1, max_delay=1.0)
    nest.Create("parrot_neuron", 2)
    if spikes > 0:
        nest.Create("iaf_psc_delta", 2 * spikes, {"I_e": 1e9, "t_ref": 0.0})
    return nest


def measure(spikes: int, rounds: int) -> None:
    """Prints microseconds an interval, of the best round; by the first rank."""
    nest = build(spikes)
    nest.Prepare()
    nest.Run(100.0)
    best = float("inf")
    for _ in range(rounds):
        began = time.perf_counter()
        nest.Run(0.1 * INTERVALS)
        best = min(best, time.perf_counter() - began)
    nest.Cleanup()
    if nest.Rank() == 0:
        print(json.dumps(best / INTERVALS * 1e6))


def interval_us(launcher: list[str], spikes: int, rounds: int, **environment: str) -> float:
    """What a run in processes of its own measures."""
    command = [*launcher, sys.executable, __file__, "--measure", str(spikes), "--rounds", str(rounds)]
    environment = {**os.environ, "PYNEST_QUIET": "1", **environment}
    done = subprocess.run(command, capture_output=True, text=True, env=environment, check=True)
    return json.loads(done.stdout)


def workers_us(spikes: int, rounds: int) -> float:
    """The same on two workers."""
    from volley import local_cluster

    if local_cluster.main("up", ["2", "--vps", "2", "--name", CLUSTER]) != 0:
        sys.exit(1)
    try:
        return interval_us([], spikes, rounds, VOLLEY_ADDRESS=local_cluster.cluster_files(CLUSTER).address)
    finally:
        local_cluster.main("down", ["--name", CLUSTER])


def main() -> None:
    """Prints a table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--spikes", type=int, nargs="*", default=[0, 100])
    parser.add_argument("--measure", type=int, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.measure is not None:
        return measure(options.measure, options.rounds)
    places: list[Callable[[int, int], float]] = [
        lambda *how: interval_us([], *how),
        lambda *how: interval_us(MPIRUN, *how),
        workers_us,
    ]
    rows = []
    for spikes in options.spikes:
        turns = [[place(spikes, options.rounds) for place in places] for _ in range(options.repeats)]
        inside, ranks, workers = (statistics.median(times) for times in zip(*turns))
        rows.append(
            f"{spikes:8}{inside:10.2f}{ranks:10.2f}{ranks - inside:10.2f}{workers:12.2f}{workers - inside:10.2f}"
        )
    print(f"microseconds an interval; two ranks may take {RANKS_BAR_US:.0f} more, two workers {WORKERS_BAR_US:.0f}")
    print(f"{'spikes':>8}{'2 VPs':>10}{'2 ranks':>10}{'more':>10}{'2 workers':>12}{'more':>10}")
    print("\n".join(rows))


if __name__ == "__main__":
    main()
