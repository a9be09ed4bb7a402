"""The forms in which values of nodes are given: for all, one a node, lists of parameters that are lists themselves."""

import numpy as np
import pytest


@pytest.fixture
def three(nest):
    return nest.Create("iaf_psc_alpha", 3)


@pytest.mark.parametrize(
    "names",
    [
        ["V_m", "I_syn_ex"],
        ("V_m", "I_syn_ex"),
        np.array(["V_m", "I_syn_ex"]),
        [np.str_("V_m"), "I_syn_ex"],
        np.array(["V_m", "I_syn_ex"], object),
    ],
)
@pytest.mark.parametrize("n", [1, 2, 3])
def test_a_parameter_that_is_a_list_takes_a_list_for_all(nest, names, n):
    meters = nest.Create("multimeter", n, {"record_from": names, "interval": 0.5})
    assert [meter.record_from for meter in meters] == [["V_m", "I_syn_ex"]] * n
    meters.set(record_from=names[:1])
    meters.set({"record_from": names, "interval": [0.1] * n})
    assert [meter.record_from for meter in meters] == [["V_m", "I_syn_ex"]] * n and meters[0].interval == 0.1


@pytest.mark.parametrize(
    "trains", [[[1.0], [2.0, 3.0]], [np.array([1.0]), [2.0, 3.0]], ([1.0], (2, 3)), [[1], [2.0, 3]]]
)
def test_lists_of_lists_give_each_node_its_own(nest, trains):
    generators = nest.Create("spike_generator", 2, {"spike_times": trains, "start": [0.5, 0.0]})
    assert [train.tolist() for train in generators.spike_times] == [[1.0], [2.0, 3.0]]
    assert generators.start == (0.5, 0.0)
    generators.set(spike_times=np.array([[4.0, 5.0], [6.0, 7.0]]), allow_offgrid_times=[True, False])
    assert [train.tolist() for train in generators.spike_times] == [[4.0, 5.0], [6.0, 7.0]]
    assert generators.allow_offgrid_times == (True, False)
    generators.set({"spike_times": [[], [8.0]]})
    assert [len(train) for train in generators.spike_times] == [0, 1]


@pytest.mark.parametrize("values", [{"V_m": [1.0, 2.0]}, {"V_m": np.zeros(4)}, {"frozen": []}])
def test_lists_have_a_value_for_each_node(nest, three, values):
    error = ValueError if len(next(iter(values.values()))) > 3 else IndexError
    for call in (lambda: nest.Create("iaf_psc_alpha", 3, values), lambda: three.set(values)):
        with pytest.raises(error, match="3 nodes"):
            call()
    with pytest.raises(error):
        nest.Create("poisson_generator", 3, {"rate": next(iter(values.values()))})
    assert nest.network_size == 3 and three.V_m == (-70.0,) * 3


@pytest.mark.parametrize(
    "truths", [[True, False, True], [np.True_, np.False_, np.True_], np.array([True, False, True])]
)
def test_truth_values_of_every_kind(nest, three, truths):
    three.frozen = truths
    assert three.frozen == (True, False, True)
    generators = nest.Create("spike_generator", 3, {"allow_offgrid_times": truths})
    assert generators.allow_offgrid_times == (True, False, True)


def test_texts_of_every_kind(nest):
    recorders = nest.Create("spike_recorder", 2, {"label": np.array(["a", "b"]), "record_to": np.str_("ascii")})
    assert recorders.label == ("a", "b") and recorders.record_to == ("ascii", "ascii")
    recorders.label = np.str_("c")
    assert recorders.label == ("c", "c") and recorders[0].get(np.str_("label")) == "c"
    recorders.set([{"label": "d"}, {}])
    assert recorders.label == ("d", "c")
    assert nest.Create(np.str_("iaf_psc_alpha")).get(np.array(["V_m", "C_m"])) == {"V_m": -70.0, "C_m": 250.0}


def test_dictionaries_of_single_nodes_change_what_they_name(nest, three):
    three.set([{"V_m": -60.0}, {"tau_m": 5.0, "C_m": 99.0}, {}])
    assert three.V_m == (-60.0, -70.0, -70.0) and three.tau_m == (10.0, 5.0, 10.0) and three.C_m == (250.0, 99.0, 250.0)
    three.set([{}, {}, {}])
    three[:2].set([{"E_L": -65.0}, {"V_th": -50.0}])  # what is stored relative to E_L stays where it was
    assert three.E_L == (-65.0, -70.0, -70.0) and three.V_th == (-55.0, -50.0, -55.0)
    assert three.V_m == (-60.0, -70.0, -70.0)
    made = nest.Create("iaf_psc_alpha", 2, [{"V_m": -61.0}, {"tau_m": 6.0, "frozen": True}])
    assert made.V_m == (-61.0, -70.0) and made.tau_m == (10.0, 6.0) and made.frozen == (False, True)


def test_dictionaries_of_single_devices_change_what_they_name(nest):
    made = nest.Create("spike_generator", 3, [{"spike_times": [1.0, 2.0]}, {"start": 3.0}, {}])
    assert [len(train) for train in made.spike_times] == [2, 0, 0] and made.start == (0.0, 3.0, 0.0)
    mixed = made[:2] + nest.Create("iaf_psc_alpha", 2)
    mixed.set([{"spike_times": [5.0]}, {"stop": 9.0}, {"C_m": 200.0}, {}])
    assert mixed[0].spike_times.tolist() == [5.0] and mixed[1].stop == 9.0 and mixed[2:].C_m == (200.0, 250.0)


@pytest.mark.parametrize(
    "bad, kind",
    [
        ([{"V_m": -60.0}, {"tau_m": -1.0}, {}], "BadProperty"),
        ([{"V_m": -60.0}, {"nothing": 1.0}, {}], "UnaccessedDictionaryEntry"),
        ([{"V_m": -60.0}, {"C_m": "a"}, {}], "TypeMismatch"),
        ([{"V_m": -60.0}, {}, {"tau_m": [1.0]}], "TypeMismatch"),
    ],
)
def test_one_bad_dictionary_changes_no_node(nest, three, bad, kind):
    for call in (lambda: three.set(bad), lambda: nest.Create("iaf_psc_alpha", 3, bad)):
        with pytest.raises(getattr(nest.NESTErrors, kind)):
            call()
    assert three.V_m == (-70.0,) * 3 and nest.network_size == 3


def test_parameters_in_lists_are_drawn_for_their_node(nest, three):
    drawn = nest.random.uniform(1.0, 2.0)
    three.set([{"V_m": drawn}, {"V_m": drawn, "C_m": drawn}, {"V_m": 7.0}])
    first, second, third = three.V_m
    assert 1.0 <= first < 2.0 and 1.0 <= second < 2.0 and first != second and third == 7.0
    assert 1.0 <= three[1].C_m < 2.0 and three[0].C_m == 250.0
    three.V_m = [drawn, -5, drawn]
    assert three.V_m[1] == -5.0 and three.V_m[0] != three.V_m[2] and 1.0 <= three.V_m[2] < 2.0
    rates = nest.Create("poisson_generator", 3, [{"rate": drawn}, {}, {"rate": drawn}]).rate
    assert rates[1] == 0.0 and rates[0] != rates[2]
    nest.rng_seed = 7
    for_all = nest.Create("iaf_psc_alpha", 3, {"V_m": drawn}).V_m
    nest.rng_seed = 7
    assert three.V_m != for_all
    nest.ResetKernel()
    nest.Create("iaf_psc_alpha", 6)  # draws belong to ids
    nest.rng_seed = 7
    assert nest.Create("iaf_psc_alpha", 3, [{"V_m": drawn}] * 3).V_m == for_all


def test_a_parameter_for_a_list_is_refused(nest):
    with pytest.raises(nest.NESTErrors.TypeMismatch):
        nest.Create("spike_generator", 2, {"spike_times": nest.random.uniform(1.0, 2.0)})


def test_values_that_no_kernel_takes_are_told_and_it_goes_on(nest, three):
    ring = []
    ring.append(ring)
    with pytest.raises(ValueError, match="nested too deeply"):
        three.V_m = ring
    deep, nested = [], {}
    for _ in range(100):
        deep, nested = [deep], {"a": nested}
    for values in ({"V_m": deep}, {"V_m": nested}, {f"key {i}": 1.0 for i in range(2000)}):
        for call in (three.set, lambda values: nest.Create("iaf_psc_alpha", params=values), nest.GetNodes):
            with pytest.raises(ValueError):
                call(values)
    assert three.V_m == (-70.0,) * 3 and nest.network_size == 3


def test_a_label_may_be_a_path(nest, tmp_path):
    (tmp_path / "sub").mkdir()
    neuron = nest.Create("iaf_psc_alpha", params={"I_e": 500.0})
    recorder = nest.Create("spike_recorder", params={"record_to": "ascii"})
    nest.Connect(neuron, recorder)
    recorder.label = "sub/spikes"
    nest.Simulate(50.0)
    (name,) = recorder.filenames
    assert name == f"{tmp_path}/sub/spikes-2-0.dat" and len(open(name).readlines()) == 3 + recorder.n_events
    recorder.label = "nowhere/spikes"
    with pytest.raises(nest.NESTErrors.IOError):
        nest.Simulate(1.0)
    recorder.label = "spikes"
    nest.Simulate(1.0)


def test_properties_that_some_nodes_lack(nest, three):
    generators = nest.Create("poisson_generator", 2, {"rate": 5.0})
    assert nest.GetNodes({"rate": 5.0}) == generators and nest.GetNodes({"C_m": 250.0}) == three
    assert len(nest.GetNodes({"nothing": 1.0})) == 0 and len(nest.GetNodes({"C_m": 250.0, "rate": 5.0})) == 0
    meters = nest.Create("multimeter", 2, [{"record_from": ["V_m"]}, {}])
    assert nest.GetNodes({"record_from": ["V_m"]}) == meters[0]


def test_neighbours_of_one_model_are_one_range(nest, three, capsys):
    more = nest.Create("iaf_psc_alpha", 8)
    nest.Create("parrot_neuron")
    assert repr(three + more) == "NodeCollection(metadata=None, model=iaf_psc_alpha, size=11, first=1, last=11)"
    second = repr((three + more)[::2]).splitlines()[1]
    assert second.strip() == "model=iaf_psc_alpha, size=6, first=1, last=11, step=2;)"
    nest.PrintNodes()
    assert capsys.readouterr().out == " 1 .. 11 iaf_psc_alpha\n12       parrot_neuron\n"


def test_defaults_take_single_values(nest):
    drawn = nest.random.uniform()
    for model, values in (
        ("iaf_psc_alpha", {"C_m": [1.0]}),
        ("iaf_psc_alpha", {"C_m": drawn}),
        ("poisson_generator", {"rate": [1.0]}),
        ("static_synapse", {"weight": [1.0]}),
        ("static_synapse", {"weight": drawn}),
    ):
        with pytest.raises(ValueError):
            nest.SetDefaults(model, values)
        with pytest.raises(nest.NESTErrors.TypeMismatch):
            nest.CopyModel(model, "copy", values)
    for model in ("iaf_psc_alpha", "poisson_generator", "static_synapse"):
        with pytest.raises(KeyError):
            nest.SetDefaults(model, {"nothing": [1.0]})
        with pytest.raises(nest.NESTErrors.UnaccessedDictionaryEntry):
            nest.CopyModel(model, "copy", {"nothing": [1.0]})
    nest.SetDefaults("multimeter", {"record_from": ["V_m"]})
    assert nest.Create("multimeter", 2)[1].record_from == ["V_m"]
