"""Libraries written in C that are loaded into processes before all others."""

import shutil
import subprocess
from pathlib import Path

HERE = Path(__file__).resolve().parent


def can_preload() -> bool:
    return shutil.which("gcc") is not None


def preloaded(source: str, folder: str | Path) -> dict[str, str]:
    """The environment of a process that it is loaded into."""
    library = Path(folder) / Path(source).with_suffix(".so").name
    if not library.exists():
        subprocess.run(["gcc", "-shared", "-fPIC", "-O1", "-o", library, HERE / source, "-ldl"], check=True)
    return {"LD_PRELOAD": str(library)}
