"""The reference traces of every model of this build, in VOLLEY_REFERENCE, protocol by protocol."""

import importlib.util
import os
from pathlib import Path

import pytest

FOLDER = Path(os.environ["VOLLEY_REFERENCE"]) / "reference"
MODELS = """
    iaf_psc_delta iaf_psc_exp iaf_psc_alpha parrot_neuron iaf_cond_exp hh_psc_alpha
    poisson_generator spike_generator spike_train_injector dc_generator step_current_generator noise_generator
    spike_recorder multimeter voltmeter weight_recorder
    static_synapse static_synapse_hom_w stdp_synapse stdp_pl_synapse_hom
""".split()


def _replay():
    spec = importlib.util.spec_from_file_location("replay", FOLDER / "replay.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


replay = _replay()


def _needs_other_models(protocol):
    """Structural plasticity and precise spike times are not in this build."""
    return "/growth_" in protocol["id"] or protocol["id"] == "spike_generator/precise"


PROTOCOLS = [
    pytest.param(protocol, data, id=f"{family}/{protocol['id']}")
    for family, protocols, data in replay.load(str(FOLDER))
    for protocol in protocols
    if protocol["model"] in MODELS and not _needs_other_models(protocol)
]


def _outcome(protocol, data, perturb=None):
    got = replay.Runner(protocol, perturb).run()
    if "stat" in protocol:
        return replay.compare_stats(protocol, replay.statistics(protocol, got))
    prefix = protocol["id"] + "|"
    stored = {key[len(prefix):]: data[key] for key in data.files if key.startswith(prefix)}
    return replay.compare(protocol, stored, got)


@pytest.mark.parametrize("protocol, data", PROTOCOLS)
def test_trace_agrees(protocol, data):
    result = _outcome(protocol, data)
    assert result["ok"], result["notes"]


def test_a_wrong_parameter_is_noticed():
    by_model = {}
    for parameters in PROTOCOLS:
        protocol, data = parameters.values
        if protocol.get("sensitive"):
            by_model.setdefault(protocol["model"], []).append((protocol, data))
    assert len(by_model) > 10
    for model, protocols in by_model.items():
        assert any(not _outcome(protocol, data, 1.01)["ok"] for protocol, data in protocols), model


def test_every_model_has_protocols():
    assert {parameters.values[0]["model"] for parameters in PROTOCOLS} == set(MODELS)
