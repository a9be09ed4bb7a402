"""`volley check`: what it finds in scripts, and what it leaves alone."""

import os
import textwrap

import pytest

os.environ["PYNEST_QUIET"] = "1"

from volley import check
from volley.script_names import uses_of


def complaints(script):
    return [f"{line}: {text}" for line, text in check.unsupported(textwrap.dedent(script).strip())]


@pytest.mark.parametrize(
    "line, wanted",
    [
        ("nest.sli_run('x')", "sli_run is no name of nest here"),
        ("nest.raster_plot.from_devise(x)", "no name of nest.raster_plot here; did you mean from_device?"),
        ("nest.random.unifom()", "did you mean uniform?"),
        ("from nest import Creat", "Creat is no name of nest here; did you mean Create?"),
        ("import nest.topology as tp", "topology is no name of nest here"),
        ("except_ = nest.NESTErrors.BadDelai", "did you mean BadDelay?"),
        ("nest.network_size = 5", "nest.network_size cannot be set"),
        ("nest.resolutoin = 0.1", "resolutoin is no attribute of the kernel here; did you mean resolution?"),
        ("nest.set(grng_seed=3)", "did you mean rng_seed?"),
        ("nest.SetKernelStatus({'network_size': 3})", "cannot be set"),
        ("nest.Create('iaf_psc_alpa')", "iaf_psc_alpa is no model here; did you mean iaf_psc_alpha?"),
        ("nest.Create(model='nothing')", "nothing is no model here"),
        ("nest.Create('iaf_psc_alpha', 3, {'Cm': 1.0})", "Cm is no parameter of iaf_psc_alpha here; did you mean C_m?"),
        ("nest.Create('iaf_psc_alpha', {'Cm': 1.0})", "Cm is no parameter"),
        ("nest.Create('iaf_psc_alpha', params={'Cm': 1.0})", "Cm is no parameter"),
        ("nest.SetDefaults('stdp_synapse', {'Wmx': 1.0})", "Wmx is no parameter of stdp_synapse"),
        ("nest.CopyModel('static_synaps', 'mine')", "static_synaps is no model here"),
        ("nest.Connect(a, b, 'all_to_al')", "all_to_al is no connection rule here; did you mean all_to_all?"),
        (
            "nest.TripartiteConnect(a, b, c, 'all_to_all', 'third_factor_bernoulli')",
            "third_factor_bernoulli is no connection rule here; did you mean third_factor_bernoulli_with_pool?",
        ),
        ("nest.Connect(a, b, {'rule': 'conngen'})", "conngen is no connection rule here"),
        ("nest.Connect(a, b, syn_spec='nothing')", "nothing is no synapse model here"),
        ("spec = {'synapse_model': 'nothing', 'weight': 1.0}", "nothing is no synapse model here"),
        ("nest.GetConnections(synapse_model='nothing')", "nothing is no synapse model here"),
    ],
)
def test_what_is_not_supported_is_told_with_its_line(line, wanted):
    (told,) = complaints(f"import nest\n\n{line}")
    assert told.startswith("3: ") and wanted in told


SUPPORTED = """
    import numpy as np
    import nest as n
    from nest import Create, NESTErrors as E
    import nest.voltage_trace

    MODEL, other = "iaf_psc_exp", None
    NAME = "stdp_synapse"
    n.resolution = 0.1
    n.set(rng_seed=3, overwrite_files=True)
    n.CopyModel(NAME, "mine", {"Wmax": 3.0})
    n.CopyModel("mine", "mine_too", {"alpha": 3.0})
    neurons = Create(MODEL, 3, params={"tau_minus": 20.0, "V_m": n.random.uniform()})
    r = Create("spike_recorder", params={"record_to": "ascii", "precision": 5})
    n.Connect(neurons, neurons, "one_to_one", {"synapse_model": "mine"})
    n.Connect(neurons, neurons, {"rule": "fixed_indegree", "indegree": 1}, "mine_too")
    n.TripartiteConnect(r, r, r, {"rule": "one_to_one"}, {"rule": "third_factor_bernoulli_with_pool", "p": 0.5})
    n.structural_plasticity_synapses = {"a": {"synapse_model": "mine", "pre_synaptic_element": "x"}}
    Create("iaf_psc_alpha", 3, {"synaptic_elements": {"x": {"growth_curve": "linear"}}})
    n.GetDefaults("ascii"); n.GetDefaults("mine")
    for MODEL in compute(): Create(MODEL)
    Create(other); Create(f"iaf_{x}"); np.sli_run("x"); Create(**arguments); n.Connect(*arguments)
    neurons.anything = 3; n.userdict["x"] = 5; n.build_info["version"]; n.kernel_status["x"]
    try: n.Simulate(3.0)
    except E.BadDelay: n.voltage_trace.from_device(r)
"""


def test_what_is_supported_or_computed_is_left_alone():
    assert complaints(SUPPORTED) == []


def test_a_name_that_is_assigned_twice_says_nothing():
    assert complaints("import nest\nM = 'nothing'\nnest.Create(M)") != []
    for other in ("M = 'iaf_psc_alpha'", "M = f()", "M += 'x'", "for M in x: pass"):
        assert complaints(f"import nest\nM = 'nothing'\n{other}\nnest.Create(M)") == []


def test_other_modules_are_not_mistaken_for_nest():
    assert list(uses_of("import nested, os.nest\nnested.Create('x')\nfrom .nest import y\nCreate('x')")) == []


def test_files_are_checked_one_by_one(tmp_path, capsys):
    good, bad, broken = (tmp_path / name for name in ("good.py", "bad.py", "broken.py"))
    good.write_text("import nest\nnest.Simulate(1.0)\n")
    bad.write_text("import nest\nnest.Foo()\n")
    broken.write_text("import nest\nnest.(\n")
    assert check.main([str(good)]) == 0 and capsys.readouterr().out.endswith("nothing found that is not supported\n")
    assert check.main([str(good), str(bad), str(broken), str(tmp_path / "gone.py")]) == 1
    lines = capsys.readouterr().out.splitlines()
    assert [line.split(str(tmp_path))[1].split(" ")[0] for line in lines] == [
        "/bad.py:2:",
        "/broken.py:2:",
        "/gone.py:",
    ]
    assert check.main([]) == 1 and "needs a script" in capsys.readouterr().err
    (tmp_path / "bytes.py").write_bytes(b"\xff\x00")
    assert check.main([str(tmp_path / "bytes.py")]) == 1
