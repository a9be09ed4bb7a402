"""The mutants of tests/mutants: each can be planted in the sources as they are, and what becomes of it is told."""

import os
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests" / "mutants"))

import run_mutants
from run_mutants import apply, mutants

# Stands in for Bazel: a test fails where the sources lack a line.
BAZEL = """#!/bin/sh
grep -q "must stay" a.txt || exit 3
"""


@pytest.mark.parametrize("mutant", mutants(), ids=lambda one: one.name)
def test_it_can_be_planted(mutant):
    done = apply(mutant.patch, ROOT, "--check")
    assert done.returncode == 0, done.stderr
    assert mutant.error.endswith("."), "a patch begins with what is wrong"


def test_there_are_enough():
    assert len(mutants()) >= 20


@pytest.mark.parametrize("line, verdict, code", [("must stay", "caught", 0), ("may go", "survived", 1)])
def test_what_becomes_of_it_is_told(tmp_path, monkeypatch, capsys, line, verdict, code):
    root, here, tools = tmp_path / "root", tmp_path / "patches", tmp_path / "tools"
    for folder in root, here, tools:
        folder.mkdir()
    (root / "a.txt").write_text("first\nmust stay\nmay go\n")
    hunk = "@@ -1,3 +1,2 @@\n first\n-must stay\n may go\n"
    if line == "may go":
        hunk = "@@ -2,2 +2 @@\n must stay\n-may go\n"
    (here / "one.patch").write_text(f"It is gone.\n\n--- a/a.txt\n+++ b/a.txt\n{hunk}")
    (tools / "bazel").write_text(BAZEL)
    (tools / "bazel").chmod(0o755)
    monkeypatch.setenv("PATH", f"{tools}:{os.environ['PATH']}")
    monkeypatch.setattr(run_mutants, "ROOT", root)
    monkeypatch.setattr(run_mutants, "HERE", here)
    monkeypatch.setattr(sys, "argv", ["mutants", "--folder", str(tmp_path / "tree")])
    assert run_mutants.main() == code
    said = capsys.readouterr().out
    assert f"one  {verdict}" in said
    assert (tmp_path / "tree/a.txt").read_text() == (root / "a.txt").read_text(), "the copy is put right again"
