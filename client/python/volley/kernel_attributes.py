"""The attributes of the kernel (`nest.resolution`, `nest.rng_seed`, ...) as descriptors, with defaults and
documentation.

One table row an attribute. Reading asks the kernel; assigning sends the value to the kernel, which checks it.
"""

from math import inf
from typing import Any

from .log import VerbosityLevel

__all__ = ["kernel_attribute", "kernel_attributes"]

READ_ONLY = True
_NO_BUFFER = "There is no such buffer here: the value is checked and kept, and changes nothing."


class kernel_attribute:
    """A descriptor for one entry of the kernel status; lives on the class of the module."""

    def __init__(self, name: str, typehint: str, description: str, default: Any = None, readonly: bool = False):
        self._name = name
        self._typehint = typehint
        self._default = default
        self._readonly = readonly
        self.__doc__ = f"{name}: {typehint}\n\n{description}"

    def __get__(self, module: Any, owner: type | None = None) -> Any:
        return self if module is None else module.get(self._name)

    def __set__(self, module: Any, value: Any) -> None:
        if self._readonly:
            raise AttributeError(f"'{self._name}' is set by the kernel and cannot be changed.")
        module._set_attribute(self._name, value)


def _rows() -> list[tuple]:
    """(name, type, description, default, read-only)."""
    return [
        ("resolution", "float", "Length of a simulation step in ms.", 0.1),
        ("biological_time", "float", "Simulated time in ms; only 0.0 may be assigned.", 0.0),
        ("to_do", "int", "Steps that remain in the current run.", 0, READ_ONLY),
        ("max_delay", "float", "Longest delay in ms; set together with min_delay.", 0.1),
        ("min_delay", "float", "Shortest delay in ms; spikes are exchanged once per min_delay.", 0.1),
        ("ms_per_tic", "float", "Length of a tic in ms.", 0.001, READ_ONLY),
        ("tics_per_ms", "float", "Tics per ms; set together with resolution.", 1000.0),
        ("tics_per_step", "int", "Tics per simulation step.", 100, READ_ONLY),
        ("T_max", "float", "Largest representable time in ms.", 1152921504606846.8, READ_ONLY),
        ("T_min", "float", "Smallest representable time in ms.", -1152921504606846.8, READ_ONLY),
        ("rng_types", "list[str]", "Names that rng_type accepts.", None, READ_ONLY),
        (
            "rng_type",
            "str",
            "Kept: draws come from one counter-based generator. Assigning restarts them.",
            "mt19937_64",
        ),
        ("rng_seed", "int", "Seed of all random numbers, 0 < seed < 2**32. Assigning restarts them.", 143202461),
        ("total_num_virtual_procs", "int", "Number of virtual processes. Results do not depend on it.", 1),
        ("local_num_threads", "int", "Virtual processes of this rank.", 1),
        ("num_processes", "int", "Number of MPI ranks.", 1, READ_ONLY),
        ("off_grid_spiking", "bool", "Whether spikes are sent with precise times.", False, READ_ONLY),
        ("adaptive_target_buffers", "bool", f"Whether buffers for connections grow. {_NO_BUFFER}", True),
        ("send_buffer_size_secondary_events", "int", "Bytes; 0, as there is no such buffer.", 0, READ_ONLY),
        ("recv_buffer_size_secondary_events", "int", "Bytes; 0, as there is no such buffer.", 0, READ_ONLY),
        ("buffer_size_spike_data", "int", f"Spikes a rank's buffer holds. {_NO_BUFFER}", 2),
        ("buffer_size_target_data", "int", f"Connections a rank's buffer holds. {_NO_BUFFER}", 2),
        ("growth_factor_buffer_target_data", "float", f"Factor by which it grows. {_NO_BUFFER}", 1.5),
        ("max_buffer_size_target_data", "int", f"Its largest size. {_NO_BUFFER}", 16777216),
        ("spike_buffer_grow_extra", "float", f"Relative margin when spike buffers grow. {_NO_BUFFER}", 0.5),
        ("spike_buffer_shrink_limit", "float", f"Relative use below which they shrink. {_NO_BUFFER}", 0.2),
        ("spike_buffer_shrink_spare", "float", f"Relative margin when they shrink. {_NO_BUFFER}", 0.1),
        ("spike_buffer_resize_log", "dict", "When spike buffers changed: empty, there are none.", None, READ_ONLY),
        ("use_wfr", "bool", "Whether waveform relaxation is used.", True),
        ("wfr_comm_interval", "float", "Interval of waveform relaxation in ms.", 1.0),
        ("wfr_tol", "float", "Convergence tolerance of waveform relaxation.", 1e-4),
        ("wfr_max_iterations", "int", "Most iterations of waveform relaxation per interval.", 15),
        ("wfr_interpolation_order", "int", "Order of interpolation: 0, 1 or 3.", 3),
        ("max_num_syn_models", "int", "Most synapse models there may be.", 511, READ_ONLY),
        ("structural_plasticity_synapses", "dict", "Synapses that structural plasticity makes, by name.", None),
        ("structural_plasticity_update_interval", "float", "Interval of structural updates in ms.", 10000.0),
        ("growth_curves", "list[str]", "Names of growth curves.", None, READ_ONLY),
        ("use_compressed_spikes", "bool", "Kept: a spike is always sent once per virtual process.", True),
        ("data_path", "str", "Folder for recorded data; must exist.", ""),
        ("data_prefix", "str", "Prefix of the names of recorded files.", ""),
        ("overwrite_files", "bool", "Whether recorded files may replace existing ones.", False),
        ("print_time", "bool", "Whether a run shows its progress.", False),
        ("network_size", "int", "Number of nodes.", 0, READ_ONLY),
        ("num_connections", "int", "Number of connections, on this rank.", 0, READ_ONLY),
        ("connection_rules", "list[str]", "Names of connection rules.", None, READ_ONLY),
        ("node_models", "list[str]", "Names of node models.", None, READ_ONLY),
        ("synapse_models", "list[str]", "Names of synapse models.", None, READ_ONLY),
        ("local_spike_counter", "int", "Spikes of neurons of this rank since the run began.", 0, READ_ONLY),
        ("recording_backends", "list[str]", "Names of recording backends.", None, READ_ONLY),
        ("stimulation_backends", "list[str]", "Names of stimulation backends.", None, READ_ONLY),
        ("dict_miss_is_error", "bool", "Whether unknown keys are errors; otherwise they only warn.", True),
        ("keep_source_table", "bool", "Whether connections can be queried after a run.", True),
        ("min_update_time", "float", "Shortest update between two exchanges of spikes, in s.", inf, READ_ONLY),
        ("max_update_time", "float", "Longest update between two exchanges of spikes, in s.", -inf, READ_ONLY),
        ("update_time_limit", "float", "Longest allowed one in s; a run that exceeds it fails.", inf),
        ("eprop_update_interval", "float", "Interval of e-prop updates in ms.", 1000.0),
        ("eprop_learning_window", "float", "Length of the e-prop learning window in ms.", 1000.0),
        ("eprop_reset_neurons_on_update", "bool", "Whether e-prop updates reset the neurons.", True),
        ("verbosity", "VerbosityLevel", "Messages of at least this severity are printed.", VerbosityLevel.INFO),
        ("build_info", "dict", "Facts about this build.", None, READ_ONLY),
        ("memory_size", "int", "Virtual memory of the process in kB.", None, READ_ONLY),
    ]


def _kernel_status() -> kernel_attribute:
    class whole_status(kernel_attribute):
        def __get__(self, module: Any, owner: type | None = None) -> Any:
            return self if module is None else module.get()

    return whole_status("kernel_status", "dict", "The whole status of the kernel.", None, READ_ONLY)


def kernel_attributes() -> dict[str, kernel_attribute]:
    """One descriptor an attribute, by name."""
    return {"kernel_status": _kernel_status(), **{row[0]: kernel_attribute(*row) for row in _rows()}}
