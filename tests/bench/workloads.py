"""Measures whole networks, each run in a process of its own, and compares them with another PyNEST implementation.

    ./volley bench [NAME...] [--scale S] [--vps V] [--ms T] [--rounds N] [--against PYTHON] [--json]

PYTHON is a command whose `import nest` finds the other implementation; it runs in alternation with this one. Figures
are medians over rounds. Ratios are theirs to ours: of processor time for simulation (per synaptic event) and
construction, and of the peak memory above that of the process after `import nest`. The system's part of construction is
clearing the pages it gives; in a virtual machine whose host took them back it waits for the host, up to 2 ms a MB,
which is not the program's doing.
"""

import argparse
import json
import os
import subprocess
import sys
from pathlib import Path
from statistics import median

WORKLOAD = Path(__file__).with_name("workload.py")
NAMES = (
    "brunel_delta",
    "brunel_alpha",
    "brunel_alpha_weights",
    "brunel_exp",
    "hpc",
    "microcircuit",
    "iaf_cond_exp",
    "hh_psc_alpha",
)


def parse_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="volley bench", description=__doc__.splitlines()[0])
    parser.add_argument(
        "names", nargs="*", metavar="NAME", choices=[[], *NAMES], help=f"of {', '.join(NAMES)}; default: all"
    )
    parser.add_argument("--scale", type=float, help="size of the network; default: the workload's own")
    parser.add_argument("--vps", type=int, default=1, help="virtual processes; default: 1")
    parser.add_argument("--ms", type=float, help="biological time measured; default: the workload's own")
    parser.add_argument("--rounds", type=int, default=3, help="runs of each; default: 3")
    parser.add_argument("--against", metavar="PYTHON", help="command of another implementation's Python")
    parser.add_argument("--json", action="store_true", help="prints all runs as JSON instead of tables")
    return parser.parse_args()


def run(command: str, name: str, a: argparse.Namespace) -> dict:
    """One run of a workload under a Python command."""
    options = [x for key in ("scale", "vps", "ms") if getattr(a, key) for x in (f"--{key}", str(getattr(a, key)))]
    environment = dict(os.environ)
    if command != sys.executable:
        environment.pop("PYTHONPATH", None)  # ours would shadow theirs
    done = subprocess.run(
        [command, str(WORKLOAD), name, *options], env=environment, stdout=subprocess.PIPE, text=True, check=True
    )
    return measures(json.loads(done.stdout.splitlines()[-1]))


def measures(run: dict) -> dict:
    """A run with the figures that follow from it."""
    steps = run["ms"] / run["resolution_ms"]
    run["million_synapses_per_s"] = run["synapses"] / run["build_cpu_s"] / 1e6
    run["real_time_factor"] = run["simulate_s"] / run["ms"] * 1e3
    run["ns_per_event"] = run["simulate_cpu_s"] / run["events"] * 1e9
    run["ns_per_neuron_step"] = run["simulate_cpu_s"] / run["neurons"] / steps * 1e9
    run["bytes_per_synapse"] = run.get("memory_connections", run["peak_bytes"]) / run["synapses"]
    if "memory_nodes" in run:
        run["bytes_per_neuron"] = run["memory_nodes"] / run["neurons"]
    return run


ROWS = (  # key, what it is, format, scale
    ("build_s", "construction, wall clock", "{:.3f} s", 1),
    ("build_cpu_s", "construction, processor", "{:.3f} s", 1),
    ("build_program_s", "  of it the program's, not the system's", "{:.3f} s", 1),
    ("million_synapses_per_s", "synapses made per processor second", "{:.1f} M", 1),
    ("simulate_s", "simulation, wall clock", "{:.3f} s", 1),
    ("simulate_cpu_s", "simulation, processor", "{:.3f} s", 1),
    ("real_time_factor", "real-time factor", "{:.3f}", 1),
    ("ns_per_event", "processor time per synaptic event", "{:.2f} ns", 1),
    ("ns_per_neuron_step", "processor time per neuron and step", "{:.2f} ns", 1),
    ("time_deliver_spike_data", "  delivery, of the slowest VP", "{:.3f} s", 1),
    ("time_update", "  update, of the slowest VP", "{:.3f} s", 1),
    ("time_gather_spike_data", "  gathering of spikes, of the slowest VP", "{:.3f} s", 1),
    ("time_exchange_wait", "  waiting for others, at most", "{:.3f} s", 1),
    ("peak_bytes", "peak memory above the import's", "{:.1f} MB", 1e-6),
    ("bytes_per_synapse", "bytes per synapse", "{:.2f}", 1),
    ("bytes_per_neuron", "bytes per neuron", "{:.0f}", 1),
    ("rate_hz", "rate of 100 excitatory neurons", "{:.2f} Hz", 1),
    ("cv", "CV of their inter-spike intervals", "{:.3f}", 1),
)
RATIOS = (
    ("ns_per_event", "simulation, per synaptic event"),
    ("ns_per_neuron_step", "simulation, per neuron and step"),
    ("build_cpu_s", "construction"),
    ("build_program_s", "construction, program alone"),
    ("peak_bytes", "peak memory"),
)


def middle(runs: list[dict], key: str) -> float | None:
    """The median of a measure, or None where the runs do not have it."""
    return median(r[key] for r in runs) if key in runs[0] else None


def print_workload(name: str, ours: list[dict], theirs: list[dict]) -> None:
    first = ours[0]
    print(
        f"\n{name}, scale {first['scale']:g}: {first['neurons']:,} neurons, {first['synapses']:,} synapses, "
        f"{first['ms']:g} ms, VPs: {first['vps']}; medians of {len(ours)}"
    )
    for key, meaning, form, scale in ROWS:
        columns = [
            form.format(value * scale) if (value := middle(runs, key)) is not None else ""
            for runs in (ours, theirs)
            if runs
        ]
        if any(columns):
            print(f"  {meaning:<40}" + "".join(f"{text:>14}" for text in columns))
    for key, meaning in RATIOS if theirs else ():
        ratios = sorted(other[key] / own[key] for own, other in zip(ours, theirs))
        print(f"  theirs / ours: {meaning:<32}{median(ratios):>9.1f}   ({ratios[0]:.1f} to {ratios[-1]:.1f})")


def main() -> None:
    a = parse_arguments()
    record = {}
    for name in a.names or NAMES:
        ours, theirs = [], []
        for _ in range(a.rounds):
            ours.append(run(sys.executable, name, a))
            if a.against:
                theirs.append(run(a.against, name, a))
        record[name] = {"ours": ours, "theirs": theirs}
        if not a.json:
            print_workload(name, ours, theirs)
    if a.json:
        print(json.dumps(record, indent=1))


if __name__ == "__main__":
    main()
