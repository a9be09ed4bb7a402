"""What a network takes in memory and time, told before it is built.

The network is described to a dry kernel: its own session inside this process, which checks and counts the calls and
builds nothing. Bytes follow from the layout of the kernel's data, times from the measured costs of `volley.costs`.
"""

import os
import runpy
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TypedDict

from .costs import (
    NS_PER_EVENT,
    NS_PER_GENERATED_STEP,
    NS_PER_NEURON,
    NS_PER_NEURON_STEP,
    NS_PER_RECEIVING_STEP,
    NS_PER_SYNAPSE,
)
from .log import log
from .marshalling import open_session
from .session import bind, kernel_link, link, session

__all__ = ["Estimate", "estimate"]

DRY_RUN = "dry-run:"  # the address of a dry kernel


class Estimate(TypedDict):
    """Bytes, seconds and numbers; a number of random connections is the expected one."""

    neurons: int
    devices: int
    synapses: int
    neurons_by_model: dict[str, int]
    synapses_by_delivery: dict[str, float]  # constant, weights, random_delays, plastic, walked, generated
    memory_nodes: int
    memory_connections: int
    memory_process: int  # what this process holds without a network: Python and its modules
    memory_total: int
    memory_limit: int
    fits: bool
    virtual_processes: int
    rate: float  # assumed, in spikes per second and neuron
    biological_time: float  # ms that are simulated
    time_construction: float
    time_simulation: float
    real_time_factor: float  # s of simulation for each s of biological time


def estimate(network: Callable[[], object] | str | os.PathLike | None = None, rate: float = 10.0) -> Estimate:
    """Tells what a network takes: that of a function which builds it, of a script, or (None) the one of this kernel.

    network: is called (run) with the verbs of this module bound to a dry kernel. Create and Connect are checked and
    counted, Simulate adds to the time, recorders stay empty, values of neurons read as those of the first of each
    Create call. After several networks with ResetKernel between, the last one counts. The kernel of this process stays
    as it is.
    rate: the mean rate of all neurons in spikes/s, on which the time of simulation depends.
    Errors: those of the calls; TypeError, ValueError for wrong arguments.
    """
    if isinstance(rate, bool) or not isinstance(rate, (int, float)):
        raise TypeError(f"estimate: rate must be a number of spikes/s, not {type(rate).__name__}.")
    if not 0 <= rate < float("inf"):
        raise ValueError(f"estimate: rate = {rate} spikes/s must be 0 or more and finite.")
    process = _resident_bytes()
    if network is None:
        return _estimate(session().kernel_status(["footprint"])["footprint"], float(rate), process)
    if not callable(network) and not isinstance(network, (str, os.PathLike)):
        raise TypeError(f"estimate: a function or the path of a script is needed, not {type(network).__name__}.")
    path = "" if callable(network) else os.fspath(network)
    run = network if callable(network) else lambda: runpy.run_path(path, run_name="__main__")
    return _estimate(dry_footprint(run), float(rate), process)


def dry_footprint(run: Callable[[], object]) -> dict:
    """What `run` asks of a dry kernel of its own, as the kernel counts it."""
    quiet = log()
    quiet.threshold = link().log.threshold
    dry = kernel_link(lambda write_log, _: open_session(write_log, DRY_RUN), quiet)
    former = bind(dry)
    try:
        run()
        return dry.session.kernel_status(["footprint"])["footprint"]
    finally:
        bind(former)
        dry.close()


def _resident_bytes() -> int:
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE")


def _estimate(found: dict, rate: float, process: int) -> Estimate:
    by_model, by_delivery = dict(found["neurons"]), dict(found["connections"])
    memory = round(found["memory_nodes"]), round(found["memory_connections"])
    workers = min(found["vps"], os.cpu_count() or 1)
    per_second = simulation_cost(by_model, by_delivery, found["resolution"], rate) / workers
    making = sum(NS_PER_SYNAPSE[kind] * n for kind, n in by_delivery.items()) + NS_PER_NEURON * sum(by_model.values())
    return {
        "neurons": sum(by_model.values()),
        "devices": found["devices"],
        "synapses": round(sum(by_delivery.values())),
        "neurons_by_model": by_model,
        "synapses_by_delivery": by_delivery,
        "memory_nodes": memory[0],
        "memory_connections": memory[1],
        "memory_process": process,
        "memory_total": sum(memory) + process,
        "memory_limit": min(int(found["memory_limit"]), sys.maxsize),
        "fits": sum(memory) <= found["memory_limit"],
        "virtual_processes": found["vps"],
        "rate": rate,
        "biological_time": found["biological_time"],
        "time_construction": 1e-9 * making / workers,
        "time_simulation": 1e-3 * found["biological_time"] * per_second,
        "real_time_factor": per_second,
    }


def simulation_cost(
    by_model: dict[str, int], by_delivery: dict[str, float], resolution_ms: float, rate: float
) -> float:
    """Processor seconds for each second of biological time."""
    steps = 1e3 / resolution_ms
    update = sum(
        n * steps * NS_PER_NEURON_STEP.get(model, max(NS_PER_NEURON_STEP.values())) for model, n in by_model.items()
    )
    events = sum(rate * by_delivery[kind] * cost for kind, cost in NS_PER_EVENT.items())
    if events != 0:
        events += sum(by_model.values()) * steps * NS_PER_RECEIVING_STEP
    return 1e-9 * (update + events + by_delivery["generated"] * steps * NS_PER_GENERATED_STEP)
