"""What the `output` and `reports` sections of a configuration ask for: recorders that write SONATA files."""

from os import makedirs
from os.path import join
from typing import Any

import numpy as np

from ..connections import Connect
from ..kernel import SetKernelStatus
from ..node_collection import NodeCollection
from ..nodes import Create
from .node_sets import chosen_nodes, node_set, read_node_sets

_MODULES = ("membrane_report", "multimeter_report", "soma_report")


def make_recorders(config: dict[str, Any], nodes: dict[str, NodeCollection]) -> dict[str, NodeCollection]:
    """A recorder for spikes, "spikes", and one for each report that is enabled, by its name; connected.

    Errors: ValueError for what cannot be recorded, KeyError for a node set that is not there.
    """
    output = config.get("output", {})
    folder = output.get("output_dir", "")
    if folder:
        makedirs(folder, exist_ok=True)
    if output.get("overwrite_output_dir", False):
        SetKernelStatus({"overwrite_files": True})
    made = {}
    if "spikes_file" in output:
        made["spikes"] = _spikes(output, folder, nodes)
    known = read_node_sets(config)
    for name, report in config.get("reports", {}).items():
        if report.get("enabled", True):
            made[name] = _samples(name, report, folder, config["run"]["dt"], nodes, node_set(report["cells"], known))
    return made


def _spikes(output: dict[str, Any], folder: str, nodes: dict[str, NodeCollection]) -> NodeCollection:
    order = output.get("spikes_sort_order", "time")
    if order not in ("time", "by_time", "none", None):
        raise ValueError(f"Spikes are written in the order of time; spikes_sort_order '{order}' is not supported.")
    cells = {name: some for name, some in nodes.items() if len(some) and some[0].model != "spike_train_injector"}
    recorder = Create("spike_recorder", params=_file(join(folder, output["spikes_file"]), cells))
    for some in cells.values():
        Connect(some, recorder)
    return recorder


def _samples(
    name: str, report: dict[str, Any], folder: str, dt: float, nodes: dict[str, NodeCollection], cells: chosen_nodes
) -> NodeCollection:
    if report.get("module", _MODULES[0]) not in _MODULES:
        raise ValueError(f"The report '{name}' is of the module '{report['module']}'; there are {', '.join(_MODULES)}.")
    if cells.population not in nodes:
        raise KeyError(f"The report '{name}' is of '{cells.population}', which is neither a node set nor a population.")
    quantity = report["variable_name"]
    params = _file(join(folder, report.get("file_name", f"{name}.h5")), {cells.population: nodes[cells.population]})
    params |= {"record_from": [quantity] if isinstance(quantity, str) else list(quantity)}
    params |= {"interval": report.get("dt", dt), "start": report.get("start_time", 0.0)}
    if "end_time" in report:
        params["stop"] = report["end_time"]
    meter = Create("multimeter", params=params)
    some = nodes[cells.population]
    Connect(meter, some if cells.ids is None else some[cells.ids])
    return meter


def _file(name: str, nodes: dict[str, NodeCollection]) -> dict[str, Any]:
    """Parameters of a recorder that writes a file. The nodes of a population have consecutive ids."""
    first = sorted((int(np.asarray(some)[0]), name) for name, some in nodes.items())
    return {
        "record_to": "sonata",
        "file_name": name,
        "populations": [name for _, name in first],
        "first_nodes": [node_id for node_id, _ in first],
    }
