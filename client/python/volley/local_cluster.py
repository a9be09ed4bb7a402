"""`volley up`, `status`, `drain` and `down`: a supervisor and workers on this machine, one cluster a name."""

import argparse
import contextlib
import json
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from .cluster_status import GONE, cluster_status, status_text
from .errors import NESTError
from .kernel_process import server_program
from .low_level import low_level_session
from .rank_launch import refuse_ranks
from .server_instance import began, private_folder

_STARTS_WITHIN_S, _STOPS_WITHIN_S = 60.0, 20.0


class cluster_files:
    """What a private folder tells of a cluster: its sockets, what it said, its processes."""

    def __init__(self, name: str):
        if not re.fullmatch(r"[A-Za-z0-9_-]{1,40}", name):
            raise ValueError(f"--name {name}: expected letters, digits, _ and -")
        self.name = name
        self._stem = private_folder() / f"cluster-{name}"
        self._list = Path(f"{self._stem}.json")
        self.socket = Path(f"{self._stem}.sock")
        self.token = Path(f"{self._stem}.token")

    @property
    def address(self) -> str:
        return f"unix:{self.socket}"

    def log(self, who: str) -> Path:
        return Path(f"{self._stem}-{who}.log")

    def note(self, processes: list[int]) -> None:
        self._list.write_text(json.dumps([[pid, began(pid)] for pid in processes]))

    def processes(self) -> list[int]:
        """Those that run, the supervisor first: a later process of the same number is another."""
        return [pid for pid, since in self._noted() if began(pid) == since]

    def is_led(self) -> bool:
        """The supervisor runs. Else there may be workers that wait for one."""
        return self.processes()[:1] == [pid for pid, _ in self._noted()[:1]] != []

    def _noted(self) -> list[tuple[int, str]]:
        try:
            return [(int(pid), str(since)) for pid, since in json.loads(self._list.read_text())]
        except (OSError, ValueError, TypeError):
            return []

    def forget(self) -> None:
        self._list.unlink(missing_ok=True)


def main(command: str, arguments: list[str]) -> int:
    """Runs `up`, `status`, `drain` or `down`; returns the exit code."""
    options = _parser(command).parse_args(arguments)
    try:
        files = cluster_files(options.name)
        return {"up": _up, "status": _status, "drain": _drain, "down": _down}[command](files, options)
    except (OSError, RuntimeError, ValueError, NESTError) as failure:
        print(f"volley {command}: {failure}", file=sys.stderr)
        return 1


def _parser(command: str) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog=f"volley {command}", allow_abbrev=False)
    parser.add_argument("--name", default="default", help="of the cluster (default: default)")
    if command == "up":
        parser.add_argument("workers", type=_count, metavar="N", help="how many workers")
        parser.add_argument("--vps", type=_count, help="virtual processes of a fresh kernel (default: a lane each)")
        parser.add_argument("--state", help="folder in which the network outlives its supervisor (else it does not)")
        parser.add_argument("--modules", help="folder with modules that clients may load (default: none may be)")
        parser.add_argument("--data-root", default=".", help="folder for recorded files (default: this one)")
    if command == "drain":
        parser.add_argument("worker", type=_number, metavar="WORKER", help="its number, as volley status tells it")
    if command == "status":
        parser.add_argument("--json", action="store_true", help="for programs")
    return parser


def _count(text: str) -> int:
    if not text.isdigit() or not 0 < int(text) <= 4096:
        raise argparse.ArgumentTypeError(f"{text}: expected a number, 1 to 4096")
    return int(text)


def _number(text: str) -> int:
    if not text.isdigit() or int(text) >= 2**32:
        raise argparse.ArgumentTypeError(f"{text}: expected the number of a worker")
    return int(text)


# ---- up


def _up(files: cluster_files, options: argparse.Namespace) -> int:
    program = server_program()
    if program is None:
        raise RuntimeError("there is no program volley-server, neither in the package nor on PATH")
    refuse_ranks("volley up")
    if files.is_led():
        raise RuntimeError(f"the cluster {files.name} is up already; volley down ends it")
    _end(files)
    shares = core_shares(sorted(os.sched_getaffinity(0)), options.workers)
    vps = options.vps or max(options.workers, sum(len(share) for share in shares))
    started: list[subprocess.Popen] = []
    try:
        serve = [program, "--socket", str(files.socket), "--workers-listen", "127.0.0.1:0", "--workers-only"]
        root = ["--data-root", options.data_root]
        if options.modules is not None:
            root += ["--modules", options.modules]
        if options.state is not None:
            serve += ["--state", options.state]
        started.append(_start([*serve, "--workers-token-file", str(files.token), "--vps", str(vps), *root], files, "0"))
        where = _announced(started[0], files.log("0"))
        join = [program, "worker", "--join", where, "--token-file", str(files.token), *root]
        for number, share in enumerate(shares, 1):
            lanes = ["--lanes", str(len(share)), "--share", str(options.workers)]
            started.append(_start([*join, *lanes], files, str(number), share))
            files.note([one.pid for one in started])
        _await_workers(files, started)
    except BaseException:
        for one in started:
            one.kill()
        for one in started:
            one.wait()
        files.forget()
        raise
    print(f"The cluster {files.name} is up: {options.workers} workers, {vps} virtual processes.")
    print(f"export VOLLEY_ADDRESS={files.address}")
    return 0


def core_shares(cores: list[int], workers: int) -> list[list[int]]:
    """The cores of each worker. Where there are more workers than cores, some share one."""
    return [cores[number::workers] or [cores[number % len(cores)]] for number in range(workers)]


def _start(command: list[str], files: cluster_files, who: str, cores: list[int] | None = None) -> subprocess.Popen:
    with open(os.open(files.log(who), os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as log:
        return subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            preexec_fn=(lambda: os.sched_setaffinity(0, cores)) if cores else None,
        )


def _announced(server: subprocess.Popen, log: Path) -> str:
    """Where workers join, once the supervisor listens."""
    deadline = time.monotonic() + _STARTS_WITHIN_S
    while not (found := re.search(r"^VOLLEY_WORKERS=(\S+)", log.read_text(), re.MULTILINE)):
        if server.poll() is not None or time.monotonic() > deadline:
            raise RuntimeError(f"the supervisor did not start:\n{log.read_text().rstrip()}")
        time.sleep(0.02)
    return found[1]


def _await_workers(files: cluster_files, started: list[subprocess.Popen]) -> None:
    deadline, kernel = time.monotonic() + _STARTS_WITHIN_S, _session(files)
    while len(cluster_status(kernel)["workers"]) < len(started) - 1:
        for number, one in enumerate(started):
            if one.poll() is not None:
                who = f"worker {number}" if number > 0 else "the supervisor"
                raise RuntimeError(f"{who} did not start:\n{files.log(str(number)).read_text().rstrip()}")
        if time.monotonic() > deadline:
            raise RuntimeError("the workers do not join")
        time.sleep(0.05)


# ---- status


def _status(files: cluster_files, options: argparse.Namespace) -> int:
    if not files.is_led():
        print(json.dumps({"name": files.name, "up": False}) if options.json else f"The cluster {files.name} is down.")
        return 1
    status = cluster_status(_session(files))
    if options.json:
        print(json.dumps({"name": files.name, "up": True, "address": files.address, **status}))
    else:
        print(f"cluster {files.name} at {files.address}\n{status_text(status)}")
    return 0


def _session(files: cluster_files) -> low_level_session:
    """One that looks."""
    from .marshalling import open_session

    return open_session(lambda severity, text: None, files.address)


# ---- drain


def _drain(files: cluster_files, options: argparse.Namespace) -> int:
    """Returns when the worker has left: in a run, after the next checkpoint."""
    if not files.is_led():
        raise RuntimeError(f"the cluster {files.name} is down")
    kernel = _session(files)
    kernel.drain(options.worker)
    while (state := _state_of(kernel, options.worker)) not in GONE:
        if state != "draining":
            raise RuntimeError(f"worker {options.worker} stays: the others have no room for its virtual processes")
        time.sleep(0.1)
    print(f"Worker {options.worker} has {'left' if state == 'left' else 'died on its way'}.")
    return 0 if state == "left" else 1


def _state_of(kernel: low_level_session, number: int) -> str:
    return next(one["state"] for one in cluster_status(kernel)["workers"] if one["number"] == number)


# ---- down


def _down(files: cluster_files, options: argparse.Namespace) -> int:
    was_up = bool(files.processes())
    _end(files)
    print(f"The cluster {files.name} is down.")
    return 0 if was_up else 1


def _end(files: cluster_files) -> None:
    """The supervisor tells its workers goodbye; those that wait for one are told to end. Who does not go is ended."""
    processes = files.processes()
    _signal(processes[:1] if files.is_led() else processes, signal.SIGTERM)
    deadline = time.monotonic() + _STOPS_WITHIN_S
    while left := files.processes():
        if time.monotonic() > deadline:
            _signal(left, signal.SIGKILL)
            deadline += _STOPS_WITHIN_S
        time.sleep(0.05)
    files.forget()


def _signal(processes: list[int], number: int) -> None:
    for pid in processes:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, number)
