"""Real clusters in which faults happen: processes, namespaces, who looks on, and what became of the network."""

import contextlib
import json
import os
import random
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from pathlib import Path
from typing import Callable, NamedTuple

import numpy as np
from preload import can_preload, preloaded

HERE = Path(__file__).resolve().parent
HOLD_THREAD = """
import ctypes, os, sys
thread, libc = int(sys.argv[1]), ctypes.CDLL(None, use_errno=True)
seize, interrupt, of_any_kind = 0x4206, 0x4207, 0x40000000
for request in seize, interrupt:
    if libc.ptrace(request, thread, None, None) != 0:
        sys.exit(f"ptrace: {os.strerror(ctypes.get_errno())}")
print("held", flush=True)
while True:
    os.waitpid(thread, of_any_kind)  # until it has ended
"""
PROGRAM = os.environ.get("VOLLEY_SERVER") or shutil.which("volley-server") or "volley-server"
PROGRAM = str(Path(PROGRAM).absolute())
STARTS_WITHIN_S = 60
LOOKS_EVERY_S = 0.03


class not_offered(Exception):
    """The server cannot do what a row is about."""


class skipped(Exception):
    """This machine cannot do what a row needs."""


class broken(Exception):
    """A promise was not kept."""


class outcome(NamedTuple):
    """Of one fault, or of several in one run."""

    injected: int = 0
    detected_s: list[float] = []
    recovered_s: list[float] = []
    lost: int = 0
    repeated: int = 0
    note: str = ""


def need(holds: object, what: str) -> None:
    if not holds:
        raise broken(what)


def wait_until(holds: Callable[[], object], within_s: float, what: str) -> float:
    """How long it took."""
    began = time.monotonic()
    while not holds():
        need(time.monotonic() - began < within_s, f"{what}: not within {within_s:g} s")
        time.sleep(0.01)
    return time.monotonic() - began


class process:
    """One of the cluster, which says things into a file."""

    def __init__(self, command: list[str], folder: Path, name: str, **environment: str):
        self.log = folder / f"{name}.log"
        environment = {**os.environ, "VOLLEY_MEMORY_LIMIT": "1G", "PYNEST_QUIET": "1", **environment}
        with self.log.open("w") as to:
            self._popen = subprocess.Popen(
                command,
                cwd=folder,
                stdin=subprocess.DEVNULL,
                stdout=to,
                stderr=subprocess.STDOUT,
                env={key: value for key, value in environment.items() if value},
                start_new_session=True,
            )
        self.name, self.pid = name, self._popen.pid

    def said(self, pattern: str) -> str | None:
        found = re.search(pattern, self.log.read_text(errors="replace"), re.MULTILINE)
        return found and found[1]

    def await_word(self, pattern: str, within_s: float = STARTS_WITHIN_S) -> str:
        wait_until(lambda: self.said(pattern) or self.code() is not None, within_s, f"{self.name} says {pattern}")
        word = self.said(pattern)
        need(word is not None, f"{self.name} ended: {self.last_line()}")
        return word

    def last_line(self) -> str:
        return (self.log.read_text(errors="replace").strip().splitlines() or ["without a word"])[-1]

    def code(self) -> int | None:
        return self._popen.poll()

    def wait(self, within_s: float) -> int:
        wait_until(lambda: self.code() is not None, within_s, f"{self.name} ends")
        return self._popen.returncode

    def signal(self, number: int) -> None:
        if self.code() is None:
            os.kill(self.pid, number)

    def kill(self) -> None:
        self.signal(signal.SIGKILL)

    def memory_bytes(self) -> int:
        found = re.search(r"VmRSS:\s+(\d+) kB", Path(f"/proc/{self.pid}/status").read_text())
        return 1024 * int(found[1]) if found else 0

    def files(self) -> int:
        return len(os.listdir(f"/proc/{self.pid}/fd"))

    def end(self) -> None:
        self.signal(signal.SIGCONT)
        self.kill()
        self._popen.wait()


def offers(option: str, *command: str) -> bool:
    """The server, or another command of its program, knows it."""
    return option in subprocess.run([PROGRAM, *command, "--help"], capture_output=True, text=True).stdout


class looker(threading.Thread):
    """Asks the supervisor again and again what there is. Whoever looks changes nothing, but a run rests meanwhile."""

    def __init__(self, address: str):
        super().__init__(daemon=True)
        self._address, self._ends = address, threading.Event()
        self.seen: list[tuple[float, float, dict[int, dict]]] = []  # when, time of the network, workers by number

    def run(self) -> None:
        from volley.cluster_status import cluster_status
        from volley.marshalling import open_session

        session = None
        while not self._ends.wait(LOOKS_EVERY_S):
            try:
                session = session or open_session(lambda severity, text: None, self._address)
                status = cluster_status(session)
                workers = {one["number"]: one for one in status["workers"]}
                self.seen.append((time.monotonic(), status["biological_time_ms"], workers))
            except Exception:  # the supervisor is gone, or comes back
                session = None

    def end(self) -> None:
        self._ends.set()
        self.join(5)

    def workers(self) -> dict[int, dict]:
        return self.seen[-1][2] if self.seen else {}

    def losses(self) -> int:
        return sum(one["state"] == "lost" for one in self.workers().values())

    def frames_dropped(self) -> int:
        return sum(one.get("stale_frames", 0) + one.get("repeated_frames", 0) for one in self.workers().values())

    def time_before(self, when: float) -> float:
        return max((at for seen, at, _ in self.seen if seen <= when), default=0.0)

    def detected_s(self, when: float, losses: int) -> float | None:
        """Until so many are known to be lost."""
        lost = (seen for seen, _, all in self.seen if sum(one["state"] == "lost" for one in all.values()) >= losses)
        return next((seen - when for seen in lost if seen >= when), None)

    def recovered_s(self, when: float) -> float | None:
        """Until the network was further than it had been."""
        before = self.time_before(when)
        return next((seen - when for seen, at, _ in self.seen if seen > when and at > before), None)


class size(NamedTuple):
    vps: int = 8
    neurons: int = 300
    milliseconds: float = 5000.0


class stage:
    """One row's folder, cluster and network, which end with it."""

    def __init__(self, seed: int, network: size, patience_s: float, references: dict):
        self.random = random.Random(seed)
        self.network, self.patience_s, self._references = network, patience_s, references
        self._folder = tempfile.TemporaryDirectory(prefix="volley-faults-")
        self.folder = Path(self._folder.name)
        self._ends = contextlib.ExitStack()
        self.processes: list[process] = []
        self.workers: list[process] = []
        self.server: process | None = None
        self.door = self.address = ""
        self._enter: list[str] = []
        self._clients = 0

    def __enter__(self) -> "stage":
        return self

    def __exit__(self, *_) -> None:
        for one in reversed(self.processes):
            one.end()
        self._ends.close()
        self._folder.cleanup()

    def at_end(self, act: Callable, *arguments) -> None:
        self._ends.callback(act, *arguments)

    # ---- what the machine can do

    def root(self) -> None:
        if os.geteuid() != 0:
            raise skipped("needs root")

    def namespace(self) -> str:
        """The cluster that is started next has a loopback of its own."""
        self.root()
        if shutil.which("ip") is None:
            raise skipped("there is no program ip")
        name = f"volley-{os.getpid()}-{self.random.randrange(10**6)}"
        if subprocess.run(["ip", "netns", "add", name], capture_output=True).returncode != 0:
            raise skipped("the machine makes no network namespaces")
        self.at_end(subprocess.run, ["ip", "netns", "del", name])
        self._enter = ["ip", "netns", "exec", name]
        self.inside("ip", "link", "set", "lo", "up")
        # Rules of ours come before the table of local addresses.
        self.inside("ip", "rule", "add", "pref", "100", "lookup", "local")
        self.inside("ip", "rule", "del", "pref", "0")
        return name

    def inside(self, *command: str) -> str:
        done = subprocess.run([*self._enter, *command], capture_output=True, text=True)
        if done.returncode != 0:
            raise skipped(f"{' '.join(command)}: {done.stderr.strip()}")
        return done.stdout

    def cut_off(self, port: int, *sides: str, peer: int | None = None) -> None:
        """Packets of this port are dropped: those `to` it, those `from` it; of one connection where it has a peer."""
        for side in sides:
            far, near = ("sport", "dport") if side == "to" else ("dport", "sport")
            one = [] if peer is None else [far, str(peer)]
            self.inside("ip", "rule", "add", "pref", "10", "ipproto", "tcp", near, str(port), *one, "blackhole")

    def heal(self) -> None:
        with contextlib.suppress(skipped):
            while True:
                self.inside("ip", "rule", "del", "pref", "10")

    def ports_of(self, one: process, peer: int | None = None) -> list[int]:
        """That a process listens at, or that its connections to a peer's port come from."""
        what = ["-ltnpH"] if peer is None else ["-tnpH", "state", "established", "dport", f"= :{peer}"]
        lines = [line for line in self.inside("ss", *what).splitlines() if f"pid={one.pid}," in line]
        return [int(re.findall(r":(\d+)\s", line)[0]) for line in lines]

    def small_disk(self, mebibytes: int) -> Path:
        self.root()
        place = self.folder / f"disk{self.random.randrange(10**6)}"
        place.mkdir()
        options = ["-t", "tmpfs", "-o", f"size={mebibytes}m,mode=0700", "none", str(place)]
        if subprocess.run(["mount", *options], capture_output=True).returncode != 0:
            raise skipped("no tmpfs can be mounted")
        self.at_end(subprocess.run, ["umount", "-l", str(place)])
        return place

    def limit_memory(self, one: process, more_bytes: int) -> None:
        """It may take so much more. What it has is not counted in its new control group."""
        for root, limit in ("/sys/fs/cgroup/memory", "memory.limit_in_bytes"), ("/sys/fs/cgroup", "memory.max"):
            group = Path(root) / f"volley-faults-{one.pid}"
            with contextlib.suppress(OSError):
                group.mkdir()
                self.at_end(_remove_group, group)
                if (group / limit).is_file():
                    (group / limit).write_text(str(more_bytes))
                    (group / "cgroup.procs").write_text(str(one.pid))
                    return
        raise skipped("there are no control groups for memory to write to")

    # ---- processes

    def start(
        self, workers: int, *options: str, server: dict[str, str] | None = None, join=(), **environment: str
    ) -> None:
        """A supervisor that computes nothing itself, and its workers, one lane each, with the options `join`.
        `environment` is the workers'."""
        socket = self.folder / "s"
        what = ["--socket", str(socket), "--workers-listen", "127.0.0.1:0", "--workers-only", *options]
        self.server = self.run_process([PROGRAM, *what], "supervisor", **(server or {}))
        self.door = self.server.await_word(r"^VOLLEY_WORKERS=(\S+)")
        self.address = f"unix:{socket}"
        for _ in range(workers):
            self.join(*join, **environment)

    @property
    def door_port(self) -> int:
        return int(self.door.rpartition(":")[2])

    def run_process(self, command: list[str], name: str, **environment: str) -> process:
        self.processes.append(process([*self._enter, *command], self.folder, name, **environment))
        return self.processes[-1]

    def launch_worker(self, *options: str, program: str = PROGRAM, prefix=(), **environment: str) -> process:
        token = ["--token-file", str(self.folder / "s.workers"), "--lanes", "1"]
        command = [*prefix, program, "worker", "--join", self.door, *token, *options]
        return self.run_process(command, f"worker-{len(self.processes)}", **environment)

    def join(self, *options: str, prefix=(), **environment: str) -> process:
        one = self.launch_worker(*options, prefix=prefix, **environment)
        one.await_word(r"worker (\d+) computes")
        self.workers.append(one)
        return one

    def number_of(self, worker: process) -> int:
        return int(worker.said(r"worker (\d+) computes"))

    def some_worker(self) -> process:
        return self.random.choice([one for one in self.workers if one.code() is None])

    def dying(self, kind: str, call: int) -> dict[str, str]:
        """Of a process that is killed at this call of those that `send`, or that change the `disk`."""
        if not can_preload():
            raise skipped("there is no gcc to count calls")
        return {**preloaded("die_at.c", self.folder), "VOLLEY_DIE_AT": f"{kind}:{call}"}

    def hold_thread(self, number: int) -> process:
        """It stands still until the process that is returned ends."""
        holder = self.run_process([sys.executable, "-c", HOLD_THREAD, str(number)], f"holder-{len(self.processes)}")
        wait_until(lambda: holder.said("^(held)") or holder.code() is not None, STARTS_WITHIN_S, "a thread is held")
        if not holder.said("^(held)"):
            raise skipped(holder.last_line())
        return holder

    # ---- the network

    def client(self, *further: str, **environment: str) -> process:
        self._clients += 1
        name = f"client-{self._clients}"
        vps, neurons, milliseconds = self.network
        script = [str(HERE / "scenario.py"), str(vps), str(neurons), str(milliseconds), f"{self.folder}/{name}.npy"]
        where = {"VOLLEY_ADDRESS": self.address} if self.address else {}
        command = [sys.executable, *script, *further]
        saved, self._enter = self._enter, []  # a Unix socket is reached from anywhere
        try:
            return self.run_process(command, name, **{**where, **environment})
        finally:
            self._enter = saved

    def await_long_run(self, client: process) -> None:
        """Somewhere in the longest piece of its run."""
        client.await_word(r"((?:^at .*\n){4})", self.patience_s)
        time.sleep(self.random.uniform(0, 0.3))

    def result(self, client: process) -> dict:
        client.wait(self.patience_s)
        try:
            return json.loads(client.last_line())
        except ValueError:
            raise broken(f"the client ended: {client.last_line()}") from None

    def reference(self, *further: str) -> dict:
        """Of the network in one process, undisturbed; `events` are its spikes."""
        which = (self.network, further)
        if which not in self._references:
            client = self.client(*further, VOLLEY_ADDRESS="")
            found = self.result(client)
            need("error" not in found and found["spikes"] > 100, f"the undisturbed run: {found}")
            self._references[which] = {**found, "events": self.events_of(client), "files": self.take_files()}
        return self._references[which]

    def events_of(self, client: process) -> Counter:
        return Counter(map(tuple, np.load(self.folder / f"{client.name}.npy").T.tolist()))

    def take_files(self) -> list[str]:
        """The lines that recorders have written, which are gone then."""
        files = sorted(self.folder.rglob("files-*.dat"))
        lines = [line for file in files for line in file.read_text().splitlines() if not line.startswith("#")]
        for file in files:
            file.unlink()
        return sorted(lines)

    def watch(self) -> looker:
        eye = looker(self.address)
        eye.start()
        self.at_end(eye.end)
        return eye

    def judge(self, client: process, *further: str, **so_far) -> outcome:
        """Its result is the undisturbed run's, or it was told an error: the note says it."""
        expected, found = self.reference(*further), self.result(client)
        if "error" in found:
            return outcome(**so_far, note=f"told: {found['error']}")
        events = self.events_of(client)
        lost = sum((expected["events"] - events).values())
        repeated = sum((events - expected["events"]).values())
        differs = [key for key in found if found[key] != expected[key]]
        need(not differs, f"{', '.join(differs)} differ, {lost} spikes lost, {repeated} too many")
        need(self.take_files() == expected.get("files", []), "files of recorders differ")
        return outcome(**so_far, lost=lost, repeated=repeated)

    def play(self, *acts: Callable[[], None], losses: int | None = None, told: str = "", further=()) -> outcome:
        """Runs the network; each act happens at a random moment while it runs, in their order.

        losses: of workers, that are to be noticed; told: an error with these words is as good as the result.
        """
        self.reference(*further)
        eye, client = self.watch(), self.client(*further)
        self.eye, self.player = eye, client
        client.await_word("^(built)", self.patience_s)
        ended = lambda: client.code() is not None  # noqa: E731
        detected, recovered, shares = [], [], sorted(self.random.uniform(0.05, 0.6) for _ in acts)
        for act, share in zip(acts, shares):
            until = share * self.network.milliseconds
            wait_until(lambda: ended() or (eye.seen and eye.seen[-1][1] >= until), self.patience_s, "the run")
            if ended():
                break
            before, when = eye.losses(), time.monotonic()
            act()
            if losses:
                with contextlib.suppress(broken):
                    wait_until(lambda: ended() or eye.detected_s(when, before + 1) is not None, 15, "")
            with contextlib.suppress(broken):
                wait_until(lambda: ended() or eye.recovered_s(when) is not None, 15, "")
            detected += [eye.detected_s(when, before + 1)]
            recovered += [eye.recovered_s(when)]
        known = {"detected_s": [s for s in detected if s is not None] if losses != 0 else []}
        known["recovered_s"] = [s for s in recovered if s is not None]
        end = self.judge(client, *further, injected=len(recovered), **known)
        if losses is not None and not end.note:
            time.sleep(3 * LOOKS_EVERY_S)
            need(eye.losses() == losses, f"{eye.losses()} workers count as lost, not {losses}: {self.reasons(eye)}")
        need(not end.note or (told and re.search(told, end.note)), end.note)
        return end

    def reasons(self, eye: looker) -> str:
        lost = {number: one["reason"] for number, one in eye.workers().items() if one["state"] == "lost"}
        return "; ".join(f"{number}: {why}" for number, why in lost.items())

    def works_again(self) -> None:
        """Another network, after all that has happened."""
        end = self.judge(self.client())
        need(not end.note, f"the next network: {end.note}")


def _remove_group(group: Path) -> None:
    """What was in it may still be on its way out."""
    for _ in range(100):
        with contextlib.suppress(OSError):
            return group.rmdir()
        time.sleep(0.02)


def threads_of(pid: int) -> list[int]:
    return [int(name) for name in os.listdir(f"/proc/{pid}/task")]


def lanes_of(pid: int) -> list[int]:
    """Threads that compute, by the name that CAF gives them; none of a process that has ended."""
    name = "caf.multiplexer"
    with contextlib.suppress(OSError):
        return [one for one in threads_of(pid) if Path(f"/proc/{pid}/task/{one}/comm").read_text().strip() == name]
    return []
