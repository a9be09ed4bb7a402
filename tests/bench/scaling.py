"""Measures how time and memory grow, and draws the plots of docs/performance.md.

    ./volley run tests/bench/scaling.py [--rounds N] [--output FOLDER]

With the number of synapses (10^5 to 10^8), with virtual processes (1 to 16 on the cores there are), with the shortest
delay. Every point is the median of runs in processes of their own; the numbers go to scaling.json beside the plots.
"""

import argparse
import json
import sys
from pathlib import Path
from statistics import median

import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt
from workload import DELAYS_MS
from workloads import run

SYNAPSE_SCALES = 0.08, 0.25, 0.8, 2.53  # of the balanced network: 10^5, 10^6, 10^7, 10^8 synapses
VPS = 1, 2, 3, 4, 8, 16


def point(rounds: int, name: str, **options: float) -> dict:
    """The median of each measure of a workload."""
    a = argparse.Namespace(**{"scale": None, "vps": 1, "ms": None, **options})
    runs = [run(sys.executable, name, a) for _ in range(rounds)]
    print(name, options, flush=True)
    return {key: median(r[key] for r in runs) for key, value in runs[0].items() if isinstance(value, (int, float))}


def measure(rounds: int) -> dict:
    synapses = {
        name: [point(rounds, name, scale=scale, ms=100.0) for scale in SYNAPSE_SCALES]
        for name in ("brunel_alpha", "brunel_alpha_weights")
    }
    vps = {name: [point(rounds, name, vps=n) for n in VPS] for name in ("brunel_alpha", "microcircuit")}
    delays = [point(rounds, f"brunel_alpha_{ms}_ms", vps=n) for n in (1, 2) for ms in DELAYS_MS]
    return {"synapses": synapses, "vps": vps, "delays": delays}


def draw_synapses(record: dict, path: Path) -> None:
    figure, (time, memory) = plt.subplots(1, 2, figsize=(10, 4))
    for name, points in record["synapses"].items():
        x = [p["synapses"] for p in points]
        time.loglog(x, [p["build_cpu_s"] for p in points], "o--", label=f"{name}: construction")
        time.loglog(x, [p["simulate_cpu_s"] / p["ms"] * 1e3 for p in points], "s-", label=f"{name}: simulating 1 s")
        memory.loglog(x, [p["peak_bytes"] / 1e6 for p in points], "o-", label=name)
    time.set(xlabel="synapses", ylabel="processor time (s)")
    memory.set(xlabel="synapses", ylabel="peak memory above the import's (MB)")
    finish(figure, path)


def draw_vps(record: dict, path: Path) -> None:
    figure, (wall, cost) = plt.subplots(1, 2, figsize=(10, 4))
    for name, points in record["vps"].items():
        wall.plot(VPS, [p["simulate_s"] / points[0]["simulate_s"] for p in points], "o-", label=name)
        cost.plot(VPS, [p["simulate_cpu_s"] / points[0]["simulate_cpu_s"] for p in points], "o-", label=name)
    wall.set(xlabel="virtual processes", ylabel="wall clock, relative to one", ylim=(0, None))
    cost.set(xlabel="virtual processes", ylabel="processor time, relative to one", ylim=(0, None))
    finish(figure, path)


def draw_delays(record: dict, path: Path) -> None:
    figure, axes = plt.subplots(figsize=(5, 4))
    for vps in (1, 2):
        points = [p for p in record["delays"] if p["vps"] == vps]
        axes.semilogx(DELAYS_MS, [p["real_time_factor"] for p in points], "o-", label=f"{vps} VP" + "s" * (vps > 1))
    axes.set(xlabel="shortest delay (ms)", ylabel="real-time factor", ylim=(0, None))
    finish(figure, path)


def finish(figure: plt.Figure, path: Path) -> None:
    for axes in figure.axes:
        axes.grid(alpha=0.3)
        axes.legend(fontsize=8)
    figure.tight_layout()
    figure.savefig(path, dpi=90)
    plt.close(figure)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--output", type=Path, default=Path("docs/performance"))
    parser.add_argument("--plots-only", action="store_true", help="draws what scaling.json holds")
    a = parser.parse_args()
    a.output.mkdir(parents=True, exist_ok=True)
    numbers = a.output / "scaling.json"
    if not a.plots_only:
        numbers.write_text(json.dumps(measure(a.rounds), indent=1) + "\n")
    record = json.loads(numbers.read_text())
    draw_synapses(record, a.output / "synapses.png")
    draw_vps(record, a.output / "virtual_processes.png")
    draw_delays(record, a.output / "shortest_delay.png")


if __name__ == "__main__":
    main()
