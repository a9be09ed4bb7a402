"""The faults, a row each: how one is injected is its function, what is promised its second line of text.

A function raises `broken` where the promise is not kept, `not_offered` where the server has no such thing, `skipped`
where the machine cannot inject it.
"""

import contextlib
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from typing import Callable, NamedTuple

from preload import can_preload
from proxy import proxy, trouble
from stage import PROGRAM, broken, lanes_of, need, not_offered, offers, outcome, size, skipped, stage
from stage import threads_of, wait_until

DEAD_AFTER_S, BEAT_S = 3.0, 0.2
LOST = "worker .* was lost"


class row(NamedTuple):
    number: int
    fault: str
    promise: str
    play: Callable[[stage], outcome]


ROWS: list[row] = []


def fault(number: int):
    """The function's text is the fault, and then the promise."""

    def add(play: Callable[[stage], outcome]) -> Callable[[stage], outcome]:
        what, _, promise = play.__doc__.partition("\n")
        ROWS.append(row(number, what.rstrip("."), " ".join(promise.split()), play))
        return play

    return add


def _kill_one(s: stage) -> Callable[[], None]:
    return lambda: s.some_worker().kill()


def _kill_and_join(s: stage) -> None:
    s.some_worker().kill()
    s.join()


def _join_or_drain(s: stage) -> None:
    """A worker joins, or one is told to end and waited for."""
    there = [one for one in s.workers if one.code() is None]
    if len(there) < 2 or (len(there) < 6 and s.random.random() < 0.5):
        s.join()
    else:
        leaver = s.random.choice(there)
        leaver.signal(signal.SIGTERM)
        need(leaver.wait(30) == 0, f"a drained worker ends: {leaver.last_line()}")


def _within(end: outcome, detected_s: float, recovered_s: float) -> outcome:
    for what, limit in ("detected", detected_s), ("recovered", recovered_s):
        worst = max(getattr(end, f"{what}_s"), default=0.0)
        need(worst <= limit, f"{what} after {worst:.2f} s, not {limit:g}")
    return end


# ---- workers


@fault(1)
def killed_worker(s: stage) -> outcome:
    """kill -9 of a worker at a random moment.
    The network goes back and on; the same spikes, state and weights; at most 3 s."""
    s.start(4)
    return _within(s.play(_kill_one(s), losses=1, further=["ascii"]), 1.0, 3.0)


@fault(2)
def killed_meanwhile(s: stage) -> outcome:
    """kill -9 of workers while cuts are made all the time, a second one while the first is mended.
    As row 1; where both had the images of a VP, the call says who was lost."""
    if not offers("--checkpoint"):
        raise not_offered("volley serve has no --checkpoint")
    s.start(5, "--checkpoint", "0.05")

    def twice() -> None:
        s.some_worker().kill()
        time.sleep(s.random.uniform(0, 0.3))
        s.some_worker().kill()

    return s.play(twice, told=LOST)


@fault(2)
def ends_in_a_message(s: stage) -> outcome:
    """Workers join that are killed at their n-th message, any n from 1 to 3000, half of it said, while cuts are made.
    As row 1; where both had the images of a VP, the call says who was lost."""
    s.start(2, "--checkpoint", "0.05")
    joined = []

    def join() -> None:
        joined.append(s.launch_worker(**s.dying("send", int(10 ** s.random.uniform(0, 3.5)))))
        time.sleep(s.random.uniform(0.2, 0.6))

    end = s.play(*[join] * 8, told=LOST)
    killed = sum(one.code() == -signal.SIGKILL for one in joined)
    need(killed > 0, "no worker said so much")
    return end._replace(injected=killed)


@fault(3)
def killed_many(s: stage) -> outcome:
    """kill -9 of two of four at once, then of all; others join.
    The same result where each image is left, else an error that names a worker; the next network works."""
    s.start(4)

    def two() -> None:
        for one in s.random.sample(s.workers, 2):
            one.kill()

    s.play(two, told=LOST)
    for one in s.workers:
        one.kill()
    for _ in range(2):
        s.join()
    s.works_again()
    return outcome(injected=6)


@fault(4)
def stopped_worker(s: stage) -> outcome:
    """SIGSTOP of a worker for 0.5 s, and for 5 s.
    The first costs nothing; after the second it is put out, says so, and is heard of no more."""
    s.start(4, join=["--wait", "0"])
    victim = s.some_worker()

    def pause(seconds: float) -> None:
        victim.signal(signal.SIGSTOP)
        time.sleep(seconds)
        victim.signal(signal.SIGCONT)

    s.play(lambda: pause(0.5), losses=0)
    end = s.play(lambda: pause(DEAD_AFTER_S + 2), losses=1)
    need(victim.wait(10) != 0, "a worker that was put out ends as if nothing was")
    return end


@fault(5)
def stuck_worker(s: stage) -> outcome:
    """A thread that computes stands still within an interval; the process goes on beating.
    The worker names the virtual process and ends; as row 1. The third time in one interval its call fails."""
    s.root()
    if not offers("--stuck-after", "worker"):
        raise not_offered("nobody watches the time of a slice")
    s.start(4, join=["--stuck-after", "1"])
    victim = s.some_worker()
    def hold() -> None:
        for _ in range(30):  # until it is not between two slices
            if s.eye.losses() or not (lanes := lanes_of(victim.pid)):
                return
            holder = s.hold_thread(lanes[0])
            with contextlib.suppress(broken):
                wait_until(s.eye.losses, 3, "it is lost")
            holder.kill()
            time.sleep(s.random.uniform(0, 0.03))

    end = s.play(hold, losses=1)
    # Where the thread has a lock that the one with the sockets waits for, the worker is silent, and put out.
    said = "(the supervisor was lost|stood still)"
    need(victim.said(said), f"the worker says: {victim.last_line()}")
    return end


# ---- connections


@fault(6)
def parted(s: stage) -> outcome:
    """Packets are dropped: between workers 1 s, one way 1 s, between a worker and the supervisor 5 s.
    Short ones cost nothing; after the long one the worker is put out, and joins again as another."""
    s.namespace()
    s.start(3)
    first = s.workers[0]
    doors = s.ports_of(first)

    def part(seconds: float, *sides: str) -> None:
        s.cut_off(doors[0], *sides)
        time.sleep(seconds)
        s.heal()

    s.play(lambda: part(1.0, "to", "from"), lambda: part(1.0, "to"), losses=0)
    own = s.ports_of(first, s.door_port)[0]

    def part_from_supervisor() -> None:
        s.cut_off(s.door_port, "to", "from", peer=own)
        time.sleep(DEAD_AFTER_S + 2)
        s.heal()

    end = _within(s.play(part_from_supervisor, losses=1), DEAD_AFTER_S + 2 + 5 * BEAT_S, 10.0)
    first.await_word("(joined again)", 30)
    return end


@fault(7)
def slow_links(s: stage) -> outcome:
    """All connections share 8 Mbit/s; then each chunk between workers takes 5 ms, +- 1 ms.
    Slower, and nobody is lost."""
    between = proxy(s.random.randrange(10**6))
    s.at_end(between.close)
    if os.geteuid() == 0:
        s.namespace()
        s.start(3)
        s.inside("ip", "link", "set", "lo", "mtu", "1500")
        s.inside("tc", "qdisc", "add", "dev", "lo", "root", "tbf", "rate", "8mbit", "burst", "64kb", "latency", "400ms")
        s.play(losses=0)
    with stage_of_links(s, between, trouble(delay_s=0.005, jitter_s=0.001)) as slow:
        return slow.play(losses=0)


@fault(8)
def flapping(s: stage) -> outcome:
    """The network is down and up again each 100 ms for 1.2 s.
    Nobody is lost."""
    s.namespace()
    s.start(3)

    def flap() -> None:
        for _ in range(6):
            for state in "down", "up":
                s.inside("ip", "link", "set", "lo", state)
                time.sleep(0.1)

    return s.play(flap, losses=0)


@contextlib.contextmanager
def stage_of_links(s: stage, between: proxy, what: trouble, workers: int = 3):
    """A cluster, the links of whose workers go through the proxy with this trouble; those to the supervisor without."""
    if not can_preload():
        raise skipped("there is no gcc to redirect connections")
    with stage(s.random.randrange(10**6), s.network, s.patience_s, s._references) as part:
        part.start(workers, **between.environment())
        between.trouble = {part.door_port: trouble(), None: what}
        yield part


def _troubled_links(s: stage, what: trouble, then: Callable[[proxy], None] | None = None) -> outcome:
    """The network whose links are in trouble; nobody may be lost."""
    between = proxy(s.random.randrange(10**6))
    s.at_end(between.close)
    with stage_of_links(s, between, what) as part:
        end = part.play(*([lambda: then(between)] if then else []), losses=0)
        need(what.happened > 0, "nothing happened")
        dropped = part.eye.frames_dropped()
        return end._replace(injected=what.happened, note=f"{between.connections} connections, {dropped} frames dropped")


@fault(9)
def repeated_frames(s: stage) -> outcome:
    """Chunks between workers are repeated (1 %), and the beginnings of old connections said again.
    Each frame is taken once, the same result."""
    return _troubled_links(s, trouble(repeat=0.01), lambda between: between.replay())


@fault(10)
def corrupted_frames(s: stage) -> outcome:
    """Bits between workers flip (1 % of chunks) and frames are cut off (0.5 %); one flips on the way to the supervisor.
    No such frame is taken; links stand again; the last worker is lost and joins again, the network goes on."""
    end = _troubled_links(s, trouble(corrupt=0.01, truncate=0.005))
    between = proxy(s.random.randrange(10**6))
    s.at_end(between.close)
    with stage_of_links(s, between, trouble(), workers=1) as part:
        for _ in range(2):
            part.join()
        what = trouble()

        def flip() -> None:
            between.trouble[part.door_port] = what
            what.corrupt = 1.0
            wait_until(lambda: what.happened > 0, 10, "a bit flips")
            what.corrupt = 0.0

        one = part.play(flip, losses=1)
    return end._replace(injected=end.injected + what.happened, detected_s=one.detected_s, recovered_s=one.recovered_s)


@fault(11)
def reset_links(s: stage) -> outcome:
    """Connections between workers are reset after each k-th chunk, k from 5 to 50.
    They are made again, and what was missing is sent."""
    return _troubled_links(s, trouble(reset_each=s.random.randint(5, 50)))


# ---- disks


def _needs_state(s: stage) -> list[str]:
    if not offers("--state"):
        raise not_offered("volley serve has no --state")
    folder = s.folder / "state"
    folder.mkdir(mode=0o700, exist_ok=True)
    return ["--state", str(folder)]


@fault(12)
def full_state_disk(s: stage) -> outcome:
    """The disk of the state folder is full for 3 s of a run.
    The run goes on, from an older cut if it must."""
    _needs_state(s)
    disk = s.small_disk(64)
    s.start(3, "--state", str(disk), "--checkpoint", "0.1")

    def fill() -> None:
        _fill(disk)
        time.sleep(3)
        (disk / "filling").unlink()

    return s.play(fill, losses=0)


def _fill(disk) -> None:
    with contextlib.suppress(OSError), (disk / "filling").open("wb", buffering=0) as to:
        while True:
            to.write(bytes(1 << 16))
    with contextlib.suppress(OSError), (disk / "filling").open("ab", buffering=0) as to:
        while True:
            to.write(bytes(1))


@fault(13)
def full_record_disk(s: stage) -> outcome:
    """The disk that a recorder writes to is full for 3 s of a run.
    The run waits and goes on, or its call says what could not be written; nothing is dropped silently."""
    disk = s.small_disk(16)
    s.start(0, "--data-root", str(disk))
    for _ in range(3):
        s.join("--data-root", str(disk))

    def fill() -> None:
        _fill(disk)
        time.sleep(3)
        (disk / "filling").unlink()

    return s.play(fill, told="(?i)space|written|IOError|Recording", further=["ascii"])


@fault(14)
def rotten_state(s: stage) -> outcome:
    """Bits flip in the files of the state folder, or their ends are missing, while the supervisor is down.
    It goes on from what is sound, or says what is not."""
    options = _needs_state(s)
    s.start(3, *options, "--checkpoint", "0.1")
    files = lambda: [path for path in (s.folder / "state").rglob("*") if path.is_file() and path.stat().st_size > 64]

    def spoil() -> None:
        s.server.kill()
        s.server.wait(5)
        victim = s.random.choice(files())
        content = bytearray(victim.read_bytes())
        place = s.random.randrange(len(content))
        if s.random.random() < 0.5:
            content[place] ^= 1 << s.random.randrange(8)
        victim.write_bytes(content if s.random.random() < 0.5 else content[:place])
        _restart(s, options)

    return s.play(spoil, told="StateLost|lost|damaged|checksum|state")


# ---- supervisors


def _start_again(s: stage, options: list[str], **environment: str) -> None:
    where = ["--socket", str(s.folder / "s"), "--workers-listen", s.door, "--workers-only"]
    with contextlib.suppress(OSError):
        os.unlink(s.folder / "s")
    s.server = s.run_process([PROGRAM, *where, *options], f"supervisor-{len(s.processes)}", **environment)


def _restart(s: stage, options: list[str]) -> None:
    _start_again(s, options)
    s.server.await_word(r"^VOLLEY_WORKERS=(\S+)")


@fault(15)
def killed_supervisor(s: stage) -> outcome:
    """kill -9 of the supervisor in a run, and its restart; then without.
    The client's call goes on, the same result; workers come back by themselves, and end where nobody does."""
    options = _needs_state(s)
    s.start(3, *options, join=["--wait", "20"])

    def restart() -> None:
        s.server.kill()
        s.server.wait(5)
        _restart(s, options)

    end = s.play(restart, losses=0)
    for one in s.workers:
        one.await_word("(joined again)", 5)
    s.server.kill()
    for one in s.workers:
        need(one.wait(60) != 0, "a worker that nobody came back for ends as if nothing was")
    return end


@fault(15)
def ends_in_a_write(s: stage) -> outcome:
    """The supervisor is killed at its n-th call that changes its folder, half of it done, n from 1 until a run ends.
    Whatever was on the disk, the next one goes on from there, and the client's call; the same result."""
    options = [*_needs_state(s), "--checkpoint", "0.05"]
    s.start(3, *options, join=["--wait", "60"])
    deaths = 0

    def again_and_again() -> None:
        nonlocal deaths
        s.server.kill()
        while True:
            s.server.wait(5)
            _start_again(s, options, **s.dying("disk", deaths + 1))
            wait_until(lambda: s.server.code() is not None or s.player.code() is not None, s.patience_s, "an end")
            if s.server.code() is None:
                return
            need(s.server.code() == -signal.SIGKILL, f"a supervisor ends: {s.server.last_line()}")
            deaths += 1

    end = s.play(again_and_again)
    need(deaths > 10, f"only {deaths} were killed")
    return end._replace(injected=deaths)


@fault(16)
def two_supervisors(s: stage) -> outcome:
    """A second supervisor is started with the state folder of the first.
    It ends within 2 s and says why; the first does not notice."""
    options = _needs_state(s)
    s.start(3, *options)

    def second() -> None:
        other = s.run_process([PROGRAM, "--socket", str(s.folder / "other"), *options], "second")
        need(other.wait(2) != 0 and "state" in other.last_line(), f"the second says: {other.last_line()}")

    return s.play(second, losses=0)


# ---- clients


@fault(17)
def lost_client(s: stage) -> outcome:
    """A client is killed in a run; connections of one are reset in another.
    The server serves others; the second client finds its run again."""
    s.start(2)
    files = s.server.files()
    for _ in range(3):
        client = s.client()
        s.await_long_run(client)
        client.kill()
    s.works_again()
    wait_until(lambda: s.server.files() <= files + 2, 10, "the server closes what clients have left")
    return _cut_client(s, lambda between: between.reset_all())


def _cut_client(s: stage, act: Callable[[proxy], None]) -> outcome:
    """A client over TCP, whose connection goes through a proxy. Where it does not come back, that is not offered."""
    with stage(s.random.randrange(10**6), s.network, s.patience_s, s._references) as part:
        part.start(2, "--tcp", "127.0.0.1:0")
        port = int(part.server.await_word(r"tcp:127.0.0.1:(\d+)"))
        between = proxy(s.random.randrange(10**6), ("127.0.0.1", port))
        part.at_end(between.close)
        token = (part.folder / "s.token").read_text().strip()
        part.reference()
        client = part.client(VOLLEY_ADDRESS=f"tcp:127.0.0.1:{between.port}", VOLLEY_TOKEN=token)
        part.await_long_run(client)
        act(between)
        end = part.judge(client, injected=1)
        if end.note and not offers("--state"):
            raise not_offered(f"sessions that outlive their connection ({end.note})")
        need(not end.note, end.note)
        return end


READER = """
import nest
cells = nest.Create("parrot_neuron", 3)
spikes = nest.Create("spike_recorder")
nest.Connect(nest.Create("poisson_generator", 1, {"rate": 50000.0}), cells)
nest.Connect(cells, spikes)
nest.Simulate(4000.0)
print("built", flush=True)
while True: spikes.get("events")
"""


@fault(18)
def slow_reader(s: stage) -> outcome:
    """A client asks for much and then reads nothing for 5 s.
    The server keeps little for it, and others are answered as before."""
    s.start(2)
    reader = s.run_process([sys.executable, "-c", READER], "reader", VOLLEY_ADDRESS=s.address)
    reader.await_word("^(built)", s.patience_s)
    time.sleep(0.5)
    before = s.server.memory_bytes()
    reader.signal(signal.SIGSTOP)
    waits = _look_for(s, 5.0)
    grown = (s.server.memory_bytes() - before) / 2**20
    reader.signal(signal.SIGCONT)
    need(grown < 128, f"the server grew by {grown:.0f} MiB")
    need(waits[-len(waits) // 20] < 1.0, f"others waited for {waits[-1]:.2f} s")
    return outcome(injected=1, note=f"{grown:.0f} MiB more, others waited {1000 * waits[len(waits) // 2]:.0f} ms")


def _look_for(s: stage, seconds: float) -> list[float]:
    """How long each of many short calls took."""
    from volley.cluster_status import cluster_status
    from volley.marshalling import open_session

    waits, end = [], time.monotonic() + seconds
    session = open_session(lambda severity, text: None, s.address)
    while (began := time.monotonic()) < end:
        cluster_status(session)
        waits.append(time.monotonic() - began)
        time.sleep(0.02)
    return sorted(waits)


@fault(19)
def repeated_requests(s: stage) -> outcome:
    """What the server says is held back, and then the connection is reset: the client asks the same again.
    Each request is done once."""

    def swallow(between: proxy) -> None:
        between.trouble = {None: trouble(holds=("in",))}
        time.sleep(0.5)
        between.trouble = {}
        between.reset_all()

    return _cut_client(s, swallow)


# ---- machines


@fault(20)
def no_memory(s: stage) -> outcome:
    """A network of 10^12 neurons; then a worker's memory ends in a run.
    The first is refused within 1 s; the second is as row 1."""
    s.start(4)
    script = """
import nest, time
began = time.monotonic()
try: nest.Create("iaf_psc_alpha", 10**12)
except Exception as error: print("refused after", time.monotonic() - began)
"""
    asks = s.run_process([sys.executable, "-c", script], "greedy", VOLLEY_ADDRESS=s.address)
    took = float(asks.await_word("^refused after (.*)"))
    need(took < 1.0, f"refused after {took:.2f} s")
    s.works_again()
    victim = s.some_worker()

    def starve() -> None:
        s.limit_memory(victim, 256 << 10)
        with contextlib.suppress(broken):
            wait_until(lambda: victim.code() is not None, 5, "it runs out")

    end = s.play(starve, told=LOST)
    return end if victim.code() is not None else end._replace(note="but the worker has not run out")


@fault(21)
def suspended(s: stage) -> outcome:
    """All processes, the supervisor's and the client's too, are stopped for 5 s, as a machine that sleeps.
    Nobody is lost."""
    s.start(4)

    def sleep() -> None:
        for number in signal.SIGSTOP, signal.SIGCONT:
            for one in s.processes:
                one.signal(number)
            time.sleep(DEAD_AFTER_S + 2 if number == signal.SIGSTOP else 0)

    return s.play(sleep, losses=0)


@fault(22)
def starved(s: stage) -> outcome:
    """Four busy processes a core, and workers at the lowest priority, for the whole run.
    Slower, and nobody is lost."""
    s.start(4)
    for one in s.workers:
        for thread in threads_of(one.pid):
            os.setpriority(os.PRIO_PROCESS, thread, 10)
    busy = [subprocess.Popen([sys.executable, "-c", "while True: pass"]) for _ in range(4 * (os.cpu_count() or 1))]
    try:
        return s.play(losses=0)._replace(injected=len(busy))
    finally:
        for one in busy:
            one.kill()
            one.wait()


@fault(23)
def no_descriptors(s: stage) -> outcome:
    """A supervisor that may have 256 files; 400 connections to each of its doors say nothing.
    A client that comes then is served within 15 s, and the run goes on; files are closed again."""
    s.start(2)
    subprocess.run(["prlimit", f"--pid={s.server.pid}", "--nofile=256"], check=True)
    files, idle = s.server.files(), []

    def crowd() -> None:
        for _ in range(400):
            with contextlib.suppress(OSError):
                idle.append(socket.create_connection(("127.0.0.1", s.door_port), 0.2))
            with contextlib.suppress(OSError):
                other = socket.socket(socket.AF_UNIX)
                other.settimeout(0.2)
                idle.append(other)
                other.connect(str(s.folder / "s"))
        client = s.run_process([sys.executable, "-c", "import nest; print('in', nest.rng_seed)"], "honest",
                               VOLLEY_ADDRESS=s.address)  # fmt: skip
        client.await_word("^(in)", 15)

    end = s.play(crowd, losses=0)
    for one in idle:
        one.close()
    wait_until(lambda: s.server.files() <= files + 4, 30, "the supervisor closes idle connections")
    return end._replace(injected=len(idle))


@fault(24)
def storm(s: stage) -> outcome:
    """Workers join and are killed again, one each 100 ms.
    As row 1; who has joined and held nothing is not missed."""
    s.start(3)

    def change() -> None:
        for number in range(10):
            one = s.launch_worker()
            time.sleep(s.random.uniform(0.0, 0.2))
            if s.random.random() < 0.7:
                one.kill()
            if number == 3:
                s.some_worker().kill()

    return s.play(change, told=LOST)


@fault(25)
def strange_joiner(s: stage) -> outcome:
    """A worker of another build joins, and one on a processor that computes otherwise.
    The first is refused with the difference; the second, too, or the result is the same."""
    s.start(2)
    other = s.folder / "other-server"
    shutil.copy(PROGRAM, other)
    with other.open("ab") as to:
        to.write(b"another build")
    stranger = s.launch_worker(program=str(other))
    need(stranger.wait(20) != 0 and "build" in stranger.last_line(), f"another build: {stranger.last_line()}")
    masked = s.launch_worker(GLIBC_TUNABLES="glibc.cpu.hwcaps=-FMA,-AVX2,-FMA4,-AVX_Usable,-AVX2_Usable,-FMA_Usable")
    wait_until(lambda: masked.code() is not None or masked.said("(computes)"), 20, "it is let in or not")
    let_in = masked.code() is None
    s.works_again()
    return outcome(injected=2, note="" if let_in else "the second is refused, too")


@fault(29)
def slow_strangers(s: stage) -> outcome:
    """200 strangers at each door say a byte a second, and never finish.
    A client and a worker come in within 15 s meanwhile; strangers are put out."""
    s.start(2, "--tcp", "127.0.0.1:0")
    port = int(s.server.await_word(r"tcp:127.0.0.1:(\d+)"))
    strangers = []
    for _ in range(200):
        for door in port, s.door_port:
            with contextlib.suppress(OSError):
                strangers.append(socket.create_connection(("127.0.0.1", door), 1))
    began = time.monotonic()
    s.join()
    s.works_again()
    took, put_out, deadline = time.monotonic() - began, 0, time.monotonic() + 20
    need(took < 15, f"who is welcome came in after {took:.0f} s")
    while time.monotonic() < deadline and put_out < len(strangers):
        time.sleep(1)
        put_out = sum(not _says(one, b"V") for one in strangers)
    need(put_out == len(strangers), f"{len(strangers) - put_out} strangers are still in after 20 s")
    return outcome(injected=put_out)


def _says(stranger: socket.socket, words: bytes) -> bool:
    """Whether it still may."""
    try:
        return stranger.send(words) > 0
    except OSError:
        return False


def kills(s: stage, number: int, workers: int = 4) -> outcome:
    """So many kills in one run, a new worker after each."""
    s.start(workers)
    return s.play(*[lambda: _kill_and_join(s)] * number)


def changes(s: stage, number: int, workers: int = 4) -> outcome:
    """So many workers join or leave in one run."""
    s.start(workers)
    return s.play(*[lambda: _join_or_drain(s)] * number, losses=0)


QUICK, LONG = size(), size(vps=16, neurons=2000, milliseconds=10000.0)
