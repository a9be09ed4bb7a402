"""Writes programs: lists of lines of Python over the whole API, each list a function of its seed.

A line is an assignment or an expression, so that a program is plain data: it is stored as JSON, printed as a script,
and stays a program when lines are left out (a name that is missing then is an error of that line alone).
"""

import connection_lines
import kernel_lines
import node_lines
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
    (kernel_lines.reset, 0.1),
)


def program(seed: int) -> list[str]:
    """The program of a seed: settings and models, nodes, connections, then anything in any order."""
    w = world(seed)
    lines = []
    for makers, most in ((_START, 2), (_BUILD, 5), (_WIRE, 4), (_LIVE, 10)):
        for _ in range(w.random.randint(0 if makers is _START else 1, most)):
            (make,) = w.random.choices([maker for maker, _ in makers], [weight for _, weight in makers])
            lines.append(make(w))
    if w.chance(0.7):
        lines.append(kernel_lines.simulate(w))
    return lines
