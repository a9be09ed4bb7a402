"""PyNEST's module `nest`, provided by Volley: the verbs of `volley`, and the kernel's attributes (`nest.resolution =
0.01`).

Python cannot give a plain module attributes that ask the kernel, so the module is an instance of a class with
descriptors.
"""

import importlib
import keyword
import os
import sys
import types
from typing import Any

import _volley  # noqa: F401  the kernel's code: where it is missing, the import tells
import volley
from volley.kernel import nearest_attribute, send_status
from volley.kernel_attributes import kernel_attributes
from volley.model_tables import known_models
from volley.rank_launch import is_first

# Name of a submodule -> what it is. `kernel` and `pynestkernel` once were the kernel's own; packages read errors there.
_NAMES = (
    "ll_api",
    "logic",
    "math",
    "random",
    "raster_plot",
    "spatial",
    "spatial_distributions",
    "visualization",
    "voltage_trace",
)
_SUBMODULES = {
    **{name: getattr(volley, name) for name in _NAMES},
    "kernel": volley.errors,
    "pynestkernel": volley.errors,
}
# Not imported before somebody asks, since they need what not everybody has.
_LAZY_SUBMODULES = ("server",)


class _lazy_submodule:
    """An attribute of the module that is imported when it is read first."""

    def __init__(self, name: str):
        self._name = name

    def __get__(self, module: Any, owner: type | None = None) -> Any:
        return self if module is None else importlib.import_module(f"volley.{self._name}")

    def __set__(self, module: Any, value: Any) -> None:
        if not isinstance(value, types.ModuleType):  # which Python assigns after `import nest.server`
            raise AttributeError(f"'{self._name}' is a module and cannot be set.")


class NestModule(types.ModuleType):
    """The type of `nest`: one descriptor for each attribute of the kernel."""

    def __init__(self, origin: types.ModuleType):
        super().__init__(origin.__name__, origin.__doc__)
        verbs = {name: getattr(volley, name) for name in volley.__all__}
        plain = {
            name: getattr(origin, name) for name in ("__file__", "__loader__", "__package__", "__path__", "__spec__")
        }
        self.__dict__.update({**plain, **verbs, **_SUBMODULES})
        self.__dict__.update(__version__=volley.__version__, NestModule=NestModule, userdict={})
        self.__dict__["__all__"] = [*volley.__all__, *kernel_attributes()]

    def _set_attribute(self, name: str, value: Any) -> None:
        send_status({name: value})

    def __setattr__(self, name: str, value: Any) -> None:
        if hasattr(type(self), name) or name.startswith("__") or self._is_submodule(name, value):
            super().__setattr__(name, value)
        else:
            hint = nearest_attribute(name)
            raise AttributeError(f"'{name}' is not an attribute of the kernel that can be set{hint}")

    def _is_submodule(self, name: str, value: Any) -> bool:
        """True for what an import statement puts below this module."""
        return isinstance(value, types.ModuleType) and value.__name__ == f"{self.__name__}.{name}"

    def __dir__(self) -> list[str]:
        return sorted({*self.__dict__, *kernel_attributes(), *_LAZY_SUBMODULES})


for _name, _attribute in kernel_attributes().items():
    setattr(NestModule, _name, _attribute)
for _name in _LAZY_SUBMODULES:
    setattr(NestModule, _name, _lazy_submodule(_name))


def _banner() -> str:
    return f"\n   Volley {volley.__version__}: spiking networks with the PyNEST API\n   nest.help() tells more.\n"


def _complete_model_names() -> None:
    """Under IPython, names of models are completed as Python's keywords are."""
    ipython = sys.modules.get("IPython")
    if ipython is not None and ipython.get_ipython() is not None:
        keyword.kwlist += [name for name in known_models() if name not in keyword.kwlist]


def _install() -> None:
    module = NestModule(sys.modules[__name__])
    sys.modules[__name__] = module
    for name, submodule in _SUBMODULES.items():  # so that `import nest.raster_plot` works too
        sys.modules[f"{__name__}.{name}"] = submodule
    if "PYNEST_QUIET" not in os.environ and "--quiet" not in sys.argv and is_first():
        print(_banner())


_install()
_complete_model_names()
