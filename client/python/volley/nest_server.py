"""The command `nest-server`, as users of NEST Server know it: starts, watches and stops servers with the HTTP calls
(see `serve_http`), one a port."""

import argparse
import os
import re
import subprocess
import sys
import time
from pathlib import Path

from .kernel_process import die_with_parent
from .server_instance import running_instances, server_instance

_TEXT = """\
commands:
  start     starts a server; with -d in the background
  status    lists the servers that run
  log       shows what the server has said; at a terminal, as it goes on
  stop      ends the server
  restart   ends it and starts a new one

Further options of start are those of `volley serve --http` (--insecure, --vps 4, ...). Environment: NEST_SERVER_HOST,
NEST_SERVER_PORT, NEST_SERVER_DAEMON, NEST_SERVER_STDOUT, NEST_SERVER_TIMEOUT, NEST_SERVER_WORKERS, NEST_SERVER_LOGFILE,
and those that `volley serve --http --help` lists.
"""
_COMMANDS = ("log", "status", "start", "stop", "restart")
_STARTS_WITHIN_S, _STOPS_WITHIN_S = 60.0, 20.0


def main(arguments: list[str] | None = None) -> int:
    """Runs one command; returns the exit code."""
    options, others = _parser().parse_known_args(arguments)
    if options.help or options.command is None:
        _parser().print_help()
        return 0 if options.help else 2
    try:
        return _run(options, others)
    except (OSError, RuntimeError, ValueError) as failure:
        print(f"nest-server: {failure}", file=sys.stderr)
        return 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="nest-server",
        description="NEST Server's calls in front of a kernel of its own.",
        epilog=_TEXT,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
        add_help=False,
    )
    parser.add_argument("command", nargs="?", choices=_COMMANDS)
    parser.add_argument("-d", dest="daemon", action="store_true", help="start in the background")
    parser.add_argument("-h", dest="host", metavar="HOST", help="address to listen at (127.0.0.1)")
    parser.add_argument("-p", dest="port", metavar="PORT", help="port to listen at (52425)")
    parser.add_argument("-o", dest="stdout", action="store_true", help="show what the server says, too")
    parser.add_argument("-t", dest="timeout", metavar="SECONDS", help="how long a simulation or a source may take")
    parser.add_argument("-w", dest="workers", metavar="NUMBER", help="processes: 1, since there is one kernel")
    parser.add_argument("--help", action="store_true", help="this text")
    return parser


def _run(options: argparse.Namespace, others: list[str]) -> int:
    if others and options.command not in ("start", "restart"):
        raise ValueError(f"{options.command} has no option {others[0]}")
    if options.command == "status":
        return _status(options)
    server = _chosen(options)
    if options.command == "log":
        return _show_log(server)
    if options.command == "stop":
        return _stop(server)
    if options.command == "restart" and not server.stop(_STOPS_WITHIN_S):
        raise RuntimeError(f"the server at {server.url} does not stop")
    return _start(server, options, others)


def _setting(given: str | None, name: str, default: str) -> str:
    return given or os.environ.get(f"NEST_SERVER_{name}") or default


def _flag(given: bool, name: str) -> bool:
    return given or os.environ.get(f"NEST_SERVER_{name}", "").strip().lower() in ("yes", "true", "t", "1")


def chosen_address(options: argparse.Namespace) -> tuple[str, int]:
    """-h and -p, or what the environment says instead. ValueError for what is no address."""
    host, port = _setting(options.host, "HOST", "127.0.0.1"), _setting(options.port, "PORT", "52425")
    if not port.isdigit() or not 0 < int(port) < 65536:
        raise ValueError(f"-p {port}: expected a port, 1 to 65535")
    if not re.fullmatch(r"[A-Za-z0-9.:_-]+", host):
        raise ValueError(f"-h {host}: expected an address")
    return host, int(port)


def _chosen(options: argparse.Namespace) -> server_instance:
    return server_instance(*chosen_address(options), os.environ.get("NEST_SERVER_LOGFILE"))


# ---- what runs


def _status(options: argparse.Namespace) -> int:
    wanted = [_chosen(options)] if options.host or options.port else list(running_instances())
    running = [one for one in wanted if one.process() is not None]
    for one in running:
        print(f"{one.url}  process {one.process()}")
    if not running:
        print("No server is running." if len(wanted) != 1 else f"No server is running at {wanted[0].url}.")
    return 0 if running else 1


def _stop(server: server_instance) -> int:
    if server.process() is None:
        print(f"No server is running at {server.url}.")
        return 1
    if not server.stop(_STOPS_WITHIN_S):
        raise RuntimeError(f"the server at {server.url} does not stop")
    print(f"The server at {server.url} has stopped.")
    return 0


def _show_log(server: server_instance) -> int:
    with open(server.log_file, encoding="utf-8", errors="replace") as log:
        sys.stdout.write(log.read())
        try:
            while sys.stdout.isatty() and server.process() is not None:
                sys.stdout.write(log.read())
                sys.stdout.flush()
                time.sleep(0.3)
        except KeyboardInterrupt:
            pass
    return 0


# ---- starting


def _start(server: server_instance, options: argparse.Namespace, others: list[str]) -> int:
    if (pid := server.process()) is not None:
        raise RuntimeError(f"a server is running at {server.url} already, process {pid}")
    if (workers := _setting(options.workers, "WORKERS", "1")) != "1":
        raise ValueError(f"-w {workers}: there is one kernel, which one process serves; it uses all cores (--vps N)")
    in_background = _flag(options.daemon, "DAEMON")
    with open(os.open(server.log_file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as log:
        child = subprocess.Popen(
            _command(server, others),
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            env=_environment(options),
            start_new_session=in_background,
            preexec_fn=None if in_background else die_with_parent,
        )
    server.note(child.pid)
    try:
        _announce(server, child)
        return 0 if in_background else _stay(server, child, _flag(options.stdout, "STDOUT"))
    finally:
        if child.poll() is not None:
            server.forget()


def _command(server: server_instance, others: list[str]) -> list[str]:
    host = f"[{server.host}]" if ":" in server.host else server.host
    files = ["--http", f"{host}:{server.port}", "--socket", str(server.socket)]
    return [sys.executable, "-m", "volley.serve_http", *files, *others]


def _environment(options: argparse.Namespace) -> dict[str, str]:
    packages = str(Path(__file__).resolve().parents[1])
    paths = [packages, *os.environ.get("PYTHONPATH", "").split(os.pathsep)]
    chosen = {"PYTHONPATH": os.pathsep.join(path for path in paths if path), "PYTHONUNBUFFERED": "1"}
    if timeout := _setting(options.timeout, "TIMEOUT", ""):
        chosen["VOLLEY_HTTP_CALL_SECONDS"] = timeout
    return {**os.environ, **chosen}


def _announce(server: server_instance, child: subprocess.Popen) -> None:
    """Waits until it listens, and says where. RuntimeError with what it said, if it does not."""
    deadline = time.monotonic() + _STARTS_WITHIN_S
    while not (line := re.search(r"^VOLLEY_HTTP=.*cat (.*)\)$", _said(server), re.MULTILINE)):
        if child.poll() is not None or time.monotonic() > deadline:
            child.terminate()
            child.wait()
            raise RuntimeError(f"the server did not start:\n{_said(server).rstrip()}")
        time.sleep(0.05)
    print(f"NEST Server is running at {server.url} (dashboard: {server.url}/dashboard)")
    token = Path(line[1])
    if sys.stdout.isatty():
        print(f"NEST_SERVER_ACCESS_TOKEN={token.read_text().strip()}")
    else:
        print(f"NEST_SERVER_ACCESS_TOKEN=$(cat {token})")
    sys.stdout.flush()


def _said(server: server_instance) -> str:
    return server.log_file.read_text(encoding="utf-8", errors="replace")


def _stay(server: server_instance, child: subprocess.Popen, shows: bool) -> int:
    """Until it ends, or is ended by Ctrl-C."""
    print("Ctrl-C stops it.", flush=True)
    with open(server.log_file, encoding="utf-8", errors="replace") as log:
        try:
            while child.poll() is None:
                if shows and (text := log.read()):
                    print(text, end="", flush=True)
                time.sleep(0.1)
        except KeyboardInterrupt:
            child.terminate()
        if shows:
            print(log.read(), end="")
    return 0 if child.wait() == 0 else 1


if __name__ == "__main__":
    sys.exit(main())
