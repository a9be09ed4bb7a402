"""The balanced random network of Brunel (2000), with a table of what it cost and what it did.

N. Brunel (2000), Dynamics of sparsely connected networks of excitatory and inhibitory spiking neurons, J. Comput. Neurosci. 8,
183-208. At scale 1: 10,000 excitatory and 2,500 inhibitory neurons, each with 1,000 excitatory and 250 inhibitory inputs.
"""

import argparse
import os
import time
from contextlib import nullcontext
from math import e
from pathlib import Path

import numpy as np
from report import mean_cv, peak_memory_mb, print_table, write_raster, write_spikes
from served_kernel import served_kernel

os.environ.setdefault("PYNEST_QUIET", "1")

import nest
from volley.progress import progress_bar

ORDER = 2500  # a quarter of the excitatory neurons
TAU_M_MS, T_REF_MS, V_TH_MV, DELAY_MS = 20.0, 2.0, 20.0, 1.5
J_MV, G, ETA = 0.1, 5.0, 2.0  # excitatory PSP, relative inhibition, external rate relative to threshold
C_ALPHA_PF, TAU_SYN_MS = 250.0, 0.5
RECORDED = {"excitatory": 800, "inhibitory": 200}


def parse_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--model", choices=("delta", "alpha"), default="delta", help="synapses: jumps of V, or alpha currents")
    parser.add_argument("--scale", type=float, default=1.0, help="size relative to 12,500 neurons")
    parser.add_argument("--time", type=float, default=1000.0, help="biological time in ms")
    parser.add_argument("--vps", type=int, default=os.cpu_count(), help="virtual processes; results do not depend on them")
    parser.add_argument("--served", action="store_true", help="through a server that this script starts")
    parser.add_argument("--output", type=Path, default=Path("demo"), help="folder for raster.png and spikes.dat")
    return parser.parse_args()


def delta_neuron(inputs: int) -> tuple[str, dict, float, float]:
    """Model, parameters, excitatory weight (mV), rate of all external input of a neuron (Hz)."""
    params = {"C_m": 1.0, "tau_m": TAU_M_MS, "t_ref": T_REF_MS, "E_L": 0.0, "V_reset": 0.0, "V_m": 0.0, "V_th": V_TH_MV}
    weight = J_MV * 1000.0 / inputs
    return "iaf_psc_delta", params, weight, ETA * V_TH_MV / (weight * TAU_M_MS) * 1000.0


def alpha_neuron(inputs: int) -> tuple[str, dict, float, float]:
    """The same with alpha currents whose PSP has the peak of the jump; the weight is in pA."""
    params = {**delta_neuron(inputs)[1], "C_m": C_ALPHA_PF, "tau_syn_ex": TAU_SYN_MS, "tau_syn_in": TAU_SYN_MS}
    weight = J_MV * 1000.0 / inputs / psp_of_unit_current()
    return "iaf_psc_alpha", params, weight, ETA * V_TH_MV * C_ALPHA_PF / (weight * e * TAU_M_MS * TAU_SYN_MS) * 1000.0


def psp_of_unit_current() -> float:
    """Peak of the PSP (mV) that an alpha current of 1 pA causes, from the closed solution sampled every 0.1 us."""
    t = np.arange(0.0, 20.0, 1e-4)
    rate = 1.0 / TAU_SYN_MS - 1.0 / TAU_M_MS
    decay = np.exp(-t / TAU_SYN_MS)
    return float(np.max(e / (TAU_SYN_MS * C_ALPHA_PF) * ((np.exp(-t / TAU_M_MS) - decay) / rate**2 - t * decay / rate)))


def build(model: str, scale: float, vps: int, show) -> dict:
    """Makes the network; returns the recorders by group. `show(fraction, what)` follows it."""
    order = round(ORDER * scale)
    inputs = 4 * order // 10
    name, params, weight, rate_hz = (delta_neuron if model == "delta" else alpha_neuron)(inputs)
    nest.ResetKernel()
    nest.total_num_virtual_procs = vps
    show(0.0, "neurons")
    excitatory, inhibitory = (nest.Create(name, n, params) for n in (4 * order, order))
    everybody = excitatory + inhibitory
    noise = nest.Create("poisson_generator", params={"rate": rate_hz})
    show(0.02, "external input")
    nest.Connect(noise, everybody, syn_spec={"weight": weight, "delay": DELAY_MS})
    show(0.05, "excitatory synapses")
    nest.Connect(excitatory, everybody, {"rule": "fixed_indegree", "indegree": inputs}, {"weight": weight, "delay": DELAY_MS})
    show(0.8, "inhibitory synapses")
    inhibition = {"weight": -G * weight, "delay": DELAY_MS}
    nest.Connect(inhibitory, everybody, {"rule": "fixed_indegree", "indegree": inputs // 4}, inhibition)
    recorders = {}
    for (group, count), population in zip(RECORDED.items(), (excitatory, inhibitory)):
        recorders[group] = nest.Create("spike_recorder")
        nest.Connect(population[: min(count, len(population))], recorders[group])
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


def report(arguments: argparse.Namespace, recorders: dict, build_s: float, simulate_s: float, processes: list[int]) -> None:
    """The table, raster.png and spikes.dat."""
    order = round(ORDER * arguments.scale)
    sizes = {"excitatory": 4 * order, "inhibitory": order}
    groups = {}
    for group, recorder in recorders.items():
        events = recorder.events
        groups[group] = events["senders"], events["times"], min(RECORDED[group], sizes[group])
    rates = {group: len(times_ms) / count / arguments.time * 1e3 for group, (_, times_ms, count) in groups.items()}
    senders, times_ms = (np.concatenate(columns) for columns in list(zip(*groups.values()))[:2])
    memory_mb = peak_memory_mb(processes)
    write_spikes(arguments.output / "spikes.dat", senders, times_ms)
    write_raster(arguments.output / "raster.png", f"Brunel network, {arguments.model} synapses", groups, 0.0, arguments.time)
    print_table("Balanced random network (Brunel 2000)", [
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
    ])
    print(f"wrote {arguments.output / 'raster.png'} and {arguments.output / 'spikes.dat'}")


if __name__ == "__main__":
    main()
