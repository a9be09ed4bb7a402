"""A worker that is lost costs time and no bit, whatever was going on; nothing hangs, and the next network works."""

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
RUN = """
spikes = nest.Create("spike_recorder", 1, {"record_to": sys.argv[4]})
nest.Connect(cells, spikes)
open(sys.argv[1], "w").close()
for _ in range(int(sys.argv[3])):
    nest.Simulate(float(sys.argv[2]))
    cells[:3].set(V_m=-60.0)
events = spikes.get("events") if sys.argv[4] == "memory" else None
rows = sorted(zip(events["times"].tolist(), events["senders"].tolist())) if events else []
print(spikes.n_events, hash(tuple(rows)), nest.biological_time)
"""
AGAIN = BUILD + "nest.Simulate(20.0)\nprint(nest.biological_time)"
LOST = "print([w['number'] for w in nest.GetKernelStatus('workers') if w['state'] == 'lost'])"


def run(many, act, ms, times, record_to="memory"):
    """What a client is told whose cluster meets `act` half a second after its calls have begun."""
    begun = many.folder / "begun"
    begun.unlink(missing_ok=True)

    def act_meanwhile():
        while not begun.exists():
            time.sleep(0.05)
        time.sleep(0.5)
        act()

    meanwhile = threading.Thread(target=act_meanwhile, daemon=True)
    meanwhile.start()
    done = many.run(BUILD + RUN, str(begun), str(ms), str(times), record_to, timeout=120)
    meanwhile.join()
    return done


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
    many = start(2)
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
    assert done.stdout.strip() == "[(1, 2, 'holding'), (2, 2, 'holding')]", done.stderr
