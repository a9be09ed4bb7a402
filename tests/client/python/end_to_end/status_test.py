"""What GetKernelStatus tells of times and memory."""

import time

import pytest

TIMES = (
    "time_construction_create",
    "time_construction_connect",
    "time_simulate",
    "time_deliver_spike_data",
    "time_update",
    "time_gather_spike_data",
)
MEMORY = "memory_nodes", "memory_connections", "memory_events"


def build(nest, vps: int = 2):
    nest.total_num_virtual_procs = vps
    neurons, recorder = nest.Create("iaf_psc_alpha", 200, {"I_e": 600.0}), nest.Create("spike_recorder")
    nest.Connect(neurons, neurons, {"rule": "fixed_indegree", "indegree": 50}, {"delay": 1.5})
    nest.Connect(neurons, recorder)
    return neurons


def test_times_are_seconds_and_grow_until_the_reset(nest):
    build(nest)
    nest.Simulate(50.0)
    first = nest.GetKernelStatus(TIMES)
    assert all(isinstance(s, float) and 0 < s < 60 for s in first)
    nest.Simulate(50.0)
    assert all(later > s for s, later in zip(first[2:], nest.GetKernelStatus(TIMES)[2:]))
    nest.ResetKernel()
    assert nest.GetKernelStatus(TIMES) == (0.0,) * len(TIMES)


def test_virtual_processes_wait_for_each_other_within_the_run(nest):
    build(nest, vps=3)
    nest.Simulate(20.0)
    wait, simulate = nest.GetKernelStatus(("time_exchange_wait", "time_simulate"))
    assert 0 < wait < simulate + 0.1
    time.sleep(0.5)  # a pause between runs is no wait
    nest.Simulate(1.0)
    more_wait, more_simulate = nest.GetKernelStatus(("time_exchange_wait", "time_simulate"))
    assert 0 < more_wait - wait < more_simulate - simulate + 0.1


def test_memory_is_bytes_by_part(nest):
    empty = nest.GetKernelStatus(MEMORY)
    build(nest)
    nest.Simulate(100.0)
    nodes, connections, events = nest.GetKernelStatus(MEMORY)
    assert all(isinstance(n, int) for n in (nodes, connections, events))
    assert nodes > 200 * 8 + empty[0] and connections >= 200 * 50 * 2 and events > empty[2]


def test_the_whole_status_has_them_all(nest):
    assert {*TIMES, *MEMORY, "time_exchange_wait"} <= nest.GetKernelStatus().keys()


@pytest.mark.parametrize("key", (*TIMES, *MEMORY))
def test_they_cannot_be_set(nest, key):
    with pytest.raises(ValueError):
        nest.SetKernelStatus({key: 0})


def test_the_largest_time_is_a_whole_number_of_steps(nest):
    assert (nest.T_max, nest.T_min) == (1152921504606846.8, -1152921504606846.8)
    with pytest.raises(nest.NESTErrors.KernelException, match="T_max"):
        nest.Simulate(nest.T_max * 1.001)
    nest.resolution = 0.25
    assert nest.T_max == (2**60 // 250 - 1) * 0.25
