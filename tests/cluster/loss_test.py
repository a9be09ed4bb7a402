"""A worker that is lost costs time and no bit, whatever was going on; nothing hangs, and the next network works."""

import signal
import time

import pytest
from disturbed import BUILD, run

AGAIN = BUILD + "nest.Simulate(20.0)\nprint(nest.biological_time)"
LOST = "print([w['number'] for w in nest.GetKernelStatus('workers') if w['state'] == 'lost'])"


@pytest.mark.parametrize("calls", [(100_000.0, 1), (1_000.0, 100), (1.0, 1_000)])
def test_a_killed_worker_changes_nothing(start, calls):
    many = start(3)
    expected = run(many, lambda: None, *calls)
    assert int(expected.stdout.split()[0]) > 100, expected.stderr
    done = run(many, many.workers[1].kill, *calls)
    assert done.stdout == expected.stdout, done.stderr
    assert many.run("import nest\n" + LOST).stdout.strip() == "[2]"
    assert many.run(AGAIN).stdout.strip() == "20.0"


def test_nor_do_files_of_recorders(start):
    texts = []
    for kills in False, True:
        many = start(3)
        done = run(many, many.workers[1].kill if kills else lambda: None, 1_000.0, 100, "ascii")
        assert done.returncode == 0, done.stderr
        texts.append({file.name: file.read_text() for file in many.folder.glob("*.dat")})
    assert len(texts[0]) == 4 and texts[0] == texts[1]


def test_a_stopped_worker_is_given_up_after_three_seconds(start):
    many = start(2, join=["--wait", "0"])
    victim = many.workers[0]
    began = time.monotonic()
    done = run(many, lambda: victim.send_signal(signal.SIGSTOP), 1_000.0, 200)
    assert done.stdout.split()[2:] == ["200000.0"], done.stderr
    assert time.monotonic() - began < 60
    victim.send_signal(signal.SIGCONT)
    assert victim.wait(10) != 0, "it finds itself put out, and ends"
    assert many.run(AGAIN).stdout.strip() == "20.0"


def test_where_all_images_are_lost_a_worker_is_named(start):
    many = start(2)
    done = run(many, lambda: [one.kill() for one in many.workers], 1_000.0, 10_000)
    assert "worker " in done.stderr and "was lost" in done.stderr, done.stderr
    many.workers.append(many.join())
    assert many.run(AGAIN).stdout.strip() == "20.0"


def test_workers_end_with_their_supervisor(start):
    many = start(2)
    many.server.send_signal(signal.SIGTERM)
    assert [one.wait(10) for one in many.workers] == [0, 0]
    many = start(2, join=["--wait", "0"])
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


def test_updates_are_timed_on_workers_and_may_not_take_longer_than_they_may(start):
    many = start(2)
    told = "print(0 < nest.min_update_time <= nest.max_update_time < 60)\n"
    done = many.run(BUILD + "nest.Simulate(20.0)\n" + told + "nest.update_time_limit = 1e-12\nnest.Simulate(20.0)")
    assert done.stdout.strip() == "True", done.stderr
    assert "longer than update_time_limit" in done.stderr
    assert many.run(AGAIN).stdout.strip() == "20.0"


def test_the_status_tells_who_works(start):
    many = start(2)
    done = many.run(BUILD + "print([(w['number'], w['vps'], w['state']) for w in nest.GetKernelStatus('workers')])")
    assert done.stdout.strip() == "[(1, 2, 'holding'), (2, 2, 'holding')]", done.stderr
