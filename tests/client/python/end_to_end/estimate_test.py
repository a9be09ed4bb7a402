"""Estimates of what a network takes, against what it takes; and that nothing is built for them."""

import json
import subprocess
import sys
from os import environ

import numpy as np
import pytest

NETWORKS = {  # name: (build, scale, virtual processes)
    "brunel_alpha": (lambda scale: brunel("alpha", scale), 0.3, 2),
    "brunel_alpha_weights": (lambda scale: brunel("alpha", scale, spread=0.1), 0.3, 1),
    "brunel_delta": (lambda scale: brunel("delta", scale), 0.1, 3),
    "hpc": (lambda scale: hpc(scale), 0.2, 2),
    "microcircuit": (lambda scale: microcircuit(scale), 0.1, 1),
    "microcircuit on 3": (lambda scale: microcircuit(scale), 0.1, 3),
}


def brunel(*arguments, **options):
    import brunel_network

    return brunel_network.build(*arguments, **options)


def hpc(scale):
    import hpc_network

    return hpc_network.build(scale)


def microcircuit(scale):
    import microcircuit_network

    return microcircuit_network.build(scale)


@pytest.mark.parametrize("name", NETWORKS)
def test_memory_and_numbers_are_those_of_the_network(nest, name):
    build, scale, vps = NETWORKS[name]

    def make():
        nest.total_num_virtual_procs = vps
        populations = build(scale)
        recorder = nest.Create("spike_recorder")
        nest.Connect(populations[0][:100], recorder, syn_spec={"delay": nest.min_delay})
        nest.Simulate(10.0)

    told = nest.estimate(make)
    assert nest.network_size == 0  # the kernel at hand was left alone
    make()
    status = nest.GetKernelStatus()
    real = status["memory_nodes"] + status["memory_connections"]
    estimated = told["memory_nodes"] + told["memory_connections"]
    print(
        json.dumps(
            {
                "network": name,
                "vps": vps,
                "estimated": estimated,
                "real": real,
                "ratio": estimated / real,
                "nodes": told["memory_nodes"] / status["memory_nodes"],
                "connections": told["memory_connections"] / status["memory_connections"],
            }
        )
    )
    assert estimated == pytest.approx(real, rel=0.2)
    assert told["memory_nodes"] == pytest.approx(status["memory_nodes"], rel=0.25)
    assert told["neurons"] + told["devices"] == status["network_size"]
    assert told["synapses"] == pytest.approx(status["num_connections"] - 100, rel=0.01)
    assert told["virtual_processes"] == vps and told["biological_time"] == 10.0
    assert nest.estimate()["memory_connections"] == told["memory_connections"]  # of the network at hand


def balanced(nest, neurons=1000, ms=100.0):
    cells = nest.Create("iaf_psc_alpha", neurons)
    nest.Connect(cells, cells, {"rule": "fixed_indegree", "indegree": 100}, {"delay": 1.5})
    nest.Simulate(ms)
    return cells


def test_an_estimate_is_a_dictionary_of_plain_numbers(nest):
    from volley import Estimate

    told = nest.estimate(lambda: balanced(nest), rate=5.0)
    assert told.keys() == Estimate.__annotations__.keys()
    assert told["neurons_by_model"] == {"iaf_psc_alpha": 1000} and told["synapses_by_delivery"]["constant"] == 100000
    assert told["rate"] == 5.0 and told["fits"] is True
    assert told["memory_total"] == told["memory_nodes"] + told["memory_connections"] + told["memory_process"]
    assert json.loads(json.dumps(told)) == told


def test_time_grows_with_rate_and_biological_time(nest):
    slow, fast, long = (
        nest.estimate(lambda: balanced(nest, ms=ms), rate) for rate, ms in ((1.0, 100.0), (100.0, 100.0), (1.0, 1000.0))
    )
    assert 0 < slow["time_simulation"] < fast["time_simulation"]
    assert long["time_simulation"] == pytest.approx(10 * slow["time_simulation"])
    assert slow["real_time_factor"] == pytest.approx(slow["time_simulation"] / 0.1)
    assert slow["time_construction"] == fast["time_construction"] > 0


def test_networks_beyond_any_machine_can_be_estimated(nest):
    def make():
        cells = nest.Create("iaf_psc_alpha", 10**9, {"V_m": nest.random.normal(-65.0, 1.0)})
        nest.Connect(
            cells, cells, {"rule": "fixed_indegree", "indegree": 10**4}, {"weight": nest.random.normal(1.0, 0.1)}
        )

    told = nest.estimate(make)
    assert told["synapses"] == 10**13 and told["memory_connections"] > 10**14 and told["fits"] is False


def test_the_kernel_at_hand_stays_as_it_is(nest):
    cells = balanced(nest)
    before = nest.GetKernelStatus(("network_size", "num_connections", "biological_time", "rng_seed"))
    nest.estimate(lambda: (nest.ResetKernel(), setattr(nest, "rng_seed", 5), balanced(nest, 50)))
    with pytest.raises(nest.NESTErrors.UnknownModelName):
        nest.estimate(lambda: nest.Create("nothing"))
    assert nest.GetKernelStatus(("network_size", "num_connections", "biological_time", "rng_seed")) == before
    cells.set(V_m=-65.0)
    nest.Simulate(1.0)


def test_a_script_reads_as_if_it_had_run(nest):
    def script():
        cells = nest.Create("iaf_psc_exp", 20, {"V_th": -52.0})
        cells.V_m = nest.random.uniform(-60.0, -55.0)
        recorder, meter = nest.Create("spike_recorder"), nest.Create("voltmeter")
        nest.Connect(cells, recorder)
        nest.Connect(meter, cells)
        nest.Connect(cells, cells, "one_to_one", {"synapse_model": "stdp_synapse"})
        nest.Simulate(100.0)
        nest.Simulate(50.0)
        assert nest.biological_time == 150.0 and nest.network_size == 22 and nest.num_connections == 60
        assert cells.V_th == (-52.0,) * 20 and cells[3].get("C_m") == 250.0
        assert (
            recorder.n_events == 0
            and len(recorder.events["times"]) == 0
            and isinstance(recorder.events["senders"], np.ndarray)
        )
        assert len(meter.events["V_m"]) == 0
        assert len(nest.GetConnections(cells, cells)) == 0
        with nest.RunManager():
            nest.Run(10.0)
        nest.Disconnect(cells, cells, "one_to_one", "stdp_synapse")

    assert nest.estimate(script)["biological_time"] == 160.0


@pytest.mark.parametrize("arguments, error", [((5,), TypeError), ((len, "fast"), TypeError), ((len, -1.0), ValueError)])
def test_wrong_arguments(nest, arguments, error):
    with pytest.raises(error):
        nest.estimate(*arguments)


def run_dry(script, *options):
    environment = {**environ, "PYTHONPATH": ":".join(sys.path), "PYNEST_QUIET": "1", "VOLLEY_MEMORY_LIMIT": "1M"}
    return subprocess.run(
        [sys.executable, "-m", "volley.dry_run", *options, str(script)], env=environment, capture_output=True, text=True
    )


def test_a_dry_run_of_a_script_prints_what_it_takes(nest, tmp_path):
    script = tmp_path / "script.py"
    script.write_text(
        "import sys, nest\n"
        "if __name__ == '__main__':\n"
        "    n = nest.Create('iaf_psc_alpha', 20000)\n"
        "    nest.Connect(n, n, {'rule': 'fixed_indegree', 'indegree': 1000})\n"
        "    nest.Simulate(500.0)\n"
        "    sys.exit(3)\n"
    )
    done = run_dry(script, "--rate", "4")
    assert done.returncode == 3, done.stderr
    for fragment in ("20,000", "20,000,000 constant", "NOT fit", "500 ms at 4 spikes/s", "MB", "real-time factor"):
        assert fragment in done.stdout
    script.write_text("import nest\nnest.Create('nothing')\n")
    done = run_dry(script)
    assert done.returncode == 1 and "UnknownModelName" in done.stderr
    assert run_dry(tmp_path / "gone.py").returncode == 2
    for rate in ("-1", "nan", "inf", "fast"):
        done = run_dry(script, "--rate", rate)
        assert done.returncode == 2 and "expected spikes/s" in done.stderr, rate


def test_a_path_of_a_script_will_do(nest, tmp_path):
    script = tmp_path / "script.py"
    script.write_text("import nest\nnest.Create('iaf_psc_alpha', 77)\n")
    assert nest.estimate(script)["neurons"] == 77
