"""A kernel for each test: inside this process, or, with VOLLEY_MODE=served, in a server that lives as long as the
tests."""

import os

import pytest
from served_kernel import served_kernel

os.environ["PYNEST_QUIET"] = "1"


@pytest.fixture(scope="session", autouse=True)
def kernel(tmp_path_factory):
    """Where the kernel is."""
    if os.environ.get("VOLLEY_MODE") != "served":
        yield
        return
    files = ("--data-root", str(tmp_path_factory.getbasetemp()))
    with served_kernel(vps=1, program=os.environ["VOLLEY_SERVER"], options=files):
        yield


@pytest.fixture
def nest(kernel, tmp_path):
    """The module, with an empty kernel that writes its files to a folder of the test's own."""
    import nest

    nest.ResetKernel()
    nest.set(data_path=str(tmp_path), verbosity=nest.VerbosityLevel.WARNING)
    yield nest
    nest.ResetKernel()
