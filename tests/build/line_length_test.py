"""Lines have at most 120 columns, in whatever people write and read here except documents."""

from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
COLUMNS = 120
FOLDERS = ("actors", "bazel", "client", "launcher", "models", "protocol", "runtime", "tests")
KINDS = (".cpp", ".hpp", ".py", ".sh", ".bzl", ".capnp", "BUILD")


def long_lines(root):
    """path:line of each line that is too long."""
    for folder in FOLDERS:
        for path in sorted((root / folder).rglob("*")):
            if not path.is_file() or not path.name.endswith(KINDS):
                continue
            for number, line in enumerate(path.read_text().splitlines(), 1):
                if len(line) > COLUMNS:
                    yield f"{path.relative_to(root)}:{number}"


def test_lines_are_short():
    found = list(long_lines(ROOT))
    assert not found, "\n".join(found)


def test_a_long_line_is_found(tmp_path):
    (tmp_path / "runtime").mkdir()
    (tmp_path / "runtime" / "a.hpp").write_text("x" * COLUMNS + "\n" + "x" * (COLUMNS + 1) + "\n")
    (tmp_path / "runtime" / "README.md").write_text("x" * 200)
    assert list(long_lines(tmp_path)) == ["runtime/a.hpp:2"]
