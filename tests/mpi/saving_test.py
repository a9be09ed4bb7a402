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
