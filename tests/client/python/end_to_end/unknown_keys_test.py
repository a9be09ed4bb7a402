"""Keys that nobody knows: errors, or, where dict_miss_is_error is False, warnings beside which the other keys count."""

import pytest


@pytest.fixture
def lenient(nest, capfd):
    nest.dict_miss_is_error = False
    capfd.readouterr()
    return nest


@pytest.fixture
def warned(capfd):
    """Asserts that the calls since the last time warned of these keys, and of nothing else."""

    def check(*keys):
        said = capfd.readouterr()
        lines = [line for line in said.err.splitlines() if line]
        assert len(lines) == len(keys) and said.out == "", said
        assert all(line.startswith("[WARNING]") and f"'{key}'" in line for line, key in zip(lines, keys)), said

    return check


def test_create_and_set(lenient, warned):
    nest = lenient
    neurons = nest.Create("iaf_psc_alpha", 2, {"nope": 1.0, "V_m": -61.0, "nap": [1.0]})
    assert neurons.V_m == (-61.0, -61.0)
    warned("nope", "nap")
    generators = nest.Create("spike_generator", 50, {"nope": 1.0, "start": 2.0})
    assert generators[49].start == 2.0
    warned("nope")  # once, not for each node
    neurons.set([{"nope": 1.0, "V_m": -63.0}, {"V_m": -64.0}])
    assert neurons.V_m == (-63.0, -64.0)
    warned("nope")
    neurons.set({"nope": [1.0, 2.0, 3.0], "V_m": [-65.0, -66.0], "global_id": 7})
    assert neurons.V_m == (-65.0, -66.0) and neurons.global_id == (1, 2)
    warned("global_id", "nope")
    neurons.nope = 5.0
    neurons.set(nope=[nest.random.uniform()], V_m=nest.random.uniform())
    assert 0.0 <= neurons.V_m[0] < 1.0
    warned("nope", "nope")


def test_nodes_of_several_models_take_what_they_know(lenient, warned):
    nest = lenient
    mixed = nest.Create("iaf_psc_alpha", 2) + nest.Create("parrot_neuron") + nest.Create("poisson_generator")
    mixed.set(V_m=-50.0, rate=3.0)
    assert mixed.V_m == (-50.0, -50.0, None, None) and mixed.rate == (None, None, None, 3.0)
    warned("rate", "V_m", "rate", "V_m")
    mixed.V_m = [1.0, 2.0, 3.0, 4.0]
    assert mixed[:2].V_m == (1.0, 2.0)


def test_connections(lenient, warned):
    nest = lenient
    neurons = nest.Create("iaf_psc_alpha", 2)
    nest.Connect(neurons, neurons, {"rule": "one_to_one", "sule": 1}, {"weight": 2.0, "wait": 3.0})
    warned("sule", "wait")
    nest.Connect([1, 1], [2, 2], "one_to_one", {"weight": [3.0, 4.0], "wait": 3.0})
    warned("wait")
    found = nest.GetConnections()
    assert sorted(found.weight) == [2.0, 2.0, 3.0, 4.0]
    found.set(weight=5.0, wait=1.0)
    found.set([{"wait": 1.0, "weight": 6.0}] + [{}] * 3)
    assert sorted(found.weight) == [5.0, 5.0, 5.0, 6.0]
    warned("wait", "wait")
    nest.Disconnect(neurons, neurons, {"rule": "one_to_one", "sule": 1})
    warned("sule")


def test_models_and_parameters(lenient, warned):
    nest = lenient
    nest.SetDefaults("iaf_psc_alpha", {"nope": 1.0, "C_m": 99.0, "nap": [1.0]})
    nest.SetDefaults("stdp_synapse", {"nope": 1.0, "Wmax": 50.0})
    nest.SetDefaults("poisson_generator", {"nope": 1.0, "rate": 50.0})
    warned("nope", "nap", "nope", "nope")
    nest.CopyModel("iaf_psc_alpha", "mine", {"nope": 1.0, "tau_m": 5.0})
    nest.CopyModel("stdp_synapse", "strong", {"nope": 1.0, "weight": 5.0})
    warned("nope", "nope")
    assert nest.GetDefaults("mine", ["C_m", "tau_m"]) == [99.0, 5.0]
    assert nest.GetDefaults("strong", ["Wmax", "weight"]) == [50.0, 5.0]
    assert 0.0 <= nest.CreateParameter("uniform", {"nope": 1.0, "max": 0.5}).GetValue() < 0.5
    warned("nope")


def test_bad_values_beside_unknown_keys_are_errors(lenient):
    nest = lenient
    with pytest.raises(nest.NESTErrors.BadProperty):
        nest.Create("iaf_psc_alpha", 1, {"nope": 1.0, "C_m": -1.0})
    with pytest.raises(nest.NESTErrors.TypeMismatch):
        nest.SetDefaults("poisson_generator", {"nope": 1.0, "rate": "a"})
    assert nest.network_size == 0


def test_without_it_and_after_a_reset_they_are_errors(lenient):
    nest = lenient
    nest.ResetKernel()
    neurons = nest.Create("iaf_psc_alpha", 2)
    nest.Connect(neurons, neurons)
    for call in (
        lambda: nest.Create("iaf_psc_alpha", 1, {"nope": 1.0}),
        lambda: neurons.set(nope=1.0),
        lambda: neurons.set([{"nope": 1.0}, {}]),
        lambda: nest.Connect(neurons, neurons, {"rule": "all_to_all", "nope": 1}),
        lambda: nest.Connect(neurons, neurons, syn_spec={"nope": 1}),
        lambda: nest.GetConnections().set(nope=1.0),
        lambda: nest.SetDefaults("iaf_psc_alpha", {"nope": 1.0}),
        lambda: nest.CopyModel("iaf_psc_alpha", "a", {"nope": 1.0}),
        lambda: nest.CreateParameter("uniform", {"nope": 1.0}),
    ):
        with pytest.raises(nest.NESTErrors.UnaccessedDictionaryEntry, match="naccessed"):
            call()
    with pytest.raises(nest.NESTErrors.BadParameter):  # as the array path has it
        nest.Connect([1, 1], [2, 2], "one_to_one", {"nope": 1.0})
    assert nest.network_size == 2 and nest.num_connections == 4
