"""Ctrl-C, progress and forks: the kernel survives what happens to its client."""

import os
import signal
import subprocess
import sys

import pytest
from volley.session import session


def test_ctrl_c_leaves_a_usable_kernel_with_the_data_so_far(nest):
    generator = nest.Create("poisson_generator", params={"rate": 1e4})
    parrots, recorder = nest.Create("parrot_neuron", 100), nest.Create("spike_recorder")
    nest.Connect(generator, parrots)
    nest.Connect(parrots, recorder)

    def interrupt(began_ms, now_ms, end_ms, wall_s):
        os.kill(os.getpid(), signal.SIGINT)

    with pytest.raises(KeyboardInterrupt):
        session().simulate(1e7, interrupt)
    stopped_ms = nest.biological_time
    assert 0.0 < stopped_ms < 1e7
    times = recorder.events["times"]
    assert 0 < len(times) and max(times) <= stopped_ms
    recorder.n_events = 0
    nest.Simulate(10.0)
    assert nest.biological_time == pytest.approx(stopped_ms + 10.0) and recorder.n_events > 0


def test_progress_is_told_while_a_run_goes_on(nest, capsys):
    nest.print_time = True
    nest.Create("iaf_psc_alpha", 10)
    heard = []
    session().simulate(20_000.0, lambda *times: heard.append(times))
    assert all(0.0 == began <= now <= end == 20_000.0 for began, now, end, _ in heard)
    nest.Simulate(10.0)
    out = capsys.readouterr().out
    assert not heard or "simulating" in out or out == ""  # a run may end before its first report


def test_a_forked_child_is_refused_and_does_not_hang(nest):
    nest.Create("iaf_psc_alpha")
    child = os.fork()
    if child == 0:
        try:
            nest.Create("iaf_psc_alpha")
            os._exit(1)
        except nest.NESTError:
            os._exit(0)
    assert os.waitpid(child, 0)[1] == 0
    assert nest.network_size == 1


@pytest.mark.parametrize("seconds", [0, 1])
def test_the_interpreter_may_end_while_a_thread_simulates(seconds):
    """Also if its last function keeps the lock, so that the thread waits for it when the end begins and gets it."""
    script = f"""
import atexit, sys, threading, time

@atexit.register
def last():
    sys.setswitchinterval(1000)
    began = time.monotonic()
    while time.monotonic() < began + {seconds}: pass
    sys.stdout.write("written, without the lock, once the end has begun")

import nest
nest.Create("iaf_psc_alpha", 1000)
threading.Thread(target=lambda: nest.Simulate(1e8), daemon=True).start()
time.sleep(0.5)
"""
    environment = {name: text for name, text in os.environ.items() if name != "VOLLEY_ADDRESS"}
    assert (
        subprocess.run([sys.executable, "-c", script], env=environment, stdout=subprocess.PIPE, timeout=100).returncode
        == 0
    )
