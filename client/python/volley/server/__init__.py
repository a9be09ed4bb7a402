"""NEST Server: the package through HTTP, for NEST Desktop, pages and scripts in any language; and the dashboard.

`./volley serve --http` starts it in front of a kernel. `app` is a WSGI application over the kernel of this process (or
of the server that VOLLEY_ADDRESS names), set up by the environment (see `settings.py`).
"""

from typing import Any

try:
    import flask  # noqa: F401
except ImportError as missing:
    raise ImportError("nest.server needs Flask: install the Debian package python3-flask") from missing

from ..rank_launch import is_one_of_several
from . import calls, mpi_calls
from .application import make_app
from .arguments import nestify
from .settings import from_environment

__all__ = ["app", "do_exec", "nestify", "run_mpi_app", "set_mpi_comm"]

if is_one_of_several():
    raise ImportError("nest.server serves one process, and this one was started as one of several ranks")
chosen = from_environment()
app = make_app(chosen)


def do_exec(args: list[Any], kwargs: dict[str, Any]) -> dict[str, Any]:
    """Runs kwargs["source"] in this process; gives {"stdout": what was printed, if anything} and, if kwargs has
    "return", {"data": the value of this variable, or a dictionary for a list of names; None for unknown ones}.

    Lines that import are left out: NEST_SERVER_MODULES ("import nest") says what is there. The source is restricted
    unless NEST_SERVER_DISABLE_RESTRICTION is set.
    """
    return calls.do_exec(args, kwargs, chosen)


def set_mpi_comm(comm: Any) -> None:
    """From now on, calls are made by all ranks of an mpi4py communicator."""
    app.extensions["volley"].comm = comm


def run_mpi_app(host: str = "127.0.0.1", port: int = 52425) -> None:
    """Serves `app` in this thread until it is interrupted: rank 0 listens, the others call what it tells them."""
    caller = app.extensions["volley"]
    if caller.comm is not None and caller.comm.Get_rank() != 0:
        return mpi_calls.serve_others(
            caller.comm, lambda name, arguments: mpi_calls.attempt(lambda: caller.run(name, *arguments))
        )
    from .listener import listener

    try:
        with listener(host, port, app, strangers=chosen.connections) as door:
            door.serve_forever()
    finally:
        if caller.comm is not None:
            caller.comm.bcast(None, root=0)
