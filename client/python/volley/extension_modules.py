"""Modules of further models, which a kernel loads while it runs: `Install`."""

from .session import session

__all__ = ["Install"]


def Install(module_name: str) -> None:
    """Loads the models of a shared library, by its name without the ending; ResetKernel unloads them.

    `volley build-module` makes such libraries. The kernel looks for them in the folders of VOLLEY_MODULES and
    LD_LIBRARY_PATH; a name with a slash is a path. A kernel in a server takes names alone, from the folder that its
    operator has named, if any.
    Errors: TypeError; DynamicModuleManagementError for a module that is not there, is loaded already, is of another
    build or has a model whose name is taken, and once there are nodes or other defaults.
    """
    if not isinstance(module_name, str):
        raise TypeError(f"Install: the module must be named by text, not by {type(module_name).__name__}.")
    loaded = session().kernel_status(["modules"])["modules"]
    session().set_kernel_status({"modules": [*loaded, module_name]})
