"""What can be wrong with a program, and when two programs show the same fault."""

import re
from typing import NamedTuple


class fault(NamedTuple):
    """kind: which promise is broken; line: where (number of lines: at the end); where: on which kernel; text: how."""

    kind: str
    line: int
    where: str
    text: str

    def place(self, program: list[str]) -> str:
        return program[self.line] if self.line < len(program) else "the end"

    def signature(self, program: list[str]) -> str:
        """Equal for programs that show the same fault, mostly."""
        return f"{self.kind} | {_verb(self.place(program))} | {_NUMBERS.sub('#', self.text.partition(chr(10))[0])[:70]}"


_NUMBERS = re.compile(r"[-+]?\d[\d.]*(e[-+]?\d+)?")
_VERB = re.compile(r"nest\.[A-Z]\w+|nest\.set|\.(set|get|disconnect|apply|GetValue)\b|nest\.\w+ =|\.\w+ =|\.\w+$")


def _verb(text: str) -> str:
    found = _VERB.search(text)
    return found.group(0) if found else text
