"""Structural plasticity in a real kernel: synaptic elements, what they connect, and when."""

import pytest
import volley

SYNAPSE = {"synapse_model": "static_synapse", "pre_synaptic_element": "Axon", "post_synaptic_element": "Den"}


def elements(z, growth_rate=0.0):
    return {name: {"z": z, "growth_rate": growth_rate} for name in ("Axon", "Den")}


def connected(nodes, name):
    return [one[name]["z_connected"] for one in nodes.get("synaptic_elements")]


@pytest.fixture
def neurons(nest):
    """Five, each with four elements of both kinds, which an update connects."""
    nest.structural_plasticity_synapses = {"grown": SYNAPSE}
    return nest.Create("iaf_psc_alpha", 5, {"synaptic_elements": elements(4.0)})


def test_vacant_elements_are_connected(nest, neurons):
    nest.Simulate(1.0)
    assert nest.num_connections == 0
    nest.EnableStructuralPlasticity()
    nest.Simulate(1.0)
    assert nest.num_connections == 0, "the first update was due at 0"
    nest.structural_plasticity_update_interval = 2.0
    nest.Simulate(1.0)
    assert nest.num_connections == 20
    assert connected(neurons, "Axon") == connected(neurons, "Den") == [4] * 5
    assert len(nest.GetConnections(neurons[0])) == 4


def test_connections_go_with_their_elements(nest, neurons):
    nest.EnableStructuralPlasticity()
    nest.structural_plasticity_update_interval = 1.0
    nest.Simulate(1.0)
    neurons.synaptic_elements_param = {"Axon": {"z": 1.5}}
    nest.Simulate(1.0)
    assert nest.num_connections == 5 == sum(connected(neurons, "Den")) and connected(neurons, "Axon") == [1] * 5
    nest.DisableStructuralPlasticity()
    neurons.synaptic_elements_param = {"Axon": {"z": 0.0}}
    nest.Simulate(5.0)
    assert nest.num_connections == 5


def test_connections_of_users_occupy_elements(nest, neurons):
    nest.Connect(neurons[:2], neurons[2:4], "one_to_one", SYNAPSE)
    assert connected(neurons, "Axon") == [1, 1, 0, 0, 0] and connected(neurons, "Den") == [0, 0, 1, 1, 0]
    nest.Disconnect(nest.GetConnections(neurons[0]))
    nest.Disconnect(neurons[1], neurons[3], "one_to_one", SYNAPSE)
    assert connected(neurons, "Axon") == connected(neurons, "Den") == [0] * 5


@pytest.mark.parametrize("threads", [1, 2, 3])
@pytest.mark.parametrize(
    "rule",
    [
        {"rule": "fixed_indegree", "indegree": 3},
        {"rule": "fixed_outdegree", "outdegree": 3},
        {"rule": "fixed_total_number", "N": 11},
        {"rule": "pairwise_bernoulli", "p": 0.5},
        {"rule": "pairwise_poisson", "pairwise_avg_num_conns": 1.5},
        {"rule": "symmetric_pairwise_bernoulli", "p": 0.6, "allow_autapses": False, "make_symmetric": True},
        {"rule": "one_to_one", "make_symmetric": True},
    ],
    ids=lambda rule: rule["rule"],
)
def test_connections_that_are_drawn_occupy_elements(nest, rule, threads):
    import volley

    nest.local_num_threads = threads
    neurons = nest.Create("iaf_psc_alpha", 5, {"synaptic_elements": elements(4.0)})
    with pytest.raises(nest.NESTErrors.NotImplemented, match="structural_plasticity_rules=True"):
        nest.Connect(neurons, neurons, rule, SYNAPSE)
    volley.allow(structural_plasticity_rules=True)
    try:
        nest.Connect(neurons, neurons, rule, SYNAPSE)
    finally:
        volley.allow(structural_plasticity_rules=False)
    found = nest.GetConnections()
    for name, ends in (("Axon", list(found.sources())), ("Den", list(found.targets()))):
        assert connected(neurons, name) == [ends.count(node) for node in neurons.tolist()]
    assert len(found) > 0


def test_elements_grow(nest):
    curves = {
        "linear": {"growth_rate": 0.01},
        "gaussian": {"growth_rate": 0.01, "eta": -0.5, "eps": 0.5},
        "sigmoid": {"growth_rate": 0.01, "eps": 0.0},
    }
    assert list(nest.growth_curves) == sorted(curves)
    given = {name: {"growth_curve": name, "z": 1.0, **curve} for name, curve in curves.items()}
    neuron = nest.Create("iaf_psc_alpha", params={"synaptic_elements": given})
    nest.Simulate(100.0)
    grown = {name: one["z"] for name, one in neuron.synaptic_elements.items()}
    assert grown == pytest.approx({"linear": 2.0, "gaussian": 2.0, "sigmoid": 1.0}), "without calcium"
    keys = "growth_curve growth_rate tau_vacant continuous z z_vacant z_connected eps".split()
    assert set(neuron.synaptic_elements["linear"]) == set(keys)
    assert set(neuron.synaptic_elements["sigmoid"]) == {*keys, "psi"}


def test_the_table_is_read_back(nest, neurons):
    told = {**SYNAPSE, "allow_autapses": True, "allow_multapses": True}
    assert nest.structural_plasticity_synapses == {"grown": told}
    nest.structural_plasticity_synapses = {"other": {**SYNAPSE, "weight": 2.0, "allow_multapses": False}}
    assert nest.structural_plasticity_synapses == {"other": {**told, "weight": 2.0, "allow_multapses": False}}
    assert nest.structural_plasticity_update_interval == 10000.0
    nest.ResetKernel()
    assert nest.structural_plasticity_synapses == {}


@pytest.mark.parametrize("key", ["pre_synaptic_element", "post_synaptic_element"])
def test_synapses_need_both_elements(nest, neurons, key):
    with pytest.raises(nest.NESTErrors.BadProperty, match=key):
        nest.structural_plasticity_synapses = {"bad": {k: v for k, v in SYNAPSE.items() if k != key}}
    assert list(nest.structural_plasticity_synapses) == ["grown"]


def test_other_delays_need_fixed_extrema(nest, neurons):
    slow = {"slow": {**SYNAPSE, "delay": 3.0}}
    with pytest.raises(nest.NESTErrors.BadProperty, match="delay"):
        nest.structural_plasticity_synapses = slow
    nest.set(min_delay=1.0, max_delay=3.0)
    nest.structural_plasticity_synapses = slow
    assert nest.structural_plasticity_synapses["slow"]["delay"] == 3.0


def test_what_it_cannot_be_used_with(nest):
    before = {"local_num_threads": 1, "keep_source_table": True, "use_compressed_spikes": True}
    for key, value in {"local_num_threads": 2, "keep_source_table": False, "use_compressed_spikes": False}.items():
        nest.ResetKernel()
        nest.set(**{key: value})
        with pytest.raises(nest.NESTErrors.KernelException, match=key):
            nest.EnableStructuralPlasticity()
        nest.set(**before)
        nest.EnableStructuralPlasticity()
        with pytest.raises(nest.NESTErrors.KernelException, match=key):
            nest.set(**{key: value})
        assert nest.get(key) == before[key]


def test_several_virtual_processes_can_be_allowed(nest):
    def sources(threads):
        nest.ResetKernel()
        nest.local_num_threads = threads
        nest.EnableStructuralPlasticity()
        nest.structural_plasticity_synapses = {"grown": SYNAPSE}
        nest.Create("iaf_psc_alpha", 20, {"synaptic_elements": elements(3.0)})
        nest.Simulate(1.0)
        found = nest.GetConnections()
        return sorted(zip(found.sources(), found.targets()))

    volley.allow(structural_plasticity_threads=True)
    try:
        assert sources(1) == sources(3) and len(sources(2)) == 60
    finally:
        nest.ResetKernel()
        volley.allow(structural_plasticity_threads=False)


@pytest.mark.parametrize(
    "key, value, error, word",
    [
        ("synaptic_elements", {"Axon": {"growth_curve": "cubic"}}, "BadProperty", "gaussian"),
        ("synaptic_elements", {"Axon": {"tau_vacant": 0.0}}, "BadProperty", "tau_vacant"),
        ("synaptic_elements", {"Axon": {"z": -1.0}}, "BadProperty", "z"),
        ("synaptic_elements", {"Axon": {"psi": 0.1}}, "UnaccessedDictionaryEntry", "linear"),
        ("synaptic_elements", {"Axon": {"z_connected": 1}}, "UnaccessedDictionaryEntry", "z_connected"),
        ("synaptic_elements", {"Axon": 1.0}, "TypeMismatch", "dict"),
        ("synaptic_elements_param", {"Axn": {"z": 1.0}}, "UnaccessedDictionaryEntry", "Axon"),
    ],
)
def test_refused_elements_change_nothing(nest, neurons, key, value, error, word):
    before = neurons.get("synaptic_elements")
    with pytest.raises(getattr(nest.NESTErrors, error), match=word):
        neurons[1:].set({key: value})
    assert neurons.get("synaptic_elements") == before


@pytest.mark.parametrize("interval", [0.0, -1.0, 0.05, 0.25])
def test_updates_come_at_whole_steps(nest, interval):
    with pytest.raises(nest.NESTErrors.BadProperty, match="structural_plasticity_update_interval"):
        nest.structural_plasticity_update_interval = interval
    assert nest.structural_plasticity_update_interval == 10000.0
