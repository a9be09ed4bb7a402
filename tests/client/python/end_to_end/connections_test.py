"""Connections in a real kernel: rules, arrays, queries, changes, removal."""

import numpy as np
import pytest
from scipy import sparse

import volley as v


@pytest.fixture
def neurons(nest):
    return nest.Create("iaf_psc_alpha", 10)


def pairs(connections):
    return list(zip(connections.sources(), connections.targets()))


@pytest.mark.parametrize(
    "rule, count",
    [
        ("all_to_all", 100),
        ("one_to_one", 10),
        ({"rule": "fixed_indegree", "indegree": 3}, 30),
        ({"rule": "fixed_outdegree", "outdegree": 4}, 40),
        ({"rule": "fixed_total_number", "N": 57}, 57),
        ({"rule": "pairwise_bernoulli", "p": 1.0}, 100),
        ({"rule": "pairwise_poisson", "pairwise_avg_num_conns": 0.0}, 0),
    ],
)
def test_rules_make_their_number_of_connections(nest, neurons, rule, count):
    nest.Connect(neurons, neurons, rule)
    assert nest.num_connections == count and len(nest.GetConnections()) == count


def test_keys_that_no_connection_has(nest, neurons):
    nest.Connect(neurons[:2], neurons[2:4], "one_to_one")
    two = nest.GetConnections()
    assert two.get("nothing") == two.nothing == two.Wmax == []
    for ask in (lambda: two[0].get("nothing"), lambda: two[1].nothing, lambda: two.get(["weight", "nothing"])):
        with pytest.raises(KeyError, match="'nothing' is no key"):
            ask()
    nest.Connect(neurons[:1], neurons[:1], syn_spec="stdp_synapse")
    assert nest.GetConnections().get("Wmax") == [None, None, 100.0]


def test_third_factors_take_part(nest, neurons):
    pool = {"rule": "third_factor_bernoulli_with_pool", "pool_size": 2}
    third = nest.Create("parrot_neuron", 4)
    specs = {"third_in": {"weight": 3.0}, "third_out": {"synapse_model": "stdp_synapse", "weight": 4.0}}
    nest.TripartiteConnect(neurons, neurons, third, {"rule": "fixed_indegree", "indegree": 3}, pool, specs)
    assert [len(nest.GetConnections(*ends)) for ends in ((neurons, neurons), (neurons, third))] == [30, 30]
    out = nest.GetConnections(third, neurons)
    assert set(out.synapse_model) == {"stdp_synapse"} and set(out.weight) == {4.0} and len(out) == 30
    for target in neurons:
        assert len(set(nest.GetConnections(third, target).sources())) <= 2


def test_refused_third_factors_change_nothing(nest, neurons):
    refusals = {
        nest.NESTErrors.BadProperty: {"rule": "third_factor_bernoulli_with_pool", "pool_size": 11},
        nest.NESTErrors.IllegalConnection: "one_to_one",
        nest.NESTErrors.UnaccessedDictionaryEntry: {"rule": "third_factor_bernoulli_with_pool", "size": 1},
    }
    for error, spec in refusals.items():
        with pytest.raises(error):
            nest.TripartiteConnect(neurons, neurons, neurons, "all_to_all", spec)
    with pytest.raises(ValueError, match="third_in"):
        nest.TripartiteConnect(
            neurons, neurons, neurons, "all_to_all", "third_factor_bernoulli_with_pool", {"third_in": {"weight": [1.0]}}
        )
    assert nest.num_connections == 0


def test_degrees_are_fixed(nest, neurons):
    nest.Connect(
        neurons, neurons, {"rule": "fixed_indegree", "indegree": 4, "allow_multapses": False, "allow_autapses": False}
    )
    found = nest.GetConnections()
    assert len(set(pairs(found))) == 40 and all(source != target for source, target in pairs(found))
    assert np.unique(list(found.targets()), return_counts=True)[1].tolist() == [4] * 10


@pytest.mark.parametrize(
    "rule, weights",
    [
        ("one_to_one", np.arange(3.0)),
        ("all_to_all", np.arange(9.0).reshape(3, 3)),
        ({"rule": "fixed_indegree", "indegree": 2}, np.arange(6.0).reshape(3, 2)),
        ({"rule": "fixed_outdegree", "outdegree": 2}, np.arange(6.0).reshape(3, 2)),
        ({"rule": "fixed_total_number", "N": 4}, np.arange(4.0)),
    ],
)
def test_arrays_give_each_connection_its_weight(nest, neurons, rule, weights):
    nest.Connect(neurons[:3], neurons[3:6], rule, {"weight": weights})
    found = nest.GetConnections()
    assert sorted(found.weight) == weights.ravel().tolist()
    if rule == "all_to_all":
        assert {(s, t): w for s, t, w in zip(*found.get(["source", "target", "weight"]).values())}[(2, 4)] == weights[
            0, 1
        ]


def test_connections_given_one_by_one(nest, neurons):
    nest.Connect([1, 1, 5], [2, 2, 1], "one_to_one", {"weight": [1.0, 2.0, 3.0], "delay": [1.0, 1.5, 2.0]})
    found = nest.GetConnections()
    assert (
        pairs(found) == [(1, 2), (1, 2), (5, 1)] and found.weight == [1.0, 2.0, 3.0] and found.delay == [1.0, 1.5, 2.0]
    )
    assert (nest.min_delay, nest.max_delay) == (1.0, 2.0)


def test_queries_filter(nest, neurons):
    nest.Connect(neurons, neurons)
    nest.Connect(neurons, neurons, "one_to_one", "stdp_synapse")
    assert len(nest.GetConnections(neurons[:2], neurons[5:])) == 10
    assert len(nest.GetConnections(synapse_model="stdp_synapse")) == 10
    assert nest.GetConnections(neurons[0], neurons[0]).synapse_model == ["static_synapse", "stdp_synapse"]


def test_parameters_of_connections(nest, neurons):
    nest.Connect(neurons[:2], neurons[2:4], syn_spec={"weight": 5.0})
    found = nest.GetConnections()
    found.weight = [1.0, 2.0, 3.0, 4.0]
    found[0].delay = 2.0
    assert nest.GetConnections().weight == [1.0, 2.0, 3.0, 4.0] and nest.GetConnections().delay[0] == 2.0
    status = found[0].get()
    assert (status["source"], status["target"], status["synapse_model"]) == (1, 3, "static_synapse")
    with pytest.raises(nest.NESTErrors.UnaccessedDictionaryEntry):
        found.set(nothing=1.0)
    with pytest.raises(nest.NESTErrors.BadDelay):
        found.delay = 0.0
    assert "static_synapse" in str(found) and len(str(found).splitlines()) == 6


def test_removal(nest, neurons):
    nest.Connect(neurons, neurons)
    nest.Disconnect(neurons[:2], neurons[2:4])
    assert nest.num_connections == 98 and (1, 3) not in pairs(nest.GetConnections())
    some = nest.GetConnections(neurons[5])
    some.disconnect()
    assert nest.num_connections == 88
    with pytest.raises(nest.NESTErrors.InexistentConnection):
        nest.Disconnect(neurons[:2], neurons[2:4])


def test_collocated_synapses(nest, neurons):
    both = nest.CollocatedSynapses({"weight": 2.0}, {"synapse_model": "stdp_synapse", "weight": 3.0})
    made = nest.Connect(neurons[:1], neurons[1:3], "all_to_all", both, return_synapsecollection=True)
    assert len(made) == 4 and sorted(made.weight) == [2.0, 2.0, 3.0, 3.0]


def test_drawn_values(nest, neurons):
    nest.Connect(
        neurons, neurons, syn_spec={"weight": nest.random.uniform(1.0, 2.0), "delay": nest.random.uniform(1.0, 4.0)}
    )
    weights = nest.GetConnections().weight
    assert len(set(weights)) == 100 and all(1.0 <= weight < 2.0 for weight in weights)
    assert 1.0 <= nest.min_delay < nest.max_delay <= 4.0


# ---- arrays of a wrong shape


@pytest.mark.parametrize(
    "rule, shape",
    [
        ("one_to_one", (3,)),
        ("all_to_all", (2, 3)),
        ({"rule": "fixed_indegree", "indegree": 5}, (2, 5)),
        ({"rule": "fixed_outdegree", "outdegree": 4}, (3, 4)),
        ({"rule": "fixed_total_number", "N": 7}, (7,)),
    ],
)
def test_arrays_have_the_shape_of_their_rule(nest, neurons, rule, shape):
    targets = neurons[3:6] if rule == "one_to_one" else neurons[3:5]
    nest.Connect(neurons[:3], targets, rule, {"weight": np.ones(shape).tolist()})
    made = nest.num_connections
    with pytest.raises(ValueError):
        nest.Connect(neurons[:3], targets, rule, {"weight": np.ones((*shape[:-1], shape[-1] + 1))})
    with pytest.raises(TypeError):
        nest.Connect(neurons[:3], targets, rule, {"weight": np.ones(6) if len(shape) == 2 else np.ones((2, 3))})
    assert nest.num_connections == made


@pytest.mark.parametrize(
    "rule, error",
    [
        ({"rule": "pairwise_bernoulli", "p": 0.5}, TypeError),
        ({"rule": "fixed_indegree"}, IndexError),
        ({"rule": "fixed_indegree", "indegree": 1.5}, "TypeMismatch"),
        ({"rule": "fixed_indegree", "indegree": v.random.uniform_int(3)}, TypeError),
    ],
)
def test_rules_without_arrays(nest, neurons, rule, error):
    with pytest.raises(getattr(nest.NESTErrors, error) if isinstance(error, str) else error):
        nest.Connect(neurons, neurons, rule, {"weight": np.ones((10, 10))})
    assert nest.num_connections == 0


def test_bad_values_of_connections_given_one_by_one(nest, neurons):
    for synapse, error in (
        ({"weight": [1.0]}, ValueError),
        ({"weight": [[1.0, 2.0]]}, ValueError),
        ({"weight": nest.random.uniform()}, TypeError),
        ({"receptor_type": [1.0, 2.0]}, nest.NESTErrors.BadParameter),
        ({"receptor_type": 0.5}, nest.NESTErrors.BadParameter),
    ):
        with pytest.raises(error):
            nest.Connect([1, 1], [2, 3], "one_to_one", synapse)
    assert nest.num_connections == 0


def test_lists_of_set_have_a_value_for_each_connection(nest, neurons):
    nest.Connect(neurons[:2], neurons[2:4])
    found = nest.GetConnections()
    for values, error in (([1.0], IndexError), ([1.0] * 5, ValueError)):
        with pytest.raises(error, match="4 connections"):
            found.weight = values
    found.set([{"weight": 3.0}, {"delay": 2.0}, {}, {"weight": 5, "delay": 1.5}])
    assert found.weight == [3.0, 1.0, 1.0, 5.0] and found.delay == [1.0, 2.0, 1.0, 1.5]
    with pytest.raises(nest.NESTErrors.BadDelay):
        found.set([{"weight": 7.0}, {}, {"delay": 0.0}, {}])
    assert found.weight == [3.0, 1.0, 1.0, 5.0]


def test_no_synapses_are_no_specification(nest, neurons):
    with pytest.raises(nest.NESTErrors.BadProperty, match="CollocatedSynapses"):
        nest.Connect(neurons, neurons, "one_to_one", nest.CollocatedSynapses())
    with pytest.raises(nest.NESTErrors.UnknownSynapseType):
        nest.GetConnections(synapse_model="")
    assert nest.num_connections == 0


# ---- receptors


@pytest.fixture(params=[1, 3])
def parrots(nest, request):
    """They take spikes on receptor 1 without repeating them."""
    nest.total_num_virtual_procs = request.param
    return nest.Create("parrot_neuron", 60)


def receptors(found):
    return dict(zip(pairs(found), found.receptor))


def repeating(nest, sources, targets):
    """Which targets repeat a spike of the sources."""
    generator, recorder = nest.Create("spike_generator", params={"spike_times": [1.0]}), nest.Create("spike_recorder")
    nest.Connect(generator, sources)
    nest.Connect(targets, recorder)
    nest.Simulate(5.0)
    return sorted(recorder.events["senders"].tolist())


@pytest.mark.parametrize("ids", [False, True])
@pytest.mark.parametrize("given", [[0, 1, 0], np.array([0, 1, 0]), np.array([0, 1, 0], np.uint8), (np.int32(0), 1, 0)])
def test_each_connection_has_its_receptor(nest, parrots, given, ids):
    pre, post = parrots[:3], parrots[3:6]
    sources, targets = (np.array(pre), np.array(post)) if ids else (pre, post)
    nest.Connect(sources, targets, "one_to_one", {"receptor_type": given, "weight": [1.0, 2.0, 3.0]})
    found = nest.GetConnections(pre, post)
    assert receptors(found) == {(1, 4): 0, (2, 5): 1, (3, 6): 0} and sorted(found.weight) == [1.0, 2.0, 3.0]
    assert repeating(nest, pre, post) == [4, 6]


@pytest.mark.parametrize(
    "rule", ["all_to_all", {"rule": "fixed_indegree", "indegree": 3}, {"rule": "fixed_outdegree", "outdegree": 3}]
)
def test_receptors_as_matrices_go_with_weights(nest, parrots, rule):
    by_entry = np.arange(9).reshape(3, 3)
    nest.Connect(parrots[:3], parrots[3:6], rule, {"receptor_type": by_entry % 2, "weight": by_entry.astype(float)})
    found = nest.GetConnections()
    assert len(found) == 9 and all(r == w % 2 for r, w in zip(found.receptor, found.weight))
    if rule == "all_to_all":
        assert receptors(found)[(2, 4)] == 1


def test_drawn_receptors_do_not_depend_on_the_layout(nest):
    found = []
    for vps in (1, 2, 5):
        nest.ResetKernel()
        nest.total_num_virtual_procs = vps
        nodes = nest.Create("parrot_neuron", 30)
        rule = {"rule": "fixed_indegree", "indegree": 4}
        receptor, delay = nest.random.uniform_int(2), nest.random.uniform(1.0, 2.0)
        spec = {"receptor_type": receptor, "weight": nest.random.uniform(), "delay": delay}
        nest.Connect(nodes, nodes, rule, spec)
        connections = nest.GetConnections()
        values = connections.get(["source", "target", "receptor", "weight", "delay"])
        rows = zip(*(values[key] for key in ("source", "target", "receptor", "weight", "delay")))
        found.append((sorted(rows), repeating(nest, nodes[:5], nodes)))
    assert found[0] == found[1] == found[2]
    assert {row[2] for row in found[0][0]} == {0, 1}


def test_plastic_connections_have_receptors(nest, parrots):
    nest.Connect(parrots[:3], parrots[3:6], "one_to_one", {"synapse_model": "stdp_synapse", "receptor_type": [1, 0, 1]})
    assert repeating(nest, parrots[:3], parrots[3:6]) == [5]


@pytest.mark.parametrize("form", ["list", "matrix", "drawn", "ids", "fraction"])
def test_receptors_that_targets_lack_are_refused(nest, parrots, form):
    error = nest.NESTErrors.UnknownReceptorType
    with pytest.raises(error if form != "fraction" else nest.NESTErrors.TypeMismatch):
        if form == "list":
            nest.Connect(parrots[:3], parrots[3:6], "one_to_one", {"receptor_type": [0, 1, 2]})
        elif form == "matrix":
            nest.Connect(parrots[:2], parrots[3:5], syn_spec={"receptor_type": [[0, 1], [1, -1]]})
        elif form == "drawn":
            nest.Connect(parrots, parrots, syn_spec={"receptor_type": nest.random.uniform_int(3)})
        elif form == "ids":
            nest.Connect([1, 1], [2, 3], "one_to_one", {"receptor_type": [0, 7]})
        else:
            nest.Connect(parrots, parrots, syn_spec={"receptor_type": nest.random.uniform(0.0, 2.0)})
    assert nest.num_connections == 0


def test_each_target_is_asked_for_its_own_receptor(nest, parrots):
    neuron = nest.Create("iaf_psc_alpha")  # has receptor 0 only
    targets = parrots[0] + neuron
    nest.Connect(parrots[1:3], targets, "one_to_one", {"receptor_type": [1, 0]})
    with pytest.raises(nest.NESTErrors.UnknownReceptorType):
        nest.Connect(parrots[1:3], targets, "one_to_one", {"receptor_type": [0, 1]})
    assert nest.num_connections == 2


# ---- weights and their bound


def refused(nest, call):
    """Whether a call is refused, which then changes nothing."""
    before = nest.num_connections
    try:
        call()
    except nest.NESTErrors.BadProperty:
        assert nest.num_connections == before
        return True
    return False


def forms_of(nest, weight):
    """A weight of two connections as a number, list, array and Parameter."""
    drawn = nest.random.uniform(weight - 0.5, weight + 0.5)
    return [weight, [weight, weight], np.array([weight, weight]), drawn if weight else 0.0 * drawn]


def test_a_weight_alone_has_either_sign(nest, neurons):
    for form in forms_of(nest, -2.0) + forms_of(nest, 0.0):
        spec = {"synapse_model": "stdp_synapse", "weight": form, "delay": 1.0}
        nest.Connect(neurons[:2], neurons[2:4], "one_to_one", spec)
    nest.Connect([1, 1], [2, 2], "one_to_one", {"synapse_model": "stdp_synapse", "weight": [-1.0, 2.0]})
    both = [{"synapse_model": "stdp_synapse", "weight": weight} for weight in (-5.0, 3)]
    nest.Connect(neurons[4], neurons[5], syn_spec=nest.CollocatedSynapses(*both))
    assert nest.num_connections == 20 and min(nest.GetConnections().weight) == -5.0


@pytest.mark.parametrize("key, value", [("Wmax", 50.0), ("lambda", 0.1), ("receptor_type", 0)])
def test_a_weight_beside_parameters_has_the_sign_of_its_bound(nest, neurons, key, value):
    for form in forms_of(nest, -2.0):
        spec = {"synapse_model": "stdp_synapse", "weight": form, key: value}
        assert refused(nest, lambda: nest.Connect(neurons[:2], neurons[2:4], "one_to_one", spec))
    for form in forms_of(nest, 0.0) + forms_of(nest, 2.0):
        spec = {"synapse_model": "stdp_synapse", "weight": form, key: value}
        assert not refused(nest, lambda: nest.Connect(neurons[:2], neurons[2:4], "one_to_one", spec))


def test_each_connection_is_judged_by_its_own_numbers(nest, neurons):
    def connect(**values):
        spec = {"synapse_model": "stdp_synapse", **values}
        return refused(nest, lambda: nest.Connect(neurons[:2], neurons[2:4], "one_to_one", spec))

    assert not connect(weight=[-1.0, 1.0], Wmax=[-50.0, 50.0]) and connect(weight=[-1.0, 1.0], Wmax=[50.0, -50.0])
    assert not connect(weight=-1.0, Wmax=[-50.0, -40.0]) and connect(weight=-1.0, Wmax=[-50.0, 50.0])
    assert connect(weight=[0.0, 1.0], Wmax=[-50.0, 50.0])  # that of 0 is positive
    drawn = nest.random.uniform(-2.0, -1.0)
    assert not connect(weight=drawn, Wmax=-50.0) and connect(weight=drawn, Wmax=[-50.0, 50.0])
    assert connect(weight=1.0, Wmax=nest.random.uniform(-50.0, -40.0))
    assert connect(Kplus=nest.random.uniform(-2.0, -1.0))
    tails = nest.random.normal(100.0, 1.0)  # may be negative by its bounds, but is not
    assert not connect(weight=tails, Wmax=200.0) and not connect(weight=nest.random.lognormal(), Wmax=200.0)
    assert connect(weight=nest.math.redraw(nest.random.normal(), -0.1, -0.01), Wmax=200.0)


def test_set_and_defaults_judge_the_weight_too(nest, neurons):
    nest.Connect(neurons[:2], neurons[2:4], "one_to_one", {"synapse_model": "stdp_synapse", "weight": [-1.0, 1.0]})
    first, second = nest.GetConnections()
    assert refused(nest, lambda: first.set(delay=2.0)) and not refused(nest, lambda: second.set(delay=2.0))
    assert refused(nest, lambda: second.set(weight=-1.0)) and not refused(nest, lambda: second.set(weight=0.0))
    assert refused(nest, lambda: nest.GetConnections().set(weight=[1.0, -1.0]))
    assert not refused(nest, lambda: first.set(Wmax=-50.0))
    assert not refused(nest, lambda: first.set(weight=2.0, Wmax=50.0))
    for values in ({"weight": -1.0}, {"Wmax": -1.0}):
        assert refused(nest, lambda: nest.SetDefaults("stdp_synapse", values))
        assert refused(nest, lambda: nest.CopyModel("stdp_synapse", "negative", values))
    nest.CopyModel("stdp_synapse", "inhibitory", {"weight": -1.0, "Wmax": -50.0})
    nest.SetDefaults("stdp_synapse", {"weight": 0.0})


def test_a_weight_beyond_zero_ends_there_when_it_is_used(nest):
    pre, post = nest.Create("parrot_neuron"), nest.Create("parrot_neuron")
    nest.Connect(pre, post, syn_spec={"synapse_model": "stdp_synapse", "weight": -2.0})
    nest.Connect(nest.Create("spike_generator", params={"spike_times": [1.0]}), pre)
    nest.Simulate(5.0)
    assert nest.GetConnections(pre, post).weight == 0.0


def test_labels_find_their_connections(nest, neurons):
    nest.CopyModel("stdp_synapse_lbl", "mine", {"synapse_label": 3})
    nest.Connect(neurons[:2], neurons[2:5], syn_spec={"synapse_model": "static_synapse_lbl", "synapse_label": 7})
    nest.Connect(neurons[:2], neurons[2:4], "one_to_one", {"synapse_model": "mine"})
    both = [{"synapse_model": "static_synapse_lbl", "synapse_label": label} for label in (1, 2)]
    nest.Connect(neurons[5], neurons[6:8], syn_spec=nest.CollocatedSynapses(*both))
    nest.Connect([1, 2], [9, 10], "one_to_one", {"synapse_model": "mine", "synapse_label": np.array([4, 5])})
    nest.Connect(neurons, neurons[9])
    assert len(nest.GetConnections(synapse_label=7)) == 6 and len(nest.GetConnections(synapse_label=8)) == 0
    assert pairs(nest.GetConnections(neurons[:2], neurons[2], synapse_label=7)) == [(1, 3), (2, 3)]
    assert list(nest.GetConnections(synapse_model="mine").synapse_label) == [3, 4, 3, 5]
    assert pairs(nest.GetConnections(synapse_label=2)) == [(6, 7), (6, 8)]
    assert nest.GetConnections(synapse_label=-1) == nest.GetConnections()
    assert len(nest.GetConnections(synapse_label=-2)) == 0
    nest.Disconnect(neurons[5], neurons[6], syn_spec=both[1])
    assert pairs(nest.GetConnections(synapse_label=2)) == [(6, 8)] and len(nest.GetConnections(synapse_label=1)) == 2
    found = nest.GetConnections(synapse_label=7)
    found.synapse_label = [7, 7, 7, 7, 7, 6]
    assert pairs(nest.GetConnections(synapse_label=6)) == [(2, 5)]
    table = found.get(["source", "synapse_label"], output="pandas")
    assert table["synapse_label"].tolist() == [7, 7, 7, 7, 7, 6]
    mixed = nest.GetConnections(neurons[1]).get("synapse_label")
    assert mixed.count(None) == 1 and set(mixed) == {None, 3, 5, 6, 7}
    nest.Disconnect(nest.GetConnections(synapse_label=7))
    assert len(nest.GetConnections(synapse_label=7)) == 0 and len(nest.GetConnections(synapse_label=6)) == 1
    assert nest.GetDefaults("mine", "synapse_label") == 3 and "synapse_label" not in nest.GetDefaults("stdp_synapse")


def test_compact_synapses_end_on_receptor_0(nest):
    parrots = nest.Create("parrot_neuron", 3)
    nest.Connect(parrots, parrots, syn_spec="stdp_synapse_hpc")
    with pytest.raises(v.NESTErrors.IllegalConnection, match="receptor_type = 1"):
        nest.Connect(parrots, parrots, syn_spec={"synapse_model": "stdp_synapse_hpc", "receptor_type": 1})
    assert nest.num_connections == 9 and set(nest.GetConnections().synapse_model) == {"stdp_synapse_hpc"}


def test_sparse_matrices_are_connected_entry_by_entry(nest, neurons):
    weights = sparse.random(4, 6, density=0.5, random_state=1, format="csc")
    labels = weights.astype(bool).astype(int) * 3
    spec = {"synapse_model": "stdp_synapse_lbl", "weight": weights, "synapse_label": labels, "delay": 2.0}
    found = nest.Connect(neurons[:6], neurons[6:], syn_spec=spec, return_synapsecollection=True)
    assert len(found) == weights.nnz == 12 and set(found.delay) == {2.0} and set(found.synapse_label) == {3}
    for source, target, weight in zip(found.sources(), found.targets(), found.weight):
        assert weights[target - 7, source - 1] == weight
    spec["weights"] = spec.pop("weight")
    with pytest.raises(ValueError):
        nest.Connect(neurons[:6], neurons[6:], syn_spec=spec)
    assert nest.num_connections == 12


def test_what_a_table_of_connections_says_can_be_connected_again(nest, neurons):
    rule, labels = {"rule": "fixed_indegree", "indegree": 3}, nest.random.uniform_int(5)
    nest.Connect(neurons, neurons, rule, {"weight": nest.random.uniform(1.0, 2.0), "delay": 1.5})
    nest.Connect(neurons, neurons, rule, {"synapse_model": "stdp_synapse_lbl", "synapse_label": labels, "Wmax": 50.0})
    table = nest.GetConnections().to_pandas()
    nest.ResetKernel()
    nest.Create("iaf_psc_alpha", 10)
    for _, rows in table.groupby("synapse_model", sort=False):
        nest.Connect(rows)
    columns = ["source", "target", "synapse_model", "weight", "delay", "receptor", "synapse_label", "Wmax"]
    names = ["synapse_model", "source", "target", "weight", "synapse_label"]
    again = nest.GetConnections().to_pandas()
    assert (
        again[columns]
        .sort_values(names, ignore_index=True)
        .equals(table[columns].sort_values(names, ignore_index=True))
    )
