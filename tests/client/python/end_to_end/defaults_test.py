"""Defaults of every model, and what setting them does, against the facts measured on the reference, in
VOLLEY_REFERENCE."""

import json
import os
from pathlib import Path

import nest
import numpy as np
import pytest

FOLDER = Path(os.environ["VOLLEY_REFERENCE"]) / "reference"
NODES = json.loads((FOLDER / "models.json").read_text())
SYNAPSES = json.loads((FOLDER / "synapses.json").read_text())
FACTS = {**NODES, **SYNAPSES}
OURS = sorted({*nest.node_models, *nest.synapse_models})  # of this build

# The reference lets SetDefaults overwrite or swallow what describes a device; here such keys are read-only.
DESCRIPTIVE = set(
    """available capacity element_type elementsize events frozen global_id instantiations local model model_id
    node_uses_wfr
    recordables thread thread_local_id type_id vp flush_event_send_interval""".split()
)
# The reference takes any value for these; here they are numbers.
UNTYPED = {("y_0", "accepts_str"), ("y_1", "accepts_str")}
# The reference takes an error of nothing, and less, from integrators that cannot meet it.
TOLERANCES = {(f"gif_cond_exp{kind}", "gsl_error_tol") for kind in ("", "_multisynapse")}
# The reference shows other numbers of conductances than there are receptors, until a simulation.
UNSIZED = {("gif_cond_exp_multisynapse", "g"), ("glif_cond", "g"), ("glif_cond", "dg")}


def _plain(value):
    if isinstance(value, np.ndarray):
        return value.tolist()
    if type(value).__name__ == "NodeCollection":
        return value.tolist()
    if isinstance(value, dict):
        return {key: _plain(entry) for key, entry in value.items()}
    return value


def _same(a, b):
    if isinstance(a, float) and isinstance(b, (int, float)):
        return a == b or (np.isinf(a) and abs(b) > 1e300) or (np.isinf(b) and abs(a) > 1e300)
    return a == b


CASES = [(model, key) for model in OURS for key, fact in FACTS[model]["params"].items()]


@pytest.mark.parametrize("model", OURS)
def test_defaults_are_those_of_the_reference(nest, model):
    defaults = nest.GetDefaults(model)
    for key, fact in FACTS[model]["params"].items():
        if key == "flush_event_send_interval":
            continue
        assert key in defaults, key
        if not fact.get("kernel_assigned") and (model, key) not in UNSIZED:
            assert _same(_plain(defaults[key]), fact["value"]), (key, defaults[key], fact["value"])


@pytest.mark.parametrize("model, key", [case for case in CASES if case[1] not in DESCRIPTIVE])
def test_setting_does_what_the_reference_does(nest, model, key):
    fact = FACTS[model]["params"][key]
    trials = [("changed_to", fact.get("set_changed"))] if "changed_to" in fact else []
    values = {
        "accepts_0": 0.0,
        "accepts_-1": -1 if fact["type"] == "int" else -1.0,
        "accepts_int": 1 if fact["type"] == "bool" else 3,
        "accepts_str": "text",
    }
    trials += [(name, fact[name]) for name in values if name in fact and (key, name) not in UNTYPED]
    if (model, key) in TOLERANCES:
        trials = [(name, expected) for name, expected in trials if name not in ("accepts_0", "accepts_-1")]
    for name, expected in trials:
        value = fact["changed_to"] if name == "changed_to" else values[name]
        nest.ResetKernel()
        if expected in ("sticks", "ok", True) or isinstance(expected, (int, float)):
            nest.SetDefaults(model, {key: value})
            assert _same(_plain(nest.GetDefaults(model, key)), value), (name, value)
        elif expected not in ("ignored", "becomes"):
            with pytest.raises(Exception) as raised:
                nest.SetDefaults(model, {key: value})
            assert type(raised.value).__name__ == expected, (name, value, raised.value)
