"""Processes that are forked while a kernel is in use, as by multiprocessing: what the child may do, and what stays."""

import os
import pickle


def in_child(task):
    """What `task` returns or raises in a forked process."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            answer = task()
        except Exception as error:
            answer = error
        with os.fdopen(writing, "wb") as pipe:
            pipe.write(pickle.dumps(answer))
        os._exit(0)
    os.close(writing)
    with os.fdopen(reading, "rb") as pipe:
        answer = pickle.loads(pipe.read())
    os.waitpid(child, 0)
    return answer


def spike_times(nest, current):
    neuron, recorder = nest.Create("iaf_psc_alpha", params={"I_e": current}), nest.Create("spike_recorder")
    nest.Connect(neuron, recorder)
    nest.Simulate(100.0)
    return recorder.events["times"].tolist()


def test_a_child_that_goes_on_with_the_parents_kernel_is_told(nest):
    neurons = nest.Create("iaf_psc_alpha", 2)
    calls = (
        lambda: nest.Simulate(1.0),
        lambda: nest.Create("iaf_psc_alpha"),
        lambda: nest.resolution,
        lambda: neurons.V_m,
    )
    for call in calls:
        answer = in_child(call)
        assert isinstance(answer, nest.NESTError) and "forked" in str(answer) and "ResetKernel" in str(answer)
    assert neurons.V_m == (-70.0, -70.0)


def test_a_child_that_begins_with_a_reset_has_a_kernel_of_its_own(nest):
    wanted = spike_times(nest, 500.0)
    nodes = nest.network_size

    def sweep():
        nest.ResetKernel()
        return spike_times(nest, 500.0), nest.network_size

    assert len(wanted) > 1 and in_child(sweep) == (wanted, 2)
    assert in_child(lambda: in_child(sweep)) == (wanted, 2)  # whose own child is one too
    assert nest.network_size == nodes


def test_handles_of_the_parent_are_stale_in_the_child(nest):
    neurons = nest.Create("iaf_psc_alpha", 2)

    def read():
        nest.ResetKernel()
        nest.Create("iaf_psc_alpha", 2)
        return neurons.V_m

    answer = in_child(read)
    assert isinstance(answer, nest.NESTError) and "InvalidNodeCollection" in str(answer)
