"""What is found among many connections, and refused before any is made.

    queries.py [CONNECTIONS IN MILLIONS] [VPS]

Prints how long GetConnections takes to find the few of one target and source, at first and then; and how long the
refusal of a misspelt parameter takes, of 160,000 connections, and the memory that the process grows by meanwhile.
"""

import resource
import sys
import time
from collections.abc import Callable

import nest


def peak_mib() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def find_few(millions: int, vps: int) -> None:
    nest.ResetKernel()
    nest.total_num_virtual_procs = vps
    neurons = nest.Create("iaf_psc_alpha", 25_000)
    began = time.perf_counter()
    nest.Connect(neurons, neurons, {"rule": "fixed_indegree", "indegree": 40 * millions})
    nest.Simulate(0.1)
    print(f"{nest.num_connections:,} connections made in {time.perf_counter() - began:.1f} s")
    for what, source in ("by a target", None), ("by some sources and a target", neurons[:25]):
        for when in "first", "again":
            began = time.perf_counter()
            found = nest.GetConnections(source, neurons[77])
            print(f"GetConnections {what}, {when}: {len(found)} found in {time.perf_counter() - began:.4f} s")


def refuse_many() -> None:
    nest.ResetKernel()
    neurons = nest.Create("iaf_psc_alpha", 400)
    refuse("Connect", lambda: nest.Connect(neurons, neurons, syn_spec={"wieght": nest.random.uniform(1.0, 2.0)}))
    nest.Connect(neurons, neurons)
    found = nest.GetConnections()
    refuse(f"set of {len(found):,} connections", lambda: found.set(wieght=1.0))


def refuse(what: str, act: Callable[[], None]) -> None:
    before, began = peak_mib(), time.perf_counter()
    try:
        act()
    except nest.NESTError as refusal:
        took, grown = time.perf_counter() - began, peak_mib() - before
        print(f"{what} refused in {took:.4f} s, {grown:.1f} MiB more: {refusal}")


if __name__ == "__main__":
    given = [int(one) for one in sys.argv[1:]]
    refuse_many()
    find_few(*(given + [125, 2][len(given) :]))
