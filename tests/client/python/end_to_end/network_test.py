"""Small networks whose spikes and potentials follow from their equations."""

from math import exp

import numpy as np
import pytest


def spikes_of(nest, nodes):
    recorder = nest.Create("spike_recorder")
    nest.Connect(nodes, recorder)
    return recorder


def test_a_driven_neuron_fires_when_its_solution_crosses_the_threshold(nest):
    neuron = nest.Create(
        "iaf_psc_delta", params={"I_e": 500.0}
    )  # V approaches E_L + 20 mV, the threshold lies 15 mV up
    recorder = spikes_of(nest, neuron)
    nest.Simulate(50.0)
    period_ms = 13.9 + 2.0  # 10 ms * ln 4 = 13.86 ms to the threshold, then t_ref
    assert recorder.events["times"] == pytest.approx([13.9 + k * period_ms for k in range(3)])
    assert recorder.events["senders"].tolist() == [1, 1, 1] and recorder.n_events == 3
    assert nest.local_spike_counter == 3 and neuron.t_spike == pytest.approx(13.9 + 2 * period_ms)


def test_spikes_arrive_after_their_delay(nest):
    generator = nest.Create("spike_generator", params={"spike_times": [1.0, 3.0]})
    parrots = nest.Create("parrot_neuron", 2)
    nest.Connect(generator, parrots[:1], syn_spec={"delay": 1.0})
    nest.Connect(parrots[:1], parrots[1:], syn_spec={"delay": 2.5})
    recorder = spikes_of(nest, parrots)
    nest.Simulate(10.0)
    found = sorted(zip(recorder.events["times"].round(6).tolist(), recorder.events["senders"].tolist()))
    assert found == [(2.0, 2), (4.0, 2), (4.5, 3), (6.5, 3)]


def test_a_jump_decays_with_the_membrane(nest):
    generator = nest.Create("spike_generator", params={"spike_times": [1.0]})
    neuron = nest.Create("iaf_psc_delta")
    meter = nest.Create("voltmeter", params={"interval": 0.1})
    nest.Connect(generator, neuron, syn_spec={"weight": 4.0})
    nest.Connect(meter, neuron)
    nest.Simulate(20.0)
    times, potentials = meter.events["times"], meter.events["V_m"]
    expected = np.where(times < 1.95, -70.0, -70.0 + 4.0 * np.exp(-(times - 2.0) / 10.0))
    assert potentials == pytest.approx(expected, abs=1e-12)
    assert neuron.V_m == pytest.approx(-70.0 + 4.0 * exp(-1.8), abs=1e-12)


def test_samples_of_the_last_interval_come_with_the_next_run(nest):
    neuron, meter = nest.Create("iaf_psc_alpha"), nest.Create(
        "multimeter", params={"interval": 0.1, "record_from": ["V_m"]}
    )
    nest.Connect(meter, neuron)
    nest.Simulate(15.0)
    assert meter.n_events == 140
    nest.Simulate(1.0)
    assert meter.n_events == 150 and meter.events["times"][0] == pytest.approx(0.1)
    meter.n_events = 0
    assert meter.n_events == 0 and len(meter.events["times"]) == 0


def test_pieces_of_a_run_equal_the_whole(nest):
    def run(pieces):
        nest.ResetKernel()
        noise = nest.Create("poisson_generator", params={"rate": 8000.0})
        neurons = nest.Create("iaf_psc_alpha", 5)
        nest.Connect(noise, neurons, syn_spec={"weight": 100.0})
        nest.Connect(neurons, neurons, {"rule": "fixed_indegree", "indegree": 2}, {"weight": 50.0, "delay": 1.5})
        recorder = spikes_of(nest, neurons)
        if len(pieces) == 1:
            nest.Simulate(pieces[0])
        else:
            with nest.RunManager():
                for piece in pieces:
                    nest.Run(piece)
        return sorted(zip(recorder.events["times"].tolist(), recorder.events["senders"].tolist()))

    whole = run([100.0])
    assert len(whole) > 10 and run([33.3, 0.1, 66.6]) == whole


@pytest.mark.parametrize("vps", [2, 3, 7])
def test_results_do_not_depend_on_the_virtual_processes(nest, vps):
    def run(count):
        nest.ResetKernel()
        nest.total_num_virtual_procs = count
        nest.rng_seed = 7
        neurons = nest.Create("iaf_psc_exp", 30, {"V_m": nest.random.uniform(-70.0, -55.0)})
        noise = nest.Create("poisson_generator", params={"rate": 5000.0})
        nest.Connect(noise, neurons, syn_spec={"weight": 80.0})
        drawn = {"weight": nest.random.uniform(10.0, 60.0), "delay": nest.random.uniform(1.0, 3.0)}
        synapse = {"synapse_model": "stdp_synapse", **drawn}
        nest.Connect(neurons, neurons, {"rule": "pairwise_bernoulli", "p": 0.2}, synapse)
        recorder = spikes_of(nest, neurons)
        nest.Simulate(200.0)
        spikes = sorted(zip(recorder.events["times"].tolist(), recorder.events["senders"].tolist()))
        plastic = nest.GetConnections(synapse_model="stdp_synapse")
        return spikes, sorted(zip(plastic.sources(), plastic.targets(), plastic.weight)), neurons.V_m

    assert run(1) == run(vps)


def test_defaults_and_copies_shape_what_is_made_later(nest):
    nest.SetDefaults("iaf_psc_alpha", {"C_m": 100.0})
    nest.CopyModel("iaf_psc_alpha", "mine", {"t_ref": 5.0})
    nest.CopyModel("static_synapse", "strong", {"weight": 7.0, "delay": 2.0})
    neurons = nest.Create("mine", 2)
    nest.Connect(neurons, neurons, "one_to_one", "strong")
    assert neurons.C_m == (100.0, 100.0) and neurons.t_ref == (5.0, 5.0)
    assert nest.GetConnections().get(["weight", "delay", "synapse_model"]) == {
        "weight": [7.0, 7.0],
        "delay": [2.0, 2.0],
        "synapse_model": ["strong", "strong"],
    }
    assert "mine" in nest.node_models and "strong" in nest.synapse_models
    nest.ResetKernel()
    assert "mine" not in nest.node_models and nest.GetDefaults("iaf_psc_alpha", "C_m") == 250.0


def test_recorders_write_files(nest, tmp_path):
    generator = nest.Create("spike_generator", params={"spike_times": [1.0, 2.0]})
    recorder = nest.Create("spike_recorder", params={"record_to": "ascii", "label": "mine"})
    parrot = nest.Create("parrot_neuron")
    nest.Connect(generator, parrot)
    nest.Connect(parrot, recorder)
    nest.Simulate(5.0)
    (name,) = recorder.filenames
    lines = open(tmp_path / name if not name.startswith("/") else name).read().splitlines()
    assert lines[2] == "sender\ttime_ms" and lines[3:] == ["3\t2.000", "3\t3.000"]
