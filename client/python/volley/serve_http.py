"""`./volley serve --http [ADDRESS:PORT]`: a kernel in a server of its own, and the HTTP door in front of it."""

import argparse
import os
import signal
import sys
import threading
from pathlib import Path

from .kernel_process import kernel_process, server_program
from .rank_launch import refuse_ranks

DEFAULT = "127.0.0.1:52425"
SETTINGS = """\
  NEST_SERVER_ACCESS_TOKEN        the token, instead of a new one
  NEST_SERVER_DISABLE_AUTH        true: no token is asked for
  NEST_SERVER_CORS_ORIGINS        pages of these origins may call (default http://localhost:*,http://127.0.0.1:*)
  NEST_SERVER_ENABLE_EXEC_CALL    true: clients may send Python code to /exec
  NEST_SERVER_MODULES             what that code finds imported (default: import nest)
  NEST_SERVER_DISABLE_RESTRICTION true: that code may do anything
  VOLLEY_HTTP_OBSERVE_TOKEN       the token of those who may only look
  VOLLEY_HTTP_HOSTS               names under which clients may call the server, besides localhost
  VOLLEY_HTTP_CALL_SECONDS        how long a simulation or a source may take (default 3600)
  VOLLEY_HTTP_EXEC_MIB            memory of a source (default 4096)
"""
_TEXT = f"""\
The kernel's server gets all other options (volley-server --help lists them). Environment:
{SETTINGS}"""


def main(arguments: list[str] | None = None) -> int:
    """Serves until it is told to stop."""
    options, others = _parser().parse_known_args(arguments)
    if "--help" in others or "-h" in others:
        _parser().print_help()
        return 0
    try:
        refuse_ranks("a server")
        return _serve(options, others)
    except (OSError, RuntimeError, ValueError, ImportError) as failure:
        print(f"volley-http: {failure}", file=sys.stderr)
        return 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="volley serve",
        description="A kernel, NEST Server's HTTP calls in front of it, and a page to watch it.",
        epilog=_TEXT,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
        add_help=False,
    )
    parser.add_argument("--http", nargs="?", const=DEFAULT, default=DEFAULT, metavar="ADDRESS:PORT")
    parser.add_argument(
        "--http-token-file", metavar="FILE", help="where to write the token (default: beside the socket)"
    )
    parser.add_argument(
        "--insecure", action="store_true", help="allow an address that other machines reach, unencrypted"
    )
    parser.add_argument("--server", help=argparse.SUPPRESS)
    return parser


def _address(text: str) -> tuple[str, int]:
    host, colon, port = text.rpartition(":")
    host = host.strip("[]") or "127.0.0.1"
    if not colon or not port.isdigit() or int(port) > 65535:
        raise ValueError(f"--http {text}: expected ADDRESS:PORT")
    return host, int(port)


def allow(host: str, option: str, insecure: bool) -> None:
    """Lets clients call the server by this address. ValueError for one that other machines reach, unless they may."""
    if not (insecure or host in ("localhost", "::1") or host.startswith("127.")):
        raise ValueError(
            f"{option} {host}: other machines reach this address, and nothing is encrypted; --insecure allows it"
        )
    if host not in ("localhost", "127.0.0.1", "::1"):
        names = os.environ.get("VOLLEY_HTTP_HOSTS", "localhost,127.0.0.1,[::1]")
        os.environ["VOLLEY_HTTP_HOSTS"] = f"{names},{host}"


def _serve(options: argparse.Namespace, others: list[str]) -> int:
    host, port = _address(options.http)
    allow(host, "--http", options.insecure)
    os.environ["PYNEST_QUIET"] = "1"
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda *_: stop.set())
    codes: list[int] = []

    def kernel_ended(code: int) -> None:
        codes.append(code)
        stop.set()

    program = options.server or server_program()
    if program is None:
        raise FileNotFoundError("there is no program volley-server, neither in the package nor on PATH")
    with kernel_process(program, others, kernel_ended) as address:
        os.environ["VOLLEY_ADDRESS"] = address
        from .server import app, chosen as settings  # set up by the environment, as it is now
        from .server.announcement import announce, token_file
        from .server.listener import listener

        with listener(host, port, app, settings.connections) as door:
            threading.Thread(target=door.serve_forever, daemon=True).start()
            file = Path(options.http_token_file or address.removeprefix("unix:") + ".http-token")
            with token_file(file, settings):
                announce(host, door.server_port, settings, file)
                stop.wait()
            door.shutdown()
    if codes:
        print(f"volley-http: the kernel's server ended with code {codes[0]}", file=sys.stderr)
    return 1 if codes else 0


if __name__ == "__main__":
    sys.exit(main())
