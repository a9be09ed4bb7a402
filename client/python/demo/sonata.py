"""Builds and simulates a circuit in the SONATA format, and writes a raster of its spikes."""

import argparse
import os
import time
from pathlib import Path

import numpy as np
from report import peak_memory_mb, print_table, write_raster, write_spikes

os.environ.setdefault("PYNEST_QUIET", "1")

import nest
from volley.progress import progress_bar


def parse_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("circuit", type=Path, help="circuit configuration (JSON)")
    parser.add_argument("simulation", type=Path, help="simulation configuration (JSON)")
    parser.add_argument(
        "--vps", type=int, default=os.cpu_count(), help="virtual processes; results do not depend on them"
    )
    parser.add_argument("--output", type=Path, default=Path("demo"), help="folder for raster.png and spikes.dat")
    return parser.parse_args()


def record(populations: dict) -> dict:
    """A spike recorder for each population of neurons."""
    recorders = {}
    for name, nodes in populations.items():
        if nodes[0].element_type == "neuron":
            recorders[name] = nest.Create("spike_recorder")
            nest.Connect(nodes, recorders[name])
    return recorders


def main() -> None:
    arguments = parse_arguments()
    began_s = time.perf_counter()
    nest.ResetKernel()
    nest.total_num_virtual_procs = arguments.vps
    network = nest.SonataNetwork(arguments.circuit, arguments.simulation)
    with progress_bar("building") as bar:
        bar.show(0.0, "nodes")
        populations = network.Create()
        recorders = record(populations)
        bar.show(0.2, "edges")
        network.Connect()
        bar.show(1.0, f"{nest.network_size} nodes, {nest.num_connections} connections")
    built_s = time.perf_counter()
    nest.print_time = True
    network.Simulate()
    report(arguments.output, populations, recorders, built_s - began_s, time.perf_counter() - built_s)


def report(output: Path, populations: dict, recorders: dict, build_s: float, simulate_s: float) -> None:
    """The table, raster.png and spikes.dat."""
    groups = {}
    for name, recorder in recorders.items():
        events = recorder.events
        groups[name] = events["senders"], events["times"], len(populations[name])
    biological_ms = nest.biological_time
    write_raster(output / "raster.png", "SONATA circuit", groups, 0.0, biological_ms)
    write_spikes(output / "spikes.dat", *(np.concatenate(columns) for columns in list(zip(*groups.values()))[:2]))
    rows = [("nodes", f"{sum(map(len, populations.values())):,}"), ("connections", f"{nest.num_connections:,}")]
    for name, (senders, _, count) in groups.items():
        rows.append((f"spikes of {name}", f"{len(senders):,}"))
        rows.append((f"rate of {name}", f"{len(senders) / count / biological_ms * 1e3:.2f} Hz"))
    rows += [
        ("build time", f"{build_s:.2f} s"),
        ("simulation time", f"{simulate_s:.2f} s"),
        ("real-time factor", f"{simulate_s / biological_ms * 1e3:.2f}"),
        ("peak memory", f"{peak_memory_mb():.0f} MB"),
    ]
    print_table("SONATA circuit", rows)
    print(f"wrote {output / 'raster.png'} and {output / 'spikes.dat'}")


if __name__ == "__main__":
    main()
