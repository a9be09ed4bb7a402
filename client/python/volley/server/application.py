"""The routes: NEST Server's (/, /api, /exec), those of the dashboard (/dashboard, /live), and /metrics."""

import os
import threading
import time
from pathlib import Path

import flask
import werkzeug

from .. import served_names
from ..cluster_status import status_metrics
from ..session import link
from ..version import __version__
from . import answers, calls
from .access import ADMIN, gate
from .answers import refused, to_answer
from .jobs import jobs
from .observing import is_lost, kernel_names
from .settings import server_settings
from .watch import watch

_PAGES = Path(__file__).with_name("dashboard")
_PAGE_TYPES = {".html": "text/html", ".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}
# The page loads what this server has, and nothing else; nobody frames it.
_PAGE_POLICY = "default-src 'self'; img-src 'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"


def make_app(settings: server_settings) -> flask.Flask:
    """A WSGI application that calls the package on behalf of those who have a token."""
    app = flask.Flask("volley", static_folder=None)
    app.config["MAX_CONTENT_LENGTH"] = settings.request_bytes
    app.url_map.strict_slashes = False
    door, work = gate(settings), jobs(settings)
    eyes = _eyes(settings, work)
    app.before_request(lambda: _admit(settings, door))
    app.after_request(lambda answer: _mark(answer, door))
    app.register_error_handler(Exception, _tell)
    _add_nest_routes(app, settings, calls.caller(settings, work))
    _add_live_routes(app, settings, eyes, work)
    return app


# ---- who comes in


def _admit(settings: server_settings, door: gate) -> flask.Response | None:
    """Before anything else is done for a request. What it sent as a body has not been read."""
    request = flask.request
    if not door.knows_host(request.host):
        raise refused(403, "Forbidden: the server is not known by this name (VOLLEY_HTTP_HOSTS)")
    if request.method == "OPTIONS":
        return flask.Response(status=200)
    if _is_page(request):
        return None
    role = door.role_of(_token_of(request))
    if role is None:
        time.sleep(door.refusal_after(request.remote_addr or ""))
        raise refused(403, "Unauthorized")
    if not _may_call(request, door):
        raise refused(403, "Forbidden: pages of this origin may not call the server")
    flask.g.role = role
    try:
        request.environ.get("volley.admit", lambda: None)()
    except ConnectionRefusedError as many:
        raise refused(503, str(many)) from None
    if (request.content_length or 0) > settings.request_bytes:
        raise refused(413, f"the request has more than {settings.request_bytes} bytes")
    return None


def _token_of(request: flask.Request) -> str:
    """Programs that collect metrics say it in the way of HTTP."""
    return request.headers.get("NESTServerAuth") or request.headers.get("Authorization", "").removeprefix("Bearer ")


def _is_page(request: flask.Request) -> bool:
    """Files of the dashboard, which hold nothing secret; at / a browser is led there."""
    if request.method not in ("GET", "HEAD"):
        return False
    return request.path.startswith("/dashboard") or (request.path == "/" and _wants_page(request))


def _wants_page(request: flask.Request) -> bool:
    return "text/html" in request.headers.get("Accept", "") and "NESTServerAuth" not in request.headers


def _may_call(request: flask.Request, door: gate) -> bool:
    origin = request.headers.get("Origin")
    if origin is not None:
        return door.knows_origin(origin, request.host)
    return request.headers.get("Sec-Fetch-Site", "none") in ("none", "same-origin")


def _mark(answer: flask.Response, door: gate) -> flask.Response:
    origin = flask.request.headers.get("Origin")
    answer.headers["X-Content-Type-Options"] = "nosniff"
    answer.headers["Cache-Control"] = "no-store"
    answer.headers["Referrer-Policy"] = "no-referrer"
    if origin is not None and door.knows_origin(origin, flask.request.host):
        answer.headers["Access-Control-Allow-Origin"] = origin
        answer.headers["Access-Control-Allow-Headers"] = "Content-Type, NESTServerAuth"
        answer.headers["Access-Control-Allow-Methods"] = "GET, POST, OPTIONS"
    answer.headers["Vary"] = "Origin"
    return answer


def _tell(error: Exception) -> flask.Response:
    if is_lost(error):
        link().close()  # the next call opens a new session
    return answers.error_answer(error)


def _require_admin() -> None:
    if flask.g.role != ADMIN:
        raise refused(403, "Forbidden: this token lets you look, not change anything")


# ---- NEST Server


def _add_nest_routes(app: flask.Flask, settings: server_settings, caller: "calls.caller") -> None:
    @app.get("/")
    def index() -> werkzeug.Response:
        if _wants_page(flask.request):
            return flask.redirect("/dashboard")
        return to_answer({"nest": __version__, "mpi": caller.comm is not None}, settings.answer_bytes)

    @app.get("/api")
    def names() -> flask.Response:
        return to_answer(caller.names(), settings.answer_bytes)

    @app.route("/api/<call>", methods=["GET", "POST"])
    def api(call: str) -> flask.Response:
        if call not in served_names.observer_names():
            _require_admin()
        return to_answer(caller.call_for(call, flask.request), settings.answer_bytes)

    @app.route("/exec", methods=["GET", "POST"])
    def execute() -> flask.Response:
        _require_admin()
        if not settings.runs_source:
            raise refused(403, "Forbidden: /exec is off; NEST_SERVER_ENABLE_EXEC_CALL=true turns it on")
        return to_answer(caller.execute_for(flask.request), settings.answer_bytes)

    app.extensions["volley"] = caller


# ---- the dashboard


class _eyes:
    """A watch for each kernel that somebody looks at. Thread safety: any thread."""

    def __init__(self, settings: server_settings, work: jobs):
        self._settings = settings
        self._lock = threading.Lock()
        self._watches = {"": watch(work)}

    def asked_for(self) -> watch:
        """That of the request at hand: ?kernel=NAME; the door's own without. The door runs nothing in others. Errors:
        404 for a kernel that is not there: who looks makes none."""
        name = flask.request.args.get("kernel", "")
        there = ["", *kernel_names()] if name else None
        with self._lock:
            if there is not None:
                self._watches = {known: eye for known, eye in self._watches.items() if known in there}
                if name not in there:
                    raise refused(404, f"Not Found: there is no kernel {name}")
            return self._watches.setdefault(name, watch(jobs(self._settings), name))


def _add_live_routes(app: flask.Flask, settings: server_settings, eyes: _eyes, work: jobs) -> None:
    @app.get("/dashboard")
    @app.get("/dashboard/<name>")
    def page(name: str = "index.html") -> flask.Response:
        file = _PAGES / name
        if file.parent != _PAGES or file.suffix not in _PAGE_TYPES or not file.is_file():
            raise refused(404, f"Not Found: the dashboard has no {name}")
        answer = flask.Response(file.read_bytes(), mimetype=_PAGE_TYPES[file.suffix])
        answer.headers["Content-Security-Policy"] = _PAGE_POLICY
        return answer

    @app.get("/live/state")
    def state() -> flask.Response:
        is_admin = flask.g.role == ADMIN
        address = os.environ.get("VOLLEY_ADDRESS") if is_admin else None
        found = {**eyes.asked_for().state(), "may": {"change": is_admin}, "address": address}
        return to_answer(found, settings.answer_bytes)

    @app.get("/live/network")
    def network() -> flask.Response:
        return to_answer(eyes.asked_for().network(), settings.answer_bytes)

    @app.get("/live/events")
    def events() -> flask.Response:
        asked = flask.request.args
        news = eyes.asked_for().events(_times_by_recorder(asked.get("have", "")), _number(asked.get("last", "inf")))
        return to_answer(news, settings.answer_bytes)

    @app.get("/metrics")
    def metrics() -> flask.Response:
        text = status_metrics(eyes.asked_for().cluster())
        return flask.Response(text, content_type="text/plain; version=0.0.4; charset=utf-8")

    @app.post("/live/cancel")
    def cancel() -> flask.Response:
        _require_admin()
        return to_answer({"cancelled": work.cancel()}, settings.answer_bytes)


def _times_by_recorder(text: str) -> dict[int, float]:
    """ "12:103.4,13:99" as a dictionary."""
    try:
        return {int(node): float(ms) for node, ms in (part.split(":") for part in text.split(",") if part)}
    except ValueError:
        raise refused(400, "ValueError: have must be a list of recorder:time") from None


def _number(text: str) -> float:
    try:
        return max(0.0, float(text))
    except ValueError:
        raise refused(400, "ValueError: last must be a number of ms") from None
