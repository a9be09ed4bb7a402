"""What a kernel does, and the processes that hold its virtual processes: for people, for programs, for Prometheus."""

from typing import Any

from .low_level import low_level_session
from .server_kernels import kernel_text

# States of workers that are not there any more; the others are joining, holding, draining and waiting.
GONE = ("lost", "left")
_KEYS = ["total_num_virtual_procs", "network_size", "biological_time", "time_simulate"]


def cluster_status(kernel: low_level_session) -> dict[str, Any]:
    """As plain values. A kernel in one process has no workers."""
    try:
        status = kernel.kernel_status([*_KEYS, "workers", "cluster"])
    except KeyError:
        status = {**kernel.kernel_status(_KEYS), "workers": [], "cluster": {}}
    simulated_s = status["biological_time"] / 1000
    return {
        "vps": status["total_num_virtual_procs"],
        "nodes": status["network_size"],
        "biological_time_ms": status["biological_time"],
        "simulate_s": status["time_simulate"],
        "real_time_factor": status["time_simulate"] / simulated_s if simulated_s > 0 else None,
        "last_cut_ms": status["cluster"].get("last_cut"),
        "recoveries": status["cluster"].get("recoveries", 0),
        "last_recovery_s": status["cluster"].get("last_recovery_s"),
        "moves": status["cluster"].get("moves", 0),
        "balance": status["cluster"].get("balance"),
        "workers": [dict(worker) for worker in status["workers"]],
        "kernels": [dict(one) for one in kernel.list_kernels()],
    }


def status_text(status: dict[str, Any]) -> str:
    """A few lines."""
    lines = [f"{status['nodes']} nodes on {status['vps']} virtual processes, at {status['biological_time_ms']:g} ms"]
    if status["real_time_factor"] is not None:
        lines.append(f"wall clock / biological time: {status['real_time_factor']:.3g}")
    if status["workers"]:
        cut = "none" if status["last_cut_ms"] is None else f"at {status['last_cut_ms']:g} ms"
        took = "" if status["last_recovery_s"] is None else f" (the last in {status['last_recovery_s']:.3g} s)"
        lines.append(f"last checkpoint: {cut}; {status['recoveries']} recoveries{took}, {status['moves']} moves")
        if status["balance"] is not None:
            lines.append(f"balance: {status['balance']:.0%} (computing of the mean lane, of the slowest worker's)")
    if len(status["kernels"]) > 1:
        lines.extend(f"kernel {kernel_text(one)}" for one in status["kernels"])
    for one in status["workers"]:
        if one["state"] in GONE:
            lines.append(f"worker {one['number']}: {one['state']}" + (f", {one['reason']}" if "reason" in one else ""))
        else:
            lines.append(
                f"worker {one['number']}: {one['state']}, process {one['process']}, {one['lanes']} lanes, "
                f"{one['vps']} VPs, frames dropped: {one['stale_frames']} stale, {one['repeated_frames']} repeated"
            )
    return "\n".join(lines)


# name, type, meaning, key of a status
_OF_KERNEL = [
    ("volley_virtual_processes", "gauge", "Virtual processes of the kernel.", "vps"),
    ("volley_nodes", "gauge", "Neurons and devices.", "nodes"),
    ("volley_biological_time_milliseconds", "gauge", "Simulated since the last reset.", "biological_time_ms"),
    ("volley_simulate_seconds", "gauge", "Wall clock spent on simulating since the last reset.", "simulate_s"),
]
_OF_CLUSTER = [
    ("volley_recoveries_total", "counter", "Times that the network went back since a worker was lost.", "recoveries"),
    ("volley_last_recovery_seconds", "gauge", "From the loss of a worker until its VPs went on.", "last_recovery_s"),
    ("volley_moves_total", "counter", "Times that virtual processes went to other workers as planned.", "moves"),
    ("volley_balance", "gauge", "Computing time of the mean lane over that of the slowest worker's.", "balance"),
    ("volley_last_checkpoint_milliseconds", "gauge", "Biological time of the last checkpoint.", "last_cut_ms"),
]
# The same, of each kernel of the server.
_OF_EACH_KERNEL = [
    ("volley_kernel_sessions", "gauge", "Clients that use it.", "sessions"),
    ("volley_kernel_running", "gauge", "1: it simulates.", "running"),
    ("volley_kernel_lost", "gauge", "1: its network is lost, until ResetKernel.", "lost"),
    ("volley_kernel_nodes", "gauge", "Neurons and devices.", "nodes"),
    ("volley_kernel_memory_bytes", "gauge", "What its network takes.", "memory"),
    ("volley_kernel_biological_time_milliseconds", "gauge", "Simulated since its last reset.", "biological_time"),
]
# The same, of a worker that is there.
_OF_WORKER = [
    ("volley_worker_lanes", "gauge", "Threads that compute.", "lanes"),
    ("volley_worker_virtual_processes", "gauge", "Virtual processes that it holds.", "vps"),
    ("volley_worker_stale_frames_total", "counter", "Dropped frames of an earlier placement.", "stale_frames"),
    ("volley_worker_repeated_frames_total", "counter", "Dropped frames that were here before.", "repeated_frames"),
    ("volley_worker_sent_frames_total", "counter", "Frames of spikes to other workers.", "sent_frames"),
    ("volley_worker_sent_bytes_total", "counter", "Bytes of these frames.", "sent_bytes"),
]


def _number(fact: Any) -> float:
    return float(bool(fact) if isinstance(fact, str) else fact)


def status_metrics(status: dict[str, Any]) -> str:
    """In the text format of Prometheus, version 0.0.4."""
    lines: list[str] = []

    def add(name: str, kind: str, meaning: str, samples: list[tuple[str, Any]]) -> None:
        lines.extend([f"# HELP {name} {meaning}", f"# TYPE {name} {kind}"])
        lines.extend(f"{name}{labels} {value}" for labels, value in samples)

    for name, kind, meaning, key in _OF_KERNEL + (_OF_CLUSTER if status["workers"] else []):
        if status[key] is not None:
            add(name, kind, meaning, [("", status[key])])
    for name, kind, meaning, key in _OF_EACH_KERNEL if status["kernels"] else []:
        add(name, kind, meaning, [(f'{{kernel="{one["name"]}"}}', _number(one[key])) for one in status["kernels"]])
    workers = [(f'{{worker="{one["number"]}"}}', one) for one in status["workers"]]
    there = [(label, one) for label, one in workers if one["state"] not in GONE]
    if workers:
        up = [(label, int(one["state"] not in GONE)) for label, one in workers if one["state"] != "left"]
        add("volley_worker_up", "gauge", "1: it is there; 0: it was lost.", up)
        states = [(f'{{worker="{one["number"]}",state="{one["state"]}"}}', 1) for _, one in there]
        add("volley_worker_state", "gauge", "1 for what it is at: joining, holding, draining or waiting.", states)
    for name, kind, meaning, key in _OF_WORKER if there else []:
        add(name, kind, meaning, [(label, one[key]) for label, one in there])
    return "\n".join(lines) + "\n"
