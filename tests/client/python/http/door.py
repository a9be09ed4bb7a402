"""A server with the HTTP door, as `./volley serve --http` starts it, and a plain client of it."""

import json
import os
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple


class answer(NamedTuple):
    """What came back."""

    status: int
    body: Any
    headers: dict[str, str]


class door:
    """A running server."""

    def __init__(self, url: str, token: str, observe_token: str, address: str):
        self.url, self.token, self.observe_token, self.address = url, token, observe_token, address
        self.port = int(url.rpartition(":")[2])

    def ask(self, path: str, body: Any = None, token: str | None = None, method: str | None = None, **headers: str):
        """One request; a body is sent as JSON, bytes as they are."""
        sent = {"NESTServerAuth": self.token if token is None else token, "Content-Type": "application/json"}
        sent |= {name.replace("_", "-"): value for name, value in headers.items()}
        data = body if isinstance(body, bytes) or body is None else json.dumps(body).encode()
        request = urllib.request.Request(self.url + path, data, sent, method=method)
        try:
            with urllib.request.urlopen(request, timeout=60) as got:
                return self._read(got)
        except urllib.error.HTTPError as refusal:
            return self._read(refusal)

    @staticmethod
    def _read(got: Any) -> answer:
        text = got.read()
        is_json = got.headers.get("Content-Type", "").startswith("application/json")
        return answer(got.status, json.loads(text) if is_json else text, dict(got.headers))

    def call(self, name: str, *args: Any, **kwargs: Any) -> Any:
        """The result of a call of the API."""
        got = self.ask(f"/api/{name}", list(args) if args else kwargs)
        assert got.status == 200, got.body
        return got.body


@contextmanager
def running_door(folder: Any, options: tuple[str, ...] = (), **environment: str) -> Iterator[door]:
    """Starts one on a free port and ends it."""
    socket = f"{folder}/socket"
    command = [sys.executable, "-m", "volley.serve_http", "--http", "127.0.0.1:0", "--socket", socket]
    command += ["--server", os.environ["VOLLEY_SERVER"], "--data-root", str(folder), *options]
    env = {**os.environ, "PYTHONPATH": ":".join(sys.path), **environment}
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=env) as process:
        try:
            said = []
            for line in process.stdout:
                said.append(line)
                if line.startswith("dashboard"):
                    break
            url = next((line.split()[0].partition("=")[2] for line in said if line.startswith("VOLLEY_HTTP=")), None)
            assert url, f"the server did not start: {''.join(said)}"
            tokens = [open(f"{socket}.http-token{role}").read().strip() for role in ("", ".observe")]
            assert not any(token in line for token in tokens for line in said), "a log has the token"
            yield door(url, *tokens, f"unix:{socket}")
        finally:
            process.terminate()
            assert process.wait(30) == 0
