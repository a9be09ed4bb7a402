"""Calls on behalf of all ranks of an MPI communicator: rank 0 tells the others what to call, all call, and the answers
become one."""

from collections.abc import Callable
from typing import Any

from ..serialize import serialize_data

# What all ranks answer alike.
_SAME_EVERYWHERE = frozenset({"exec", "Create", "GetDefaults", "GetKernelStatus", "SetKernelStatus", "SetStatus"})


def broadcast(comm: Any, call_name: str, arguments: Any) -> None:
    """By rank 0: what all are to call."""
    comm.bcast(call_name, root=0)
    comm.bcast(arguments, root=0)


def serve_others(comm: Any, run: Any) -> None:
    """By any other rank: does what rank 0 tells, until it tells nothing more. `run(call_name, arguments)` must not
    raise."""
    while (call_name := comm.bcast(None, root=0)) is not None:
        comm.gather(run(call_name, comm.bcast(None, root=0)), root=0)


def attempt(call: Callable[[], Any]) -> Any:
    """The answer of one rank; an error is an answer, so that all ranks go on together."""
    try:
        return serialize_data(call())
    except Exception as error:
        return failed(error)


class failed:
    """An error of one rank."""

    def __init__(self, error: Exception):
        self.error = error


def combine(call_name: str, answers: list[Any]) -> Any:
    """The answer of all ranks, rank 0's first. TypeError for answers that cannot be put together."""
    for answer in answers:
        if isinstance(answer, failed):
            raise answer.error
    told = [answer for answer in answers if answer is not None]
    if not told or call_name in _SAME_EVERYWHERE:
        return answers[0]
    if len(told) == 1:
        return told[0]
    if all(isinstance(answer, list) for answer in told):
        if all(isinstance(item, dict) for answer in told for item in answer) and len({len(a) for a in told}) == 1:
            return [_one_status(list(parts)) for parts in zip(*told)]
        return [item for answer in told for item in answer]
    raise TypeError(f"{call_name}: the answers of the ranks cannot be combined")


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
