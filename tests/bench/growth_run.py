"""Measures what virtual processes and workers send each other and what it costs, on workers of our own, and prints it
as a line of JSON: growth.py runs it.

A network whose neurons spike at a given rate, because of Poisson spikes alone, is cut into virtual processes. Its
connections come from anywhere (a fixed indegree) or from nearby (a mask in space), or there are none. Workers have a
lane and a core each, where there are so many. Processor time is theirs: who waits for nobody uses none for it.
"""

import argparse
import json
import os
import time
from collections.abc import Iterator
from math import pi
from pathlib import Path

os.environ.setdefault("PYNEST_QUIET", "1")

import nest
import numpy as np
from growth_model import INPUTS, NEURONS
from volley import local_cluster

VPS, WORKERS = (16, 64, 256), (1, 2, 4)
RATE_HZ, RESOLUTION_MS = 10.0, 0.1
RADIUS = (2 * INPUTS / NEURONS / pi) ** 0.5  # half of those within it are sources
KINDS = {  # what the network has, and the steps of an interval
    "bare, 1 step": 1,  # a neuron for each virtual process
    "bare, 15 steps": 15,
    "silent": 15,  # all neurons, with Poisson spikes too weak to matter
    "spiking": 15,  # not connected
    "random": 15,
    "local": 15,
}
BETWEEN_WORKERS = "bare, 1 step", "bare, 15 steps", "random", "local"
INTERVALS = {16: 400, 64: 200, 256: 60, 1024: 16}


def build(kind: str, vps: int) -> None:
    """All but the connections of `bare` networks have a delay of an interval."""
    nest.ResetKernel()
    nest.total_num_virtual_procs = vps
    delay = KINDS[kind] * RESOLUTION_MS
    if kind.startswith("bare"):
        nest.set(min_delay=delay, max_delay=delay)
        nest.Create("parrot_neuron", vps)
        return
    plane = nest.spatial.free(nest.random.uniform(-0.5, 0.5), num_dimensions=2, edge_wrap=True)
    neurons = nest.Create("iaf_psc_alpha", NEURONS, positions=plane)
    noise = nest.Create("poisson_generator", params={"rate": RATE_HZ})
    nest.Connect(noise, neurons, syn_spec={"weight": 1e-3 if kind == "silent" else 1500.0, "delay": delay})
    rules = {
        "random": {"rule": "fixed_indegree", "indegree": INPUTS},
        "local": {"rule": "pairwise_bernoulli", "p": 0.5, "mask": {"circular": {"radius": RADIUS}}},
    }
    if kind in rules:
        nest.Connect(neurons, neurons, rules[kind], {"weight": 1e-3, "delay": delay})


def processor_s(processes: list[int]) -> float:
    tasks = (task for process in processes for task in Path(f"/proc/{process}/task").glob("*/schedstat"))
    return sum(int(task.read_text().split()[0]) for task in tasks) * 1e-9


def sent() -> tuple[int, int]:
    """(frames, bytes) between the workers so far."""
    all_workers = nest.GetKernelStatus("workers")
    return sum(one["sent_frames"] for one in all_workers), sum(one["sent_bytes"] for one in all_workers)


def run(kind: str, vps: int, workers: int, processes: list[int]) -> dict:
    """Measures of an interval."""
    build(kind, vps)
    interval_ms, intervals = KINDS[kind] * RESOLUTION_MS, INTERVALS[vps]
    nest.Simulate(20 * interval_ms)
    frames, sent_bytes = sent()
    began, processor = time.perf_counter(), processor_s(processes)
    nest.Simulate(intervals * interval_ms)
    wall_us, processor_us = (1e6 * s for s in (time.perf_counter() - began, processor_s(processes) - processor))
    more_frames, more_bytes = sent()
    status = nest.GetKernelStatus()
    measures = {
        "wall_us": wall_us,
        "processor_us": processor_us,
        "frames": more_frames - frames,
        "frame_bytes": more_bytes - sent_bytes,
        "spikes": status["local_spike_counter"],
    }
    return {
        "kind": kind,
        "vps": vps,
        "workers": workers,
        **{key: value / intervals for key, value in measures.items()},
        "memory_connections": status["memory_connections"],
    }


def interest(kind: str) -> dict:
    """For each number of virtual processes, of the spikes and batches that they send: the shares that mean nothing to a
    virtual process or worker. `by place`: where those of one virtual process, and of one worker, are neighbours."""
    build(kind, VPS[0])
    interval_ms, intervals, settling = KINDS[kind] * RESOLUTION_MS, 100, 10
    neurons = nest.NodeCollection(range(1, NEURONS + 1))
    recorder = nest.Create("spike_recorder", params={"start": settling * interval_ms})
    nest.Connect(neurons, recorder, syn_spec={"delay": interval_ms})
    nest.Simulate((settling + intervals) * interval_ms)
    events = recorder.events
    sender = events["senders"] - 1
    interval = (np.rint(events["times"] / RESOLUTION_MS).astype(int) - 1) // KINDS[kind] - settling
    connections = nest.GetConnections(neurons, neurons)
    source, target = (np.array(list(ids)) - 1 for ids in (connections.sources(), connections.targets()))
    where = np.array(nest.GetPosition(neurons)) + 0.5

    def useless(wanted: np.ndarray) -> float:
        return round(1 - wanted.mean(), 4)

    def shares(vp: np.ndarray, worker_of: np.ndarray, receiver: np.ndarray) -> dict:
        """`vp` and `receiver` by neuron; the latter is the worker where `worker_of` a virtual process tells one."""
        receivers = np.arange(receiver.max() + 1)
        has = np.zeros((NEURONS, len(receivers)), bool)
        has[source, receiver[target]] = True
        wanted = np.zeros((intervals, len(worker_of), len(receivers)), bool)
        np.logical_or.at(wanted, (interval, vp[sender]), has[sender])
        foreign = worker_of[:, None] != receivers
        goes = receiver[sender][:, None] != receivers
        return {"batches": useless(wanted[:, foreign]), "spikes": useless(has[sender][goes])}

    def of(vps: int, by_place: bool) -> dict:
        side = round(vps**0.5)
        tile = (np.minimum((where * side).astype(int), side - 1) * (side, 1)).sum(1)
        vp = tile if by_place else np.arange(1, NEURONS + 1) % vps
        spiking = np.zeros((intervals, vps), bool)
        spiking[interval, vp[sender]] = True
        found = {"empty": {"batches": useless(spiking)}, "vps": shares(vp, np.arange(vps), vp)}
        for workers in WORKERS[1:]:
            worker = np.arange(vps) * workers // vps if by_place else np.arange(vps) % workers
            found[f"{workers} workers"] = shares(vp, worker, worker[vp])
        return found

    placings = {kind: False, **({f"{kind}, by place": True} if kind == "local" else {})}
    return {name: {vps: of(vps, by_place) for vps in VPS} for name, by_place in placings.items()}


def cases(workers: int) -> Iterator[tuple[str, int]]:
    for kind in KINDS if workers == 1 else BETWEEN_WORKERS:
        yield from ((kind, vps) for vps in VPS)
    if workers == 1:
        yield from (("bare, 1 step", 1024), ("bare, 15 steps", 1024))


def measure(workers: int, with_interest: bool) -> dict:
    """All networks, on a cluster that ends with us."""
    os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[:workers])
    name = f"growth-{os.getpid()}"
    files = local_cluster.cluster_files(name)
    if local_cluster.main("up", [str(workers), "--name", name]) != 0:
        raise SystemExit(1)
    os.environ["VOLLEY_ADDRESS"] = files.address
    try:
        processes = files.processes()[1:]  # without the supervisor
        runs = [run(kind, vps, workers, processes) for kind, vps in cases(workers)]
        return {"runs": runs, "interest": {**interest("random"), **interest("local")} if with_interest else {}}
    finally:
        local_cluster.main("down", ["--name", name])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("workers", type=int)
    parser.add_argument("--interest", action="store_true", help="also who needs what of it")
    a = parser.parse_args()
    print(json.dumps(measure(a.workers, a.interest)), flush=True)


if __name__ == "__main__":
    main()
