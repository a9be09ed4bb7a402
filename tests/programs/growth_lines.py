"""Lines about structural plasticity: synaptic elements, the synapses that connect them, and updates."""

from node_lines import create
from vocabulary import NEURONS, SYNAPSES, instant, one_of, span
from world import world

_NAMES = ("Axon", "Den", "Den")
_ELEMENT = {
    "growth_curve": one_of(("'linear'", "'gaussian'", "'sigmoid'")),
    "growth_rate": span(-0.2, 1),
    "eps": span(0, 1),
    "eta": span(0, 1),
    "psi": span(0.1, 1),
    "tau_vacant": span(0.01, 1),
    "continuous": one_of(("True", "False")),
    "z": span(0, 6),
    "z_connected": span(0, 2),
}
_OF_CURVE = {"eta": "'gaussian'", "psi": "'sigmoid'"}


def _element(w: world) -> str:
    """Settings of one element, mostly such as its curve has."""
    kinds = {"growth_curve": _ELEMENT["growth_curve"], **dict.fromkeys(w.some(_ELEMENT, 4))}
    entries = {key: w.value(_ELEMENT[key]) for key in kinds if key != "z_connected" or w.errs()}
    for key, curve in _OF_CURVE.items():
        if entries["growth_curve"] != curve and not w.errs():
            entries.pop(key, None)
    return "{" + ", ".join(f"'{key}': {text}" for key, text in entries.items()) + "}"


def _elements(w: world) -> str:
    names = w.some(dict.fromkeys(_NAMES), 2) + (["nothing"] if w.errs() else [])
    return "{" + ", ".join(f"'{name}': {_element(w)}" for name in names) + "}"


def grow(w: world) -> str:
    """Gives neurons elements, or other values to those that they have."""
    neurons = [one for one in (w.groups if w.errs() else w.groups_of(NEURONS)) if not w.storms(one, one)]
    if not neurons:
        return create(w)
    of, key = w.pick(neurons).name, w.pick(("synaptic_elements",) * 3 + ("synaptic_elements_param",))
    text = w.wrong() if w.errs() else _elements(w)
    return w.pick((f"{of}.{key} = {text}", f"{of}.set({key}={text})", f"nest.SetStatus({of}, {{'{key}': {text}}})"))


def synapses(w: world) -> str:
    """The table of what connects which elements."""
    rows = []
    for name in w.some(("first", "second"), 2):
        entries = {
            "synapse_model": f"'{w.pick(w.models(SYNAPSES))}'",
            "pre_synaptic_element": f"'{w.pick(_NAMES)}'",
            "post_synaptic_element": f"'{w.pick(_NAMES)}'",
            "weight": w.number(-50, 300),
            "delay": w.value(instant(0.5, 3)),
            "allow_autapses": str(w.chance(0.5)),
            "allow_multapses": str(w.chance(0.5)),
        }
        for key in ("weight", "delay", "allow_autapses", "allow_multapses"):
            if w.chance(0.6):
                entries.pop(key)
        if w.errs():
            entries[w.pick(list(entries))] = w.wrong()
        rows.append(f"'{name}': {{" + ", ".join(f"'{key}': {text}" for key, text in entries.items()) + "}")
    return f"nest.structural_plasticity_synapses = {{{', '.join(rows)}}}"


def switch(w: world) -> str:
    return w.pick(
        (
            "nest.EnableStructuralPlasticity()",
            "nest.EnableStructuralPlasticity()",
            "nest.DisableStructuralPlasticity()",
            f"nest.structural_plasticity_update_interval = {w.value(instant(0.5, 6))}",
            f"nest.structural_plasticity_update_interval = {w.value(instant(0.5, 6))}",
        )
    )


def connect(w: world) -> str:
    """Connections that occupy elements."""
    neurons = w.groups if w.errs() else w.groups_of(NEURONS)
    if not neurons:
        return create(w)
    pre, post = w.pick(neurons), w.pick(neurons)
    if w.storms(pre, post):
        return create(w)
    rules = ["'all_to_all'", "{'rule': 'fixed_indegree', 'indegree': 2}", "{'rule': 'pairwise_bernoulli', 'p': 0.5}"]
    rule = "'one_to_one'" if pre.count == post.count and w.chance(0.5) else w.pick(rules)
    elements = f"'pre_synaptic_element': '{w.pick(_NAMES)}', 'post_synaptic_element': '{w.pick(_NAMES)}'"
    return f"nest.Connect({pre.name}, {post.name}, {rule}, {{{elements}}})"


def ask(w: world) -> str:
    neurons = w.groups_of(NEURONS)
    of = w.pick(neurons).name if neurons else "nest.NodeCollection()"
    return w.pick(
        (
            f"{of}.get('synaptic_elements')",
            f"{of}.get(['Ca', 'synaptic_elements'])",
            "nest.structural_plasticity_synapses",
            "nest.growth_curves",
            "nest.num_connections",
        )
    )
