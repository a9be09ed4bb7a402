"""The network of `network.py` in two halves: `first FILE` computes one and saves it, `second FILE` loads that and
computes the other; `whole` does both without a file. The last argument is the number of virtual processes."""

import json
import sys

import nest
import network


def first():
    network.build()
    nest.Simulate(20.3)
    nest.NodeCollection(range(1, 11)).set({"I_e": 500.0})
    nest.Simulate(7.4)


def second():
    nest.GetConnections(nest.NodeCollection(range(1, 6))).set({"weight": 31.0})
    nest.Simulate(25.0)
    devices = (nest.NodeCollection([id]) for id in (67, 68, 69))
    print(json.dumps(network.facts(nest.NodeCollection(range(1, 61)), *devices)))


def main():
    half, *file, vps = sys.argv[1:]
    nest.ResetKernel()
    nest.set(total_num_virtual_procs=int(vps), rng_seed=77)
    if half != "second":
        first()
    if half == "first":
        nest.Save(*file)
    if half == "second":
        nest.Load(*file)
    if half != "first":
        second()


if __name__ == "__main__":
    main()
