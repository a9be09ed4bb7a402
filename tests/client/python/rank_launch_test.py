"""Whether a process is one of several ranks, as its environment says, and what the package makes of it."""

import os
import sys

import pytest

import volley as v
from volley import rank_launch

_NAMES = ("VOLLEY_MPI", "VOLLEY_MPI_PROCESS", *rank_launch._SIZES, *rank_launch._PLACES)


@pytest.fixture
def launched(monkeypatch):
    """Says how the process was started."""

    def launch(**environment: str) -> None:
        for name in _NAMES:
            monkeypatch.delenv(name, raising=False)
        for name, value in environment.items():
            monkeypatch.setenv(name, value)

    return launch


def test_a_launcher_says_so(launched):
    launched()
    assert not rank_launch.is_one_of_several() and rank_launch.is_first()
    launched(OMPI_COMM_WORLD_SIZE="2", OMPI_COMM_WORLD_RANK="1")
    assert rank_launch.is_one_of_several() and not rank_launch.is_first()
    launched(OMPI_COMM_WORLD_SIZE="2", OMPI_COMM_WORLD_RANK="0")
    assert rank_launch.is_one_of_several() and rank_launch.is_first()
    launched(OMPI_COMM_WORLD_SIZE="1", OMPI_COMM_WORLD_RANK="0")
    assert not rank_launch.is_one_of_several()
    launched(PMIX_RANK="1")
    assert rank_launch.is_one_of_several()


def test_processes_may_be_of_their_own(launched):
    launched(OMPI_COMM_WORLD_SIZE="2", VOLLEY_MPI="off")
    assert not rank_launch.is_one_of_several()
    launched(OMPI_COMM_WORLD_SIZE="2", VOLLEY_MPI_PROCESS="1")
    assert not rank_launch.is_one_of_several(), "a rank has started this process"
    launched(OMPI_COMM_WORLD_SIZE="2", VOLLEY_MPI_PROCESS=str(os.getpid()))
    assert rank_launch.is_one_of_several()


def test_what_is_one_process_is_refused(launched):
    launched()
    rank_launch.refuse_ranks("a server")
    launched(OMPI_COMM_WORLD_SIZE="2")
    with pytest.raises(RuntimeError, match="a server is one process"):
        rank_launch.refuse_ranks("a server")


def test_the_build_tells_how_ranks_are_started():
    told = v.GetKernelStatus("build_info")
    assert told["have_mpi"] == (rank_launch.mpi_library() is not None)
    assert ("mpiexec" in told) == told["have_mpi"]


class communicator:
    """Of mpi4py, as far as the kernel asks."""

    def __init__(self, size: int, rank: int):
        self._size, self._rank = size, rank

    def Get_size(self) -> int:
        return self._size

    def Get_rank(self) -> int:
        return self._rank


def test_a_communicator_must_have_all_ranks(fake, monkeypatch):
    monkeypatch.setitem(sys.modules, "mpi4py", None)
    v.set_communicator(communicator(3, 1))  # one process: without effect
    fake.status.update(num_processes=2, mpi_rank=1)
    v.set_communicator(communicator(2, 1))
    for other in communicator(1, 0), communicator(2, 0):
        with pytest.raises(NotImplementedError, match="2 that mpirun has started"):
            v.set_communicator(other)


def test_ranks_wait_for_each_other_in_a_call_that_all_make(fake):
    v.SyncProcesses()
    assert fake.calls == [("set_kernel_status", {})]


def test_nodes_of_this_rank_are_asked_for(fake):
    v.Create("iaf_psc_alpha", 3)
    fake.nodes[2]["local"] = False
    assert v.GetNodes(local_only=True).tolist() == [1, 3]
    assert v.GetNodes({"model": "iaf_psc_alpha"}).tolist() == [1, 2, 3]
    assert v.GetNodes()._to_array("rank") == {"Rank 0": [1, 3]}
