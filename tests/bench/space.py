"""Connecting in space: neurons at random places of the plane, a Gaussian profile within a circular mask.

    space.py [NEURONS] [TARGETS] [VPS]

Prints how long it takes until all connections are in place, and the largest memory of the process against that which
the result takes.
"""

import resource
import sys
import time
from math import exp, pi, sqrt

import nest


def resident_mib() -> float:
    with open("/proc/self/statm", encoding="ascii") as sizes:
        return int(sizes.read().split()[1]) * resource.getpagesize() / 2**20


def main(neurons: int = 100_000, targets: int = 1_000, vps: int = 2) -> None:
    nest.ResetKernel()
    nest.total_num_virtual_procs = vps
    before = resident_mib()
    positions = nest.spatial.free(nest.random.uniform(-0.5, 0.5), num_dimensions=2, edge_wrap=True)
    began = time.perf_counter()
    layer = nest.Create("iaf_psc_alpha", neurons, positions=positions)
    created = time.perf_counter()
    # The mask ends at two standard deviations: so many of the nodes in it are targets.
    share = (1 - exp(-2)) / 2
    radius = sqrt(targets / share / neurons / pi)
    rule = {
        "rule": "pairwise_bernoulli",
        "p": nest.spatial_distributions.gaussian(nest.spatial.distance, std=radius / 2),
        "mask": {"circular": {"radius": radius}},
    }
    nest.Connect(layer, layer, rule)
    n = nest.num_connections
    done = time.perf_counter()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**10
    now = resident_mib()
    print(f"{neurons} neurons, {n} connections, {n / neurons:.0f} targets each, {vps} VPs")
    each = (done - created) / n * 1e9
    print(f"Create {created - began:.2f} s, Connect {done - created:.2f} s, {each:.1f} ns a connection")
    print(
        f"network {now - before:.0f} MiB, largest {peak - before:.0f} MiB: {(peak - before) / (now - before):.2f} times"
    )


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
