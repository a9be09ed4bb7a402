"""What Python users expect of collections: completion, copies and pickles, tables of pandas."""

import copy
import pickle
import rlcompleter

import numpy as np
import pytest

import volley as v


def completions(text, **names):
    completer = rlcompleter.Completer(names)
    found = iter(lambda: completer.complete(text, next(counter)), None)
    counter = iter(range(10_000))
    return set(found)


def test_parameters_of_nodes_are_completed(fake):
    neurons = v.Create("iaf_psc_alpha", 3)
    both = neurons + v.Create("poisson_generator")
    assert completions("n.C", n=neurons) == {"n.C_m"}
    assert {"n.rate", "n.V_m", "n.get(", "n.to_pandas("} <= completions("n.", n=both)
    assert "rate" not in dir(neurons) and "type_id" not in dir(neurons) and "tolist" in dir(neurons)
    v.ResetKernel()
    assert "C_m" not in dir(neurons) and "get" in dir(neurons) and "get" in dir(v.NodeCollection())


def test_parameters_of_connections_are_completed(fake):
    two = v.Create("iaf_psc_alpha", 2)
    v.Connect(two, two)
    v.Connect(two, two, syn_spec="stdp_synapse")
    assert completions("c.W", c=v.GetConnections()) == {"c.Wmax"}
    assert completions("c.W", c=v.GetConnections(synapse_model="static_synapse")) == set()
    assert {"c.weight", "c.get(", "c.print_full"} <= completions("c.", c=v.GetConnections())
    assert "get" in dir(v.SynapseCollection())


@pytest.mark.parametrize("twin", [copy.copy, copy.deepcopy, lambda thing: pickle.loads(pickle.dumps(thing))])
def test_collections_can_be_copied_and_pickled(fake, twin):
    nodes = v.Create("iaf_psc_alpha", 10)
    v.Connect(nodes, nodes)
    connections = v.GetConnections(nodes[0])
    for thing in (nodes, nodes[2:9:3], v.NodeCollection(), connections, connections[3:], v.SynapseCollection()):
        assert twin(thing) == thing
    assert twin(nodes[::2] if len(nodes) else nodes).tolist() == [1, 3, 5, 7, 9]
    assert twin(connections).get("target") == connections.get("target")
    twin(connections[0]).weight = 7.0
    assert connections[0].weight == 7.0
    parameter = 2 * v.random.uniform(0.0, 1.0) + 1
    assert twin(parameter).terms == parameter.terms and repr(twin(parameter)) == repr(parameter)
    assert len(twin(v.CollocatedSynapses({"weight": parameter}, {})).syn_specs) == 2
    assert twin(v.Compartments(nodes, [{"a": 1}])).get_tuple() == ({"a": 1},)
    stale = pickle.dumps(nodes)
    v.ResetKernel()
    with pytest.raises(v.NESTError, match="InvalidNodeCollection"):
        pickle.loads(stale).tolist()


def test_nodes_as_a_table(fake):
    nodes = v.Create("iaf_psc_alpha", 2, {"V_m": [1.0, 2.0]}) + v.Create("poisson_generator")
    table = nodes.to_pandas(["V_m", "rate"])
    assert list(table.index) == [1, 2, 3] and list(table.columns) == ["V_m", "rate"]
    assert table.V_m[:2].tolist() == [1.0, 2.0] and np.isnan(table.V_m[3]) and table.rate[3] == 0.0
    assert nodes.to_pandas("V_m").equals(table[["V_m"]]) and nodes[:2].to_pandas(("V_m",)).V_m[2] == 2.0
    assert {"C_m", "model", "rate"} <= set(nodes.to_pandas().columns)
    with pytest.raises(KeyError):
        nodes.to_pandas("nothing")


def test_events_as_a_table(fake):
    meters = v.Create("multimeter", 2)
    for node_id, times in ((1, [2.0, 1.0]), (2, [1.5])):
        columns = {"V_m": -70.0 - np.array(times), "senders": np.full(len(times), 7), "times": np.array(times)}
        fake.nodes[node_id]["events"] = columns
    one = meters[0].to_pandas("events")
    assert list(one.columns) == ["times", "senders", "V_m"] and one.times.tolist() == [1.0, 2.0]
    assert one.V_m.tolist() == [-71.0, -72.0] and one.senders.dtype == np.int64 and list(one.index) == [0, 1]
    both = meters.to_pandas("events")
    assert both.recorder.tolist() == [1, 2, 1] and both.times.tolist() == [1.0, 1.5, 2.0]
    with pytest.raises(KeyError, match="recorders"):
        v.Create("iaf_psc_alpha").to_pandas("events")


def test_connections_as_a_table(fake):
    two = v.Create("iaf_psc_alpha", 2)
    v.Connect(two, two, syn_spec={"weight": 3.0})
    v.Connect(two, two, "one_to_one", "stdp_synapse")
    table = v.GetConnections().to_pandas()
    assert list(table.columns)[:5] == ["source", "target", "synapse_model", "weight", "delay"] and len(table) == 6
    assert table.groupby("synapse_model").weight.sum().to_dict() == {"static_synapse": 12.0, "stdp_synapse": 2.0}
    assert table.Wmax.isna().sum() == 4
    assert list(v.GetConnections().to_pandas(["target", "weight"]).columns) == ["target", "weight"]
    assert v.GetConnections().to_pandas("weight").weight.sum() == 14.0
    assert len(v.SynapseCollection().to_pandas()) == len(v.SynapseCollection().to_pandas("weight")) == 0
    with pytest.raises(KeyError):
        v.GetConnections().to_pandas("nothing")
