"""Volley: a distributed simulator for spiking neuronal networks, with the verbs of PyNEST.

    import volley as v
    neurons = v.Create("iaf_psc_alpha", 100, {"I_e": 400.0})
    recorder = v.Create("spike_recorder")
    v.Connect(neurons, recorder)
    v.Simulate(100.0)
    print(recorder.events["times"])

`import nest` gives the same with kernel attributes (`nest.resolution`), as PyNEST scripts expect it. The kernel runs
inside this process, or in a server when VOLLEY_ADDRESS names one, or `connect` does.
"""

import atexit
import importlib

from . import errors, ll_api, logic, math, random, raster_plot
from . import spatial, spatial_distributions, visualization, voltage_trace
from .connections import CollocatedSynapses, Connect, Disconnect, GetConnections, TripartiteConnect
from .element_lists import Compartments, Receptors
from .errors import NESTError, NESTErrors
from .estimate import Estimate, estimate
from .extension_modules import Install
from .info import (
    GetStatus,
    SetStatus,
    VerbosityLevel,
    authors,
    get_argv,
    get_verbosity,
    help,
    helpdesk,
    message,
    set_verbosity,
    sysinfo,
)
from .kernel import GetKernelStatus, SetKernelStatus, get, set, set_communicator
from .layer_files import DumpLayerConnections, DumpLayerNodes
from .layer_plots import PlotLayer, PlotProbabilityParameter, PlotSources, PlotTargets
from .layers import (
    Displacement,
    Distance,
    FindCenterElement,
    FindNearestElement,
    GetPosition,
    GetSourceNodes,
    GetSourcePositions,
    GetTargetNodes,
    GetTargetPositions,
    SelectNodesByMask,
)
from .marshalling import open_default
from .masks import CreateMask, Mask
from .models import ConnectionRules, CopyModel, GetDefaults, Models, SetDefaults
from .node_collection import NodeCollection
from .nodes import Create, GetLocalNodeCollection, GetNodes, PrintNodes
from .parallel import GetLocalVPs, NumProcesses, Rank, SetAcceptableLatency, SetMaxBuffered, SyncProcesses
from .parameters import CreateParameter, Parameter
from .saving import DescribeSaved, Load, Save, rescale
from .serialize import serialize_data, to_json
from .server_kernels import connect, drop_kernel, kernels
from .session import bind, kernel_link
from .simulation import (
    Cleanup,
    DisableStructuralPlasticity,
    EnableStructuralPlasticity,
    Prepare,
    ResetKernel,
    Run,
    RunManager,
    Simulate,
    allow,
)
from .sonata import SonataNetwork
from .synapse_collection import SynapseCollection
from .version import __version__

__all__ = [
    "Cleanup",
    "CollocatedSynapses",
    "Compartments",
    "Connect",
    "ConnectionRules",
    "CopyModel",
    "Create",
    "CreateMask",
    "CreateParameter",
    "DescribeSaved",
    "DisableStructuralPlasticity",
    "Disconnect",
    "Displacement",
    "Distance",
    "DumpLayerConnections",
    "DumpLayerNodes",
    "EnableStructuralPlasticity",
    "FindCenterElement",
    "FindNearestElement",
    "GetConnections",
    "GetDefaults",
    "GetKernelStatus",
    "GetLocalNodeCollection",
    "GetLocalVPs",
    "GetNodes",
    "GetPosition",
    "GetSourceNodes",
    "GetSourcePositions",
    "GetStatus",
    "GetTargetNodes",
    "GetTargetPositions",
    "Install",
    "Load",
    "Mask",
    "Models",
    "NESTError",
    "NESTErrors",
    "NodeCollection",
    "NumProcesses",
    "Parameter",
    "PlotLayer",
    "PlotProbabilityParameter",
    "PlotSources",
    "PlotTargets",
    "Prepare",
    "PrintNodes",
    "Rank",
    "Receptors",
    "ResetKernel",
    "Run",
    "RunManager",
    "Save",
    "SelectNodesByMask",
    "SetAcceptableLatency",
    "SetDefaults",
    "SetKernelStatus",
    "SetMaxBuffered",
    "SetStatus",
    "Simulate",
    "SonataNetwork",
    "SynapseCollection",
    "SyncProcesses",
    "TripartiteConnect",
    "VerbosityLevel",
    "allow",
    "authors",
    "connect",
    "drop_kernel",
    "estimate",
    "get",
    "get_argv",
    "get_verbosity",
    "help",
    "helpdesk",
    "kernels",
    "ll_api",
    "logic",
    "math",
    "message",
    "random",
    "raster_plot",
    "rescale",
    "serialize_data",
    "set",
    "set_communicator",
    "set_verbosity",
    "spatial",
    "spatial_distributions",
    "sysinfo",
    "to_json",
    "visualization",
    "voltage_trace",
]


def __getattr__(name: str) -> object:
    """Modules that are imported when they are asked for first, since they need what not everybody has."""
    if name == "server":
        return importlib.import_module(f"{__name__}.{name}")
    raise AttributeError(f"module '{__name__}' has no attribute '{name}'")


def _bind_kernel() -> None:
    kernel = kernel_link(open_default)
    bind(kernel)
    atexit.register(
        kernel.close
    )  # while Python still works: the kernel's threads are joined here, not during finalisation


_bind_kernel()
