"""The command `volley` of an installed package, also `python3 -m volley`."""

import argparse
import os
import runpy
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path

from .kernel_process import server_program
from .version import __version__

_PACKAGE = Path(__file__).resolve().parent
_USAGE = """usage: volley COMMAND [ARGUMENT...]

  run [--vps N|auto] SCRIPT [...]   a Python script; `import nest` works in it, on N virtual processes by default
  run --dry-run [--rate R] SCRIPT   tells memory and time of its network (at R spikes/s per neuron) and builds nothing
  serve [OPTION...]                 a server for clients (--help lists the options)
  serve --state DIR                 the same, and its kernel goes on when it is started again with the folder
  serve --http [ADDRESS:PORT]       the same, with NEST Server's HTTP calls and a page that shows what runs
  serve --workers-listen ADDRESS    the same, and workers in other processes may join it
  worker --join ADDRESS [OPTION...] joins a server and computes for it (--help lists the options)
  certificates DIR [HOST...]        makes what --tls-certificate, --tls-key and --tls-ca of both take
  up N [--vps V], status, down      a server and N workers on this machine; what they do; their end
  drain WORKER                      its virtual processes go to the other workers; then it ends
  kernels [drop NAME]               the kernels of a server; the end of one
  nest-server COMMAND [OPTION...]   start, status, log, stop, restart: the same as a program of its own, nest-server
  nest-server-mpi [OPTION...]       NEST Server over the ranks of mpirun (--help lists the options)
  check SCRIPT...                   says what of scripts is not supported
  info FILE                         what a saved network holds
  demo [NAME] [OPTION...]           brunel, microcircuit, psp or sonata
  model NAME                        the page of a model: equations, parameters, units, defaults
  help, version
"""


def main(arguments: list[str] | None = None) -> int:
    """Runs one command; returns the exit code."""
    command, *rest = (sys.argv[1:] if arguments is None else arguments) or ["help"]
    if command in ("help", "-h", "--help"):
        print(_USAGE, end="")
    elif command in ("version", "--version"):
        print(f"volley {__version__}")
    elif command in _COMMANDS:
        return _COMMANDS[command](rest)
    else:
        return _complain(f"there is no command {command}; volley help lists them")
    return 0


def _complain(text: str) -> int:
    print(f"volley: {text}", file=sys.stderr)
    return 1


def _run(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="volley run")
    parser.add_argument("--vps", help="a number of virtual processes, or auto: one a core")
    parser.add_argument("--dry-run", action="store_true", help="tell memory and time, build nothing")
    parser.add_argument("--rate", help="assumed spikes/s of a neuron, with --dry-run")
    parser.add_argument("script")
    parser.add_argument("arguments", nargs=argparse.REMAINDER)
    given = parser.parse_args(arguments)
    if given.rate is not None and not given.dry_run:
        return _complain("run --rate belongs with --dry-run")
    if given.vps is not None:
        count = str(len(os.sched_getaffinity(0))) if given.vps == "auto" else given.vps
        if not count.isdigit() or int(count) < 1:
            return _complain(f"run --vps {given.vps}: expected a number of virtual processes, or auto")
        os.environ["VOLLEY_VPS"] = count
    if not os.path.isfile(given.script):
        return _complain(f"there is no file {given.script}")
    if given.dry_run:
        rate = [] if given.rate is None else ["--rate", given.rate]
        sys.argv = ["volley.dry_run", *rate, given.script, *given.arguments]
        runpy.run_module("volley.dry_run", run_name="__main__", alter_sys=True)
    else:
        _run_script(Path(given.script), given.arguments)
    return 0


def _run_script(script: Path, arguments: list[str]) -> None:
    sys.argv = [str(script), *arguments]
    sys.path[0] = str(script.resolve().parent)
    runpy.run_path(str(script), run_name="__main__")


def _serve(arguments: list[str]) -> int:
    if any(option == "--http" or option.startswith("--http=") for option in arguments):
        from .serve_http import main as serve_http

        return serve_http(arguments)
    program = server_program()
    if program is None:
        return _complain("there is no program volley-server, neither in the package nor on PATH")
    os.execv(program, [program, *arguments])


def _part_of_server(name: str, arguments: list[str]) -> int:
    return _serve([name, *arguments])


def _cluster(command: str, arguments: list[str]) -> int:
    from .local_cluster import main as local_cluster

    return local_cluster(command, arguments)


def _nest_server(arguments: list[str]) -> int:
    from .nest_server import main as nest_server

    return nest_server(arguments)


def _nest_server_mpi(arguments: list[str]) -> int:
    from .nest_server_mpi import main as nest_server_mpi

    return nest_server_mpi(arguments)


def serve_program() -> int:
    """The command `volley-server`."""
    return _serve(sys.argv[1:])


def _check(arguments: list[str]) -> int:
    from .check import main as check

    return check(arguments)


def _kernels(arguments: list[str]) -> int:
    from .server_kernels import main as server_kernels

    return server_kernels(arguments)


def _info(arguments: list[str]) -> int:
    from .errors import NESTError
    from .saving import DescribeSaved

    if len(arguments) != 1:
        return _complain("info needs a file that Save has written")
    os.environ.pop("VOLLEY_ADDRESS", None)  # it is a file of this machine
    try:
        facts = DescribeSaved(arguments[0])
    except NESTError as refused:
        return _complain(str(refused))
    for key, value in facts.items():
        table = value.items() if isinstance(value, dict) else None
        print(f"{key:<24} {'' if table is not None else value}".rstrip())
        for name, number in table or ():
            print(f"  {name:<22} {number}")
    return 0


def _demo(arguments: list[str]) -> int:
    name = arguments.pop(0) if arguments and not arguments[0].startswith("-") else "brunel"
    script = _PACKAGE / "demo" / f"{name}.py"
    if not script.is_file():
        return _complain(f"there is no demo {name}")
    _run_script(script, arguments)
    return 0


def _model(arguments: list[str]) -> int:
    from .model_pages import text_page

    if len(arguments) != 1:
        return _complain("model needs the name of one model")
    text = text_page(arguments[0])
    if text is None:
        return _complain(f"there is no model {arguments[0]}")
    print(text)
    return 0


_COMMANDS: dict[str, Callable[[list[str]], int]] = {
    "run": _run,
    "serve": _serve,
    "worker": partial(_part_of_server, "worker"),
    "certificates": partial(_part_of_server, "certificates"),
    "up": partial(_cluster, "up"),
    "status": partial(_cluster, "status"),
    "drain": partial(_cluster, "drain"),
    "down": partial(_cluster, "down"),
    "kernels": _kernels,
    "nest-server": _nest_server,
    "nest-server-mpi": _nest_server_mpi,
    "check": _check,
    "demo": _demo,
    "info": _info,
    "model": _model,
}
