"""NEST Server: the package through HTTP, for NEST Desktop, pages and scripts in any language; and the dashboard.

`./volley serve --http` starts it in front of a kernel. `app` is a WSGI application over the kernel of this process (or
of the server that VOLLEY_ADDRESS names), set up by the environment (see `settings.py`).
"""

from typing import Any

try:
    import flask  # noqa: F401
except ImportError as missing:
    raise ImportError("nest.server needs Flask: install the Debian package python3-flask") from missing

from ..kernel import set_communicator
from ..rank_launch import is_one_of_several
from . import calls
from .application import make_app
from .arguments import nestify
from .settings import from_environment

__all__ = ["app", "do_exec", "nestify", "run_mpi_app", "set_mpi_comm"]

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
    """From now on, calls are made by all ranks of an mpi4py communicator, which all call this. Errors: RuntimeError
    where their kernels know nothing of each other; else as for `set_communicator`."""
    if comm.Get_size() > 1:
        if not is_one_of_several():
            raise RuntimeError("set_mpi_comm: the ranks of this communicator have a network each (VOLLEY_MPI=off)")
        set_communicator(comm)
    app.extensions["volley"].comm = comm


def run_mpi_app(host: str = "127.0.0.1", port: int = 52425) -> None:
    """Serves `app` until Ctrl-C or SIGTERM, and says where, and where the token is: rank 0 listens, the others call
    what it tells them."""
    from .mpi_app import serve

    serve(app, chosen, host, port)
