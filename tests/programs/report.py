"""A fault as something to read: the shortest program that shows it, as a script, with what is wrong."""

from collections.abc import Callable

from faults import fault
from reduction import reduced
from script import script

Judge = Callable[[list[str]], list[fault]]


def report(judge: Judge, seed: int, program: list[str], found: fault, attempts: int) -> str:
    """`attempts`: how often `judge` may be asked while the program is made shorter."""
    name, last = found.signature(program), found

    def shows(shorter: list[str]) -> bool:
        nonlocal last
        same = [one for one in judge(shorter) if one.signature(shorter) == name]
        last = same[0] if same else last
        return bool(same)

    again = shows(program)
    shortest = reduced(program, shows, attempts) if again else program
    note = "" if again else "\nIt did not come again: it needs the programs before it, or chance."
    return script(shortest, f"Seed {seed}: {last.kind}, {last.where}, at {last.place(shortest)}\n{last.text}{note}")
