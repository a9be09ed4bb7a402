"""The low-level session over a fake kernel: errors, the log, progress, and Ctrl-C while a simulation runs."""

import os
import signal
import threading
import time

import pytest
import session_probe
from fake_session import fake_session

import volley as v
from volley.low_level import low_level_session
from volley.marshalling import classes


@pytest.fixture
def kernel():
    return session_probe.Kernel()


@pytest.fixture
def lines():
    return []


@pytest.fixture
def session(kernel, lines):
    return session_probe.Session(kernel, classes(), lambda severity, text: lines.append((severity, text)))


def meanwhile(*steps):
    """Runs steps in a thread, which can go on only while the waiting call does not hold the GIL."""
    thread = threading.Thread(target=lambda: [step() for step in steps])
    thread.start()
    return thread


def until(condition):
    while not condition():
        time.sleep(0.001)


def interrupt():
    os.kill(os.getpid(), signal.SIGINT)


def test_the_extension_and_the_stand_in_are_what_the_package_expects():
    wanted = {name for name in vars(low_level_session) if not name.startswith("_")}
    assert {name for name in vars(session_probe.Session) if not name.startswith("_")} == wanted
    fake = {name for name in dir(fake_session()) if not name.startswith("_")}
    assert wanted <= fake


def test_generation_comes_with_the_welcome(session):
    assert session.generation == 3


def test_errors_are_raised_by_kind_and_the_log_is_written(session, kernel, lines):
    for kind, expected in (("BadDelay", v.NESTErrors.BadDelay), ("builtins.KeyError", KeyError)):
        kernel.fail_all(kind, "because")
        with pytest.raises(expected, match="because"):
            session.prepare()
    assert lines == [(30, "failed")] * 2


def test_a_lost_kernel_is_an_error(session, kernel):
    kernel.dies()
    with pytest.raises(v.NESTError):
        session.prepare()


def test_a_kernel_may_refuse(kernel):
    kernel.refuses()
    with pytest.raises(v.NESTError, match="not admitted"):
        session_probe.Session(kernel, classes(), print)


def test_progress_is_reported(session, kernel):
    kernel.holds()
    heard = []
    thread = meanwhile(
        lambda: until(lambda: kernel.requests() == 1),
        lambda: kernel.push_progress(10.0),
        lambda: kernel.push_progress(20.0),
        kernel.end_job,
    )
    session.simulate(100.0, lambda *times: heard.append(times))
    thread.join()
    assert heard == [(0.0, 10.0, 100.0, 0.5), (0.0, 20.0, 100.0, 0.5)]


def test_an_interrupt_cancels_the_job_and_waits_for_its_end(session, kernel):
    kernel.holds()
    steps = []
    thread = meanwhile(
        lambda: until(lambda: kernel.requests() == 1),
        interrupt,
        lambda: until(lambda: kernel.cancels() == 1),
        lambda: steps.append("cancelled"),
        kernel.end_job,
    )
    with pytest.raises(KeyboardInterrupt):
        session.simulate(100.0, None)
    assert steps == ["cancelled"]
    thread.join()
    thread = meanwhile(lambda: until(lambda: kernel.requests() == 3), kernel.reply_to_last)
    session.prepare()  # the session is as usable as before
    thread.join()


def test_another_thread_cancels_the_job(session, kernel):
    kernel.holds()
    session.cancel()  # nothing runs: nothing is sent
    thread = meanwhile(
        lambda: until(lambda: kernel.requests() == 1),
        session.cancel,
        lambda: until(lambda: kernel.cancels() == 1),
        kernel.end_job,
    )
    session.simulate(100.0, None)
    thread.join()
    assert kernel.cancels() == 1


def test_a_second_interrupt_gives_up(session, kernel):
    kernel.holds()
    thread = meanwhile(
        lambda: until(lambda: kernel.requests() == 1),
        interrupt,
        lambda: until(lambda: kernel.cancels() == 1),
        interrupt,
    )
    with pytest.raises(KeyboardInterrupt):
        session.simulate(100.0, None)
    thread.join()


def test_a_failing_report_ends_the_job(session, kernel):
    kernel.holds()

    def fail(*times):
        raise RuntimeError("mine")

    thread = meanwhile(
        lambda: until(lambda: kernel.requests() == 1),
        lambda: kernel.push_progress(10.0),
        lambda: until(lambda: kernel.cancels() == 1),
        kernel.end_job,
    )
    with pytest.raises(RuntimeError, match="mine"):
        session.run(100.0, fail)
    thread.join()


def test_a_report_that_is_no_function_is_refused_at_once(session, kernel):
    for call in session.run, session.simulate:
        with pytest.raises(TypeError, match="report is a function"):
            call(1.0, 0.0)
    assert kernel.requests() == 0


def test_what_cannot_be_converted_is_not_sent(session, kernel):
    with pytest.raises(AttributeError):
        session.set_defaults("iaf_psc_alpha", {"tau_m": None})
    assert kernel.requests() == 0


def test_what_is_no_collection_and_no_parameter_is_named(session, kernel):
    for call, wanted in (
        (lambda: session.node_values(5, []), "a NodeCollection is needed, not int"),
        (lambda: session.connect([1], [2], {}, [{}]), "a NodeCollection is needed, not list"),
        (lambda: session.connection_values("c", []), "a SynapseCollection is needed, not str"),
        (lambda: session.evaluate(1.0, None, None), "a Parameter is needed, not float"),
    ):
        with pytest.raises(TypeError, match=wanted):
            call()
    assert kernel.requests() == 0


def test_texts_of_other_kinds_are_not_sent(session, kernel):
    half = r"'{}': the text '\\ud800' holds half of a surrogate pair"
    for call, error, text in (
        (lambda: session.create("\ud800", 1, None), ValueError, half.format("model")),
        (lambda: session.create(b"iaf_psc_alpha", 1, None), TypeError, "'model': a text is needed, not bytes"),
        (lambda: session.copy_model("iaf_psc_alpha", "\ud800", {}), ValueError, half.format("new")),
        (lambda: session.copy_model(5, "a", {}), TypeError, "'existing': a text is needed, not int"),
        (lambda: session.set_defaults("\ud800", {}), ValueError, half.format("model")),
        (lambda: session.get_connections(None, None, "\ud800", None), ValueError, half.format("synapse_model")),
        (lambda: session.kernel_status(["a", "\ud800"]), ValueError, half.format("keys")),
        (lambda: session.kernel_status(["a", 5]), TypeError, "'keys': a list of texts is needed"),
        (lambda: session.kernel_status("resolution"), TypeError, "'keys': a list of texts is needed, not str"),
    ):
        with pytest.raises(error, match=text):
            call()
    assert kernel.requests() == 0
