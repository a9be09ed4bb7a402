"""Writes programs: lists of lines of Python over the whole API, each list a function of its seed.

A line is an assignment or an expression, so that a program is plain data: it is stored as JSON, printed as a script,
and stays a program when lines are left out (a name that is missing then is an error of that line alone).
"""

import connection_lines
import growth_lines
import kernel_lines
import node_lines
import space_lines
from world import world

_START = ((kernel_lines.setting, 5), (kernel_lines.copy, 2), (kernel_lines.defaults, 2), (node_lines.create, 3))
_BUILD = ((node_lines.create, 8), (node_lines.choose, 1), (kernel_lines.parameter, 1), (node_lines.set_values, 1))
_WIRE = ((connection_lines.connect, 6), (node_lines.create, 1), (connection_lines.connect_ids, 1))
_LIVE = (
    (kernel_lines.simulate, 9),
    (connection_lines.connect, 4),
    (node_lines.set_values, 4),
    (connection_lines.find, 4),
    (connection_lines.change, 4),
    (connection_lines.read, 2),
    (connection_lines.remove, 2),
    (node_lines.get_values, 3),
    (node_lines.create, 2),
    (node_lines.find, 1),
    (node_lines.choose, 1),
    (kernel_lines.stages, 2),
    (kernel_lines.setting, 1),
    (kernel_lines.reading, 1),
    (kernel_lines.defaults, 1),
    (kernel_lines.copy, 1),
    (kernel_lines.parameter, 1),
    (connection_lines.connect_ids, 1),
    (connection_lines.connect_three, 1),
    (kernel_lines.reset, 0.1),
)
# Every third program is about space, too.
_LAYERS = ((space_lines.layer, 1),)
_IN_SPACE = ((space_lines.connect, 3), (space_lines.ask, 3), (space_lines.layer, 1))
# Every fifth program has a network that grows.
_GROWTH = ((growth_lines.grow, 3), (growth_lines.synapses, 2), (growth_lines.switch, 3))
_GROWN = (*_GROWTH, (growth_lines.connect, 2), (growth_lines.ask, 3), (kernel_lines.simulate, 4))


def _written(w: world, makers: tuple, count: int) -> list[str]:
    chosen = w.random.choices([maker for maker, _ in makers], [weight for _, weight in makers], k=count)
    return [make(w) for make in chosen]


def program(seed: int) -> list[str]:
    """The program of a seed: settings and models, nodes, connections, then anything in any order."""
    w = world(seed)
    lines = []
    for makers, most in ((_START, 2), (_BUILD, 5), (_WIRE, 4), (_LIVE, 10)):
        lines += _written(w, makers, w.random.randint(0 if makers is _START else 1, most))
        if seed % 3 == 0 and makers is not _START:
            more = _LAYERS if makers is _BUILD else _IN_SPACE
            lines += _written(w, more, w.random.randint(1, 4))
        if seed % 5 == 0 and makers is not _START:
            lines += _written(w, _GROWN if makers is _LIVE else _GROWTH, w.random.randint(1, 5))
    if w.chance(0.7):
        lines.append(kernel_lines.simulate(w))
    return lines
