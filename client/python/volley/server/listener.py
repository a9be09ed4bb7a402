"""The sockets of the HTTP door: a thread a connection, one request each, with deadlines for whatever a client sends.

Strangers (connections whose request has not proved who it is) are bounded; when there are too many, the oldest is cut
off, so that one who comes with a token gets in among any number of others.
"""

import io
import socket
import socketserver
import sys
import threading
import time
from collections.abc import Callable
from typing import Any
from wsgiref.handlers import SimpleHandler
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer

HEADER_WITHIN_S = 5.0
BODY_WITHIN_S = 10.0  # and a second on top for each LEAST_BYTES_PER_S
LEAST_BYTES_PER_S = 1000
HEADER_BYTES = 16 << 10
STALLED_AFTER_S = 60.0  # a client that takes no byte of what is sent to it
MOST_CLIENTS = 256  # connections that have proved who they are


class timed_input(io.RawIOBase):
    """What a socket sends, until a deadline and up to a number of bytes; TimeoutError and ValueError beyond."""

    def __init__(self, connection: socket.socket):
        self._connection = connection
        self.expect(HEADER_BYTES, HEADER_WITHIN_S)

    def expect(self, size: int, within_s: float) -> None:
        """So many bytes more, by then."""
        self._left, self._deadline = size, time.monotonic() + within_s

    def readable(self) -> bool:
        return True

    def readinto(self, into: Any) -> int:
        if self._left <= 0:
            raise ValueError("the request is too large")
        left_s = self._deadline - time.monotonic()
        if left_s <= 0:
            raise TimeoutError("the request comes too slowly")
        self._connection.settimeout(left_s)
        try:
            count = self._connection.recv_into(into, min(len(into), self._left))
        finally:
            self._connection.settimeout(STALLED_AFTER_S)  # for what is sent
        self._left -= count
        return count


class _answer(SimpleHandler):
    """Writes the answer; what a client does to its connection meanwhile is no error of ours."""

    server_software = "Volley"

    def log_exception(self, exc_info: Any) -> None:
        if not issubclass(exc_info[0], OSError):
            super().log_exception(exc_info)


class _request(WSGIRequestHandler):
    server: "listener"
    error_content_type = "application/json"
    error_message_format = '{"message": "the request is no good HTTP (%(code)d)"}\n'

    def setup(self) -> None:
        super().setup()
        self.connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, True)
        self._input = timed_input(self.connection)
        self.rfile = self._reader = io.BufferedReader(self._input, 8192)

    def handle(self) -> None:
        try:
            self.raw_requestline = self.rfile.readline(HEADER_BYTES + 1)
            if not self.raw_requestline or not self.parse_request():
                return
        except (OSError, ValueError):  # slow, oversized or gone: nobody to answer, who has not said who it is
            return
        size = self._body_size()
        if size is None:
            return self.send_error(411, "the length of a body must be told by Content-Length")
        self._input.expect(size, BODY_WITHIN_S + size / LEAST_BYTES_PER_S)
        self._run_application(size)

    def _body_size(self) -> int | None:
        text = self.headers.get("Content-Length", "0")
        if "Transfer-Encoding" in self.headers or not text.isascii() or not text.isdigit() or len(text) > 12:
            return None
        return int(text)

    def _run_application(self, size: int) -> None:
        environ = self.get_environ()
        environ["CONTENT_LENGTH"] = str(size)
        environ["volley.admit"] = lambda: self.server.admit(self.connection)
        answer = _answer(
            io.BufferedReader(_bounded(self._reader, size)), self.wfile, self.get_stderr(), environ, multithread=True
        )
        try:
            answer.run(self.server.serves)
        except OSError:
            return
        self._read_away(size)

    def _read_away(self, size: int) -> None:
        """Reads a little of a body that nobody wanted, since closing on unread bytes may take the answer from the
        client."""
        self._input.expect(min(size, 1 << 16), 1.0)
        try:
            self.wfile.flush()
            self.connection.shutdown(socket.SHUT_WR)
            while self._input.readinto(bytearray(8192)):
                pass
        except (OSError, ValueError):
            pass

    def log_message(self, format: str, *args: Any) -> None:
        """Requests are not logged: their addresses may hold what is secret."""


class _bounded(io.RawIOBase):
    """The body: reads end where it ends."""

    def __init__(self, source: io.BufferedReader, size: int):
        self._source, self._left = source, size

    def readable(self) -> bool:
        return True

    def readinto(self, into: Any) -> int:
        data = self._source.read1(min(len(into), self._left)) if self._left else b""
        into[: len(data)] = data
        self._left -= len(data)
        return len(data)


class listener(socketserver.ThreadingMixIn, WSGIServer):
    """Serves an application at an address; `server_port` tells which, where 0 was asked for."""

    daemon_threads = True
    block_on_close = False
    allow_reuse_address = True
    request_queue_size = 128

    def __init__(self, address: str, port: int, application: Callable, strangers: int):
        self.address_family = socket.AF_INET6 if ":" in address else socket.AF_INET
        self._most_strangers = strangers
        self._lock = threading.Lock()
        self._strangers: dict[socket.socket, None] = {}  # the oldest first
        self._clients: set[socket.socket] = set()
        super().__init__((address, port), _request)
        self.serves = application

    def server_bind(self) -> None:
        socketserver.TCPServer.server_bind(self)  # without HTTPServer's question to the name service
        self.server_name, self.server_port = str(self.server_address[0]), self.server_address[1]
        self.setup_environ()

    def process_request(self, request: Any, client_address: Any) -> None:
        with self._lock:
            self._strangers[request] = None
            oldest = next(iter(self._strangers)) if len(self._strangers) > self._most_strangers else None
        if oldest is not None:
            self._cut_off(oldest)
        try:
            super().process_request(request, client_address)
        except RuntimeError:  # no thread to be had
            self.shutdown_request(request)

    def admit(self, connection: socket.socket) -> None:
        """The request of this connection has proved who it is. ConnectionRefusedError when there are too many."""
        with self._lock:
            if len(self._clients) >= MOST_CLIENTS:
                raise ConnectionRefusedError("too many requests are being served")
            if self._strangers.pop(connection, connection) is None:
                self._clients.add(connection)

    def _cut_off(self, connection: socket.socket) -> None:
        with self._lock:
            self._strangers.pop(connection, None)
        try:
            connection.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass

    def shutdown_request(self, request: Any) -> None:
        with self._lock:
            self._strangers.pop(request, None)
            self._clients.discard(request)
        super().shutdown_request(request)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A connection that broke is nobody's news; other errors are told without what the request held."""
        kind = sys.exc_info()[0]
        if kind is not None and not issubclass(kind, (OSError, ValueError)):
            print(f"volley-http: a request ended with {kind.__name__}", file=sys.stderr)
