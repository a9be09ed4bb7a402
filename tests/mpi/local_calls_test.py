"""What each rank is told of its part, and what it sets there."""

import json

from conftest import lines, run_ranks


def told(ranks, script, **more):
    """What each rank has printed, by rank."""
    found = [json.loads(line) for line in lines(run_ranks(ranks, script, **more))]
    return [one["told"] for one in sorted(found, key=lambda one: one["rank"])]


SAY = """
import json
def say(told):
    print(json.dumps({"rank": nest.Rank(), "told": told}), flush=True)
"""


def test_ranks_know_their_places():
    script = (
        "import nest\n"
        + SAY
        + """
nest.local_num_threads = 2
nest.SyncProcesses()
say([nest.NumProcesses(), nest.num_processes, nest.total_num_virtual_procs, list(nest.GetLocalVPs())])
"""
    )
    assert told(2, script) == [[2, 2, 4, [0, 2]], [2, 2, 4, [1, 3]]]


def test_what_a_detector_makes_is_on_one_rank():
    script = (
        "import nest\n"
        + SAY
        + """
detector = nest.Create("correlation_detector", 1, {"tau_max": 1.0, "delta_tau": 0.5})
nest.Simulate(1.0)
made = detector.histogram
say([detector.local, made if made is None else made.tolist(), detector.tau_max])
"""
    )
    found = sorted(told(2, script, PYTHONWARNINGS="ignore"), key=str)
    assert found == [[True, None, 1.0], [True, [0.0] * 5, 1.0]]


def test_nodes_of_others_are_known_and_their_values_are_not():
    script = (
        "import nest\n"
        + SAY
        + """
cells = nest.Create("iaf_psc_alpha", 3, {"V_m": -60.0})
spikes = nest.Create("spike_recorder")
own = nest.GetNodes({"model": "iaf_psc_alpha"}, local_only=True)
same = nest.GetNodes({"V_m": -60.0})
say([cells.local, cells.get("V_m"), cells.vp, cells.thread, spikes.local, own.tolist(), same.tolist(),
     nest.GetLocalNodeCollection(cells).tolist(), cells[0].get("V_m"), cells[:2].get(["C_m", "model"])])
"""
    )
    first, second = told(2, script, PYTHONWARNINGS="ignore")
    assert first == [
        [False, True, False],
        [None, -60.0, None],
        [1, 0, 1],
        [None, 0, None],
        True,
        [2],
        [1, 2, 3],
        [2],
        None,
        {"C_m": [None, 250.0], "model": ["iaf_psc_alpha", "iaf_psc_alpha"]},
    ]
    assert second[:2] == [[True, False, True], [-60.0, None, -60.0]] and second[5:8] == [[1, 3], [1, 2, 3], [1, 3]]


def test_connections_and_events_are_those_of_the_rank():
    script = (
        "import nest\n"
        + SAY
        + """
cells = nest.Create("iaf_psc_alpha", 4, {"I_e": 600.0})
spikes = nest.Create("spike_recorder", params={"record_to": "memory"})
files = nest.Create("spike_recorder", params={"record_to": "ascii"})
nest.overwrite_files = True
nest.Connect(cells, cells)
nest.Connect(cells, spikes)
nest.Connect(cells, files)
found = nest.GetConnections(cells, cells)
nest.Simulate(50.0)
say([sorted(set(found.targets())), nest.num_connections, sorted(set(spikes.events["senders"].tolist())),
     files.filenames[0].rsplit("-", 1)[1] if isinstance(files.filenames, (list, tuple)) else files.filenames,
     len(nest.GetConnections(cells[0], cells[1]))])
"""
    )
    first, second = told(2, script)
    assert first[0] == first[2] == [2, 4] and second[0] == second[2] == [1, 3]
    assert first[1] == second[1] == 2 * 4 + 2 + 2
    assert first[3].startswith("0") and second[3].startswith("1")
    assert (first[4], second[4]) == (1, 0)


def test_each_sets_its_part_as_often_as_it_likes():
    script = (
        "import nest\n"
        + SAY
        + """
cells = nest.Create("iaf_psc_alpha", 10)
nest.Connect(cells, cells, {"rule": "one_to_one"}, {"delay": 2.0})
for cell in cells:
    if cell.local:
        cell.set(V_m=-65.0 - nest.Rank())
if nest.Rank() == 1:
    nest.GetConnections()[0].set({"weight": 4.0})
    nest.GetConnections()[1].delay = 1.0
nest.Simulate(5.0)
say([nest.GetConnections().weight, nest.min_delay])
"""
    )
    assert told(2, script) == [[[1.0] * 5, 1.0], [[4.0] + [1.0] * 4, 1.0]]


def test_a_rank_without_nodes_goes_along():
    script = (
        "import nest\n"
        + SAY
        + """
cells = nest.Create("iaf_psc_alpha", 1, {"I_e": 600.0})
spikes = nest.Create("spike_recorder")
nest.Connect(cells, spikes)
nest.Simulate(50.0)
say([spikes.n_events > 0, nest.num_connections, len(nest.GetConnections())])
"""
    )
    assert told(3, script) == [[False, 0, 0], [True, 1, 1], [False, 0, 0]]


def test_layers_are_written_by_each_rank(tmp_path):
    script = """
import nest
layer = nest.Create("iaf_psc_alpha", positions=nest.spatial.grid([3, 2]))
nest.Connect(layer, layer, {"rule": "one_to_one"})
nest.DumpLayerNodes(layer, "nodes.txt")
nest.DumpLayerConnections(layer, layer, "static_synapse", "connections.txt")
"""
    lines(run_ranks(2, script, cwd=tmp_path))
    assert [len((tmp_path / f"nodes-{rank}.txt").read_text().splitlines()) for rank in (0, 1)] == [3, 3]
    assert (tmp_path / "connections-1.txt").read_text().startswith("1 1 1 1 0 0\n")


def test_positions_and_delays():
    script = (
        "import nest\n"
        + SAY
        + """
layer = nest.Create("iaf_psc_alpha", positions=nest.spatial.free([[1.0, 0.0], [2.0, 0.0], [3.0, 0.0]]))
nest.Connect(layer[0], layer[0], syn_spec={"delay": 1.2})
nest.Connect(layer[1], layer[1], syn_spec={"delay": 2.5})
nest.Connect(layer[1], layer[1], {"rule": "pairwise_bernoulli", "p": 0.0}, {"delay": 0.5})
try:
    nest.GetConnections().set({"weight": [1.0, 2.0]})
except NotImplementedError as refused:
    say([layer.spatial["positions"], len(nest.GetPosition(layer)), nest.min_delay, nest.max_delay, str(refused)])
"""
    )
    why = "set: 'weight' has 2 values, and this rank 1 of the connections: each rank sets its own"
    assert told(2, script) == [[[[2.0, 0.0]], 3, 1.2, 2.5, why], [[[1.0, 0.0], [3.0, 0.0]], 3, 1.2, 2.5, why]]
