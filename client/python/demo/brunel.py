"""The balanced random network of Brunel (2000), with a table of what it cost and what it did."""

import argparse
import os
import time
from contextlib import nullcontext
from pathlib import Path

import numpy as np
from report import mean_cv, peak_memory_mb, print_table, write_raster, write_spikes
from served_kernel import served_kernel

os.environ.setdefault("PYNEST_QUIET", "1")

import brunel_network
import nest
from volley.progress import progress_bar

RECORDED = {"excitatory": 800, "inhibitory": 200}


def parse_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument(
        "--model",
        choices=tuple(brunel_network.MODELS),
        default="delta",
        help="synapses: jumps of V, or currents of that form",
    )
    parser.add_argument("--scale", type=float, default=1.0, help="size relative to 12,500 neurons")
    parser.add_argument("--time", type=float, default=1000.0, help="biological time in ms")
    parser.add_argument(
        "--vps", type=int, default=os.cpu_count(), help="virtual processes; results do not depend on them"
    )
    parser.add_argument("--served", action="store_true", help="through a server that this script starts")
    parser.add_argument("--output", type=Path, default=Path("demo"), help="folder for raster.png and spikes.dat")
    return parser.parse_args()


def build(model: str, scale: float, vps: int, show) -> dict:
    """Makes the network and records from it; returns the recorders by group. `show(fraction, what)` follows it."""
    nest.ResetKernel()
    nest.total_num_virtual_procs = vps
    populations = brunel_network.build(model, scale, show)
    recorders = {}
    for (group, count), population in zip(RECORDED.items(), populations):
        recorders[group] = nest.Create("spike_recorder")
        recorded = population[: min(count, len(population))]
        nest.Connect(recorded, recorders[group], syn_spec={"delay": brunel_network.DELAY_MS})
    show(1.0, f"{nest.network_size} nodes, {nest.num_connections} connections")
    return recorders


def main() -> None:
    arguments = parse_arguments()
    with served_kernel(arguments.vps) if arguments.served else nullcontext() as server:
        began_s = time.perf_counter()
        with progress_bar("building") as bar:
            recorders = build(arguments.model, arguments.scale, arguments.vps, bar.show)
        built_s = time.perf_counter()
        nest.print_time = True
        nest.Simulate(arguments.time)
        simulated_s = time.perf_counter()
        report(arguments, recorders, built_s - began_s, simulated_s - built_s, [server] if server else [])


def report(
    arguments: argparse.Namespace, recorders: dict, build_s: float, simulate_s: float, processes: list[int]
) -> None:
    """The table, raster.png and spikes.dat."""
    order = round(brunel_network.ORDER * arguments.scale)
    sizes = {"excitatory": 4 * order, "inhibitory": order}
    groups = {}
    for group, recorder in recorders.items():
        events = recorder.events
        groups[group] = events["senders"], events["times"], min(RECORDED[group], sizes[group])
    rates = {group: len(times_ms) / count / arguments.time * 1e3 for group, (_, times_ms, count) in groups.items()}
    senders, times_ms = (np.concatenate(columns) for columns in list(zip(*groups.values()))[:2])
    memory_mb = peak_memory_mb(processes)
    write_spikes(arguments.output / "spikes.dat", senders, times_ms)
    write_raster(
        arguments.output / "raster.png", f"Brunel network, {arguments.model} synapses", groups, 0.0, arguments.time
    )
    print_table(
        "Balanced random network (Brunel 2000)",
        [
            ("neurons", f"{5 * order:,}"),
            ("synapses", f"{nest.num_connections:,}"),
            ("virtual processes", f"{nest.total_num_virtual_procs}"),
            ("build time", f"{build_s:.2f} s"),
            ("simulation time", f"{simulate_s:.2f} s"),
            ("real-time factor", f"{simulate_s / arguments.time * 1e3:.2f}"),
            ("excitatory rate", f"{rates['excitatory']:.2f} Hz"),
            ("inhibitory rate", f"{rates['inhibitory']:.2f} Hz"),
            ("CV of inter-spike intervals", f"{mean_cv(senders, times_ms):.2f}"),
            ("peak memory", f"{memory_mb:.0f} MB"),
        ],
    )
    print(f"wrote {arguments.output / 'raster.png'} and {arguments.output / 'spikes.dat'}")


if __name__ == "__main__":
    main()
