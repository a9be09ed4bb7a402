"""Dependencies between folders point one way (docs/ARCHITECTURE.md). The compiler cannot check that, so the includes
are read.

Modules of the Python packages do not import each other in a circle either, wherever in a file the import stands.
"""

import ast
import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
INCLUDE = re.compile(r'^\s*#\s*include\s*[<"]([^>"]+)[>"]', re.MULTILINE)
SOURCES = (".hpp", ".cpp", ".h")

# Which of our folders a folder may include, and single files beyond that.
OUR_FOLDERS = {
    "protocol": {"protocol"},
    "models": {"models"},
    "runtime": {"runtime", "models"},
    "actors": {"actors", "runtime", "models", "protocol"},
    "client": {"client", "protocol"},
}
SINGLE_FILES = {"client/": {"actors/embedded.hpp"}, "runtime/links/": {"protocol/frame.hpp", "protocol/crc32c.hpp"}}

# The rooms of runtime/, and the rooms that each may include: only some that stand above it here, so there is no circle.
ROOMS = {
    "base": set(),
    "values": {"base"},
    "space": {"base", "values"},
    "loops": {"base"},
    "growth": {"base", "values"},
    "nodes": {"base", "values", "space", "loops", "growth"},
    "rules": {"base", "values", "space"},
    "connections": {"base", "values", "space", "rules"},
    "delivery": {"base", "loops", "connections"},
    "devices": {"base", "values", "connections", "delivery"},
    "exchange": {"base"},
    "shard": {"base", "values", "space", "growth", "nodes", "rules", "connections", "delivery", "devices", "exchange"},
    "footprint": {"base", "values", "nodes", "rules", "connections", "delivery"},
    "cluster": {"base", "values", "shard", "exchange"},
    "kernel": {
        *("base", "values", "space", "loops", "growth", "nodes", "rules", "connections"),
        *("devices", "shard", "footprint", "exchange"),
    },
}

# The only places where a device is named; others ask what it is.
NAMED_DEVICE = re.compile(r'\bdevices::|"models/devices/')
PLACES_OF_DEVICES = ("models/devices/", "runtime/devices/")

CRYPTOGRAPHERS = ("access", "certificates", "proof", "sha256")

# Third parties: what their includes look like, and the only places for them.
THIRD_PARTIES = {
    "CAF": (re.compile(r"caf/"), ("actors/",)),
    "Cap'n Proto": (re.compile(r"(capnp|kj)/|.*\.capnp\.h$"), ("protocol/", "actors/convert", "client/cpp/wire")),
    "MPI": (re.compile(r"mpi\.h$"), ("actors/mpi/",)),
    "OpenSSL": (
        re.compile(r"openssl/"),
        ("protocol/tls", "protocol/byte_stream", *(f"actors/{name}" for name in CRYPTOGRAPHERS)),
    ),
    "Python": (re.compile(r"(pybind11/|Python\.h$)"), ("client/python/",)),
}


def read_sources(root):
    """source path -> text, for every C++ file of our folders."""
    files = [file for folder in OUR_FOLDERS for file in (root / folder).rglob("*") if file.suffix in SOURCES]
    return {file.relative_to(root).as_posix(): file.read_text(encoding="utf-8") for file in files}


def read_includes(root):
    """source path -> the paths it includes."""
    return {source: INCLUDE.findall(text) for source, text in read_sources(root).items()}


def device_violations(sources):
    """Files that name a device and may not."""
    for source, text in sources.items():
        if not source.startswith(PLACES_OF_DEVICES):
            yield from (f"{source} says {found}" for found in NAMED_DEVICE.findall(text))


def folder_violations(includes):
    """Includes of our own files that point the wrong way."""
    for source, included in includes.items():
        allowed = OUR_FOLDERS[source.split("/")[0]]
        single = {file for place, files in SINGLE_FILES.items() if source.startswith(place) for file in files}
        for path in included:
            folder = path.split("/")[0]
            if folder in OUR_FOLDERS and folder not in allowed and path not in single:
                yield f"{source} includes {path}"


def room_of(path):
    """The room of a file of runtime/; None elsewhere, and for a file in no room."""
    parts = path.split("/")
    return parts[1] if parts[0] == "runtime" and len(parts) > 2 else None


def room_violations(includes, rooms):
    """Files of runtime/ outside all rooms, and includes from a room into one that it may not know."""
    for source, included in includes.items():
        room = room_of(source)
        if room not in rooms and source.startswith("runtime/"):
            yield f"{source} stands in no room"
        elif room is not None:
            yield from (
                f"{source} includes {path}"
                for path in included
                if path.startswith("runtime/") and room_of(path) not in rooms[room] | {room}
            )


def rooms_out_of_order(rooms):
    """Rooms that may include themselves or a room that stands below them."""
    names = list(rooms)
    for place, (name, may_include) in enumerate(rooms.items()):
        yield from (f"{name} may include {other}" for other in sorted(may_include - set(names[:place])))


def third_party_violations(includes):
    """Includes of third parties outside their places."""
    for source, included in includes.items():
        for name, (pattern, places) in THIRD_PARTIES.items():
            if not source.startswith(places):
                yield from (f"{source} includes {name}: {path}" for path in included if pattern.match(path))


def reachable(source, includes):
    """Everything that a file includes, directly or through our own files."""
    seen, waiting = set(), list(includes[source])
    while waiting:
        path = waiting.pop()
        if path not in seen:
            seen.add(path)
            waiting.extend(includes.get(path, []))
    return seen


def hidden_actor_violations(includes):
    """Client files that reach CAF through a header of ours."""
    for source in includes:
        if source.startswith("client/"):
            yield from (
                f"{source} reaches {path}" for path in sorted(reachable(source, includes)) if path.startswith("caf/")
            )


def python_modules(root):
    """Dotted name -> file, for all modules of the packages in a folder."""
    parts = {file: file.relative_to(root).with_suffix("").parts for file in sorted(root.rglob("*.py"))}
    return {".".join(names[:-1] if names[-1] == "__init__" else names): file for file, names in parts.items()}


def imported_names(statement, package):
    """What an import statement of a module in `package` asks for, as dotted names."""
    if isinstance(statement, ast.Import):
        return [alias.name for alias in statement.names]
    above = package[: len(package) - statement.level + 1] if statement.level else []
    base = ".".join([*above, *filter(None, [statement.module])])
    return [f"{base}.{alias.name}" for alias in statement.names]


def python_imports(root):
    """Module -> the modules of ours that it imports: at its head, in a function, or for the types alone."""
    modules = python_modules(root)
    drawn = {}
    for name, file in modules.items():
        package = name.split(".") if file.name == "__init__.py" else name.split(".")[:-1]
        statements = [
            s
            for s in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
            if isinstance(s, (ast.Import, ast.ImportFrom))
        ]
        asked = {asked for statement in statements for asked in imported_names(statement, package)}
        drawn[name] = {asked if asked in modules else asked.rpartition(".")[0] for asked in asked} & modules.keys() - {
            name
        }
    return drawn


def import_circles(drawn):
    """Modules that import each other by some way, a line for each such set."""
    after = {name: reachable(name, drawn) for name in drawn}
    rings = {
        tuple(sorted(other for other in after[name] if name in after[other])) for name in drawn if name in after[name]
    }
    return [" <-> ".join(ring) for ring in sorted(rings)]


def check_none(violations):
    lines = list(violations)
    assert not lines, "\n".join(lines)


def test_folders_include_only_what_lies_below_them():
    check_none(folder_violations(read_includes(ROOT)))


def test_rooms_include_only_rooms_above_them():
    check_none(room_violations(read_includes(ROOT), ROOMS))
    check_none(rooms_out_of_order(ROOMS))


def test_devices_are_named_in_their_rooms_alone():
    check_none(device_violations(read_sources(ROOT)))


def test_third_parties_stay_in_their_places():
    check_none(third_party_violations(read_includes(ROOT)))


def test_clients_do_not_reach_the_actor_framework():
    check_none(hidden_actor_violations(read_includes(ROOT)))


def test_python_modules_import_each_other_in_no_circle():
    check_none(import_circles(python_imports(ROOT / "client" / "python")))


def test_sources_are_found():
    assert {source.split("/")[0] for source in read_includes(ROOT)} == set(OUR_FOLDERS)
    drawn = python_imports(ROOT / "client" / "python")
    assert {"volley.nodes", "volley.sonata.network"} <= drawn.keys() and "volley.kernel" in drawn[
        "volley.sonata.network"
    ]


def test_wrong_includes_are_noticed():
    includes = {
        "models/a.hpp": ["runtime/b.hpp", "vector"],
        "runtime/b.hpp": ["caf/all.hpp", "models/a.hpp", "protocol/frame.hpp"],
        "runtime/links/c.cpp": ["protocol/frame.hpp", "protocol/message.hpp"],
        "client/cpp/d.cpp": ["actors/embedded.hpp", "actors/vp.hpp", "capnp/message.h"],
        "actors/embedded.hpp": ["caf/all.hpp"],
        "actors/e.cpp": ["protocol/api.capnp.h"],
    }
    assert list(folder_violations(includes)) == [
        "models/a.hpp includes runtime/b.hpp",
        "runtime/b.hpp includes protocol/frame.hpp",
        "runtime/links/c.cpp includes protocol/message.hpp",
        "client/cpp/d.cpp includes actors/vp.hpp",
    ]
    rooms = {"base": set(), "shard": {"base"}, "kernel": {"base", "kernel", "links"}}
    assert list(rooms_out_of_order(rooms)) == ["kernel may include kernel", "kernel may include links"]
    within = {
        "runtime/base/a.hpp": ["runtime/base/b.hpp", "runtime/shard/shard.hpp", "models/a.hpp"],
        "runtime/shard/a.cpp": ["runtime/base/b.hpp", "runtime/flat.hpp"],
        "runtime/flat.hpp": [],
        "runtime/cellar/a.hpp": [],
        "actors/a.cpp": ["runtime/shard/shard.hpp"],
    }
    assert list(room_violations(within, rooms)) == [
        "runtime/base/a.hpp includes runtime/shard/shard.hpp",
        "runtime/shard/a.cpp includes runtime/flat.hpp",
        "runtime/flat.hpp stands in no room",
        "runtime/cellar/a.hpp stands in no room",
    ]
    assert list(third_party_violations(includes)) == [
        "runtime/b.hpp includes CAF: caf/all.hpp",
        "client/cpp/d.cpp includes Cap'n Proto: capnp/message.h",
        "actors/e.cpp includes Cap'n Proto: protocol/api.capnp.h",
    ]
    assert list(hidden_actor_violations(includes)) == ["client/cpp/d.cpp reaches caf/all.hpp"]


def test_named_devices_are_noticed():
    sources = {
        "models/devices/list.hpp": '#include "models/devices/a.hpp"\nnamespace volley::devices {',
        "runtime/devices/a.cpp": "devices::all",
        "runtime/kernel/a.cpp": '#include "models/devices/a.hpp"\nnet.devices.entries; std::get<devices::a>(x);',
    }
    said = [f"runtime/kernel/a.cpp says {what}" for what in ('"models/devices/', "devices::")]
    assert list(device_violations(sources)) == said


def test_circles_of_python_modules_are_noticed(tmp_path):
    sources = {
        "p/__init__.py": "from . import a\nfrom .s import c",
        "p/a.py": "import numpy\nfrom .b import x",
        "p/b.py": "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from .s.c import y",
        "p/s/__init__.py": "",
        "p/s/c.py": "def later():\n    from .. import a",
        "p/s/d.py": "import p.a\nfrom ..b import x",
    }
    for name, text in sources.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    drawn = python_imports(tmp_path)
    assert drawn["p"] == {"p.a", "p.s.c"} and drawn["p.s.d"] == {"p.a", "p.b"}
    assert import_circles(drawn) == ["p.a <-> p.b <-> p.s.c"]
    assert import_circles({"a": {"b"}, "b": set(), "c": {"a", "b"}}) == []
