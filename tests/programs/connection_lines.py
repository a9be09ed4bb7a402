"""Lines that make, find, read, change and remove connections."""

from node_lines import create, part_of
from vocabulary import CURRENT_SOURCES, METERS, NEURONS, RECORDERS, RULES, SPIKE_SOURCES, SYNAPSES, instant, span
from world import group, world

WEIGHT, DELAY = span(-300, 1500), instant(0.1, 4)


# --- Connect ------------------------------------------------------------------------------------------------------


def _endpoints(w: world) -> tuple[group, group] | None:
    """Groups that fit each other, mostly."""
    if not w.groups:
        return None
    neurons, any_pair = w.groups_of(NEURONS), (w.pick(w.groups), w.pick(w.groups))
    pairs = [any_pair] if w.errs() or w.chance(0.03) else []
    pairs += [(a, b) for a in neurons for b in neurons]
    pairs += [(a, b) for a in w.groups_of(SPIKE_SOURCES, CURRENT_SOURCES, METERS) for b in neurons] * 2
    pairs += [(a, b) for a in [*neurons, *w.groups_of(SPIKE_SOURCES)] for b in w.groups_of(RECORDERS)] * 2
    pairs += [(a, b) for a in w.groups_of(METERS) for b in w.groups_of(CURRENT_SOURCES)]
    pairs = [pair for pair in pairs or [any_pair] if not w.storms(*pair)]
    return w.pick(pairs) if pairs else None


def _rule(w: world, pre: group, post: group) -> tuple[str, str, str]:
    """(name, conn_spec, the rule's number)."""
    devices = {**SPIKE_SOURCES, **CURRENT_SOURCES, **METERS}
    simple = w.base(pre.model) in devices or w.base(post.model) in RECORDERS
    name = w.pick(("all_to_all", "one_to_one")) if simple and w.chance(0.8) else w.pick(RULES)
    if pre.count != post.count and name == "one_to_one" and w.chance(0.8):
        name = "all_to_all"
    key, number = RULES[name], _number(w, name, pre, post)
    entries = [f"'rule': '{name}'"] + ([f"'{key}': {number}"] if key else [])
    for flag in ("allow_autapses", "allow_multapses", "make_symmetric"):
        if w.chance(0.06):
            entries.append(f"'{flag}': {w.wrong() if w.errs() else w.chance(0.5)}")
    if name == "symmetric_pairwise_bernoulli" and w.chance(0.8):
        entries = entries[:2] + ["'allow_autapses': False", "'make_symmetric': True"]
    if w.errs():
        entries.append(f"'nothing': {w.wrong()}")
    bare = len(entries) == 1 and w.chance(0.7)
    return name, f"'{name}'" if bare else "{" + ", ".join(entries) + "}", number


def _number(w: world, rule: str, pre: group, post: group) -> str:
    if w.errs():
        return w.wrong()
    if rule in ("pairwise_bernoulli", "symmetric_pairwise_bernoulli"):
        return w.parameter(0, 1) if w.chance(0.2) else w.number(0, 1)
    if rule == "pairwise_poisson":
        return w.parameter(0, 2) if w.chance(0.2) else w.number(0, 2)
    if rule == "fixed_total_number":
        return str(w.random.randint(0, 2 * pre.count * post.count))
    if w.chance(0.15):
        return "1 + nest.random.uniform_int(2)"
    return str(w.random.randint(0, max(pre.count, post.count)))


def _array(w: world, kind: span, rule: str, number: str, pre: group, post: group) -> str | None:
    """A list of the rule's shape."""
    rows = {"all_to_all": post.count, "fixed_indegree": post.count, "fixed_outdegree": pre.count}.get(rule)
    width = {"all_to_all": str(pre.count), "one_to_one": str(pre.count)}.get(rule, number)
    if (
        rule not in ("all_to_all", "one_to_one", "fixed_indegree", "fixed_outdegree", "fixed_total_number")
        or not width.isdigit()
    ):
        return None
    row = lambda: f"[{', '.join(w.value(kind) for _ in range(int(width) + w.errs()))}]"
    text = row() if rows is None else f"[{', '.join(row() for _ in range(rows))}]"
    return f"np.array({text})" if w.chance(0.3) else text


def _synapse(w: world, rule: str, number: str, pre: group, post: group, arrays: bool = True) -> str:
    model = w.pick(["static_synapse"] * 4 + w.models(SYNAPSES))
    kinds = {**SYNAPSES[w.base(model)], "weight": span(0, 90) if "stdp" in model else WEIGHT, "delay": DELAY}

    def text(kind):
        array = _array(w, kind, rule, number, pre, post) if arrays and w.chance(0.15) else None
        return array or (w.parameter(*kind) if w.chance(0.15) else w.value(kind))

    wanted = {key: kind for key, kind in kinds.items() if key in ("weight", "delay") or w.chance(0.1)}
    entries = [f"'synapse_model': '{model}'"] + [f"'{key}': {text(wanted[key])}" for key in w.some(wanted, len(wanted))]
    if w.chance(0.06):
        entries.append(f"'receptor_type': {w.wrong() if w.errs() else w.pick((0, 0, 0, 1, 2, -1))}")
    return f"'{model}'" if len(entries) == 1 else "{" + ", ".join(entries) + "}"


def connect(w: world) -> str:
    ends = _endpoints(w)
    if ends is None:
        return create(w)
    pre, post = (_maybe_part(w, end) for end in ends)
    name, rule, number = _rule(w, pre, post)
    if w.chance(0.08):
        both = ", ".join(_synapse(w, name, number, pre, post, arrays=False) for _ in range(2))
        synapse = f"nest.CollocatedSynapses({both})"
    else:
        synapse = _synapse(w, name, number, pre, post)
    sources, targets = (w.wrong() if w.errs() else end.name for end in (pre, post))
    if w.chance(0.12):
        return _returned(w, f"{sources}, {targets}, {rule}, {synapse}")
    arguments = w.pick(
        (f"{rule}, {synapse}", f"{rule}, {synapse}", f"{rule}, syn_spec={synapse}", rule, f"syn_spec={synapse}")
    )
    return f"nest.Connect({sources}, {targets}, {arguments})"


def connect_three(w: world) -> str:
    """With third factors."""
    neurons = [one for one in w.groups_of(NEURONS) if not w.storms(one, one)]
    if not neurons:
        return create(w)
    pre, post, third = (_maybe_part(w, w.pick(neurons)) for _ in range(3))
    if w.errs():
        pre = w.pick(w.groups)
    name, rule, number = _rule(w, pre, post)
    entries = ["'rule': 'third_factor_bernoulli_with_pool'"]
    sizes = (1, third.count // post.count, w.random.randint(0, third.count + 1))
    keys = {
        "p": w.number(0, 1),
        "pool_size": w.pick(sizes),
        "pool_type": w.pick(("'random'", "'block'")),
        "nothing": "1",
    }
    for key, value in keys.items():
        if w.chance(0.02 if key == "nothing" else 0.5):
            entries.append(f"'{key}': {w.wrong() if w.errs() else value}")
    parts = [
        f"'{part}': {_synapse(w, name, number, pre, post, arrays=w.errs())}"
        for part in ("primary", "third_in", "third_out")
        if w.chance(0.3)
    ]
    ends = ", ".join(end.name for end in (pre, post, third))
    return f"nest.TripartiteConnect({ends}, {rule}, {{{', '.join(entries)}}}, {{{', '.join(parts)}}})"


def _returned(w: world, arguments: str) -> str:
    name = w.fresh("c")
    w.connections.append(name)
    return f"{name} = nest.Connect({arguments}, return_synapsecollection=True)"


def _maybe_part(w: world, of: group) -> group:
    if of.count == 1 or w.chance(0.75):
        return of
    text, count = part_of(w, of)
    return group(text, of.model, count)


def connect_ids(w: world) -> str:
    """One connection an entry: ids may repeat."""
    groups = w.groups if w.errs() else w.groups_of(NEURONS)
    known = [i for one in groups if not w.storms(one, one) for i in one.ids]
    if not known:
        return create(w)
    n = w.random.randint(1, 5)
    if w.errs():
        known.append(w.size + 1)
    ids = [f"[{', '.join(str(w.pick(known)) for _ in range(n + w.errs()))}]" for _ in range(2)]
    sources, targets = (f"np.array({text})" if w.chance(0.4) else text for text in ids)
    one = group("", "iaf_psc_alpha", n)
    return f"nest.Connect({sources}, {targets}, 'one_to_one', {_synapse(w, 'one_to_one', '', one, one)})"


# --- connections that stand ---------------------------------------------------------------------------------------


def find(w: world) -> str:
    name = w.fresh("c")
    w.connections.append(name)
    filters = [
        f"source={w.pick(w.groups).name}" if w.groups and w.chance(0.4) else "",
        f"target={w.pick(w.groups).name}" if w.groups and w.chance(0.4) else "",
        f"synapse_model='{w.pick(w.models(SYNAPSES))}'" if w.chance(0.3) else "",
        f"synapse_label={w.wrong() if w.errs() else 0}" if w.chance(0.03) else "",
    ]
    return f"{name} = nest.GetConnections({', '.join(filter(None, filters))})"


def _some(w: world) -> str | None:
    if not w.connections:
        return None
    return w.pick(w.connections) + w.pick(("", "", "", "[0]", "[:2]", "[-1]", "[1:]", "[::2]"))


def read(w: world) -> str:
    some = _some(w)
    if some is None:
        return find(w)
    key = w.pick(("weight", "delay", "source", "target", "port", "synapse_model", "receptor", "Kplus", "nothing"))
    return w.pick(
        (
            f"{some}.get()",
            f"{some}.get('{key}')",
            f"{some}.get(['weight', '{key}'])",
            f"{some}.{key}",
            f"len({some})",
            f"str({some})",
            f"nest.GetStatus({some}, '{key}')",
            f"list({some}.targets())",
            "nest.GetConnections().get(['source', 'target', 'weight', 'delay', 'port'])",
        )
    )


def change(w: world) -> str:
    some = _some(w)
    if some is None:
        return find(w)
    kinds = {"weight": WEIGHT, "delay": DELAY, **(SYNAPSES["stdp_synapse"] if w.chance(0.2) else {})}
    key = w.pick(sorted(kinds.keys() - {"lambda"}))  # no name in Python
    ramp = f"{w.value(kinds[key])} + {w.number(0, 2)} * i for i in range(len({some}))"
    return w.pick(
        (
            f"{some}.set({w.entries(kinds, 2)})",
            f"{some}.{key} = {w.value(kinds[key])}",
            f"{some}.set({key}={w.value(kinds[key])})",
            f"{some}.{key} = [{ramp}]",
            f"{some}.set([{{'{key}': {ramp.replace(' for', '} for')}])",
            f"nest.SetStatus({some}, '{key}', {w.value(kinds[key])})",
        )
    )


def remove(w: world) -> str:
    ends, some = _endpoints(w), _some(w)
    if some is not None and w.chance(0.6):
        return w.pick((f"{some}.disconnect()", f"nest.Disconnect({some})"))
    if ends is None:
        return create(w)
    pre, post = ends
    rule = w.pick(
        ("'one_to_one'", "'all_to_all'", "{'rule': 'one_to_one'}", "'fixed_indegree'" if w.errs() else "'all_to_all'")
    )
    synapse = f"'{w.pick(['static_synapse'] * 3 + w.models(SYNAPSES))}'"
    return f"nest.Disconnect({pre.name}, {post.name}, {rule}, {synapse})"
