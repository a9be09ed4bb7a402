"""What is served of the package's listing, and what is refused: whoever adds a name finds it here."""

import types

import nest
import pytest
import volley
from volley import served_names
from volley.kernel_attributes import kernel_attributes
from volley.served_names import modules_in_code, names_in_code, observer_names, refusal_of

# Of all names of the listing, those that neither requests nor restricted code can use.
REFUSED = """
    DescribeSaved DumpLayerConnections DumpLayerNodes Install Load PlotLayer PlotProbabilityParameter PlotSources
    PlotTargets PrintNodes Save SonataNetwork authors connect estimate get_argv helpdesk ll_api message raster_plot
    set_communicator sysinfo visualization voltage_trace
""".split()
# Those that code can use and requests cannot, besides classes and modules.
ONLY_IN_CODE = "CreateMask CreateParameter RunManager serialize_data to_json".split()
# All that observers may call.
OBSERVED = """
    ConnectionRules Displacement Distance FindCenterElement FindNearestElement GetConnections GetDefaults
    GetKernelStatus GetLocalNodeCollection GetLocalVPs GetNodes GetPosition GetSourceNodes GetSourcePositions GetStatus
    GetTargetNodes GetTargetPositions Models NodeCollection NumProcesses Rank SelectNodesByMask get get_verbosity help
    kernels
""".split()


def test_what_is_refused():
    assert sorted(name for name in volley.__all__ if refusal_of(name)) == sorted(REFUSED)


def test_all_other_names_are_served_to_requests_or_to_code():
    rest = set(volley.__all__) - set(REFUSED)
    functions = {name for name in rest if isinstance(getattr(volley, name), types.FunctionType)}
    assert served_names.served_names() == functions - {*ONLY_IN_CODE} | {"NodeCollection"} | kernel_attributes().keys()
    assert names_in_code() | modules_in_code().keys() == rest - {"help"} | kernel_attributes().keys()


def test_what_observers_may_call():
    assert observer_names() == {*OBSERVED} | kernel_attributes().keys()


@pytest.fixture
def listing(monkeypatch):
    """Adds things to the listing for a test."""

    def add(**things):
        for name, thing in things.items():
            monkeypatch.setattr(volley, name, thing, raising=False)
        monkeypatch.setattr(volley, "__all__", [*volley.__all__, *things])
        served_names.served_names.cache_clear()
        served_names.observer_names.cache_clear()

    yield add
    monkeypatch.undo()
    served_names.served_names.cache_clear()
    served_names.observer_names.cache_clear()


def test_a_new_function_is_served_to_those_who_may_change_the_network(listing):
    listing(NewVerb=lambda nodes, strength=1.0: None)
    assert "NewVerb" in served_names.served_names() and "NewVerb" not in observer_names()
    assert "NewVerb" in names_in_code()


def test_a_new_function_that_names_files_or_draws_is_not(listing):
    listing(
        DumpAll=lambda layer, outname: None,
        PlotAll=lambda layer, fig=None: None,
        Load=type("Load", (), {"__init__": lambda self, path: None}),
    )
    for name in "DumpAll", "PlotAll", "Load":
        assert refusal_of(name) and name not in served_names.served_names() | names_in_code()


def test_a_new_module_is_there_for_code_as_far_as_it_names_no_files(listing):
    module = types.ModuleType("volley.fresh")
    module.draw, module.read, module._own, module.os = (lambda mean: mean), (lambda fname: fname), 1, types
    listing(fresh=module)
    assert modules_in_code()["fresh"] == ["draw"]
    assert "fresh" not in served_names.served_names()


@pytest.mark.parametrize("name", REFUSED)
def test_requests_are_told_why(name):
    client = nest.server.app.test_client()
    got = client.post(f"/api/{name}", json={}, headers={"NESTServerAuth": nest.server.chosen.token})
    assert (
        got.status_code == 400 and got.json["message"] == f"AttributeError: '{name}' is not served: {refusal_of(name)}"
    )


def test_the_listing_of_the_server_is_what_it_serves():
    client = nest.server.app.test_client()
    names = client.get("/api", headers={"NESTServerAuth": nest.server.chosen.token}).json
    assert names == sorted(served_names.served_names())
    assert {"Create", "help", "resolution"} <= set(names) and not {"Install", "SynapseCollection", "random"} & set(
        names
    )
