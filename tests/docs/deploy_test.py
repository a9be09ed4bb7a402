"""What docs/deploy and docs/server.md tell an operator to type is there: options, variables, names of files."""

import os
import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PROGRAM = os.path.abspath(os.environ.get("VOLLEY_SERVER", "volley-server"))
PAGES = [*sorted(path for path in (ROOT / "docs/deploy").rglob("*") if path.is_file()), ROOT / "docs/server.md"]
COMMAND = re.compile(r"\bvolley[\], ]+(serve|worker|certificates|run)\b")
OPTION = re.compile(r"(?<![\w-])--[a-z][a-z-]+")
VARIABLE = re.compile(r"\b(?:VOLLEY|NEST_SERVER)_[A-Z_]+\b")
OTHERS = {"--http", "--json", "--dry-run", "--insecure"}  # of our Python commands


def commands(text):
    """(command, options) of each call, to its end: a line without a backslash, or the args of a manifest."""
    joined = text.replace("\\\n", " ")
    for line in joined.splitlines():
        if "kind:" not in line and (found := COMMAND.search(line)):
            yield found[1], set(OPTION.findall(line[found.end() :]))
    for found in re.finditer(r"command: \[volley, (\w+)\]\n\s+args:\n((?:\s+- --.*\n)+)", text):
        yield found[1], set(OPTION.findall(found[2]))


def help_of(*command):
    return subprocess.run([PROGRAM, *command, "--help"], check=True, capture_output=True, text=True).stdout


@pytest.fixture(scope="module")
def known():
    """Command -> its options."""
    helps = {"serve": help_of(), "worker": help_of("worker"), "certificates": help_of("certificates")}
    return {command: set(OPTION.findall(text)) for command, text in helps.items()} | {
        "run": {"--vps", "--dry-run", "--rate"}
    }


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_options_exist(page, known):
    for command, options in commands(page.read_text(encoding="utf-8")):
        assert not options - known[command] - OTHERS, command


def test_variables_exist():
    sources = [file for folder in ("client", "actors") for file in (ROOT / folder).rglob("*")]
    code = "\n".join(file.read_text(encoding="utf-8") for file in sources if file.suffix in (".cpp", ".py"))
    here = {name for page in PAGES for name in VARIABLE.findall(page.read_text(encoding="utf-8"))} - {"VOLLEY_HEAD"}
    assert len(here) > 5 and not {name for name in here if name not in code}


def test_certificates_have_the_names_that_pages_use(tmp_path):
    subprocess.run([PROGRAM, "certificates", str(tmp_path)], check=True, capture_output=True)
    made = {file.name for file in tmp_path.iterdir()}
    text = "\n".join(page.read_text(encoding="utf-8") for page in PAGES)
    assert set(re.findall(r"\b[a-z]+\.(?:crt|key)\b", text)) == made


def test_scripts_are_bash():
    for script in (ROOT / "docs/deploy").glob("*.sbatch"):
        subprocess.run(["bash", "-n", str(script)], check=True)


def test_what_is_wrong_is_found(known):
    shell = "srun volley worker --join x \\\n  --no-such y\n./volley serve --vps 3\n"
    manifest = "  command: [volley, serve]\n  args:\n    - --vps=2\n    - --gone=1\n"
    assert list(commands(shell)) == [("worker", {"--join", "--no-such"}), ("serve", {"--vps"})]
    assert ("serve", {"--vps", "--gone"}) in list(commands(manifest))
    assert "--gone" not in known["serve"] and "--tls-ca" in known["worker"]
