"""The tool of the fault tests notices what it is there to notice, and some rows of its table hold."""

import json
import re
import socket
import threading
from collections import Counter
from pathlib import Path

import pytest
import run_faults
from catalogue import ROWS
from proxy import proxy, trouble
from stage import broken, outcome, size, stage

SMALL = size(vps=3, neurons=60, milliseconds=300.0)
PAGE = Path(__file__).resolve().parents[2] / "docs" / "faults.md"


@pytest.fixture
def echo():
    """A server that says what it hears."""
    door = socket.create_server(("127.0.0.1", 0))

    def serve():
        while True:
            try:
                one, _ = door.accept()
            except OSError:
                return
            threading.Thread(target=answer, args=(one,), daemon=True).start()

    def answer(one):
        try:
            while heard := one.recv(1 << 16):
                one.sendall(heard)
        except OSError:
            pass

    threading.Thread(target=serve, daemon=True).start()
    yield door.getsockname()
    door.shutdown(socket.SHUT_RDWR)
    door.close()


def said_through(echo, what: trouble, words: bytes = bytes(100)) -> bytes:
    """What comes back; the connection may be reset."""
    between = proxy(1, echo)
    between.trouble = {None: what}
    heard = b""
    try:
        with socket.create_connection(("127.0.0.1", between.port), 5) as one:
            one.settimeout(0.5)
            one.sendall(words)
            while part := one.recv(1 << 16):
                heard += part
    except OSError:
        pass
    between.close()
    return heard


def test_a_proxy_does_what_it_is_told(echo):
    assert said_through(echo, trouble()) == bytes(100)
    flipped = said_through(echo, trouble(corrupt=1.0))
    assert len(flipped) == 100 and 0 < sum(byte.bit_count() for byte in flipped) <= 2
    assert len(said_through(echo, trouble(repeat=1.0))) > 100
    assert len(said_through(echo, trouble(truncate=1.0))) < 100
    assert said_through(echo, trouble(holds=("out",))) == b""


class client_of_a_kind:
    """A client that has ended with this result."""

    name = "client"

    def __init__(self, result):
        self.result = result

    def wait(self, within_s):
        return 0

    def last_line(self):
        return json.dumps(self.result)


def test_what_is_lost_or_repeated_is_counted(monkeypatch):
    two = Counter({(1, 0.5): 1, (2, 0.5): 1})
    with stage(1, SMALL, 10.0, {(SMALL, ()): {"spike_bits": "a", "events": two}}) as here:
        monkeypatch.setattr(here, "events_of", lambda client: two)
        assert here.judge(client_of_a_kind({"spike_bits": "a"}), injected=1) == outcome(injected=1)
        assert here.judge(client_of_a_kind({"error": "x"})).note == "told: x"
        monkeypatch.setattr(here, "events_of", lambda client: Counter({(1, 0.5): 2}))
        with pytest.raises(broken, match="spike_bits differ, 1 spikes lost, 1 too many"):
            here.judge(client_of_a_kind({"spike_bits": "b"}))


def test_the_page_tells_of_all_rows():
    table = PAGE.read_text().partition("## Figures")
    told = [[int(n) for n in re.findall(r"^\| (\d+) \|", part, re.MULTILINE)] for part in (table[0], table[2])]
    assert told == [[row.number for row in ROWS]] * 2


@pytest.mark.parametrize("row", [row for row in ROWS if row.number in (1, 21, 25)], ids=lambda row: str(row.number))
def test_a_row_holds(row):
    _, verdict = run_faults._play(row.play, row.number, SMALL, 120.0, {})
    assert verdict.startswith(("holds", "not offered", "skipped")), verdict
