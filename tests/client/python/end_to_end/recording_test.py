"""Recorders and meters from Python: connections of arrays, files over several runs, nodes as parameters."""

import numpy as np
import pytest

from volley.version import __version__

HEAD = [f"# NEST version: {__version__}", "# RecordingBackendASCII version: 2"]


def fired(nest, times, **recorder):
    """A parrot that spikes a step after `times`, and its recorder."""
    generator, parrot = nest.Create("spike_generator", params={"spike_times": times}), nest.Create("parrot_neuron")
    recorder = nest.Create("spike_recorder", params={"record_to": "ascii", **recorder})
    nest.Connect(generator, parrot, syn_spec={"delay": 0.1})
    nest.Connect(parrot, recorder, syn_spec={"delay": 0.1})
    return recorder


def rows_of(recorder):
    """The lines of the recorder's only file, after its heading is checked."""
    (name,) = recorder.filenames
    lines = open(name).read().splitlines()
    assert lines[:2] == HEAD and lines[2] == "sender\ttime_ms"
    return lines[3:]


def test_ids_that_repeat_are_recorded_over_each_of_their_connections(nest):
    generator, parrots = nest.Create("spike_generator", params={"spike_times": [1.0]}), nest.Create("parrot_neuron", 2)
    recorder = nest.Create("spike_recorder")
    nest.Connect(generator, parrots)
    ids = parrots.tolist()
    sources, targets = np.array([ids[0], ids[1], ids[0]]), np.array(recorder.tolist() * 3)
    nest.Connect(sources, targets, "one_to_one", {"weight": np.array([1.0, 2.0, 3.0]), "delay": np.full(3, 2.0)})
    found = nest.GetConnections(target=recorder)
    assert (found.weight, found.delay, found.port) == ([1.0, 3.0, 2.0], [2.0] * 3, [0, 1, 0])
    found.set([{"weight": 4.0}, {"weight": 5.0}, {"weight": 6.0}])
    assert nest.GetConnections(target=recorder).weight == [4.0, 5.0, 6.0]
    nest.Simulate(5.0)
    assert sorted(recorder.events["senders"].tolist()) == [ids[0], ids[0], ids[1]]


def test_one_call_connects_neurons_and_a_recorder(nest):
    neurons = nest.Create("iaf_psc_alpha", 3)
    recorder, currents = nest.Create("spike_recorder"), nest.Create("dc_generator", params={"amplitude": 700.0})
    nest.Connect(neurons, neurons + recorder)
    nest.Connect(currents + nest.Create("spike_generator"), neurons)
    assert nest.num_connections == 12 + 6
    nest.Simulate(20.0)
    assert recorder.n_events > 0


def test_a_file_goes_on_over_runs(nest):
    for overwrite in (False, True):
        nest.ResetKernel()
        nest.overwrite_files = overwrite
        recorder = fired(nest, [1.0, 11.0, 21.0], label=f"runs{overwrite}")
        nest.Simulate(10.0)
        assert rows_of(recorder) == ["2\t1.100"]
        nest.Create("iaf_psc_alpha", 10)  # the network has more digits now, the file its name
        nest.Simulate(10.0)
        nest.Prepare()
        nest.Run(5.0)
        nest.Run(5.0)
        nest.Cleanup()
        assert rows_of(recorder) == ["2\t1.100", "2\t11.100", "2\t21.100"]
        assert recorder.n_events == 3


def test_a_file_of_another_kernel_is_refused_or_replaced(nest):
    def make():
        other = nest.Create("spike_recorder", params={"record_to": "ascii", "label": f"other{nest.network_size}"})
        return other, fired(nest, [1.0])

    _, recorder = make()
    nest.Simulate(5.0)
    nest.ResetKernel()
    nest.Create("iaf_psc_alpha")
    nest.ResetKernel()
    other, recorder = make()
    other.label = "fresh"
    with pytest.raises(nest.NESTErrors.IOError, match="overwrite_files"):
        nest.Simulate(5.0)
    assert nest.biological_time == 0.0 and not nest.kernel_status["prepared"]
    assert rows_of(recorder) == ["3\t1.100"]  # of the first kernel
    nest.data_prefix = "new_"
    nest.Simulate(5.0)
    assert all("new_" in name for name in other.filenames + recorder.filenames)
    assert rows_of(other) == [] and rows_of(recorder) == ["3\t1.100"]
    nest.set(data_prefix="", overwrite_files=True)
    nest.Simulate(5.0)
    assert rows_of(recorder) == []  # replaced: it was none of this kernel's
    nest.set(data_prefix="new_", overwrite_files=False)
    nest.Simulate(5.0)
    assert rows_of(recorder) == ["3\t1.100"]
    nest.data_prefix = ""


def test_a_weight_recorder_knows_nodes(nest):
    parrots, recorder = nest.Create("parrot_neuron", 3), nest.Create("weight_recorder")
    assert isinstance(recorder.senders, nest.NodeCollection) and len(recorder.senders) == 0
    recorder.set(senders=parrots[1:], targets=[1, 3])
    assert recorder.senders == parrots[1:] and recorder.targets.tolist() == [1, 3]
    for wrong, error in (([1, 99], "UnknownNode"), ([3, 1], "BadProperty"), (["a"], "TypeMismatch")):
        with pytest.raises(getattr(nest.NESTErrors, error)):
            recorder.senders = wrong
    assert recorder.senders == parrots[1:]
    nest.CopyModel("static_synapse", "watched", {"weight_recorder": recorder})
    generator = nest.Create("spike_generator", params={"spike_times": [1.0]})
    nest.Connect(generator, parrots, syn_spec="watched")
    nest.Connect(parrots, parrots, syn_spec="watched")
    nest.Simulate(2.5)
    events = recorder.events
    assert sorted(zip(events["senders"], events["targets"])) == [(2, 1), (2, 3), (3, 1), (3, 3)]


def test_lists_of_quantities_are_for_all_meters(nest):
    meters = nest.Create("multimeter", 3, {"record_from": ["V_m"]})
    assert meters.record_from == (["V_m"],) * 3
    meters.record_from = ["V_m", "I_syn_ex"]
    assert meters.record_from == (["V_m", "I_syn_ex"],) * 3
    neurons = nest.Create("iaf_psc_alpha", 2)
    nest.Connect(meters, neurons)
    nest.Connect(nest.Create("multimeter"), neurons)  # it has nothing to record
    nest.Simulate(3.0)
    assert meters.n_events == (4, 4, 4) and set(meters[0].events) == {"senders", "times", "V_m", "I_syn_ex"}


def spin(nest, times, multiplicities):
    """A parrot that tells states, a millisecond after `times`."""
    generator = nest.Create("spike_generator", params={"spike_times": times, "spike_multiplicities": multiplicities})
    parrot = nest.Create("parrot_neuron")
    nest.Connect(generator, parrot)
    return parrot


def test_detectors_have_arrays(nest):
    first, second = spin(nest, [9.0, 14.0], [2, 1]), spin(nest, [9.3, 12.0], [2, 1])
    pair = nest.Create("correlation_detector")
    matrix = nest.Create("correlomatrix_detector", params={"N_channels": 2, "tau_max": 1.0})
    spins = nest.Create("correlospinmatrix_detector", params={"N_channels": 2})
    assert pair.histogram.tolist() == [] and matrix.covariance.shape == (2, 2, 0)
    for detector in (pair, matrix, spins):
        for receptor, node in enumerate((first, second)):
            nest.Connect(node, detector, syn_spec={"receptor_type": receptor, "weight": 1.0 + receptor})
    nest.Simulate(20.0)
    assert pair.n_events.tolist() == [2, 2] and pair.histogram.sum() == 18.0 and pair.count_histogram.sum() == 4.0
    assert matrix.covariance.shape == matrix.count_covariance.shape == (2, 2, 3)
    assert matrix.covariance[1, 0].tolist() == [0.0, 8.0, 0.0] and matrix.n_events.tolist() == [2, 2]
    counts = spins.get("count_covariance")
    assert counts.shape == (2, 2, 21) and counts[1, 1, 10] == 27.0 and (counts[0] == 0).all()
    assert set(nest.GetConnections(target=matrix).get("receptor")) == {0, 1}
    with pytest.raises(nest.NESTErrors.UnknownReceptorType):
        nest.Connect(first, pair, syn_spec={"receptor_type": 2})
    pair.n_events = [0, 0]
    assert pair.n_events.tolist() == [0, 0]
    for model in ("correlation_detector", "correlomatrix_detector", "correlospinmatrix_detector"):
        defaults, page = nest.GetDefaults(model), nest.help(model, return_text=True)
        assert "events" not in defaults and defaults["element_type"] == "recorder"
        results = [key for key in defaults if key.endswith(("histogram", "covariance"))]
        assert results and all(key in page for key in results)
    assert matrix.to_pandas().N_channels.tolist() == [2]


def test_states_are_recorded(nest):
    node, detector = spin(nest, [2.0, 4.0], [2, 1]), nest.Create("spin_detector")
    nest.Connect(node, detector)
    nest.Simulate(10.0)
    events = detector.events
    assert events["times"].tolist() == [3.0, 5.0] and events["state"].tolist() == [1, 0]
    assert events["state"].dtype == np.int64 and set(events["senders"].tolist()) == set(node.tolist())
    assert detector.to_pandas("events").state.sum() == 1 and detector.n_events == 2
