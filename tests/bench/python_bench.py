"""Prints what a call from Python costs, and how long ten million recorded events take to numpy.

    ./volley run tests/bench/python_bench.py [--served]
"""

import argparse
import statistics
import sys
import time
from contextlib import nullcontext
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2] / "client" / "python" / "demo"))

import nest
from served_kernel import served_kernel

CALLS, NEURONS, RATE_HZ = 10_000, 1000, 1e4


def call_us() -> float:
    """Median time of reading one kernel attribute, in microseconds."""
    times = []
    for _ in range(CALLS):
        began = time.perf_counter()
        nest.biological_time
        times.append(time.perf_counter() - began)
    return 1e6 * statistics.median(times)


def events_s() -> tuple[int, float]:
    """(number of events, time in s until they are numpy columns)."""
    nest.ResetKernel()
    noise, parrots = nest.Create("poisson_generator", params={"rate": RATE_HZ}), nest.Create("parrot_neuron", NEURONS)
    recorder = nest.Create("spike_recorder")
    nest.Connect(noise, parrots)
    nest.Connect(parrots, recorder)
    nest.Simulate(1010.0)
    began = time.perf_counter()
    events = recorder.events
    seconds = time.perf_counter() - began
    return len(events["times"]), seconds


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--served", action="store_true", help="through a server that this script starts")
    with served_kernel(vps=1) if parser.parse_args().served else nullcontext():
        nest.ResetKernel()
        print(f"nest.biological_time, median of {CALLS}: {call_us():.1f} us")
        count, seconds = min((events_s() for _ in range(3)), key=lambda pair: pair[1])
        print(f"{count:,} events to numpy, least of 3: {seconds:.3f} s")


if __name__ == "__main__":
    main()
