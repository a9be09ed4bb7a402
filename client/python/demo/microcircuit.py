"""The cortical microcircuit of Potjans and Diesmann (2014), beside its published rates."""

import argparse
import os
import time
from pathlib import Path

from report import peak_memory_mb, print_table, write_raster

os.environ.setdefault("PYNEST_QUIET", "1")

import nest
from microcircuit_network import POPULATIONS, PUBLISHED_HZ, build
from volley.progress import progress_bar

SETTLING_MS = 500.0


def parse_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument(
        "--scale", type=float, default=0.1, help="neurons and inputs relative to the full 77,169 neurons"
    )
    parser.add_argument("--time", type=float, default=1000.0, help="recorded biological time in ms")
    parser.add_argument(
        "--vps", type=int, default=os.cpu_count(), help="virtual processes; results do not depend on them"
    )
    parser.add_argument("--output", type=Path, default=Path("demo"), help="folder for microcircuit.png")
    return parser.parse_args()


def main() -> None:
    arguments = parse_arguments()
    nest.ResetKernel()
    nest.total_num_virtual_procs = arguments.vps
    began_s = time.perf_counter()
    with progress_bar("building") as bar:
        populations = build(arguments.scale, bar.show)
        recorders = [nest.Create("spike_recorder", params={"start": SETTLING_MS}) for _ in populations]
        for population, recorder in zip(populations, recorders):
            nest.Connect(population, recorder)
        bar.show(1.0, f"{nest.network_size} nodes, {nest.num_connections} connections")
    built_s = time.perf_counter()
    nest.print_time = True
    until_ms = SETTLING_MS + arguments.time
    nest.Simulate(until_ms)
    simulate_s = time.perf_counter() - built_s
    groups = {}
    for name, population, recorder in zip(POPULATIONS, populations, recorders):
        events = recorder.events
        groups[name] = events["senders"], events["times"], len(population)
    rates = [len(times_ms) / count / arguments.time * 1e3 for _, times_ms, count in groups.values()]
    title = f"Cortical microcircuit, scale {arguments.scale:g}"
    write_raster(arguments.output / "microcircuit.png", title, groups, SETTLING_MS, until_ms)
    print_table(
        "Cortical microcircuit (Potjans & Diesmann 2014)",
        [
            ("population", "rate here / published (Hz)"),
            *(
                (name, f"{rate:6.2f} / {published:4.2f}")
                for name, rate, published in zip(POPULATIONS, rates, PUBLISHED_HZ)
            ),
            ("neurons", f"{sum(map(len, populations)):,}"),
            ("connections", f"{nest.num_connections:,}"),
            ("build time", f"{built_s - began_s:.2f} s"),
            ("simulation time", f"{simulate_s:.2f} s"),
            ("real-time factor", f"{simulate_s / until_ms * 1e3:.2f}"),
            ("peak memory", f"{peak_memory_mb():.0f} MB"),
        ],
    )
    print(f"wrote {arguments.output / 'microcircuit.png'}")


if __name__ == "__main__":
    main()
