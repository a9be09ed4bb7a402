"""What hostile requests get: nothing, in time."""

import socket
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from door import running_door

HEAD = "POST /api/Create HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"


@pytest.fixture(scope="module")
def plain(tmp_path_factory):
    """A server as it is by default, with little time for a call."""
    with running_door(tmp_path_factory.mktemp("plain"), VOLLEY_HTTP_CALL_SECONDS="1") as one:
        yield one


def raw(server, text, timeout=30.0):
    """Sends bytes, and reads until the server closes."""
    with socket.create_connection(("127.0.0.1", server.port), timeout) as connection:
        connection.sendall(text.encode() if isinstance(text, str) else text)
        parts = []
        try:
            while part := connection.recv(65536):
                parts.append(part)
        except ConnectionResetError:
            pass
        return b"".join(parts).decode()


def size(server):
    return server.call("GetKernelStatus", keys="network_size")


def test_wrong_tokens_are_refused_alike(plain):
    tokens = ["", "x", "0" * 48, "0" * 5000, plain.token.upper(), plain.token[:-1], plain.observe_token[::-1]]
    paths = ["/", "/api", "/api/Create", "/exec", "/nowhere", "/api/__class__"]
    paths += ["/live/state", "/live/events", "/metrics"]
    asked = [(path, "x") for path in paths] + [("/api/Create", token) for token in tokens]
    with ThreadPoolExecutor(len(asked)) as pool:  # each wait is longer than the one before
        got = list(pool.map(lambda one: plain.ask(one[0], {"model": "iaf_psc_alpha"}, token=one[1]), asked))
    assert {(one.status, one.body["message"]) for one in got} == {(403, "Unauthorized")}
    assert size(plain) == 0


def test_refusals_wait_and_do_not_make_others_wait(plain):
    began = time.monotonic()
    threads = [threading.Thread(target=plain.ask, args=("/api",), kwargs={"token": "wrong"}) for _ in range(10)]
    for thread in threads:
        thread.start()
    assert size(plain) == 0
    assert time.monotonic() - began < 3.0
    for thread in threads:
        thread.join()
    assert time.monotonic() - began > 0.1


def test_a_token_to_look_does_not_change_anything(plain):
    for call in "Create", "Simulate", "ResetKernel", "SetKernelStatus", "Connect":
        got = plain.ask(f"/api/{call}", {}, token=plain.observe_token)
        assert got.status == 403 and "look" in got.body["message"]
    assert plain.ask("/exec", {"source": "1"}, token=plain.observe_token).status == 403
    assert plain.ask("/api/GetNodes", {}, token=plain.observe_token).body == []


def test_exec_is_off(plain):
    got = plain.ask("/exec", {"source": "nest.Create('iaf_psc_alpha')"})
    assert got.status == 403 and "NEST_SERVER_ENABLE_EXEC_CALL" in got.body["message"] and size(plain) == 0


def test_oversized_requests_are_not_read(plain):
    began = time.monotonic()
    head = f"{HEAD}NESTServerAuth: {plain.token}\r\n"
    assert " 413 " in raw(plain, f"{head}Content-Length: 4294967296\r\n\r\n").split("\r\n")[0]
    assert " 411 " in raw(plain, f"{head}Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n").split("\r\n")[0]
    assert " 411 " in raw(plain, f"{head}Content-Length: -1\r\n\r\n").split("\r\n")[0]
    assert raw(plain, "GET /" + "a" * 100_000) == ""
    assert raw(plain, HEAD + "".join(f"X-{i}: {'y' * 500}\r\n" for i in range(90))) == ""
    assert time.monotonic() - began < 8.0 and size(plain) == 0


def test_what_is_no_http_is_refused(plain):
    for text in (
        "\x00\x01\x02\r\n\r\n",
        "GET\r\n\r\n",
        "GET / HTTP/9.9\r\n\r\n",
        "\r\n\r\n\r\n",
        "GET /%00 HTTP/1.1\r\n\r\n",
    ):
        assert "200 OK" not in raw(plain, text)
    assert size(plain) == 0


def test_slow_requests_are_cut_off(plain):
    began = time.monotonic()
    with socket.create_connection(("127.0.0.1", plain.port), 30) as connection:
        try:
            for letter in HEAD * 2:
                connection.sendall(letter.encode())
                time.sleep(0.25)
                if time.monotonic() - began > 12:
                    break
        except OSError:
            pass
    assert 3.0 < time.monotonic() - began < 11.0


def test_any_number_of_silent_strangers_leaves_room(plain):
    strangers = []
    try:
        for _ in range(300):
            strangers.append(socket.create_connection(("127.0.0.1", plain.port), 10))
        began = time.monotonic()
        assert size(plain) == 0
        assert time.monotonic() - began < 3.0
    finally:
        for connection in strangers:
            connection.close()


def test_a_call_that_takes_too_long_is_ended(plain):
    plain.call("Create", "iaf_psc_alpha")
    got = plain.ask("/api/Simulate", {"t": 1e9})
    assert got.status == 408 and "longer than 1 s" in got.body["message"]
    assert 0 < plain.call("GetKernelStatus", keys="biological_time") < 1e9
    plain.call("ResetKernel")


# ---- pages elsewhere


def test_pages_of_this_machine_may_call_and_others_may_not(plain):
    ours = "http://localhost:8000"
    preflight = plain.ask("/api/Create", token="", method="OPTIONS", Origin=ours)
    assert preflight.status == 200 and preflight.headers["Access-Control-Allow-Origin"] == ours
    assert "NESTServerAuth" in preflight.headers["Access-Control-Allow-Headers"]
    assert plain.ask("/api", Origin=ours).headers["Access-Control-Allow-Origin"] == ours
    for origin in "http://evil.example", "http://localhost.evil.example", "http://localhost:80.evil.example", "null":
        got = plain.ask("/api", Origin=origin)
        assert got.status == 403 and "Access-Control-Allow-Origin" not in got.headers
    assert plain.ask("/api", Sec_Fetch_Site="cross-site").status == 403


def test_a_name_that_somebody_else_pointed_here_opens_nothing(plain):
    assert plain.ask("/api", Host="evil.example").status == 403
    assert plain.ask("/api", Host=f"localhost:{plain.port}").status == 200


def test_the_pages_are_there_and_nothing_else_is(plain):
    page = plain.ask("/dashboard", token="")
    assert page.status == 200 and "default-src 'self'" in page.headers["Content-Security-Policy"]
    assert b"http://" not in page.body and b"https://" not in page.body
    for path in "/dashboard/../application.py", "/dashboard/%2e%2e/application.py", "/dashboard/..%2fapplication.py":
        assert plain.ask(path, token="").status in (403, 404)
    led = plain.ask("/", token="", Accept="text/html", NESTServerAuth="")
    assert led.status in (200, 403)
