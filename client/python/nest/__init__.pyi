# What type checkers and editors see of `nest`: the verbs of `volley`, and the kernel's attributes.
from types import ModuleType
from typing import Any, Final

from volley import *
from volley import errors as kernel
from volley import errors as pynestkernel

__version__: Final[str]
userdict: dict[str, Any]

class NestModule(ModuleType): ...

kernel_status: Final[dict[str, Any]]
resolution: float
biological_time: float
to_do: Final[int]
max_delay: float
min_delay: float
ms_per_tic: Final[float]
tics_per_ms: float
tics_per_step: Final[int]
T_max: Final[float]
T_min: Final[float]
rng_types: Final[list[str]]
rng_type: str
rng_seed: int
total_num_virtual_procs: int
local_num_threads: int
num_processes: Final[int]
off_grid_spiking: Final[bool]
adaptive_target_buffers: bool
send_buffer_size_secondary_events: Final[int]
recv_buffer_size_secondary_events: Final[int]
buffer_size_spike_data: int
buffer_size_target_data: int
growth_factor_buffer_target_data: float
max_buffer_size_target_data: int
spike_buffer_grow_extra: float
spike_buffer_shrink_limit: float
spike_buffer_shrink_spare: float
spike_buffer_resize_log: Final[dict[str, Any]]
use_wfr: bool
wfr_comm_interval: float
wfr_tol: float
wfr_max_iterations: int
wfr_interpolation_order: int
max_num_syn_models: Final[int]
structural_plasticity_synapses: dict[str, Any]
structural_plasticity_update_interval: float
growth_curves: Final[list[str]]
use_compressed_spikes: bool
data_path: str
data_prefix: str
overwrite_files: bool
print_time: bool
network_size: Final[int]
num_connections: Final[int]
connection_rules: Final[list[str]]
node_models: Final[list[str]]
synapse_models: Final[list[str]]
local_spike_counter: Final[int]
recording_backends: Final[list[str]]
stimulation_backends: Final[list[str]]
dict_miss_is_error: bool
keep_source_table: bool
min_update_time: Final[float]
max_update_time: Final[float]
update_time_limit: float
eprop_update_interval: float
eprop_learning_window: float
eprop_reset_neurons_on_update: bool
verbosity: VerbosityLevel
build_info: Final[dict[str, Any]]
memory_size: Final[int]
