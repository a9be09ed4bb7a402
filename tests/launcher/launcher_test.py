"""The launcher on a copy of itself with stand-ins for Bazel and Debian's tools: when it builds, what it stages, what it
says."""

import os
import shutil
import socket
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

BAZEL = """#!/bin/bash
echo "$*" >> "$CALLS"
case $1 in
  info) echo "$PWD/out" ;;
  build) mkdir -p out/client/python/volley out/actors
         [[ -z ${BUILD_FAILS-} ]] || exit 1
         if [[ $2 == @volley_module//:* ]]; then
           mkdir -p out/external/volley_module && echo library > "out/external/volley_module/${2#*:}"
         fi
         touch out/client/python/_volley.so out/client/python/_volley_mpi.so
         echo '{}' > out/client/python/volley/models.json
         printf '#!/bin/sh\\necho "serving $*"\\n' > out/actors/volley_server ;;
esac
"""
DPKG_QUERY = """#!/bin/bash
for package in "$@"; do
  [[ $package == -* || $package == *'{'* || $package == "${MISSING-}" ]] || echo "installed $package"
done
"""
APT_GET = """#!/bin/bash
echo "apt-get $*" >> "$CALLS"
"""


class Checkout:
    """A copy of the launcher with a few sources, and the calls it made."""

    def __init__(self, folder):
        self.root, self.tools, self.calls = folder / "check out", folder / "tools", folder / "calls"
        self.tools.mkdir()
        for name, text in {"bazel": BAZEL, "dpkg-query": DPKG_QUERY, "apt-get": APT_GET}.items():
            (self.tools / name).write_text(text)
            (self.tools / name).chmod(0o755)
        shutil.copytree(ROOT / "launcher", self.root / "launcher")
        shutil.copy(ROOT / "volley", self.root)
        shutil.copy(ROOT / "env.sh", self.root)
        for package in ("volley", "nest"):
            self.write(f"client/python/{package}/__init__.py", "")
        self.write("client/python/volley/model_pages.py", "def write_pages(place): pass")
        self.write("client/python/demo/psp.py", "")
        self.write("runtime/base/time.cpp", "int now();")

    def write(self, path, text):
        file = self.root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)

    def shell(self, *command, **env):
        return subprocess.run(
            command,
            env={"PATH": f"{self.tools}:/usr/bin:/bin", "HOME": str(self.root), "CALLS": str(self.calls), **env},
            capture_output=True,
            text=True,
            cwd="/",
        )

    def volley(self, *arguments, **env):
        return self.shell(str(self.root / "volley"), *arguments, **env)

    def count(self, start):
        """How many calls so far began with `start`."""
        lines = self.calls.read_text().splitlines() if self.calls.exists() else []
        return sum(line.startswith(start) for line in lines)


@pytest.fixture
def checkout(tmp_path):
    return Checkout(tmp_path)


def test_builds_once_while_nothing_changes(checkout):
    assert checkout.volley("build").returncode == 0
    assert checkout.volley("build").returncode == 0
    assert checkout.count("build") == 1


@pytest.mark.parametrize("change", ["edit", "touch", "add", "delete"])
def test_builds_again_after_a_change(checkout, change):
    checkout.volley("build")
    source = checkout.root / "runtime/base/time.cpp"
    if change == "edit":
        source.write_text("int later();")
    elif change == "add":
        checkout.write("models/new.cpp", "")
    elif change == "delete":
        source.unlink()
    else:
        os.utime(source, ns=(0, source.stat().st_mtime_ns + 1))
    checkout.volley("build")
    assert checkout.count("build") == 2


def test_does_not_build_again_for_documents_and_compiled_modules(checkout):
    checkout.volley("build")
    checkout.write("runtime/README.md", "text")
    checkout.write("client/python/nest/__pycache__/x.pyc", "bytes")
    checkout.volley("build")
    assert checkout.count("build") == 1


def test_builds_again_after_a_failure(checkout):
    failed = checkout.volley("build", BUILD_FAILS="yes")
    assert failed.returncode == 1 and "the build failed" in failed.stderr
    assert checkout.volley("build").returncode == 0
    assert checkout.count("build") == 2


def test_installs_missing_packages_first(checkout):
    checkout.volley("build", MISSING="libcaf-dev")
    assert checkout.count("apt-get install -q -y --no-install-recommends libcaf-dev") == (os.geteuid() == 0)


def test_stages_packages_extension_and_programs(checkout):
    checkout.volley("build")
    product = checkout.root / ".build/product"
    staged = {path.relative_to(product).as_posix() for path in product.rglob("*")}
    packages = {"python/nest/__init__.py", "python/volley/__init__.py"}
    assert packages | {"python/_volley.so", "python/_volley_mpi.so", "bin/volley-server"} <= staged
    assert {"python/volley/models.json", "demo/psp.py"} <= staged
    assert (product / "bin/volley").resolve() == checkout.root / "volley"


def test_deleted_modules_leave_the_product(checkout):
    checkout.write("client/python/nest/old.py", "")
    checkout.volley("build")
    (checkout.root / "client/python/nest/old.py").unlink()
    checkout.volley("build")
    assert not (checkout.root / ".build/product/python/nest/old.py").exists()


def test_builds_a_module_from_a_folder_of_models(checkout, tmp_path):
    for name in ("neurons/mine.hpp", "neurons/other.hpp", "synapses/fading.hpp", "neurons/deeper/part.hpp"):
        (tmp_path / "my_models" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "my_models" / name).touch()
    (tmp_path / "my_models/notes.txt").touch()
    built = checkout.volley("build-module", str(tmp_path / "my_models"))
    library = checkout.root / ".build/modules/my_models.so"
    assert built.returncode == 0 and library.read_text() == "library\n" and str(library) in built.stderr
    staged = checkout.root / ".build/module_sources/my_models"
    assert checkout.count(f"build @volley_module//:my_models.so --override_repository=volley_module={staged}") == 1
    assert (staged / "neurons/deeper/part.hpp").exists() and not (staged / "notes.txt").exists()
    text = (staged / "BUILD").read_text()
    assert 'neurons = ["mine", "other", ]' in text and 'synapses = ["fading", ]' in text
    elsewhere = checkout.volley("build-module", str(tmp_path / "my_models"), str(tmp_path / "out"))
    assert elsewhere.returncode == 0 and (tmp_path / "out/my_models.so").exists()


@pytest.mark.parametrize(
    "folder, files, why",
    [
        ("gone", None, "there is no folder"),
        ("empty", [], "has neither"),
        ("My-Models", ["neurons/a.hpp"], "called as its folder"),
        ("models", ["neurons/Big.hpp"], "called as the model"),
    ],
)
def test_folders_that_are_no_module(checkout, tmp_path, folder, files, why):
    if files is not None:
        (tmp_path / folder).mkdir()
    for name in files or []:
        (tmp_path / folder / name).parent.mkdir(parents=True)
        (tmp_path / folder / name).touch()
    told = checkout.volley("build-module", str(tmp_path / folder))
    assert told.returncode == 1 and why in told.stderr and checkout.count("build") == 0
    assert checkout.volley("build-module").returncode == 1


def test_runs_a_script_with_its_arguments_and_result(checkout, tmp_path):
    script = tmp_path / "script.py"
    script.write_text("import nest, sys; print(nest.__file__, sys.argv[1:]); sys.exit(3)")
    result = checkout.volley("run", str(script), "--one", "two words")
    assert result.returncode == 3
    assert result.stdout.endswith(".build/product/python/nest/__init__.py ['--one', 'two words']\n")


def test_a_dry_run_is_told_its_rate_and_script(checkout, tmp_path):
    script = tmp_path / "script.py"
    script.write_text("")
    checkout.write(
        "client/python/volley/dry_run.py", "import os, sys; print(sys.argv[1:], os.environ.get('VOLLEY_VPS'))"
    )
    result = checkout.volley("run", "--dry-run", "--rate", "5", "--vps", "3", str(script), "--rate", "7")
    assert result.stdout.endswith(f"['--rate', '5', '{script}', '--rate', '7'] 3\n"), result.stderr


def test_checks_scripts_with_the_staged_package(checkout):
    checkout.write("client/python/volley/check.py", "import sys; print(sys.argv[1:]); sys.exit(4)")
    result = checkout.volley("check", "a.py", "b.py")
    assert result.returncode == 4 and result.stdout == "['a.py', 'b.py']\n", result.stderr


@pytest.mark.parametrize("folder", [[], ["/some/where"]])
def test_packages_are_made_of_the_product(checkout, folder):
    checkout.write("launcher/make_packages.py", "import sys; print(*sys.argv[1:], sep='\\n')")
    build = checkout.root / ".build"
    result = checkout.volley("package", *folder)
    assert result.stdout.splitlines() == [str(build / "product"), *(folder or [str(build / "packages")])], result.stderr


@pytest.mark.parametrize("name", ["nest-server", "nest-server-mpi"])
def test_nest_server_is_a_program_of_its_own(checkout, name):
    checkout.write(f"client/python/volley/{name.replace('-', '_')}.py", "import sys; print(sys.argv[1:])")
    assert checkout.volley(name, "status", "-p", "5").stdout == "['status', '-p', '5']\n"
    result = checkout.shell(str(checkout.root / f".build/product/bin/{name}"), "start", "-d")
    assert result.stdout == "['start', '-d']\n", result.stderr


def test_serves_with_the_staged_server(checkout):
    assert checkout.volley("serve", "--vps", "2").stdout == "serving --vps 2\n"


@pytest.mark.parametrize("asan, server", [([], "volley-server"), (["--asan"], "out/actors/volley_server")])
def test_random_programs_get_the_server_and_the_options(checkout, asan, server):
    checkout.write("tests/programs/run_programs.py", "import nest, sys; print(sys.argv[1:])")
    result = checkout.volley("fuzz-programs", *asan, "--count", "7")
    assert result.stdout.endswith(f"{server}', '--count', '7']\n") and "['--server', '" in result.stdout, result.stderr
    assert checkout.count("build --config=asan") == len(asan)


@pytest.mark.parametrize(
    "arguments, complaint",
    [
        (["run"], "run needs a script"),
        (["run", "--dry-run"], "run needs a script"),
        (["run", "gone.py"], "no file gone.py"),
        (["run", "--rate", "5", "script.py"], "--rate belongs behind --dry-run"),
        (["check"], "check needs a script"),
        (["package", "a", "b"], "package takes one folder"),
        (["fly"], "no command fly"),
    ],
)
def test_complains_about_wrong_commands(checkout, arguments, complaint):
    result = checkout.volley(*arguments)
    assert result.returncode == 1 and complaint in result.stderr


def test_doctor_says_what_is_wrong(checkout, tmp_path):
    fine = checkout.volley("doctor", str(tmp_path))
    assert fine.returncode == 0 and "WRONG" not in fine.stdout, fine.stdout + fine.stderr
    for what in "processor", "pages", "mpi", "tls", "clock", "disk", "ports":
        assert f"\n{what} " in fine.stdout
    with socket.create_server(("127.0.0.1", 0)) as door:
        port = door.getsockname()[1]
        ill = checkout.volley("doctor", str(tmp_path / "missing"), str(port), MISSING="g++")
    assert ill.returncode == 1
    for what in f"somebody listens at {port}", "nothing can be written", "missing: g++":
        assert f"WRONG: {what}" in ill.stdout, ill.stdout
    assert not [left for left in tmp_path.iterdir() if left.name.startswith(".volley")]


def test_doctor_tells_of_a_group_that_gives_less_time_than_cores(checkout, tmp_path):
    (tmp_path / "cpu.max").write_text("50000 100000\n")
    assert "time for 0.5 of them" in checkout.volley("doctor", VOLLEY_CPU_MAX=str(tmp_path / "cpu.max")).stdout


@pytest.mark.parametrize("shell", ["bash", "dash", "zsh"])
def test_environment_in_a_shell(checkout, shell):
    if not shutil.which(shell):
        pytest.skip(f"{shell} is not installed")
    script = f". '{checkout.root}/env.sh' && . '{checkout.root}/env.sh' && python3 -c 'import nest' && echo $PYTHONPATH"
    result = checkout.shell(shell, "-c", script)
    assert result.returncode == 0, result.stderr
    assert result.stdout == f"{checkout.root}/.build/product/python\n"
