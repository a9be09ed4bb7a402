"""Serving over several ranks: the first listens, the others make the calls that it hears."""

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import flask

from ..server_instance import server_instance
from .announcement import announce, token_file
from .calls import caller
from .listener import listener
from .settings import server_settings

_ENDS_WITHIN_S = 5.0
_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


def serve(app: flask.Flask, settings: server_settings, host: str, port: int) -> None:
    """Until a signal says so. The first rank ends what runs, and all ranks with it."""
    calls: caller = app.extensions["volley"]
    stop = threading.Event()
    with _signals_to(stop):
        if calls.comm is not None and calls.comm.Get_rank() != 0:
            return calls.follow()
        try:
            _listen(app, settings, host, port, stop)
        finally:
            if not calls.end(_ENDS_WITHIN_S) and calls.comm is not None:
                print("nest-server-mpi: what runs does not end: it is ended with all ranks", flush=True)
                calls.comm.Abort(1)


def _listen(app: flask.Flask, settings: server_settings, host: str, port: int, stop: threading.Event) -> None:
    with listener(host, port, app, settings.connections) as door:
        threading.Thread(target=door.serve_forever, daemon=True).start()
        file = server_instance(host, door.server_port).socket.with_suffix(".http-token")
        with token_file(file, settings):
            announce(host, door.server_port, settings, file)
            stop.wait()
        door.shutdown()


@contextmanager
def _signals_to(stop: threading.Event) -> Iterator[None]:
    """Signals set it, and interrupt nothing; in a thread that hears of none, nothing does."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    former = {number: signal.signal(number, lambda *_: stop.set()) for number in _SIGNALS}
    try:
        yield
    finally:
        for number, handler in former.items():
            signal.signal(number, handler)
