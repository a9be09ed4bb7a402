"""Compartments and Receptors: what `+` and `+=` do, and what reaches the node."""

import pytest

import volley as v

SOMA, DENDRITE = {"parent_idx": -1}, {"parent_idx": 0}


@pytest.fixture
def neuron(fake):
    fake.models["cm"] = {"compartments": (), "receptors": (), "add_compartments": [], "add_receptors": []}
    return v.Create("cm")


def test_get_gives_the_lists_in_their_classes(fake, neuron):
    fake.nodes[1]["compartments"] = (SOMA,)
    assert isinstance(neuron.compartments, v.Compartments) and neuron.compartments.get_tuple() == (SOMA,)
    assert isinstance(neuron.get("receptors"), v.Receptors) and len(neuron.receptors) == 0
    assert neuron.compartments[0] == SOMA and str(neuron.compartments) == str((SOMA,))
    assert v.to_json(neuron.compartments) == '[{"parent_idx": -1}]' == neuron.get("compartments", output="json")
    both = (neuron + v.Create("cm")).compartments
    assert [len(one) for one in both] == [1, 0] and both[1].node_collection == v.NodeCollection([2])
    assert (neuron + v.Create("parrot_neuron")).compartments[1] is None


def test_plus_makes_a_new_list(neuron):
    one = v.Compartments(neuron, [SOMA])
    for more in (DENDRITE, [DENDRITE], (DENDRITE,), v.Compartments(neuron, [DENDRITE])):
        longer = one + more
        assert isinstance(longer, v.Compartments) and longer.get_tuple() == (SOMA, DENDRITE) and len(one) == 1
    for wrong in (5, "x", v.Receptors(neuron, [SOMA]), None):
        with pytest.raises(NotImplementedError):
            one + wrong
    with pytest.raises(TypeError):
        one + [5]


def test_plus_and_assign_sends_what_is_new(fake, neuron):
    neuron.compartments += SOMA
    neuron.receptors += [{"comp_idx": 0}, {"comp_idx": 0}]
    sent = [values for call, _, values in (call for call in fake.calls if call[0] == "set_node_values")]
    assert sent == [{"add_compartments": [SOMA]}, {"add_receptors": [{"comp_idx": 0}] * 2}]


def test_assignment_sends_plain_lists(fake, neuron):
    neuron.compartments = v.Compartments(neuron, [SOMA, DENDRITE])
    neuron.set({"compartments": SOMA})
    neuron.set([{"receptors": v.Receptors(neuron, [])}])
    neuron.set(compartments=[SOMA])
    neuron.compartments = None
    sent = [values for call, _, values in (call for call in fake.calls if call[0] == "set_node_values")]
    assert sent == [
        {"compartments": [SOMA, DENDRITE]},
        {"compartments": [SOMA]},
        {"receptors": []},
        {"compartments": [SOMA]},
    ]


@pytest.mark.parametrize("make", [v.Compartments, v.Receptors])
def test_wrong_arguments_are_refused(neuron, make):
    for nodes, elements in ((5, []), (None, []), (neuron, 5), (neuron, {}), (neuron, "x")):
        with pytest.raises(TypeError):
            make(nodes, elements)
