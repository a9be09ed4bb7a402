"""Lines about the kernel itself: settings, time, models and Parameters."""

from vocabulary import LEGAL_BUT_LONG, NODES, READABLE, SETTINGS, SYNAPSES, WRONG_VALUES, instant, span
from world import world

_RUN_MS = 20.0
_STEPS = 400


def setting(w: world) -> str:
    key = w.pick(["resolution"] * 3 + list(SETTINGS))
    text = w.value(SETTINGS[key])
    if key == "resolution":
        _believe(w, text)
    if w.chance(0.2):
        low = w.time(2.0)
        return f"nest.set(min_delay={low}, max_delay={w.pick((low, w.time(5.0), '5.0'))})"
    if w.chance(0.1):
        other = w.pick(SETTINGS)
        return f"nest.SetKernelStatus({{'{key}': {text}, '{other}': {w.value(SETTINGS[other])}}})"
    return w.pick((f"nest.{key} = {text}", f"nest.set({key}={text})"))


def _believe(w: world, text: str) -> None:
    try:
        believed = float(text)
    except ValueError:
        return
    if 0.005 <= believed <= 5:
        w.resolution = believed


def reading(w: world) -> str:
    key, other = w.pick(READABLE), w.pick(READABLE)
    return w.pick(
        (f"nest.{key}", f"nest.get('{key}')", f"nest.GetKernelStatus(['{key}', '{other}'])", "nest.GetKernelStatus()")
    )


def simulate(w: world) -> str:
    return f"nest.Simulate({_duration(w)})"


def _duration(w: world) -> str:
    if w.errs():
        return w.pick(text for text in WRONG_VALUES if text not in LEGAL_BUT_LONG)
    return w.time(min(_RUN_MS, _STEPS * w.resolution))


def stages(w: world) -> str:
    return w.pick(
        ("nest.Prepare()", "nest.Prepare()", f"nest.Run({_duration(w)})", f"nest.Run({_duration(w)})", "nest.Cleanup()")
    )


def reset(w: world) -> str:
    w.resolution = 0.1
    return "nest.ResetKernel()"


# --- models -------------------------------------------------------------------------------------------------------


def _kinds(w: world, model: str) -> dict:
    kinds = NODES.get(w.base(model)) or SYNAPSES.get(w.base(model)) or {"weight": span(0, 50)}
    return {**kinds, "weight": span(0, 50), "delay": instant(0.1, 4)} if w.base(model) in SYNAPSES else kinds


def defaults(w: world) -> str:
    model = w.pick(w.models(NODES, SYNAPSES))
    key = w.pick(_kinds(w, model))
    if w.chance(0.3):
        return w.pick(
            (
                f"nest.GetDefaults('{model}')",
                f"nest.GetDefaults('{model}', '{key}')",
                f"nest.GetDefaults('{model}', ['{key}'])",
            )
        )
    if w.base(model) in SYNAPSES and w.chance(0.2) and w.groups:
        return f"nest.SetDefaults('{model}', {{'weight_recorder': {w.pick(w.groups).name}}})"
    return w.pick(
        (
            f"nest.SetDefaults('{model}', {w.entries(_kinds(w, model), 3)})",
            f"nest.SetDefaults('{model}', '{key}', {w.value(_kinds(w, model)[key])})",
        )
    )


def copy(w: world) -> str:
    model = w.pick(w.models(NODES, SYNAPSES))
    name = w.pick((model, "", "static_synapse")) if w.errs() else w.fresh("m")
    kinds = _kinds(w, model)
    w.copies.setdefault(name, w.base(model)) if name not in NODES and name not in SYNAPSES else None
    recorders = [one.name for one in w.groups if one.model == "weight_recorder"]
    if w.base(model) in SYNAPSES and recorders and w.chance(0.7):
        return f"nest.CopyModel('{model}', '{name}', {{'weight_recorder': {w.pick(recorders)}}})"
    return (
        f"nest.CopyModel('{model}', '{name}')"
        if w.chance(0.3)
        else f"nest.CopyModel('{model}', '{name}', {w.entries(kinds, 3)})"
    )


# --- Parameters ---------------------------------------------------------------------------------------------------


def parameter(w: world) -> str:
    if w.parameters and w.chance(0.6):
        known = w.pick(w.parameters)
        where = w.pick(w.groups).name if w.groups else "nest.NodeCollection()"
        return w.pick(
            (
                f"{known}.GetValue()",
                f"{known}.apply({where})",
                f"{known}.is_spatial()",
                f"({known} - {known}).GetValue()",
            )
        )
    name = w.fresh("p")
    low = w.random.uniform(-2, 2)
    text = w.parameter(low, low + w.random.uniform(0.1, 5))
    if w.errs():
        text = w.pick(
            (
                f"nest.random.uniform({w.wrong()}, {w.wrong()})",
                f"{text} / {w.wrong()}",
                f"nest.CreateParameter('normal', {{'std': {w.wrong()}}})",
                f"nest.math.redraw(nest.random.uniform(), 2.0, {w.wrong()})",
                f"nest.random.uniform_int({w.wrong()})",
                f"({text}) ** {w.wrong()}",
            )
        )
    else:
        w.parameters.append(name)
    return f"{name} = {text}"
