"""Calls on behalf of all ranks of an MPI communicator: rank 0 tells the others what to call, all call, and the answers
become one."""

import json
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import flask

from ..errors import NESTError
from ..kernel_attributes import kernel_attributes
from ..serialize import serialize_data
from ..session import session
from .answers import error_answer

# What rank 0 answers for all.
_SAME_EVERYWHERE = frozenset("exec Create GetDefaults GetKernelStatus SetKernelStatus SetStatus get".split())
_LONGEST_NAP_S = 0.005
_END = "the end of the request"  # the name of no model
_APART = "All ranks must make the same calls in the same order"


@dataclass
class failed(Exception):
    """An error of one rank, as a client is told of it."""

    status: int
    body: dict[str, Any]
    is_of_others: bool = False  # the rank has only learned that others do something else

    def answer(self) -> flask.Response:
        """See `answers.error_answer`."""
        return flask.Response(json.dumps(self.body), status=self.status, mimetype="application/json")

    def on(self, rank: int) -> "failed":
        """The same, saying where; a cancelled call has no place."""
        if self.status != 400:
            return self
        return failed(self.status, {**self.body, "message": f"{self.body['message']} (on rank {rank})"})


# ---- among ranks


def broadcast(comm: Any, call_name: str | None, arguments: Any = None) -> None:
    """By rank 0: what all are to call; None: nothing any more."""
    _meet(comm)
    comm.bcast(call_name, root=0)
    if call_name is not None:
        comm.bcast(arguments, root=0)


def serve_others(comm: Any, run: Callable[[str, Any], Any]) -> None:
    """By any other rank: does what rank 0 tells, until it tells nothing more. `run(call_name, arguments)` must not
    raise."""
    while True:
        _meet(comm)
        if (call_name := comm.bcast(None, root=0)) is None:
            return
        gather(comm, run(call_name, comm.bcast(None, root=0)))


def gather(comm: Any, mine: Any) -> list[Any]:
    """By all: the answers in the order of ranks, for rank 0."""
    _meet(comm)
    return comm.gather(mine, root=0)


def _meet(comm: Any) -> None:
    """Waits for all; a call of MPI that waits would keep a core busy, and signals from Python."""
    request, nap_s = comm.Ibarrier(), 1e-5
    while not request.Test():
        time.sleep(nap_s)
        nap_s = min(1.2 * nap_s, _LONGEST_NAP_S)


# ---- one rank


def attempt(call: Callable[[], Any]) -> str | failed:
    """The answer of one rank as JSON; an error is an answer, so that all ranks go on together."""
    try:
        return json.dumps(serialize_data(call()), default=str)
    except BaseException as error:  # also the exit of source text
        answer = error_answer(error)
        body: dict[str, Any] = json.loads(answer.get_data())
        is_of_others = _APART in body["message"] and f'"{_END}"' in body["message"]
        for verb, told in (("calls", "has come to"), ("both call", "have both come to")):
            body["message"] = body["message"].replace(f'{verb} SetDefaults("{_END}")', f"{told} {_END}")
        return failed(answer.status_code, body, is_of_others)


def end_together() -> None:
    """Returns when all ranks have come here. One that waits for the others in a call of the kernel, since their source
    text makes other calls or has failed, is told so by it: here is a call that no text makes, again and again."""
    while True:
        try:
            return session().set_defaults(_END, {})
        except NESTError as error:
            if type(error).__name__ == "UnknownComponent":
                return
            if _APART not in str(error) or f'both call SetDefaults("{_END}")' in str(error):
                raise


# ---- the answer of all


def combine(call_name: str, answers: list[str | failed]) -> Any:
    """The answer of all ranks, rank 0's first. TypeError for answers that cannot be put together."""
    _raise_failure(answers)
    parts = [json.loads(answer) for answer in answers]  # type: ignore[arg-type]
    told = [part for part in parts if part is not None]
    if not told or call_name in _SAME_EVERYWHERE or call_name in kernel_attributes():
        return parts[0]
    if len(told) == 1 or (call_name != "GetStatus" and all(part == told[0] for part in told)):
        return told[0]
    if call_name == "GetConnections" and all(isinstance(part, dict) for part in told):
        return _one_table([part for part in told if part])
    if all(isinstance(part, list) for part in told):
        return _one_list(told)
    raise TypeError(f"{call_name}: the answers of the ranks cannot be combined")


def _raise_failure(answers: list[Any]) -> None:
    """That of the least rank, with its place if others had none like it."""
    failures = [(rank, answer) for rank, answer in enumerate(answers) if isinstance(answer, failed)]
    if failures:
        rank, first = min(failures, key=lambda one: one[1].is_of_others)
        is_everywhere = all(isinstance(answer, failed) and answer.body == first.body for answer in answers)
        raise first if is_everywhere or first.is_of_others else first.on(rank)


def _one_list(told: list[list[Any]]) -> list[Any]:
    if len({len(part) for part in told}) == 1:
        if all(isinstance(item, dict) for part in told for item in part):
            return [_one_status(list(parts)) for parts in zip(*told)]
        known = [[item for item in parts if item is not None] for parts in zip(*told)]
        if all(len(items) <= 1 for items in known):  # each rank tells of its own nodes
            return [items[0] if items else None for items in known]
    return [item for part in told for item in part]


def _one_table(parts: list[dict[str, Any]]) -> dict[str, Any]:
    """Columns, or the values of one connection."""
    if len(parts) == 1:
        return parts[0]

    def column(part: dict[str, Any], key: str) -> list[Any]:
        return part[key] if isinstance(part["source"], list) else [part[key]]

    return {key: [value for part in parts if key in part for value in column(part, key)] for key in parts[0]}


def _one_status(parts: list[dict[str, Any]]) -> dict[str, Any]:
    kind = parts[0].get("element_type")
    if kind == "neuron":
        return next((part for part in parts if part.get("local")), parts[0])
    if kind == "stimulator":
        return parts[0]
    if kind != "recorder":
        raise TypeError(f"the status of a {kind} cannot be combined over ranks")
    whole = dict(parts[0])
    whole["n_events"] = sum(part.get("n_events", 0) for part in parts)
    if whole.get("record_to") == "memory" and "events" in whole:
        keys = whole["events"]
        whole["events"] = {key: [value for part in parts for value in part["events"][key]] for key in keys}
    elif whole.get("record_to") == "ascii":
        whole["filenames"] = [name for part in parts for name in part.get("filenames", [])]
    else:
        raise TypeError(f"recordings to {whole.get('record_to')} cannot be combined over ranks")
    return whole
