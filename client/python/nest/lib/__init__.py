"""The modules `nest.lib.hl_api_*`, from which packages built on PyNEST import names of the root.

PyNEST keeps its verbs in them; here they are views: a verb that the package has is in the one where PyNEST has it.
"""

import sys
import types

import volley

_PUBLIC = {
    "connections": "Connect TripartiteConnect Disconnect GetConnections",
    "exceptions": "NESTError NESTErrors",
    "info": "GetStatus SetStatus VerbosityLevel authors get_argv get_verbosity help helpdesk message set_verbosity "
    "sysinfo",
    "models": "ConnectionRules CopyModel GetDefaults Models SetDefaults",
    "nodes": "Create GetLocalNodeCollection GetNodes PrintNodes",
    "parallel_computing": "NumProcesses Rank GetLocalVPs SetAcceptableLatency SetMaxBuffered SyncProcesses",
    "simulation": "Cleanup DisableStructuralPlasticity EnableStructuralPlasticity GetKernelStatus Install Prepare "
    "ResetKernel Run RunManager SetKernelStatus Simulate",
    "sonata": "SonataNetwork",
    "spatial": "CreateMask Displacement Distance DumpLayerConnections DumpLayerNodes FindCenterElement "
    "FindNearestElement GetPosition GetSourceNodes GetSourcePositions GetTargetNodes GetTargetPositions PlotLayer "
    "PlotProbabilityParameter PlotSources PlotTargets SelectNodesByMask",
    "types": "CollocatedSynapses Compartments CreateParameter Mask NodeCollection Parameter Receptors "
    "SynapseCollection serialize_data to_json",
}


def _view(area: str, names: list[str]) -> types.ModuleType:
    there = [name for name in names if hasattr(volley, name)]
    module = types.ModuleType(f"{__name__}.hl_api_{area}", f"PyNEST's verbs: {area.replace('_', ' ')}.")
    module.__dict__.update({name: getattr(volley, name) for name in there}, __all__=there)
    return module


for _area, _names in _PUBLIC.items():
    _module = _view(_area, _names.split())
    sys.modules[_module.__name__] = _module
    globals()[f"hl_api_{_area}"] = _module
