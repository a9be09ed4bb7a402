"""Nodes with positions in a real kernel: layers, masks, connections by distance, queries, files, pictures."""

import pickle

import numpy as np
import pytest

CIRCLE = {"circular": {"radius": 0.25}}


def scattered(nest, n=300, seed=1, wraps=False, dimensions=2):
    points = np.random.default_rng(seed).uniform(-0.5, 0.5, (n, dimensions))
    positions = nest.spatial.free(points, extent=[1.01] * dimensions, edge_wrap=wraps)
    return nest.Create("iaf_psc_alpha", positions=positions), points


def wrapped(apart, length):
    return apart - length * np.floor(apart / length + 0.5)


def pairs(nest, model=None):
    found = nest.GetConnections(synapse_model=model)
    return sorted(zip(found.sources(), found.targets()))


def test_grids_and_free_positions(nest):
    grid = nest.Create("iaf_psc_alpha", positions=nest.spatial.grid([3, 2], center=[1, 0], extent=[3, 2]))
    assert len(grid) == 6 and nest.GetPosition(grid)[0] == [0.0, 0.5] and nest.GetPosition(grid[1]) == [0.0, -0.5]
    assert grid.spatial == {
        "network_size": 6,
        "center": (1.0, 0.0),
        "extent": (3.0, 2.0),
        "edge_wrap": False,
        "shape": (3, 2),
    }
    free = nest.Create("iaf_psc_alpha", 4, positions=nest.spatial.free(nest.random.uniform(), num_dimensions=3))
    assert np.shape(free.spatial["positions"]) == (4, 3) and free[1:3].spatial["network_size"] == 2
    assert nest.GetPosition(free[1:3]) == nest.GetPosition(free)[1:3]
    plain = nest.Create("iaf_psc_alpha", 3)
    assert plain.spatial is None and "metadata=None" in repr(plain) and "metadata=spatial" in repr(grid)


def test_layers_are_joined_with_nothing_but_themselves(nest):
    grid = nest.Create("iaf_psc_alpha", positions=nest.spatial.grid([3, 3]))
    other = nest.Create("iaf_psc_alpha", positions=nest.spatial.grid([3, 3]))
    plain = nest.Create("iaf_psc_alpha", 2)
    for a, b in ((grid, other), (grid, plain), (plain, grid)):
        with pytest.raises(nest.NESTErrors.BadProperty):
            a + b
    assert grid[:4] + grid[4:] == grid


def test_parameters_of_nodes_read_positions(nest):
    positions = nest.spatial.free([[1.0, 2.0], [3.0, 5.0], [0.0, 0.0]])
    nodes = nest.Create("iaf_psc_alpha", 3, {"V_m": nest.spatial.pos.x - 2 * nest.spatial.pos.y}, positions)
    assert nodes.V_m == (-3.0, -7.0, 0.0)
    nodes.set(V_m=nest.spatial.pos.y)
    assert nodes.V_m == (2.0, 5.0, 0.0) and nest.spatial.pos.x.apply(nodes[:2]) == (1.0, 3.0)
    noise = nest.Create("dc_generator", 2, {"amplitude": nest.spatial.pos.x}, nest.spatial.free([[1, 2], [3, 4]]))
    assert noise.amplitude == (1.0, 3.0)
    distance = nest.spatial.distance
    assert distance.apply(nodes[0], [[1.0, 2.0], [4.0, 6.0]]) == (0.0, 5.0)
    assert distance.y.apply(nodes[0], [[1.0, 0.0]]) == (2.0,)


@pytest.mark.parametrize("wraps", [False, True])
def test_a_mask_connects_whom_it_holds(nest, wraps):
    sources, a = scattered(nest, seed=1, wraps=wraps)
    targets, b = scattered(nest, seed=2, wraps=wraps)
    rule = {"rule": "pairwise_bernoulli", "p": 1.0, "mask": {**CIRCLE, "anchor": [0.1, 0.0]}}
    nest.Connect(sources, targets, rule)
    apart = b[np.newaxis] - a[:, np.newaxis]
    apart = wrapped(apart, 1.01) if wraps else apart
    near = np.zeros(apart.shape[:2], bool)
    for shift in (-1.01, 0.0, 1.01) if wraps else (0.0,):
        near |= np.hypot(apart[..., 0] + shift - 0.1, apart[..., 1]) <= 0.25
    expected = [(int(i) + 1, int(j) + 301) for i, j in np.argwhere(near)]
    assert pairs(nest) == expected and len(expected) > 5000


def test_connections_do_not_depend_on_the_layout(nest):
    rules = [
        {"rule": "pairwise_bernoulli", "p": nest.spatial_distributions.gaussian(nest.spatial.distance, std=0.1)},
        {"rule": "pairwise_bernoulli", "p": 0.5, "mask": CIRCLE, "use_on_source": True},
        {"rule": "pairwise_poisson", "pairwise_avg_num_conns": 0.1 / (0.1 + nest.spatial.distance), "mask": CIRCLE},
        {"rule": "fixed_indegree", "indegree": 5, "mask": CIRCLE, "p": 1 - nest.spatial.distance},
        {"rule": "fixed_outdegree", "outdegree": 5, "mask": CIRCLE, "allow_multapses": False},
    ]
    synapse = {
        "weight": nest.spatial.distance.x + 10 * nest.random.uniform(),
        "delay": 1 + nest.math.max(nest.spatial.target_pos.x, -0.5) + nest.spatial.distance * nest.random.uniform(),
    }
    seen = []
    for vps in (1, 2, 3, 7):
        nest.ResetKernel()
        nest.total_num_virtual_procs = vps
        near = nest.math.redraw(nest.random.normal(std=0.3), -0.5, 0.5)
        layer = nest.Create("iaf_psc_alpha", 200, positions=nest.spatial.free([near, nest.random.uniform()]))
        for rule in rules:
            nest.Connect(layer, layer, rule, synapse)
        found = nest.GetConnections()
        columns = zip(found.sources(), found.targets(), found.weight, found.delay)
        seen.append((nest.GetPosition(layer), sorted(columns)))
    assert all(one == seen[0] for one in seen) and len(seen[0][1]) > 2000


def test_weights_and_delays_follow_distances(nest):
    layer, points = scattered(nest, 100, wraps=True)
    far = nest.spatial.distance
    synapse = {"weight": 2 * far + nest.spatial.source_pos.y, "delay": 0.5 + nest.spatial.target_pos.x}
    with_delays = {**synapse, "delay": 1.0 + nest.spatial.target_pos.x}
    nest.Connect(layer, layer, {"rule": "pairwise_bernoulli", "p": 0.3}, with_delays)
    found = nest.GetConnections()
    sources, targets = np.array(list(found.sources())) - 1, np.array(list(found.targets())) - 1
    distances = np.hypot(*wrapped(points[targets] - points[sources], 1.01).T)
    assert np.allclose(found.weight, 2 * distances + points[sources, 1], rtol=0, atol=1e-12)
    assert np.allclose(found.delay, 1.0 + points[targets, 0], rtol=0, atol=0.051)
    assert np.allclose(found.distance, distances, rtol=0, atol=1e-12)
    with pytest.raises(nest.NESTErrors.BadDelay):  # some are below the resolution
        nest.Connect(layer, layer, {"rule": "pairwise_bernoulli", "p": 0.3}, synapse)
    assert nest.num_connections == len(found)


def test_recorders_hear_whom_their_mask_holds(nest):
    layer, points = scattered(nest, 60)
    places = np.array([[-0.25, 0.0], [0.25, 0.0]])
    recorders = nest.Create("spike_recorder", positions=nest.spatial.free(places, extent=[1.01, 1.01]))
    rule = {"rule": "pairwise_bernoulli", "p": 1.0, "mask": CIRCLE, "use_on_source": True}
    nest.Connect(layer, recorders, rule, {"weight": 2 * nest.spatial.distance})
    far = np.hypot(*(points[:, np.newaxis] - places).transpose(2, 0, 1))
    assert pairs(nest) == [(int(i) + 1, int(j) + 61) for i, j in np.argwhere(far <= 0.25)]
    found = nest.GetConnections()
    ends = np.array(found.source) - 1, np.array(found.target) - 61
    assert np.allclose(found.weight, 2 * far[ends], rtol=0, atol=1e-12)


def test_meters_and_generators_of_a_layer_reach_the_mask(nest):
    layer, points = scattered(nest, 60)
    for model in ("poisson_generator", "voltmeter", "dc_generator"):
        device = nest.Create(model, positions=nest.spatial.free([[0.1, 0.1]], extent=[1.01, 1.01]))
        nest.Connect(device, layer, {"rule": "pairwise_bernoulli", "p": 1.0, "mask": CIRCLE})
        near = np.flatnonzero(np.hypot(*(points - 0.1).T) <= 0.25) + 1
        assert sorted(nest.GetConnections(device).targets()) == near.tolist()
    nest.Simulate(5.0)


def test_distances_of_nodes_without_positions_are_no_numbers(nest):
    layer, _ = scattered(nest, 3)
    plain = nest.Create("iaf_psc_alpha", 2)
    nest.Connect(layer, plain)
    assert np.isnan(nest.GetConnections().distance).all()


def test_displacements_and_distances(nest):
    torus = nest.Create("iaf_psc_alpha", positions=nest.spatial.grid([4, 1], extent=[4.0, 1.0], edge_wrap=True))
    assert nest.Displacement([[-1.5, 0.0]], torus) == [[0.0, 0.0], [1.0, 0.0], [-2.0, 0.0], [-1.0, 0.0]]
    assert nest.Displacement(torus, torus[0]) == [[0.0, 0.0], [1.0, 0.0], [-2.0, 0.0], [-1.0, 0.0]]
    assert nest.Displacement(torus[1], torus[0]) == [[1.0, 0.0]] and nest.Displacement(torus[0], torus[1]) == [
        [-1.0, 0.0]
    ]
    assert nest.Distance(torus[0], torus) == [0.0, 1.0, 2.0, 1.0]
    assert nest.Distance(np.array([-1.5, 3.0]), torus[:1]) == [0.0]
    assert nest.Distance([[-1.5, 0.0], [1.5, 0.0]], torus[:1]) == [0.0, 1.0]
    with pytest.raises(ValueError):
        nest.Distance(torus[:2], torus[:3])
    for wrong in (3, "nodes", None):
        with pytest.raises(TypeError):
            nest.Distance(wrong, torus)
        with pytest.raises(TypeError):
            nest.Displacement(torus, wrong)


def test_nearest_and_central_nodes(nest):
    layer = nest.Create("iaf_psc_alpha", positions=nest.spatial.grid([3, 3], extent=[3.0, 3.0]))
    assert nest.FindCenterElement(layer) == layer[4]
    assert nest.FindNearestElement(layer, [0.1, 0.0]) == layer[4]
    assert nest.FindNearestElement(layer, ((0.0, 0.0), (1.0, 1.0))) == [layer[4], layer[6]]
    assert nest.FindNearestElement(layer, (0.5, 0.5), find_all=True) == [layer[3], layer[4], layer[6], layer[7]]
    assert nest.FindNearestElement(layer, [[0.0, 0.0]], find_all=True) == [[layer[4]]]
    for wrong, error in ((3, TypeError), ([[1.0]], ValueError), ([[1.0, np.nan]], nest.NESTErrors.BadProperty)):
        with pytest.raises(error):
            nest.FindNearestElement(layer, wrong)
    with pytest.raises(ValueError):
        nest.FindNearestElement(nest.NodeCollection(), [0.0, 0.0])


def test_masks(nest):
    circle, box = nest.CreateMask("circular", {"radius": 1.0}), nest.CreateMask(
        "rectangular", {"lower_left": [0.0, -0.5], "upper_right": [2.0, 0.5]}
    )
    inside = {name: mask.Inside([1.5, 0.0]) for name, mask in {"|": circle | box, "&": circle & box}.items()}
    assert inside == {"|": True, "&": False} and (box - circle).Inside([1.5, 0.0]) and circle.Inside([0.0, -1.0])
    assert nest.CreateMask("circular", {"radius": 1.0}, anchor=[3.0, 0.0]).Inside([4.0, 0.0])
    assert pickle.loads(pickle.dumps(circle & box)).Inside([0.5, 0.0])
    layer = nest.Create("iaf_psc_alpha", positions=nest.spatial.grid([5, 5], extent=[5.0, 5.0]))
    assert nest.SelectNodesByMask(layer, [0.0, 0.0], circle).tolist() == [8, 12, 13, 14, 18]
    nest.Connect(layer, layer, {"rule": "pairwise_bernoulli", "mask": circle & box})
    assert pairs(nest) == sorted([(i, i) for i in range(1, 26)] + [(i, i + 5) for i in range(1, 21)])


def test_wrong_masks(nest):
    errors = nest.NESTErrors
    for kind, specs, error in (
        ("circular", {"radius": -1.0}, errors.BadProperty),
        ("circle", {"radius": 1.0}, errors.BadProperty),
        ("circular", {"radius": 1.0, "radios": 2}, errors.UnaccessedDictionaryEntry),
        ("circular", 3, TypeError),
        (3, {}, TypeError),
    ):
        with pytest.raises(error):
            nest.CreateMask(kind, specs)
    circle = nest.CreateMask("circular", {"radius": 1.0})
    with pytest.raises(TypeError):
        nest.Mask(3)
    with pytest.raises(NotImplementedError):
        circle & 3
    with pytest.raises(errors.BadProperty):
        circle | nest.CreateMask("spherical", {"radius": 1.0})
    with pytest.raises(errors.KernelException):
        circle.Inside([1.0, 2.0, 3.0])
    with pytest.raises(errors.KernelException):
        nest.CreateMask("grid", {"shape": [2, 2]}).Inside([0.0, 0.0])
    layer, _ = scattered(nest, 10)
    with pytest.raises(AttributeError):
        nest.SelectNodesByMask(layer, [0.0, 0.0], 3)
    with pytest.raises(errors.BadProperty):
        nest.SelectNodesByMask(layer, [0.0], circle)
    with pytest.raises(errors.TypeMismatch):
        nest.SelectNodesByMask(layer, [0.0, 0.0, 0.0], circle)


def test_who_is_connected_with_whom(nest):
    layer = nest.Create("iaf_psc_alpha", positions=nest.spatial.grid([2, 2]))
    nest.Connect(layer[:2], layer, {"rule": "pairwise_bernoulli", "mask": {"grid": {"shape": [1, 2]}}})
    nest.Connect(layer[0], layer[1], syn_spec="stdp_synapse")
    assert [t.tolist() for t in nest.GetTargetNodes(layer, layer)] == [[1, 2], [2], [], []]
    assert [t.tolist() for t in nest.GetTargetNodes(layer[0], layer, "stdp_synapse")] == [[2]]
    assert [s.tolist() for s in nest.GetSourceNodes(layer, layer[1:3])] == [[1, 2], []]
    at = nest.GetPosition(layer)
    assert nest.GetTargetPositions(layer[0], layer) == [[at[0], at[1], at[1]]]
    assert nest.GetSourcePositions(layer, layer[1:3]) == [[at[0], at[0], at[1]], []]
    for verb in (nest.GetTargetNodes, nest.GetSourceNodes, nest.GetTargetPositions, nest.GetSourcePositions):
        with pytest.raises(TypeError):
            verb(layer, [1, 2])
        with pytest.raises(nest.NESTErrors.UnknownSynapseType):
            verb(layer, layer, "no such synapse")


def test_files(nest, tmp_path):
    layer = nest.Create("iaf_psc_alpha", positions=nest.spatial.grid([2, 1], extent=[2.0, 1.0], edge_wrap=True))
    nest.Connect(layer, layer, {"rule": "pairwise_bernoulli", "p": 1.0}, {"weight": 2.5})
    nest.DumpLayerNodes(layer, str(tmp_path / "nodes"))
    assert (tmp_path / "nodes").read_text() == "1 -0.5 0\n2 0.5 0\n"
    nest.DumpLayerConnections(layer, layer, "static_synapse", str(tmp_path / "connections"))
    lines = (tmp_path / "connections").read_text().splitlines()
    assert sorted(lines) == ["1 1 2.5 1 0 0", "1 2 2.5 1 -1 0", "2 1 2.5 1 -1 0", "2 2 2.5 1 0 0"]
    nest.DumpLayerConnections(layer, layer, "stdp_synapse", str(tmp_path / "connections"))
    assert (tmp_path / "connections").read_text() == ""
    with pytest.raises(TypeError):
        nest.DumpLayerConnections(layer, layer, 3, str(tmp_path / "x"))


def test_wrong_positions_make_no_nodes(nest):
    free, grid, errors = nest.spatial.free, nest.spatial.grid, nest.NESTErrors
    uniform = nest.random.uniform()
    for make, error in (
        (lambda: free([[0, 0]], extent=[1, 1], num_dimensions=2), TypeError),
        (lambda: free([[0, 0]], num_dimensions=2), TypeError),
        (lambda: free(uniform), TypeError),
        (lambda: free(uniform, num_dimensions=4), ValueError),
        (lambda: free(3), TypeError),
        (lambda: grid(3), TypeError),
    ):
        with pytest.raises(error):
            make()
    for positions, n, error in (
        ([[0, 0]], 1, TypeError),
        (grid([2, 2]), 4, ValueError),
        (grid([0, 2]), 1, errors.BadProperty),
        (grid([2, 2], extent=[1.0, -1.0]), 1, errors.BadProperty),
        (grid([2, 2], extent=[1.0, np.inf]), 1, errors.BadProperty),
        (grid([2.5, 2]), 1, errors.BadProperty),
        (grid([2**40, 2**40]), 1, errors.KernelException),
        (free([]), 1, errors.BadProperty),
        (free([[0, 0], [1, 1, 1]]), 1, errors.BadProperty),
        (free([[0, 0], [1, np.nan]]), 1, errors.BadProperty),
        (free([[0, 0]]), 1, errors.KernelException),
        (free([[0, 0], [2, 2]], extent=[1.0, 1.0]), 1, errors.BadProperty),
        (free([nest.spatial.pos.x, uniform]), 5, errors.BadParameterValue),
    ):
        with pytest.raises(error):
            nest.Create("iaf_psc_alpha", n, positions=positions)
    with pytest.raises(errors.KernelException):  # there is no third coordinate
        nest.Create("iaf_psc_alpha", params={"V_m": nest.spatial.pos.z}, positions=grid([2, 2]))
    with pytest.raises(errors.BadParameterValue):
        nest.Create("iaf_psc_alpha", params={"V_m": nest.spatial.distance}, positions=grid([2, 2]))
    assert nest.network_size == 0


def test_wrong_connections_make_none(nest):
    layer, _ = scattered(nest, 20, wraps=True)
    space, _ = scattered(nest, 20, dimensions=3)
    plain, errors = nest.Create("iaf_psc_alpha", 20), nest.NESTErrors
    recorder = nest.Create("spike_recorder", positions=nest.spatial.grid([2, 2]))
    bernoulli = {"rule": "pairwise_bernoulli", "mask": CIRCLE}
    far = nest.spatial.distance
    for pre, post, rule, synapse, error in (
        (plain, plain, bernoulli, None, TypeError),
        (layer, plain, bernoulli, None, TypeError),
        (layer, layer, {"rule": "all_to_all", "mask": CIRCLE}, None, ValueError),
        (layer, layer, {"rule": "all_to_all"}, {"weight": far}, ValueError),
        (layer, layer, {**bernoulli, "make_symmetric": True}, None, ValueError),
        (layer, layer, bernoulli, {"synapse_model": "stdp_synapse", "Wmax": 3.0}, ValueError),
        (layer, space, bernoulli, None, errors.BadProperty),
        (space, space, bernoulli, None, errors.BadProperty),
        (layer, layer, {**bernoulli, "mask": {"circular": {"radius": 0.6}}}, None, errors.BadProperty),
        (layer, layer, {**bernoulli, "mask": {"grid": {"shape": [1, 1]}}}, None, errors.BadProperty),
        (layer, layer, {**bernoulli, "mask": 3}, None, TypeError),
        (layer, layer, {"rule": "fixed_indegree", "indegree": -1, "mask": CIRCLE}, None, errors.BadProperty),
        (
            layer,
            layer,
            {"rule": "fixed_indegree", "indegree": 30, "mask": CIRCLE, "allow_multapses": False},
            None,
            errors.KernelException,
        ),
        (layer, layer, {"rule": "fixed_outdegree", "outdegree": 1, "p": 0 * far}, None, errors.KernelException),
        (layer, layer, {"rule": "pairwise_bernoulli", "p": far.z}, None, errors.KernelException),
        (layer, layer, {"rule": "pairwise_bernoulli", "p": 0 * far / (0 * far)}, None, errors.BadProperty),
        (layer, layer, bernoulli, {"weight": nest.spatial.pos.x}, errors.BadParameterValue),
        (layer, recorder, bernoulli, None, errors.IllegalConnection),
        (layer, recorder, {**bernoulli, "use_on_source": False}, None, errors.IllegalConnection),
        (layer, recorder, {"rule": "fixed_outdegree", "outdegree": 1, "mask": CIRCLE}, None, errors.IllegalConnection),
    ):
        with pytest.raises(error):
            nest.Connect(pre, post, rule, synapse)
    assert nest.num_connections == 0
    nest.Connect(layer, layer, {**bernoulli, "mask": {"circular": {"radius": 0.9}}, "allow_oversized_mask": True})
    assert nest.num_connections == 400


def test_spatial_parameters_without_space(nest):
    errors, plain = nest.NESTErrors, nest.Create("iaf_psc_alpha", 2)
    with pytest.raises(errors.BadParameterValue):
        nest.spatial.distance.GetValue()
    with pytest.raises(errors.KernelException):
        nest.spatial.pos.x.apply(plain)
    with pytest.raises(errors.BadParameterValue):
        nest.spatial_distributions.gaussian(nest.random.uniform()).GetValue()
    with pytest.raises(errors.BadParameterValue):
        nest.spatial.pos.n(-1)
    for verb in (nest.GetPosition, nest.FindCenterElement):
        with pytest.raises(errors.LayerExpected):
            verb(plain)
        with pytest.raises(TypeError):
            verb([1, 2])
    layer, _ = scattered(nest, 4)
    for positions, error in (([1.0, 2.0], TypeError), ([[1.0, 2.0], [1.0]], ValueError), ([[1.0] * 3], nest.NESTError)):
        with pytest.raises(error):
            nest.spatial.distance.apply(layer[0], positions)
    with pytest.raises(ValueError):
        nest.spatial.distance.apply(layer, [[1.0, 2.0]])


def test_pictures(nest):
    plt = pytest.importorskip("matplotlib.pyplot")
    plt.switch_backend("Agg")
    layer = nest.Create("iaf_psc_alpha", positions=nest.spatial.grid([5, 5], extent=[5.0, 5.0]))
    mask = {"rectangular": {"lower_left": [-1.1, -1.1], "upper_right": [1.1, 1.1]}}
    p = nest.spatial_distributions.gaussian(nest.spatial.distance, std=1.0)
    nest.Connect(layer, layer, {"rule": "pairwise_bernoulli", "mask": mask})
    figure, ax = plt.subplots()
    assert nest.PlotLayer(layer, ax=ax) is ax and len(ax.collections[-1].get_offsets()) == 25
    plain = nest.PlotTargets(nest.FindCenterElement(layer), layer)
    assert len(plain.gca().collections[0].get_offsets()) == 9
    fig = nest.PlotSources(layer, layer[0], mask=mask, probability_parameter=p)
    assert len(fig.axes[0].collections[0].get_offsets()) == 4 and fig.axes[0].patches and fig.axes[0].images
    assert nest.PlotProbabilityParameter(layer[12], p, edges=[-2.5, 2.5, -2.5, 2.5], shape=[50, 40]) is None
    space = nest.Create("iaf_psc_alpha", positions=nest.spatial.grid([2, 2, 2]))
    assert nest.PlotLayer(space).gca().name == "3d"
    with pytest.raises(ValueError):
        nest.PlotProbabilityParameter(layer[0])
    with pytest.raises(TypeError):
        nest.PlotTargets(layer, layer)
    with pytest.raises(TypeError):
        nest.PlotLayer([1])
    plt.close("all")


def test_wrong_arguments_are_told_of_in_the_words_of_the_call(nest, tmp_path):
    plt = pytest.importorskip("matplotlib.pyplot")
    plt.switch_backend("Agg")
    errors, distance, circle = nest.NESTErrors, nest.spatial.distance, nest.CreateMask("circular", {"radius": 1.0})
    layer = nest.Create("iaf_psc_alpha", positions=nest.spatial.grid([3, 3]))
    space = nest.Create("iaf_psc_alpha", positions=nest.spatial.grid([2, 2, 2]))
    out, one = str(tmp_path / "out"), layer[4]
    queries = [nest.GetTargetNodes, nest.GetSourceNodes, nest.GetTargetPositions, nest.GetSourcePositions]
    draw = nest.PlotProbabilityParameter
    wrong = [
        *((verb, (layer, layer, 5), TypeError, verb.__name__) for verb in queries),
        *((verb, (layer, layer, ""), errors.UnknownSynapseType, verb.__name__) for verb in queries),
        (nest.DumpLayerConnections, (layer, layer, "", out), errors.UnknownSynapseType, "DumpLayerConnections"),
        (nest.DumpLayerConnections, (layer, space, "static_synapse", out), errors.BadProperty, "dimensions"),
        (nest.SelectNodesByMask, (layer, [0.0, 0.0], None), AttributeError, "mask_obj must be a Mask, not NoneType"),
        (nest.SelectNodesByMask, (layer, [0.0, 0.0], nest.spatial.grid([2, 2])), AttributeError, "must be a Mask"),
        *(
            (nest.SelectNodesByMask, (layer, at, circle), errors.BadProperty, "anchor")
            for at in ("x", {}, [[1], [1, 2]])
        ),
        *((circle.Inside, (at,), ValueError, "Mask.Inside") for at in ("x", {}, [[1.0], [1.0, 2.0]])),
        *((nest.CreateParameter, ("constant", specs), TypeError, "specs") for specs in (None, 5, "x", ["value"])),
        *((at.n, (1.5,), errors.TypeMismatch, "dimension") for at in (nest.spatial.pos, nest.spatial.target_pos)),
        *((distance.n, (axis,), errors.TypeMismatch, "integer") for axis in (True, 1.0, np.inf)),
        *((nest.PlotLayer, (layer, figure), TypeError, "fig") for figure in (5, "x", layer)),
        *((verb, (one, one, None, 5), TypeError, "fig") for verb in (nest.PlotTargets, nest.PlotSources)),
        (nest.PlotTargets, (one, layer, None, None, 5), TypeError, "mask"),
        (nest.PlotTargets, (one, layer, None, None, {"circle": {}}), errors.BadProperty, "circular"),
        (nest.PlotTargets, (one, layer, None, None, None, 0.5), TypeError, "must be a Parameter"),
        (nest.PlotTargets, (one, space), errors.BadProperty, "dimensions"),
        (nest.PlotSources, (space, one), errors.BadProperty, "dimensions"),
        (draw, (one, 0.5), TypeError, "must be a Parameter"),
        (draw, (one, None, "circle"), TypeError, "mask"),
        *(
            (draw, (one, distance, None, edges), ValueError, "edges")
            for edges in (None, "x", [1, 2, 3], [0, np.nan, 0, 1])
        ),
        *(
            (draw, (one, distance, None, [0, 1, 0, 1], n), ValueError, "shape")
            for n in (None, 5, [1, 2, 3], [0, 5], "ab")
        ),
    ]
    for call, arguments, error, word in wrong:
        with pytest.raises(error, match=word):
            call(*arguments)
    plt.close("all")
    assert nest.FindNearestElement(layer, [0.0, 0.0], find_all=[1]) == [one], "whatever is true"


def color_at(figure, ax, point):
    """What is drawn at a point: red, green, blue."""
    x, y = ax.transData.transform(point)
    pixels = np.asarray(figure.canvas.buffer_rgba())
    return pixels[pixels.shape[0] - 1 - int(y), int(x), :3].astype(int)


def test_pictures_show_nodes_mask_and_probability(nest):
    plt = pytest.importorskip("matplotlib.pyplot")
    plt.switch_backend("Agg")
    layer = nest.Create("iaf_psc_alpha", positions=nest.spatial.grid([5, 5], extent=[5.0, 5.0]))
    mask = {"rectangular": {"lower_left": [-1.5, -1.5], "upper_right": [1.5, 1.5]}}
    bell = nest.spatial_distributions.gaussian(nest.spatial.distance, std=1.0)
    nest.Connect(layer, layer, {"rule": "pairwise_bernoulli", "mask": mask})
    figure, ax = plt.subplots(figsize=(5, 5), dpi=100)
    assert nest.PlotTargets(layer[12], layer, mask=mask, probability_parameter=bell, ax=ax) is ax
    figure.canvas.draw()
    source, target, other = (color_at(figure, ax, point) for point in ((0, 0), (1, 1), (2, 2)))
    assert source[0] > 180 > 100 > source[2], source  # red
    assert target[2] > 180 > 100 > target[0], target  # blue
    assert other.min() > 220, other  # nobody is connected there, and it is unlikely
    near, far, edge = (color_at(figure, ax, point) for point in ((0.5, 0), (0, 2.4), (1.5, 0.5)))
    assert near[1] > near[0] + 50 and near[0] < far[0] - 50, (near, far)  # greener where it is likelier
    assert edge[0] > 200 and edge[1] > 200 and edge[2] < 100, edge  # yellow
    plt.close("all")
