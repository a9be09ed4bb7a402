"""A client that says when its network stands, and goes on when it is told to."""

import os
import subprocess
import sys

# What a script does between making its network and what follows.
WAIT = """
print("ready", flush=True)
sys.stdin.readline()
"""


class waiting_client:
    """A script, once its network stands. `environment`: beside that of the tests; empty values are as good as none."""

    def __init__(self, script: str, arguments: tuple[str, ...], **environment: str):
        everything = {**os.environ, **environment}
        self.process = subprocess.Popen(
            [sys.executable, "-c", script, *arguments],
            env={name: value for name, value in everything.items() if value},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        line = self.process.stdout.readline()
        assert line == "ready\n", line + self.process.communicate()[0]

    def go_on(self) -> "waiting_client":
        self.process.stdin.write("\n")
        self.process.stdin.flush()
        return self

    def said(self) -> str:
        """All that it says from then on."""
        return self.process.communicate(timeout=240)[0]
