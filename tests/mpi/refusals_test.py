"""What does not go with several ranks is refused, and without them nothing of MPI is touched."""

import os
import subprocess
import sys

from conftest import lines, run_ranks

PROGRAM = os.path.abspath(os.environ["VOLLEY_SERVER"])


def test_modules_are_refused():
    script = """
import nest
try:
    nest.Install("some")
except nest.NESTErrors.DynamicModuleManagementError as error:
    print(error)
"""
    for line in lines(run_ranks(2, script)):
        assert "several ranks load no modules" in line


def test_a_server_and_its_workers_are_one_process(tmp_path):
    for arguments in ["--socket", str(tmp_path / "s")], ["worker", "--join", "127.0.0.1:1"]:
        command = ["mpirun", "--oversubscribe", "--allow-run-as-root", "-np", "2", PROGRAM, *arguments]
        done = subprocess.run(command, capture_output=True, text=True, timeout=60, env=os.environ)
        assert done.returncode != 0 and "is one process" in done.stderr, done.stderr
    done = run_ranks(2, "import volley.serve_http as http, sys; sys.exit(http.main([]))")
    assert done.returncode != 0 and "a server is one process" in done.stderr, done.stderr


def test_a_kernel_in_a_server_is_no_ranks(tmp_path):
    done = run_ranks(2, "import nest; nest.Create('iaf_psc_alpha')", VOLLEY_ADDRESS=f"unix:{tmp_path / 's'}")
    assert done.returncode != 0 and "each of several ranks has a kernel of its own" in done.stderr, done.stderr


def test_processes_may_know_of_no_other():
    script = "import nest; nest.Create('iaf_psc_alpha', 3); nest.Simulate(1.0); print(nest.NumProcesses())"
    assert lines(run_ranks(2, script, VOLLEY_MPI="off")) == ["1", "1"]


def test_a_dry_run_is_each_ranks_own():
    script = """
import nest, volley
told = volley.estimate(lambda: nest.Create("iaf_psc_alpha", 1000))
print(told["neurons"] if "neurons" in told else "told")
nest.SyncProcesses()
"""
    assert len(lines(run_ranks(2, script))) == 2


def test_alone_nothing_loads_mpi():
    script = """
import nest
nest.Create("iaf_psc_alpha", 3)
nest.Simulate(1.0)
loaded = open("/proc/self/maps").read()
print("libmpi" in loaded or "_volley_mpi" in loaded, nest.build_info["have_mpi"])
"""
    command = [sys.executable, "-c", script]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, env=os.environ)
    assert done.stdout.split() == ["False", "True"], done.stderr


def test_a_forked_process_has_a_kernel_of_its_own():
    script = """
import nest, os
nest.Create("iaf_psc_alpha", 3)
nest.SyncProcesses()
child = os.fork()
if child == 0:
    nest.ResetKernel()
    nest.Create("iaf_psc_alpha", 2)
    nest.Simulate(1.0)
    print(nest.NumProcesses(), nest.network_size, flush=True)
    os._exit(0)
assert os.waitpid(child, 0)[1] == 0
nest.Simulate(1.0)
print(nest.NumProcesses(), nest.network_size, flush=True)
"""
    assert lines(run_ranks(2, script)) == ["1 2", "1 2", "2 3", "2 3"]
