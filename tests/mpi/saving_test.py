"""Saved on some ranks, loaded on others: the network goes on with the same bits."""

import os

import pytest
from conftest import HERE, lines, run_ranks
from network import merged

NETWORK = HERE / "network.py"


def result_of(folder, ranks, *arguments):
    lines(run_ranks(ranks, NETWORK, *arguments, cwd=folder))
    found = merged(folder)
    del found["ascii"]  # loaded recorders begin new files
    for part in folder.glob("part-*.json"):
        part.unlink()
    return found


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("saved")


@pytest.fixture(scope="module")
def expected(folder):
    return result_of(folder, 1, "2")


@pytest.mark.parametrize("saved, loaded", [((1, 2), (2, 4)), ((2, 2), (1, 3)), ((3, 3), (2, 2)), ((2, 4), (3, 6))])
def test_other_ranks_go_on(folder, expected, saved, loaded):
    (ranks, vps), (other_ranks, other_vps) = saved, loaded
    lines(run_ranks(ranks, NETWORK, str(vps), "first", "half.volley", cwd=folder))
    assert result_of(folder, other_ranks, str(other_vps), "second", "half.volley") == expected


SAVED = f"""
import os, signal, sys, threading, nest
sys.path.insert(0, {str(HERE)!r})
import network
nest.set(total_num_virtual_procs=4, rng_seed=77, overwrite_files=True)
network.first_half(nest)
nest.Save("early.volley")
nest.Simulate(5.0)
nest.ResetKernel()
nest.set(total_num_virtual_procs=4, rng_seed=77, overwrite_files=True)
network.first_half(nest)
nest.Save("left.volley")
try:
    nest.Save("no/such/folder/file")
except nest.NESTError:
    pass
if nest.Rank() == {{dies}}:
    threading.Timer(1.0, lambda: os.kill(os.getpid(), signal.SIGKILL)).start()
try:
    nest.Simulate(3.6e6)
except nest.NESTError as lost:
    open("told-" + str(nest.Rank()), "w").write(str(lost))
    raise
"""


@pytest.mark.parametrize("dies", [0, 1])
def test_a_rank_that_dies_leaves_the_last_file_to_go_on_from(folder, expected, dies):
    done = run_ranks(2, SAVED.format(dies=dies), cwd=folder, timeout=60)
    left = 'saved last in "left.volley" at 30.0 ms: nest.Load continues from there'
    assert done.returncode != 0 and f"has died; {left}" in done.stderr, done.stderr
    told = (folder / f"told-{1 - dies}").read_text()
    assert told.startswith(f"rank {dies} ") and told.endswith(f"the network is lost with it; {left}"), told
    assert result_of(folder, 1, "3", "second", "left.volley") == expected


REFUSED = """
import nest
nest.Create("iaf_psc_alpha", 3)
for call, path in (nest.Save, "no/such/folder/file"), (nest.Load, "none"), (nest.Load, "damaged"):
    try:
        call(path)
        print("nothing happened")
    except nest.NESTError as refused:
        print(type(refused).__name__, path in str(refused))
nest.Simulate(1.0)
print(nest.network_size)
"""


def test_what_one_rank_cannot_write_or_read_is_refused_on_all(tmp_path):
    (tmp_path / "damaged").write_bytes(b"VLLYSAVE" + os.urandom(100))
    said = lines(run_ranks(2, REFUSED, cwd=tmp_path))
    assert sorted(said) == ["3"] * 2 + ["IOError True"] * 6
