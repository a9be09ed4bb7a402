"""The reference traces of every model of this build, in VOLLEY_REFERENCE: a test a model, of all its protocols."""

import importlib.util
import json
import os
from pathlib import Path

import nest
import pytest

FOLDER = Path(os.environ["VOLLEY_REFERENCE"]) / "reference"
MODELS = {*nest.node_models, *nest.synapse_models}  # whoever adds one adds its tests
WITHOUT_TRACES = set(json.loads((FOLDER / "coverage.json").read_text())["models_without_own_protocol"])


def _replay():
    spec = importlib.util.spec_from_file_location("replay", FOLDER / "replay.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


replay = _replay()


def _needs_other_models(protocol):
    """Another model takes part in this protocol."""
    return any(op[0] == "create" and op[2] not in MODELS for op in protocol["ops"])


def _protocols():
    by_model = {}
    for _, protocols, data in replay.load(str(FOLDER)):
        for protocol in protocols:
            if protocol["model"] in MODELS and not _needs_other_models(protocol):
                by_model.setdefault(protocol["model"], []).append((protocol, data))
    return by_model


PROTOCOLS = _protocols()
SENSITIVE = sorted(model for model, all_of in PROTOCOLS.items() if any(p.get("sensitive") for p, _ in all_of))


def _outcome(protocol, data, perturb=None):
    got = replay.Runner(protocol, perturb).run()
    if "stat" in protocol:
        return replay.compare_stats(protocol, replay.statistics(protocol, got))
    prefix = protocol["id"] + "|"
    stored = {key[len(prefix) :]: data[key] for key in data.files if key.startswith(prefix)}
    return replay.compare(protocol, stored, got)


@pytest.mark.parametrize("model", sorted(PROTOCOLS))
def test_traces_agree(model):
    outcomes = {protocol["id"]: _outcome(protocol, data) for protocol, data in PROTOCOLS[model]}
    assert all(outcome["ok"] for outcome in outcomes.values()), {
        name: outcome["notes"] for name, outcome in outcomes.items() if not outcome["ok"]
    }


@pytest.mark.parametrize("model", SENSITIVE)
def test_a_wrong_parameter_is_noticed(model):
    sensitive = [(protocol, data) for protocol, data in PROTOCOLS[model] if protocol.get("sensitive")]
    assert any(not _outcome(protocol, data, 1.01)["ok"] for protocol, data in sensitive)


def test_every_model_has_traces():
    assert set(PROTOCOLS) == MODELS - WITHOUT_TRACES
    assert len(SENSITIVE) > 10
