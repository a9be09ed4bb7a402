"""Several kernels of one server, as scripts and `volley kernels` see them."""

import os
import subprocess
import sys

import pytest
from served_kernel import served_kernel

SPIKES = """
import sys
import nest
nest.ResetKernel()
nest.rng_seed = int(sys.argv[1])
noise, cells = nest.Create("poisson_generator", params={"rate": 8e3}), nest.Create("iaf_psc_alpha", 20)
recorder = nest.Create("spike_recorder")
nest.Connect(noise, cells, syn_spec={"weight": 100.0})
nest.Connect(cells, recorder)
nest.Simulate(200.0)
print(recorder.n_events, float(recorder.events["times"].sum()))
"""

CONNECT = """
import volley as v
v.Create("iaf_psc_alpha", 3)
assert len(v.GetNodes()) == 3
v.connect(kernel="a")
assert len(v.GetNodes()) == 0 and [one["name"] for one in v.kernels() if one["here"]] == ["a"]
v.Create("iaf_psc_alpha", 5)
for wrong in "no name", "own-7":
    try:
        v.connect(kernel=wrong)
    except v.NESTError:
        assert len(v.GetNodes()) == 5, "nothing has changed"
    else:
        raise AssertionError(wrong)
v.connect()
assert len(v.GetNodes()) == 3
v.drop_kernel("a")
assert [one["name"] for one in v.kernels()] == ["default"]
v.connect(kernel="own")
own = next(one for one in v.kernels() if one["here"])
assert own["own"] and own["name"] != "own" and own["sessions"] == 1
"""


@pytest.fixture(scope="module", autouse=True)
def server(tmp_path_factory):
    """Its address is in the environment."""
    files = ("--data-root", str(tmp_path_factory.getbasetemp()))
    with served_kernel(vps=1, program=os.environ["VOLLEY_SERVER"], options=files):
        yield


def start(*command, **environment):
    env = {**os.environ, "PYTHONPATH": ":".join(sys.path), "PYNEST_QUIET": "1", **environment}
    return subprocess.Popen(
        [sys.executable, *command], env=env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )


def said(process, code=0):
    text = process.communicate(timeout=120)[0]
    assert process.returncode == code, text
    return text


def kernels(*arguments, code=0):
    return said(start("-m", "volley", "kernels", *arguments), code)


def test_scripts_at_once_have_the_spikes_they_have_alone():
    alone = [said(start("-c", SPIKES, seed, VOLLEY_ADDRESS="")) for seed in ("1", "2")]
    assert alone[0] != alone[1]
    names = ["", "a", "own", "own"]
    together = [start("-c", SPIKES, str(n % 2 + 1), VOLLEY_KERNEL=name) for n, name in enumerate(names)]
    assert [said(one) for one in together] == alone * 2
    assert kernels().count("\n") == 2 and "a: at rest at 200 ms, 22 nodes" in kernels()
    assert "a is gone" in kernels("drop", "a")
    assert "no kernel a" in kernels("drop", "a", code=1)
    assert "stays" in kernels("drop", "default", code=1)


def test_a_script_goes_from_one_to_another():
    said(start("-c", "import nest; nest.ResetKernel()"))
    said(start("-c", CONNECT))
    assert kernels().startswith("default: at rest at 0 ms, 3 nodes on 1 virtual processes")


def test_a_kernel_inside_has_no_name():
    text = said(start("-c", "import nest; nest.Create('iaf_psc_alpha')", VOLLEY_ADDRESS="", VOLLEY_KERNEL="a"), 1)
    assert "ValueError" in text and "VOLLEY_ADDRESS names a server" in text
