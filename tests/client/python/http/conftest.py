"""One server for the tests of a file; each test begins with an empty kernel."""

import os

import pytest
from door import running_door

os.environ["PYNEST_QUIET"] = "1"


@pytest.fixture(scope="session")
def server(tmp_path_factory):
    """With /exec on."""
    with running_door(tmp_path_factory.mktemp("door"), NEST_SERVER_ENABLE_EXEC_CALL="true") as one:
        yield one


@pytest.fixture
def fresh(server):
    """The server with an empty kernel."""
    server.ask("/live/cancel", {})  # what a test that failed has left
    server.call("ResetKernel")
    return server
