"""Runs one workload in this process and prints what it cost, as a line of JSON. Speaks PyNEST alone.

Construction lasts until the first PRESIMULATION_MS are simulated, because an implementation may put off work until
then.
"""

import argparse
import json
import os
import resource
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

os.environ.setdefault("PYNEST_QUIET", "1")
sys.path.insert(0, str(Path(__file__).parents[2] / "client" / "python" / "demo"))

import nest

PRESIMULATION_MS, RECORDED = 12.0, 100  # a multiple of all delays
PHASES = (
    "time_deliver_spike_data",
    "time_update",
    "time_gather_spike_data",
    "time_exchange_wait",
)  # of the kernel's status, where it has them
MEMORY = "memory_nodes", "memory_connections", "memory_events"


def resident_kb(field: str) -> int:
    """VmHWM (the peak) or VmRSS of this process."""
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith(field):
            return int(line.split()[1])
    return 0


IMPORTED_KB = resident_kb("VmRSS:")  # before numpy's users below take memory of their own

import adaptive_network
import brunel_network
import hpc_network
import microcircuit_network
from report import mean_cv


@dataclass(frozen=True)
class Workload:
    """A network, and the scale and biological time (ms) at which it is measured."""

    build: Callable
    scale: float
    ms: float


def brunel(kind: str, **options: float) -> Callable:
    return lambda scale: brunel_network.build(kind, scale, **options)


DELAYS_MS = 0.1, 0.3, 0.5, 1.0, 1.5, 3.0
WORKLOADS = {
    "brunel_delta": Workload(brunel("delta"), 1.0, 300.0),
    "brunel_alpha": Workload(brunel("alpha"), 1.0, 300.0),
    "brunel_alpha_weights": Workload(brunel("alpha", spread=0.1), 1.0, 300.0),
    "brunel_exp": Workload(brunel("exp"), 1.0, 300.0),
    "hpc": Workload(hpc_network.build, 0.4, 150.0),
    "microcircuit": Workload(microcircuit_network.build, 0.3, 150.0),
    **{model: Workload(partial(adaptive_network.build, model), 1.0, 100.0) for model in adaptive_network.DRIVE},
    **{f"brunel_alpha_{ms}_ms": Workload(brunel("alpha", delay_ms=ms), 1.0, 300.0) for ms in DELAYS_MS},
}


class Stopwatch:
    """Wall-clock, processor time, and what of that the system took, since it was made, in s."""

    def __init__(self) -> None:
        self.began = self.now()

    @staticmethod
    def now() -> tuple[float, float, float]:
        return time.perf_counter(), time.process_time(), resource.getrusage(resource.RUSAGE_SELF).ru_stime

    def read(self) -> tuple[float, float, float]:
        return tuple(now - began for now, began in zip(self.now(), self.began))


def run(name: str, scale: float, vps: int, ms: float) -> dict:
    """Builds and simulates; returns the measures by name."""
    nest.ResetKernel()
    nest.total_num_virtual_procs = vps
    watch = Stopwatch()
    populations = WORKLOADS[name].build(scale)
    neurons = sum(len(population) for population in populations)
    recorder = nest.Create("spike_recorder")
    nest.Connect(
        populations[0][:RECORDED], recorder, syn_spec={"delay": nest.min_delay}
    )  # must not shorten the interval
    nest.Simulate(PRESIMULATION_MS)
    build_s, build_cpu_s, build_system_s = watch.read()
    watch = Stopwatch()
    nest.Simulate(ms)
    simulate_s, simulate_cpu_s, _ = watch.read()
    spikes = nest.GetKernelStatus("local_spike_counter")
    peak_kb = resident_kb("VmHWM:")
    synapses = nest.num_connections - neurons - RECORDED
    events = recorder.events
    late = events["times"] > PRESIMULATION_MS
    status = nest.GetKernelStatus()
    return {
        "workload": name,
        "scale": scale,
        "vps": vps,
        "ms": ms,
        "neurons": neurons,
        "synapses": synapses,
        "resolution_ms": nest.resolution,
        "min_delay_ms": nest.min_delay,
        "build_s": build_s,
        "build_cpu_s": build_cpu_s,
        "build_program_s": build_cpu_s - build_system_s,
        "simulate_s": simulate_s,
        "simulate_cpu_s": simulate_cpu_s,
        "spikes": spikes,
        "events": spikes * synapses / neurons,
        "peak_bytes": 1024 * (peak_kb - IMPORTED_KB),
        "imported_bytes": 1024 * IMPORTED_KB,
        "rate_hz": late.sum() / RECORDED / ms * 1e3,
        "cv": mean_cv(events["senders"][late], events["times"][late]),
        **{key: float(status[key]) for key in PHASES if key in status},
        **{key: int(status[key]) for key in MEMORY if key in status},
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("workload", choices=tuple(WORKLOADS))
    parser.add_argument("--scale", type=float)
    parser.add_argument("--vps", type=int, default=1)
    parser.add_argument("--ms", type=float)
    a = parser.parse_args()
    defaults = WORKLOADS[a.workload]
    print(json.dumps(run(a.workload, a.scale or defaults.scale, a.vps, a.ms or defaults.ms)))


if __name__ == "__main__":
    main()
