"""Where a server is, and where its tokens are."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from .settings import server_settings


@contextmanager
def token_file(path: Path, settings: server_settings) -> Iterator[None]:
    """The tokens in files that only this user reads, as long as they are good for something."""
    texts = {path: settings.token, Path(f"{path}.observe"): settings.observe_token}
    try:
        for file, token in texts.items():
            file.unlink(missing_ok=True)
            with open(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as to:
                to.write(token + "\n")
        yield
    finally:
        for file in texts:
            file.unlink(missing_ok=True)


def announce(host: str, port: int, settings: server_settings, file: Path) -> None:
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
