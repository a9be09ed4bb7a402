"""Compares what volley.estimate tells of the workloads with what they take, each measured in a process of its own.

    ./volley run tests/bench/estimates.py [NAME...] [--rounds N]

The estimate is given the rate that was measured. Networks begin silent or all at once: one that is simulated for a
tenth of a second may take a third more or less than later ones of its kind.
"""

import argparse
import json
import subprocess
import sys
from pathlib import Path
from statistics import median

import nest
import volley
from workload import PRESIMULATION_MS, WORKLOADS
from workloads import NAMES

RUN = Path(__file__).with_name("workload.py")
MS = {"hpc": 600.0, "microcircuit": 1000.0}  # where the workload's own time is a transient


def real(name: str, ms: float, rounds: int) -> dict[str, float]:
    """Medians of the measures."""
    command = sys.executable, str(RUN), name, "--ms", str(ms)
    runs = [
        json.loads(subprocess.run(command, stdout=subprocess.PIPE, check=True).stdout.splitlines()[-1])
        for _ in range(rounds)
    ]
    keys = "neurons", "spikes", "build_cpu_s", "simulate_cpu_s", "peak_bytes", "imported_bytes"
    return {key: median(run[key] for run in runs) for key in keys}


def told(name: str, ms: float, rate: float) -> volley.Estimate:
    def network() -> None:
        nest.ResetKernel()
        WORKLOADS[name].build(WORKLOADS[name].scale)
        nest.Simulate(ms)

    return volley.estimate(network, rate)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument(
        "names", nargs="*", choices=[[], *NAMES], metavar="NAME", help=f"of {', '.join(NAMES)}; default: all"
    )
    parser.add_argument("--rounds", type=int, default=3)
    a = parser.parse_args()
    print(
        f"{'':22}{'construction, s':>26}{'simulation, s':>26}{'process, MB':>26}\n{'':22}"
        + 3 * f"{'told':>9}{'real':>9}{'':8}"
    )
    for name in a.names or NAMES:
        ms = MS.get(name, WORKLOADS[name].ms)
        found = real(name, ms, a.rounds)
        rate = found["spikes"] / found["neurons"] / ms * 1e3
        whole, first = told(name, ms, rate), told(name, PRESIMULATION_MS, rate)
        pairs = (
            (first["time_construction"] + first["time_simulation"], found["build_cpu_s"]),
            (whole["time_simulation"], found["simulate_cpu_s"]),
            (whole["memory_total"] / 1e6, (found["imported_bytes"] + found["peak_bytes"]) / 1e6),
        )
        print(
            f"{name:22}" + "".join(f"{ours:9.3g}{theirs:9.3g}{ours / theirs - 1:+8.0%}" for ours, theirs in pairs),
            flush=True,
        )


if __name__ == "__main__":
    main()
