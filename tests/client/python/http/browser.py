"""A headless Chromium, driven through chromedriver's HTTP calls (Debian: chromium-headless-shell, chromium-driver)."""

import base64
import json
import os
import shutil
import signal
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

PROGRAMS = ("chromium-headless-shell", "chromedriver")
_FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run", "--mute-audio"]


def missing_programs() -> list[str]:
    """What a browser test lacks on this machine."""
    return [name for name in PROGRAMS if shutil.which(name) is None]


class browser:
    """One window."""

    def __init__(self, driver: str):
        self._driver = driver
        options = {"args": _FLAGS, "binary": shutil.which(PROGRAMS[0])}
        wanted = {"browserName": "chrome", "goog:chromeOptions": options, "goog:loggingPrefs": {"browser": "ALL"}}
        self._session = self._send("/session", {"capabilities": {"alwaysMatch": wanted}})["sessionId"]

    def _send(self, path: str, body: dict | None = None, method: str | None = None) -> Any:
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self._driver + path, data, {"Content-Type": "application/json"}, method=method)
        try:
            with urllib.request.urlopen(request, timeout=120) as answer:
                return json.load(answer)["value"]
        except urllib.error.HTTPError as error:
            raise RuntimeError(json.load(error)["value"]["message"]) from None

    def _call(self, path: str, body: dict | None = None, method: str | None = None) -> Any:
        return self._send(f"/session/{self._session}{path}", body, method)

    def open(self, url: str) -> None:
        """Loads a page; about:blank before, so that the same address with another # is a load too."""
        self._call("/url", {"url": "about:blank"})
        self._call("/url", {"url": url})

    def run(self, script: str, *args: Any) -> Any:
        """What a function body returns, or the promise that it returns is fulfilled with."""
        return self._call("/execute/sync", {"script": script, "args": list(args)})

    def wait(self, script: str, within_s: float = 60.0) -> Any:
        """Until an expression is true; its value. TimeoutError with the text of the page otherwise."""
        deadline = time.monotonic() + within_s
        while not (value := self.run(f"return {script}")):
            if time.monotonic() > deadline:
                raise TimeoutError(f"{script} is not true; the page says: {self.run('return document.body.innerText')}")
            time.sleep(0.1)
        return value

    def look_like(self, width: int, height: int, dark: bool) -> None:
        """Size of the page, and the colours its reader prefers."""
        size = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": False}
        self._command("Emulation.setDeviceMetricsOverride", size)
        preference = {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}
        self._command("Emulation.setEmulatedMedia", {"features": [preference]})

    def _command(self, name: str, parameters: dict) -> Any:
        return self._call("/goog/cdp/execute", {"cmd": name, "params": parameters})

    def picture(self) -> bytes:
        """The page as a PNG."""
        return base64.b64decode(self._call("/screenshot"))

    def errors(self) -> list[str]:
        """What the page's console has been told of errors since the last time."""
        entries = self._call("/se/log", {"type": "browser"})
        return [entry["message"] for entry in entries if entry["level"] == "SEVERE"]

    def close(self) -> None:
        """Ends it."""
        self._call("", method="DELETE")


@contextmanager
def running_browser() -> Iterator[browser]:
    """A browser for the time of a block."""
    command = ["chromedriver", "--port=0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, start_new_session=True) as driver:
        try:
            started = next(line for line in driver.stdout if "started successfully on port" in line)
            one = browser(f"http://127.0.0.1:{started.rstrip().rstrip('.').split()[-1]}")
            try:
                yield one
            finally:
                one.close()
        finally:
            os.killpg(driver.pid, signal.SIGTERM)  # with a browser that did not answer, too
