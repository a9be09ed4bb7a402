"""Every attribute of the kernel: its type and default, what it takes, when it may be written, and what it does."""

import itertools
import math
import warnings

import pytest

INF = math.inf
INTEGER = ("TypeMismatch", [0.5, True, "1"])
NUMBER = ("TypeMismatch", ["x", [1.0]])
FLAG = ("TypeMismatch", [1, 0.0, "yes"])

READ_ONLY = {
    "to_do": (int, 0),
    "ms_per_tic": (float, 0.001),
    "tics_per_step": (int, 100),
    "T_max": (float, 1152921504606846.8),
    "T_min": (float, -1152921504606846.8),
    "rng_types": (list, ["Philox_32", "Philox_64", "Threefry_32", "Threefry_64", "mt19937", "mt19937_64"]),
    "num_processes": (int, 1),
    "off_grid_spiking": (bool, False),
    "send_buffer_size_secondary_events": (int, 0),
    "recv_buffer_size_secondary_events": (int, 0),
    "spike_buffer_resize_log": (dict, {"times": [], "global_max_spikes_sent": [], "new_buffer_size": []}),
    "max_num_syn_models": (int, 511),
    "growth_curves": (list, ["gaussian", "linear", "sigmoid"]),
    "network_size": (int, 0),
    "num_connections": (int, 0),
    "local_spike_counter": (int, 0),
    "min_update_time": (float, INF),
    "max_update_time": (float, -INF),
}
LISTS_OF_NAMES = ("connection_rules", "node_models", "synapse_models", "recording_backends", "stimulation_backends")
OTHERS = {"kernel_status": dict, "build_info": dict, "memory_size": int}

# name: (type, default, values that stay, (error, values) ...). The class of the default is that of what is read.
WRITABLE = {
    "rng_type": (str, "mt19937_64", ["Philox_32"], ("TypeMismatch", [1]), ("BadProperty", ["mt", "MT19937"])),
    "rng_seed": (int, 143202461, [1, 2**32 - 1], INTEGER, ("BadProperty", [0, -1, 2**32])),
    "adaptive_target_buffers": (bool, True, [False], FLAG),
    "buffer_size_spike_data": (int, 2, [3], INTEGER, ("BadProperty", [0, 1])),
    "buffer_size_target_data": (int, 2, [3], INTEGER, ("BadProperty", [0, 1])),
    "growth_factor_buffer_target_data": (float, 1.5, [2.0, 3], NUMBER),
    "max_buffer_size_target_data": (int, 16777216, [100], INTEGER, ("BadProperty", [-1])),
    "spike_buffer_grow_extra": (float, 0.5, [0.0, 2, True], NUMBER, ("BadProperty", [-0.1])),
    "spike_buffer_shrink_limit": (float, 0.2, [0.0, 3.0], NUMBER, ("BadProperty", [-0.1])),
    "spike_buffer_shrink_spare": (float, 0.1, [0.0, 1.0], NUMBER, ("BadProperty", [-0.1, 1.1])),
    "use_wfr": (bool, True, [False], FLAG),
    "wfr_comm_interval": (float, 1.0, [0.1, 2.5], NUMBER, ("KernelException", [0.0, 0.05])),
    "wfr_tol": (float, 1e-4, [0.0, 1.0], NUMBER, ("KernelException", [-1.0])),
    "wfr_max_iterations": (int, 15, [1], INTEGER, ("KernelException", [0, -3])),
    "wfr_interpolation_order": (int, 3, [0, 1], INTEGER, ("KernelException", [2, 4, -1])),
    "structural_plasticity_update_interval": (float, 10000.0, [5.0], NUMBER),
    "use_compressed_spikes": (bool, True, [False], FLAG),
    "overwrite_files": (bool, False, [True], FLAG),
    "print_time": (bool, False, [True], FLAG),
    "dict_miss_is_error": (bool, True, [False], FLAG),
    "keep_source_table": (bool, True, [False], FLAG),
    "update_time_limit": (float, INF, [5.0, 10], NUMBER, ("KernelException", [0.0, -1.0])),
    "eprop_update_interval": (float, 1000.0, [2000.0, 20.0], NUMBER, ("KernelException", [0.0, -1.0])),
    "eprop_learning_window": (float, 1000.0, [500.0], NUMBER, ("KernelException", [0.0, -1.0, 1001.0])),
    "eprop_reset_neurons_on_update": (bool, True, [False], FLAG),
    "resolution": (float, 0.1, [0.001, 0.25, 1], NUMBER, ("KernelException", [0.0, -0.1, 0.0005, 0.1234])),
    "total_num_virtual_procs": (int, 1, [3], INTEGER, ("BadProperty", [0, -1])),
    "local_num_threads": (int, 1, [3], INTEGER, ("BadProperty", [0, -1])),
    "biological_time": (float, 0.0, [0.0, 0], NUMBER, ("BadProperty", [0.1, -1.0, 3])),
    "max_delay": (float, 0.1, [], ("BadProperty", [0.1, 2.0]), ("TypeMismatch", ["x"])),
    "min_delay": (float, 0.1, [], ("BadProperty", [0.1, 2.0]), ("TypeMismatch", ["x"])),
    "tics_per_ms": (float, 1000.0, [], ("TypeMismatch", [1000.0, "x"]), ("KernelException", [1000, 2000])),
    "data_prefix": (str, None, ["mine_"], ("TypeMismatch", [1])),
    "data_path": (str, None, [], ("TypeMismatch", [1])),
    "verbosity": (int, None, [10, 30]),
    "structural_plasticity_synapses": (dict, {}, [], ("TypeMismatch", [1])),
}
# What ResetKernel leaves as it is, beside the verbosity and where files go.
KEPT = {name for name in WRITABLE if name.startswith(("eprop_", "buffer_size", "max_buffer", "growth_factor"))}
KEPT |= {"adaptive_target_buffers"}


@pytest.fixture(autouse=True)
def restored(nest):
    """Attributes that ResetKernel keeps are as they were when a test ends."""
    before = {name: nest.get(name) for name in (*KEPT, "verbosity")}
    yield
    nest.ResetKernel()
    nest.set(**before)


def plain(value):
    """A value with arrays as lists."""
    if isinstance(value, dict):
        return {key: plain(entry) for key, entry in value.items()}
    return value.tolist() if hasattr(value, "tolist") else value


def error_of(nest, call, *arguments):
    """The name of the exception, without any for a call that is accepted; what was refused has changed nothing."""
    before = plain(dict(nest.GetKernelStatus()))
    volatile = {key for key in before if key.startswith(("time_", "memory_"))}
    try:
        call(*arguments)
    except Exception as error:
        after = plain(dict(nest.GetKernelStatus()))
        assert [key for key in before if key not in volatile and before[key] != after[key]] == []
        return type(error).__name__
    return None


def test_the_table_has_every_attribute(nest):
    named = [*READ_ONLY, *LISTS_OF_NAMES, *OTHERS, *WRITABLE]
    known = {name for name, kind in vars(type(nest)).items() if hasattr(kind, "_readonly")}
    assert sorted(named) == sorted(known)
    for name in known:
        assert type(nest).__dict__[name]._readonly == (name not in WRITABLE), name


@pytest.mark.parametrize("name", [*READ_ONLY, *LISTS_OF_NAMES, *OTHERS])
def test_what_is_read_only(nest, name):
    kind, default = READ_ONLY.get(name, (OTHERS.get(name, list), None))
    value = getattr(nest, name)
    assert type(value) is kind and (default is None or plain(value) == default)
    assert error_of(nest, setattr, nest, name, value) == "AttributeError"
    assert error_of(nest, nest.SetKernelStatus, {name: value}) == "ValueError"


@pytest.mark.parametrize("name", LISTS_OF_NAMES)
def test_names_are_sorted_text(nest, name):
    names = getattr(nest, name)
    assert names == sorted(names) and all(isinstance(entry, str) for entry in names)


@pytest.mark.parametrize("name", WRITABLE)
def test_what_can_be_written(nest, name):
    kind, default, stay, *refused = WRITABLE[name]
    value = getattr(nest, name)
    assert isinstance(value, kind) and (default is None or value == default)
    assert default is None or type(nest).__dict__[name]._default in (default, None)
    for error, values in refused:
        for wrong in values:
            assert error_of(nest, setattr, nest, name, wrong) == error, wrong
            assert error_of(nest, nest.SetKernelStatus, {name: wrong}) == error, wrong
    for new in stay:
        setattr(nest, name, new)
        assert getattr(nest, name) == new and isinstance(getattr(nest, name), kind)


@pytest.mark.parametrize("name", sorted(set(WRITABLE) - {"data_path", "data_prefix", "verbosity"}))
def test_a_reset_brings_defaults_back(nest, name):
    _, default, stay, *_ = WRITABLE[name]
    for new in stay:
        setattr(nest, name, new)
    nest.ResetKernel()
    assert getattr(nest, name) == (stay[-1] if stay and name in KEPT else default)


def test_a_reset_keeps_where_files_go_and_the_verbosity(nest, tmp_path):
    nest.set(data_prefix="mine_", verbosity=30)
    nest.ResetKernel()
    assert (nest.data_path, nest.data_prefix, nest.verbosity) == (str(tmp_path), "mine_", 30)


# ---- when


def with_nodes(nest):
    nest.Create("iaf_psc_alpha")


def with_connections(nest):
    nodes = nest.Create("iaf_psc_alpha", 2)
    nest.Connect(nodes, nodes)


def after_a_run(nest):
    nest.Simulate(1.0)


def with_other_defaults(nest):
    nest.SetDefaults("iaf_psc_alpha", {"C_m": 100.0})


def with_a_copied_model(nest):
    nest.CopyModel("static_synapse", "mine")


PHASES = [with_nodes, with_connections, after_a_run, with_other_defaults, with_a_copied_model]
NODES, CONNECTIONS = {with_nodes, with_connections}, {with_connections}
EARLY = set(PHASES)
# (changes, error, phases in which they are refused)
WHEN = [
    ({"resolution": 0.2}, "KernelException", EARLY),
    ({"resolution": 0.2, "tics_per_ms": 10000}, "KernelException", EARLY),
    ({"total_num_virtual_procs": 3}, "KernelException", EARLY),
    ({"local_num_threads": 3}, "KernelException", EARLY),
    ({"local_num_threads": 1, "total_num_virtual_procs": 1}, "", set()),
    ({"min_delay": 0.5, "max_delay": 2.0}, "BadProperty", {with_connections, after_a_run}),
    ({"use_wfr": False}, "KernelException", NODES),
    ({"wfr_comm_interval": 2.0}, "KernelException", CONNECTIONS),
    *[
        ({name: stay[0]}, "", set())
        for name, (_, _, stay, *_) in WRITABLE.items()
        if stay
        and name not in ("resolution", "total_num_virtual_procs", "local_num_threads", "use_wfr")
        and name not in ("wfr_comm_interval", "biological_time")
    ],
]


@pytest.mark.parametrize("phase", PHASES)
@pytest.mark.parametrize("changes, error, phases", WHEN)
def test_when_an_attribute_may_be_written(nest, phase, changes, error, phases):
    phase(nest)
    found = error_of(nest, lambda: nest.set(**changes))
    assert found == (error if phase in phases else None)


# ---- what they do


def test_the_grid_of_time(nest):
    nest.set(resolution=0.25, tics_per_ms=2000)
    assert (nest.tics_per_ms, nest.ms_per_tic, nest.tics_per_step, nest.min_delay) == (2000.0, 0.0005, 500, 0.25)
    neurons, recorder = nest.Create("iaf_psc_alpha", params={"I_e": 800.0}), nest.Create("spike_recorder")
    nest.Connect(neurons, recorder)
    nest.Simulate(20.0)
    assert all(time % 0.25 == 0 for time in recorder.events["times"]) and nest.biological_time == 20.0
    assert (nest.to_do, nest.network_size, nest.num_connections) == (0, 2, 1)
    assert nest.local_spike_counter == recorder.n_events > 0


def test_delays_that_are_fixed_bound_what_connects(nest):
    nest.set(min_delay=0.55, max_delay=2.05)  # rounded down and up
    assert (nest.min_delay, nest.max_delay) == (0.5, 2.1)
    nodes = nest.Create("parrot_neuron", 2)
    for delay in (0.4, 2.2):
        with pytest.raises(nest.NESTErrors.BadDelay):
            nest.Connect(nodes, nodes, syn_spec={"delay": delay})
    for low, high in ((2.0, 1.0), (0.01, 1.0)):
        nest.ResetKernel()
        with pytest.raises(nest.NESTErrors.BadDelay):
            nest.set(min_delay=low, max_delay=high)


def test_random_numbers_follow_the_seed_and_begin_anew_with_a_generator(nest):
    def draws():
        return tuple(nest.Create("iaf_psc_alpha", 5, {"V_m": nest.random.uniform(-70.0, -60.0)}).V_m)

    nest.rng_seed = 5
    first, second = draws(), draws()
    nest.ResetKernel()
    nest.rng_seed = 5
    assert draws() == first != second
    nest.ResetKernel()
    nest.rng_seed = 6
    assert draws() != first
    nest.ResetKernel()
    nest.rng_seed = 5
    before = nest.CreateParameter("uniform", {"min": 0.0, "max": 1.0}).GetValue()
    nest.rng_type = "Philox_64"
    assert nest.CreateParameter("uniform", {"min": 0.0, "max": 1.0}).GetValue() == before


def test_virtual_processes_own_nodes_in_turn(nest):
    nest.local_num_threads = 3
    assert nest.total_num_virtual_procs == 3
    assert nest.Create("iaf_psc_alpha", 4).vp == (1, 2, 0, 1)


def test_misses_are_errors_or_warnings(nest):
    with pytest.raises(nest.NESTErrors.UnaccessedDictionaryEntry):
        nest.Create("iaf_psc_alpha", params={"nothing": 1.0})
    nest.dict_miss_is_error = False
    nest.Create("iaf_psc_alpha", params={"nothing": 1.0})
    with warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always")
        nest.SetKernelStatus({"nothing": 1.0})
    assert nest.network_size == 1 and len(told) == 1


def test_a_source_table_that_is_not_kept_cannot_be_read_after_a_run(nest):
    nest.keep_source_table = False
    nodes = nest.Create("iaf_psc_alpha", 2)
    nest.Connect(nodes, nodes)
    assert len(nest.GetConnections()) == 4
    nest.Simulate(1.0)
    with pytest.raises(nest.NESTErrors.KernelException):
        nest.GetConnections()


def test_updates_are_timed_and_may_be_limited(nest):
    nest.Create("iaf_psc_alpha", 1000)
    nest.Simulate(10.0)
    assert 0.0 < nest.min_update_time <= nest.max_update_time < 10.0
    longest = nest.max_update_time
    nest.Simulate(10.0)
    assert nest.max_update_time >= longest
    nest.update_time_limit = 1e-9
    with pytest.raises(nest.NESTErrors.KernelException, match="update_time_limit"):
        nest.Simulate(10.0)
    with pytest.raises(nest.NESTErrors.KernelException):
        nest.Simulate(10.0)
    nest.ResetKernel()
    assert (nest.min_update_time, nest.max_update_time, nest.update_time_limit) == (INF, -INF, INF)
    nest.Simulate(1.0)


def test_waveform_relaxation_without_iterations_meets_every_step(nest):
    nest.use_wfr = False
    assert nest.wfr_comm_interval == nest.resolution
    with pytest.raises(nest.NESTErrors.KernelException):
        nest.wfr_comm_interval = 2.0
    nest.ResetKernel()
    nest.set(resolution=2.0)
    assert nest.wfr_comm_interval == 2.0


def test_buffers_that_are_not_there_are_kept_and_checked(nest):
    for name, largest in (("buffer_size_spike_data", 2**23), ("buffer_size_target_data", 2**24)):
        setattr(nest, name, 100)
        for beyond in (largest, largest + 1, -1):
            setattr(nest, name, beyond)  # not asked for, and no error
            assert getattr(nest, name) == 100
    nest.max_buffer_size_target_data = 50
    nest.buffer_size_target_data = 60
    assert nest.buffer_size_target_data == 100


def test_buffers_change_no_result(nest):
    def spikes(**settings):
        nest.ResetKernel()
        nest.set(**settings)
        neurons, recorder = nest.Create("iaf_psc_alpha", 20, {"I_e": 500.0}), nest.Create("spike_recorder")
        nest.Connect(neurons, neurons, {"rule": "fixed_indegree", "indegree": 5}, {"weight": 50.0})
        nest.Connect(neurons, recorder)
        nest.Simulate(50.0)
        return recorder.events["times"].tolist(), recorder.events["senders"].tolist()

    names = [name for name in WRITABLE if "buffer" in name or name == "use_compressed_spikes"]
    expected = spikes()
    assert len(expected[0]) > 20
    assert spikes(**{name: WRITABLE[name][2][-1] for name in names}) == expected


def test_pairs_of_keys_are_set_in_one_call_whatever_their_order(nest):
    changes = {"resolution": 0.5, "tics_per_ms": 4000, "min_delay": 1.0, "max_delay": 3.0}
    for order in itertools.permutations(changes):
        nest.ResetKernel()
        nest.SetKernelStatus({key: changes[key] for key in order})
        assert {key: nest.get(key) for key in changes} == changes
