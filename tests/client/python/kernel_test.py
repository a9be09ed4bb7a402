"""The kernel's status, its attributes on `nest`, models, and runs."""

import os

import numpy as np
import pytest

os.environ["PYNEST_QUIET"] = "1"

import nest
import volley as v
from volley import NESTErrors as E


def test_attributes_read_and_write_the_status(fake):
    assert nest.resolution == 0.1
    nest.resolution = 0.05
    assert nest.resolution == 0.05 and fake.calls[-1] == ("set_kernel_status", {"resolution": 0.05})
    assert nest.kernel_status["resolution"] == 0.05


@pytest.mark.parametrize("name", ["network_size", "nothing", "Create", "get", "kernel_status"])
def test_other_names_cannot_be_written(fake, name):
    with pytest.raises(AttributeError):
        setattr(nest, name, 5)
    assert fake.calls == []


def test_unknown_names_cannot_be_read():
    with pytest.raises(AttributeError):
        nest.nothing


def test_descriptors_know_their_defaults():
    assert type(nest).keep_source_table._default is True
    assert type(nest).rng_seed._default == 143202461 and type(nest).network_size._readonly
    assert "ms" in type(nest).resolution.__doc__


def test_shapes_of_get(fake):
    assert nest.get("rng_seed") == 143202461 and nest.get("resolution", "print_time") == (0.1, False)
    assert nest.get()["resolution"] == 0.1
    assert nest.GetKernelStatus(["resolution"]) == (0.1,)
    for keys, error in (("nothing", KeyError), (["resolution", "nothing"], KeyError), (5, TypeError)):
        with pytest.raises(error):
            nest.GetKernelStatus(keys)


def test_set_sends_all_keys_in_one_call(fake):
    nest.set(min_delay=0.5, max_delay=1.0)
    assert fake.calls == [("set_kernel_status", {"min_delay": 0.5, "max_delay": 1.0})]


def test_structural_plasticity_is_a_setting(fake):
    nest.EnableStructuralPlasticity()
    nest.DisableStructuralPlasticity()
    v.allow(structural_plasticity_threads=True)
    v.allow(structural_plasticity_rules=True)
    assert [settings for _, settings in fake.calls] == [
        {"structural_plasticity": True},
        {"structural_plasticity": False},
        {"structural_plasticity_threads": True},
        {"structural_plasticity_rules": True},
    ]
    with pytest.raises(TypeError):
        v.allow(nothing=True)


@pytest.mark.parametrize(
    "params, error", [({"nothing": 1}, ValueError), ({"network_size": 1}, ValueError), (5, TypeError)]
)
def test_bad_status(fake, params, error):
    with pytest.raises(error):
        nest.SetKernelStatus(params)
    assert fake.calls == []


def test_unknown_keys_only_warn_if_wanted(fake):
    params = {"nothing": 1, "dict_miss_is_error": False, "rng_seed": 5}
    with pytest.warns(UserWarning, match="nothing"):
        nest.SetKernelStatus(params)
    assert params == {"dict_miss_is_error": False, "rng_seed": 5} and fake.status["rng_seed"] == 5


def test_nearest_name_is_told(fake):
    with pytest.raises(ValueError, match=r"did you mean 'rng_seed'\?$"):
        nest.SetKernelStatus({"rng_sed": 1})
    with pytest.raises(AttributeError, match="did you mean 'rng_seed'"):
        nest.rng_sed = 1


def test_verbosity_belongs_to_this_process(fake):
    nest.verbosity = nest.VerbosityLevel.ERROR
    assert nest.verbosity is nest.VerbosityLevel.ERROR and fake.calls == []
    nest.set(verbosity=10)
    assert nest.GetKernelStatus("verbosity") == nest.VerbosityLevel.INFO


def test_the_module_is_pynests(fake):
    import nest.raster_plot
    from nest import Create, random  # noqa: F401

    assert nest.raster_plot is v.raster_plot and nest.NESTError is nest.NESTErrors.KernelException
    nest.userdict["mine"] = 1
    nest.ResetKernel()
    assert nest.userdict.pop("mine") == 1
    assert "resolution" in dir(nest) and "Connect" in dir(nest)


def test_defaults(fake):
    assert nest.GetDefaults("iaf_psc_alpha", "C_m") == 250.0
    for keys in (["C_m", "V_m"], ("C_m", "V_m"), np.array(["C_m", "V_m"]), iter(["C_m", "V_m"])):
        assert nest.GetDefaults("iaf_psc_alpha", keys) == [250.0, -70.0]
    assert nest.GetDefaults("iaf_psc_alpha", []) == [] and nest.GetDefaults("iaf_psc_alpha", np.str_("C_m")) == 250.0
    assert nest.GetDefaults("iaf_psc_alpha", ["C_m"], output="json") == "[250.0]"
    assert nest.GetDefaults("iaf_psc_alpha", "C_m", output="json") == "250.0"
    nest.SetDefaults("iaf_psc_alpha", {"C_m": 100.0})
    nest.SetDefaults("iaf_psc_alpha", "V_m", -50.0)
    assert nest.GetDefaults("iaf_psc_alpha")["C_m"] == 100.0 and nest.Create("iaf_psc_alpha").V_m == -50.0


@pytest.mark.parametrize(
    "arguments, error",
    [
        (("nothing",), E.UnknownComponent),
        (("iaf_psc_alpha", "nothing"), KeyError),
        ((5,), TypeError),
        (("iaf_psc_alpha", 5), KeyError),
    ],
)
def test_bad_get_defaults(fake, arguments, error):
    with pytest.raises(error):
        nest.GetDefaults(*arguments)


@pytest.mark.parametrize("arguments, error", [(({"C_m": 1.0}, 5), TypeError), ((5,), TypeError), (("C_m",), TypeError)])
def test_bad_set_defaults(fake, arguments, error):
    with pytest.raises(error):
        nest.SetDefaults("iaf_psc_alpha", *arguments)


def test_copies_and_lists_of_models(fake):
    nest.CopyModel("iaf_psc_alpha", "mine", {"C_m": 5.0})
    assert nest.GetDefaults("mine", "C_m") == 5.0
    with pytest.warns(UserWarning, match="node_models"):
        assert nest.Models("nodes", "min") == ("mine",)
    assert "stdp_synapse" in nest.Models() and "mine" not in nest.Models("synapses")  # warns once only
    with pytest.raises(ValueError):
        nest.Models("others")


def test_runs(fake):
    nest.Simulate(10.0)
    with nest.RunManager():
        nest.Run(5)
    with pytest.raises(RuntimeError), nest.RunManager():
        raise RuntimeError
    assert fake.calls == [("run", 10.0), ("prepare",), ("run", 5.0), ("cleanup",), ("prepare",), ("cleanup",)]
    with pytest.raises(TypeError):
        nest.Simulate("10")


def test_print_time_shows_progress(fake, capsys):
    nest.print_time = True
    nest.Simulate(100.0)
    assert "100 of 100 ms, real-time factor" in capsys.readouterr().out


def test_data_path_comes_from_the_environment(fake, monkeypatch):
    monkeypatch.setenv("NEST_DATA_PATH", "/data")
    monkeypatch.setenv("NEST_DATA_PREFIX", "run1_")
    nest.ResetKernel()
    assert nest.data_path == "/data" and nest.data_prefix == "run1_"
    monkeypatch.delenv("NEST_DATA_PATH")


def test_parallel(fake):
    assert (nest.NumProcesses(), nest.Rank(), nest.GetLocalVPs()) == (1, 0, range(0, 1))
    nest.SyncProcesses()
    for call in (nest.SetAcceptableLatency, nest.SetMaxBuffered):
        with pytest.raises(NotImplementedError):
            call("port", 1)
