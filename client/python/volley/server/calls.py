"""Calls of the package on behalf of requests."""

import inspect
import threading
import time
from collections.abc import Callable
from typing import Any

import flask
import nest

from .. import served_names
from ..execution import execute
from ..info import help as page_of_model
from ..rank_launch import is_one_of_several
from ..simulation import duration_ms
from . import mpi_calls
from .answers import named_refusal, refused
from .arguments import decode, nestify
from .jobs import jobs
from .observing import hear_of_resets, kernel_is_served, observing
from .settings import server_settings

_INSPECTIONS = frozenset({"getcomments", "getdoc", "getmodule", "getsource", "isclass", "isfunction", "signature"})


class caller:
    """Thread safety: any thread; what changes the network is done one after another."""

    def __init__(self, settings: server_settings, work: jobs):
        self._settings = settings
        self._jobs = work
        self._changes = threading.Lock()  # of the communicator, whose ranks must hear calls in one order
        self.comm: Any = None
        self._has_ended = False  # for the other ranks

    def names(self) -> list[str]:
        """What may be called or read."""
        return sorted(served_names.served_names())

    def call_for(self, name: str, request: flask.Request) -> Any:
        """The answer to a request for /api/<name>."""
        if name not in served_names.served_names():
            raise AttributeError(served_names.why_not(name))
        args, kwargs = decode(request)
        if "inspect" in kwargs:
            return _inspected(name, kwargs["inspect"])
        return self._on_all_ranks(name, args, kwargs)

    def run(self, name: str, args: list[Any], kwargs: dict[str, Any]) -> Any:
        """The answer of this rank."""
        if name == "exec":
            return self._jobs.run_here(lambda: execute(*args, **kwargs))
        if name == "help":
            return _help(*args, **kwargs)
        if name not in vars(nest):  # an attribute of the kernel
            with observing():
                return getattr(nest, name)
        if name in served_names.RUNNING:
            return self._jobs.run(name, _duration_ms(name, args, kwargs))
        if name in served_names.READING:
            with observing():
                return _called(name, args, kwargs)
        hear_of_resets()
        return _called(name, args, kwargs)

    # ---- all ranks

    def _on_all_ranks(self, name: str, args: list[Any], kwargs: dict[str, Any]) -> Any:
        if self.comm is None:
            if is_one_of_several():
                raise RuntimeError("this process is one of several ranks: set_mpi_comm says how to reach the others")
            return self.run(name, args, kwargs)
        with self._changes:
            if self._has_ended:
                raise refused(503, "the server ends")
            mpi_calls.broadcast(self.comm, name, (args, kwargs))
            return mpi_calls.combine(name, mpi_calls.gather(self.comm, self._attempt(name, args, kwargs)))

    def _attempt(self, name: str, args: list[Any], kwargs: dict[str, Any]) -> str | mpi_calls.failed:
        """The answer of this rank, when all have one."""
        mine = mpi_calls.attempt(lambda: self.run(name, args, kwargs))
        if name in served_names.observer_names():
            return mine
        apart = mpi_calls.attempt(mpi_calls.end_together)
        return apart if isinstance(apart, mpi_calls.failed) and not isinstance(mine, mpi_calls.failed) else mine

    def follow(self) -> None:
        """By any other rank than the first: makes its calls, until it ends."""
        mpi_calls.serve_others(self.comm, lambda name, arguments: self._attempt(name, *arguments))

    def end(self, within_s: float) -> bool:
        """By the first rank: cancels what runs, and lets the others go. False when what runs does not end."""
        self._has_ended, deadline = True, time.monotonic() + within_s
        while not self._changes.acquire(timeout=0.1):
            if time.monotonic() > deadline:
                return False
            self._jobs.cancel()
        if self.comm is not None:
            mpi_calls.broadcast(self.comm, None)
        self._changes.release()
        return True

    # ---- source text

    def execute_for(self, request: flask.Request) -> Any:
        """The answer to a request for /exec."""
        args, kwargs = decode(request)
        if not isinstance(kwargs.get("source"), str):
            raise refused(400, 'KeyError: /exec takes {"source": text}, and "return": the names of variables')
        if not kernel_is_served():
            rules = {"wanted": kwargs.get("return"), **_rules(self._settings)}
            return self._on_all_ranks("exec", [kwargs["source"]], rules)
        question = {"source": kwargs["source"], "return": kwargs.get("return"), **_rules(self._settings)}
        told = self._jobs.run_source(question)
        if "error" in told:
            raise source_failed(told)
        return told["result"]


class source_failed(Exception):
    """An error of source text in a child process."""

    def __init__(self, told: dict[str, Any]):
        super().__init__(told["text"])
        self.answer: Callable[[], flask.Response] = lambda: named_refusal(
            told["error"], told["text"], told["line"], told["kernel"]
        )


def do_exec(args: list[Any], kwargs: dict[str, Any], settings: server_settings) -> dict[str, Any]:
    """See `volley.server.do_exec`."""
    return execute(kwargs["source"], kwargs.get("return"), **_rules(settings))


def _rules(settings: server_settings) -> dict[str, Any]:
    return {"modules": settings.source_modules, "restricted": settings.restricts_source}


def _called(name: str, args: list[Any], kwargs: dict[str, Any]) -> Any:
    call, args, kwargs = nestify(name, args, kwargs)
    return call(*args, **kwargs)


def _duration_ms(name: str, args: list[Any], kwargs: dict[str, Any]) -> float:
    """The argument of Simulate and Run."""
    try:
        given = inspect.signature(getattr(nest, name)).bind(*args, **kwargs)
    except TypeError as wrong:
        raise TypeError(f"{name}() {wrong}") from None
    return duration_ms(name, given.arguments["t"])


def _inspected(name: str, what: Any) -> dict[str, Any]:
    if what not in _INSPECTIONS:
        raise refused(400, f"AttributeError: inspect takes one of {', '.join(sorted(_INSPECTIONS))}")
    found = getattr(inspect, what)(getattr(nest, name))
    return {"data": found if isinstance(found, (str, bool, type(None))) else str(found)}


def _help(obj: Any = None, return_text: Any = True) -> str | None:
    """The page of a model as text, whatever is asked: nobody sits at this terminal."""
    if not isinstance(obj, str) or not obj.isidentifier():
        raise ValueError("help: obj must be the name of a model")
    return page_of_model(obj, return_text=True)
