"""What mypy says of the packages, and of scripts that use them."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

import volley
from volley.kernel_attributes import kernel_attributes

PACKAGES = Path(volley.__file__).resolve().parents[1]

SCRIPT = """
import nest
import nest.random
from nest import NESTErrors

nest.resolution = 0.1
neurons = nest.Create("iaf_psc_alpha", 10, {"I_e": nest.random.uniform(0.0, 1.0) * 2 + 1})
connections = nest.GetConnections(neurons)
try:
    nest.Simulate(10.0)
except NESTErrors.BadDelay:
    pass
reveal_type(neurons[0] + neurons[1:])  # NodeCollection
reveal_type(connections[0])  # SynapseCollection
reveal_type(1 - nest.math.exp(nest.random.normal()))  # Parameter
reveal_type(nest.network_size)  # int
nest.network_size = 3  # error: Cannot assign to final name
nest.resolution = "short"  # error: Incompatible types
nest.Create(5)  # error: incompatible type "int"
nest.Creat("iaf_psc_alpha")  # error: maybe "Create"
nest.NESTErrors.BadDeley  # error: has no attribute "BadDeley"
nest.random.gauss()  # error: has no attribute "gauss"
"""


@pytest.fixture(scope="module")
def said(tmp_path_factory):
    """The lines of mypy about the packages and the script."""
    folder = tmp_path_factory.mktemp("mypy")
    (folder / "script.py").write_text(SCRIPT)
    (folder / "mypy.ini").write_text("[mypy]\npython_version = 3.11\nignore_missing_imports = True\n")
    command = [sys.executable, "-m", "mypy", "-p", "volley", "-p", "nest", "-m", "script"]
    environment = {"MYPYPATH": f"{PACKAGES}:{folder}", "PATH": "/usr/bin:/bin"}
    ran = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True)
    assert ran.returncode in (0, 1) and not ran.stderr, ran.stderr
    return ran.stdout.splitlines()


def test_the_packages_are_typed_and_consistent(said):
    assert [line for line in said if "error" in line and not line.startswith("script.py")][:-1] == []
    assert all((PACKAGES / name / "py.typed").is_file() for name in ("volley", "nest"))


@pytest.mark.parametrize("number", [n for n, line in enumerate(SCRIPT.splitlines(), 1) if "  # " in line])
def test_a_line_of_a_script_is_judged(said, number):
    wanted = SCRIPT.splitlines()[number - 1].split("  # ")[1].removeprefix("error: ")
    assert any(line.startswith(f"script.py:{number}: ") and wanted in line for line in said), said


def test_lines_without_faults_are_not_complained_about(said):
    faulty = [n for n, line in enumerate(SCRIPT.splitlines(), 1) if "  # " in line]
    complaints = [line for line in said if line.startswith("script.py")]
    assert {int(line.split(":")[1]) for line in complaints} == set(faulty)


def test_the_stub_has_the_attributes_of_the_kernel():
    stub = ast.parse((PACKAGES / "nest" / "__init__.pyi").read_text())
    rows = {s.target.id: ast.unparse(s.annotation) for s in stub.body if isinstance(s, ast.AnnAssign)}
    attributes = kernel_attributes()
    assert rows.keys() == {*attributes, "__version__", "userdict"}
    for name, attribute in attributes.items():
        kind = {"dict": "dict[str, Any]"}.get(attribute._typehint, attribute._typehint)
        assert rows[name] == (f"Final[{kind}]" if attribute._readonly else kind)
