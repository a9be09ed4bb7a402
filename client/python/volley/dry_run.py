"""`./volley run --dry-run SCRIPT`: runs a script against a kernel that builds nothing, and prints what its network
takes.

    python3 -m volley.dry_run [--rate R] SCRIPT [ARGUMENT...]
"""

import argparse
import os
import runpy
import sys

from .estimate import Estimate, estimate

_UNITS = ("bytes", "kB", "MB", "GB", "TB", "PB", "EB")


def bytes_text(n: float) -> str:
    """Three digits and a unit."""
    for unit in _UNITS:
        if n < 1000 or unit == _UNITS[-1]:
            return f"{n:.3g} {unit}" if n < 999.5 else f"{n:.0f} {unit}"
        n /= 1000
    raise AssertionError


def report(found: Estimate) -> str:
    """An estimate as lines of text."""
    devices = f" and {found['devices']:,} devices" if found["devices"] else ""
    kinds = ", ".join(f"{n:,.0f} {kind.replace('_', ' ')}" for kind, n in found["synapses_by_delivery"].items() if n)
    models = ", ".join(f"{n:,} {model}" for model, n in found["neurons_by_model"].items())
    verdict = "" if found["fits"] else ": it does NOT fit"
    rows = (
        ("neurons", f"{found['neurons']:,}{devices}" + (f" ({models})" if models else "")),
        ("synapses", f"{found['synapses']:,}" + (f" ({kinds})" if kinds else "")),
        ("memory of nodes", bytes_text(found["memory_nodes"])),
        ("memory of connections", bytes_text(found["memory_connections"])),
        (
            "memory in all",
            f"{bytes_text(found['memory_total'])}, with {bytes_text(found['memory_process'])} of Python itself",
        ),
        ("memory limit", bytes_text(found["memory_limit"]) + verdict),
        ("construction", f"{found['time_construction']:.3g} s on {found['virtual_processes']} virtual process(es)"),
        (
            "simulation",
            f"{found['time_simulation']:.3g} s for {found['biological_time']:g} ms at {found['rate']:g} spikes/s "
            f"per neuron (real-time factor {found['real_time_factor']:.3g})",
        ),
    )
    return "\n".join(["dry run: nothing was built", *(f"  {name:<22} {text}" for name, text in rows)])


def _rate(text: str) -> float:
    """Spikes/s that `estimate` takes."""
    try:
        rate = float(text)
    except ValueError:
        rate = -1.0
    if not 0.0 <= rate < float("inf"):
        raise argparse.ArgumentTypeError(f"{text}: expected spikes/s of a neuron, 0 or more")
    return rate


def main() -> None:
    parser = argparse.ArgumentParser(prog="volley run --dry-run", description=__doc__.splitlines()[0])
    parser.add_argument("--rate", type=_rate, default=10.0, help="assumed spikes/s of a neuron; default: 10")
    parser.add_argument("script")
    parser.add_argument("arguments", nargs=argparse.REMAINDER)
    a = parser.parse_args()
    if not os.path.isfile(a.script):
        parser.error(f"there is no file {a.script}")
    sys.argv = [a.script, *a.arguments]
    sys.path[0] = os.path.dirname(os.path.abspath(a.script))
    ended: list[SystemExit] = []

    def run() -> None:
        try:
            runpy.run_path(a.script, run_name="__main__")
        except SystemExit as end:  # a script may end itself
            ended.append(end)

    print(report(estimate(run, a.rate)))
    if ended:
        raise ended[0]


if __name__ == "__main__":
    main()
