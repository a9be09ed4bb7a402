"""The parts of the HTTP door by themselves: no kernel, no sockets but the listener's."""

import io
import socket
import threading
import time

import pytest
from volley.errors import NESTErrors
from volley.execution import execute
from volley.restricted import compile_restricted
from volley.server import jobs, mpi_calls
from volley.server.access import ADMIN, OBSERVE, gate, refusals
from volley.server.answers import refused
from volley.server.arguments import _depth
from volley.server.listener import listener
from volley.server.settings import from_environment, new_token, server_settings


def test_the_kernel_is_not_one_sessions_own():
    assert from_environment({"VOLLEY_KERNEL": "a"})
    with pytest.raises(ValueError, match="give it a name"):
        from_environment({"VOLLEY_KERNEL": "own"})


def test_tokens_are_long_and_new():
    tokens = {new_token() for _ in range(100)}
    assert len(tokens) == 100 and all(len(token) == 48 for token in tokens)
    assert new_token() not in repr(server_settings())


def test_roles():
    door = gate(server_settings(token="a" * 48, observe_token="b" * 48))
    assert door.role_of("a" * 48) == ADMIN and door.role_of("b" * 48) == OBSERVE
    for wrong in "", "a" * 47, "a" * 49, "A" * 48, "\udcff":
        assert door.role_of(wrong) is None
    assert gate(server_settings(needs_token=False)).role_of("") == ADMIN


def test_no_token_takes_longer_to_refuse_than_another():
    """Digests are compared, so neither length nor the number of right digits can show."""
    door = gate(server_settings(token="a" * 48))
    best = {"x": 1.0, "a" * 47 + "x": 1.0, "x" * 48: 1.0}
    for _ in range(200):  # in turn; the best of each, since others use this machine too
        for token in best:
            began = time.perf_counter()
            for _ in range(20):
                door.role_of(token)
            best[token] = min(best[token], time.perf_counter() - began)
    assert max(best.values()) < 1.5 * min(best.values())


def test_origins():
    door = gate(server_settings(origins=("http://localhost:*", "https://*.example.org")))
    for origin in "http://localhost", "http://localhost:80", "https://a.example.org", "http://me:9":
        assert door.knows_origin(origin, "me:9")
    for origin in "https://localhost:80", "http://localhost:x", "https://example.org.evil", "null", "":
        assert not door.knows_origin(origin, "me:9")


def test_refused_clients_wait_longer_and_longer_until_they_were_quiet():
    now = [0.0]
    count = refusals(lambda: now[0]).count
    waits = [count("a") for _ in range(8)]
    assert waits == sorted(waits) and waits[0] < waits[3] and waits[-1] == refusals.LONGEST_S
    assert count("b") == waits[0]
    now[0] += 61.0
    assert count("a") == waits[0]


def test_settings_come_from_the_environment():
    chosen = from_environment(
        {"NEST_SERVER_ACCESS_TOKEN": "t", "NEST_SERVER_ENABLE_EXEC_CALL": "True", "NEST_SERVER_CORS_ORIGINS": "a, b"}
    )
    assert (chosen.token, chosen.runs_source, chosen.origins, chosen.needs_token) == ("t", True, ("a", "b"), True)
    assert not from_environment({"NEST_SERVER_DISABLE_AUTH": "1"}).needs_token
    assert len(from_environment({"NEST_SERVER_DISABLE_AUTH": "t", "NEST_SERVER_ENABLE_EXEC_CALL": "t"}).warnings()) == 2
    with pytest.raises(ValueError, match="VOLLEY_HTTP_CALL_SECONDS=soon"):
        from_environment({"VOLLEY_HTTP_CALL_SECONDS": "soon"})


def test_restricted_code_is_refused_with_its_line():
    with pytest.raises(SyntaxError) as refusal:
        compile_restricted("x = 1\ny = x.__class__", "f")
    assert refusal.value.lineno == 2
    compile_restricted("def f(a, *_):\n  return [f'{b}' for b in a if b]\nx = f([1])", "f")


@pytest.mark.parametrize(
    "source",
    [
        "open('/etc/passwd')",
        "__import__('os')",
        "().__class__",
        "'{0.__class__}'.format(1)",
        "nest._call",
        "nest.sonata",
        "nest.server",
        "nest.Install('x')",
        "nest.raster_plot.np",
        "nest.random.np",
        "eval('1')",
        "getattr(nest, 'Create')",
        "def f(): yield\nf().gi_frame",
        "try:\n  1/0\nexcept Exception as e:\n  e.__traceback__",
        "class a: pass",
        "match 1:\n  case int(__class__=x): pass",
        "from_os = 1\nimport os\nos.getcwd()",
        "nest.Create = 3\nnest.anything = 3",
    ],
)
def test_ways_out_of_restricted_code_are_closed(source):
    with pytest.raises((SyntaxError, AttributeError, NameError)):
        execute(source, None, "import nest", True)


def test_code_runs_with_the_modules_of_the_operator():
    assert execute("import os\nx = np.sum([1, 2])", "x", "import numpy as np", True) == {"data": 3}
    assert execute("print(1)\nimport os", None, "", False) == {"stdout": "1\n"}
    with pytest.raises(AttributeError):
        execute("np.testing", None, "import numpy as np", True)  # a module within a module
    with pytest.raises(ValueError, match="no import"):
        execute("", None, "os.system('x')", True)


def test_depth_of_brackets():
    assert _depth(b'{"a": [1, [2]], "b": []}') == 3
    assert _depth(b"[" * 50) == 50


# ---- jobs


def test_a_cancel_does_not_reach_the_next_job(monkeypatch):
    cancelled, reached = threading.Event(), []

    class kernel:
        def simulate(self, duration_ms, report):
            cancelled.wait(10)

        def run(self, duration_ms, report):
            time.sleep(0.2)

        def cancel(self):
            cancelled.set()
            time.sleep(0.3)  # the next job waits for its turn meanwhile
            reached.append(work._what)

    monkeypatch.setattr(jobs, "session", kernel)
    work, outcomes = jobs.jobs(server_settings()), []

    def do(call):
        try:
            outcomes.append((call, work.run(call, 1.0)))
        except jobs.refused as refusal:
            outcomes.append((call, refusal.status))

    threads = [threading.Thread(target=do, args=(call,)) for call in ("Simulate", "Run")]
    threads[0].start()
    while work.state() is None:
        time.sleep(0.01)
    threads[1].start()
    assert work.cancel()
    for thread in threads:
        thread.join(10)
    assert outcomes == [("Simulate", 409), ("Run", None)] and set(reached) == {"Simulate"}


# ---- all ranks


class ranks:
    """Communicators of threads that meet, in the way of mpi4py."""

    def __init__(self, size):
        self.size = size
        self.meet = threading.Barrier(size)
        self.slots = [None] * size

    class member:
        def __init__(self, all_, rank):
            self.all, self.rank = all_, rank

        def Get_rank(self):
            return self.rank

        def Ibarrier(self):
            self.all.meet.wait(10)
            return self

        def Test(self):
            return True

        def bcast(self, value, root):
            return self.gather(value, root, everywhere=True)[root]

        def gather(self, value, root, everywhere=False):
            self.all.slots[self.rank] = value
            self.all.meet.wait(10)
            got = list(self.all.slots)
            self.all.meet.wait(10)
            return got if everywhere or self.rank == root else None


def test_all_ranks_make_a_call():
    comm = ranks(3)
    members = [comm.member(comm, rank) for rank in range(3)]
    others = [
        threading.Thread(target=mpi_calls.serve_others, args=(m, lambda name, arguments, m=m: [m.rank, *arguments]))
        for m in members[1:]
    ]
    for thread in others:
        thread.start()
    mpi_calls.broadcast(members[0], "GetSomething", (7,))
    assert mpi_calls.gather(members[0], [0, 7]) == [[0, 7], [1, 7], [2, 7]]
    mpi_calls.broadcast(members[0], None)
    for thread in others:
        thread.join(10)
        assert not thread.is_alive()


def test_answers_of_ranks_become_one():
    def combine(name, answers):
        return mpi_calls.combine(name, [mpi_calls.attempt(lambda answer=answer: answer) for answer in answers])

    assert combine("Connect", [None, None]) is None
    assert combine("Create", [[1, 2], [1, 2]]) == [1, 2]
    assert combine("GetNodes", [None, [3]]) == [3]
    events = [{"times": [t], "senders": [1]} for t in (1.0, 2.0)]
    status = [[{"element_type": "recorder", "record_to": "memory", "n_events": 1, "events": e}] for e in events]
    assert combine("GetStatus", status)[0]["events"] == {"times": [1.0, 2.0], "senders": [1, 1]}
    neuron = [[{"element_type": "neuron", "local": local, "V_m": v}] for local, v in ((False, 0.0), (True, 1.0))]
    assert combine("GetStatus", neuron)[0]["V_m"] == 1.0
    assert combine("GetStatus", [[None, -70.0], [-60.0, None]]) == [-60.0, -70.0]
    assert combine("GetStatus", [[3], [3]]) == [3, 3] and combine("GetNodes", [[1, 2], [1, 2]]) == [1, 2]
    assert combine("num_connections", [3, 4]) == 3 and combine("NumProcesses", [2, 2]) == 2
    one, two = {"source": 1, "weight": 2.0}, {"source": [1, 2], "weight": [3.0, 4.0]}
    assert combine("GetConnections", [one, two]) == {"source": [1, 1, 2], "weight": [2.0, 3.0, 4.0]}
    assert combine("GetConnections", [{}, one]) == one
    with pytest.raises(TypeError):
        combine("GetX", [1, 2])


def test_an_error_of_ranks_becomes_one():
    def told(*answers):
        with pytest.raises(mpi_calls.failed) as raised:
            mpi_calls.combine("exec", list(answers))
        return raised.value.status, raised.value.body["message"]

    def fail(error):
        return mpi_calls.attempt(lambda: (_ for _ in ()).throw(error))

    missing, cancelled = fail(KeyError("x")), fail(refused(409, "the call was cancelled"))
    assert told(missing, missing) == (400, "KeyError: x")
    assert told("1", missing) == (400, "KeyError: x (on rank 1)")
    assert told(cancelled, "1") == (409, "the call was cancelled")
    apart = f'rank 0 calls Run(1.0), rank 1 calls SetDefaults("the end of the request"). {mpi_calls._APART}'
    waited = fail(NESTErrors.KernelException(apart))
    assert told(waited, missing) == (400, "KeyError: x (on rank 1)")
    assert "rank 1 has come to the end of the request." in told(waited, "1")[1]
    assert told(fail(SystemExit(3)), "1") == (400, "SystemExit: 3 (on rank 0)")


# ---- sockets


def test_a_listener_serves_and_survives_its_application(capsys):
    def application(environ, start_response):
        if environ["PATH_INFO"] == "/fails":
            raise RuntimeError("an application that fails")
        body = environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"]))
        start_response("200 OK", [("Content-Length", str(len(body)))])
        return [body]

    with listener("127.0.0.1", 0, application, strangers=4) as door:
        threading.Thread(target=door.serve_forever, daemon=True).start()

        def ask(text):
            with socket.create_connection(("127.0.0.1", door.server_port), 10) as connection:
                connection.sendall(text)
                return io.BufferedReader(socket.SocketIO(connection, "r")).read()

        assert b" 500 " in ask(b"GET /fails HTTP/1.1\r\n\r\n").splitlines()[0]
        body = b"x" * 100_000
        assert ask(b"POST / HTTP/1.1\r\nContent-Length: 100000\r\n\r\n" + body).endswith(b"\r\n\r\n" + body)
        door.shutdown()
    assert "an application that fails" in capsys.readouterr().err
