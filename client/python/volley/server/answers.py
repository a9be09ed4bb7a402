"""From results and errors to JSON: what browsers can read, of bounded size."""

import json
import math
import traceback
from typing import Any

import flask
from werkzeug.exceptions import HTTPException

from ..errors import NESTError
from ..execution import line_of
from ..serialize import serialize_data


class refused(Exception):
    """A request that is answered with a status and a reason."""

    def __init__(self, status: int, reason: str):
        super().__init__(reason)
        self.status = status


def to_answer(data: Any, limit: int) -> flask.Response:
    """The value as JSON. Numbers that JSON has not (NaN, infinities) become null; 400 beyond `limit` bytes."""
    plain = serialize_data(data)
    try:
        text = json.dumps(plain, allow_nan=False, default=str)
    except ValueError:
        text = json.dumps(_finite(plain), default=str)
    if len(text) > limit:
        raise refused(400, f"the answer has {len(text)} bytes, more than the {limit} that are sent; ask for less")
    return flask.Response(text, mimetype="application/json")


def _finite(data: Any) -> Any:
    if isinstance(data, float):
        return data if math.isfinite(data) else None
    if isinstance(data, list):
        return [_finite(item) for item in data]
    if isinstance(data, dict):
        return {key: _finite(item) for key, item in data.items()}
    return data


def refusal(status: int, message: str, line: int | None = None) -> flask.Response:
    """{"message": ..., "lineNumber": ...} with a status."""
    body: dict[str, Any] = {"message": message} if line is None else {"message": message, "lineNumber": line}
    return flask.Response(json.dumps(body), status=status, mimetype="application/json")


def error_answer(error: BaseException) -> flask.Response:
    """What a client is told of an error: its class and its text."""
    if hasattr(error, "answer"):
        return error.answer()
    if isinstance(error, refused):
        return refusal(error.status, str(error))
    if isinstance(error, HTTPException):
        return refusal(error.code or 500, f"{error.name}: {error.description}")
    if isinstance(error, TimeoutError):
        return refusal(408, f"TimeoutError: {error}")
    return named_refusal(type(error).__name__, text_of(error), line_of(error), isinstance(error, NESTError))


def named_refusal(kind: str, text: str, line: int | None, from_kernel: bool) -> flask.Response:
    """400 in the form of NEST Server: "UnknownModelName (NESTError) at line 3: ..."."""
    name = f"{kind} (NESTError)" if from_kernel else kind
    place = "" if line is None else f" at line {line}"
    return refusal(400, f"{name}{place}: {text}", line)


def text_of(error: BaseException) -> str:
    """The text of an error; that of a KeyError without quotes around it."""
    return str(error.args[0]) if isinstance(error, KeyError) and error.args else str(error)


def print_traceback(error: Exception) -> None:
    """For the operator's eyes, where an error is none of a user's."""
    traceback.print_exception(error)
