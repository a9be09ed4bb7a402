"""plot_network: what it draws, where it writes, and what it refuses."""

import matplotlib.image
import numpy as np
import pytest

import volley as v
from volley import visualization


@pytest.fixture
def network(fake):
    neurons = v.Create("iaf_psc_alpha", 3)
    noise, recorder = v.Create("poisson_generator"), v.Create("spike_recorder")
    v.Connect(noise, neurons, syn_spec={"weight": 2.0})
    v.Connect(neurons[0], neurons, syn_spec={"weight": -1.0})
    v.Connect(neurons[0], neurons[1:], syn_spec={"weight": -1.0})
    v.Connect(neurons, recorder)
    return neurons + noise


def test_the_graph_has_nodes_by_kind_and_each_pair_once(network):
    graph = visualization._graph(network).splitlines()
    assert "  1 [shape=circle];" in graph and "  4 [shape=house];" in graph and "  5 [shape=box];" in graph
    edges = [line for line in graph if "->" in line]
    assert len(edges) == 3 + 3 + 3 and sum("arrowhead=dot" in edge for edge in edges) == 3
    assert [edge.split(" [")[0] for edge in edges if edge.startswith("  4")] == ["  4 -> 1", "  4 -> 2", "  4 -> 3"]
    assert "->" not in visualization._graph(v.NodeCollection([5]))


def near(image, colour):
    """Which pixels have a colour, within the softness of edges."""
    wanted = np.array([int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)])
    return np.abs(image[..., :3] - wanted).max(axis=-1) < 0.15


def test_the_picture_shows_nodes_and_both_kinds_of_connections(network, tmp_path):
    name = str(tmp_path / "network.png")
    assert v.visualization.plot_network(network, name) is None
    image = matplotlib.image.imread(name)
    assert min(image.shape[:2]) > 100 and max(image.shape[:2]) < 1000
    assert 0.5 < np.all(image[..., :3] > 0.97, axis=-1).mean() < 0.97  # a drawing on white
    excitatory, inhibitory = near(image, visualization._EXCITATORY), near(image, visualization._INHIBITORY)
    assert excitatory.sum() > 2 * inhibitory.sum() / 3 > 20
    v.visualization.plot_network(network[3], name)
    assert not near(matplotlib.image.imread(name), visualization._INHIBITORY).any()


def test_a_pdf_is_written(network, tmp_path):
    v.visualization.plot_network(network, str(tmp_path / "network.pdf"))
    assert (tmp_path / "network.pdf").read_bytes().startswith(b"%PDF")


@pytest.mark.parametrize(
    "nodes, name, more, error",
    [
        ([1, 2], "x.png", {}, TypeError),
        (None, "x.png", {}, TypeError),
        (v.NodeCollection, "x.png", {}, ValueError),
        ("network", "x.svg", {}, ValueError),
        ("network", "x", {}, ValueError),
        ("network", "x.png", {"ext_conns": True}, NotImplementedError),
        ("network", "x.png", {"plot_modelnames": True}, NotImplementedError),
        ("network", "/nowhere/x.png", {}, OSError),
    ],
)
def test_wrong_arguments_are_refused(network, nodes, name, more, error, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    given = network if nodes == "network" else nodes() if callable(nodes) else nodes
    with pytest.raises(error):
        v.visualization.plot_network(given, name, **more)
    assert not list(tmp_path.iterdir())


def test_without_graphviz_it_says_what_is_missing(network, tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(ImportError, match="graphviz"):
        v.visualization.plot_network(network, str(tmp_path / "x.png"))
