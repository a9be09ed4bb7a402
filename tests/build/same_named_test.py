"""Every source of runtime has a test of its name, at its place in tests/."""

from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
# Sources without one, and why.
ELSEWHERE = {
    "runtime/loops/module_source.cpp": "compiled into modules, which kernel/modules_test loads",
    "runtime/loops/plastic_loops.cpp": "instances of plastic_loop.hpp",
    "runtime/loops/step_loops.cpp": "instances of step_loop.hpp",
    "runtime/shard/cells_entries.cpp": "a part of cells.cpp",
    "runtime/shard/cells_growth.cpp": "a part of cells.cpp",
    "runtime/shard/cells_values.cpp": "a part of cells.cpp",
    "runtime/shard/delivery_rows.cpp": "half of delivery.cpp",
}


def has_test(source, root):
    return (root / "tests" / source.parent / f"{source.stem}_test.cpp").is_file()


def untested(root, elsewhere):
    """Sources without a test of their name, and exceptions that are none."""
    sources = sorted(path.relative_to(root) for path in (root / "runtime").glob("*/*.cpp"))
    for source in sources:
        if not has_test(source, root) and str(source) not in elsewhere:
            yield f"{source} has no test"
    for name in elsewhere:
        if Path(name) not in sources:
            yield f"{name} is not there any more"
        elif has_test(Path(name), root):
            yield f"{name} has a test by now"


def test_sources_have_tests_of_their_name():
    found = list(untested(ROOT, ELSEWHERE))
    assert not found, "\n".join(found)


def test_what_is_missing_is_found(tmp_path):
    for name in ("runtime/base/a.cpp", "runtime/base/b.cpp", "runtime/base/c.cpp", "runtime/base/d.hpp"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()
    (tmp_path / "tests/runtime/base").mkdir(parents=True)
    for name in ("a", "c"):
        (tmp_path / f"tests/runtime/base/{name}_test.cpp").touch()
    assert list(untested(tmp_path, {})) == ["runtime/base/b.cpp has no test"]
    assert list(untested(tmp_path, {"runtime/base/b.cpp": "why"})) == []
    assert list(untested(tmp_path, {"runtime/base/b.cpp": "", "runtime/base/c.cpp": "", "runtime/base/e.cpp": ""})) == [
        "runtime/base/c.cpp has a test by now",
        "runtime/base/e.cpp is not there any more",
    ]
