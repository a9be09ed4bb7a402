"""Clients of one server through TCP: what each may do depends on its token."""

import os
import subprocess
import sys

import pytest

WATCH = """
import nest, pytest
assert len(nest.GetNodes()) == 3 and nest.num_connections == 3
assert nest.GetNodes().get("V_m") == (-70.0,) * 3
create, simulate = lambda: nest.Create("iaf_psc_alpha"), lambda: nest.Simulate(1.0)
for call in create, simulate, nest.ResetKernel, lambda: nest.set(rng_seed=7):
    with pytest.raises(PermissionError, match="observe.*simulate"):
        call()
assert nest.network_size == 3 and nest.rng_seed != 7
"""

BUILD = """
import nest, pytest
neurons = nest.Create("iaf_psc_alpha", 3)
nest.Connect(neurons, neurons, "one_to_one")
with pytest.raises(PermissionError, match="admin"):
    nest.overwrite_files = True
"""

# A forked process must not reset the kernel that its parent uses.
FORK = """
import os, nest
neurons = nest.Create("iaf_psc_alpha", 2)
child = os.fork()
if child == 0:
    try:
        nest.ResetKernel()
    except nest.NESTError as error:
        os._exit("VOLLEY_ADDRESS" not in str(error))
    os._exit(1)
assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
assert neurons.get("V_m") == (-70.0, -70.0)
"""


@pytest.fixture
def server(tmp_path):
    """Runs a script as a client with the token of a role."""
    command = [
        os.environ["VOLLEY_SERVER"],
        "--socket",
        f"{tmp_path}/s",
        "--tcp",
        "127.0.0.1:0",
        "--token-file",
        f"{tmp_path}/token",
    ]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            address = next(line for line in process.stdout if "tcp:" in line).split()[0].removeprefix("VOLLEY_ADDRESS=")

            def run(script: str, role: str) -> subprocess.CompletedProcess:
                token = (tmp_path / f"token{role}").read_text().strip()
                env = {**os.environ, "VOLLEY_ADDRESS": address, "VOLLEY_TOKEN": token, "PYTHONPATH": ":".join(sys.path)}
                return subprocess.run([sys.executable, "-c", script], env=env, capture_output=True, text=True)

            yield run
        finally:
            process.terminate()


def test_roles(server):
    for script, role in (BUILD, ".simulate"), (WATCH, ".observe"):
        done = server(script, role)
        assert done.returncode == 0, done.stderr


def test_a_forked_client_leaves_the_kernel_alone(server):
    done = server(FORK, ".simulate")
    assert done.returncode == 0, done.stderr


def test_a_wrong_token_is_told_and_nothing_else(server, tmp_path):
    (tmp_path / "token.guessed").write_text("f" * 64)
    done = server("import nest; nest.Create('iaf_psc_alpha')", ".guessed")
    assert done.returncode != 0 and "refuses this client" in done.stderr
    assert "f" * 64 not in done.stderr
