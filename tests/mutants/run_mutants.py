"""Plants each mutant, a small error in the machines of a cluster, in a copy of the tree, and expects a test to fail.

A mutant is a patch beside this file. Its first line says what is wrong; a line `Tests: LABEL...` names the tests that
are run in place of those of the machines. The copy stays, so that a second run builds what differs.
"""

import argparse
import os
import re
import shutil
import subprocess
import sys
import time
import xml.etree.ElementTree as xml
from pathlib import Path
from typing import NamedTuple

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
TESTS = ("//tests/runtime/cluster:cluster_test", "//tests/runtime/exchange:exchange_test")
HANGS_AFTER_S = 900
TESTS_FAILED = 3  # exit code of Bazel


class mutant(NamedTuple):
    name: str
    error: str
    tests: tuple[str, ...]
    patch: Path

    @classmethod
    def read(cls, patch: Path) -> "mutant":
        head = patch.read_text().partition("\n--- ")[0]
        tests = re.search(r"^Tests: (.+)$", head, re.MULTILINE)
        return cls(patch.stem, head.splitlines()[0], tuple(tests[1].split()) if tests else TESTS, patch)


def mutants() -> list[mutant]:
    return [mutant.read(patch) for patch in sorted(HERE.glob("*.patch"))]


def apply(patch: Path, tree: Path, *options: str) -> subprocess.CompletedProcess:
    """A line of context is enough, and it may stand elsewhere. The tree may lie within another repository."""
    environment = {**os.environ, "GIT_CEILING_DIRECTORIES": str(tree.resolve().parent)}
    command = ["git", "apply", "-C1", *options, str(patch)]
    return subprocess.run(command, cwd=tree, env=environment, capture_output=True, text=True)


def sources(root: Path) -> set[Path]:
    found = set()
    for folder, folders, files in os.walk(root):
        if Path(folder) == root:
            folders[:] = [one for one in folders if one not in (".git", ".build", "demo") and "bazel-" not in one]
        found.update(Path(folder, name).relative_to(root) for name in files)
    return found


def refresh(tree: Path) -> None:
    """Makes the tree a copy of the sources, and leaves alone what is the same."""
    wanted = sources(ROOT)
    for path in sources(tree) - wanted:
        (tree / path).unlink()
    for path in wanted:
        to = tree / path
        if not to.is_file() or to.read_bytes() != (ROOT / path).read_bytes():
            to.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / path, to)


def test(tree: Path, tests: tuple[str, ...], seeds: int) -> int:
    """The exit code of Bazel."""
    options = ["--keep_going", "--test_output=summary", f"--test_timeout={HANGS_AFTER_S}"]
    command = ["bazel", "test", *options, f"--test_env=VOLLEY_SEEDS={seeds}", "--", *tests]
    log = tree / ".build" / "log"
    log.parent.mkdir(exist_ok=True)
    with log.open("w") as to:
        return subprocess.run(command, cwd=tree, stdout=to, stderr=subprocess.STDOUT).returncode


def catchers(tree: Path, tests: tuple[str, ...]) -> list[str]:
    """The cases that failed; the whole test where it left no record of them."""
    found = []
    for label in tests:
        folder = tree / ".build/bazel-testlogs" / label.removeprefix("//").replace(":", "/")
        records = xml.parse(folder / "test.xml").getroot() if (folder / "test.xml").is_file() else None
        cases = [] if records is None else list(records.iter("testcase"))
        failed = [one for one in cases if one.find("failure") is not None or one.find("error") is not None]
        found += [f"{one.get('classname', '').rpartition('.')[2]}.{one.get('name')}" for one in failed]
    return found or ["a test that ended or hung"]


def main() -> int:
    options = _options()
    chosen = [one for one in mutants() if not options.mutants or one.name in options.mutants]
    unknown = set(options.mutants) - {one.name for one in chosen}
    if unknown:
        sys.exit(f"volley mutants: there is no mutant {', '.join(sorted(unknown))}")
    tree = options.folder.absolute()
    tree.mkdir(parents=True, exist_ok=True)
    refresh(tree)
    all_tests = tuple(dict.fromkeys(label for one in chosen for label in one.tests))
    if test(tree, all_tests, options.seeds) != 0:
        sys.exit(f"volley mutants: tests fail without any mutant: see {tree / '.build/log'}")
    width = max(len(one.name) for one in chosen)
    missed = 0
    for one in chosen:
        began = time.monotonic()
        verdict, by = _judge(one, tree, options.seeds)
        missed += verdict != "caught"
        print(f"{one.name:{width}}  {verdict:14} {time.monotonic() - began:4.0f} s  {by or one.error}", flush=True)
        refresh(tree)
    print(f"{len(chosen) - missed} of {len(chosen)} mutants are caught")
    return 1 if missed else 0


def _judge(one: mutant, tree: Path, seeds: int) -> tuple[str, str]:
    applied = apply(one.patch, tree)
    if applied.returncode != 0:
        return "does not apply", applied.stderr.strip().splitlines()[0]
    code = test(tree, one.tests, seeds)
    if code != TESTS_FAILED:
        return ("survived" if code == 0 else "does not build"), ""
    cases = catchers(tree, one.tests)
    return "caught", cases[0] + (f" and {len(cases) - 1} more" if len(cases) > 1 else "")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="./volley mutants", description=__doc__)
    parser.add_argument("mutants", nargs="*", metavar="NAME", help="only these")
    parser.add_argument("--seeds", type=int, default=1000, help="of each test of the simulated cluster, 1000 at least")
    parser.add_argument("--folder", type=Path, default=ROOT / ".build/mutants/tree", help="where the copy is")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
