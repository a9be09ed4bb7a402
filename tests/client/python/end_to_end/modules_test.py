"""Modules of models, loaded into a kernel inside a process and into one in a server."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from served_kernel import served_kernel

MODULE = Path(os.environ["VOLLEY_TEST_MODULE"]).absolute()

LOAD = """
import nest
nest.Install("my_models")
assert nest.GetKernelStatus("modules") == ["my_models"]
assert "every_nth" in nest.node_models and "fading_synapse" in nest.synapse_models
neurons, parrot = nest.Create("every_nth", 3, {"n": [1.0, 2.0, 3.0]}), nest.Create("parrot_neuron")
nest.Connect(nest.Create("spike_generator", params={"spike_times": [1.0, 2.0, 3.0, 4.0]}), parrot)
nest.Connect(parrot, neurons, syn_spec={"synapse_model": "fading_synapse", "weight": 8.0, "fade": 0.5})
recorder = nest.Create("spike_recorder")
nest.Connect(neurons, recorder)
nest.Simulate(9.0)
assert sorted(recorder.events["senders"]) == [1, 1, 1, 1, 2, 2, 3] and neurons.counted == (0.0, 0.0, 1.0)
assert nest.GetConnections(parrot, neurons).weight == [0.5] * 3
nest.Connect(parrot, neurons, syn_spec={"synapse_model": "fading_synapse_lbl", "synapse_label": 7})
assert len(nest.GetConnections(synapse_label=7)) == 3
nest.ResetKernel()
assert nest.GetKernelStatus("modules") == [] and "every_nth" not in nest.node_models
nest.Install("my_models")
"""

REFUSED = """
import nest, sys
for name in sys.argv[2:]:
    try:
        nest.Install(name)
        sys.exit(f"{name} was loaded")
    except nest.NESTErrors.DynamicModuleManagementError as error:
        assert sys.argv[1] in str(error), error
assert nest.GetKernelStatus("modules") == []
"""


def run(script: str, *arguments: str, **env: str) -> None:
    """A script in a process of its own."""
    environment = {key: value for key, value in os.environ.items() if key != "VOLLEY_ADDRESS"} | env
    subprocess.run([sys.executable, "-c", script, *arguments], env=environment, check=True)


@pytest.fixture
def folder(tmp_path):
    """A folder with the module, that of an operator."""
    place = tmp_path / "modules"
    place.mkdir(mode=0o755)
    shutil.copy(MODULE, place)
    (place / MODULE.name).chmod(0o755)
    return place


def serve(*options: str):
    return served_kernel(vps=2, program=os.environ["VOLLEY_SERVER"], options=options)


@pytest.mark.parametrize("variable", ["VOLLEY_MODULES", "LD_LIBRARY_PATH"])
def test_a_module_is_found_in_the_folders_of_the_environment(folder, variable):
    run(LOAD, **{variable: f"/nowhere:{folder}"})


def test_errors_of_a_module(folder):
    run(REFUSED, "there is no file", "gone", str(folder / "gone"))
    later = LOAD + "nest.ResetKernel(); nest.Create('iaf_psc_alpha')\n" + REFUSED
    run(later, "nodes exist", str(MODULE), VOLLEY_MODULES=str(folder))
    twice = (
        "\ntry:\n    nest.Install('my_models')\nexcept nest.NESTError as error:\n    assert 'already' in str(error)\n"
    )
    run(LOAD + twice + "else:\n    raise SystemExit('loaded twice')", VOLLEY_MODULES=str(folder))


def test_a_server_loads_no_module_unless_its_operator_allows_it(folder, tmp_path):
    with serve("--data-root", str(tmp_path)):
        run(REFUSED, "does not allow", "my_models", str(MODULE), VOLLEY_ADDRESS=os.environ["VOLLEY_ADDRESS"])


def test_a_server_takes_names_from_the_folder_of_its_operator(folder, tmp_path):
    root = tmp_path / "records"
    root.mkdir()
    with serve("--data-root", str(root), "--modules", str(folder)):
        address = os.environ["VOLLEY_ADDRESS"]
        run(LOAD, VOLLEY_ADDRESS=address)
        run("import nest; nest.ResetKernel()", VOLLEY_ADDRESS=address)
        shutil.copy(MODULE, root / "recorded.so")
        run(REFUSED, "its name must be", str(MODULE), "../records/recorded", VOLLEY_ADDRESS=address)
        run(REFUSED, "has none of this name", "recorded", VOLLEY_ADDRESS=address)


def test_a_server_takes_what_its_operators_list_allows(folder, tmp_path):
    root = tmp_path / "records"
    root.mkdir()
    allowed = folder / "allowed.sha256"
    listed = subprocess.run(["sha256sum", MODULE.name], cwd=folder, capture_output=True, text=True, check=True).stdout
    allowed.write_text(listed)
    shutil.copy(MODULE, folder / "other.so")
    with serve("--data-root", str(root), "--modules", str(folder)):
        address = os.environ["VOLLEY_ADDRESS"]
        run(LOAD + "nest.ResetKernel()", VOLLEY_ADDRESS=address)
        run(REFUSED, "it is not in the operator's list", "other", VOLLEY_ADDRESS=address)
        digest = listed.split()[0]
        allowed.write_text(listed.replace(digest, digest[::-1]))
        run(REFUSED, "its file is not the one in the operator's list", "my_models", VOLLEY_ADDRESS=address)
        allowed.write_text("something\n")
        run(REFUSED, "list of what is allowed cannot be used", "my_models", VOLLEY_ADDRESS=address)
        allowed.unlink()
        run(LOAD, VOLLEY_ADDRESS=address)


def test_a_server_does_not_start_where_clients_could_write_modules(folder, tmp_path):
    def refusal(*options: str) -> str:
        command = [os.environ["VOLLEY_SERVER"], "--socket", str(tmp_path / "socket"), *options]
        ended = subprocess.run(command, capture_output=True, text=True, timeout=30)
        assert ended.returncode == 1
        return ended.stderr

    assert "where clients record" in refusal("--data-root", str(tmp_path), "--modules", str(folder))
    root = tmp_path / "records"
    root.mkdir()
    (folder / "allowed.sha256").write_text("something\n")
    assert "line 1 of" in refusal("--data-root", str(root), "--modules", str(folder))
    folder.chmod(0o777)
    assert "others may write" in refusal("--data-root", str(root), "--modules", str(folder))
