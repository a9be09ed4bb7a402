"""Measures what virtual processes and workers send each other and what it costs, and draws what a model makes of it.

    ./volley run tests/bench/growth.py [--rounds N] [--output FOLDER] [--plots-only]

A network whose neurons spike at a given rate, because of Poisson spikes alone, is cut into 16, 64 and 256 virtual
processes of 1, 2 and 4 workers, with a lane and a core each where there are so many. Its connections come from anywhere
(a fixed indegree) or from nearby (a mask in space), or there are none. Times are processor time of the workers, which
those who wait for others hardly use where there is one. Medians go to growth.json beside the plots; growth_model.py has
the formulas.
"""

import argparse
import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from math import pi
from pathlib import Path
from statistics import median

import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt
from growth_model import INPUTS, NEURONS, Measured, Plan, evaluate, fit, held_bytes
from scaling import finish

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
BEATS_S = 0.5  # in which workers tell what they have sent


def build(kind: str, vps: int) -> None:
    """All but the connections of `bare` networks have a delay of an interval."""
    import nest

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


def sent(workers: int) -> tuple[int, int]:
    """(frames, bytes) between the workers so far."""
    import nest

    if workers == 1:
        return 0, 0
    time.sleep(BEATS_S)
    all_workers = nest.GetKernelStatus("workers")
    return sum(one["sent_frames"] for one in all_workers), sum(one["sent_bytes"] for one in all_workers)


def run(kind: str, vps: int, workers: int, processes: list[int]) -> dict:
    """Measures of an interval."""
    import nest

    build(kind, vps)
    interval_ms, intervals = KINDS[kind] * RESOLUTION_MS, INTERVALS[vps]
    nest.Simulate(20 * interval_ms)
    frames, sent_bytes = sent(workers)
    began, processor = time.perf_counter(), processor_s(processes)
    nest.Simulate(intervals * interval_ms)
    wall_us, processor_us = (1e6 * s for s in (time.perf_counter() - began, processor_s(processes) - processor))
    more_frames, more_bytes = sent(workers)
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
    import nest
    import numpy as np

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

    def shares(vp: np.ndarray, worker_of: np.ndarray, receiver: np.ndarray) -> dict:
        """`vp` and `receiver` by neuron; the latter is the worker where `worker_of` a virtual process tells one."""
        receivers = np.arange(receiver.max() + 1)
        has = np.zeros((NEURONS, len(receivers)), bool)
        has[source, receiver[target]] = True
        wanted = np.zeros((intervals, len(worker_of), len(receivers)), bool)
        np.logical_or.at(wanted, (interval, vp[sender]), has[sender])
        foreign = worker_of[:, None] != receivers
        goes = receiver[sender][:, None] != receivers
        return {"batches": 1 - wanted[:, foreign].mean(), "spikes": 1 - has[sender][goes].mean()}

    def of(vps: int, by_place: bool) -> dict:
        side = round(vps**0.5)
        tile = (np.minimum((where * side).astype(int), side - 1) * (side, 1)).sum(1)
        vp = tile if by_place else np.arange(1, NEURONS + 1) % vps
        spiking = np.zeros((intervals, vps), bool)
        spiking[interval, vp[sender]] = True
        found = {"empty": {"batches": 1 - spiking.mean()}, "vps": shares(vp, np.arange(vps), vp)}
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
    """All networks on a cluster of our own, which ends with us."""
    from volley import local_cluster

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


def measured_apart(workers: int, with_interest: bool) -> dict:
    command = [sys.executable, __file__, "--measure", str(workers), *["--interest"] * with_interest]
    environment = {**os.environ, "PYNEST_QUIET": "1"}
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, env=environment, check=True)
    return json.loads(done.stdout.splitlines()[-1])


def all_rounds(rounds: int) -> dict:
    found = [[measured_apart(workers, n == 0 and workers == 1) for workers in WORKERS] for n in range(rounds)]
    first = [one for part in found[0] for one in part["runs"]]
    others = [[one for part in one_round for one in part["runs"]] for one_round in found]
    middle = [
        {key: value if isinstance(value, str) else median(one[i][key] for one in others) for key, value in run.items()}
        for i, run in enumerate(first)
    ]
    return {"runs": middle, "interest": found[0][0]["interest"]}


# ---- what it comes to


def tell(record: dict) -> None:
    """Tables."""
    m = Measured(record["runs"])
    small, large = fit(m, *VPS[:2]), fit(m, *VPS[1:])
    print("an interval, workers together   processor us   predicted     frames      bytes   predicted     spikes")
    for r in m.runs:
        steps, vps, workers = KINDS[r["kind"]], r["vps"], r["workers"]
        us = frame_bytes = ""
        if vps > VPS[1] and workers == 1:
            us = f"{(small if vps == VPS[2] else large).interval_us(r['kind'], vps, r['spikes']):.0f}"
        if workers > 1:
            frame_bytes = f"{small.frame_bytes(vps, workers, steps, r['spikes']):.0f}"
        print(
            f"{r['kind']:16}{vps:5} VPs{workers:3} w {r['processor_us']:14.0f}{us:>12}{r['frames']:11.1f}"
            f"{r['frame_bytes']:11.0f}{frame_bytes:>12}{r['spikes']:11.1f}"
        )
    print("\nbytes of connections, predicted")
    for vps in VPS:
        print(f"{vps:5} {m.of('random', vps)['memory_connections']:12.0f}{held_bytes(NEURONS, INPUTS, vps, vps):12.0f}")
    print("\nshare of batches and of spikes that mean nothing to who gets them")
    for name, by_vps in record["interest"].items():
        for vps, found in by_vps.items():
            print(f"{name:18}{vps:>4}", {who: {k: round(x, 3) for k, x in of.items()} for who, of in found.items()})
    print("\nconstants (us, bytes) of", VPS[:2], small, "\nof", VPS[1:], large)
    for plan in PLANS:
        print(plan, json.dumps(evaluate(large, plan), indent=1))


PLANS = [Plan(workers, steps) for steps in (1, 15) for workers in (64, 256, 1000)]


def draw_measured(record: dict, path: Path) -> None:
    m = Measured(record["runs"])
    model = fit(m, *VPS[:2])
    figure, (cost, useless) = plt.subplots(1, 2, figsize=(10, 4))
    for number, kind in enumerate(KINDS):
        points = [r for r in m.runs if r["kind"] == kind and r["workers"] == 1]
        x = [r["vps"] for r in points]
        cost.loglog(x, [r["processor_us"] for r in points], "o", color=f"C{number}", label=kind)
        cost.loglog(x, [model.interval_us(kind, r["vps"], r["spikes"]) for r in points], "-", color=f"C{number}", lw=1)
    cost.set(xlabel="virtual processes", ylabel="processor time of an interval (µs)")
    for number, (name, by_vps) in enumerate(record["interest"].items()):
        for who, style in (("vps", "o-"), ("4 workers", "s--")):
            shares = [found[who]["spikes"] for found in by_vps.values()]
            label = f"{name}: {'a virtual process' if who == 'vps' else 'one of 4 workers'}"
            useless.semilogx(VPS, shares, style, color=f"C{number}", label=label)
    useless.set(xlabel="virtual processes", ylabel="share of spikes without a target there", ylim=(-0.05, 1.05))
    finish(figure, path)


def draw_plans(record: dict, path: Path) -> None:
    model = fit(Measured(record["runs"]), *VPS[1:])
    found = [(p, evaluate(model, p)) for p in PLANS]
    figure, (times, memory) = plt.subplots(1, 2, figsize=(10, 4))
    for steps, style in (1, "s--"), (15, "o-"):
        ours = [(p, f) for p, f in found if p.steps == steps]
        x, ms = [p.workers for p, _ in ours], steps * RESOLUTION_MS
        for number, part in enumerate(ours[0][1]["us"]):
            y = [f["us"][part] * 1e-3 for _, f in ours]
            times.loglog(x, y, style, color=f"C{number}", label=part if steps > 1 else None)
        times.axhline(ms, color="black", ls=style[1:], lw=0.8, label=f"real time, intervals of {ms:g} ms")
    times.set(xlabel="workers", ylabel="time of an interval (ms)", xticks=x, xticklabels=x)
    base = [0.0] * len(ours)
    for part in ours[0][1]["held"]:
        y = [f["held"][part] * 1e-9 for _, f in ours]
        memory.bar([str(n) for n in x], y, bottom=base, label=part)
        base = [b + v for b, v in zip(base, y)]
    memory.set(xlabel="workers", ylabel="memory of a worker (GB)")
    finish(figure, path)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--output", type=Path, default=Path("docs/performance"))
    parser.add_argument("--plots-only", action="store_true", help="draws what growth.json holds")
    parser.add_argument("--measure", type=int, help=argparse.SUPPRESS)
    parser.add_argument("--interest", action="store_true", help=argparse.SUPPRESS)
    a = parser.parse_args()
    if a.measure:
        return print(json.dumps(measure(a.measure, a.interest)), flush=True)
    numbers = a.output / "growth.json"
    if not a.plots_only:
        numbers.write_text(json.dumps(all_rounds(a.rounds), indent=1) + "\n")
    record = json.loads(numbers.read_text())
    tell(record)
    draw_measured(record, a.output / "growth.png")
    draw_plans(record, a.output / "thousand_workers.png")


if __name__ == "__main__":
    main()
