"""Measures what an interval costs on two ranks of mpirun, beside two virtual processes of one process.

    ./volley run tests/bench/ranks.py [--rounds N] [--spikes S ...]

A few neurons, and intervals of one step, so that nearly all of the time is spent on meeting. With S spikes an interval
and virtual process. The least of several rounds, since whatever else runs on the machine only adds.
"""

import argparse
import json
import os
import subprocess
import sys
import time

INTERVALS = 20_000
BAR_US = 5.0  # what another process may cost


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


def interval_us(launcher: list[str], spikes: int, rounds: int) -> float:
    """What a run in processes of its own measures."""
    command = [*launcher, sys.executable, __file__, "--measure", str(spikes), "--rounds", str(rounds)]
    environment = {**os.environ, "PYNEST_QUIET": "1"}
    done = subprocess.run(command, capture_output=True, text=True, env=environment, check=True)
    return json.loads(done.stdout)


def main() -> None:
    """Prints a table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--spikes", type=int, nargs="*", default=[0, 100])
    parser.add_argument("--measure", type=int, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.measure is not None:
        return measure(options.measure, options.rounds)
    mpirun = ["mpirun", "--allow-run-as-root", "--oversubscribe", "-np", "2"]
    print(f"microseconds an interval; two ranks may take {BAR_US:.0f} more")
    print(f"{'spikes':>8}{'2 VPs':>10}{'2 ranks':>10}{'more':>10}")
    for spikes in options.spikes:
        inside = interval_us([], spikes, options.rounds)
        ranks = interval_us(mpirun, spikes, options.rounds)
        print(f"{spikes:8}{inside:10.2f}{ranks:10.2f}{ranks - inside:10.2f}")


if __name__ == "__main__":
    main()
