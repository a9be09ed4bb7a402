"""The demos run, small, and write what they promise."""

import os
import subprocess
import sys
from pathlib import Path

import brunel_network
import microcircuit_network
import pytest
from psp import peak_of_exponential_psp

DEMO = Path(brunel_network.__file__).parent
TINY = Path(__file__).parents[1] / "tiny_sonata"


def run(script, *arguments, folder):
    """The text that a demo prints; its files go to `folder`."""
    (folder / "bin").mkdir()
    (folder / "bin" / "volley-server").symlink_to(os.path.abspath(os.environ["VOLLEY_SERVER"]))
    environment = {**os.environ, "PATH": f"{folder}/bin:{os.environ['PATH']}", "MPLCONFIGDIR": str(folder)}
    command = [sys.executable, str(DEMO / script), *map(str, arguments), "--output", str(folder / "demo")]
    return subprocess.run(command, env=environment, check=True, capture_output=True, text=True).stdout


def files(folder):
    return sorted(path.name for path in (folder / "demo").iterdir() if path.stat().st_size > 0)


@pytest.mark.parametrize("options", [(), ("--model", "alpha", "--vps", 3), ("--served",)])
def test_brunel(tmp_path, options):
    text = run("brunel.py", "--scale", 0.04, "--time", 100, *options, folder=tmp_path)
    for line in (
        "building",
        "simulating",
        "neurons",
        "synapses",
        "real-time factor",
        "excitatory rate",
        "CV of",
        "peak memory",
    ):
        assert line in text
    assert "100 of 100 ms" in text and files(tmp_path) == ["raster.png", "spikes.dat"]
    spikes = (tmp_path / "demo" / "spikes.dat").read_text().splitlines()
    assert spikes[0] == "# sender time_ms" and len(spikes) > 100


def test_brunels_spikes_do_not_depend_on_how_they_are_made(tmp_path):
    texts = []
    for name, options in (("one", ("--vps", 1)), ("two", ("--vps", 3, "--served"))):
        (tmp_path / name).mkdir()
        run("brunel.py", "--scale", 0.04, "--time", 100, *options, folder=tmp_path / name)
        texts.append((tmp_path / name / "demo" / "spikes.dat").read_text())
    assert texts[0] == texts[1]


def test_sonata(tmp_path):
    text = run("sonata.py", TINY / "circuit.json", TINY / "simulation.json", folder=tmp_path)
    assert "spikes of cells" in text and files(tmp_path) == ["raster.png", "spikes.dat"]


def test_microcircuit(tmp_path):
    text = run("microcircuit.py", "--scale", 0.02, "--time", 50, folder=tmp_path)
    assert all(name in text for name in microcircuit_network.POPULATIONS) and files(tmp_path) == ["microcircuit.png"]


def test_numbers_of_the_papers():
    assert microcircuit_network.unit_weight_pa() == pytest.approx(87.81, abs=0.01)  # the published weight
    assert microcircuit_network.full_synapses().sum() == pytest.approx(0.299e9, rel=0.01)
    assert brunel_network.neuron("delta", 1000)[1:] == (0.1, pytest.approx(20_000.0))
    assert brunel_network.neuron("alpha", 1000)[1:] == (
        pytest.approx(20.68, abs=0.01),
        pytest.approx(17_789.0, abs=1.0),
    )
    assert brunel_network.neuron("exp", 1000)[1] * peak_of_exponential_psp(20.0, 0.5, 250.0) == pytest.approx(0.1)
