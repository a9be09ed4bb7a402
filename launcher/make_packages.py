"""Makes a wheel and a Debian package from the staged product.

    make_packages.py PRODUCT OUT        PRODUCT has python/ and bin/volley-server; the files go to the folder OUT

The wheel brings the libraries that few machines have; the Debian package asks for them. Both hold code for the baseline
of x86-64 and for wider instruction sets, and take what the machine has.
"""

import base64
import hashlib
import re
import shutil
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
SUMMARY = "A distributed simulator for spiking neuronal networks, with the PyNEST API"
BUNDLED = re.compile(r"lib(capnp|kj|caf_core)[-.]")
NEEDED = re.compile(r"^\s*(\S+) => (/\S+)", re.MULTILINE)
EXTRAS = {"plots": ["matplotlib"], "tables": ["pandas"], "sonata": ["h5py", "pandas"], "server": ["flask"]}
SERVERS = ("nest-server", "nest-server-mpi")
IGNORED = shutil.ignore_patterns("__pycache__", "*.pyc")
# Same input, same bytes: files have the time that wheels begin at.
EPOCH = (1980, 1, 1, 0, 0, 0)


def version_of(product):
    text = (product / "python/volley/version.py").read_text(encoding="utf-8")
    return re.search(r'__version__ = "([^"]+)"', text)[1]


def libraries_of(*programs):
    """Name -> path of the shared libraries that programs load."""
    texts = [
        subprocess.run(["ldd", program], check=True, capture_output=True, text=True).stdout for program in programs
    ]
    return dict(NEEDED.findall("\n".join(texts)))


def copy_packages(product, to):
    """The Python packages, the extension and its part for MPI, the demos and the server."""
    for name in ("volley", "nest"):
        shutil.copytree(product / "python" / name, to / name, ignore=IGNORED)
    shutil.copytree(product / "demo", to / "volley/demo", ignore=IGNORED)
    for library in ("_volley.so", "_volley_mpi.so"):
        install(product / "python" / library, to / library, 0o644)
    install(product / "bin/volley-server", to / "volley/bin/volley-server", 0o755)


def install(source, to, mode):
    to.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(source, to)
    to.chmod(mode)


# --- the wheel ------------------------------------------------------------------------------------------------------


def make_wheel(product, out):
    version, python = version_of(product), f"cp{sys.version_info.major}{sys.version_info.minor}"
    with tempfile.TemporaryDirectory() as folder:
        tree = Path(folder)
        copy_packages(product, tree)
        libraries = libraries_of(tree / "_volley.so", tree / "volley/bin/volley-server")
        for name, path in libraries.items():
            if BUNDLED.match(name):
                install(path, tree / "volley.libs" / name, 0o755)
        write_metadata(tree / f"volley-{version}.dist-info", version, f"{python}-{python}-linux_x86_64")
        return zip_wheel(tree, out / f"volley-{version}-{python}-{python}-linux_x86_64.whl", version)


def write_metadata(folder, version, tag):
    folder.mkdir()
    extras = [f"Provides-Extra: {name}" for name in EXTRAS]
    extras += [f'Requires-Dist: {need}; extra == "{name}"' for name, needs in EXTRAS.items() for need in needs]
    minor = f"{sys.version_info.major}.{sys.version_info.minor}"
    head = ["Metadata-Version: 2.1", "Name: volley", f"Version: {version}", f"Summary: {SUMMARY}"]
    head += ["License: Apache-2.0", f"Requires-Python: =={minor}.*", "Requires-Dist: numpy", *extras]
    head += ["Description-Content-Type: text/markdown", ""]
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    (folder / "METADATA").write_text("\n".join(head) + "\n" + readme, encoding="utf-8")
    (folder / "WHEEL").write_text(
        f"Wheel-Version: 1.0\nGenerator: volley\nRoot-Is-Purelib: false\nTag: {tag}\n", encoding="utf-8"
    )
    scripts = "[console_scripts]\nvolley = volley.command:main\nvolley-server = volley.command:serve_program\n"
    scripts += "".join(f"{name} = volley.{name.replace('-', '_')}:main\n" for name in SERVERS)
    (folder / "entry_points.txt").write_text(scripts, encoding="utf-8")
    for name in ("LICENSE", "NOTICE"):
        install(ROOT / name, folder / name, 0o644)


def zip_wheel(tree, file, version):
    record = f"volley-{version}.dist-info/RECORD"
    lines = []
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as wheel:
        for path in sorted(path for path in tree.rglob("*") if path.is_file()):
            name, data = path.relative_to(tree).as_posix(), path.read_bytes()
            digest = base64.urlsafe_b64encode(hashlib.sha256(data).digest()).rstrip(b"=").decode()
            lines.append(f"{name},sha256={digest},{len(data)}")
            add(wheel, name, data, path.stat().st_mode)
        add(wheel, record, "\n".join([*lines, f"{record},,", ""]).encode(), 0o100644)
    return file


def add(wheel, name, data, mode):
    entry = zipfile.ZipInfo(name, EPOCH)
    entry.external_attr = mode << 16
    entry.compress_type = zipfile.ZIP_DEFLATED
    wheel.writestr(entry, data)


# --- the Debian package -----------------------------------------------------------------------------------------------


def make_deb(product, out):
    version = version_of(product)
    architecture = output("dpkg", "--print-architecture")
    with tempfile.TemporaryDirectory() as folder:
        tree = Path(folder) / "volley"
        packages = tree / "usr/lib/python3/dist-packages"
        packages.mkdir(parents=True)
        copy_packages(product, packages)
        programs = tree / "usr/bin"
        programs.mkdir()
        (programs / "volley-server").symlink_to("../lib/python3/dist-packages/volley/bin/volley-server")
        for name, module in (("volley", "command"), *((name, name.replace("-", "_")) for name in SERVERS)):
            program = programs / name
            program.write_text(
                f"#!/usr/bin/python3\nimport sys\n\nfrom volley.{module} import main\n\nsys.exit(main())\n"
            )
            program.chmod(0o755)
        install(ROOT / "LICENSE", tree / "usr/share/doc/volley/copyright", 0o644)
        install(ROOT / "NOTICE", tree / "usr/share/doc/volley/NOTICE", 0o644)
        needs = libraries_of(packages / "_volley.so", packages / "volley/bin/volley-server")
        write_control(tree, version, architecture, owners(needs.values()))
        file = out / f"volley_{version}_{architecture}.deb"
        subprocess.run(
            ["dpkg-deb", "--root-owner-group", "-Zgzip", "--build", tree, file], check=True, capture_output=True
        )
        return file


def output(*command):
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()


def owners(files):
    """The packages that files came with. dpkg knows what is in /lib by that name or by the one below /usr."""
    found = set()
    for file in files:
        names = {file, f"/usr{file}", file.removeprefix("/usr")}
        lines = [line.split(": ") for line in output("dpkg-query", "-S", f"*/{Path(file).name}").splitlines()]
        found |= {package.split(":")[0] for package, name in lines if name in names}
    return sorted(found)


def write_control(tree, version, architecture, libraries):
    minor = sys.version_info.minor
    needs = [f"python3 (>= 3.{minor})", f"python3 (<< 3.{minor + 1})", "python3-numpy", *libraries]
    size = sum(path.stat().st_size for path in tree.rglob("*") if path.is_file()) // 1024
    lines = [
        "Package: volley",
        f"Version: {version}",
        f"Architecture: {architecture}",
        "Maintainer: The contributors of Volley <volley@localhost>",
        f"Installed-Size: {size}",
        f"Depends: {', '.join(needs)}",
        "Recommends: python3-matplotlib, python3-pandas, python3-h5py, python3-flask",
        "Suggests: graphviz, ipython3, openmpi-bin, python3-mpi4py",
        "Section: science",
        "Priority: optional",
        f"Description: {SUMMARY}",
        " Networks of spiking neurons, described in Python through the PyNEST API (import nest) and simulated in this",
        " process or in a server that many clients share.",
    ]
    (tree / "DEBIAN").mkdir()
    (tree / "DEBIAN/control").write_text("\n".join(lines) + "\n", encoding="utf-8")


def main(product, out):
    out = Path(out)
    out.mkdir(parents=True, exist_ok=True)
    for make in (make_wheel, make_deb):
        print(make(Path(product), out))


if __name__ == "__main__":
    main(*sys.argv[1:])
