"""The command `nest-server-mpi`, as users of NEST Server know it: `mpirun -np 2 nest-server-mpi` serves the HTTP calls
for one network over several ranks (see `server.run_mpi_app`)."""

import argparse
import os
import sys

from .nest_server import chosen_address
from .rank_launch import is_first
from .serve_http import SETTINGS, allow

_TEXT = f"""\
Environment: NEST_SERVER_HOST, NEST_SERVER_PORT, and
{SETTINGS}"""


def main(arguments: list[str] | None = None) -> int:
    """Serves until it is told to stop; returns the exit code."""
    options = _parser().parse_args(arguments)
    try:
        host, port = chosen_address(options)
        allow(host, "-h", options.insecure)
        _serve(host, port)
        return 0
    except (OSError, RuntimeError, ValueError, ImportError) as failure:
        if is_first():
            print(f"nest-server-mpi: {failure}", file=sys.stderr)
        return 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="nest-server-mpi",
        usage="mpirun -np RANKS nest-server-mpi [-h HOST] [-p PORT] [--insecure]",
        description="NEST Server's calls for one network over several ranks.",
        epilog=_TEXT,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
        add_help=False,
    )
    parser.add_argument("-h", "--host", metavar="HOST", help="address to listen at (127.0.0.1)")
    parser.add_argument("-p", "--port", metavar="PORT", help="port to listen at (52425)")
    parser.add_argument(
        "--insecure", action="store_true", help="allow an address that other machines reach, unencrypted"
    )
    parser.add_argument("--help", action="help", help="this text")
    return parser


def _serve(host: str, port: int) -> None:
    os.environ["PYNEST_QUIET"] = "1"
    try:
        from mpi4py import MPI
    except ImportError as missing:
        raise ImportError(
            f"calls are told to the ranks by mpi4py ({missing}): install the Debian package python3-mpi4py"
        ) from missing
    from . import server  # set up by the environment, as it is now

    server.set_mpi_comm(MPI.COMM_WORLD)
    server.run_mpi_app(host, port)


if __name__ == "__main__":
    sys.exit(main())
