"""A worker that is lost is an error that names it, whatever was going on; nothing hangs, and the next network works."""

import signal
import threading
import time

import pytest

BUILD = """
import nest, sys
nest.ResetKernel()
nest.set(total_num_virtual_procs=4)
cells = nest.Create("iaf_psc_alpha", 40, {"I_e": 400.0})
nest.Connect(cells, cells, {"rule": "fixed_indegree", "indegree": 5}, {"weight": 5.0, "delay": 1.0})
"""
EXPECT_LOSS = """
open(%r, "w").close()
try:
    while True:
        %s
except nest.NESTError as error:
    print(error)
try:
    nest.Simulate(1.0)
except nest.NESTError as error:
    print(error)
"""
AGAIN = BUILD + "nest.Simulate(20.0)\nprint(nest.biological_time)"


def lose(many, act, place, call="nest.Simulate(1000.0)"):
    """What a client is told whose cluster meets `act` while it repeats a call; a file in `place` says that it does."""
    begun = place / "begun"

    def act_meanwhile():
        while not begun.exists():
            time.sleep(0.1)
        time.sleep(0.5)
        act()

    threading.Thread(target=act_meanwhile, daemon=True).start()
    done = many.run(BUILD + EXPECT_LOSS % (str(begun), call), timeout=60)
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


@pytest.mark.parametrize("call", ["nest.Simulate(1000.0)", "nest.Simulate(1.0)", "cells.set(V_m=-65.0)"])
def test_a_killed_worker_is_named(start, tmp_path, call):
    many = start(3)
    victim = many.workers[1]
    first, later = lose(many, victim.kill, tmp_path, call)
    for told in first, later:
        assert f"worker 2 (process {victim.pid}" in told and "was lost" in told, told
    again = many.run(AGAIN)
    assert again.stdout.strip() == "20.0", again.stderr


def test_a_stopped_worker_is_given_up_after_three_seconds(start, tmp_path):
    many = start(2)
    victim = many.workers[0]
    began = time.monotonic()
    first, _ = lose(many, lambda: victim.send_signal(signal.SIGSTOP), tmp_path)
    assert "worker 1" in first and "silent" in first, first
    assert time.monotonic() - began < 20
    victim.send_signal(signal.SIGCONT)
    assert victim.wait(10) != 0, "it finds itself put out, and ends"
    assert many.run(AGAIN).stdout.strip() == "20.0"


def test_workers_end_with_their_supervisor(start):
    many = start(2)
    many.server.send_signal(signal.SIGTERM)
    assert [one.wait(10) for one in many.workers] == [0, 0]
    many = start(2)
    many.server.kill()
    assert [one.wait(10) for one in many.workers] == [1, 1]
    assert "supervisor was lost" in many.workers[0].stdout.read()


def test_without_workers_calls_are_refused_until_one_joins(start):
    many = start(0)
    done = many.run(BUILD)
    assert "no worker" in done.stderr
    many.workers.append(many.join())
    assert many.run(AGAIN).stdout.strip() == "20.0"


def test_who_does_not_know_the_token_stays_out(start, tmp_path):
    many = start(1)
    wrong = tmp_path / "wrong"
    wrong.write_text("0" * 64)
    stranger = many._start(["worker", "--join", many.door, "--token-file", str(wrong)])
    assert stranger.wait(20) == 1
    assert "refuses this worker" in stranger.stdout.read()
    stranger.stdout.close()
    assert many.run(AGAIN).stdout.strip() == "20.0"


def test_the_status_tells_who_works(start):
    many = start(2)
    done = many.run(BUILD + "print([(w['number'], w['vps'], w['state']) for w in nest.GetKernelStatus('workers')])")
    assert done.stdout.strip() == "[(1, 2, 'at work'), (2, 2, 'at work')]", done.stderr
