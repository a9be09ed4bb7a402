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
_TEXT = """\
The kernel's server gets all other options (volley-server --help lists them). Environment:
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


def _address(text: str, insecure: bool) -> tuple[str, int]:
    host, colon, port = text.rpartition(":")
    host = host.strip("[]") or "127.0.0.1"
    if not colon or not port.isdigit() or int(port) > 65535:
        raise ValueError(f"--http {text}: expected ADDRESS:PORT")
    if not (insecure or host in ("localhost", "::1") or host.startswith("127.")):
        raise ValueError(
            f"--http {text}: other machines reach this address, and nothing is encrypted; --insecure allows it"
        )
    return host, int(port)


def _serve(options: argparse.Namespace, others: list[str]) -> int:
    host, port = _address(options.http, options.insecure)
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
        if host not in ("localhost", "127.0.0.1", "::1"):
            names = os.environ.get("VOLLEY_HTTP_HOSTS", "localhost,127.0.0.1,[::1]")
            os.environ["VOLLEY_HTTP_HOSTS"] = f"{names},{host}"
        from .server import app, chosen as settings  # set up by the environment, as it is now
        from .server.listener import listener

        with listener(host, port, app, settings.connections) as door:
            threading.Thread(target=door.serve_forever, daemon=True).start()
            with _token_file(options, address, settings) as file:
                _announce(host, door.server_port, settings, file)
                stop.wait()
            door.shutdown()
    if codes:
        print(f"volley-http: the kernel's server ended with code {codes[0]}", file=sys.stderr)
    return 1 if codes else 0


class _token_file:
    """The tokens in files that only this user reads, as long as they are good for something."""

    def __init__(self, options: argparse.Namespace, address: str, settings):
        default = address.removeprefix("unix:") + ".http-token"
        self.path = Path(options.http_token_file or default)
        self._texts = {self.path: settings.token, Path(f"{self.path}.observe"): settings.observe_token}

    def __enter__(self) -> Path:
        for path, token in self._texts.items():
            path.unlink(missing_ok=True)
            with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
                file.write(token + "\n")
        return self.path

    def __exit__(self, *_) -> None:
        for path in self._texts:
            path.unlink(missing_ok=True)


def _announce(host: str, port: int, settings, file: Path) -> None:
    """Where the server is. The token itself is shown to a person at a terminal only, not written to logs."""
    where = f"http://{f'[{host}]' if ':' in host else host}:{port}"
    for text in settings.warnings():
        print(f"volley-http: WARNING: {text}", file=sys.stderr)
    print(f"VOLLEY_HTTP={where} NEST_SERVER_ACCESS_TOKEN=$(cat {file})")
    if not settings.needs_token:
        print(f"dashboard  {where}/dashboard")
    elif sys.stdout.isatty():
        print(f"dashboard  {where}/dashboard#{settings.token}")
        print(f"           {where}/dashboard#{settings.observe_token}  (to look only)")
    else:
        print(f"dashboard  {where}/dashboard, with the token of {file} (of {file}.observe, to look only)")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
