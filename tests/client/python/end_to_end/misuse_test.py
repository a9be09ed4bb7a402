"""Wrong calls raise the contract's exception and leave the kernel as it was."""

import builtins

import numpy as np
import pytest

B = "builtins"
CASES = [
    ("unknown model", lambda n, a, b: n.Create("nothing"), "UnknownModelName"),
    ("synapse as node", lambda n, a, b: n.Create("static_synapse"), "UnknownModelName"),
    ("no nodes", lambda n, a, b: n.Create("iaf_psc_alpha", 0), "BadParameterValue"),
    ("unknown parameter", lambda n, a, b: n.Create("iaf_psc_alpha", 2, {"nothing": 1.0}), "UnaccessedDictionaryEntry"),
    ("wrong type", lambda n, a, b: n.Create("iaf_psc_alpha", 1, {"C_m": "big"}), "TypeMismatch"),
    ("out of range", lambda n, a, b: n.Create("iaf_psc_alpha", 1, {"C_m": -1.0}), "BadProperty"),
    ("none as value", lambda n, a, b: n.Create("iaf_psc_alpha", 1, {"C_m": None}), B + ".AttributeError"),
    ("huge integer", lambda n, a, b: n.Create("iaf_psc_alpha", 1, {"C_m": 2**70}), B + ".OverflowError"),
    ("set unknown", lambda n, a, b: a.set(nothing=1.0), "UnaccessedDictionaryEntry"),
    ("set read-only", lambda n, a, b: setattr(a, "global_id", 5), "UnaccessedDictionaryEntry"),
    ("set one of two badly", lambda n, a, b: a.set(V_m=0.0, tau_m=-1.0), "BadProperty"),
    ("get unknown", lambda n, a, b: a.get("nothing"), B + ".KeyError"),
    ("unknown ids", lambda n, a, b: n.NodeCollection([1, 99]), "UnknownNode"),
    ("unknown rule", lambda n, a, b: n.Connect(a, b, "nothing"), "BadProperty"),
    ("unknown rule key", lambda n, a, b: n.Connect(a, b, {"rule": "all_to_all", "q": 1}), "UnaccessedDictionaryEntry"),
    ("missing degree", lambda n, a, b: n.Connect(a, b, {"rule": "fixed_indegree"}), B + ".IndexError"),
    ("fractional degree", lambda n, a, b: n.Connect(a, b, {"rule": "fixed_indegree", "indegree": 1.5}), "TypeMismatch"),
    ("negative degree", lambda n, a, b: n.Connect(a, b, {"rule": "fixed_indegree", "indegree": -1}), "BadProperty"),
    ("probability above 1", lambda n, a, b: n.Connect(a, b, {"rule": "pairwise_bernoulli", "p": 1.5}), "BadProperty"),
    ("unequal pairs", lambda n, a, b: n.Connect(a, b[:2], "one_to_one"), "DimensionMismatch"),
    ("unknown synapse", lambda n, a, b: n.Connect(a, b, syn_spec="nothing"), "UnknownSynapseType"),
    ("unknown synapse key", lambda n, a, b: n.Connect(a, b, syn_spec={"nothing": 1.0}), "UnaccessedDictionaryEntry"),
    ("short delay", lambda n, a, b: n.Connect(a, b, syn_spec={"delay": 0.01}), "BadDelay"),
    (
        "drawn short delay",
        lambda n, a, b: n.Connect(a, b, syn_spec={"delay": n.random.uniform(-1.0, 0.02)}),
        "BadDelay",
    ),
    ("bad receptor", lambda n, a, b: n.Connect(a, b, syn_spec={"receptor_type": 7}), "UnknownReceptorType"),
    ("wrong shape", lambda n, a, b: n.Connect(a, b, syn_spec={"weight": [[1.0, 2.0]]}), B + ".ValueError"),
    ("wrong rank", lambda n, a, b: n.Connect(a, b, syn_spec={"weight": [1.0, 2.0]}), B + ".TypeError"),
    ("nobody", lambda n, a, b: n.Connect(a, n.NodeCollection()), "IllegalConnection"),
    (
        "generator as target",
        lambda n, a, b: n.Connect(a, n.GetNodes({"model": "poisson_generator"})),
        "IllegalConnection",
    ),
    ("nothing to remove", lambda n, a, b: n.Disconnect(a, b, "one_to_one", "stdp_synapse"), "InexistentConnection"),
    ("unknown filter", lambda n, a, b: n.GetConnections(synapse_model="nothing"), "UnknownSynapseType"),
    ("unknown defaults", lambda n, a, b: n.GetDefaults("nothing"), "UnknownComponent"),
    (
        "defaults unknown key",
        lambda n, a, b: n.SetDefaults("iaf_psc_alpha", {"nothing": 1.0}),
        "UnaccessedDictionaryEntry",
    ),
    ("defaults out of range", lambda n, a, b: n.SetDefaults("iaf_psc_alpha", {"tau_m": 0.0}), "BadProperty"),
    ("copy of nothing", lambda n, a, b: n.CopyModel("nothing", "new"), "UnknownModelName"),
    ("copy to a used name", lambda n, a, b: n.CopyModel("iaf_psc_alpha", "iaf_psc_exp"), "NewModelNameExists"),
    ("status unknown", lambda n, a, b: n.set(nothing=1), B + ".ValueError"),
    ("status late", lambda n, a, b: setattr(n, "resolution", 0.2), "KernelException"),
    ("status type", lambda n, a, b: setattr(n, "rng_seed", 1.5), "TypeMismatch"),
    ("status range", lambda n, a, b: setattr(n, "rng_seed", 0), "BadProperty"),
    ("status alone", lambda n, a, b: setattr(n, "min_delay", 0.5), "BadProperty"),
    ("status half bad", lambda n, a, b: n.set(overwrite_files=True, rng_seed=-1), "BadProperty"),
    ("negative time", lambda n, a, b: n.Simulate(-1.0), "BadParameter"),
    ("time off the grid", lambda n, a, b: n.Simulate(0.05), "BadParameter"),
    ("endless time", lambda n, a, b: n.Simulate(float("inf")), "BadParameter"),
    ("run unprepared", lambda n, a, b: n.Run(1.0), "KernelException"),
    ("cleanup unprepared", lambda n, a, b: n.Cleanup(), "KernelException"),
    ("unsorted spikes", lambda n, a, b: n.Create("spike_generator", 1, {"spike_times": [2.0, 1.0]}), "BadProperty"),
    ("spike at 0", lambda n, a, b: n.Create("spike_generator", 1, {"spike_times": [0.0]}), "BadProperty"),
    ("unrecordable", lambda n, a, b: n.Connect(n.GetNodes({"model": "multimeter"}), a), "IllegalConnection"),
]


def state(nest, nodes):
    """All that a rejected call could have changed; what it cost in time and memory is no state."""
    status = {key: value for key, value in nest.GetKernelStatus().items() if not key.startswith(("time_", "memory_"))}
    defaults = [nest.GetDefaults(model) for model in ("iaf_psc_alpha", "static_synapse")]
    return nest.to_json([status, nodes.get(), nest.GetConnections().get(), defaults])


@pytest.mark.parametrize("name, call, kind", CASES, ids=[case[0] for case in CASES])
def test_misuse_is_refused_and_changes_nothing(nest, name, call, kind):
    a, b = nest.Create("iaf_psc_alpha", 3), nest.Create("iaf_psc_alpha", 3)
    others = nest.Create("poisson_generator") + nest.Create("multimeter", params={"record_from": ["nothing"]})
    nest.Connect(a, b, syn_spec={"weight": 2.0, "delay": 1.5})
    before = state(nest, a + b + others)
    expected = getattr(builtins, kind.split(".")[1]) if kind.startswith(B) else getattr(nest.NESTErrors, kind)
    with pytest.raises(expected) as raised:
        call(nest, a, b)
    assert len(str(raised.value)) > 10  # it says what was wrong
    assert state(nest, a + b + others) == before
    nest.Simulate(1.0)  # and the kernel goes on


FLAGS = np.zeros(3)  # neither true nor false
MORE = [
    ("Create", lambda n, a: n.Create("iaf_psc_alpha", 2**70), B + ".OverflowError", "Create"),
    ("Create", lambda n, a: n.Create("iaf_psc_alpha", float("inf")), B + ".TypeError", "whole number"),
    ("Connect", lambda n, a: n.Connect(a, a, None, None, FLAGS), B + ".ValueError", ""),
    ("Connect", lambda n, a: n.Connect([[1, 2], [3]], a), B + ".ValueError", "pre must have one dimension"),
    ("GetConnections", lambda n, a: n.GetConnections(synapse_label=2**70), B + ".OverflowError", "synapse_label"),
    ("GetNodes", lambda n, a: n.GetNodes(5), B + ".TypeError", "properties"),
    ("NodeCollection", lambda n, a: n.NodeCollection([[1, 2], [3]]), B + ".TypeError", "flat sequence"),
    ("CopyModel", lambda n, a: n.CopyModel(None, "new"), B + ".TypeError", "existing must be text"),
    ("CopyModel", lambda n, a: n.CopyModel("iaf_psc_alpha", [1]), B + ".TypeError", "new must be text"),
    ("CopyModel", lambda n, a: n.CopyModel("iaf_psc_alpha", "new", 5), B + ".TypeError", "params must be a dict"),
    ("SetDefaults", lambda n, a: n.SetDefaults(5, {"V_m": -60.0}), B + ".TypeError", "model must be text"),
    ("GetKernelStatus", lambda n, a: n.GetKernelStatus([5]), B + ".TypeError", "texts"),
    ("get", lambda n, a: n.GetConnections().get([5]), B + ".TypeError", "texts"),
    ("from_file", lambda n, a: n.voltage_trace.from_file([5]), B + ".TypeError", "named by text"),
    ("from_file", lambda n, a: n.raster_plot.from_file([True]), B + ".TypeError", "named by text"),
]


@pytest.mark.parametrize("call, kind, word", [case[1:] for case in MORE], ids=[f"{c[0]} {c[3]}" for c in MORE])
def test_arguments_of_wrong_types_are_told_of_in_the_words_of_the_call(nest, call, kind, word):
    neurons = nest.Create("iaf_psc_alpha", 3)
    nest.Connect(neurons, neurons, "one_to_one")
    expected = getattr(builtins, kind.split(".")[1]) if "." in kind else getattr(nest.NESTErrors, kind)
    with pytest.raises(expected, match=word) as told:
        call(nest, neurons)
    assert "incompatible function arguments" not in str(told.value)
    assert nest.network_size == nest.num_connections == 3 and "new" not in nest.node_models
