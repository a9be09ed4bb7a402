"""Every path that README.md, docs/*.md or a folder's README.md names exists, so that documents cannot rot."""

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
FENCE = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)
CODE = re.compile(r"`([^`\n]+)`")
LINK = re.compile(r"\]\(([^)\s#]+)[^)]*\)")
PATH = re.compile(r"[\w.-]+(/[\w.*-]+)*/?")
ENDINGS = (".md", ".hpp", ".cpp", ".py", ".bzl", ".sh", ".capnp", ".txt", ".json")
# What a run makes, and what the build makes.
MADE = ("demo/", ".build/", "bazel-")


def documents(root):
    return [root / "README.md", *(root / "docs").rglob("*.md"), *root.glob("*/README.md"), *root.glob("*/*/README.md")]


def looks_like_path(text, root):
    """Code that can only mean a file or a folder of the repository."""
    if not PATH.fullmatch(text) or text.startswith(MADE):
        return False
    return text.endswith("/") or text.endswith(ENDINGS) or ("/" in text and (root / text.split("/")[0]).is_dir())


def named_paths(text, root):
    """The paths that a document names: in-line code and links, each word of it; shell blocks are left out."""
    prose = FENCE.sub("", text)
    words = [word.removeprefix("./").rstrip(",;:") for code in CODE.findall(prose) for word in code.split()]
    links = [link for link in LINK.findall(prose) if "://" not in link]
    return sorted({word for word in words if looks_like_path(word, root)} | set(links))


def exists(path, document, root):
    """Whether a path is there, seen from the root or from the document's folder; `*` stands for any name.

    A folder's README may name files of its subfolders by their name alone.
    """
    found = any(next(folder.glob(path.rstrip("/")), None) for folder in (root, document.parent))
    return found or (
        "/" not in path and document.parent != root and next(document.parent.rglob(path), None) is not None
    )


def missing(document, root):
    paths = named_paths(document.read_text(encoding="utf-8"), root)
    return [f"{document.relative_to(root)}: {path}" for path in paths if not exists(path, document, root)]


def test_named_paths_exist():
    present = [document for document in documents(ROOT) if document.is_file() and ".build" not in document.parts]
    lost = [line for document in present for line in missing(document, ROOT)]
    assert not lost, "\n".join(lost)


def test_missing_paths_are_noticed(tmp_path):
    (tmp_path / "runtime").mkdir()
    (tmp_path / "runtime" / "time.hpp").touch()
    (tmp_path / "runtime" / "rules").mkdir()
    (tmp_path / "runtime" / "rules" / "walk.hpp").touch()
    document = tmp_path / "runtime" / "README.md"
    document.write_text(
        "`runtime/time.hpp`, `time.hpp`, `walk.hpp`, `runtime/*.hpp`, `./runtime/` and [time](time.hpp) exist; "
        "`runtime/gone.hpp`, "
        "`gone.hpp`, `gone/` and [this](gone.md#part) do not; `a/b`, `import nest`, `demo/raster.png` and "
        "[a page](https://example.org/x.md) are no paths.\n```\n./gone.sh runtime/gone.cpp\n```\n"
    )
    assert missing(document, tmp_path) == [
        "runtime/README.md: gone.hpp",
        "runtime/README.md: gone.md",
        "runtime/README.md: gone/",
        "runtime/README.md: runtime/gone.hpp",
    ]
