"""What a program has made so far, as its author believes (a call may have been refused), and the choices of its author.
"""

import random
from collections.abc import Callable, Iterable
from typing import NamedTuple

from vocabulary import BESIDE_TIMES, LEGAL_BUT_LONG, NODES, WRONG_VALUES, instant, moments, one_of, span


class group(NamedTuple):
    """A name that holds a NodeCollection. ids: where they are known; dimensions: 0 without positions."""

    name: str
    model: str
    count: int
    ids: tuple[int, ...] = ()
    dimensions: int = 0


class world:
    """One author: a seed, what stands, and how often the author errs."""

    def __init__(self, seed: int):
        self.random = random.Random(seed)
        self.wrongness = self.random.choice((0.0, 0.01, 0.01, 0.04, 0.15))
        self.groups: list[group] = []
        self.connections: list[str] = []
        self.parameters: list[str] = []
        self.copies: dict[str, str] = {}
        self.resolution = 0.1
        self.size = 0
        self.erred = False
        self._names = 0

    # --- choices ------------------------------------------------------------------------------------------------

    def chance(self, probability: float) -> bool:
        return self.random.random() < probability

    def errs(self) -> bool:
        """Whether the author errs here; `erred` remembers it."""
        erred = self.chance(self.wrongness)
        self.erred |= erred
        return erred

    def pick(self, things: Iterable):
        return self.random.choice(list(things))

    def some(self, things: Iterable, most: int) -> list:
        """Up to `most` different ones."""
        pool = list(things)
        return self.random.sample(pool, min(len(pool), self.random.randint(0, most)))

    def fresh(self, letter: str) -> str:
        self._names += 1
        return f"{letter}{self._names}"

    # --- what stands --------------------------------------------------------------------------------------------

    def groups_of(self, *families: dict) -> list[group]:
        """Those whose model belongs to one of the families."""
        return [one for one in self.groups if any(self.base(one.model) in family for family in families)]

    def storms(self, pre: group, post: group) -> bool:
        """Whether a connection lets spikes multiply without end: parrots that repeat their own, or those of later
        parrots, fire some millions of times in 20 ms."""
        parrots = self.groups_of({"parrot_neuron": {}})
        return pre in parrots and post in parrots and parrots.index(pre) >= parrots.index(post)

    def base(self, model: str) -> str:
        return self.copies.get(model, model)

    def models(self, *families: dict) -> list[str]:
        """Models of the families, with their copies."""
        names = [name for family in families for name in family]
        return names + [copy for copy, base in self.copies.items() if base in names]

    def node_model(self) -> str:
        return self.pick(self.models(NODES))

    # --- values -------------------------------------------------------------------------------------------------

    def wrong(self) -> str:
        return self.pick(WRONG_VALUES)

    def number(self, low: float, high: float) -> str:
        x = self.random.uniform(low, high)
        return repr(self.pick((round(x, 1), round(x, 1), round(x, 1), round(x), round(x, 2), x, low, high)))

    def parameter(self, low: float, high: float) -> str:
        """A Parameter whose values lie between the bounds, mostly."""
        a, b, middle = self.number(low, high), self.number(low, high), repr(round((low + high) / 2, 1))
        reach = round((high - low) / 4, 2)
        uniform = f"nest.random.uniform({round(low, 2)}, {round(high, 2)})"
        return self.pick(
            (
                uniform,
                uniform,
                f"nest.random.normal({middle}, {reach})",
                f"nest.math.redraw(nest.random.normal({middle}, {reach}), {low}, {high})",
                f"{a} + nest.random.exponential({reach})",
                f"nest.math.min({uniform}, {middle})",
                f"nest.math.max({uniform}, {middle})",
                f"nest.logic.conditional(nest.random.uniform() < 0.5, {a}, {b})",
                f"nest.CreateParameter('constant', {{'value': {a}}})",
                f"{a} + 0.5 * nest.random.uniform_int(3)",
                f"nest.random.lognormal(0.0, 0.3) * {middle}",
                *self.parameters,
            )
        )

    def time(self, most: float, least: float = 0.0) -> str:
        """A time in ms, on the grid of the believed resolution, mostly."""
        if self.errs():
            return self.number(least, most)
        first = max(1, round(least / self.resolution))
        steps = self.random.randint(first, max(first, round(most / self.resolution)))
        return repr(round(steps * self.resolution, 6))

    def value(self, kind: span | instant | moments | one_of) -> str:
        if self.errs():
            # Equations with such a conductance are solved in some billion steps a millisecond.
            return self.pick(text for text in WRONG_VALUES if text not in LEGAL_BUT_LONG)
        if isinstance(kind, one_of):
            return self.pick(kind.texts)
        if isinstance(kind, moments):
            return self._moments(kind.most)
        if isinstance(kind, instant):
            return self.time(kind.high, kind.low)
        return self.number(*kind)

    def _moments(self, most: int) -> str:
        times = {self.time(25.0) for _ in range(self.random.randint(0, most))}
        ordered = sorted(times, key=float)
        return f"[{', '.join(ordered)}]"

    def _beside(self, times: str) -> list[str]:
        """What goes with an entry of times: a list of the same length, always for amplitudes, else sometimes."""
        keys = ["amplitude_values"] if "amplitude" in times else self.some(("spike_weights", "spike_multiplicities"), 1)
        count = times.count(",") + 1 if "[]" not in times else 0
        return [
            f"'{key}': [{', '.join(self.value(BESIDE_TIMES[key]) for _ in range(count))}]"
            for key in keys
            if not self.chance(0.2)
        ]

    def entries(self, kinds: dict, most: int, text: Callable | None = None) -> str:
        """A dictionary with some of the keys, each with `text(kind)`."""
        chosen = [f"'{key}': {(text or self.value)(kinds[key])}" for key in self.some(kinds, most)]
        chosen += [entry for each in chosen if "_times" in each for entry in self._beside(each)]
        if self.errs():
            chosen.append(f"'nothing': {self.value(span(0, 1))}")
        return "{" + ", ".join(chosen) + "}"
