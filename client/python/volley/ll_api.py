"""What is left of PyNEST's lower level: names that packages built on it read. There is no interpreter below the kernel.

`check_stack` once compared the height of the interpreter's stack before and after; it gives its argument back.
"""

from typing import Any

from .kernel import set_communicator
from .kernel_attributes import kernel_attribute as KernelAttribute

__all__ = ["KernelAttribute", "check_stack", "set_communicator", "stack_checker"]


def check_stack(thing: Any) -> Any:
    """The function or class itself."""
    return thing


stack_checker = check_stack
