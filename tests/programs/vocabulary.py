"""What programs are made of: the names of the API, parameters with the range that makes sense, and values that never
do.

Values are texts of Python, because a program is text. Names are those of PyNEST's contract, not read from the product:
a program is a function of its seed alone.
"""

from typing import NamedTuple


class span(NamedTuple):
    """A number between two bounds."""

    low: float
    high: float


class instant(NamedTuple):
    """A time in ms between two bounds, on the grid mostly."""

    low: float
    high: float


class moments(NamedTuple):
    """Times in ms at which something happens: ascending and on the grid, mostly."""

    most: int


class one_of(NamedTuple):
    """One of these texts."""

    texts: tuple[str, ...]


WHETHER = one_of(("True", "False"))

_MEMBRANE = {
    "V_m": span(-75, -50),
    "E_L": span(-75, -65),
    "C_m": span(50, 400),
    "t_ref": span(0, 4),
    "I_e": span(0, 1200),
    "V_th": span(-58, -50),
    "V_reset": span(-72, -60),
}
_CURRENTS = {"tau_syn_ex": span(0.3, 5), "tau_syn_in": span(0.3, 5)}

NEURONS = {
    "iaf_psc_delta": {**_MEMBRANE, "tau_m": span(5, 25), "V_min": span(-90, -75)},
    "iaf_psc_exp": {**_MEMBRANE, **_CURRENTS, "tau_m": span(5, 25), "rho": span(0, 100), "delta": span(0, 3)},
    "iaf_psc_alpha": {**_MEMBRANE, **_CURRENTS, "tau_m": span(5, 25), "V_min": span(-90, -75)},
    "iaf_cond_exp": {**_MEMBRANE, **_CURRENTS, "g_L": span(5, 20), "E_ex": span(-5, 5), "E_in": span(-90, -75)},
    "hh_psc_alpha": {
        **_CURRENTS,
        "V_m": span(-75, -50),
        "I_e": span(0, 900),
        "g_Na": span(5000, 15000),
        "Act_m": span(0, 1),
        "t_ref": span(0, 4),
    },
    "parrot_neuron": {},
}

_ACTIVITY = {"start": instant(0, 6), "stop": instant(8, 40), "origin": instant(0, 4)}
_TRAIN = {"spike_times": moments(6), **_ACTIVITY}
# Lists that belong to the times of a train, with the range of their entries.
BESIDE_TIMES = {
    "spike_weights": span(-1, 3),
    "spike_multiplicities": one_of(("0", "1", "2", "3")),
    "amplitude_values": span(-200, 1200),
}
RARE = {
    "frozen": WHETHER,
    "tau_minus": span(5, 40),
    "allow_offgrid_times": WHETHER,
    "precise_times": WHETHER,
    "shift_now_spikes": WHETHER,
    "spike_weights": one_of(("[]", "[1.0]", "[2.0, -1.0]")),
    "spike_multiplicities": one_of(("[]", "[1]", "[0, 3]")),
    "time_in_steps": WHETHER,
    "n_events": one_of(("0", "0", "1")),
    "label": one_of(('""', '"a"', '"b c"', '"../x"')),
    "refractory_input": WHETHER,
}
SPIKE_SOURCES = {
    "poisson_generator": {"rate": span(0, 20000), **_ACTIVITY},
    "spike_generator": _TRAIN,
    "spike_train_injector": _TRAIN,
}
CURRENT_SOURCES = {
    "dc_generator": {"amplitude": span(0, 1500), **_ACTIVITY},
    "noise_generator": {
        "mean": span(0, 800),
        "std": span(100, 300),
        "dt": instant(0.5, 3),
        "std_mod": span(0, 100),
        "frequency": span(0, 50),
        "phase": span(0, 360),
        **_ACTIVITY,
    },
    "step_current_generator": {"amplitude_times": moments(3), **_ACTIVITY},
}
_RECORDING = {"record_to": one_of(('"memory"',) * 4 + ('"ascii"', '"screen"')), **_ACTIVITY}
RECORDABLES = ("V_m", "I_syn_ex", "I_syn_in", "g_ex", "g_in", "Act_m", "I")
RECORDERS = {
    "spike_recorder": _RECORDING,
    "weight_recorder": {**_RECORDING, "senders": one_of(("[]", "[1, 2]")), "targets": one_of(("[]", "[3]"))},
}
_SAMPLING = {"interval": instant(0.1, 3), "offset": instant(0.1, 3), **_RECORDING}
METERS = {
    "multimeter": {
        **_SAMPLING,
        "record_from": one_of(('["V_m"]',) * 4 + ('["V_m", "I_syn_ex"]', '["I"]', '["g_ex"]', "[]")),
    },
    "voltmeter": _SAMPLING,
}
NODES = {**NEURONS, **SPIKE_SOURCES, **CURRENT_SOURCES, **RECORDERS, **METERS}

_PLASTIC = {
    "tau_plus": span(5, 40),
    "lambda": span(0, 0.1),
    "alpha": span(0, 2),
    "mu_plus": span(0, 1),
    "mu_minus": span(0, 1),
    "Wmax": span(10, 200),
    "Kplus": span(0, 2),
}
SYNAPSES = {
    "static_synapse": {},
    "static_synapse_hom_w": {},
    "cont_delay_synapse": {},
    "stdp_synapse": _PLASTIC,
    "stdp_pl_synapse_hom": {
        "tau_plus": span(5, 40),
        "lambda": span(0, 0.1),
        "alpha": span(0, 2),
        "mu": span(0, 1),
        "Kplus": span(0, 2),
    },
    "tsodyks_synapse": {
        "U": span(0, 1),
        "tau_rec": span(1, 900),
        "tau_fac": span(0, 900),
        "x": span(0, 0.6),
        "y": span(0, 0.4),
    },
    "bernoulli_synapse": {"p_transmit": span(0, 1)},
    "quantal_stp_synapse": {"U": span(0, 1), "u": span(0, 1), "tau_rec": span(1, 900)},
}
# Keys of conn_spec beside the flags.
RULES = {
    "all_to_all": None,
    "one_to_one": None,
    "fixed_indegree": "indegree",
    "fixed_outdegree": "outdegree",
    "fixed_total_number": "N",
    "pairwise_bernoulli": "p",
    "pairwise_poisson": "pairwise_avg_num_conns",
    "symmetric_pairwise_bernoulli": "p",
}

# No call takes any of them everywhere; most take none.
WRONG_VALUES = (
    "None",
    '"text"',
    '""',
    "-1",
    "-1.0",
    "0",
    "0.0",
    "1.5",
    "True",
    "2**31",
    "2**62",
    "2**70",
    "-2**63",
    "1e300",
    "-1e300",
    "5e-324",
    "1e-300",
    "nan",
    "inf",
    "-inf",
    "1j",
    'b"bytes"',
    '"zero\\0byte"',
    '"long" * 5000',
    '"\\ud800"',
    "[]",
    "[1.0]",
    "[1, 2.5]",
    "[nan]",
    "[[1.0, 2.0]]",
    "[[1.0], [1.0, 2.0]]",
    '["text"]',
    "[None]",
    "{}",
    '{"a": 1}',
    "{1: 2}",
    "[{}]",
    "np.zeros(0)",
    "np.ones((2, 2, 2))",
    'np.array(["a"])',
    "np.array([True])",
    "np.float32(0.5)",
    "np.int64(-3)",
    "nest.NodeCollection()",
    "nest.random.uniform()",
    "nest.random.normal(0.0, 1e300)",
    "set()",
    "range(3)",
)

# A simulation of so many ms is right, and takes years.
LEGAL_BUT_LONG = {"2**31", "2**62"}

# Settings of the kernel that a program may give any time, and texts for them.
SETTINGS = {
    "resolution": one_of(("0.1", "0.1", "0.2", "0.05", "0.5", "1.0", "0.025", "0.01", "0.3", "2.0")),
    "rng_seed": one_of(("1", "12", "123456", "2**32 - 1", "0", "2**32")),
    "total_num_virtual_procs": one_of(("2", "5", "2", "0")),
    "local_num_threads": one_of(("2", "5")),
    "overwrite_files": WHETHER,
    "dict_miss_is_error": WHETHER,
    "keep_source_table": WHETHER,
    "print_time": WHETHER,
    "use_wfr": WHETHER,
    "use_compressed_spikes": WHETHER,
    "wfr_comm_interval": one_of(("1.0", "0.5", "0.01")),
    "wfr_interpolation_order": one_of(("0", "1", "2", "3")),
    "rng_type": one_of(('"mt19937"', '"Philox_32"', '"dice"')),
    "data_prefix": one_of(('"p_"', '""', '"a/b"')),
    "biological_time": one_of(("0.0", "1.0")),
    "eprop_update_interval": one_of(("100.0", "1000.0", "0.0")),
    "eprop_learning_window": one_of(("50.0", "5000.0")),
    "network_size": one_of(("3",)),
    "no_such_setting": one_of(("1",)),
}
READABLE = (
    "resolution",
    "biological_time",
    "to_do",
    "min_delay",
    "max_delay",
    "num_connections",
    "network_size",
    "local_spike_counter",
    "rng_seed",
    "node_models",
    "synapse_models",
    "connection_rules",
    "no_such_setting",
)
