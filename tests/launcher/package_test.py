"""The wheel and the Debian package, each installed to an empty place: README's ten lines run there, and a server, with
nothing of the checkout and no compiler in reach."""

import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import venv
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
TEN_LINES = re.search(r"```python\n(.*?)```", (ROOT / "README.md").read_text(), re.DOTALL)[1]


def run(*command, path="/nowhere", check=True, **env):
    """Runs a program with nothing on PATH but what is named, outside of the checkout."""
    env = {"PATH": path, "PYNEST_QUIET": "1", "PYTHONDONTWRITEBYTECODE": "1", **env}
    ran = subprocess.run([str(part) for part in command], env=env, capture_output=True, text=True, cwd="/")
    assert not check or ran.returncode == 0, ran.stdout + ran.stderr
    return ran


@pytest.fixture(scope="module")
def packages(tmp_path_factory):
    """The files that are made from a staged product."""
    product, out = tmp_path_factory.mktemp("product"), tmp_path_factory.mktemp("packages")
    for name in ("volley", "nest"):
        shutil.copytree(f"client/python/{name}", product / "python" / name, ignore=shutil.ignore_patterns("*.pyc"))
    shutil.copytree("client/python/demo", product / "demo")
    (product / "bin").mkdir()
    for library in ("_volley.so", "_volley_mpi.so"):
        shutil.copy(f"client/python/{library}", product / "python" / library)
    shutil.copy(os.environ["VOLLEY_SERVER"], product / "bin/volley-server")
    ran = run(sys.executable, ROOT / "launcher/make_packages.py", product, out, path="/usr/bin:/bin")
    wheel, deb = map(Path, ran.stdout.split())
    return {"wheel": wheel, "deb": deb}


@pytest.fixture(scope="module", params=["wheel", "deb"])
def installed(request, packages, tmp_path_factory):
    """(folder of programs, python, environment) of an installed package."""
    folder = tmp_path_factory.mktemp(request.param)
    if request.param == "wheel":
        venv.create(folder, system_site_packages=True, with_pip=True)  # numpy is that of the system
        run(folder / "bin/python", "-m", "pip", "install", "--no-index", packages["wheel"])
        return folder / "bin", folder / "bin/python", {}
    run("/usr/bin/dpkg-deb", "--extract", packages["deb"], folder, path="/usr/bin:/bin")
    return folder / "usr/bin", "/usr/bin/python3", {"PYTHONPATH": str(folder / "usr/lib/python3/dist-packages")}


def test_ten_lines_run_by_python_and_by_the_command(installed, tmp_path):
    programs, python, env = installed
    script = tmp_path / "ten_lines.py"
    script.write_text(TEN_LINES)
    first = run(python, script, **env).stdout
    assert float(first.split()[0]) > 1.0 and "spikes per second and neuron" in first
    assert run(programs / "volley", "run", "--vps", "2", script, **env).stdout == first
    assert "neurons" in run(programs / "volley", "run", "--dry-run", script, **env).stdout
    assert "nothing found" in run(programs / "volley", "check", script, **env).stdout


def test_the_package_is_what_is_imported(installed):
    programs, python, env = installed
    where = "import nest, volley, _volley; print(nest.__file__, volley.__file__, _volley.__file__)"
    places = run(python, "-c", where, **env).stdout.split()
    assert all(place.startswith(str(programs.parent)) for place in places)
    assert "tau_m" in run(programs / "volley", "model", "iaf_psc_alpha", **env).stdout


def test_the_server_of_the_package_serves(installed, tmp_path):
    programs, python, env = installed
    command = [str(programs / "volley"), "serve", "--socket", str(tmp_path / "socket"), "--vps", "2"]
    served = {"PATH": "/nowhere", **env}
    with subprocess.Popen(command, env=served, stdout=subprocess.PIPE, text=True, cwd="/") as server:
        try:
            address = next(line for line in server.stdout if line.startswith("VOLLEY_ADDRESS=")).strip()
            local = run(python, "-c", TEN_LINES, **env).stdout
            assert run(python, "-c", TEN_LINES, **env, VOLLEY_ADDRESS=address.partition("=")[2]).stdout == local
        finally:
            server.terminate()
    assert "--socket" in run(programs / "volley-server", "--help", **env).stdout


def test_nest_server_of_the_package_starts_and_stops(installed):
    programs, _, env = installed
    with tempfile.TemporaryDirectory(prefix="volley", dir="/tmp") as folder, socket.create_server(("", 0)) as free:
        port = str(free.getsockname()[1])
        free.close()
        env = {**env, "XDG_RUNTIME_DIR": folder}
        assert f"127.0.0.1:{port}" in run(programs / "nest-server", "start", "-d", "-p", port, **env).stdout
        assert f"127.0.0.1:{port}" in run(programs / "volley", "nest-server", "status", **env).stdout
        assert "has stopped" in run(programs / "nest-server", "stop", "-p", port, **env).stdout
    assert "mpirun -np RANKS" in run(programs / "nest-server-mpi", "--help", **env).stdout
    assert "--http-token-file" in run(programs / "volley", "serve", "--http", "--help", **env).stdout


def test_the_wheel_brings_the_libraries_that_few_machines_have(packages, tmp_path):
    with zipfile.ZipFile(packages["wheel"]) as wheel:
        wheel.extractall(tmp_path)
    for program in ("_volley.so", "volley/bin/volley-server"):
        lines = run("/usr/bin/ldd", tmp_path / program, path="/usr/bin:/bin").stdout
        for name in ("libcapnp", "libkj", "libcaf_core"):
            assert re.search(rf"{name}\S* => {tmp_path}\S*/volley\.libs/", lines), lines


def test_the_deb_names_what_it_needs(packages):
    fields = run("/usr/bin/dpkg-deb", "--field", packages["deb"], path="/usr/bin:/bin").stdout
    needs = re.search(r"^Depends: (.*)$", fields, re.MULTILINE)[1]
    assert all(name in needs for name in ("python3-numpy", "libc6", "libcaf-core", "libcapnp", "libssl3"))
    assert f"python3 (<< 3.{sys.version_info.minor + 1})" in needs


def test_wrong_commands_are_told(installed):
    programs, _, env = installed
    for arguments, said in (
        (["fly"], "no command fly"),
        (["run", "gone.py"], "no file gone.py"),
        (["run", "--vps", "x", "gone.py"], "--vps x"),
        (["run", "--rate", "5", "gone.py"], "--rate belongs with --dry-run"),
        (["demo", "nothing"], "no demo nothing"),
        (["model", "nothing"], "no model nothing"),
    ):
        ran = run(programs / "volley", *arguments, check=False, **env)
        assert ran.returncode == 1 and said in ran.stderr and "Traceback" not in ran.stderr
    assert "usage: volley" in run(programs / "volley", **env).stdout
