"""The names that packages built on PyNEST read from `nest` when they are imported, and the modules they take them
from."""

import importlib
import os
import pickle

import pytest

os.environ["PYNEST_QUIET"] = "1"

import nest

FUNCTIONS = """
    Connect TripartiteConnect Disconnect GetConnections authors get_argv GetStatus get_verbosity help helpdesk
    message SetStatus set_verbosity sysinfo ConnectionRules CopyModel GetDefaults Models SetDefaults Create
    GetLocalNodeCollection GetNodes PrintNodes NumProcesses Rank GetLocalVPs SetAcceptableLatency SetMaxBuffered
    SyncProcesses Cleanup DisableStructuralPlasticity EnableStructuralPlasticity GetKernelStatus Install Prepare
    ResetKernel Run RunManager SetKernelStatus Simulate SonataNetwork CollocatedSynapses Compartments
    CreateParameter NodeCollection Parameter Receptors serialize_data SynapseCollection to_json set get
    set_communicator logic.conditional math.exp math.sin math.cos math.min math.max math.redraw random.exponential
    random.lognormal random.normal random.uniform random.uniform_int raster_plot.extract_events
    raster_plot.from_data raster_plot.from_device raster_plot.from_file raster_plot.from_file_numpy
    raster_plot.from_file_pandas voltage_trace.from_device voltage_trace.from_file
""".split()
VALUES = "NESTError NESTErrors NestModule VerbosityLevel __version__ userdict ll_api kernel".split()


@pytest.mark.parametrize("name", FUNCTIONS)
def test_a_verb_is_there_and_says_what_it_does(name):
    verb = nest
    for part in name.split("."):
        verb = getattr(verb, part)
    assert callable(verb) and verb.__doc__


@pytest.mark.parametrize("name", VALUES)
def test_a_value_is_there(name):
    assert hasattr(nest, name) and name in dir(nest)


def test_facts_about_the_build_need_no_kernel():
    assert nest.build_info["version"] == nest.__version__ and nest.build_info["have_threads"] is True


@pytest.mark.parametrize("area", "connections exceptions info models nodes parallel_computing simulation types".split())
def test_modules_below_lib_have_the_roots_names(area):
    module = importlib.import_module(f"nest.lib.hl_api_{area}")
    assert module.__all__ and all(getattr(module, name) is getattr(nest, name) for name in module.__all__)


def test_errors_are_found_where_packages_look_for_them():
    from nest.lib.hl_api_exceptions import NESTError, NESTErrors

    assert NESTError is nest.NESTError is nest.kernel.NESTError is NESTErrors.KernelException
    assert nest.lib.hl_api_exceptions.NESTErrors is importlib.import_module("nest.pynestkernel").NESTErrors


def test_the_lower_level_has_no_interpreter():
    assert nest.ll_api.check_stack(nest.Create) is nest.Create and nest.ll_api.stack_checker(int) is int
    assert nest.ll_api.set_communicator is nest.set_communicator
    assert type(nest).resolution.__class__ is nest.ll_api.KernelAttribute
    with pytest.raises(AttributeError):
        nest.ll_api.sr("clear")


def test_only_submodules_can_be_put_below_the_module():
    import nest.lib  # noqa: F401

    for value in (5, os):
        with pytest.raises(AttributeError):
            nest.nothing = value


@pytest.mark.parametrize("ending", ["", ".so"])
def test_a_module_that_is_not_there_is_refused(ending, tmp_path, monkeypatch):
    for path in (f"pynn_extensions{ending}", str(tmp_path / "gone")):
        with pytest.raises(nest.NESTErrors.DynamicModuleManagementError, match="there is no file") as told:
            nest.Install(path)
        assert pickle.loads(pickle.dumps(told.value)).args == told.value.args
    (tmp_path / "mymodule.so").write_text("no library")
    monkeypatch.setenv("LD_LIBRARY_PATH", f"/nowhere::{tmp_path}")
    for path in (f"mymodule{ending}", str(tmp_path / f"mymodule{ending}")):
        with pytest.raises(nest.NESTErrors.DynamicModuleManagementError, match="is not a module of this simulator"):
            nest.Install(path)
    for wrong in (5, None, b"mymodule"):
        with pytest.raises(TypeError):
            nest.Install(wrong)
