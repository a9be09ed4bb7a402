"""Parameters of nodes, random values, and the kernel's status in a real kernel."""

import numpy as np
import pytest


def test_values_of_nodes(nest):
    nodes = nest.Create("iaf_psc_alpha", 3, {"V_m": [-60.0, -61.0, -62.0], "C_m": 100})
    assert nodes.V_m == (-60.0, -61.0, -62.0) and nodes.C_m == (100.0,) * 3 and nodes.global_id == (1, 2, 3)
    nodes[1].set(V_m=-50.0, I_e=3.0)
    assert nodes.get(["V_m", "I_e"]) == {"V_m": (-60.0, -50.0, -62.0), "I_e": (0.0, 3.0, 0.0)}
    assert nodes[0].model == "iaf_psc_alpha" and nodes[0].element_type == "neuron" and nodes.local == (True,) * 3
    mixed = nodes + nest.Create("poisson_generator")
    assert mixed.rate == (None, None, None, 0.0)


def test_lists_of_nodes(nest):
    nodes = nest.Create("iaf_psc_exp_multisynapse", 3, {"tau_syn": [2.0, 3.0]})
    nodes.tau_syn = [[1.0], [2.0, 3.0, 4.0], [5.0]]
    assert [list(one) for one in nodes.tau_syn] == [[1.0], [2.0, 3.0, 4.0], [5.0]] and nodes.n_synapses == (1, 3, 1)
    nodes[2].tau_syn = np.array([6, 7])
    assert list(nodes[2].tau_syn) == [6.0, 7.0] and nodes[2].recordables == ["I_syn", "I_syn_1", "I_syn_2", "V_m"]
    nest.SetDefaults("glif_psc", {"tau_syn": [1.0, 2.0, 3.0]})
    assert list(nest.Create("glif_psc").tau_syn) == [1.0, 2.0, 3.0]
    with pytest.raises(nest.NESTErrors.BadProperty, match="node 2.*tau_syn.1. = -1"):
        nodes[:2].tau_syn = [[1.0], [2.0, -1.0]]
    with pytest.raises(nest.NESTErrors.TypeMismatch):
        nodes.tau_syn = 2.0


def test_compartments_of_nodes(nest):
    nodes = nest.Create("iaf_cond_alpha_mc", 2, {"soma": {"V_m": -65.0}, "distal": {"I_e": 100.0}})
    nodes.set([{"soma": {"C_m": 100.0}}, {"proximal": {"V_m": -61.0}}])
    assert [one["C_m"] for one in nodes.soma] == [100.0, 150.0] and nodes[1].soma["V_m"] == -65.0
    assert [one["V_m"] for one in nodes.proximal] == [-70.0, -61.0] and nodes[0].distal["I_e"] == 100.0
    assert nodes[0].receptor_types["soma_exc"] == 1 and "V_m.s" in nodes[0].recordables
    nest.CopyModel("iaf_cond_alpha_mc", "tall", {"distal": {"g_L": 3.0}})
    assert nest.GetDefaults("tall", "distal")["g_L"] == 3.0 and nest.Create("tall").distal["E_L"] == -70.0
    meter = nest.Create("multimeter", params={"record_from": ["V_m.d", "g_ex.s"]})
    nest.Connect(meter, nodes)
    nest.Simulate(5.0)
    assert len(meter.events["V_m.d"]) == 8
    with pytest.raises(nest.NESTErrors.UnaccessedDictionaryEntry, match="did you mean 'C_m'"):
        nodes.soma = {"C_M": 1.0}
    with pytest.raises(nest.NESTErrors.TypeMismatch):
        nodes.soma = 1.0


def test_many_values_are_spread(nest):
    values = np.linspace(-70.0, -60.0, 20_000)
    assert nest.Create("iaf_psc_alpha", 20_000, {"V_m": values}).V_m == tuple(values.tolist())


def test_events_are_columns(nest):
    recorder = nest.Create("spike_recorder")
    events = recorder.events
    assert events["times"].dtype == float and events["senders"].dtype == np.int64 and len(events["times"]) == 0
    assert recorder.get("events", "times").size == 0


def test_get_nodes(nest):
    neurons, other = nest.Create("iaf_psc_alpha", 3), nest.Create("iaf_psc_exp", 2)
    neurons[1].C_m = 5.0
    assert nest.GetNodes({"model": "iaf_psc_exp"}) == other and nest.GetNodes({"C_m": 5.0}) == neurons[1]
    assert len(nest.GetNodes({"C_m": 5})) == 0  # another type
    assert nest.GetNodes() == neurons + other
    assert repr(neurons + other).splitlines()[2].strip() == "model=iaf_psc_exp, size=2, first=4, last=5;)"


def test_setting_the_seed_again_repeats_all_draws(nest):
    def draws():
        nest.rng_seed = 5
        x = nest.random.uniform()
        nodes = nest.Create("iaf_psc_alpha", 3, {"V_m": nest.random.normal(-60.0, 1.0)})
        return x.GetValue(), x.GetValue(), (x - x).GetValue(), x.apply(nodes), nodes.V_m

    first = draws()
    nest.ResetKernel()
    assert draws() == first and first[0] != first[1] and first[2] != 0.0
    assert len(set(first[3])) == 3 and len(set(first[4])) == 3


@pytest.mark.parametrize(
    "make, low, high",
    [
        (lambda n: n.random.uniform(2.0, 3.0), 2.0, 3.0),
        (lambda n: n.random.uniform_int(4), 0, 3),
        (lambda n: n.math.redraw(n.random.normal(), -0.5, 0.5), -0.5, 0.5),
        (lambda n: n.math.exp(n.CreateParameter("constant", {"value": 0})), 1, 1),
        (lambda n: n.math.max(n.random.uniform(), 0.5), 0.5, 1.0),
        (lambda n: n.logic.conditional(n.random.uniform() < 0.5, 1.0, 2.0), 1.0, 2.0),
        (lambda n: n.random.exponential(0.1) ** 2 / 2 + 1, 1.0, 100.0),
    ],
)
def test_expressions_stay_in_their_range(nest, make, low, high):
    values = make(nest).apply(nest.Create("iaf_psc_alpha", 200))
    assert low <= min(values) and max(values) <= high


def test_spatial_leaves_are_refused_outside_spatial_networks(nest):
    with pytest.raises(nest.NESTErrors.BadParameterValue):
        nest.CreateParameter("distance", {}).GetValue()
    with pytest.raises(nest.NESTError):
        nest.CreateParameter("position", {"dimension": 0}).GetValue()


def test_status(nest):
    assert nest.resolution == 0.1 and nest.biological_time == 0.0 and nest.network_size == 0
    nest.resolution = 0.05
    assert (nest.min_delay, nest.max_delay, nest.tics_per_step) == (0.05, 0.05, 50)
    nest.set(min_delay=0.5, max_delay=1.0)
    assert nest.get("min_delay", "max_delay") == (0.5, 1.0)
    nest.ResetKernel()
    assert nest.resolution == 0.1 and nest.min_delay == 0.1


def test_every_name_of_the_module_can_be_read(nest):
    assert {"resolution", "kernel_status", "Create"} <= {*nest.__all__} <= {*dir(nest)}
    for name in dir(nest):  # as `from nest import *`, help(nest) and inspect do
        getattr(nest, name)


def test_defaults_that_are_times_follow_the_resolution(nest):
    nest.resolution = 10.0
    assert nest.GetDefaults("voltmeter", "interval") == nest.GetDefaults("static_synapse", "delay") == 10.0
    assert nest.GetDefaults("noise_generator", "dt") == 100.0
    neuron, meter, noise = (nest.Create(model) for model in ("iaf_psc_alpha", "voltmeter", "noise_generator"))
    nest.Connect(meter, neuron)
    nest.Connect(noise, neuron)
    nest.Simulate(100.0)
    assert meter.events["times"].tolist() == [10.0 * i for i in range(1, 10)]


def test_extrema_of_delays_survive_a_change_of_resolution(nest):
    nest.set(min_delay=2.1, max_delay=12.3)
    nest.resolution = 1.0
    assert (nest.min_delay, nest.max_delay) == (2.0, 13.0)


def test_defaults_of_attributes_are_the_kernels(nest):
    nest.data_path = ""
    for name, attribute in vars(type(nest)).items():
        default = getattr(attribute, "_default", None)
        if default is not None and name != "verbosity":
            assert getattr(nest, name) == (pytest.approx(default) if name.startswith("T_") else default), name
