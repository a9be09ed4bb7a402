"""A script whose server may die at any time: with the argument `pieces` it says each step, so that a test can strike
there. Prints a digest of all it can read."""

import json
import sys

import nest
from network import build, facts


def say(text):
    print(f"step {text}", file=sys.stderr, flush=True)


def main():
    vps, milliseconds = int(sys.argv[1]), float(sys.argv[2])
    nest.ResetKernel()
    nest.set(total_num_virtual_procs=vps, rng_seed=77)
    say("build")
    cells, spikes, meter, weights = build()
    say("first")
    nest.Simulate(milliseconds)
    say("set")
    cells[:10].set({"I_e": nest.random.uniform(450.0, 550.0)})
    nest.GetConnections(cells[:5], cells).set({"weight": 31.0})
    more = nest.Create("iaf_psc_alpha", 4, {"I_e": 400.0})
    nest.Connect(cells[:4], more, "one_to_one", {"weight": 50.0})
    say("pieces")
    with nest.RunManager():
        for piece in 0.3, 7.1, 12.6:
            nest.Run(piece)
    say("last")
    nest.Simulate(milliseconds)
    say("read")
    print(json.dumps(facts(cells, spikes, meter, weights)))


if __name__ == "__main__":
    main()
