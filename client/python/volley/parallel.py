"""Functions about ranks and virtual processes."""

from .session import session

__all__ = ["GetLocalVPs", "NumProcesses", "Rank", "SetAcceptableLatency", "SetMaxBuffered", "SyncProcesses"]


def NumProcesses() -> int:
    """Number of MPI ranks."""
    return session().kernel_status(["num_processes"])["num_processes"]


def Rank() -> int:
    """Number of this MPI rank."""
    return session().kernel_status(["mpi_rank"])["mpi_rank"]


def GetLocalVPs() -> range:
    """The virtual processes of this rank."""
    status = session().kernel_status(["mpi_rank", "total_num_virtual_procs", "num_processes"])
    return range(status["mpi_rank"], status["total_num_virtual_procs"], status["num_processes"])


def SyncProcesses() -> None:
    """Waits until all ranks have come to this call."""
    session().set_kernel_status({})


def SetAcceptableLatency(port_name: str, latency: float) -> None:
    """Belongs to MUSIC, which is not supported."""
    raise NotImplementedError("SetAcceptableLatency needs MUSIC, which is not supported.")


def SetMaxBuffered(port_name: str, size: int) -> None:
    """Belongs to MUSIC, which is not supported."""
    raise NotImplementedError("SetMaxBuffered needs MUSIC, which is not supported.")
