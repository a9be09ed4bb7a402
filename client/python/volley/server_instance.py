"""A server at an address as the files in a private folder tell of it: which process it is, and what it said."""

import os
import re
import signal
import stat
import time
from collections.abc import Iterator
from pathlib import Path

_NAME = re.compile(r"nest-server-(.+)-(\d+)\.pid")


class server_instance:
    """Its files, and the process that they name."""

    def __init__(self, host: str, port: int, log_file: str | None = None):
        self.host, self.port = host, port
        stem = f"nest-server-{host.replace('/', '_')}-{port}"
        self._pid_file = private_folder() / f"{stem}.pid"
        self.socket = private_folder() / f"{stem}.socket"
        self.log_file = Path(log_file) if log_file else private_folder() / f"{stem}.log"

    @property
    def url(self) -> str:
        """Where it is."""
        return f"http://{f'[{self.host}]' if ':' in self.host else self.host}:{self.port}"

    def process(self) -> int | None:
        """Its process, if that runs: a later one of the same number is another."""
        try:
            pid, since = self._pid_file.read_text().split()
        except (OSError, ValueError):
            return None
        return int(pid) if pid.isdigit() and since == began(int(pid)) else None

    def note(self, pid: int) -> None:
        """This process is the server."""
        self._pid_file.write_text(f"{pid} {began(pid)}\n")

    def forget(self) -> None:
        """No process is."""
        self._pid_file.unlink(missing_ok=True)

    def stop(self, within_s: float) -> bool:
        """Asks the process to end, and waits. False when it does not."""
        pid, deadline = self.process(), time.monotonic() + within_s
        if pid is not None:
            os.kill(pid, signal.SIGTERM)
        while self.process() is not None:
            if time.monotonic() > deadline:
                return False
            time.sleep(0.05)
        self.forget()
        return True


def running_instances() -> Iterator[server_instance]:
    """All that this user has."""
    for file in sorted(private_folder().glob("nest-server-*.pid")):
        if match := _NAME.fullmatch(file.name):
            one = server_instance(match[1], int(match[2]))
            if one.process() is not None:
                yield one


def private_folder() -> Path:
    """Where this user's servers have their sockets. PermissionError when others may write there."""
    of_session = os.environ.get("XDG_RUNTIME_DIR")
    folder = Path(of_session) / "volley" if of_session else Path(f"/tmp/volley-{os.geteuid()}")
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    found = folder.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.geteuid() or found.st_mode & 0o077:
        raise PermissionError(f"{folder} is not a folder of this user alone")
    return folder


def began(pid: int) -> str | None:
    """When a process began, in ticks since the machine did; None for one that has ended."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return None
    return None if fields[0] == "Z" else fields[19]
