"""Lines that make, change, read and choose nodes."""

from vocabulary import (
    CURRENT_SOURCES,
    METERS,
    NEURONS,
    NODES,
    RARE,
    RECORDABLES,
    RECORDERS,
    SPIKE_SOURCES,
    moments,
    span,
)
from world import group, world


def _count(w: world) -> int:
    return w.pick((1, 1, 1, 2, 3, 3, 4, 5, 7, 12))


def _one_each(w: world, kind, count: int) -> str:
    return f"[{', '.join(w.value(kind) for _ in range(count))}]"


def _value_for(w: world, kind, count: int) -> str:
    """One value, one a node, or a Parameter."""
    if w.chance(0.2) and not isinstance(kind, moments):
        return _one_each(w, kind, count + (w.pick((-1, 1)) if w.errs() else 0))
    if w.chance(0.2) and isinstance(kind, span):
        return w.parameter(*kind)
    return w.value(kind)


def _kinds(w: world, model: str) -> dict:
    kinds = NODES[w.base(model)]
    return {**kinds, **RARE} if w.chance(0.08) else kinds


def _values(w: world, model: str, count: int, most: int = 3) -> str:
    kinds = _kinds(w, model)
    if count > 1 and w.chance(0.15):
        return f"[{', '.join(w.entries(kinds, most) for _ in range(count))}]"
    return w.entries(kinds, most, lambda kind: _value_for(w, kind, count))


def _driven(w: world, values: str) -> str:
    """With a current that makes most neurons spike, often: silent networks show little."""
    if values.startswith("[") or "I_e" in values or w.chance(0.2):
        return values
    drive = f"'I_e': {w.pick((w.number(400, 1200), 'nest.random.uniform(300.0, 1200.0)'))}"
    return "{" + drive + (", " if values != "{}" else "") + values[1:]


def create(w: world) -> str:
    """Neurons first; then a device of each family now and then."""
    families = (NEURONS, NEURONS, NEURONS, SPIKE_SOURCES, SPIKE_SOURCES, CURRENT_SOURCES, RECORDERS, METERS)
    family = w.pick(families if w.groups or w.chance(0.1) else (NEURONS,))
    model = w.pick(w.models(family))
    count = _count(w) if family is NEURONS else w.pick((1, 1, 1, 2, 3))
    name = w.fresh("n")
    w.erred = False
    values = _driven(w, _values(w, model, count)) if "I_e" in NODES[w.base(model)] else _values(w, model, count)
    given = w.wrong() if w.errs() else count
    text = "'static_synapse'" if w.errs() else f"'{model}'"
    if not w.erred:
        w.groups.append(group(name, model, count, tuple(range(w.size + 1, w.size + count + 1))))
        w.size += count
    if count == 1 and w.chance(0.1):
        return f"{name} = nest.Create({text}, {values})"
    return (
        f"{name} = nest.Create({text}, {given})"
        if values == "{}"
        else f"{name} = nest.Create({text}, {given}, {values})"
    )


def _some_group(w: world) -> group | None:
    return w.pick(w.groups) if w.groups else None


def set_values(w: world) -> str:
    of = _some_group(w)
    if of is None:
        return create(w)
    if w.chance(0.2):
        part, count = part_of(w, of)
        return f"{part}.set({_values(w, of.model, count)})"
    if w.chance(0.2):
        kinds = _kinds(w, of.model) or {"nothing": span(0, 1)}
        key = w.pick(kinds)
        return f"{of.name}.{key} = {_value_for(w, kinds[key], of.count)}"
    form = w.pick(("{0}.set({1})", "{0}.set({1})", "{0}.set(**{1})", "nest.SetStatus({0}, {1})"))
    return form.format(of.name, _values(w, of.model, of.count))


def part_of(w: world, of: group) -> tuple[str, int]:
    """Some of the group's nodes: text and number."""
    n, name = of.count, of.name
    if w.errs():
        return w.pick((f"{name}[{n}]", f"{name}[::0]", f"{name}[{n}:]", f"{name}[[1, 0]]", f"{name}[{w.wrong()}]")), 1
    first = w.random.randrange(n)
    chosen = sorted(w.random.sample(range(n), w.random.randint(1, n)))
    return w.pick(
        (
            (f"{name}[{first}]", 1),
            (f"{name}[{first}:]", n - first),
            (f"{name}[:{first + 1}]", first + 1),
            (f"{name}[::2]", (n + 1) // 2),
            (f"{name}[{chosen}]", len(chosen)),
            (f"{name}[{[i in chosen for i in range(n)]}]", len(chosen)),
        )
    )


def choose(w: world) -> str:
    """A name for some nodes: a part, a union, the nodes of some ids."""
    if not w.groups:
        return create(w)
    of, other, name = w.pick(w.groups), w.pick(w.groups), w.fresh("n")
    w.erred = of is other
    if w.chance(0.5):
        w.erred = False
        text, count = part_of(w, of)
    elif w.chance(0.7):
        text, count = f"{of.name} + {other.name}", of.count + other.count
    else:
        known = range(1, w.size + 1 + w.errs())
        ids = sorted(w.random.sample(known, w.random.randint(1, min(4, len(known))))) if w.size else [1]
        text, count = f"nest.NodeCollection({ids})", len(ids)
    if not w.erred:
        w.groups.append(group(name, of.model, count))
    return f"{name} = {text}"


def get_values(w: world) -> str:
    of = _some_group(w)
    if of is None:
        return create(w)
    kinds = {**NODES[w.base(of.model)], "global_id": None, "model": None, "element_type": None}
    key, others = w.pick(kinds), w.some(kinds, 3)
    if w.errs():
        return f"{of.name}.get({w.wrong()})"
    reads = [
        f"{of.name}.get()",
        f"{of.name}.get('{key}')",
        f"{of.name}.{key}",
        f"{of.name}.get({others})",
        f"{part_of(w, of)[0]}.get('{key}')",
        f"nest.GetStatus({of.name}, '{key}')",
        f"{of.name}.tolist()",
        f"len({of.name})",
        f"str({of.name})",
        f"{of.name}.get('V_m', output='json')",
    ]
    if w.base(of.model) in {**RECORDERS, **METERS}:
        reads += [
            f"{of.name}.events",
            f"{of.name}.get('events', 'times')",
            f"{of.name}.n_events",
            f"{of.name}.get('events', '{w.pick(RECORDABLES)}')",
        ]
    return w.pick(reads)


def find(w: world) -> str:
    """GetNodes, and what lists nodes."""
    model = w.node_model()
    key = w.pick(NODES[w.base(model)] or {"V_m": span(-70, -50)})
    return w.pick(
        (
            "nest.GetNodes()",
            f"nest.GetNodes({{'model': '{model}'}})",
            f"nest.GetNodes({{'{key}': {w.value(span(-70, 20))}}})",
            "nest.GetNodes({'element_type': 'neuron'}).tolist()",
            "nest.PrintNodes()",
            "nest.GetNodes({'n_events': 0})",
        )
    )
