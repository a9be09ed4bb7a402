"""Whether this process was started as one of several ranks, by mpirun or a like launcher; nothing is asked of MPI."""

import os
from importlib.util import find_spec
from pathlib import Path

_SIZES = ("OMPI_COMM_WORLD_SIZE", "PMI_SIZE", "MPI_LOCALNRANKS")
_PLACES = ("OMPI_COMM_WORLD_RANK", "PMIX_RANK", "PMI_RANK")


def is_one_of_several() -> bool:
    """Whether there are other ranks; False with VOLLEY_MPI=off, which makes each process one of its own, and in
    processes that a rank has started."""
    me = str(os.getpid())
    if os.environ.get("VOLLEY_MPI") == "off" or os.environ.get("VOLLEY_MPI_PROCESS", me) != me:
        return False
    sizes = [os.environ[name] for name in _SIZES if name in os.environ]
    return sizes[0] != "1" if sizes else any(name in os.environ for name in _PLACES)


def is_first() -> bool:
    """Whether this process is the one that speaks for all, where there are several."""
    places = [os.environ[name] for name in _PLACES if name in os.environ]
    return not is_one_of_several() or not places or places[0] == "0"


def refuse_ranks(what: str) -> None:
    """RuntimeError in a process that is one of several ranks."""
    if is_one_of_several():
        raise RuntimeError(
            f"{what} is one process, and this one was started as one of several ranks: start it without mpirun, or set "
            "VOLLEY_MPI=off"
        )


def mpi_library() -> Path | None:
    """The library beside the extension that calls MPI; None in a build without it."""
    extension = find_spec("_volley")
    if extension is None or extension.origin is None:
        return None
    library = Path(extension.origin).with_name("_volley_mpi.so")
    return library if library.is_file() else None
