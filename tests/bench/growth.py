"""Measures how what workers and virtual processes exchange grows, and draws what a model makes of it.

    ./volley run tests/bench/growth.py [--rounds N] [--output FOLDER] [--plots-only]

growth_run.py measures 16, 64 and 256 virtual processes of 1, 2 and 4 workers, round by round; medians go to growth.json
beside the plots. growth_model.py has the formulas.
"""

import argparse
import json
import subprocess
import sys
from pathlib import Path
from statistics import median

import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt
from growth_model import INPUTS, NEURONS, Measured, Plan, evaluate, fit, held_bytes
from growth_run import INTERVALS, KINDS, VPS, WORKERS
from scaling import finish

RUN = Path(__file__).with_name("growth_run.py")
PLANS = [Plan(workers, steps) for steps in (1, 15) for workers in (64, 256, 1000)]


def measured_apart(workers: int, with_interest: bool) -> dict:
    command = [sys.executable, str(RUN), str(workers), *["--interest"] * with_interest]
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
    return json.loads(done.stdout.splitlines()[-1])


def all_rounds(rounds: int) -> dict:
    found = [[measured_apart(workers, n == 0 and workers == 1) for workers in WORKERS] for n in range(rounds)]
    first = [one for part in found[0] for one in part["runs"]]
    others = [[one for part in one_round for one in part["runs"]] for one_round in found]
    middle = [
        {key: x if isinstance(x, str) else round(median(one[i][key] for one in others), 2) for key, x in run.items()}
        for i, run in enumerate(first)
    ]
    return {"runs": middle, "interest": found[0][0]["interest"]}


# ---- what it comes to


def tell(record: dict) -> None:
    """Tables."""
    m = Measured(record["runs"])
    small, large = fit(m, VPS[:2]), fit(m, VPS)
    print("of an interval       VPs workers  wall us  processor, predicted    frames     bytes, predicted    spikes")
    for r in m.runs:
        kind, vps, workers, spikes = r["kind"], r["vps"], r["workers"], r["spikes"]
        model = small if vps <= VPS[2] else large
        us = f"{model.interval_us(kind, vps, spikes):11.0f}" if workers == 1 else f"{'':11}"
        size = model.frame_bytes(vps, workers, KINDS[kind], spikes)
        print(
            f"{kind:20}{vps:4}{workers:8}{r['wall_us']:9.0f}{r['processor_us']:11.0f}{us}{r['frames']:10.1f}"
            f"{r['frame_bytes']:10.0f}{size:11.0f}{spikes:10.1f}"
        )
    print("\nbytes of connections, predicted")
    for vps in VPS:
        told = sum(held_bytes(NEURONS, INPUTS, vps, vps).values())
        print(f"{vps:5}{m.of('random', vps)['memory_connections']:12.0f}{told:12.0f}")
    print("\nshare of batches and of spikes that mean nothing to who gets them")
    for name, by_vps in record["interest"].items():
        for vps, found in by_vps.items():
            print(f"{name:16}{vps:>4}", {who: {k: round(x, 3) for k, x in of.items()} for who, of in found.items()})
    print(f"\nconstants (us, bytes) of {VPS[:2]}: {small}\nof {VPS}: {large}")
    print("\na worker: MB in an interval (local ones), ms by part and in all, times real time, GB held by part")
    for p in PLANS:
        found = evaluate(large, p)
        ms = {part: round(us * 1e-3, 2) for part, us in found["us"].items()}
        held = {part: round(size * 1e-9, 1) for part, size in found["held"].items()}
        mb = f"{found['bytes'] * 1e-6:.1f} ({found['near bytes'] * 1e-6:.4f})"
        print(f"{p.workers:5} of {p.ms:g} ms:", mb, ms, f"{sum(ms.values()):.1f}, {found['slower']:.0f}", held)


def draw_measured(record: dict, path: Path) -> None:
    m = Measured(record["runs"])
    model = fit(m, VPS[:2])
    n = tuple(INTERVALS)
    figure, (cost, useless) = plt.subplots(1, 2, figsize=(10, 4))
    for number, kind in enumerate(KINDS):
        points = [r for r in m.runs if r["kind"] == kind and r["workers"] == 1]
        x = [r["vps"] for r in points]
        cost.loglog(x, [r["processor_us"] for r in points], "o", color=f"C{number}", label=kind)
        cost.loglog(x, [model.interval_us(kind, r["vps"], r["spikes"]) for r in points], "-", color=f"C{number}", lw=1)
    cost.set(xlabel="virtual processes", ylabel="processor time of an interval (µs)", xticks=n, xticklabels=n)
    for number, (name, by_vps) in enumerate(record["interest"].items()):
        for who, style in (("vps", "o-"), ("4 workers", "s--")):
            shares = [found[who]["spikes"] for found in by_vps.values()]
            label = f"{name}: {'a virtual process' if who == 'vps' else 'one of 4 workers'}"
            useless.semilogx(VPS, shares, style, color=f"C{number}", ms=10 - 3 * number, label=label)
    useless.set(xlabel="virtual processes", ylabel="spikes without a target there", xticks=VPS, xticklabels=VPS)
    finish(figure, path)


def draw_plans(record: dict, path: Path) -> None:
    model = fit(Measured(record["runs"]), VPS)
    found = [(p, evaluate(model, p)) for p in PLANS]
    figure, (times, memory) = plt.subplots(1, 2, figsize=(10, 4))
    for steps, style in (1, "s--"), (15, "o-"):
        ours = [(p, f) for p, f in found if p.steps == steps]
        x, ms = [p.workers for p, _ in ours], ours[0][0].ms
        for number, part in enumerate(ours[0][1]["us"]):
            y = [f["us"][part] * 1e-3 for _, f in ours]
            times.loglog(x, y, style, color=f"C{number}", label=part if steps > 1 else None)
        times.axhline(ms, color="black", ls=style[1:], lw=0.8, label=f"real time, intervals of {ms:g} ms")
    times.set(xlabel="workers", ylabel="time of an interval (ms)", xticks=x, xticklabels=x, xlim=(2, 1400))
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
    a = parser.parse_args()
    numbers = a.output / "growth.json"
    if not a.plots_only:
        numbers.write_text(json.dumps(all_rounds(a.rounds), indent=1) + "\n")
    record = json.loads(numbers.read_text())
    tell(record)
    draw_measured(record, a.output / "growth.png")
    draw_plans(record, a.output / "thousand_workers.png")


if __name__ == "__main__":
    main()
