"""Connections in a real kernel: rules, arrays, queries, changes, removal."""

import numpy as np
import pytest


@pytest.fixture
def neurons(nest):
    return nest.Create("iaf_psc_alpha", 10)


def pairs(connections):
    return list(zip(connections.sources(), connections.targets()))


@pytest.mark.parametrize(
    "rule, count",
    [("all_to_all", 100), ("one_to_one", 10), ({"rule": "fixed_indegree", "indegree": 3}, 30),
     ({"rule": "fixed_outdegree", "outdegree": 4}, 40), ({"rule": "fixed_total_number", "N": 57}, 57),
     ({"rule": "pairwise_bernoulli", "p": 1.0}, 100), ({"rule": "pairwise_poisson", "pairwise_avg_num_conns": 0.0}, 0)],
)
def test_rules_make_their_number_of_connections(nest, neurons, rule, count):
    nest.Connect(neurons, neurons, rule)
    assert nest.num_connections == count and len(nest.GetConnections()) == count


def test_degrees_are_fixed(nest, neurons):
    nest.Connect(neurons, neurons, {"rule": "fixed_indegree", "indegree": 4, "allow_multapses": False, "allow_autapses": False})
    found = nest.GetConnections()
    assert len(set(pairs(found))) == 40 and all(source != target for source, target in pairs(found))
    assert np.unique(list(found.targets()), return_counts=True)[1].tolist() == [4] * 10


@pytest.mark.parametrize(
    "rule, weights",
    [("one_to_one", np.arange(3.0)), ("all_to_all", np.arange(9.0).reshape(3, 3)),
     ({"rule": "fixed_indegree", "indegree": 2}, np.arange(6.0).reshape(3, 2)),
     ({"rule": "fixed_outdegree", "outdegree": 2}, np.arange(6.0).reshape(3, 2)),
     ({"rule": "fixed_total_number", "N": 4}, np.arange(4.0))],
)
def test_arrays_give_each_connection_its_weight(nest, neurons, rule, weights):
    nest.Connect(neurons[:3], neurons[3:6], rule, {"weight": weights})
    found = nest.GetConnections()
    assert sorted(found.weight) == weights.ravel().tolist()
    if rule == "all_to_all":
        assert {(s, t): w for s, t, w in zip(*found.get(["source", "target", "weight"]).values())}[(2, 4)] == weights[0, 1]


def test_connections_given_one_by_one(nest, neurons):
    nest.Connect([1, 1, 5], [2, 2, 1], "one_to_one", {"weight": [1.0, 2.0, 3.0], "delay": [1.0, 1.5, 2.0]})
    found = nest.GetConnections()
    assert pairs(found) == [(1, 2), (1, 2), (5, 1)] and found.weight == [1.0, 2.0, 3.0] and found.delay == [1.0, 1.5, 2.0]
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
    nest.Connect(neurons, neurons, syn_spec={"weight": nest.random.uniform(1.0, 2.0), "delay": nest.random.uniform(1.0, 4.0)})
    weights = nest.GetConnections().weight
    assert len(set(weights)) == 100 and all(1.0 <= weight < 2.0 for weight in weights)
    assert 1.0 <= nest.min_delay < nest.max_delay <= 4.0
