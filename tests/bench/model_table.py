"""Prints what a neuron and step, and an event, cost by model, from what benches wrote: the tables of
docs/performance.md.

    options="--benchmark_repetitions=5 --benchmark_enable_random_interleaving=true --benchmark_format=json"
    ./volley bench update_bench $options --benchmark_filter='noise/15|rewrite' > update.json
    ./volley bench deliver_bench $options --benchmark_filter='model|add_u16' > deliver.json
    ./volley bench plastic_bench $options --benchmark_filter='spikes:1.0/segment:4000' > plastic.json
    ./volley run tests/bench/model_table.py update.json deliver.json plastic.json

Medians, of the fastest instruction set.
"""

import argparse
import json
import re
from collections.abc import Iterator
from pathlib import Path

NEURONS = {  # what the names of a family begin with
    "leaky, currents": "iaf_psc|iaf_tum|mat2|amat2",
    "leaky, conductances": "iaf_cond|iaf_ch",
    "NMDA receptors": "iaf_bw",
    "quadratic": "izhikevich",
    "adaptive exponential": "aeif",
    "generalized": "gif|glif",
    "point processes": "pp",
    "Hodgkin and Huxley": "hh|ht",
    "binary": "erfc|ginzburg|mcculloch",
    "relays": "parrot|ignore",
}
SYNAPSES = {
    "static": "static|cont",
    "short-term plasticity": "tsodyks|ht",
    "random transmission": "bernoulli|quantal",
    "plastic": "",  # all others
}


def medians(path: Path) -> Iterator[tuple[str, dict]]:
    for run in json.loads(path.read_text())["benchmarks"]:
        if run.get("aggregate_name") == "median":
            yield run["run_name"], run


def least(found: dict[str, tuple], name: str, *values: float) -> None:
    found[name] = min(found.get(name, values), values)


def short(ns: float) -> str:
    return f"{ns:.{2 if ns < 1 else 1 if ns < 20 else 0}f}"


def table(title: str, unit: str, families: dict[str, str], found: dict[str, tuple[float, float]]) -> None:
    """`found`: (ns, ns of the machine) by model."""
    print(f"| {title} | {unit} | the machine alone |\n|---|---|---|")
    left = dict(sorted(found.items()))
    for family, beginnings in {**families, "others": ""}.items():
        here = {name: left.pop(name) for name in list(left) if re.match(beginnings, name)}
        if here:
            bounds = sorted(bound for _, bound in here.values())
            span = f"{bounds[0]:.2f}" + (f" to {bounds[-1]:.2f}" if bounds[-1] - bounds[0] > 0.005 else "")
            print(f"| {family} | {', '.join(f'`{name}` {short(ns)}' for name, (ns, _) in here.items())} | {span} |")
    print()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    for program in "update", "deliver", "plastic":
        parser.add_argument(program, type=Path, help=f"what {program}_bench wrote")
    a = parser.parse_args()

    update = dict(medians(a.update))
    rewrite = update["machine/rewrite_8_bytes/L3"]["per_event"] * 1e9
    neurons: dict[str, tuple] = {}
    for name, run in update.items():
        if "ns_per_neuron_step" in run:
            least(neurons, name.split("/")[0], run["ns_per_neuron_step"], run["rewrites"] * rewrite)
    table("neurons", "ns a neuron and step", NEURONS, neurons)

    deliver = dict(medians(a.deliver))
    add = deliver["machine/add_u16/100KiB"]["per_event"] * 1e9
    synapses: dict[str, tuple] = {}
    for name, run in deliver.items():
        if name.startswith("model/"):
            least(synapses, name.split("/")[1], run["per_event"] * 1e9, add)
    for name, run in medians(a.plastic):
        if "ns_per_event" in run and not re.search("_(lbl|hpc)/", name):
            least(synapses, name.split("/")[0], run["ns_per_event"], add)
    table("synapses", "ns an event", SYNAPSES, synapses)


if __name__ == "__main__":
    main()
