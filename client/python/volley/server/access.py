"""Who may do what: tokens, the names and origins that requests carry, and the patience with those who have none."""

import re
import threading
import time
from collections.abc import Callable
from hashlib import sha256
from hmac import compare_digest

from .settings import server_settings

ADMIN, OBSERVE = "admin", "observe"


class gate:
    """Thread safety: any thread."""

    def __init__(self, settings: server_settings, now: Callable[[], float] = time.monotonic):
        self._settings = settings
        self._tokens = {
            role: sha256(token.encode()).digest()
            for role, token in ((ADMIN, settings.token), (OBSERVE, settings.observe_token))
        }
        self._origins = [_pattern(origin) for origin in settings.origins]
        self._refusals = refusals(now)

    def role_of(self, token: str) -> str | None:
        """Every token is compared with every other in the same time, whatever its length."""
        if not self._settings.needs_token:
            return ADMIN
        digest = sha256(token.encode("utf-8", "surrogatepass")).digest()
        fits = {role: compare_digest(digest, known) for role, known in self._tokens.items()}
        return ADMIN if fits[ADMIN] else OBSERVE if fits[OBSERVE] else None

    def knows_host(self, host: str) -> bool:
        """Whether the server is called by a name of its own: other names may be those of a page elsewhere that had its
        name point here."""
        name = re.sub(r":[0-9]*$", "", host).lower()
        return "*" in self._settings.hosts or name in self._settings.hosts

    def knows_origin(self, origin: str, host: str) -> bool:
        """Whether a page of this origin may call; one of the server's own always may."""
        return origin.partition("://")[2] == host or any(pattern.fullmatch(origin) for pattern in self._origins)

    def refusal_after(self, address: str) -> float:
        """How many seconds a refused client waits."""
        return self._refusals.count(address)


class refusals:
    """Counts refused requests an address: each makes the next wait longer, and a minute of quiet is forgotten."""

    SHORTEST_S, LONGEST_S, FORGOTTEN_AFTER_S, ADDRESSES = 0.1, 2.0, 60.0, 1000

    def __init__(self, now: Callable[[], float]):
        self._now = now
        self._lock = threading.Lock()
        self._seen: dict[str, tuple[int, float]] = {}

    def count(self, address: str) -> float:
        """One more; how long it waits."""
        with self._lock:
            number, last = self._seen.get(address, (0, 0.0))
            now = self._now()
            number = 0 if now - last > self.FORGOTTEN_AFTER_S else number
            if len(self._seen) >= self.ADDRESSES:
                self._seen.clear()
            self._seen[address] = (number + 1, now)
            return min(self.SHORTEST_S * 2 ** min(number, 10), self.LONGEST_S)


def _pattern(origin: str) -> re.Pattern[str]:
    """ "http://localhost:*" (any port, or none), "https://*.example.org", "*"."""
    if origin == "*":
        return re.compile(r".*")
    escaped = re.escape(origin).replace(r":\*", "(:[0-9]+)?").replace(r"\*", "[A-Za-z0-9.-]*")
    return re.compile(escaped)
