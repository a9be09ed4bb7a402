"""The examples of README.md and docs/guide run, page by page, in the order in which they stand."""

import os
import re
from pathlib import Path

import matplotlib
import pytest

matplotlib.use("Agg")
os.environ["PYNEST_QUIET"] = "1"
if "VOLLEY_MODULES" in os.environ:  # pages run in folders of their own
    os.environ["VOLLEY_MODULES"] = str(Path(os.environ["VOLLEY_MODULES"]).absolute())

import nest

ROOT = Path(__file__).resolve().parents[2]
BLOCK = re.compile(r"^```python\n(.*?)^```", re.MULTILINE | re.DOTALL)
GUIDE = ("networks", "space", "growth", "recording", "simulation", "sonata", "modules", "migration")
PAGES = ["README.md", *(f"docs/guide/{name}.md" for name in GUIDE)]


def blocks(page):
    """(line, code) of a page's examples."""
    text = (ROOT / page).read_text(encoding="utf-8")
    return [(text.count("\n", 0, found.start(1)), found[1]) for found in BLOCK.finditer(text)]


@pytest.mark.parametrize("page", PAGES)
def test_the_examples_of_a_page_run(page, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    nest.ResetKernel()
    names = {"__name__": "__main__"}
    assert blocks(page)
    for line, code in blocks(page):
        exec(compile("\n" * line + code, str(ROOT / page), "exec"), names)
    nest.ResetKernel()


def test_all_pages_are_tested():
    there = {f"docs/guide/{page.name}" for page in (ROOT / "docs/guide").glob("*.md")} - {"docs/guide/README.md"}
    assert there == set(PAGES) - {"README.md"}


def test_a_wrong_example_is_noticed(tmp_path):
    (tmp_path / "page.md").write_text("text\n```python\nx = 1\n```\n\n```python\nassert x == 2\n```\n")
    (_, first), (line, second) = blocks(tmp_path / "page.md")
    names = {}
    exec(first, names)
    assert line == 6
    with pytest.raises(AssertionError):
        exec(second, names)
