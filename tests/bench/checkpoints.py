"""Measures what checkpoints cost a simulation on two workers: runs with them as often as they come by themselves, and
without any, in turn.

    ./volley run tests/bench/checkpoints.py [--ms MS] [--rounds N] [--neurons N] [--indegree N]

Plastic connections, which are what a checkpoint has most to copy of.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from contextlib import ExitStack

BAR = 1.05
SERVER, DOOR = "volley-server", "VOLLEY_WORKERS="


def measure(ms: float, neurons: int, indegree: int) -> None:
    """Prints the time of a run, and how many events were recorded."""
    import nest

    nest.ResetKernel()
    nest.set(total_num_virtual_procs=2, rng_seed=1)
    cells = nest.Create("iaf_psc_alpha", neurons, {"I_e": 380.0})
    noise = nest.Create("poisson_generator", params={"rate": 8000.0})
    recorder = nest.Create("spike_recorder")
    nest.Connect(noise, cells, syn_spec={"weight": 20.0, "delay": 1.5})
    rule = {"rule": "fixed_indegree", "indegree": indegree}
    nest.Connect(cells, cells, rule, {"synapse_model": "stdp_synapse", "weight": 1.0, "delay": 1.5})
    nest.Connect(cells[: neurons // 10], recorder)
    nest.Simulate(20.0)
    began = time.perf_counter()
    nest.Simulate(ms)
    print(json.dumps([time.perf_counter() - began, recorder.n_events]))


def run_on_workers(arguments: list[str], *options: str) -> tuple[float, int]:
    """The same in a process of its own, whose kernel is on two workers of one lane each."""
    with ExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="volley-"))

        def start(*command: str) -> subprocess.Popen:
            process = stack.enter_context(
                subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, cwd=folder)
            )
            stack.callback(process.terminate)
            return process

        socket = f"{folder}/socket"
        server = start(SERVER, "--socket", socket, "--workers-listen", "127.0.0.1:0", "--workers-only", *options)
        door = next(line.split()[0] for line in server.stdout if line.startswith(DOOR)).removeprefix(DOOR)
        for _ in range(2):
            start(SERVER, "worker", "--join", door, "--token-file", f"{socket}.workers", "--lanes", "1")
        environment = {**os.environ, "PYNEST_QUIET": "1", "VOLLEY_ADDRESS": f"unix:{socket}"}
        command = [sys.executable, __file__, "--measure", *arguments]
        return tuple(json.loads(subprocess.run(command, capture_output=True, check=True, env=environment).stdout))


def main() -> None:
    """Prints a line a round, and the median of the ratios."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--ms", type=float, default=500.0, help="of biological time")
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--neurons", type=int, default=10_000)
    parser.add_argument("--indegree", type=int, default=800)
    parser.add_argument("--measure", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.measure:
        return measure(options.ms, options.neurons, options.indegree)
    arguments = ["--ms", str(options.ms), "--neurons", str(options.neurons), "--indegree", str(options.indegree)]
    ratios = []
    for _ in range(options.rounds):
        (usual, events), (without, same) = run_on_workers(arguments), run_on_workers(arguments, "--checkpoint", "0")
        assert events == same, "checkpoints change no result"
        ratios.append(usual / without)
        print(f"with checkpoints {usual:.2f} s, without {without:.2f} s, {events} events", flush=True)
    print(f"median of the ratios {statistics.median(ratios):.3f} (bar {BAR})")


if __name__ == "__main__":
    main()
