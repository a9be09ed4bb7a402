"""Functions that run the network: Simulate, Prepare, Run, Cleanup, ResetKernel, and what changes it while it runs."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from .progress import progress_bar
from .session import link, session

__all__ = [
    "Cleanup",
    "DisableStructuralPlasticity",
    "EnableStructuralPlasticity",
    "Prepare",
    "ResetKernel",
    "Run",
    "RunManager",
    "Simulate",
    "allow",
]

Progress = Callable[[float, float, float, float], None]


def Simulate(t: float) -> None:
    """Simulates `t` ms: Prepare, Run and Cleanup in one.

    Ctrl-C ends the run at the next exchange of spikes with all data kept, and raises KeyboardInterrupt.
    Errors: BadParameter (negative, not finite, not a multiple of the resolution), KernelException; MemoryError where
    recorders have filled the memory: the run has ended before, and the network can go on.
    """
    with _progress() as report:
        session().simulate(duration_ms("Simulate", t), report)


def Run(t: float) -> None:
    """Simulates `t` ms between Prepare and Cleanup; may be repeated. Errors and Ctrl-C as for `Simulate`."""
    with _progress() as report:
        session().run(duration_ms("Run", t), report)


def Prepare() -> None:
    """Makes the network ready: fixes delays, opens recording backends. KernelException when it is ready already."""
    session().prepare()


def Cleanup() -> None:
    """Ends what `Prepare` began: closes recording backends. KernelException without Prepare."""
    session().cleanup()


@contextmanager
def RunManager() -> Iterator[None]:
    """`with RunManager():` around calls of Run: Prepare on entry, Cleanup on exit, also after an error."""
    Prepare()
    try:
        yield
    finally:
        Cleanup()


def ResetKernel() -> None:
    """Back to an empty network with default settings. Collections made before are of no use any more.

    A process that was forked (by multiprocessing, say) from one that uses a kernel gets one of its own by this call.
    """
    link().reset()


def EnableStructuralPlasticity() -> None:
    """From now on runs make and remove connections as synaptic elements grow.

    They do so at multiples of `structural_plasticity_update_interval`. Neurons have `synaptic_elements`, and
    `structural_plasticity_synapses` says which synapses connect which of them. KernelException with several virtual
    processes (see `allow`), or where keep_source_table or use_compressed_spikes is False.
    """
    session().set_kernel_status({"structural_plasticity": True})


def DisableStructuralPlasticity() -> None:
    """Connections stay as they are from now on. Synaptic elements go on growing."""
    session().set_kernel_status({"structural_plasticity": False})


def allow(
    *, structural_plasticity_threads: bool | None = None, structural_plasticity_rules: bool | None = None
) -> None:
    """Permits what PyNEST refuses and this kernel can do; ResetKernel takes nothing back.

    structural_plasticity_threads: structural plasticity with several virtual processes. The network is the same on any
    number of them.
    structural_plasticity_rules: synaptic elements in the `syn_spec` of Connect with every rule, in both directions too.
    """
    wishes = {"structural_plasticity_threads": structural_plasticity_threads}
    wishes["structural_plasticity_rules"] = structural_plasticity_rules
    session().set_kernel_status({name: wish for name, wish in wishes.items() if wish is not None})


def duration_ms(verb: str, t: float) -> float:
    """The argument of Simulate and Run as a number; TypeError for others."""
    if isinstance(t, (str, bytes)) or not hasattr(t, "__float__"):
        raise TypeError(f"{verb}: the time must be a number of ms, not {type(t).__name__}.")
    return float(t)


@contextmanager
def _progress() -> Iterator[Progress | None]:
    """What the kernel's reports are handed to: a line on the terminal if `print_time` is set, by the first rank."""
    status = session().kernel_status(["print_time", "mpi_rank"])
    if not status["print_time"] or status["mpi_rank"] != 0:
        yield None
        return
    with progress_bar("simulating") as bar:
        began_s = time.monotonic()
        began_ms = _now_ms()
        yield bar.run
        bar.run(began_ms, _now_ms(), _now_ms(), time.monotonic() - began_s)


def _now_ms() -> float:
    return session().kernel_status(["biological_time"])["biological_time"]
