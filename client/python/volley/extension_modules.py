"""Modules of further models, which a kernel loads while it runs: `Install`."""

import os
from pathlib import Path

from .errors import NESTErrors

__all__ = ["Install"]


def Install(module_name: str) -> None:
    """Loads the models of a shared library, by its name without the ending.

    Errors: TypeError; DynamicModuleManagementError for a module that is not there or cannot be loaded. This build
    loads none, so packages that try theirs go on without.
    """
    if not isinstance(module_name, str):
        raise TypeError(f"Install: the module must be named by text, not by {type(module_name).__name__}.")
    file = _find(module_name)
    if file is None:
        reason = f"there is no file '{_file_name(module_name)}' in the folders of LD_LIBRARY_PATH"
    else:
        reason = f"'{file}' is not a module of this simulator"
    raise NESTErrors.DynamicModuleManagementError(f"Install: the module '{module_name}' cannot be loaded: {reason}.")


def _file_name(module_name: str) -> str:
    return module_name if module_name.endswith(".so") else f"{module_name}.so"


def _find(module_name: str) -> Path | None:
    name = _file_name(module_name)
    named = [Path(name)] if os.path.dirname(name) else []
    folders = filter(None, os.environ.get("LD_LIBRARY_PATH", "").split(":"))
    for file in [*named, *(Path(folder) / name for folder in folders)]:
        if file.is_file():
            return file
    return None
