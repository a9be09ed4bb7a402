"""Ranks that end early, die or do not come: the others are told, and the job ends."""

import os
import time

from conftest import run_ranks

WORK = """
import nest, os, sys, time
cells = nest.Create("iaf_psc_alpha", 20, {"I_e": 600.0})
nest.Connect(cells, cells, {"rule": "fixed_indegree", "indegree": 3}, {"delay": 1.0})
nest.Simulate(1.0)
"""


def test_a_script_that_ends_early_is_told_of():
    done = run_ranks(3, WORK + "if nest.Rank() == 2: sys.exit(0)\nnest.Simulate(1.0)\n", timeout=60)
    assert done.returncode != 0
    assert done.stderr.count("the script of rank 2 has ended") >= 2, done.stderr


def test_the_first_rank_may_be_the_one():
    done = run_ranks(2, WORK + "if nest.Rank() == 0: sys.exit(0)\nnest.Simulate(1.0)\n", timeout=60)
    assert done.returncode != 0 and "rank 0 has ended its script" in done.stderr, done.stderr


def test_an_exception_of_one_rank_ends_all():
    done = run_ranks(2, WORK + "if nest.Rank() == 1: raise ValueError('mine')\nnest.Simulate(1.0)\n", timeout=60)
    assert done.returncode != 0
    assert "ValueError: mine" in done.stderr and "the script of rank 1 has ended" in done.stderr, done.stderr


def test_scripts_that_end_together_end_well():
    done = run_ranks(3, WORK + "if nest.Rank() == 1: time.sleep(0.5)\n", timeout=60)
    assert done.returncode == 0 and done.stderr == "", done.stderr


DIE = """
import signal, threading
if nest.Rank() == 1:
    threading.Timer(1.0, lambda: os.kill(os.getpid(), signal.SIGKILL)).start()
%s
"""


def test_a_rank_that_dies_in_a_run_is_named():
    began = time.monotonic()
    done = run_ranks(3, WORK + DIE % "nest.Simulate(3.6e6)", timeout=60)
    assert done.returncode != 0 and "volley: rank 1 (process" in done.stderr and "has died" in done.stderr, done.stderr
    assert "has died; nothing was saved" in done.stderr, done.stderr
    assert time.monotonic() - began < 45


def test_a_rank_that_dies_while_others_wait_is_named():
    done = run_ranks(2, WORK + DIE % "time.sleep(0.1 if nest.Rank() == 0 else 30)\nnest.Simulate(1.0)", timeout=60)
    assert done.returncode != 0 and "volley: rank 1 (process" in done.stderr, done.stderr


def test_who_does_not_come_is_named_and_given_up():
    script = WORK + "time.sleep(8.0 * nest.Rank())\nnest.Simulate(1.0)\n"
    done = run_ranks(2, script, timeout=60, VOLLEY_MPI_WAIT="4")
    assert done.returncode != 0 and "rank 1 has not come to Simulate(1.0), where rank 0 has waited" in done.stderr
    assert "given up" in done.stderr, done.stderr


def test_ranks_bound_to_one_core_go_on():
    cores = sorted(os.sched_getaffinity(0))[:1]
    os.sched_setaffinity(0, cores)
    try:
        done = run_ranks(3, WORK + "nest.Simulate(100.0)\n", timeout=100, OMPI_MCA_hwloc_base_binding_policy="none")
    finally:
        os.sched_setaffinity(0, range(os.cpu_count()))
    assert done.returncode == 0, done.stderr
