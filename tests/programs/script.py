"""A program as a script that a person can run."""

import ast

_HEAD = """import nest
import numpy as np
from math import inf, nan

nest.verbosity = nest.VerbosityLevel.ERROR
"""
_END = """print(nest.GetNodes().get() if nest.network_size else {})
print(nest.GetConnections().get())
"""


def script(program: list[str], heading: str) -> str:
    """The program with its values printed and its errors told; `heading` says what is wrong with it."""
    comment = "".join(f"# {text}\n" for text in heading.splitlines())
    return comment + _HEAD + "".join(map(_guarded, program)) + _END


def _guarded(text: str) -> str:
    shown = f"print({text})" if isinstance(ast.parse(text).body[0], ast.Expr) else text
    return f"try:\n    {shown}\nexcept Exception as refused:\n    print(type(refused).__name__, refused)\n"
