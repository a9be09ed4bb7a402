"""Runs a program on all kernels and tells what is wrong: a difference, a refusal with an effect, an error that is no
refusal."""

from collections.abc import Callable
from functools import partial
from itertools import groupby

from faults import fault
from frozen import difference, thawed
from kernels import kernel
from performance import line, outcome, perform, performance

# What a user's mistake may be answered with. NameError is the program's own: a line before was refused.
_CLEAR = {
    "TypeError",
    "ValueError",
    "KeyError",
    "IndexError",
    "AttributeError",
    "OverflowError",
    "NotImplementedError",
    "MemoryError",
    "OSError",
    "FileNotFoundError",
    "NameError",
    "ZeroDivisionError",
}


def judge(program: list[str], kernels: list[kernel], at: Callable[[str, int], None]) -> list[fault]:
    """The faults of a program. `kernels`: the first is the one that the others are compared with."""
    lines = [line(text) for text in program]
    first, *others = kernels
    reference = perform(lines, first, partial(at, first.name))
    refused = [i for i, one in enumerate(reference.outcomes) if one.refusal and _one_call(program[i])]
    faults = _unclear(program, reference.outcomes, first.name)
    # The first of the others looks whether refusals change something, the last leaves out what is refused.
    for on in others:
        tell = partial(at, on.name)
        if on is others[0]:
            found, how = _watched(lines, on, tell, refused), " that is watched"
        elif on is others[-1]:
            found, how = perform(lines, on, tell, frozenset(refused)), " without refused lines"
        else:
            found, how = perform(lines, on, tell), ""
        faults += [
            fault("a refusal changed", some.start, on.name, difference(before, after))
            for some, before, after in found.changed
        ]
        faults += _compare(reference, found, on.name + how)
    return faults


def _watched(lines: list[line], on: kernel, at: Callable[[int], None], refused: list[int]) -> performance:
    """Looks at the state before and after runs of refused lines, since to read it takes longer than to refuse; where
    one has changed something, before and after each line."""
    found = perform(lines, on, at, watched=_runs(refused))
    if not found.changed:
        return found
    each = perform(lines, on, at, watched=[range(i, i + 1) for i in refused])
    return each if each.changed else found


def _runs(numbers: list[int]) -> list[range]:
    """Ascending numbers as ranges."""
    groups = groupby(enumerate(numbers), key=lambda pair: pair[1] - pair[0])
    runs = [[number for _, number in group] for _, group in groups]
    return [range(run[0], run[-1] + 1) for run in runs]


def _one_call(text: str) -> bool:
    """Whether a refusal of the line means that nothing happened: one verb."""
    return text.count("nest.Connect") + text.count("nest.Run") <= 1


def _unclear(program: list[str], outcomes: list[outcome], where: str) -> list[fault]:
    return [
        fault("no clear refusal", i, where, f"{one.refusal}: {one.value}")
        for i, one in enumerate(outcomes)
        if one.refusal and not _is_clear(program[i], one)
    ]


def _is_clear(text: str, one: outcome) -> bool:
    """A class that users know, and words of ours; the low-level session may name the types it takes."""
    known = one.refusal in _CLEAR or (
        one.refusal.startswith("NESTErrors.") and one.refusal != "NESTErrors.InternalError"
    )
    ours = "incompatible function arguments" not in str(one.value) or text.startswith("session.")
    return known and bool(one.value) and ours


def _compare(reference, found, where: str) -> list[fault]:
    """The first difference: what follows it says nothing more."""
    for i, (a, b) in enumerate(zip(reference.outcomes, found.outcomes)):
        if b is not None and a != b and not _too_large_for_one(a, b):
            return [fault("results differ", i, where, _outcomes(a, b))]
    if text := difference(reference.end, found.end):
        return [fault("ends differ", len(reference.outcomes), where, text)]
    return []


def _too_large_for_one(a: outcome, b: outcome) -> bool:
    """A server takes no request beyond its limit: what it refuses for that, others may refuse for another reason."""
    return bool(a.refusal and b.refusal) and "MemoryError" in (a.refusal, b.refusal)


def _outcomes(a: outcome, b: outcome) -> str:
    if not a.refusal and not b.refusal:
        return difference(a.value, b.value)
    return " and ".join(
        f"{one.refusal}: {one.value}" if one.refusal else f"accepted: {thawed(one.value)[:200]}" for one in (a, b)
    )
