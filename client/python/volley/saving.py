"""Networks in files: Save, Load, and what a file holds; and on another number of virtual processes."""

import operator
import os
from typing import Any

from .session import session

__all__ = ["DescribeSaved", "Load", "Save", "rescale"]


def Save(path: str | os.PathLike[str]) -> None:
    """Writes the whole network into a file: what `Load` makes of it goes on with the same bits.

    Possible at any time but in a run, also between Prepare and Cleanup, and where a run ended between two exchanges of
    spikes. The file has nodes, connections, weights, spikes in flight, positions, settings, the state of all draws, and
    the events that recorders have in memory; files of recorders stay where they are. It appears when all of it is
    written. A kernel in a server writes on its machine, below its folder of recorded data.
    Errors: TypeError; IOError when the file exists and `overwrite_files` is False, or the disk refuses; KernelException
    after a run that failed; NotImplemented in a dry run.
    """
    session().save(_text("Save", path))


def Load(path: str | os.PathLike[str]) -> None:
    """Puts a saved network in place of the one that there is, on as many virtual processes as the kernel has now.

    Nodes have the ids that they had (`NodeCollection`, `GetNodes`); collections made before are of no use any more.
    Settings are those of the file, but for the number of virtual processes, data_path, data_prefix and overwrite_files.
    Recorders that write files begin new ones.
    Errors: TypeError; IOError for a file that is not there, was cut off, damaged or saved by a build that computes
    other numbers, and where models of it are not here (see `Install`); KernelException for structural plasticity on
    several virtual processes (see `allow`); MemoryError. Then nothing has changed.
    """
    session().load(_text("Load", path))


def DescribeSaved(path: str | os.PathLike[str]) -> dict[str, Any]:
    """What a saved file holds: {release, biological_time, resolution, rng_seed, total_num_virtual_procs (those that it
    was saved on), prepared, network_size, num_connections, nodes and connections by model, modules}.

    The file is read to its end. Errors: TypeError; IOError as for `Load`, but that models need not be here.
    """
    return session().describe_saved(_text("DescribeSaved", path))


def rescale(n: int) -> None:
    """The same network on n virtual processes (`total_num_virtual_procs`); it goes on with the same bits.

    Possible at rest: not in a run, nor between Prepare and Cleanup. It takes memory for the network a second time while
    it lasts. Node collections and connections keep their meaning; recorders that write files begin new ones.
    Errors: TypeError; BadProperty outside 1..4096, or where n is no multiple of the number of ranks; KernelException at
    another time, and for structural plasticity on several virtual processes (see `allow`); MemoryError. Then nothing
    has changed.
    """
    session().rescale(operator.index(n))


def _text(verb: str, path: Any) -> str:
    if not isinstance(path, (str, os.PathLike)) or not isinstance(named := os.fspath(path), str):
        raise TypeError(f"{verb}: a file is named by text or a path, not by {type(path).__name__}.")
    return named
